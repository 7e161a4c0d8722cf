"""Whom to contact today: the list within the day's capacity, and where all that is owed stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import ipywidgets as widgets
import pandas as pd

from arlib.apps.pages.collect import contacts
from arlib.apps.pages.collect.contact_log import ContactLogCard
from arlib.apps.pages.collect.desk import Desks
from arlib.apps.pages.collect.part import Part
from arlib.apps.parts import panels
from arlib.apps.parts.chart_view import ChartView
from arlib.apps.parts.table_view import TableState, TableView
from arlib.apps.visit.page import Visit
from arlib.collection import Capacity, Worklist, worklist
from arlib.collection.worklist.rules import WORKDAY
from arlib.errors import ArlibError
from arlib.show import charts
from arlib.show.tables import queues_table
from arlib.words import Language, say, word

USUAL_LIMITS: Mapping[str, str] = {"contacts": "", "calls": "", "minutes": str(WORKDAY)}
UNLIMITED = "none"  # in an address
_LIST = "list."
_CARDS = ("list", "queues", "order", "log")
_MOST_DIGITS = 5


@dataclass(frozen=True, eq=False)
class _Found:
    """A worklist, and its contacts as the table shows them."""

    worklist: Worklist
    rows: pd.DataFrame


class TodayPart(Part):
    """Asked `contacts`, `calls`, `minutes` (whole numbers, or `none`), and what the list writes after `list.`."""

    def __init__(self, visit: Visit, desks: Desks) -> None:
        super().__init__(visit, desks)
        self._limits = {name: widgets.Text(continuous_update=False) for name in USUAL_LIMITS}
        for name, control in self._limits.items():
            control.add_class(f"arlib-control-{name}").style.description_width = "initial"
            control.observe(self.heard(partial(self._limit, name)), "value")
        self._titles = {name: panels.title_place() for name in _CARDS}
        self._about, self._basis, self._queues, self._left = (widgets.HTML() for _ in range(4))
        self._chart = ChartView(name="worklist-order")
        self._found: _Found | None = None
        self._log = ContactLogCard(self)
        self._table = TableView(
            "worklist",
            on_state=visit.doing(lambda state: visit.ask(**state.asked(_LIST))),
            on_open=visit.doing(lambda customer: visit.go("customers", customer=customer)),
            on_action=visit.doing(lambda customer, _: self._write(customer)),
        )
        first = panels.card(
            self._titles["list"],
            panels.controls(*self._limits.values()),
            self._about,
            self._log.form,
            self._table,
            self._left,
            self._basis,
            wide=True,
        )
        others = [
            panels.card(self._titles["queues"], self._queues),
            panels.card(self._titles["order"], self._chart),
            panels.card(self._titles["log"], self._log.box, wide=True),
        ]
        self.grid.children = (first, *others)

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger."""
        for name, title in self._titles.items():
            title.value = panels.heading(f"app.collect.today.{name}", language)
        for name, control in self._limits.items():
            control.description = word(f"app.collect.limit.{name}", language)
            control.placeholder = word("app.collect.limit.none", language)
        self._log.speak(language)

    def draw(self) -> None:
        """Draw the list once it is known, and the log at once."""
        limits = {name: self._limit_asked(name) for name in USUAL_LIMITS}
        for name, control in self._limits.items():
            control.value = limits[name]
        self._log.draw()
        key = (*limits.values(), self.desk.log)
        self.once("listing", key, lambda _: self._find(_capacity(limits)), self._draw_found)

    def _find(self, capacity: Capacity) -> _Found:
        ledger, day, language = self.answers.ledger, self.answers.as_of, self.language
        found = worklist(ledger, day, capacity=capacity, log=self.desk.log, language=language)
        return _Found(found, contacts.rows(found, ledger.customers, language))

    def _draw_found(self, found: _Found) -> None:
        language, currency = self.language, self.answers.ledger.currency
        self._table.show(
            found.rows,
            contacts.fields(found.rows, language),
            key="customer_id",
            state=TableState.of(self.asked, _LIST),
            caption=word("table.worklist", language) + (f" ({currency})" if currency else ""),
            empty=say("app.collect.today.nobody"),
            language=language,
            filters={"channel": contacts.channels(found.rows, language)},
            actions=[("done", word("app.collect.done", language))],
            totals=["chased", "overdue", "expected_gain"],
            note="told",
            narrow=["name", "phone", "chased"],
        )
        if found is not self._found:
            self._found = found
            self._draw_rest(found.worklist, currency, language)

    def _draw_rest(self, listed: Worklist, currency: str, language: Language) -> None:
        self._about.value = contacts.about(listed, currency, language)
        self._left.value = contacts.left(listed, language)
        self._basis.value = panels.basis(listed.notes, language)
        queues = queues_table(listed, language=language, currency=currency)
        self._queues.value = panels.scrolled(queues, name="queues")
        self._chart.show(charts.worklist_chart(listed, language=language, currency=currency))

    def _write(self, customer: str) -> None:
        """Open the form of a contact, by the channel that the list proposes."""
        if self._found is not None:
            rows = self._found.rows
            self._log.write(customer, str(rows.loc[rows["customer_id"] == customer, "channel"].iloc[0]))

    def _limit(self, name: str, text: str) -> None:
        """The visitor has typed a limit.

        Raises:
            ArlibError: it is no whole number.
        """
        typed = text.strip()
        if typed and not _is_number(typed):
            self.again()
            raise ArlibError(say("app.collect.limit.wrong", value=typed[:40]))
        asked = typed or UNLIMITED
        self.visit.ask(**{name: None if asked == (USUAL_LIMITS[name] or UNLIMITED) else asked})

    def _limit_asked(self, name: str) -> str:
        """A limit as its control shows it: a number, or nothing."""
        asked = self.asked.get(name, "")
        if asked == UNLIMITED:
            return ""
        return asked if _is_number(asked) else USUAL_LIMITS[name]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _capacity(limits: Mapping[str, str]) -> Capacity:
    numbers = {name: int(text) for name, text in limits.items() if text}
    by_channel = {"phone": numbers["calls"]} if "calls" in numbers else {}
    return Capacity(contacts=numbers.get("contacts"), by_channel=by_channel, minutes=numbers.get("minutes"))

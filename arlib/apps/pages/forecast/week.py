"""The customers and the items behind a week of the forecast, or behind all of them: two tables and a choice of week."""

from collections.abc import Callable

import ipywidgets as widgets
import pandas as pd

from arlib.apps.answers import Answers
from arlib.apps.pages.forecast.asked import ALL_WEEKS, ITEMS, ForecastAsked
from arlib.apps.pages.forecast.drivers import items, late_of, payers
from arlib.apps.pages.forecast.panels import week_name
from arlib.apps.parts.panels import controls, note, section
from arlib.apps.parts.table_view import TableState, TableView
from arlib.apps.visit.page import Visit
from arlib.show.tables import Field
from arlib.show.tables.columns import column_heading, column_kind
from arlib.show.tables.html import Kind
from arlib.simulation import CashForecast
from arlib.words import Language, has_word, say, word

_PAYERS = ("name", "expected", "from_open", "from_future", "open_amount", "next_expected_on")
_WHOLE = ("expected", "from_open", "from_future", "days_overdue")
_ITEMS = ("reference", "name", "due_on", "days_overdue", "open_amount", "p10_on", "median_on", "p90_on")


class WeekView:
    """Who pays in a week, and what.

    Attributes:
        box: all of it.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._quiet = False
        self._made: dict[tuple[object, ...], pd.DataFrame] = {}
        self._choice = widgets.Dropdown().add_class("arlib-control-week")
        self._choice.style.description_width = "initial"
        self._choice.observe(lambda _: self._chosen(), "value")
        asks = visit.doing(self._look)
        self._payers = TableView("payers", on_state=asks, on_open=visit.doing(self._open))
        looks = visit.doing(lambda state: visit.ask(**state.asked(ITEMS)))
        self._items = TableView("expected-items", on_state=looks, on_open=visit.doing(self._open_item))
        self._ask = visit.doing(self.ask)
        self._hint = widgets.HTML()
        self.box = section(controls(self._choice), self._hint, self._payers, self._items)

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger in a language."""
        self._choice.description = word("app.control.week", language)
        self._hint.value = note(word("app.forecast.hint", language))

    def show(self, answers: Answers, forecast: CashForecast, asked: ForecastAsked) -> None:
        """Show who is expected to pay in the week asked, and which items."""
        language, week = self._visit.language, asked.week
        self._stand(forecast, week, language)
        when = word("app.forecast.all_weeks", language, weeks=len(forecast.weekly))
        when = when if week == ALL_WEEKS else week_name(forecast.weekly, week, language)
        names = answers.ledger.customers.set_index("customer_id")["name"]
        who = self._once(("payers", forecast, week), lambda: payers(forecast, names, week))
        late = late_of(answers, language)
        what = self._once(("items", forecast, week, language), lambda: items(late, forecast, week))
        currency = f" ({forecast.currency})" if forecast.currency else ""
        self._payers.show(
            who,
            _fields(who, _PAYERS, language),
            key="customer_id",
            state=asked.payers,
            language=language,
            caption=word("app.forecast.payers", language, when=when) + currency,
            empty=say("app.forecast.nobody"),
            totals=("expected", "from_open", "from_future"),
            narrow=("expected",),
        )
        self._items.show(
            what,
            _fields(what, _ITEMS, language),
            key="item_id",
            state=asked.items,
            language=language,
            caption=word("app.forecast.items", language, when=when) + currency,
            empty=say("app.forecast.no_item"),
            totals=("open_amount",),
            narrow=("open_amount", "median_on"),
        )
        self._owner = what.set_index(what["item_id"].astype("str"))["customer_id"]

    def ask(self, week: int) -> None:
        """Has a week shown, or all of them; the tables from their first page on."""
        self._visit.ask(**{"week": str(week) if week else None, "page": None, f"{ITEMS}page": None})

    def _stand(self, forecast: CashForecast, week: int, language: Language) -> None:
        every = (word("app.forecast.every_week", language), ALL_WEEKS)
        known = [(week_name(forecast.weekly, each, language), each) for each in forecast.weekly["week"].tolist()]
        self._quiet = True
        try:
            if list(self._choice.options) != [every, *known]:
                self._choice.options = [every, *known]
            self._choice.value = week
        finally:
            self._quiet = False

    def _once(self, key: tuple[object, ...], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """A frame made once as long as the same forecast is looked at: what is sorted once stays so."""
        if self._made and next(iter(self._made))[1] is not key[1]:
            self._made.clear()
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def _chosen(self) -> None:
        if not self._quiet:
            self._ask(self._choice.value)

    def _look(self, state: TableState) -> None:
        self._visit.ask(**state.asked())

    def _open(self, customer_id: str) -> None:
        self._visit.go("customers", customer=customer_id)

    def _open_item(self, item_id: str) -> None:
        self._open(str(self._owner.loc[item_id]))


def _fields(frame: pd.DataFrame, names: tuple[str, ...], language: Language) -> list[Field]:
    """Columns under their headings; nobody expects cents, and days overdue are whole."""
    return [Field(name, _heading(frame, name, language), _kind(frame, name)) for name in names]


def _heading(frame: pd.DataFrame, name: str, language: Language) -> str:
    own = f"app.forecast.column.{name}"
    return word(own, language) if has_word(own) else column_heading(frame, name, language)


def _kind(frame: pd.DataFrame, name: str) -> Kind:
    return "count" if name in _WHOLE else column_kind(frame, name)

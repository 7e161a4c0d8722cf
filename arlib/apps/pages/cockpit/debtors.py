"""Who owes most, of every age or of one."""

from functools import partial
from html import escape

import ipywidgets as widgets
import pandas as pd

from arlib.apps.answers import Answers
from arlib.apps.pages.cockpit.asked import EVERY_AGE, CockpitAsked
from arlib.apps.parts.panels import card, title_place
from arlib.apps.parts.table_view import TableState, TableView
from arlib.apps.visit.page import Visit
from arlib.schema import HALF_CENT
from arlib.show.look import bucket_label, used_buckets
from arlib.show.tables import Field, Html
from arlib.show.tables.standing import group_names
from arlib.words import Language, say, word


class DebtorsCard:
    """The debtors as a table, those of an age where one is picked; each opens its card.

    Attributes:
        box: all of it.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._title = title_place()
        self._every = widgets.Button().add_class("arlib-button")
        self._every.on_click(visit.doing(lambda _: visit.ask(bucket=None, **TableState().asked())))
        self._table = TableView("debtors", on_state=visit.doing(self._look), on_open=visit.doing(self._open))
        self.box = card(self._title, self._every, self._table, wide=True).add_class("arlib-debtors")

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger."""
        self._every.description = word("app.debtors.every_age", language)

    def show(self, answers: Answers, asked: CockpitAsked) -> None:
        """Show the debtors asked for."""
        language, bucket = self._visit.language, asked.bucket
        self._every.layout.display = "none" if bucket == EVERY_AGE else ""
        self._title.value = Html(f"<h2>{escape(_title(bucket, language))}</h2>")
        debtors = answers.once(("debtors", bucket, language), partial(_debtors, answers.aged, bucket, language))
        ages = used_buckets(answers.aged)
        amounts = ["total", *ages] if bucket == EVERY_AGE else [bucket, "total"]
        currency = answers.ledger.currency
        self._table.show(
            debtors,
            [Field("customer", word("table.customer", language)), *(_field(name, language) for name in amounts)],
            key="customer_id",
            state=asked.debtors,
            caption=word("app.debtors.caption", language, day=answers.as_of) + (f" ({currency})" if currency else ""),
            empty=say("app.debtors.none"),
            language=language,
            totals=amounts,
            narrow=["total", bucket],
        )

    def _look(self, state: TableState) -> None:
        self._visit.ask(**state.asked())

    def _open(self, customer_id: str) -> None:
        self._visit.go("customers", customer=customer_id)


def _field(amount: str, language: Language) -> Field:
    heading = word("table.total", language) if amount == "total" else bucket_label(amount, language)
    return Field(amount, heading, "money")


def _title(bucket: str, language: Language) -> str:
    if bucket == EVERY_AGE:
        return word("app.section.customers", language)
    return word("app.debtors.of_age", language, age=bucket_label(bucket, language))


def _debtors(aged: pd.DataFrame, bucket: str, language: Language) -> pd.DataFrame:
    """The rows of an aged balance that hold something of a bucket, the largest of it first, each with its name."""
    named = aged.assign(customer=group_names(aged, ["customer_id", "name"], language))
    if bucket == EVERY_AGE:
        return named
    held = named[named[bucket].abs() >= HALF_CENT]
    return held.loc[held[bucket].abs().sort_values(ascending=False, kind="stable").index]

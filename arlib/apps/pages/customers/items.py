"""The open items of a customer, with the days they are expected to be paid on."""

from html import escape

import pandas as pd

from arlib.apps.answers import Answers
from arlib.apps.pages.customers.rows import lateness
from arlib.apps.parts.table_rows import TableState
from arlib.apps.parts.table_view import TableView
from arlib.collection import Statement
from arlib.errors import ArlibError
from arlib.show.tables import Field, Html
from arlib.words import Language, say, word

_EXPECTED = ("p_late_30", "median_on", "p90_on")
_NARROW = ("due_on", "open_amount")


def card_title(name: str, account: str) -> Html:
    """Whose card it is; a name from a file stays a text, whichever way it is written."""
    return Html(
        f'<h2 data-testid="card-name"><bdi>{escape(name)}</bdi></h2><p class="arlib-note">{escape(account)}</p>'
    )


def opened(account: Statement) -> pd.DataFrame:
    """The open items, oldest due first, then the credits matched with nothing."""
    items = pd.concat([account.open_items, account.unapplied], ignore_index=True)
    late = items["days_overdue"].where(items["days_overdue"] > 0)
    return items.assign(days_overdue=late, disputed=items["disputed"].map({True: "disputed"}).fillna(""))


def expected(items: pd.DataFrame, answers: Answers, language: Language) -> pd.DataFrame:
    """The same, with p_late_30, median_on and p90_on of `late_risk`; without them where nobody has paid yet."""
    try:
        risk = lateness(answers, language)
    except ArlibError:  # said where the score would stand
        return items
    return items.merge(risk[["item_id", *_EXPECTED]], on="item_id", how="left")


def show_items(view: TableView, items: pd.DataFrame, answers: Answers, state: TableState, language: Language) -> None:
    """Show a customer's open items in a table.

    Args:
        view: where.
        items: of `opened` or `expected`.
        answers: what they are of.
        state: how they are looked at.
        language: of all texts.
    """
    disputes = {"disputed": {"disputed": word("card.line.disputed", language)}}
    view.show(
        items,
        _fields(items, language),
        key="item_id",
        state=state,
        caption=word("app.customers.items", language, day=answers.as_of, currency=answers.ledger.currency or "–"),
        empty=say("card.nothing_open"),
        language=language,
        filters=disputes if items["disputed"].ne("").any() else {},
        totals=("open_amount",),
        narrow=_NARROW,
    )


def _fields(items: pd.DataFrame, language: Language) -> list[Field]:
    fields = [
        Field("reference", word("export.column.reference", language)),
        Field("what", word("export.column.kind", language)),
        Field("issued_on", word("export.column.issued_on", language), "date"),
        Field("due_on", word("export.column.due_on", language), "date"),
        Field("days_overdue", word("export.column.days_overdue", language), "count"),
        Field("amount", word("export.column.amount", language), "money"),
        Field("open_amount", word("export.column.open_amount", language), "money"),
    ]
    if items["disputed"].ne("").any():
        fields.append(Field("disputed", word("card.line.disputed", language)))
    if "median_on" in items:
        fields += [
            Field("p_late_30", word("table.threshold.p_late", language, days=30), "percent"),
            Field("median_on", word("table.column.median_on", language), "date"),
            Field("p90_on", word("table.column.p90_on", language), "date"),
        ]
    return fields

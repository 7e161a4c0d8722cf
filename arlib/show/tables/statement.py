"""The statement of an account as tables: its movements with the balance after each, what is open, by age."""

import pandas as pd

from arlib.collection.statement import Statement
from arlib.schema import HALF_CENT
from arlib.show.look import bucket_label
from arlib.show.tables.html import Field, Html, table
from arlib.words import Language, word


def statement_table(statement: Statement, *, language: Language = "en", rows: int | None = None) -> Html:
    """The movements of a statement: brought forward, debit, credit and the balance after each.

    Args:
        statement: as `arlib.statement` returns it.
        language: of the headings, figures and dates.
        rows: how many movements to list, the last ones; the earlier ones are added to what is brought forward. All by
            default.
    """
    moved = statement.movements if rows is None else statement.movements.tail(rows)
    brought = statement.brought_forward
    if len(moved) < len(statement.movements):
        brought = float(statement.movements["balance"].iloc[-len(moved) - 1])
    first = pd.DataFrame({"what": [word("statement.brought_forward", language)], "balance": [brought]})
    lines = pd.concat([first, moved.assign(what=_described(moved))], ignore_index=True)
    lines = lines.reindex(columns=["booked_on", "what", "reference", "due_on", "debit", "credit", "balance"])
    lines = lines.assign(reference=lines["reference"].fillna(""))
    fields = [
        Field("booked_on", word("statement.booked_on", language), "date"),
        Field("what", word("export.column.kind", language)),
        Field("reference", word("export.column.reference", language)),
        Field("due_on", word("export.column.due_on", language), "date"),
        *(Field(name, word(f"statement.{name}", language), "money") for name in ("debit", "credit", "balance")),
    ]
    dates = {name: lines[name].astype("datetime64[s]") for name in ("booked_on", "due_on")}
    total = {"booked_on": statement.as_of, "what": word("statement.owed", language), "balance": statement.total}
    total |= {name: round(float(moved[name].sum()), 2) for name in ("debit", "credit")}
    caption = _caption("statement.movements", statement, language)
    return table(lines.assign(**dates), fields, caption=caption, language=language, footer=total)


def statement_items_table(statement: Statement, *, language: Language = "en") -> Html:
    """The open items of a statement, oldest due first, then the credits matched with nothing; their sum is the total.

    Args:
        statement: as `arlib.statement` returns it.
        language: of the headings, figures and dates.
    """
    lines = pd.concat([statement.open_items, statement.unapplied], ignore_index=True)
    disputed = word("show.bucket.disputed", language)
    lines = lines.assign(
        what=lines["what"].where(~lines["disputed"].astype("bool"), lines["what"] + f" · {disputed}"),
        days_overdue=lines["days_overdue"].where(lines["days_overdue"] > 0),
        reference=lines["reference"].fillna("–"),
    )
    fields = [
        Field("reference", word("export.column.reference", language)),
        Field("what", word("export.column.kind", language)),
        Field("issued_on", word("export.column.issued_on", language), "date"),
        Field("due_on", word("export.column.due_on", language), "date"),
        Field("days_overdue", word("export.column.days_overdue", language), "count"),
        Field("amount", word("export.column.amount", language), "money"),
        Field("open_amount", word("export.column.open_amount", language), "money"),
    ]
    total = {"reference": word("table.total", language), "open_amount": statement.total}
    return table(
        lines, fields, caption=_caption("statement.open_items", statement, language), language=language, footer=total
    )


def statement_aging_table(statement: Statement, *, language: Language = "en") -> Html:
    """What is owed by how late it is, on one line; unapplied credits and what has no due date where there are any.

    Args:
        statement: as `arlib.statement` returns it.
        language: of the headings and figures.
    """
    amounts = statement.aging.set_index("bucket")["amount"]
    shown = [name for name in amounts.index if name[0].isdigit() or name == "not_due" or abs(amounts[name]) > HALF_CENT]
    row = pd.DataFrame({**{name: [amounts[name]] for name in shown}, "total": [statement.total]})
    fields = [Field(name, bucket_label(name, language), "money") for name in shown]
    fields.append(Field("total", word("table.total", language), "money"))
    return table(row, fields, caption=_caption("statement.aging", statement, language), language=language)


def _described(moved: pd.DataFrame) -> "pd.Series[str]":
    """The kind of each movement, and whose account where it is another's."""
    other = moved["kind"] == "other_account"
    return moved["what"].where(~other, moved["what"] + " " + moved["label"].fillna(""))


def _caption(key: str, statement: Statement, language: Language) -> str:
    currency = f" ({statement.currency})" if statement.currency else ""
    return word(key, language, since=statement.since, day=statement.as_of) + currency

"""The table of every customer: its columns, what it can be filtered by, and the list as a file."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from arlib.apps.answers import Answers
from arlib.apps.pages.customers.rows import GROUPS, values_of
from arlib.apps.parts.table_rows import TableRows, TableState
from arlib.apps.parts.table_view import TableView
from arlib.export import list_as_csv, write_list
from arlib.show.tables import Field
from arlib.words import Language, say, word

KEY = "customer_id"
_MOST_CHOICES = 100  # values of a filter: more are found by searching
_TRENDS, _OVER = ("worse", "better"), ("over", "within", "none")
_TOTALS = ("receivable", "overdue", "expected_late", "expected_loss")
_NARROW = ("receivable", "graded")  # columns kept on a telephone


def show_list(view: TableView, rows: pd.DataFrame, answers: Answers, state: TableState, language: Language) -> None:
    """Show customers in a table, with the columns that anybody has anything in.

    Args:
        view: where.
        rows: of `rows.balances` or `rows.scored`.
        answers: what they are of.
        state: how they are looked at.
        language: of all texts.
    """
    view.show(
        rows,
        fields_of(rows, language),
        key=KEY,
        state=state,
        caption=word("app.customers.caption", language, day=answers.as_of, currency=answers.ledger.currency or "–"),
        empty=say("app.customers.nobody"),
        language=language,
        filters=_filters(rows, language),
        totals=[name for name in _TOTALS if name in rows and rows[name].notna().any()],
        narrow=_NARROW,
    )


def csv_file(rows: pd.DataFrame, answers: Answers, state: TableState, language: Language) -> tuple[str, bytes]:
    """The customers found, all of them in their order, as a CSV file: its name and its bytes."""
    found, fields = _found(rows, state, language)
    return f"{_file_name(answers, language)}.csv", list_as_csv(found, fields, language=language)


def excel_file(rows: pd.DataFrame, answers: Answers, state: TableState, language: Language) -> tuple[str, bytes]:
    """The same as an Excel workbook."""
    found, fields = _found(rows, state, language)
    about = word("export.about", language, day=answers.as_of, currency=answers.ledger.currency or "–")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        made = write_list(found, fields, path, key="customers", about=about, as_of=answers.as_of, language=language)
        return f"{_file_name(answers, language)}.xlsx", made.read_bytes()


def _found(rows: pd.DataFrame, state: TableState, language: Language) -> tuple[pd.DataFrame, list[Field]]:
    """The rows a state asks for, codes in words, and their columns, the account before them."""
    fields, filters = fields_of(rows, language), _filters(rows, language)
    table = TableRows(rows, tuple(fields), KEY, filters, language)
    found = rows.iloc[table.found(state)]
    named = {name: table.called(name).reindex(found.index) for name in filters if name in found}
    if "graded" in found:
        named["graded"] = found["graded"].str.replace("\N{WORD JOINER}", "")  # it only keeps a range on one line
    return found.assign(**named), [Field(KEY, word("card.line.customer_id", language)), *fields]


def _file_name(answers: Answers, language: Language) -> str:
    return word("app.customers.file", language, day=answers.as_of.date().isoformat())


def fields_of(rows: pd.DataFrame, language: Language) -> list[Field]:
    """The columns of these rows; those without a figure are left out."""
    return [field for field in _fields(rows, language) if _has_something(rows, field.column)]


def _has_something(rows: pd.DataFrame, name: str) -> bool:
    if name not in rows:
        return False
    return name in ("name", "receivable", "overdue") or bool((rows[name].notna() & (rows[name] != "")).any())


def _fields(rows: pd.DataFrame, language: Language) -> Iterator[Field]:
    yield Field("name", word("table.customer", language))
    yield Field("receivable", word("app.customers.owed", language), "money")
    yield Field("overdue", word("app.overdue", language), "money")
    yield Field("days_overdue", word("app.customers.days_overdue", language), "count")
    yield Field("score", word("app.score", language), "count")
    yield Field("graded", word("app.grade", language))
    yield Field("change", word("app.customers.change", language), "count")
    yield Field("trend", word("app.trend", language))
    if rows["credit_limit"].notna().any():
        yield Field("limit_used", word("table.column.limit_used", language), "percent")
        yield Field("limit_state", word("app.customers.limit", language))
    yield Field("expected_late", word("app.expected_late", language), "money")
    yield Field("expected_loss", word("app.expected_loss", language), "money")
    yield Field("days_late", word("app.customers.days_late", language), "days")
    for name in GROUPS:
        yield Field(name, word(f"table.column.{name}", language))


def _filters(rows: pd.DataFrame, language: Language) -> dict[str, dict[str, str]]:
    """What customers can be filtered by: where they belong, grade, trend, limit, anything overdue."""
    values = values_of(rows, (*GROUPS, "grade"), _MOST_CHOICES)
    filters = {name: {value: value for value in distinct} for name, distinct in values.items() if len(distinct) > 1}
    if "trend" in rows:
        filters["trend"] = {trend: word(f"app.trend.{trend}", language) for trend in _TRENDS}
    if rows["credit_limit"].notna().any():
        filters["limit_state"] = {state: word(f"app.customers.limit.{state}", language) for state in _OVER}
    filters["overdue_state"] = {"overdue": word("app.customers.late", language)}
    return filters

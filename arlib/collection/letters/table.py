"""The table within a letter, as the texts of its cells: what documents of every kind lay out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from arlib.collection.letters.letter import STATEMENT, Letter, clean_line, shortened
from arlib.schema import HALF_CENT
from arlib.words import day, money, word

FIGURES = ("days_overdue", "amount", "open_amount", "interest", "indemnity")


@dataclass(frozen=True)
class LetterTable:
    """The cells of a table.

    Attributes:
        headings: a text a column.
        is_figure: (columns,) whether cells are aligned on the right.
        rows: the cells of each item.
        totals: the label and the amount of each line under them, the last one what is asked for.
    """

    headings: tuple[str, ...]
    is_figure: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, str], ...]


def letter_table(letter: Letter) -> LetterTable:
    """The table of a letter in its language.

    The original amount is shown where something of it is paid, days late where an item is overdue, interest and
    indemnities where they are claimed.
    """
    language, rows = letter.language, letter.rows
    rows = rows.assign(days_overdue=rows["days_overdue"].where(rows["open_amount"] > 0))  # a credit is never overdue
    first = "reference" if (rows["open_amount"] > 0).all() else "document"
    shown = ["reference", "issued_on", "due_on"]
    if (rows["days_overdue"] > 0).any():
        shown.append("days_overdue")
    if ((rows["amount"] - rows["open_amount"]).abs() >= HALF_CENT).any():
        shown.append("amount")
    shown.append("open_amount")
    if letter.claims_penalties:
        shown += ["interest", "indemnity"]
    headings = [word(f"letters.column.{name}", language) for name in (first, *shown[1:])]
    if letter.claims_penalties and "days_overdue" in shown:
        counted = word("letters.column.days_overdue_at", language, day=letter.counted_on)
        headings[shown.index("days_overdue")] = counted
    return LetterTable(
        headings=tuple(headings),
        is_figure=tuple(name in FIGURES for name in shown),
        rows=tuple(_cells(row, letter) for row in rows[shown].to_dict("records")),
        totals=tuple(
            (word(f"letters.total.{name}", language), _money(value, letter)) for name, value in _totals(letter)
        ),
    )


def _totals(letter: Letter) -> list[tuple[str, float]]:
    lines: list[tuple[str, float]] = []
    if letter.credits >= HALF_CENT:
        lines += [("items", float(letter.rows["open_amount"].sum())), ("credits", -letter.credits)]
    lines.append(("balance" if letter.level == STATEMENT else "asked", letter.total))
    if letter.claims_penalties:
        lines += [("interest", letter.interest), ("indemnity", letter.indemnity)]
        lines.append(("with_penalties", letter.total + letter.interest + letter.indemnity))
    return lines


def _cells(row: Mapping[Any, Any], letter: Letter) -> tuple[str, ...]:
    return tuple(_cell(str(name), value, letter) for name, value in row.items())


def _cell(name: str, value: Any, letter: Letter) -> str:  # noqa: ANN401 - any value of the table
    if pd.isna(value):
        return "–"
    if name == "reference":
        return shortened(clean_line(value))
    if isinstance(value, pd.Timestamp):
        return day(value, letter.language)
    if name == "days_overdue":
        return str(max(int(value), 0))
    return _money(value, letter)


def _money(value: float, letter: Letter) -> str:
    return money(round(value, 2), letter.language, letter.currency)

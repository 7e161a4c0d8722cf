"""Payments in columns beside their invoice, an amount and a day each: Règlement 1, Date règlement 1, and so on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.readers.cells import Column, is_empty, read_amounts, read_dates
from arlib.readers.headings import plain
from arlib.readers.tables.table import Table
from arlib.readers.tabular.columns import speaks_of_payment
from arlib.schema import HALF_CENT, sum_by_code
from arlib.words import Sentence, say

_DAY = re.compile(r"\b(?:dates?|le|on|am|fecha|data|(?:zahlungs)?datum)\b")
_ABOUT = re.compile(r"\b(?:dates?|le|on|am|fecha|data|(?:zahlungs)?datum|montants?|amounts?|betrag|du|de|d|of|the)\b")
_FORESEEN = re.compile(r"\b(?:prevu\w*|previs\w*|expected|planned|due|echeances?|estim\w*|promis\w*|theorique)\b")
_ORDINAL = re.compile(r"\b(\d{1,2}) ?(?:er|ere|re|e|eme|nd|nde|st|rd|th)\b")
_AGAIN = re.compile(r" \(\d+\)$")  # what a heading that stood before is told apart by
_OF_MOVEMENTS = {"letter", "applied_to", "debit", "credit"}  # fields of lists in which payments have their own rows
_HALF = 0.5  # of the cells of a column that are no amounts, or no days: the column is of something else


@dataclass(frozen=True)
class PaidColumns:
    """Pairs of columns, an amount paid and its day, and the columns of days that could not be paired."""

    pairs: tuple[tuple[str, str], ...] = ()
    unpaired: tuple[str, ...] = ()

    def without(self, found: Mapping[str, str]) -> dict[str, str]:
        """The fields found, without the headings of the pairs."""
        return {name: heading for name, heading in found.items() if heading not in self.used()}

    def used(self) -> list[str]:
        """The headings of the pairs."""
        return [heading for pair in self.pairs for heading in pair]

    def warnings(self) -> list[Sentence]:
        """What to warn of, where no pair could be made."""
        return [say("read.unpaired_payments", columns=", ".join(self.unpaired))] if self.unpaired else []

    def added(
        self, rows: pd.DataFrame, table: Table, decided: Mapping[str, Any]
    ) -> tuple[pd.DataFrame, pd.DataFrame | None, list[Sentence]]:
        """The rows with what their payments add up to, unless they say what is left; the payments; what was understood.

        Raises:
            ArlibError: cells are no amounts, or no days: all of them.
        """
        if not self.pairs:
            return rows, None, []
        parts = dated_payments(table, self, decided)
        if not {"paid_amount", "open_amount"} & set(rows):
            rows = rows.assign(paid_amount=parts.groupby(level=0)["paid_amount"].sum().reindex(rows.index))
        pairs = ", ".join(f"{amount} ({day})" for amount, day in self.pairs)
        said = say("read.dated_payments", pairs=pairs, rows=len(parts), amount=float(parts["paid_amount"].sum()))
        return rows, parts, [said]


@dataclass(frozen=True)
class _Heading:
    """A heading of an amount paid or of its day, the number that it bears, if any, and the payment it names."""

    heading: str
    is_day: bool
    number: int | None
    named: str

    def payment(self) -> object:
        """What an amount and its day have in common."""
        return self.named if self.number is None else self.number


def paid_columns(table: Table, found: Mapping[str, str], *, firm: bool) -> PaidColumns:
    """The columns that hold several payments of the invoice of their row, by number, by name or by order.

    Payments are paired with their days by the number or the name that both bear ("Acompte", "Date acompte"), else
    where each has its day right behind it, or right before. Columns of something else are none of them.

    Args:
        table: the table.
        found: the heading of each field.
        firm: whether a person or a profile said so, and not their headings alone.
    """
    taken = {heading for name, heading in found.items() if firm or name not in ("paid_on", "paid_amount")}
    known = [each for name in table.cells if name not in taken and (each := _read(str(name))) is not None]
    money, days = (_numbered([each for each in known if each.is_day is is_day]) for is_day in (False, True))
    if not days or not money or (len(money) == 1 and money[0].number is None):
        return PaidColumns()
    pairs = _by_name(money, days) or _by_order(sorted((*money, *days), key=known.index))
    pairs = tuple(pair for pair in pairs if _filled(table, pair[0]))
    if pairs and not _OF_MOVEMENTS & set(found):
        amounts, dates = zip(*pairs, strict=True)
        return PaidColumns(pairs) if _hold(table, amounts, dates) else PaidColumns()
    unused = [each.heading for each in days if each.heading not in found.values() and _filled(table, each.heading)]
    several = sum(_filled(table, each.heading) for each in money) > 1 and _hold(table, [], unused)
    return PaidColumns(unpaired=tuple(unused)) if several else PaidColumns()


def _filled(table: Table, heading: str) -> bool:
    return not bool(is_empty(table.cells[heading]).all())


def dated_payments(table: Table, columns: PaidColumns, decided: Mapping[str, Any]) -> pd.DataFrame:
    """One row a payment, by the row of its invoice: `paid_on`, `paid_amount`, positive; what was paid back negative.

    Raises:
        ArlibError: cells are no amounts, or no days: all of them.
    """
    amounts, days = (list(side) for side in zip(*columns.pairs, strict=True))
    money = read_amounts({name: table.cells[name] for name in amounts}, mark=decided["decimal"]).columns
    dated = read_dates({name: table.cells[name] for name in days}, day_first=decided["dates"] == "day first").columns
    _refuse(table, money, "read.not_amount")
    _refuse(table, dated, "read.not_date")
    every = [
        pd.DataFrame({"paid_on": dated[day].values, "paid_amount": money[amount].values})
        for amount, day in columns.pairs
    ]
    parts = pd.concat(every)
    parts = parts[parts["paid_amount"].abs() >= HALF_CENT].sort_index(kind="stable")
    codes, rows = pd.factorize(parts.index)
    net = sum_by_code(np.asarray(codes, dtype=np.intp), parts["paid_amount"].to_numpy(), len(rows))
    return parts.assign(paid_amount=parts["paid_amount"] * np.where(net < 0, -1.0, 1.0)[codes])


def _refuse(table: Table, columns: Mapping[str, Column], key: str) -> None:
    """Raises where cells are not what their column holds; all of them."""
    problems = [
        Problem(table.place(int(row), name), say(key, value=str(table.cells.loc[row, name]).strip()))
        for name, column in columns.items()
        for row in column.wrong.index[column.wrong]
    ]
    if problems:
        raise ArlibError(problems=problems)


def _read(heading: str) -> _Heading | None:
    """What a heading says of a payment: its amount, or its day; None where it speaks of something else."""
    words = re.sub(r"([a-z])(\d)", r"\1 \2", plain(_AGAIN.sub("", heading)))
    words = _ORDINAL.sub(r"\1", words)
    numbers = re.findall(r"\b\d{1,2}\b", words)
    base = " ".join(re.sub(r"\b(?:no|n|num|numero|\d{1,2})\b", " ", words).split())
    if len(numbers) > 1 or _FORESEEN.search(base):
        return None
    number = int(numbers[0]) if numbers else None
    named = " ".join(_ABOUT.sub(" ", base).split())
    is_day = _DAY.search(base) is not None
    meant = speaks_of_payment(named) or (is_day and (not named or "zahlungsdatum" in base))
    return _Heading(heading, is_day, number, named) if meant else None


def _numbered(headings: Sequence[_Heading]) -> list[_Heading]:
    """Those with a number, where any has one: the others are totals, or the day of the last payment."""
    return [each for each in headings if each.number is not None] or list(headings)


def _by_name(money: Sequence[_Heading], days: Sequence[_Heading]) -> tuple[tuple[str, str], ...]:
    """Pairs of headings that bear one number, or name one payment, where each has its own."""
    amounts, dated = ({each.payment(): each.heading for each in side} for side in (money, days))
    if set(amounts) != set(dated) or len(amounts) != len(money) or len(dated) != len(days):
        return ()
    return tuple((amounts[payment], dated[payment]) for payment in amounts)


def _by_order(headings: Sequence[_Heading]) -> tuple[tuple[str, str], ...]:
    """Pairs of headings that alternate, from the first to the last; numbers that are there must agree."""
    firsts, seconds = headings[::2], headings[1::2]
    sides = {each.is_day for each in firsts}, {each.is_day for each in seconds}
    if len(firsts) != len(seconds) or len(sides[0]) != 1 or len(sides[1]) != 1 or sides[0] == sides[1]:
        return ()
    money, days = (seconds, firsts) if True in sides[0] else (firsts, seconds)
    if any(day.number not in (None, amount.number) for amount, day in zip(money, days, strict=True)):
        return ()
    return tuple((amount.heading, day.heading) for amount, day in zip(money, days, strict=True))


def _hold(table: Table, amounts: Sequence[str], days: Sequence[str]) -> bool:
    """Whether columns hold what their headings say, in most of their cells that hold anything."""
    read = {**read_amounts({name: table.cells[name] for name in amounts}).columns} if amounts else {}
    read |= read_dates({name: table.cells[name] for name in days}).columns if days else {}
    return all(
        int(column.wrong.sum()) <= _HALF * int((~is_empty(table.cells[name])).sum()) for name, column in read.items()
    )

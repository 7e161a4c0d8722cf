"""Dates of six figures (`090125`), whose order no single cell tells: decided on all such columns of a file together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from arlib.readers.cells.days import DistinctCells, read_day
from arlib.words import Sentence, say

Order = Literal["day", "year", "month"]  # what comes first

_SIX = re.compile(r"\d{6}")
_FIVE = re.compile(r"\d{5}")  # six figures whose leading zero a spreadsheet took off


@dataclass(frozen=True)
class ShortDates:
    """Columns with their dates of six figures read, and the order found: `certain` where no other reads as well."""

    columns: tuple[DistinctCells, ...]
    order: Order | None = None
    certain: bool = True

    def sentence(self) -> Sentence | None:
        """What to tell a person: a note, or a doubt where not `certain`; None where there are no such dates."""
        key = "read.short_dates" if self.certain else "read.short_dates_perhaps"
        return None if self.order is None else say(key, order=say(f"read.{self.order}_order"))


def short_dates(columns: Sequence[DistinctCells], *, day_first: bool | None) -> ShortDates:
    """The columns of a file whose cells all are six figures, as dates: in the order that reads most of them.

    Of orders that read as many, the one with fewest years: read in a wrong one, days become years. `day_first` is
    what other cells of the file say. Columns that hold anything else are left as they are.
    """
    short = {place: figures for place, cells in enumerate(columns) if (figures := _figures(cells))}
    if not short:
        return ShortDates(tuple(columns))
    every = sorted({figures for each in short.values() for figures in each.values()})
    orders: list[Order] = [*_of_days(day_first), "year"]
    merits = {order: _merit(every, order) for order in orders}
    best = max(orders, key=lambda order: merits[order])
    read = [
        replace(cells, distinct=_read(cells, short[place], best)) if place in short else cells
        for place, cells in enumerate(columns)
    ]
    return ShortDates(tuple(read), best, certain=list(merits.values()).count(merits[best]) == 1)


def _of_days(day_first: bool | None) -> list[Order]:  # noqa: FBT001 - what is known, or not
    return ["day", "month"] if day_first is None else ["day"] if day_first else ["month"]


def _figures(cells: DistinctCells) -> dict[int, str]:
    """The six figures of each distinct cell, by its place; none where a cell holds something else."""
    found: dict[int, str] = {}
    for place, cell in enumerate(cells.distinct):
        written = f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
        if _SIX.fullmatch(written) or _FIVE.fullmatch(written):
            found[place] = written
        elif written and not read_day(cell, day_comes_first=True).nothing:
            return {}
    if not any(len(written) > len("00000") for written in found.values()):
        return {}  # five figures are the days of a spreadsheet
    return {place: written.zfill(6) for place, written in found.items()}


def _merit(every: Sequence[str], order: Order) -> tuple[int, int]:
    days = [day for figures in every if (day := _day(figures, order))]
    return len(days), -len({day.year for day in days})


def _read(cells: DistinctCells, figures: dict[int, str], order: Order) -> list[Any]:
    """The distinct cells with their dates; what is none in this order stays as it is."""
    return [
        _day(figures[place], order) or cell if place in figures else cell for place, cell in enumerate(cells.distinct)
    ]


def _day(figures: str, order: Order) -> date | None:
    first, second, third = figures[:2], figures[2:4], figures[4:]
    year, month, day = {
        "day": (third, second, first),
        "month": (third, first, second),
        "year": (first, second, third),
    }[order]
    return read_day(f"{day}/{month}/{year}", day_comes_first=True).day

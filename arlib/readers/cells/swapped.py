"""Dates that a spreadsheet damaged: opened under the wrong order of day and month, in part of the cells both swapped.

A file in which 5 January is `05/01/2024`, opened where the month comes first, has 1 May in that cell: a date, and a
wrong one. 13 January, which no month comes first in, stays the text it was. What is left is a column of two kinds of
cells, told apart by the day alone: dates whose day is 12 or less, every one, and texts whose day is above 12, every
one. Nobody types a column so, and no single cell of it looks wrong.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.readers.cells.days import Day, DistinctCells, day_first_of, read_day
from arlib.schema import Codes
from arlib.words import Sentence, say

_MONTHS = 12
_EARLY = 12 * 12 / 365.25  # share of a year's days that are the 12th of a month or earlier
_BY_CHANCE = 1e-4  # a sound column taken for a damaged one less often than this is taken for damaged
_SUSPECT = 0.1  # likelier than before, and still seldom enough to be said: these are read as they stand
_MOSTLY = 0.9  # of both kinds of cells: damaged too, but no longer in a way that can be undone
_SHOWN = 5


@dataclass(frozen=True)
class SwappedDates:
    """Which columns of a file hold dates whose day and month a spreadsheet exchanged, and how sure that is.

    Attributes:
        columns: for each column, whether `dates(…, swapped=True)` puts it right.
        mixed: whether a column is damaged in a way that cannot be put right.
        suspect: whether a column looks damaged, too short to be sure; it is read as it stands.
        cells: how many cells are exchanged, or may be.
        rows: the first of their rows.
        chance: how often sound columns would look so.
    """

    columns: tuple[bool, ...]
    mixed: bool = False
    suspect: bool = False
    cells: int = 0
    rows: tuple[int, ...] = ()
    chance: float = 1.0

    def sentence(self) -> Sentence | None:
        """What to tell a person: to stop where `mixed`, else to look at before using the figures; None: nothing."""
        rows = ", ".join(map(str, self.rows))
        if self.mixed:
            return say("read.swapped_mixed", cells=self.cells, rows=rows)
        if self.suspect:
            return say("read.swapped_perhaps", cells=self.cells, rows=rows)
        return say("read.swapped", cells=self.cells, rows=rows) if self.cells else None


def swapped_dates(columns: Sequence["pd.Series[Any]"]) -> SwappedDates:
    """Whether a spreadsheet swapped day and month in part of these columns of one file.

    A column is damaged where every cell of a fixed order (a real date, an ISO date, a month in letters) has a day up
    to 12, every cell of figures that leave the order open has a number above 12 in the place of the day, and chance
    is excluded. Chance counts distinct days of the month, not rows: a business that bills on the 1st has many dates
    and one such day. With k distinct days among the dates and m among the texts it is 0.394^k × 0.606^m, and a column
    is called damaged below 1 in 10,000; a file of one quarter reaches that. Up to 1 in 10 it is `suspect`: said, and
    read as it stands.

    Reading such a column swapped back is honest, because the damage is its own inverse: what was swapped is exactly
    the dates of fixed order, and all of them. Of 3,840 drawn files so damaged every one that was called so was read
    back to its last date; of 2,000 sound ones, in every mixture of writings, 1 was called damaged. Where the two
    kinds overlap in a few cells (typed in after the damage), nothing says which dates were swapped: that is `mixed`,
    to be refused. Once a column of a file is damaged, another one of the same pattern is too, however short.
    """
    told_apart = list(map(DistinctCells.of, columns))
    return swapped_of(told_apart, day_comes_first=day_first_of(told_apart) is not False)


def swapped_of(columns: Sequence[DistinctCells], *, day_comes_first: bool) -> SwappedDates:
    """The same of columns whose cells have been told apart, under the order of day and month of their file."""
    seen = [_Kinds.of(cells, day_comes_first=day_comes_first) for cells in columns]
    damaged = [kinds for kinds in seen if kinds.chance <= _BY_CHANCE and kinds.share >= _MOSTLY]
    if damaged:
        swapped = tuple(kinds.share == 1 and kinds.fixed > 0 for kinds in seen)
        chosen = [kinds for kinds, is_swapped in zip(seen, swapped, strict=True) if is_swapped or kinds in damaged]
        return _found(swapped, chosen, mixed=any(kinds.share < 1 for kinds in damaged))
    suspect = [kinds for kinds in seen if kinds.chance <= _SUSPECT and kinds.share == 1]
    return _found((False,) * len(columns), suspect, suspect=bool(suspect))


def _found(
    swapped: tuple[bool, ...], chosen: Sequence["_Kinds"], *, mixed: bool = False, suspect: bool = False
) -> SwappedDates:
    rows = sorted({row for kinds in chosen for row in kinds.rows})[:_SHOWN]
    chance = min((kinds.chance for kinds in chosen), default=1.0)
    return SwappedDates(swapped, mixed, suspect, sum(kinds.fixed for kinds in chosen), tuple(rows), chance)


@dataclass(frozen=True, eq=False)
class _Kinds:
    """The two kinds of cells of a column, and how they differ by their days.

    Attributes:
        fixed: cells whose day is not ours to choose.
        share: the smaller of two shares: of these with a day up to 12, of the others with one above.
        chance: how often two kinds of cells of a sound column would differ so.
        rows: rows of the first fixed cells.
    """

    fixed: int
    share: float
    chance: float
    rows: tuple[int, ...]

    @classmethod
    def of(cls, cells: DistinctCells, *, day_comes_first: bool) -> "_Kinds":
        days = [read_day(cell, day_comes_first) for cell in cells.distinct]
        fixed = [place for place, each in enumerate(days) if each.day is not None and each.fixed]
        open_ = [place for place, each in enumerate(days) if not each.nothing and not each.fixed]
        if not fixed:
            return cls(0, 0.0, 1.0, ())
        counts = np.bincount(cells.codes[cells.codes >= 0], minlength=len(days))
        early = [place for place in fixed if _day_of(days[place]) <= _MONTHS]
        late = [place for place in open_ if _day_of(days[place]) > _MONTHS]
        share = min(_share(counts, early, fixed), _share(counts, late, open_))
        kinds_of_days = (len({_day_of(days[place]) for place in chosen}) for chosen in (early, late))
        chance = math.prod(p**k for p, k in zip((_EARLY, 1 - _EARLY), kinds_of_days, strict=True))
        rows = cells.index[np.isin(cells.codes, fixed)][:_SHOWN]
        return cls(int(counts[fixed].sum()), share, chance if open_ else 1.0, tuple(map(int, rows)))


def _day_of(read: Day) -> int:
    return read.day.day if read.day is not None else 0


def _share(counts: Codes, part: Iterable[int], whole: Iterable[int]) -> float:
    total = counts[list(whole)].sum()
    return float(counts[list(part)].sum() / total) if total else 1.0

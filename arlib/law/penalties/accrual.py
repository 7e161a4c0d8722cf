"""Days of lateness: what was owed of each invoice from day to day, cut where it falls and where a half-year begins."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.law.dated import half_year_starts, half_years
from arlib.measures.delays.settlements import OPEN, Pieces
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, sum_by_code

_ROUNDING = 1e-6  # of a cent: half a cent rounds up whatever the order its parts were added in
_YEAR = 365


@dataclass(frozen=True, eq=False)
class Periods:
    """Days on which one amount of one invoice was late within one half-year, by invoice and day.

    Attributes:
        item: (periods,) position of the invoice in `ledger.items`.
        first, last: (periods,) day numbers, both late days; the day the money arrives is one.
        principal: (periods,) what was due of it on each of these days.
        half: (periods,) the half-year, as `half_years` counts.
    """

    item: Codes
    first: Days
    last: Days
    principal: Floats
    half: Codes

    @property
    def days(self) -> Days:
        """(periods,) how many days."""
        return self.last - self.first + 1

    def taken(self, kept: Flags | Codes) -> "Periods":
        """Some of the periods, or all in another order."""
        return Periods(self.item[kept], self.first[kept], self.last[kept], self.principal[kept], self.half[kept])


def late_ends(pieces: Pieces, due: Days, today: int) -> Days:
    """The last late day of each piece, `NO_DAY` where it was never late or its due date is not known.

    A piece is late from the day after the due date to the day of the match that settles it, or `today` while open.
    """
    end, begin = np.where(pieces.state == OPEN, today, pieces.day), due[pieces.item]
    return np.where((begin != NO_DAY) & (end > begin), end, NO_DAY)


def late_periods(pieces: Pieces, ends: Days, due: Days) -> Periods:
    """The late days of pieces, those of an invoice put together: its balance falls at the end of each piece.

    Args:
        pieces: invoices cut into what settled them.
        ends: `late_ends` of the pieces.
        due: (items,) due dates.
    """
    late = ends != NO_DAY
    item, end, cents = pieces.item[late], ends[late], np.rint(pieces.amount[late] * 100)
    order = np.lexsort((end, item))
    item, end, cents = item[order], end[order], cents[order]
    opens = _changes(item)  # the first piece of an invoice
    first_of = np.repeat(np.flatnonzero(opens), np.diff(np.append(np.flatnonzero(opens), len(item))))
    before = np.cumsum(cents) - cents
    owed = sum_by_code(item, cents, len(due))[item] - (before - before[first_of])
    steps = np.flatnonzero(opens | _changes(end))  # several pieces that end on one day are one step
    item, end, owed, opens = item[steps], end[steps], owed[steps], opens[steps]
    after = np.where(opens, due[item], np.concatenate([[NO_DAY], end[:-1]])) if len(item) else end
    return _by_half_year(item, after + 1, end, owed / 100)


def interest_of(periods: Periods, rate: Floats, *, leap_years: bool) -> Floats:
    """(periods,) interest in whole cents, which adds up to that of each invoice rounded once: cutting changes nothing.

    principal x rate x days / 365; in leap years / 366 where `leap_years` says so.
    """
    year = (periods.half // 2) + 1970
    is_leap = leap_years & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    exact = periods.principal * rate * periods.days / np.where(is_leap, _YEAR + 1, _YEAR)
    running: pd.Series[Any] = pd.Series(exact).groupby(periods.item).cumsum()
    reached = np.floor(running.to_numpy() * 100 + 0.5 + _ROUNDING)
    before = np.where(_changes(periods.item), 0.0, np.concatenate([[0.0], reached])[:-1])
    return np.asarray((reached - before) / 100)


def _by_half_year(item: Codes, first: Days, last: Days, principal: Floats) -> Periods:
    """Days cut at 30 June and 31 December."""
    begins, ends = half_years(first), half_years(last)
    parts = ends - begins + 1
    row = np.repeat(np.arange(len(item)), parts)
    half = begins[row] + np.arange(len(row)) - np.repeat(np.cumsum(parts) - parts, parts)
    return Periods(
        item=item[row],
        first=np.maximum(first[row], half_year_starts(half)),
        last=np.minimum(last[row], half_year_starts(half + 1) - 1),
        principal=principal[row],
        half=half,
    )


def _changes(values: Codes | Days) -> Flags:
    """Where a value differs from the one before it; the first always does."""
    return np.concatenate([np.ones(min(len(values), 1), dtype=bool), values[1:] != values[:-1]])

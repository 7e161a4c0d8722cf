"""Laws counted in open days, read in calendar days after the due date, on average over due dates."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from arlib.behaviour.evidence import Evidence
from arlib.behaviour.survival import FIRST_DAY, LAST_DAY
from arlib.calendar import BusinessCalendar
from arlib.schema import Codes, Days, Floats, day_number, sum_by_code

_DAYS = np.arange(2 * FIRST_DAY, 2 * LAST_DAY + 1)  # calendar days; the open days of the grid end before
_WIDTH = LAST_DAY - FIRST_DAY + 2  # the open days of the grid, after a place for what comes before them
_A_YEAR = 365
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class CalendarDays:
    """Which open days each calendar day after the due date is, and for which share of the due dates.

    The due dates are those of the invoices of the last twelve months in which any fell due, each weighing one, so
    that weekdays count as often as invoices fall due on them and each public holiday once.

    Attributes:
        calendar: which days are open.
        due: (dates,) day numbers of the due dates.
        share: (dates,) share of the invoices due on each.
    """

    calendar: BusinessCalendar
    due: Days
    share: Floats

    @classmethod
    def of(cls, evidence: Evidence) -> "CalendarDays":
        """The calendar days of the due dates of some evidence, which holds one piece of an invoice at least."""
        past = evidence.due[evidence.due <= day_number(evidence.as_of)]
        until = int(past.max()) if len(past) else int(evidence.due.max())
        recent = (evidence.due <= until) & (evidence.due > until - _A_YEAR)
        due, code = np.unique(evidence.due[recent], return_inverse=True)
        invoices = sum_by_code(code, evidence.weight[recent], len(due))
        return cls(evidence.calendar, due, invoices / invoices.sum())

    def columns(self, days: int) -> tuple[Codes, Floats]:
        """The columns of a law that a calendar day is, and the share of due dates for which it is each.

        The shares add up to less than one where the day comes before the law begins: nothing is paid then.
        """
        shares = self._shares(days)
        used = np.flatnonzero(shares[1:])
        return used, shares[1:][used]

    def read(self, unpaid: Floats, days: int) -> Floats:
        """(…) what laws (…, open days) leave unpaid at the end of a calendar day after the due date."""
        paid = np.zeros(unpaid.shape[:-1])
        for column, share in zip(*self.columns(days), strict=True):  # a handful; a product of matrices rounds by size
            paid += share * (1 - unpaid[..., column])
        return np.asarray(np.maximum(1 - paid, 0.0))

    def quantile(self, unpaid: Floats, share: float) -> Floats:
        """(customers,) first calendar day by whose end that share is paid; nan where the law ends before."""
        place, shares = self._table
        row = np.arange(len(unpaid))[:, None]
        low, high = np.zeros(len(unpaid), dtype=np.intp), np.full(len(unpaid), len(_DAYS) - 1)
        for _ in range(len(_DAYS).bit_length()):
            middle = (low + high) // 2
            column = place[middle]
            unpaid_then = np.where(column > 0, unpaid[row, column - 1], 1.0)  # all of it, before the grid
            left = (shares[middle] * unpaid_then).sum(axis=1)
            reached = left <= 1 - share + _ROUNDING
            low, high = np.where(reached, low, np.minimum(middle + 1, high)), np.where(reached, middle, high)
        never = unpaid[:, -1] > 1 - share + _ROUNDING
        return np.where(never, np.nan, _DAYS[high])

    def _shares(self, days: int) -> Floats:
        """Share of due dates for which a calendar day is before the grid, and each open day of it."""
        return sum_by_code(self._place(np.array([days]))[0], self.share, _WIDTH)

    def _place(self, days: Days) -> Codes:
        """(days, dates) the open day each calendar day is; 0 before the grid, held to its end."""
        last = self.calendar.last_rank(self.due + days[:, None])
        return np.asarray(np.clip(last - self.calendar.rank(self.due) - FIRST_DAY + 1, 0, _WIDTH - 1))

    @cached_property
    def _table(self) -> tuple[Codes, Floats]:
        """(days, widest) the open days of all calendar days, and their shares, 0 beyond the last."""
        cell = np.arange(len(_DAYS))[:, None] * _WIDTH + self._place(_DAYS)
        shares = sum_by_code(cell.ravel(), np.tile(self.share, len(_DAYS)), len(_DAYS) * _WIDTH)
        shares = shares.reshape(len(_DAYS), _WIDTH)
        widest = int((shares > 0).sum(axis=1).max())
        place = np.argsort(shares == 0, axis=1, kind="stable")[:, :widest]
        return place, np.take_along_axis(shares, place, axis=1)

"""Which invoices are predicted from which past closing: those booked after it and before the next, each once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.ledger import Day, Ledger, as_day
from arlib.risk.backtest.outcomes import NEVER, Outcomes
from arlib.schema import Codes, Days, day_number, to_dates

LAST_CLOSINGS = 12  # by default: a year, and no longer to compute the more years a ledger holds


@dataclass(frozen=True, eq=False)
class Windows:
    """Closings, and the invoices booked after each.

    Attributes:
        closings: (closings,) day numbers, rising.
        items: (invoices,) positions in `ledger.items`, by closing, then in the ledger's order.
        closing: (invoices,) position in `closings`.
    """

    closings: Days
    items: Codes
    closing: Codes

    @property
    def days(self) -> list[pd.Timestamp]:
        """The closings as days."""
        return list(to_dates(self.closings))

    def of(self, closing: int) -> Codes:
        """The invoices predicted from one closing."""
        first, after = np.searchsorted(self.closing, [closing, closing + 1])
        return self.items[first:after]


def windows_of(
    ledger: Ledger, outcomes: Outcomes, closings: Sequence[Day] | None, until: Day | None, longest: int
) -> Windows:
    """The closings asked and the invoices after each, to the day `until`.

    By default the month ends, at most the last twelve after which an invoice was booked whose outcome is known
    `longest` days after its due date. Closings by which no payment was known are left out: nothing could be said.
    """
    first = _first_payment(outcomes)
    end = outcomes.last if until is None else day_number(as_day(until))
    if closings is None:
        asked = _month_ends(ledger, outcomes, longest, end)
    else:
        asked = np.unique(np.array([day_number(as_day(day)) for day in closings], dtype=np.int64))
    asked = asked[(asked >= first) & (asked < outcomes.last)]
    if closings is None:
        asked = asked[-LAST_CLOSINGS:]
    after = np.searchsorted(asked, outcomes.booked) - 1
    chosen = np.flatnonzero(outcomes.invoice & (after >= 0) & (outcomes.booked <= end))
    chosen = chosen[np.argsort(after[chosen], kind="stable")]
    return Windows(asked, chosen, after[chosen])


def _first_payment(outcomes: Outcomes) -> int:
    """The first day by which an invoice was known to be paid."""
    paid = outcomes.settled[outcomes.counts & (outcomes.settled < NEVER)]
    return int(paid.min()) if len(paid) else NEVER


def _month_ends(ledger: Ledger, outcomes: Outcomes, longest: int, end: int) -> Days:
    """The month ends after which, and before the next, an invoice was booked that can be judged at any threshold."""
    first, last = min(ledger.covers[0], to_dates(np.array([end]))[0]), to_dates(np.array([end]))[0]
    ends = pd.date_range(first, last, freq="ME").to_numpy().astype("datetime64[D]").astype(np.int64)
    for days in (longest, 0):
        judged = outcomes.invoice & outcomes.judged(days)
        after = np.searchsorted(ends, outcomes.booked[judged]) - 1
        used = np.unique(after[after >= 0])
        if len(used):
            return ends[used]
    return ends[:0]

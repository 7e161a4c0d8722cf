"""What claims bring in by period: expected by customer, and how far it may be off."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from arlib.schema import Codes, Days, Floats
from arlib.simulation.forecast.claims import Claims

_CHUNK = 4096  # claims whose shares are held at once
_LEAST_SPREAD = 0.01  # of what is expected: no law is known better, even where all is sure to be paid

Shares = Callable[[Claims], Floats]  # (claims, cuts) the share of each paid by the end of each day that cuts periods


@dataclass(frozen=True, eq=False)
class Periods:
    """Periods after a closing, between days that cut them.

    Attributes:
        closing: day number of the closing.
        cuts: (cuts,) last days of stretches that follow one another from the day after the closing.
        begin: (periods,) the place in `cuts` of the eve of each period, counted from 1; 0 is the closing.
        end: (periods,) the place of its last day.
    """

    closing: int
    cuts: Days
    begin: Codes
    end: Codes

    @classmethod
    def ending(cls, closing: int, *ends: Days) -> "Periods":
        """For each row of last days: the periods between them, then those from the closing to each."""
        cuts = np.unique(np.concatenate(ends))
        places = [np.searchsorted(cuts, row) + 1 for row in ends]
        begin = [np.concatenate([[0], place[:-1], np.zeros_like(place)]) for place in places]
        end = [np.concatenate([place, place]) for place in places]
        return cls(closing, cuts, np.concatenate(begin), np.concatenate(end))

    @property
    def days(self) -> Days:
        """(periods,) how many days each lasts."""
        ends = np.concatenate([[self.closing], self.cuts])
        return np.asarray(ends[self.end] - ends[self.begin])

    def of(self, paid: Floats) -> Floats:
        """(…, periods) what is paid in each, from what is paid by each cut (…, cuts)."""
        by_cut = np.concatenate([np.zeros((*paid.shape[:-1], 1)), paid], axis=-1)
        return np.asarray(by_cut[..., self.end] - by_cut[..., self.begin])

    def dated(self, on: Days, amount: Floats) -> Floats:
        """(periods,) the sum of amounts that come in on known days, those up to the closing on the day after it."""
        place = np.searchsorted(self.cuts, np.maximum(on, self.closing + 1))
        return self.of(np.cumsum(np.bincount(place, amount, len(self.cuts) + 1)[: len(self.cuts)]))


@dataclass(frozen=True, eq=False)
class Cash:
    """What some claims bring in each of some periods.

    Attributes:
        by_customer: (customers, periods) expected.
        alone: (periods,) its variance if each claim were paid by its own chance.
        together: (customers, periods) standard deviation if all claims of the customer were one bet.
    """

    by_customer: Floats
    alone: Floats
    together: Floats

    def __add__(self, other: "Cash") -> "Cash":
        """Both together."""
        return Cash(self.by_customer + other.by_customer, self.alone + other.alone, self.together + other.together)

    @property
    def expected(self) -> Floats:
        """(periods,) of all customers."""
        return np.asarray(self.by_customer.sum(axis=0))

    @property
    def spread(self) -> Floats:
        """(periods,) standard deviation, half-way, on a scale of ratios, between two that cannot both be true.

        If every claim were paid by its own chance the variance would be Σ a² p (1 − p); if all claims of a customer
        were paid together, the sum over customers of (Σ a √(p (1 - p)))². Payments of one customer are neither: runs
        settle several invoices, and not all. On four ledgers (`benchmarks/bench_forecast.py`), errors of a week were
        1.1 to 3.0 times the first deviation, 0.4 to 1.0 times the second, and 0.6 to 1.2 times the root of the
        geometric mean of the two variances.
        """
        between = np.sqrt(np.sqrt(self.alone * (self.together**2).sum(axis=0)))
        return np.asarray(np.maximum(between, _LEAST_SPREAD * self.expected))


def cash_of(claims: Claims, customers: int, periods: Periods, shares: Shares) -> Cash:
    """What claims bring in by period, in one pass over them.

    A planned invoice may not come at all, or be another: its variance is that of a Poisson number of such
    invoices, Σ a² p, instead of Σ a² p (1 − p).
    """
    size = (customers, len(periods.end))
    by_customer, together, alone = np.zeros(size), np.zeros(size), np.zeros(size[1])
    for first in range(0, len(claims.amount), _CHUNK):
        part = claims.taken(slice(first, first + _CHUNK))
        paid = np.maximum(periods.of(shares(part)), 0.0)
        spread = paid * (1 - np.where(part.planned[:, None], 0.0, np.minimum(paid, 1.0)))
        starts = np.flatnonzero(np.diff(part.customer, prepend=-1))
        owners, amount = part.customer[starts], part.amount[:, None]
        by_customer[owners] += np.add.reduceat(amount * paid, starts)
        together[owners] += np.add.reduceat(amount * np.sqrt(spread), starts)
        alone += (amount**2 * spread).sum(axis=0)
    return Cash(by_customer, alone, together)


def paced(shares: Floats, pace: Floats) -> Floats:
    """(…, cuts) shares paid by each cut when each stretch brings `pace` times what it would, never more than all."""
    stretches = np.diff(shares, axis=-1, prepend=0.0) * pace
    return np.asarray(np.minimum(np.cumsum(stretches, axis=-1), 1.0))

"""What a simulation goes on from, as the ledger tells it, and the days that follow: sales and what is owed by day."""

from dataclasses import dataclass, replace

import numpy as np

from arlib.measures.dso import DAYS
from arlib.measures.dso.edge import STRETCH, Edge
from arlib.measures.dso.standing import Standing
from arlib.measures.opening import known_from
from arlib.measures.sales import without_invoice_dates
from arlib.schema import HALF_CENT, Days, Flags, Floats, day_number, sum_by_code
from arlib.simulation.policies.policy import Policy
from arlib.words import Sentence

NEVER = np.iinfo(np.int32).max  # a day no simulation comes to
_LONGEST = 2 * 366  # days within which a file is looked for having stopped: older sales do not come back


@dataclass(frozen=True, eq=False)
class Past:
    """The sales and the receivable of each day the ledger speaks for, up to the day asked, which is day 0.

    Attributes:
        today: day number of the day asked.
        first: the first day whose sales count, 0 or before. Beyond the file's edge it is 1, tomorrow: what is sold and
            owed today is not known, and a DSO is one of the simulated days alone. `NEVER` where the file does not date
            its invoices.
        sold: sales issued on each day from `first` (of the ledger, where that is `NEVER`) to day 0.
        owed: what is owed, net of credits, at the end of each of these days and of the eve of the first, which is nan
            where no opening tells it.
        edge: why the file's edge leaves no DSO on the day asked.
        last: the last day a DSO is told of. From the next one on, the sales that come back may be those the file no
            longer tells, and none are no news of the customers.
        young: why none is told after the day asked, of a ledger too young to know how much of what is to come is paid.
    """

    today: int
    first: int
    sold: Floats
    owed: Floats
    edge: Sentence | None
    last: int = NEVER
    young: Sentence | None = None

    @classmethod
    def of(cls, standing: Standing, period: int | None = None) -> "Past":
        """The days of a ledger up to one of them, as the measures know them on it.

        Args:
            standing: the ledger on the day asked.
            period: days after which its sales come back, at the earliest; None where others are simulated.
        """
        ledger, today = standing.ledger, standing.until
        if standing.edge:
            first = NEVER if without_invoice_dates(ledger) else 1
            last = NEVER if period is None else period - _untold(standing)
            return cls(today, first, np.zeros(0), np.array([np.nan]), standing.edge, last)
        days = today - standing.first + 1
        counted = standing.known & (standing.sales.issued >= standing.first)
        sold = sum_by_code(standing.sales.issued[counted] - standing.first, standing.sales.amount[counted], days)
        owed = standing.owed_on(np.arange(standing.first - 1, today + 1))
        if day_number(known_from(ledger)) >= standing.first:
            owed[0] = np.nan
        return cls(today, 1 - days, sold, owed, None)

    def under(self, policy: Policy) -> "Past":
        """The same where a policy brings invoicing forward, and what the file no longer tells with it."""
        if self.young:
            return self
        advance = max(part.faster_invoicing_days for part in policy.parts or (policy,))
        return replace(self, last=self.last - advance)

    def without_dso(self, young: Sentence | None) -> "Past":
        """The same, no DSO told after the day asked where there is a reason not to."""
        return replace(self, last=min(self.last, 0), young=young) if young else self


@dataclass(frozen=True, eq=False)
class Flows:
    """Sales and receivable of each day from the ledger's first to the horizon: what every flow-based DSO is made of.

    Attributes:
        past: the days up to the one asked.
        days: the days looked at: those simulated, (horizon + 1,), day 0 first; or some of the past.
        sold: sales cumulated by the end of each day, from the eve of the first one on.
        owed: what is owed at the end of each of these days.
    """

    past: Past
    days: Days
    sold: Floats
    owed: Floats

    @classmethod
    def of(cls, past: Past, billed: Floats, receivable: Floats) -> "Flows":
        """The past followed by what a policy bills on each day and leaves owed at its end, day 0 first."""
        sold = np.cumsum(np.concatenate([[0.0], past.sold, billed[1:]]))
        return cls(past, np.arange(len(receivable)), sold, np.concatenate([past.owed[:-1], receivable]))

    @classmethod
    def before(cls, past: Past, days: int) -> "Flows":
        """So many days of the past, the day asked last."""
        sold = np.cumsum(np.concatenate([[0.0], past.sold]))
        return cls(past, np.arange(1 - days, 1), sold, past.owed)

    @property
    def start(self) -> int:
        """The first day there are sales of."""
        return 1 - len(self.past.sold)

    @property
    def receivable(self) -> Floats:
        """What is owed at the end of each day looked at."""
        return self.owed_on(self.days)

    def owed_on(self, days: Days) -> Floats:
        """What is owed at the end of some days; before the first one, what was on its eve."""
        return np.asarray(self.owed[np.maximum(days - self.start + 1, 0)])

    def sold_by(self, days: Days) -> Floats:
        """Sales cumulated by the end of some days; none before the first one."""
        return np.asarray(self.sold[np.maximum(days - self.start + 1, 0)])

    def told(self, first: Days) -> Flags:
        """Whether the sales from some first days to each day simulated are told, by the ledger or as repeated."""
        return np.asarray((first >= self.past.first) & (self.days <= self.past.last))

    def days_of_one(self, window: Days | int = DAYS) -> Floats:
        """The days of DSO that a unit owed stands for: `window` / the sales of so many days up to each day.

        nan while the window begins before the ledger or sales are not told, and without any in it.
        """
        sold = self.sold_by(self.days) - self.sold_by(self.days - window)
        known = self.told(self.days - window + 1) & (sold > HALF_CENT)
        return np.asarray(np.divide(window, sold, out=np.full(len(self.days), np.nan), where=known))


def _untold(standing: Standing) -> int:
    """Days up to the day asked of which a file tells no sales, or hardly any, the day being beyond its edge."""
    days = np.arange(standing.until - _LONGEST, standing.until + 1)
    edge = Edge.of(standing.ledger, standing.sales.known, days)
    begun = int(np.flatnonzero(np.append(True, ~edge.beyond))[-1])  # the first of the days beyond it to the last one
    last_sale = int(edge.sold.last[begun])
    thin = int(days[begun]) - STRETCH if edge.thin[begun] else last_sale
    return standing.until - min(last_sale, thin)

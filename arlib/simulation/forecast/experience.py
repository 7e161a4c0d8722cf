"""What earlier closings taught: how far the laws were off then, from what was known by the day asked.

At closings every four weeks before the day, the laws are asked what would come in, told the invoices that were then
issued: what is learnt is how customers pay, not how sales went. Told nothing of what came after the day asked. Weeks of
which the file, as it stands on the day, does not tell all payments teach nothing: no backtest would judge them either.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from arlib.behaviour import PaymentLaws, customers_of_items, payment_laws
from arlib.ledger import Ledger, known_by
from arlib.measures.delays.settlements import OPEN, PAID, pieces_of
from arlib.schema import INVOICE, Codes, Days, Flags, Floats, day_number, sum_by_code, to_dates
from arlib.simulation.backtest.outcome import Actual
from arlib.simulation.forecast.cash import Periods, cash_of
from arlib.simulation.forecast.claims import Claims, booking_days, due_days, paid_by

WEEK = 7
EVERY = 28  # days from one closing to the next
CLOSINGS = 6  # the latest at which the week asked about had ended
YOUNG = 91  # days a ledger must have been kept before its errors tell anything

_PRIOR_PACE = 12.0  # closings at which the laws were right, added to those seen: how slowly they are corrected
_PRIOR_SPREAD = 2.0  # closings at which the spread was right
_NEIGHBOURS = 2  # weeks before and after one that tell of its spread too
_MOST = 9.0  # the square of an error, in spreads, beyond which it counts no more
_LAWS_KEPT = 4  # quarters whose laws are in memory: what one day looks back on
_NEVER = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, eq=False)
class Experience:
    """How the laws did at earlier closings, by week after them.

    Attributes:
        pace: (weeks,) what came in ÷ what the laws expected, drawn to 1 by twelve closings at which they were right.
        week_spread: (weeks,) how much larger errors of a week were than their computed spread, drawn to 1 by two.
        total_spread: (weeks,) the same of what came in since the closing.
        told: (weeks,) how many closings told of each week.
        missed: mean error of the weeks of the first four as a share of what came in; nan without closings.
    """

    pace: Floats
    week_spread: Floats
    total_spread: Floats
    told: Floats
    missed: float

    @property
    def closings(self) -> int:
        """How many closings told of the first week."""
        return int(self.told[0])


@dataclass(frozen=True, eq=False)
class PastCash:
    """The weeks after one closing: what the laws expected, told the invoices to come, how surely, and what came.

    Attributes:
        expected, spread: (2 × weeks,) of each week, then of all weeks since the closing.
        paid: (weeks,) what came in.
    """

    expected: Floats
    spread: Floats
    paid: Floats


@dataclass(frozen=True, eq=False)
class PastClosings:
    """The closings of a ledger before a day, each worked out once, when it is first asked about.

    The laws of a closing are those known at the end of the quarter before it: three or four laws do for a year.

    Attributes:
        ledger: the ledger.
        until: day number of the last day whose payments are looked at.
        weeks: how many weeks after a closing.
    """

    ledger: Ledger
    until: int
    weeks: int
    _closings: dict[int, PastCash] = field(default_factory=dict)
    _laws: dict[int, PaymentLaws] = field(default_factory=dict)

    def before(self, day: int) -> Experience:
        """What the closings before a day had taught by the end of it."""
        back = EVERY * np.arange(1, CLOSINGS + -(-self.weeks * WEEK // EVERY))
        back = back[quarter_end(day - back) >= self._first]
        ended = WEEK * (np.arange(self.weeks) + 1)
        told = (back[:, None] >= ended) & (back[:, None] < ended + EVERY * CLOSINGS) & self._whole(day, back)
        back, told = back[told.any(axis=1)], told[told.any(axis=1)]
        if not len(back):
            right = np.ones(self.weeks)
            return Experience(right, right, right, np.zeros(self.weeks), np.nan)
        past = [self._at(day - int(days)) for days in back[::-1]][::-1]  # the oldest first, as laws are kept
        return _experience(past, told)

    def paid(self, periods: Periods, booked_by: int | None = None) -> Floats:
        """(periods,) what came in, of all debits or of those booked by a day."""
        return self._history.paid(periods, booked_by=_NEVER if booked_by is None else booked_by)

    def _whole(self, day: int, back: Days) -> Flags:
        """(closings, weeks) whether the file, as known on a day, tells all up to the end of each week after each."""
        actual = Actual.of(known_by(self.ledger, to_dates(np.array([day]))[0]))
        closing, ended = np.repeat(day - back, self.weeks), np.tile(WEEK * (np.arange(self.weeks) + 1), len(back))
        return actual.whole(closing, ended).reshape(len(back), self.weeks)

    def _at(self, closing: int) -> PastCash:
        if closing not in self._closings:
            self._closings[closing] = self._worked_out(closing)
        return self._closings[closing]

    def _worked_out(self, closing: int) -> PastCash:
        laws, ends = self._known_before(closing), closing + WEEK * (np.arange(self.weeks) + 1)
        periods = Periods.ending(closing, ends)
        claims = self._history.claims(laws, closing, int(ends[-1]))
        cash = cash_of(claims, len(laws.customers), periods, lambda part: paid_by(laws, part, closing, ends))
        return PastCash(cash.expected, cash.spread, self._history.paid(periods)[: self.weeks])

    def _known_before(self, closing: int) -> PaymentLaws:
        """The laws of the quarter's end before a closing; those asked for first are forgotten first."""
        day = int(quarter_end(np.array([closing]))[0])
        if day not in self._laws:
            while len(self._laws) >= _LAWS_KEPT:
                del self._laws[next(iter(self._laws))]
            self._laws[day] = payment_laws(self.ledger, to_dates(np.array([day]))[0])
        return self._laws[day]

    @cached_property
    def _history(self) -> "_History":
        return _History.of(self.ledger, self.until)

    @cached_property
    def _first(self) -> int:
        """The first day whose laws are asked: one by which a dated invoice was paid, which laws cannot do without."""
        items, history = self.ledger.items, self._history
        tells = ((items["kind"] == INVOICE) & items["due_on"].notna()).to_numpy()
        paid = history.settled[history.is_paid & tells[history.item]]
        return max(int(paid.min(initial=_NEVER)), day_number(self.ledger.covers[0]) + YOUNG)


@dataclass(frozen=True, eq=False)
class _History:
    """The debits booked by a day, and the pieces that settled them by then.

    Attributes:
        ledger: where they are from.
        due, booked: (items,) day numbers.
        amount: (pieces,) above 0.
        item: (pieces,) position in the items.
        settled: (pieces,) day number; never, where the piece is open.
        is_paid: (pieces,) whether money settled it.
    """

    ledger: Ledger
    due: Days
    booked: Days
    item: Codes
    amount: Floats
    settled: Days
    is_paid: Flags

    @classmethod
    def of(cls, ledger: Ledger, until: int) -> "_History":
        booked = booking_days(ledger)
        debits = (ledger.items["amount"] > 0).to_numpy() & (booked <= until)
        pieces = pieces_of(ledger, to_dates(np.array([until]))[0], debits)
        settled = np.where(pieces.state == OPEN, _NEVER, pieces.day)
        return cls(ledger, due_days(ledger), booked, pieces.item, pieces.amount, settled, pieces.state == PAID)

    def claims(self, laws: PaymentLaws, closing: int, last: int) -> Claims:
        """What was open at a closing, and all that was booked from then to a last day."""
        later = (self.settled > closing) & (self.booked[self.item] <= last)
        left = sum_by_code(self.item[later], self.amount[later], len(self.due))
        item = np.flatnonzero(left > 0)
        customer = customers_of_items(self.ledger, laws.customers)[item]
        return Claims.of(customer, self.due[item], self.booked[item], left[item], item)

    def paid(self, periods: Periods, *, booked_by: int = _NEVER) -> Floats:
        """(periods,) money that came in, of the debits booked by a day."""
        counted = self.is_paid & (self.settled > periods.closing) & (self.booked[self.item] <= booked_by)
        return periods.dated(self.settled[counted], self.amount[counted])


def quarter_end(days: Days) -> Days:
    """The last day of a quarter on or before each day, as day numbers."""
    month = (days + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return (month // 3 * 3).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1


def _experience(past: list[PastCash], told: Flags) -> Experience:
    """What closings taught, each week told by some of them (closings, weeks)."""
    weeks = told.shape[1]
    expected = np.stack([each.expected for each in past])
    spread, paid = np.stack([each.spread for each in past]), np.stack([each.paid for each in past])
    of_weeks = expected[:, :weeks]
    seen = np.where(told, of_weeks, 0.0).sum(axis=0)
    prior = _PRIOR_PACE * np.divide(seen, told.sum(axis=0), out=np.zeros(weeks), where=told.any(axis=0))
    came = np.where(told, paid, 0.0).sum(axis=0)
    pace = np.divide(came + prior, seen + prior, out=np.ones(weeks), where=seen + prior > 0)
    error, total = paid - of_weeks * pace, np.cumsum(paid - of_weeks * pace, axis=1)
    first = np.where(told, np.abs(error), 0.0)[:, :4].sum()
    return Experience(
        pace=pace,
        week_spread=_inflation(error, spread[:, :weeks], told),
        total_spread=_inflation(total, spread[:, weeks:], told),
        told=told.sum(axis=0).astype(np.float64),
        missed=float(first / came[:4].sum()) if came[:4].sum() > 0 else np.nan,
    )


def _inflation(error: Floats, spread: Floats, told: Flags) -> Floats:
    """(weeks,) the root of the mean square of errors in spreads, each week told by its neighbours too."""
    square = np.divide(error, spread, out=np.zeros_like(error), where=spread > 0) ** 2
    squares = np.where(told, np.minimum(square, _MOST), 0.0).sum(axis=0)
    near = np.abs(np.subtract.outer(np.arange(len(squares)), np.arange(len(squares)))) <= _NEIGHBOURS
    share = near / near.sum(axis=1, keepdims=True)
    return np.asarray(np.sqrt((share @ squares + _PRIOR_SPREAD) / (share @ told.sum(axis=0) + _PRIOR_SPREAD)))

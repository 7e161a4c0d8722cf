"""How debts of today are paid, given that they are unpaid today: laws added up by due date."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from arlib.behaviour import PaymentLaws
from arlib.behaviour.survival import DAYS, FIRST_DAY, LAST_DAY
from arlib.schema import Codes, Days, Flags, Floats, sum_by_code
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.flows.stretched import late_moved, shared
from arlib.simulation.flows.sums import DueLaws, weights

UNDATED = 2**31 - 1  # no day anybody comes to
_CHUNK = 2048  # debts whose laws are held at once: few enough for the caches of a processor
_LEAST = 1e-100  # what is left unpaid by today at the least, so that its square can be divided by


@dataclass(frozen=True, eq=False)
class RunOff:
    """Debts by due date, and how they are expected to be paid on the open days after the day asked, which is day 0.

    Attributes:
        agenda: which days are open.
        days: the last day.
        due: (dates,) due date; -1 for all that have passed, `UNDATED` for those taken for granted.
        ahead: (dates,) open days to the due date, 0 where it has passed.
        owed: (dates,) amount.
        payments: (dates, open days ahead) expected on each, the day asked or the last open one before it being 0.
        spread: (dates, open days ahead) change on it of the variance of what is paid, debts independent of each other.
    """

    agenda: Agenda
    days: int
    due: Days
    ahead: Days
    owed: Floats
    payments: Floats
    spread: Floats

    @cached_property
    def paid(self) -> Floats:
        """(days + 1,) expected payments by the end of each day."""
        return self._by_the_end_of(self._open_days, self.payments)

    @cached_property
    def variance(self) -> Floats:
        """(days + 1,) variance of these."""
        return self._by_the_end_of(self._open_days, self.spread)

    @cached_property
    def overdue(self) -> Floats:
        """(days + 1,) amount expected to be past due and unpaid at the end of each day."""
        past_due = self.due[:, None] + 1
        owed = self._by_the_end_of(past_due, self.owed[:, None])
        return owed - self._by_the_end_of(np.maximum(self._open_days, past_due), self.payments)

    @cached_property
    def undated(self) -> Floats:
        """(days + 1,) amount without a due date expected to be unpaid at the end of each day; none of it is overdue."""
        mine = self.due == UNDATED
        return float(self.owed[mine].sum()) - self._by_the_end_of(self._open_days, self.payments[mine])

    def moved(self, lateness: float, reminded_after: int = 0) -> "RunOff":
        """The same where what comes after its due date and after a day comes so many times as late.

        Args:
            lateness: factor on the open days from the later of the due date and that day.
            reminded_after: the day by whose end nobody is reminded yet: the one asked, or a later one.
        """
        if lateness == 1:
            return self
        today, since = self.agenda.last_rank(np.array([0, reminded_after]))
        ahead = self.ahead[:, None]
        moved = ahead + late_moved(np.arange(self.payments.shape[1]) - ahead, since - today - ahead, lateness)
        return replace(self, payments=shared(self.payments, moved), spread=shared(self.spread, moved))

    @property
    def _open_days(self) -> Days:
        """(open days ahead,) which day each is; the first may have passed."""
        today = int(self.agenda.last_rank(np.zeros(1, dtype=np.int64))[0])
        return self.agenda.day(np.arange(self.payments.shape[1]) + today)

    def _by_the_end_of(self, day: Days, amount: Floats) -> Floats:
        """(days + 1,) the sum of amounts by the end of each day."""
        day = np.broadcast_to(np.clip(day, 0, self.days + 1), amount.shape)
        return np.cumsum(sum_by_code(day.ravel(), amount.ravel(), self.days + 2))[:-1]


@dataclass(frozen=True, eq=False)
class Debts:
    """What is open on the day, one by one, in order of customers.

    Attributes:
        laws: of the customers.
        customer: (debts,) position in the laws' customers.
        due: (debts,) due date, counted from the day.
        dated: (debts,) whether that is its own, or taken for granted where it has none.
        amount: (debts,) open amount.
        disputed: (debts,) whether it is disputed on the day.
        unapplied: credits not matched yet, negative.
        days: how far to look ahead.
    """

    laws: PaymentLaws
    customer: Codes
    due: Days
    dated: Flags
    amount: Floats
    disputed: Flags
    unapplied: float
    days: int

    @property
    def agenda(self) -> Agenda:
        """Which days are open."""
        return Agenda.of(self.laws)

    @cached_property
    def order(self) -> Codes:
        """(debts,) positions by customer, due date and amount, whatever the order of a file's rows."""
        return np.lexsort((self.disputed, self.dated, self.amount, self.due, self.customer))

    @cached_property
    def ahead(self) -> Days:
        """(debts,) open days from the day asked, or the last open one before it, to the due date."""
        return self._ahead(self.due)

    def run_off(self, chosen: Flags) -> RunOff:
        """How what some of the laws' customers owe is paid.

        Args:
            chosen: (customers of the laws,) whether each is.
        """
        mine = np.flatnonzero(chosen[self.customer])
        beyond = 2 * (self.days - FIRST_DAY + 1)  # nothing that falls due from that day on can be paid within reach
        codes, date = np.unique(2 * np.minimum(self.due[mine], beyond) + self.dated[mine], return_inverse=True)
        dates, dated = np.divmod(codes, 2)
        left, variance = self._by_date(mine, dates, date)
        owed = sum_by_code(date, self.amount[mine], len(dates))
        ahead = self._ahead(dates)
        told = np.where(dated == 1, np.maximum(dates, -1), UNDATED)
        groups, group = np.unique(np.stack([told, np.maximum(ahead, 0)]), axis=1, return_inverse=True)
        width = int(groups[1].max(initial=0)) + LAST_DAY + 1
        column = ahead[:, None] + DAYS
        to_come = column > 0
        place = (group.reshape(-1, 1) * width + column)[to_come]

        def laid(by_date: Floats) -> Floats:
            return sum_by_code(place, by_date[to_come], groups.shape[1] * width).reshape(-1, width)

        return RunOff(
            agenda=self.agenda,
            days=self.days,
            due=groups[0],
            ahead=groups[1],
            owed=sum_by_code(group.ravel(), owed, groups.shape[1]),
            payments=laid(-np.diff(left, axis=1, prepend=owed[:, None])),
            spread=laid(np.diff(variance, axis=1, prepend=0.0)),
        )

    def _by_date(self, mine: Codes, dates: Days, date: Codes) -> tuple[Floats, Floats]:
        """Two (dates, grid) arrays: what of some debts is left on each open day of the grid, and its variance.

        A debt of a is left with probability q = S / S₀, the law over what it leaves unpaid today; a² q (1 − q) is
        the sum of two terms, one with S and one with S².
        """
        left, variance = np.zeros((2, len(dates), len(DAYS)))
        weekday = self.agenda.weekday(dates)
        for due_on in np.unique(weekday):
            those = np.flatnonzero(weekday[date] == due_on)
            row, amount = date[those], self.amount[mine[those]]
            customers, place = np.unique(self.customer[mine[those]], return_inverse=True)
            laws = DueLaws.on(self.laws, int(due_on), customers)
            weight = amount / self._left(laws, place, self._ahead(dates)[row])
            size = len(dates), len(customers)
            first, second, square = (weights(row, place, each, size) for each in (weight, amount * weight, weight**2))
            left += (first @ laws.steps)[:, laws.passed]
            variance += (second @ laws.steps - square @ laws.steps**2)[:, laws.passed]
        return left, variance

    def _left(self, laws: DueLaws, place: Codes, ahead: Days) -> Floats:
        """What laws leave unpaid so many open days before the due date."""
        column = -ahead - FIRST_DAY
        return np.where(column < 0, 1.0, np.maximum(laws.at(place, np.clip(column, 0, len(DAYS) - 1)), _LEAST))

    def _ahead(self, due: Days) -> Days:
        return self.agenda.rank(due) - self.agenda.last_rank(np.zeros(1, dtype=np.int64))

    def curves(self, customers: Codes) -> Floats:
        """(customers, days + 1) expected payments of each by the end of each day.

        Args:
            customers: positions in the laws' customers, sorted.
        """
        row = np.searchsorted(customers, self.customer)
        mine = np.flatnonzero(np.append(customers, -1)[row] == self.customer)
        weekday, passed = self.agenda.weekday(self.due[mine]), self._passed
        left = np.zeros((len(customers), int(passed[-1]) + 1))
        for due_on in np.unique(weekday):
            those = mine[weekday == due_on]
            laws = DueLaws.on(self.laws, int(due_on), customers)
            weight = self.amount[those] / self._left(laws, row[those], self.ahead[those])
            shares = laws.windows(int(passed[-1]))
            start = np.clip(-self.ahead[those] - FIRST_DAY, -shares.shape[2], len(DAYS) - 1) + shares.shape[2]
            for first in range(0, len(those), _CHUNK):
                part = slice(first, first + _CHUNK)
                taken = shares[row[those[part]], start[part]]
                size = len(customers), len(taken)
                left += weights(row[those[part]], np.arange(len(taken)), weight[part], size) @ taken
        return (left[:, :1] - left)[:, passed]

    @property
    def _passed(self) -> Days:
        """(days + 1,) open days passed by the end of each day."""
        days = self.agenda.last_rank(np.arange(self.days + 1))
        return np.asarray(days - days[0])

"""What each of some customers owes on the last day of a simulation: its mean, and what that hangs on."""

from dataclasses import dataclass

import numpy as np

from arlib.behaviour import PaymentLaws
from arlib.behaviour.survival import DAYS, FIRST_DAY, LAST_DAY
from arlib.schema import HALF_CENT, Codes, Days, Floats, sum_by_code
from arlib.simulation.asked import Asked
from arlib.simulation.base import SimulationBase
from arlib.simulation.draws.drawn import Way, ways
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.flows.opening import Reminders
from arlib.simulation.flows.sums import DueLaws
from arlib.simulation.outlook.parts import reminded_since
from arlib.simulation.policies.policy import Policy
from arlib.simulation.policies.scope import reminders_of_opening

_LEAST = 1e-100  # above 0, to divide by


@dataclass(frozen=True, eq=False)
class OwedAtEnd:
    """What customers owe on the last day, in the order they were given in.

    Attributes:
        opening: (customers,) expected of what is open on the day asked.
        issued: (customers, days of issue) expected of what the plan issues on each day.
        variance: (customers,) of both, every invoice paid by its own chance and bought by that of who buys in a week.
        slope: (customers,) how much more is owed when all of a customer's payments come a day later.
    """

    opening: Floats
    issued: Floats
    variance: Floats
    slope: Floats

    @classmethod
    def of(cls, base: SimulationBase, policy: Policy, asked: Asked, customers: Codes, step: int) -> "OwedAtEnd":
        """What customers, by position in the laws and sorted, owe under a policy.

        Args:
            base: the ledger.
            policy: the levers.
            asked: how far ahead.
            customers: who.
            step: days, 1 or more, by which payments are moved to find the slope.
        """
        debts, size = base.opening.debts, len(customers)
        place = np.full(len(base.laws.customers), -1)
        place[customers] = np.arange(size)
        on = np.maximum(asked.horizon + np.array([-step, 0, step]), 0)
        mine = np.flatnonzero(place[debts.customer] >= 0)
        who, amount = place[debts.customer[mine]], debts.amount[mine]
        reminders = reminders_of_opening(base, policy).of(debts.customer[mine])
        sooner, left, later = amount * _debts_left(base, mine, reminders, on)
        found = cls(
            opening=sum_by_code(who, left, size),
            issued=np.zeros((size, int(base.plan.issue.max(initial=0)) + 1)),
            variance=sum_by_code(who, left * (amount - left), size),
            slope=sum_by_code(who, (sooner - later) / (2 * step), size),
        )
        owed, of = np.zeros(len(base.plan.amount)), place[base.plan.customer]
        for way in ways(base, policy, asked.growth):
            owed += found._add(base, way, of[way.invoice], on)
        mine = np.flatnonzero((of >= 0) & (base.plan.amount > 0))
        squares = owed[mine] ** 2 / base.plan.amount[mine]
        found.variance[:] += base.sales_risk.unit * sum_by_code(of[mine], squares, size)
        return found

    def without(self, some: "OwedAtEnd") -> "OwedAtEnd":
        """What is left of one sum of customers without some of them."""
        return OwedAtEnd(
            opening=self.opening - some.opening.sum(),
            issued=self.issued - some.issued.sum(axis=0),
            variance=np.maximum(self.variance - some.variance.sum(), 0.0),
            slope=self.slope - some.slope.sum(),
        )

    def _add(self, base: SimulationBase, way: Way, who: Codes, on: Days) -> Floats:
        """Adds what a way brings by the middle one of three days, to the customers it is of, -1 for others.

        Returns:
            (invoices of the plan,) what it brings of each of theirs.
        """
        start = way.day if way.lateness is None else Agenda.of(base.laws).open_day(way.issue)
        mine = np.flatnonzero((who >= 0) & (way.high > way.low) & (start <= on[1]))
        who, issue, amount = who[mine], base.plan.issue[way.invoice[mine]], way.amount[mine]
        left = np.zeros((3, len(mine))) if way.lateness is None else _left(base, way, mine, on)
        sooner, paid, later = amount * (way.high - way.low)[mine] * (1 - left)
        size, days = self.issued.shape
        self.issued[:] += sum_by_code(who * days + issue, paid, size * days).reshape(size, days)
        bought = 1 + base.sales_risk.unit / np.maximum(base.plan.amount[way.invoice[mine]], HALF_CENT)
        self.variance[:] += sum_by_code(who, amount * paid * left[1] * bought, size)
        self.slope[:] += sum_by_code(who, (sooner - later) / (on[2] - on[0]), size)
        return sum_by_code(way.invoice[mine], paid, len(base.plan.amount))


def _left(base: SimulationBase, way: Way, rows: Codes, on: Days) -> Floats:
    """(days, rows) share of some rows of a way, paid by law, that is unpaid at the end of some days."""
    agenda, customer = Agenda.of(base.laws), base.plan.customer[way.invoice[rows]]
    whole = np.floor(way.day[rows]).astype(np.int64)
    part, factor = way.day[rows] - whole, max(way.lateness or 0.0, _LEAST)
    left = np.zeros((len(on), len(rows)))
    for due, share in ((whole, 1 - part), (whole + 1, part)):
        some = np.flatnonzero(share > 0)
        late = agenda.last_rank(on)[:, None] - agenda.rank(due[some])
        begins = np.maximum(reminded_since(agenda, way.reminded_after, agenda.rank(due[some])), 0)
        late = np.where(late > begins, begins + _shortened(late - begins, factor), late)
        left[:, some] += share[some] * _unpaid(base.laws, customer[some], agenda.weekday(due[some]), late)
    return left


def _debts_left(base: SimulationBase, rows: Codes, reminders: Reminders, on: Days) -> Floats:
    """(days, rows) share of some debts of today that is unpaid at the end of some days."""
    agenda, debts = Agenda.of(base.laws), base.opening.debts
    customer, weekday, ahead = debts.customer[rows], agenda.weekday(debts.due[rows]), debts.ahead[rows]
    today = agenda.last_rank(np.zeros(1, dtype=np.int64))
    passed = (agenda.last_rank(on) - today)[:, None]
    reached = np.maximum(ahead, agenda.last_rank(reminders.after) - today)
    factor = np.maximum(reminders.lateness, _LEAST)
    column = np.where(passed > reached, reached + _shortened(passed - reached, factor), passed)
    unpaid = _unpaid(base.laws, customer, weekday, np.vstack([column - ahead, -ahead]))
    return np.asarray(unpaid[:-1] / np.maximum(unpaid[-1], _LEAST))


def _shortened(late: Days, factor: Floats | float) -> Days:
    """The most open days late by the law of what is at most so many late, each being a factor as late; rounded."""
    return np.asarray(np.minimum((late + 0.5) // factor, LAST_DAY), dtype=np.int64)


def _unpaid(laws: PaymentLaws, customer: Codes, weekday: Days, late: Days) -> Floats:
    """(…, rows) the share customers leave unpaid so many open days, (…, rows), after due dates on some weekdays."""
    column = late - FIRST_DAY
    left = np.empty(late.shape)
    for due_on in np.unique(weekday):
        rows = np.flatnonzero(weekday == due_on)
        who, place = np.unique(customer[rows], return_inverse=True)
        law = DueLaws.on(laws, int(due_on), who)
        left[:, rows] = law.at(place, np.clip(column[:, rows], 0, len(DAYS) - 1))
    return np.where(column < 0, 1.0, left)

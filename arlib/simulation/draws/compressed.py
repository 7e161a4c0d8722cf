"""Draws of ledgers of any size: the largest invoices one by one, the others together by a normal law of each day."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from arlib.calendar import WEEK
from arlib.schema import HALF_CENT, Codes, Flags, Floats, sum_by_code
from arlib.simulation.asked import Asked
from arlib.simulation.base import SimulationBase
from arlib.simulation.draws.by_issue import ByIssue
from arlib.simulation.draws.drawn import Chances, Drawn, Outcome, Shared, drawn
from arlib.simulation.draws.owed_at_end import OwedAtEnd
from arlib.simulation.flows import Sales, gather
from arlib.simulation.flows.opening import Opening
from arlib.simulation.flows.sums import by_day
from arlib.simulation.outlook.by_customer import customers_counted, owed_by_customer
from arlib.simulation.outlook.expected import Outlook
from arlib.simulation.outlook.shocks import between
from arlib.simulation.policies.policy import Policy
from arlib.simulation.policies.scope import reminders_of_opening
from arlib.words import Sentence, say

INVOICES = 200  # the largest, drawn one by one
CUSTOMERS = 1000  # with whom most is at stake: each has its own shift, and its own normal on the last day
_NEARLY = 1e-9  # of a variance: added so that correlations that differ by rounding alone can be factored
_NEARLY_NONE = 1e-3  # of the largest standard deviation: days under it are drawn by themselves
_LEAST = 1e-100  # above 0, to divide by
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(7)  # of a normal shift, in standard deviations
_WEIGHTS /= _WEIGHTS.sum()
_OF_PLAN = ("customer", "issue", "due", "written", "amount", "invoiced")
_OF_DEBTS = ("customer", "due", "dated", "amount", "disputed")


@dataclass(frozen=True, eq=False)
class Rest:
    """What a policy brings of the invoices that are not drawn one by one.

    Attributes:
        open_: (days,) what is expected to be owed of what is open on the day asked.
        to_come: what the plan brings.
        common: (3, days) what is more owed for a common shift of z standard deviations: its parts in 1, z and z².
        own: (days,) what is more owed for each day that customers pay later on their own, on average.
        chance: (days, days) what normals of each day are multiplied by, to vary as payments do by their own chance.
        named: what the customers told apart owe on the last day.
        others: what all others do, as one.
    """

    open_: Floats
    to_come: ByIssue
    common: Floats
    own: Floats
    chance: Floats
    named: OwedAtEnd
    others: OwedAtEnd


@dataclass(frozen=True, eq=False)
class Compressed:
    """Draws of a ledger cut in two: its largest invoices, and the rest.

    Attributes:
        base: the ledger.
        asked: the policies.
        largest: the same ledger, of its largest invoices only.
        rest: the same, of the others.
        customers: positions of the customers told apart, sorted.
    """

    base: SimulationBase
    asked: Asked
    largest: SimulationBase
    rest: SimulationBase
    customers: Codes

    @classmethod
    def of(cls, base: SimulationBase, asked: Asked) -> "Compressed":
        """A ledger cut in two."""
        debts, plan = base.opening.debts, base.plan
        amount = np.concatenate([debts.amount, np.where(plan.issue <= asked.horizon, plan.amount, 0.0)])
        chosen = np.zeros(len(amount), dtype=bool)
        order = np.concatenate([debts.order, plan.order + len(debts.amount)])
        chosen[order[np.argsort(-amount[order], kind="stable")[:INVOICES]]] = True
        open_, to_come = np.split(chosen, [len(debts.amount)])
        largest = _some(base, open_, to_come)
        counted = customers_counted(base)
        at_stake = _amounts(base, asked.horizon) + np.abs(owed_by_customer(base))
        named = counted[np.argsort(-at_stake[counted], kind="stable")[:CUSTOMERS]]
        return cls(base, asked, largest, _some(base, ~open_, ~to_come), np.union1d(named, largest.concerned))

    @property
    def rows(self) -> int:
        """How many numbers are held for a draw."""
        return INVOICES + len(self.customers) + self.asked.horizon

    @property
    def told(self) -> Sentence:
        """How this was drawn, and what that holds."""
        return say("simulation.engine.compressed", largest=INVOICES, customers=len(self.customers))

    def drawn(self, draws: int, rng: np.random.Generator) -> list[Drawn]:
        """What each policy comes to in so many draws."""
        shared = Shared.of(self.base, self.customers, draws, rng)
        theirs = shared.own[np.searchsorted(self.customers, self.largest.concerned)]
        others = np.zeros(self.base.weeks)
        others[: self.rest.weeks] = self.rest.sold_by_week
        chances = Chances.of(self.largest, replace(shared, own=theirs), rng, others)
        bought = chances.others[np.arange(len(shared.sales)) // WEEK]
        rest_shared = replace(shared, sales=shared.sales * bought)
        normals = _Normals(
            day=rng.normal(size=(draws, self.asked.horizon + 1)),
            customer=rng.normal(size=(draws, len(self.customers))),
            others=rng.normal(size=draws),
            moved=rng.normal(0.0, self.base.shocks.own * self._shares.root, draws),
        )
        return [
            self._together(rest, drawn(self.largest, policy, self.asked, chances), rest_shared, normals)
            for policy, rest in zip(self.asked.policies, self._rests, strict=True)
        ]

    def _together(self, rest: Rest, largest: Outcome, shared: Shared, normals: "_Normals") -> Drawn:
        """The largest invoices and the rest, in each draw."""
        sales = shared.sales[: len(rest.to_come.billed)].T
        common = shared.common / (self.base.shocks.common or 1.0)
        own = self._shares.named @ shared.own + normals.moved
        changes = sales @ (rest.to_come.billed - rest.to_come.settled) + largest.changes
        receivable = self._start + rest.open_ + np.cumsum(changes, axis=1)
        receivable += np.vander(common, 3, increasing=True) @ rest.common + own[:, None] * rest.own
        receivable += normals.day @ rest.chance.T
        owed = self._owed[0] + _drawn_at_end(rest.named, sales, shared.common + shared.own, normals.customer.T).T
        owed[:, np.searchsorted(self.customers, self.largest.concerned)] += largest.owed
        moved = shared.common + normals.moved / max(self._shares.others, _LEAST)
        others = self._owed[1] + _drawn_at_end(rest.others, sales, moved[None, :], normals.others[None, :])[0]
        return Drawn(receivable, sales @ rest.to_come.billed + largest.billed, owed, others)

    @property
    def _start(self) -> float:
        """What is owed on the day asked, but for what is open of the rest."""
        return self.base.opening.owed + self.base.opening.unapplied - self.rest.opening.owed

    @cached_property
    def _owed(self) -> tuple[Floats, float]:
        """The same, of each customer told apart and of all others."""
        debts = self.rest.opening.debts
        owed = owed_by_customer(self.base)
        owed -= sum_by_code(debts.customer, debts.amount, len(owed))
        return owed[self.customers], float(owed[self._others].sum())

    @cached_property
    def _others(self) -> Codes:
        """Positions of the customers who are not told apart, but for who may have come to the file after the day."""
        return np.setdiff1d(customers_counted(self.base), self.customers)

    @cached_property
    def _shares(self) -> "_Shares":
        amounts, whole = (_amounts(base, self.asked.horizon)[base.concerned] for base in (self.rest, self.base))
        share = np.zeros(len(self.base.laws.customers))
        share[self.rest.concerned] = amounts / max(amounts.sum(), _LEAST)
        others = share[self._others]
        evenly = (whole**2).sum() / max(whole.sum() ** 2, _LEAST)
        return _Shares(share[self.customers], float(others.sum()), float(np.sqrt((others**2).sum())), float(evenly))

    @cached_property
    def _rests(self) -> list[Rest]:
        return [self._rest(policy) for policy in self.asked.policies]

    def _rest(self, policy: Policy) -> Rest:
        outlook = Outlook(self.rest, self.asked.growth, self.asked.horizon)
        to_come = ByIssue.of(outlook, policy)
        opening = self.rest.opening.moved(reminders_of_opening(self.rest, policy))
        brought, unit = outlook.under(policy), self.base.sales_risk.unit
        paid = _Paid(opening, brought.sales, self.asked.horizon)
        by_chance = paid.variance + unit * np.maximum(brought.by_week.apart, 0.0)  # and of who buys
        named = OwedAtEnd.of(self.rest, policy, self.asked, self.customers, self._step)
        everybody = OwedAtEnd(
            opening=paid.open_[-1:],
            issued=(to_come.billed - to_come.settled).sum(axis=1)[None, :],
            variance=paid.variance[-1:] + unit * brought.by_week.squares_owed,
            slope=(paid.later(self._step) - paid.later(-self._step))[-1:] / (2 * self._step),
        )
        common, own = self._moved(paid)
        chance = np.sqrt(by_chance)[:, None] * _correlated(self.rest, to_come)
        return Rest(paid.open_, to_come, common, own, chance, named, everybody.without(named))

    @property
    def _step(self) -> int:
        """Days by which payments are moved to find what a day does: about as many as they move, 1 at the least."""
        return max(round(self.base.shocks.own), 1)

    def _moved(self, paid: "_Paid") -> tuple[Floats, Floats]:
        """What shifts bring, as `Rest.common` and `Rest.own`.

        More nodes than the closed form has: where payments come on one day of the week, three nodes a week apart see
        no change. Both shifts together move the mean; what those of customers one by one add to the variance is as
        the ledger is concentrated, more or less than its amounts are.
        """
        shocks = self.base.shocks
        common, own, both = (
            np.stack([paid.later(float(np.clip(node * days, -shocks.reach + 1, shocks.reach - 1))) for node in _NODES])
            for days in (shocks.common, shocks.own, float(np.hypot(shocks.common, shocks.own)))
        )
        line, bend = (_WEIGHTS * _NODES) @ common, (_WEIGHTS * (_NODES**2 - 1) / 2) @ common
        spread = _WEIGHTS @ (own - _WEIGHTS @ own) ** 2
        apart = self.base.concentration[: self.asked.horizon + 1] / max(self._shares.evenly, _LEAST)
        return np.stack([_WEIGHTS @ both - bend, line, bend]), np.sqrt(spread * apart) / (shocks.own or 1.0)


class _Paid(NamedTuple):
    """What is paid by the customers' laws, of what is open and of what is to come, up to a last day."""

    opening: Opening
    sales: Sales
    horizon: int

    @property
    def open_(self) -> Floats:
        """(days,) what is expected to be owed of what is open on the day asked."""
        return self.opening.owed - self.opening.paid[: self.horizon + 1]

    @property
    def variance(self) -> Floats:
        """(days,) of what is paid, every invoice by its own chance."""
        return np.maximum(self.opening.variance[: self.horizon + 1] + self.sales.variance(), 0.0)

    def later(self, days: float) -> Floats:
        """(days,) what is more owed when all payments come some days later."""
        moved = between(self.opening.paid, self.horizon, days, self.sales.agenda) + self.sales.paid(days)
        return np.asarray(self.opening.paid[: self.horizon + 1] + self.sales.paid() - moved)


class _Shares(NamedTuple):
    """Of the amounts of the rest: of each customer told apart, of all others, the root of the sum of their squares.

    `evenly` is the sum of the squares of the shares of all customers in the whole ledger: their Herfindahl index.
    """

    named: Floats
    others: float
    root: float
    evenly: float


class _Normals(NamedTuple):
    """Draws of a normal law: of each day, of each customer told apart, of all others, and the days these are moved.

    The latter weigh as the others do in the rest.
    """

    day: Floats
    customer: Floats
    others: Floats
    moved: Floats


def _drawn_at_end(owed: OwedAtEnd, sales: Floats, moved: Floats, normal: Floats) -> Floats:
    """(customers, draws) what is owed on the last day."""
    expected = owed.opening[:, None] + owed.issued @ sales.T
    return np.asarray(expected + owed.slope[:, None] * moved + np.sqrt(owed.variance)[:, None] * normal)


def _correlated(base: SimulationBase, to_come: ByIssue) -> Floats:
    """(days, days) what independent normals of each day are multiplied by, to move from day to day as payments do.

    Of an amount a paid by s with probability F(s), what is paid by s and by a later t has covariance a² F(s)(1 − F(t)).
    Amounts of one due date are taken to have one law, and due dates to count by what falls due.
    """
    opened, days = base.opening.everybody, to_come.paid.shape[1]
    today = opened.agenda.last_rank(np.zeros(1, dtype=np.int64))
    day = np.maximum(opened.agenda.day(np.arange(opened.payments.shape[1]) + today), 0)
    row, size = np.arange(len(opened.owed))[:, None], (len(opened.owed), days)
    open_ = by_day(row, np.broadcast_to(day, opened.payments.shape), opened.payments, size)
    owed = np.concatenate([opened.owed, to_come.due])
    paid = np.cumsum(np.vstack([open_, to_come.paid]), axis=1)[owed > HALF_CENT]
    sooner = np.minimum.outer(np.arange(days), np.arange(days))
    covariance = paid.sum(axis=0)[sooner] - (paid / owed[owed > HALF_CENT, None]).T @ paid
    spread = np.sqrt(np.maximum(covariance.diagonal(), 0.0))
    moves = spread > _NEARLY_NONE * spread.max()
    scale = np.divide(1.0, spread, out=np.zeros(days), where=moves)
    correlation = covariance * scale[:, None] * scale
    np.fill_diagonal(correlation, 1.0 + _NEARLY)
    return np.asarray(np.linalg.cholesky(correlation))


def _some(base: SimulationBase, open_: Flags, to_come: Flags) -> SimulationBase:
    """A ledger of some of its debts and of the invoices of its plan only."""
    plan = replace(base.plan, **{name: getattr(base.plan, name)[to_come] for name in _OF_PLAN})
    debts = replace(base.opening.debts, **{name: getattr(base.opening.debts, name)[open_] for name in _OF_DEBTS})
    cells = gather(plan, base.laws, np.ones(len(plan.issue), dtype=bool))
    return replace(base, plan=plan, opening=Opening.made_of(debts), cells=cells)


def _amounts(base: SimulationBase, horizon: int) -> Floats:
    """(customers of the laws,) what each owes, and is expected to buy by the last day."""
    debts, plan, size = base.opening.debts, base.plan, len(base.laws.customers)
    return sum_by_code(debts.customer, debts.amount, size) + sum_by_code(
        plan.customer, plan.amount * (plan.issue <= horizon), size
    )

"""What is expected of invoices to come: billed, paid, granted, due and overdue by day, policy by policy, added up."""

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import NamedTuple

import numpy as np

from arlib.schema import Days, Flags, Floats, sum_by_code
from arlib.simulation.base import SimulationBase
from arlib.simulation.flows import Moved, Sales
from arlib.simulation.outlook.by_week import ByWeek
from arlib.simulation.outlook.parts import Part, parts_of
from arlib.simulation.policies.policy import TODAY, Policy
from arlib.simulation.policies.scope import Treatment, treatments


@dataclass(frozen=True, eq=False)
class Dues:
    """Due dates granted: a row a day of issue and due date, several of them where rows were added or taken off.

    Attributes:
        issue: day of issue, the day asked being 0.
        due: due date.
        amount: what falls due, without deposits.
        invoices: how many invoices it is the last due date of; none that is all paid by a deposit.
    """

    issue: Days
    due: Days
    amount: Floats
    invoices: Floats


@dataclass(frozen=True, eq=False)
class Expected:
    """What some invoices to come bring; all but `sales` and `dues` are (days,) amounts of each day.

    Attributes:
        billed: issued on the day.
        delivered: what is billed of what today's terms issue on the day: what is delivered, invoiced sooner or not.
        dated: paid on days known beforehand: deposits, discounts taken, direct debits.
        deposits: of these, deposits.
        discounts: granted on the day.
        lost: sales lost.
        invoices: how many are issued.
        never: of what is delivered, never paid by the laws.
        overdue: past due and unpaid at the end of the day.
        sales: what is paid by each customer's own law, with its variance.
        by_week: what each week of the plan brings.
        dues: the due dates granted.
    """

    billed: Floats
    delivered: Floats
    dated: Floats
    deposits: Floats
    discounts: Floats
    lost: Floats
    invoices: Floats
    never: Floats
    overdue: Floats
    sales: Sales
    by_week: ByWeek
    dues: Dues

    def __add__(self, other: "Expected") -> "Expected":
        """Both together."""
        return self._with(other, 1)

    def __sub__(self, other: "Expected") -> "Expected":
        """These without the others, which are some of them."""
        return self._with(other, -1)

    def _with(self, other: "Expected", sign: int) -> "Expected":
        own, theirs = self.dues, other.dues
        dues = Dues(
            issue=np.concatenate([own.issue, theirs.issue]),
            due=np.concatenate([own.due, theirs.due]),
            amount=np.concatenate([own.amount, sign * theirs.amount]),
            invoices=np.concatenate([own.invoices, sign * theirs.invoices]),
        )
        sales = self.sales + other.sales if sign > 0 else self.sales - other.sales
        by_week = self.by_week + other.by_week if sign > 0 else self.by_week - other.by_week
        by_day = {name: getattr(self, name) + sign * getattr(other, name) for name in _BY_DAY}
        return Expected(**by_day, sales=sales, by_week=by_week, dues=dues)


_LEAST_SHARE = 1e-6  # of one invoice: no less is treated otherwise
_BY_DAY = ("billed", "delivered", "dated", "deposits", "discounts", "lost", "invoices", "never", "overdue")


class Addend(NamedTuple):
    """Invoices under one set of levers, added or, where others replace them, taken off."""

    treatment: Treatment
    added: bool = True


@dataclass(frozen=True, eq=False)
class Outlook:
    """Where expectations are taken: a ledger, how its sales grow, how far ahead.

    Attributes:
        base: the ledger, prepared.
        growth: of sales, a year; None where they stay at their learnt level.
        horizon: the last day.
        within: (invoices,) those of the plan that are looked at; all of them by default.
    """

    base: SimulationBase
    growth: float | None
    horizon: int
    within: Flags | None = None

    @property
    def today(self) -> Expected:
        """What all invoices to come bring under today's terms."""
        return self._brought(Treatment(self._everybody, TODAY))

    def under(self, policy: Policy) -> Expected:
        """What all invoices to come bring under a policy; `today` itself where it changes none of them."""
        first, *others = self.addends(policy)
        total = self._brought(first.treatment)
        for other in others:
            brought = self._brought(other.treatment)
            total = total + brought if other.added else total - brought
        return total

    def addends(self, policy: Policy) -> list[Addend]:
        """What adds up to a policy: where it is not for all, today's terms less those of its invoices; and its own."""
        everybody, met = self._everybody, [self._restricted(each) for each in treatments(self.base, policy)]
        after = [Addend(each) for each in met if each.chosen.any()]
        if after and sum(_count(each.treatment.chosen) for each in after) > _count(everybody) - _LEAST_SHARE:
            return after
        before = [Addend(Treatment(each.treatment.chosen, TODAY), added=False) for each in after]
        return [Addend(Treatment(everybody, TODAY)), *before, *after]

    @property
    def _everybody(self) -> Flags:
        return np.ones(len(self.base.plan.issue), dtype=bool) if self.within is None else self.within

    def _restricted(self, treatment: Treatment) -> Treatment:
        if self.within is None:
            return treatment
        return treatment._replace(chosen=np.where(self.within, treatment.chosen, treatment.chosen.dtype.type(0)))

    def _brought(self, treatment: Treatment) -> Expected:
        if treatment.policy is not TODAY:
            return self._added_up(treatment)
        key = (self.base.selected(treatment.chosen), self.growth, self.horizon)
        return self.base.as_today.get(key, lambda: self._added_up(treatment))

    def _added_up(self, treatment: Treatment) -> Expected:
        return reduce(add, map(self._of, parts_of(self.base, treatment, self.growth)))

    def _of(self, part: Part) -> Expected:
        """What one part brings."""
        issue, amount, invoices = part.line.issue, part.amount, part.invoices * part.kept
        deposit, owed = part.paid_by.deposit, 1 - part.paid_by.deposit
        billed = self._laid(issue, amount)
        dated, granted, late = self._dated(part)
        sales = self._by_law(part)
        return Expected(
            billed=billed,
            delivered=self._laid(part.cells.issue, amount),
            dated=dated,
            deposits=deposit * billed,
            discounts=granted,
            lost=self._laid(issue, part.cells.billed * part.grown * part.policy.lost_sales_share),
            invoices=self._laid(issue, invoices),
            never=self._laid(part.cells.issue, part.never * owed),
            overdue=late + sales.overdue,
            sales=sales,
            by_week=ByWeek.of(part, self.base.weeks, self.horizon),
            dues=Dues(issue, part.line.due, amount * owed, invoices * (owed > 0)),
        )

    def _dated(self, part: Part) -> tuple[Floats, Floats, Floats]:
        """What is paid on days known beforehand, the discounts granted then, what of it all is past due meanwhile."""
        by = part.paid_by
        paid, granted = np.zeros((2, self.horizon + 1))
        late = np.cumsum(self._laid(part.past_due, part.never * (by.discount + by.direct_debit)))
        for each, amount in part.dated:
            settled = self._laid(each.day, amount)
            paid += settled * (1 - each.granted)
            granted += settled * each.granted
            if each.kind == "direct_debit":
                late += np.cumsum(self._laid(np.minimum(part.past_due, each.day), amount) - settled)
        return paid, granted, late

    def _by_law(self, part: Part) -> Sales:
        """What is paid by each customer's own law.

        A deposit is a part of each invoice, as a line is; who takes a discount or pays by direct debit are some of the
        invoices, and lost sales are others.
        """
        each = 1 - part.paid_by.deposit
        return Moved(
            cells=part.cells,
            factor=part.grown * each,
            issue=part.line.issue,
            due=part.line.counted_from,
            lateness=part.policy.lateness_factor,
            share=part.kept * part.paid_by.own_law / each if each else 0.0,
            reminded_after=part.reminded_after,
            contractual=part.line.due,
        ).sales(self.horizon, self.base.shocks.reach)

    def _laid(self, day: Days, amount: Floats) -> Floats:
        """(days,) the sum by day of amounts, up to the horizon."""
        seen = day <= self.horizon
        return sum_by_code(day[seen], amount[seen], self.horizon + 1)


def _count(chosen: Flags | Floats) -> float:
    """How many invoices, parts of one counting as such."""
    return float(np.count_nonzero(chosen) if chosen.dtype == bool else chosen.sum())

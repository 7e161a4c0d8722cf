"""What is drawn: the chance of each invoice, the shifts its payment shares with others, how far sales are off plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from arlib.behaviour.survival import DAYS as GRID
from arlib.behaviour.survival import FIRST_DAY
from arlib.calendar import WEEK
from arlib.schema import Codes, Days, Floats, day_number, sum_by_code
from arlib.simulation.asked import Asked
from arlib.simulation.base import SimulationBase
from arlib.simulation.draws.who_buys import who_buys
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.flows.opening import Reminders
from arlib.simulation.flows.stretched import late_moved
from arlib.simulation.flows.sums import DueLaws
from arlib.simulation.outlook.lines import lines_of, shares_of_lines
from arlib.simulation.outlook.parts import dated_of, reminded_since
from arlib.simulation.policies.policy import TODAY, Policy
from arlib.simulation.policies.scope import Treatment, reminders_of_opening, treatments
from arlib.simulation.sales.plan import years_ahead

_NEVER = 2**40  # a day nobody comes to
_LEAST = 1e-100  # above 0, to divide by


@dataclass(frozen=True, eq=False)
class Shared:
    """What invoices share in some draws, the same whatever the policy.

    Attributes:
        common: (draws,) days by which all payments move.
        own: (customers, draws) days by which those of each customer do, beside.
        sales: (days of issue, draws) factor on what the plan issues on a day.
    """

    common: Floats
    own: Floats
    sales: Floats

    @classmethod
    def of(cls, base: SimulationBase, customers: Codes, draws: int, rng: np.random.Generator) -> "Shared":
        """What is shared in so many draws, the shifts of some customers told apart."""
        return cls(
            common=rng.normal(0.0, base.shocks.common, draws),
            own=rng.normal(0.0, base.shocks.own, (len(customers), draws)),
            sales=_sales(base, draws, rng),
        )


def _sales(base: SimulationBase, draws: int, rng: np.random.Generator) -> Floats:
    """(days, draws) all sales more or less by one share, and those of each week by its own chance."""
    plan, risk = base.plan, base.sales_risk
    day = np.arange(int(plan.issue.max(initial=0)) + 1)
    sold = sum_by_code(plan.issue // WEEK, plan.amount, int(day[-1]) // WEEK + 1)
    noise = np.sqrt(np.divide(risk.unit, sold, out=np.zeros_like(sold), where=sold > 0))
    level = risk.level * rng.normal(size=draws)
    chance = noise[:, None] * rng.normal(size=(len(sold), draws))
    return np.maximum(1 + level * years_ahead(day, day_number(base.as_of))[:, None] + chance[day // WEEK], 0.0)


@dataclass(frozen=True, eq=False)
class Chances:
    """The random numbers of some invoices, the same whatever the policy.

    Attributes:
        way: (invoices, draws) from 0 to 1: which way an invoice of the plan is paid.
        day: (debts, then invoices; draws) from 0 to 1: when.
        between: the same: which of two days.
        shift: the same: open days by which its payment moves, as many as there are in the days that are shared.
        sales: (invoices, draws) factor on the amount of each invoice of the plan.
        others: (weeks, draws) factor on what the plan's other invoices of each week bill, beside that of its days.
    """

    way: Floats
    day: Floats
    between: Floats
    shift: Days
    sales: Floats
    others: Floats

    @classmethod
    def of(
        cls, base: SimulationBase, shared: Shared, rng: np.random.Generator, others: Floats | None = None
    ) -> "Chances":
        """Those of the invoices of a base, whose customers who owe or buy have their own shifts in what is shared.

        Args:
            base: the ledger, or a part of it.
            shared: what its invoices share.
            rng: where numbers come from.
            others: (weeks,) what the plan sells beside these invoices in each week; nothing by default.
        """
        plan, debts, draws = base.plan, base.opening.debts, len(shared.common)
        place = np.argsort(plan.order)  # the same numbers whatever the order of a file's rows
        rows = np.concatenate([np.argsort(debts.order), place + len(debts.amount)])
        moved = Agenda.of(base.laws).open_days(shared.common + shared.own)
        shift = np.floor(moved + rng.random(shared.own.shape))  # a part of a day is its chance
        who = np.searchsorted(base.concerned, np.concatenate([debts.customer, plan.customer]))
        numbers = ((len(place), place), (len(rows), rows), (len(rows), rows))
        way, day, between = (rng.random((size, draws))[order] for size, order in numbers)
        bought, others_bought = who_buys(base, np.zeros(base.weeks) if others is None else others, draws, rng)
        return cls(
            way=way,
            day=day,
            between=between,
            shift=shift.astype(np.int64)[who],
            sales=shared.sales[plan.issue] * bought,
            others=others_bought,
        )


class Way(NamedTuple):
    """A way in which invoices of the plan change what is owed, in the draws in which it is theirs.

    Attributes:
        invoice: (rows,) position in the plan.
        low: (rows,) the least `Chances.way` in which it is.
        high: (rows,) the first that is no longer.
        amount: (rows,) what is billed, or settled where it is negative.
        day: (rows,) when; of what is paid by a law, the day it is counted from.
        issue: (rows,) day of issue.
        lateness: how many times as late as by the law of the customer; None where the day is known.
        billed: whether the amount is billed.
        reminded_after: the day by whose end nobody is reminded yet.
    """

    invoice: Codes
    low: Floats
    high: Floats
    amount: Floats
    day: Days | Floats
    issue: Days
    lateness: float | None = None
    billed: bool = False
    reminded_after: int = 0


def ways(base: SimulationBase, policy: Policy, growth: float | None) -> Iterator[Way]:
    """What a policy does with the invoices of the plan: each is in one treatment, and settled in one way, by chance."""
    plan = base.plan
    met = treatments(base, policy)
    rest = 1.0 - np.sum([each.chosen for each in met], axis=0) if met else np.ones(len(plan.issue))
    low = np.zeros(len(plan.issue))
    for treatment in (*met, Treatment(rest, TODAY)):
        yield from _ways_of(base, treatment, low, growth)
        low = low + treatment.chosen


def _ways_of(base: SimulationBase, treatment: Treatment, low: Floats, growth: float | None) -> Iterator[Way]:
    plan, agenda, policy = base.plan, Agenda.of(base.laws), treatment.policy
    mine = np.flatnonzero(treatment.chosen)
    share, issue = treatment.chosen[mine].astype(np.float64), plan.issue[mine]
    grown = plan.amount[mine] * plan.grown(issue, agenda.today, growth)
    first = low[mine] + policy.lost_sales_share * share
    kept = share * (1 - policy.lost_sales_share)
    end, left = first + kept, 1 - treatment.paid_by.deposit
    never = DueLaws.never_paid(base.laws, plan.customer[mine], agenda.weekday(plan.due[mine]))
    parts = shares_of_lines(policy.terms, plan.amount)
    for part, line in zip(
        parts, lines_of(policy, agenda.today, issue, plan.due[mine], plan.written[mine]), strict=True
    ):
        amount = grown * (part if isinstance(part, float) else part[mine])
        yield Way(mine, first, end, amount, line.issue, line.issue, billed=True)
        begin = first
        for each in dated_of(line, policy, treatment.paid_by, agenda):
            if each.kind == "deposit":
                yield Way(mine, first, end, -amount * each.share, each.day, line.issue)
            else:
                until = begin + kept * each.share / left
                yield Way(mine, begin, until - (until - begin) * never, -amount * left, each.day, line.issue)
                begin = until
        if treatment.paid_by.own_law:
            by_law = Way(mine, begin, end, -amount * left, line.counted_from, line.issue, policy.lateness_factor)
            yield by_law._replace(reminded_after=treatment.reminded_after)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What some draws come to.

    Attributes:
        changes: (draws, days) of what is owed on each day; the day asked has what is owed on it.
        billed: (draws, days) issued on each day.
        owed: (draws, customers) what each customer who owes or buys owes more on the last day.
    """

    changes: Floats
    billed: Floats
    owed: Floats

    def add(self, customer: Codes, amount: Floats, day: Days, *, billed: bool = False) -> None:
        """Lays down amounts, (rows, draws), on days, (rows, draws) or (rows, 1), up to the last one."""
        days = self.changes.shape[1]
        draw = np.broadcast_to(np.arange(amount.shape[1]), amount.shape)
        seen = (day < days) & (amount != 0)
        place = draw[seen] * days + np.broadcast_to(day, amount.shape)[seen]
        who = np.broadcast_to(customer[:, None], amount.shape)[seen]
        of_day = sum_by_code(place, amount[seen], self.changes.size).reshape(self.changes.shape)
        self.changes[:] += of_day
        self.billed[:] += of_day * billed
        by_customer = draw[seen] * self.owed.shape[1] + who
        self.owed[:] += sum_by_code(by_customer, amount[seen], self.owed.size).reshape(self.owed.shape)


class Drawn(NamedTuple):
    """What a policy comes to in some draws, of the whole ledger.

    Attributes:
        receivable: (draws, days) owed at the end of each day, the day asked first.
        billed: (draws, days) issued on each day.
        owed: (draws, customers) what each owes on the last day, net of credits; any of the largest is among them.
        others: (draws,) what all others owe.
    """

    receivable: Floats
    billed: Floats
    owed: Floats
    others: Floats


def drawn(base: SimulationBase, policy: Policy, asked: Asked, chances: Chances) -> Outcome:
    """What a policy comes to in each draw."""
    plan, debts, who = base.plan, base.opening.debts, base.concerned
    draws = chances.day.shape[1]
    changes, billed = np.zeros((2, draws, asked.horizon + 1))
    outcome = Outcome(changes, billed, np.zeros((draws, len(who))))
    day = _debts_paid_on(base, reminders_of_opening(base, policy).of(debts.customer), chances)
    outcome.add(np.searchsorted(who, debts.customer), np.broadcast_to(-debts.amount[:, None], day.shape), day)
    for way in ways(base, policy, asked.growth):
        mine = (chances.way[way.invoice] >= way.low[:, None]) & (chances.way[way.invoice] < way.high[:, None])
        amount = way.amount[:, None] * chances.sales[way.invoice] * mine
        customer = np.searchsorted(who, plan.customer[way.invoice])
        day = way.day[:, None].astype(np.int64) if way.lateness is None else _paid_on(base, way, chances)
        outcome.add(customer, amount, day, billed=way.billed)
    return outcome


def _paid_on(base: SimulationBase, way: Way, chances: Chances) -> Days:
    """(rows, draws) the day invoices are paid by their customers' laws, none before the first open day once issued."""
    agenda, customer = Agenda.of(base.laws), base.plan.customer[way.invoice]
    row = way.invoice + len(base.opening.debts.amount)
    whole = np.floor(way.day).astype(np.int64)
    part, between = (way.day - whole)[:, None], chances.between[row]
    later = between < part
    between = np.where(later, between / np.maximum(part, _LEAST), (between - part) / (1 - part))  # from 0 to 1 again
    days = np.empty(later.shape, dtype=np.int64)
    for step in (False, True):
        due = whole + step
        late = _open_days_late(base, customer, agenda.weekday(due), chances.day[row])
        rank = agenda.rank(due)[:, None] + chances.shift[row]
        begins = reminded_since(agenda, way.reminded_after, agenda.rank(due))[:, None]
        moved = late_moved(late, begins, way.lateness or 0.0)
        found = _on(agenda, rank, late, moved, between)
        days = np.where(later == step, found, days)
    return np.asarray(np.maximum(days, agenda.open_day(way.issue)[:, None]))


def _debts_paid_on(base: SimulationBase, reminders: Reminders, chances: Chances) -> Days:
    """(debts, draws) the day what is open is paid, given that it is unpaid on the day asked: after it."""
    agenda, debts = Agenda.of(base.laws), base.opening.debts
    today = agenda.last_rank(np.zeros(1, dtype=np.int64))
    size = len(debts.amount)
    ahead = (agenda.rank(debts.due) - today)[:, None]
    late = _open_days_late(base, debts.customer, agenda.weekday(debts.due), chances.day[:size], -ahead[:, 0])
    begins = (agenda.last_rank(reminders.after) - today)[:, None] - ahead
    moved = ahead + late_moved(late, begins, reminders.lateness[:, None])
    whole = np.floor(moved + chances.between[:size]).astype(np.int64)
    rank = np.maximum(np.minimum(whole, 10**6) + chances.shift[:size], 1) + today
    return np.where(late >= _NEVER, _NEVER, agenda.day(rank))


def _on(agenda: Agenda, rank: Days, late: Days, moved: Floats, between: Floats) -> Days:
    """The day so many open days after a rank as `late` is moved to, a part of one by chance."""
    whole = np.floor(moved + between).astype(np.int64)
    return np.where(late >= _NEVER, _NEVER, agenda.day(rank + np.minimum(whole, 10**6)))


def _open_days_late(
    base: SimulationBase, customer: Codes, weekday: Days, chance: Floats, since: Days | None = None
) -> Days:
    """(rows, draws) open days after the due date by each customer's law; given unpaid so many of them after it."""
    late = np.empty(chance.shape, dtype=np.int64)
    for due_on in np.unique(weekday):
        rows = np.flatnonzero(weekday == due_on)
        who, place = np.unique(customer[rows], return_inverse=True)
        law = DueLaws.on(base.laws, int(due_on), who)
        unpaid = law.table
        left = 1 - chance[rows]
        if since is not None:
            column = since[rows] - FIRST_DAY
            left = left * np.where(column < 0, 1.0, unpaid[place, np.clip(column, 0, len(GRID) - 1)])[:, None]
        paid = 1 - unpaid + np.arange(len(who))[:, None]  # laws one after the other: one search for all
        asked = np.minimum(1 - left, 1 - 1e-15) + place[:, None]
        found = np.searchsorted(paid.ravel(), asked, side="right") - place[:, None] * len(GRID)
        late[rows] = np.where(found < len(GRID), found + FIRST_DAY, _NEVER)
    return late

"""How long a policy takes, and how right it is, against drawing every invoice a thousand times with numpy.

    python -m pytest benchmarks/bench_simulation.py -s -k ratios

`test_ratios` prints one table a ledger, everything in one run: the pass (`prepare`, the laws left out, which every
screen shares) over a hundred draws invoice by invoice, with every day open and with weekends closed, where laws and
draws tell the weekdays of due dates apart; a policy, twenty policies, how many times faster than a thousand draws; and
how far means and standard deviations are from draws with both shocks.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pytest
from conftest import generated

from arlib.behaviour import payment_laws
from arlib.ledger import Ledger
from arlib.risk import score_customers
from arlib.schema import Codes, Days, Floats
from arlib.simulation import Policy, SimulationBase, prepare, simulate
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.outlook.curves import policy_curves
from arlib.simulation.sales.risk import SalesRisk
from arlib.terms import NET_60, PaymentTerms

DRAWS, TIMED = 1000, 20
STEPS = 1000  # of chance in the tables of days the draws look up, made outside the time; shared between the weekdays
NEVER = 10_000
FROM = 10  # the first day compared: what is paid sooner is a few invoices


@pytest.fixture(scope="module")
def base(ledger: Ledger) -> SimulationBase:
    return prepare(ledger)


def test_laws(benchmark, ledger):
    assert len(benchmark.pedantic(payment_laws, (ledger,), rounds=3).customers) == len(ledger.customers)


def test_scores(benchmark, ledger):
    assert len(benchmark.pedantic(score_customers, (ledger,), rounds=3)) == len(ledger.customers)


def test_prepare(benchmark, ledger):
    assert benchmark.pedantic(prepare, (ledger,), rounds=3).horizon == 365


@pytest.mark.parametrize("follow_share", [1.0, 0.8])
def test_redraw(benchmark, base, follow_share):
    policy = Policy("60", NET_60, follow_share=follow_share)
    simulation = benchmark.pedantic(simulate, (base, [policy]), rounds=5, warmup_rounds=1)
    assert len(simulation.daily) == 2 * 366


def test_redraw_of_reminders(benchmark, base):
    policy = Policy("reminders", lateness_factor=0.7)
    simulation = benchmark.pedantic(simulate, (base, [policy]), rounds=5, warmup_rounds=1)
    assert len(simulation.daily) == 2 * 366


def test_redraw_for_some_customers(benchmark, base):
    policy = Policy("60", NET_60, customers=tuple(base.laws.customers[::10]))
    simulation = benchmark.pedantic(simulate, (base, [policy]), rounds=3, warmup_rounds=1)
    assert len(simulation.daily) == 2 * 366


def test_ratios(ledger, base, capsys):
    rows = [*_times(ledger, base), *_errors(base)]
    with capsys.disabled():
        print(f"\n{len(base.plan.issue)} invoices to come, {len(base.opening.debts.amount)} open items")  # noqa: T201
        print("\n".join(f"{told:66s}{figure:>12}" for told, figure in rows))  # noqa: T201


def _times(ledger: Ledger, base: SimulationBase) -> list[tuple[str, str]]:
    """The best of a few runs of each, all in milliseconds."""
    twenty = [Policy(str(days), PaymentTerms(days)) for days in range(20, 80, 3)]
    passed, draws = _pass_and_draw(ledger, base)
    policy = _best(lambda: simulate(base, Policy("60", NET_60)))
    all_twenty = _best(lambda: simulate(base, twenty))
    weekdays = generated(int((ledger.items["kind"] == "invoice").sum()), weekends_closed=True)
    closed = prepare(weekdays)
    closed_pass, closed_draws = _pass_and_draw(weekdays, closed)
    closed_policy = _best(lambda: simulate(closed, Policy("60", NET_60)))
    return [
        ("the pass: prepare, without the laws (ms)", f"{passed:,.0f}"),
        ("the pass / 100 draws of the invoices to come", f"{passed / draws / 100:.2f}"),
        ("a policy, with shocks and bands (ms)", f"{policy:.1f}"),
        ("20 policies (ms)", f"{all_twenty:.0f}"),
        ("a policy: times faster than 1,000 draws", f"{1000 * draws / policy:,.0f}"),
        ("the pass and a policy: times faster than 1,000 draws", f"{1000 * draws / (passed + policy):,.1f}"),
        ("weekends closed: the pass (ms)", f"{closed_pass:,.0f}"),
        ("weekends closed: the pass / 100 draws on open days", f"{closed_pass / closed_draws / 100:.2f}"),
        ("weekends closed: the pass / 100 draws where every day is open", f"{closed_pass / draws / 100:.2f}"),
        ("weekends closed: a policy, with shocks and bands (ms)", f"{closed_policy:.1f}"),
    ]


def _pass_and_draw(ledger: Ledger, base: SimulationBase) -> tuple[float, float]:
    """Milliseconds of the pass without the laws, and of one draw of the invoices to come."""
    drawing = Drawing.of(base, 60)
    draws = _best(lambda: [drawing.received(np.random.default_rng(draw)) for draw in range(TIMED)]) / TIMED
    laws = _best(lambda: payment_laws(ledger))
    return _best(lambda: prepare(ledger)) - laws, draws


def _errors(base: SimulationBase) -> list[tuple[str, str]]:
    """What a thousand draws with both shocks receive, against the closed form without the uncertainty of sales."""
    certain = replace(base, sales_risk=SalesRisk(0.0, 0.0, 0.0, 0))
    _, curve = policy_curves(certain, (Policy("60", NET_60),), None, base.horizon)
    drawing, rng = Drawing.of(base, 60), np.random.default_rng(0)
    common = rng.permutation(_normal((np.arange(DRAWS) + 0.5) / DRAWS)) * base.shocks.common
    size = len(base.laws.customers)
    received = np.empty((DRAWS, base.horizon + 1))
    for draw, shock in enumerate(common):
        shift = shock + rng.normal(0, base.shocks.own, size)
        shift = np.floor(shift + rng.random(size)).astype(np.int64)  # a part of a day is that chance of a whole one
        received[draw] = np.cumsum(drawing.received(rng, shift) + drawing.run_off(rng, shift))
    owed = base.opening.owed + np.cumsum(curve.billed)
    mean = np.abs((owed - received.mean(axis=0)) / (owed - curve.paid) - 1)[FROM:]
    spread = np.sqrt(curve.variance)[FROM:] / received.std(axis=0)[FROM:] - 1
    return [
        (f"receivable: mean error against {DRAWS} draws, average / worst day", f"{mean.mean():.3%} / {mean.max():.3%}"),
        ("standard deviation: average / worst day", f"{spread.mean():+.2%} / {np.abs(spread).max():.2%}"),
    ]


@dataclass(frozen=True, eq=False)
class Drawing:
    """Tables to draw the day of payment of each invoice with, one look-up an invoice, and one more on open days.

    Attributes:
        base: what is drawn.
        issue, due, amount, customer: of the invoices to come: first open days, the due date's by its place in `opened`.
        law: (invoices,) the column of `late`.
        late: (steps, weekdays told apart × customers) open days after the due date.
        opened: the open days, from the first one on which anything is paid; empty where every day is.
    """

    base: SimulationBase
    issue: Days
    due: Days
    amount: Floats
    customer: Codes
    law: Codes
    late: Days
    opened: Days

    @classmethod
    def of(cls, base: SimulationBase, days: int) -> "Drawing":
        """Those of invoices due so many days after their issue."""
        laws, plan, agenda, size = base.laws, base.plan, Agenda.of(base.laws), len(base.laws.customers)
        first = plan.issue <= base.horizon
        issue, customer = plan.issue[first], plan.customer[first]
        due = issue + days
        chance = (np.arange(STEPS // agenda.weekdays) + 0.5) / (STEPS // agenda.weekdays)
        late = np.empty((len(chance), agenda.weekdays * size), dtype=np.int64)
        for column in np.array_split(np.arange(agenda.weekdays * size), 100):
            weekday, who = np.divmod(column, size)
            unpaid = laws.due_weekdays.unpaid_by(who, weekday)
            late[:, column] = _days(unpaid, np.tile(chance, (len(who), 1)), laws.days)
        law = agenda.weekday(due) * size + customer
        opened = np.zeros(0, dtype=np.int64)
        if laws.calendar.weekends_closed:
            rank = agenda.rank(due)
            before = int(rank.min()) + int(laws.days[0])
            due, opened = rank - before, agenda.day(np.arange(before, int(rank.max()) + NEVER + 1))
        return cls(base, agenda.open_day(issue), due, plan.amount[first], customer, law, late, opened)

    def received(self, rng: np.random.Generator, shift: Days | None = None) -> Floats:
        """(days,) what invoices to come bring on each day, in one draw."""
        day = self.due + self.late[rng.integers(len(self.late), size=len(self.law)), self.law]
        if len(self.opened):
            day = self.opened[day]
        day = np.maximum(day if shift is None else day + shift[self.customer], self.issue)
        return self._by_day(day, self.amount)

    @cached_property
    def left(self) -> Days:
        """(steps, open items) days ahead; every day is open."""
        laws, debts = self.base.laws, self.base.opening.debts
        now = -debts.due - laws.days[0]
        standing = np.where(now < 0, 1.0, laws.unpaid[debts.customer, np.clip(now, 0, len(laws.days) - 1)])
        few = (np.arange(STEPS // 5) + 0.5) / (STEPS // 5)
        left = np.empty((STEPS // 5, len(debts.amount)), dtype=np.int64)
        for part in np.array_split(np.arange(len(debts.amount)), 100):
            paid = 1 - standing[part, None] * (1 - few)
            left[:, part] = _days(laws.unpaid[debts.customer[part]], paid, laws.days) + debts.due[part]
        return left

    def run_off(self, rng: np.random.Generator, shift: Days) -> Floats:
        """(days,) what open items bring on each day, in one draw."""
        debts, steps = self.base.opening.debts, len(self.left)
        day = self.left[rng.integers(steps, size=len(debts.amount)), np.arange(len(debts.amount))]
        return self._by_day(np.maximum(day + shift[debts.customer], 1), debts.amount)

    def _by_day(self, day: Days, amount: Floats) -> Floats:
        seen = day <= self.base.horizon
        return np.bincount(day[seen], amount[seen], self.base.horizon + 1)


def _days(unpaid: Floats, chance: Floats, days: Days) -> Days:
    """(steps, laws) the day by which each law has paid a share, out of reach where it never does."""
    laws = np.arange(len(unpaid))[:, None]
    found = np.searchsorted((laws + 1 - unpaid).ravel(), (laws + chance).ravel()).reshape(chance.shape)
    return np.ascontiguousarray(np.append(days, NEVER)[np.minimum(found - laws * len(days), len(days))].T)


def _normal(chance: Floats) -> Floats:
    """Normal quantiles, by their table: the shocks in common are drawn once a step of chance."""
    grid = np.linspace(-6, 6, 200_001)
    density = np.exp(-(grid**2) / 2)
    return np.interp(chance, np.cumsum(density) / density.sum(), grid)


def _best(run: Callable[[], object], rounds: int = 5) -> float:
    """Milliseconds of the fastest of some runs."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begun)
    return 1000 * min(taken)

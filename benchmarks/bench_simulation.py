"""How long a redraw takes, against drawing every invoice a thousand times with numpy.

    python -m pytest benchmarks/bench_simulation.py

The baseline is what a user would write: 20 draws a round, so multiply its time by 50 for the usual thousand.
"""

import numpy as np
import pytest

from arlib.behaviour import payment_laws
from arlib.ledger import Ledger
from arlib.risk import score_customers
from arlib.simulation import Policy, SimulationBase, prepare, simulate
from arlib.terms import NET_60

DRAWS = 20


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


def test_redraw_for_some_customers(benchmark, base):
    policy = Policy("60", NET_60, customers=tuple(base.laws.customers[::10]))
    simulation = benchmark.pedantic(simulate, (base, [policy]), rounds=3, warmup_rounds=1)
    assert len(simulation.daily) == 2 * 366


def test_redraw_by_numpy_draws(benchmark, base):
    """The same question, by drawing the day of payment of each invoice to come, twenty times.

    A table of each customer's delays at 200 steps of chance, made outside the time, makes a draw one look-up.
    """
    plan, laws = base.plan, base.laws
    first = plan.issue <= base.horizon
    customer, issue, amount = plan.customer[first], plan.issue[first], plan.amount[first]
    delays = np.stack([np.nan_to_num(laws.quantile(chance), nan=10_000) for chance in (np.arange(200) + 0.5) / 200])
    rng = np.random.default_rng(2)

    def draws():
        received = np.zeros((DRAWS, base.horizon + 1))
        for draw in range(DRAWS):
            late = delays[rng.integers(200, size=len(customer)), customer].astype(np.int64)
            day = np.maximum(issue + 60 + late, issue)
            seen = day <= base.horizon
            received[draw] = np.bincount(day[seen], amount[seen], base.horizon + 1)
        return received

    assert benchmark.pedantic(draws, rounds=3).sum() > 0

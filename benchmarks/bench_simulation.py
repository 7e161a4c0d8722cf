"""How long a redraw takes, against drawing every invoice a thousand times with numpy.

    python -m pytest benchmarks/bench_simulation.py

The baseline is what a user would write: 20 draws a round, so multiply its time by 50 for the usual thousand.
"""

import numpy as np
import pandas as pd
import pytest

from arlib.behaviour import payment_laws
from arlib.ledger import Ledger
from arlib.risk import score_customers
from arlib.simulation import Policy, SimulationBase, prepare, simulate
from arlib.terms import NET_60

DRAWS = 20
SIZES = {"small": (12_000, 300), "large": (1_000_000, 20_000)}


@pytest.fixture(scope="module", params=SIZES)
def ledger(request) -> Ledger:
    """Three years of invoices of skewed customers, each with its own term and gamma delay, paid or open."""
    invoices, customers = SIZES[request.param]
    rng = np.random.default_rng(1)
    share = rng.pareto(1.2, customers) + 0.2
    customer = rng.choice(customers, invoices, p=share / share.sum())
    issued = np.datetime64("2023-01-01") + rng.integers(0, 1096, invoices)
    due = issued + rng.choice([0, 30, 45, 60], customers)[customer]
    late = np.rint(rng.gamma(2, rng.uniform(1, 15, customers)[customer]) - 5).astype(int)
    paid_on = np.maximum(issued, due + late)
    names = np.char.add("C", np.arange(customers).astype(str)).astype(object)
    debits = pd.DataFrame({"item_id": np.arange(invoices) + 1, "customer_id": names[customer], "kind": "invoice"})
    debits = debits.assign(issued_on=issued, booked_on=issued, due_on=due, amount=rng.gamma(1, 1000, invoices).round(2))
    debits["amount"] += 10
    paid = paid_on <= np.datetime64("2025-12-31")
    credits_ = debits[paid].assign(kind="payment", booked_on=paid_on[paid], amount=lambda items: -items["amount"])
    credits_["item_id"] += invoices
    matches = pd.DataFrame({"debit_id": debits["item_id"][paid], "credit_id": credits_["item_id"]})
    matches = matches.assign(amount=debits["amount"][paid], matched_on=paid_on[paid], method="official")
    return Ledger(
        items=pd.concat([debits, credits_], ignore_index=True),
        matches=matches,
        customers=pd.DataFrame({"customer_id": names}),
        controls=pd.DataFrame(),
        currency="EUR",
        covers=(pd.Timestamp("2023-01-01"), pd.Timestamp("2025-12-31")),
    )


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

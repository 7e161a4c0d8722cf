"""Delays of every customer with open invoices counted, against the same in pandas and against a sort of the days.

    python -m pytest benchmarks/bench_delays.py

The pandas way is a groupby on (customer, day), as one would write it; a test below compares the two.
"""

import numpy as np
import pandas as pd
import pytest

from arlib.measures.delays import days_late, delay_history, payment_survival
from arlib.measures.delays.groups import groups_of
from arlib.measures.delays.invoices import invoices_of
from arlib.measures.delays.kaplan_meier import kaplan_meier


@pytest.fixture(scope="module")
def durations(ledger):
    """Days late of each invoice, paid or open, by customer."""
    invoices = invoices_of(ledger)
    codes, groups = groups_of(ledger, invoices, "customer_id")
    return invoices.durations("due", codes, len(groups))


def by_pandas(durations):
    """The share unpaid after each day, by customer: counts by groupby, then running sums and products."""
    rows = pd.DataFrame({"group": durations.group, "day": durations.days, "paid": durations.paid.astype(int)})
    steps = rows.groupby(["group", "day"])["paid"].agg(["sum", "size"])
    left = steps.groupby("group")["size"].transform("sum") - steps.groupby("group")["size"].cumsum() + steps["size"]
    return (1 - steps["sum"] / left).groupby("group").cumprod()


def test_kaplan_meier_of_every_customer(benchmark, durations):
    curves = benchmark.pedantic(lambda: kaplan_meier(durations).first_day(0.5), rounds=5)
    assert np.isfinite(curves).any()


def test_kaplan_meier_of_every_customer_by_pandas(benchmark, durations):
    unpaid = benchmark.pedantic(by_pandas, (durations,), rounds=2)
    assert unpaid.to_numpy() == pytest.approx(kaplan_meier(durations).unpaid, abs=1e-9)


def test_sort_of_as_many_numbers(benchmark, durations):
    benchmark.pedantic(np.sort, (durations.group * 4096 + durations.days,), rounds=5)


def test_days_late_of_every_customer(benchmark, ledger):
    assert len(benchmark.pedantic(days_late, (ledger,), {"by": "customer_id"}, rounds=3))


def test_delay_history(benchmark, ledger):
    assert len(benchmark.pedantic(delay_history, (ledger,), rounds=3)) == 36


def test_payment_survival(benchmark, ledger):
    assert len(benchmark.pedantic(payment_survival, (ledger,), rounds=3))

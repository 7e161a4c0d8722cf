"""DSO of 36 month ends, of the whole ledger and of every customer, against rolling sums and groups in pandas.

    python -m pytest benchmarks/bench_dso.py

Each pair answers the same question; the pandas ways are compared with ours on the last day.
"""

import numpy as np
import pandas as pd
import pytest
from bench_aging import by_pandas

from arlib.measures.dso import dso, dso_history, dso_methods, month_ends
from arlib.measures.sales import sales_to


@pytest.fixture(scope="module")
def dates(ledger):
    return month_ends(ledger, months=36)


def sold(items):
    return items["kind"].isin(["invoice", "credit_note"])


def rolling_dso(ledger, dates):
    """Sales of 90 days as a rolling sum of each customer's days of sale, what it owes as a cumulated one."""
    items = ledger.items
    invoices = items[sold(items)]
    ends = pd.MultiIndex.from_product([invoices["customer_id"].unique(), dates], names=["customer_id", "issued_on"])
    by_day = invoices.groupby(["customer_id", "issued_on"])["amount"].sum()
    by_day = by_day.reindex(by_day.index.union(ends), fill_value=0.0).reset_index("customer_id")
    window = by_day.groupby("customer_id")["amount"].rolling("90D").sum().loc[ends]
    owed = items.pivot_table(index="booked_on", columns="customer_id", values="amount", aggfunc="sum").fillna(0.0)
    owed = owed.cumsum().reindex(dates, method="ffill").unstack()
    return owed.rename_axis(window.index.names).reindex(window.index) / window * 90


def counted_back(months):
    """The count-back of one customer at one month end, a month after the other."""
    left, days = months["owed"].iloc[-1], 0.0
    if left < -0.005:
        return np.nan
    for sold, length in zip(months["sold"].iloc[::-1], months["days"].iloc[::-1], strict=True):
        if left <= 0.005 or sold <= 0:
            break
        days, left = days + min(left / sold, 1.0) * length, left - sold
    return days if left <= 0.005 else np.nan


def test_dso_of_the_whole_ledger(benchmark, ledger, dates):
    assert benchmark.pedantic(dso_history, (ledger, dates), rounds=3)["dso"].notna().sum() >= 33


def test_dso_of_every_customer(benchmark, ledger, dates):
    history = benchmark.pedantic(dso_history, (ledger, dates), {"by": "customer_id"}, rounds=3)
    assert history["as_of"].nunique() == 36


def test_dso_of_every_customer_by_rolling_in_pandas(benchmark, ledger, dates):
    """The simple DSO alone, where ours has four measures."""
    days = benchmark.pedantic(rolling_dso, (ledger, dates), rounds=1).xs(dates[-1], level="issued_on")
    ours = dso_history(ledger, dates[-1:], by="customer_id").set_index("customer_id")["dso"].dropna()
    assert days.reindex(ours.index).to_numpy() == pytest.approx(ours.to_numpy(), rel=1e-6, abs=0.01)


def test_dso_of_every_customer_and_its_parts_in_pandas(benchmark, ledger, dates):
    """The same table as ours but for the count-back: what is not due and what is overdue are aged a date at a time."""

    def measure():
        return rolling_dso(ledger, dates), by_pandas(ledger, dates)

    _, aged = benchmark.pedantic(measure, rounds=1)
    assert len(aged) == len(dates)


def test_counting_every_customer_back_by_groups_in_pandas(benchmark, ledger, dates):
    """A fiftieth of the customers: all of them would take minutes."""
    customers = sorted(ledger.items["customer_id"].unique())[::50]
    items = ledger.items[ledger.items["customer_id"].isin(customers)]

    def count():
        grid = items.assign(month=items["booked_on"].dt.to_period("M"), sold=items["amount"].where(sold(items), 0.0))
        grid = grid.groupby(["customer_id", "month"])[["amount", "sold"]].sum()
        every = pd.MultiIndex.from_product([customers, pd.PeriodIndex(dates, freq="M")], names=grid.index.names)
        grid = grid.reindex(every, fill_value=0.0).round(2)
        grid["owed"] = grid.groupby("customer_id")["amount"].cumsum().round(2)
        grid["days"] = grid.index.get_level_values("month").days_in_month
        groups = grid.groupby("customer_id")
        return [groups.apply(lambda months, n=n: counted_back(months.iloc[:n])) for n in range(1, len(dates) + 1)]

    last = benchmark.pedantic(count, rounds=1)[-1]
    ours = dso_history(ledger, dates[-1:], by="customer_id").set_index("customer_id")["countback_dso"]
    assert last.to_numpy() == pytest.approx(ours.reindex(last.index).to_numpy(), rel=1e-6, abs=0.01, nan_ok=True)


def test_sales_of_a_window_of_every_customer(benchmark, ledger, dates):
    amounts, _ = benchmark.pedantic(sales_to, (ledger, dates), {"days": 90, "by": "customer_id"}, rounds=3)
    assert amounts.shape[1] == 36


def test_one_day(benchmark, ledger):
    assert benchmark.pedantic(dso, (ledger,), rounds=3) > 0


def test_every_method_of_a_day(benchmark, ledger):
    assert len(benchmark.pedantic(dso_methods, (ledger,), rounds=1)) == 12

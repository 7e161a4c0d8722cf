"""The aged balance and DSO of 36 month-ends, against a filter and a groupby a date, as one would write in pandas.

    python -m pytest benchmarks/bench_measures.py

Both answer the same question; a test below compares their totals.
"""

import pandas as pd
import pytest

from arlib import aged_balance_history, dso_history, month_ends, open_items

BINS, LABELS = [-100_000, 0, 30, 60, 90, 100_000], ["not_due", "1-30", "31-60", "61-90", "91+"]


def by_pandas(ledger, dates):
    """A date at a time: what is booked and not yet settled, cut into buckets."""
    settled_on = ledger.matches.set_index("debit_id")["matched_on"]
    invoices = ledger.items[ledger.items["amount"] > 0].assign(
        settled_on=lambda items: items["item_id"].map(settled_on)
    )
    parts = []
    for date in dates:
        opened = invoices[(invoices["booked_on"] <= date) & ~(invoices["settled_on"] <= date)]
        late = pd.cut((date - opened["due_on"]).dt.days, BINS, labels=LABELS)
        parts.append(opened.groupby(["customer_id", late], observed=False)["amount"].sum().unstack().assign(as_of=date))
    return pd.concat(parts)


@pytest.fixture(scope="module")
def dates(ledger):
    return month_ends(ledger, months=36)


def test_aged_balance_of_every_customer(benchmark, ledger, dates):
    aged = benchmark.pedantic(aged_balance_history, (ledger, dates), {"by": "customer_id"}, rounds=3)
    assert aged["as_of"].nunique() == 36


def test_aged_balance_of_every_customer_by_pandas(benchmark, ledger, dates):
    aged = benchmark.pedantic(by_pandas, (ledger, dates), rounds=1)
    ours = aged_balance_history(ledger, dates[-1:])
    assert aged.loc[aged["as_of"] == dates[-1], LABELS].sum().tolist() == pytest.approx(ours[LABELS].iloc[0].tolist())


def test_dso_of_every_month(benchmark, ledger, dates):
    assert benchmark.pedantic(dso_history, (ledger, dates), rounds=3)["dso"].notna().sum() >= 33


def test_open_items_of_a_past_day(benchmark, ledger):
    assert len(benchmark.pedantic(open_items, (ledger, "2025-06-30"), rounds=3))

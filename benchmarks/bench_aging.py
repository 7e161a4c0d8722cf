"""The aged balance at 36 month-ends and at one day, against what a user would write with pandas and numpy.

    python -m pytest benchmarks/bench_aging.py -s

Each size runs in a process of its own and prints a row: seconds, then ratios. The first call sorts the movements by
customer, which the ledger keeps; the next ones do not. Memory is the peak of what the first call allocates, with what
it keeps, plus the ledger, in times the ledger.

What ours is compared with, each at its best, from columns prepared outside the time:
- `pandas`: at each date, the items booked by it less what matches have settled, grouped by customer and bucket.
- `expert`: the same from the rows ours starts from, which say from which day to which each part of an item is open.
- `pass`: one day by numpy: the bucket of each of these rows, and one `bincount` by customer and bucket.
- `bincount`: that `bincount` alone, from keys and amounts at hand.
"""

import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest
from conftest import generated

from arlib import aged_balance, aged_balance_history, month_ends, open_items
from arlib.ledger import Ledger, movements
from arlib.schema import NO_DAY, day_numbers

BUCKETS = ["not_due", "1-30", "31-60", "61-90", "91+", "no_due_date", "unapplied"]
SIZES = {100_000: 2, 1_000_000: 3, 10_000_000: 14}  # invoices, and the free memory they need, in GB


def seconds(call: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def prepared(ledger: Ledger) -> pd.DataFrame:
    """What is open from a day until another, a row a part of an item that one match settles, in no order."""
    moved = movements(ledger)
    sides = [
        pd.DataFrame({"customer": side.group, "since": side.since, "until": side.until, "amount": side.amount}).assign(
            due=side.due, credit=side is moved.credits
        )
        for side in (moved.debits, moved.credits)
    ]
    return pd.concat(sides, ignore_index=True).sample(frac=1, random_state=1, ignore_index=True)


def bucket_on(rows: pd.DataFrame, day: int) -> np.ndarray:
    bucket = np.searchsorted([1, 31, 61, 91], day - rows["due"].to_numpy(), side="right")
    bucket[rows["due"].to_numpy() == NO_DAY] = 5
    bucket[rows["credit"].to_numpy()] = 6
    return bucket


def by_pandas(ledger: Ledger, dates: list[pd.Timestamp]) -> list[pd.DataFrame]:
    items = ledger.items[["item_id", "customer_id", "booked_on", "due_on", "amount"]].set_index("item_id")
    parts = []
    for date in dates:
        known = ledger.matches[ledger.matches["matched_on"] <= date]
        settled = [known.groupby(side)["amount"].sum() for side in ("debit_id", "credit_id")]
        opened = items[items["booked_on"] <= date]
        rest = opened["amount"].sub(settled[0], fill_value=0).add(settled[1], fill_value=0)
        opened = opened[rest.abs() > 0.005].assign(rest=rest)
        bucket = np.searchsorted([1, 31, 61, 91], (date - opened["due_on"]).dt.days, side="right")
        bucket = np.where(opened["amount"] < 0, 6, np.where(opened["due_on"].isna(), 5, bucket))
        parts.append(opened.groupby(["customer_id", bucket])["rest"].sum().unstack(fill_value=0.0))
    return parts


def by_expert(rows: pd.DataFrame, days: np.ndarray) -> list[pd.DataFrame]:
    parts = []
    for day in days.tolist():
        opened = rows[(rows["since"] <= day) & (rows["until"] > day)]
        parts.append(opened.groupby(["customer", bucket_on(opened, day)])["amount"].sum().unstack(fill_value=0.0))
    return parts


def by_pass(rows: pd.DataFrame, day: int, customers: int) -> np.ndarray:
    key = rows["customer"].to_numpy() * len(BUCKETS) + bucket_on(rows, day)
    opened = (rows["since"].to_numpy() <= day) & (rows["until"].to_numpy() > day)
    return np.bincount(key, rows["amount"].to_numpy() * opened, customers * len(BUCKETS)).reshape(customers, -1)


def size_of(ledger: Ledger) -> int:
    return sum(int(getattr(ledger, name).memory_usage(deep=True).sum()) for name in ("items", "matches", "customers"))


def peak_of(call: Callable[[], object]) -> int:
    """Bytes a call needs at most beside what is held already."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def measured(invoices: int) -> dict[str, float]:
    """Everything about one size, in a process of its own."""
    ledger = generated(invoices)
    dates = month_ends(ledger, months=36)
    days = day_numbers(pd.Series(dates))

    def history() -> pd.DataFrame:
        return aged_balance_history(ledger, dates, by="customer_id")

    own, peak = size_of(ledger), peak_of(history)
    ledger = replace(ledger)  # one that has sorted nothing yet
    rounds = 5 if invoices <= 1_000_000 else 2
    found = {
        "first": seconds(history, 1),
        "next": seconds(history, rounds),
        "day": seconds(lambda: aged_balance(ledger, dates[-3]), 2 * rounds),
        "memory": (own + peak) / own,
    }
    if invoices > 1_000_000:
        return found
    rows, customers, day = prepared(ledger), len(movements(ledger).groups), int(days[-3])
    ours = aged_balance_history(ledger, [dates[-3]], by="customer_id")[BUCKETS].to_numpy()
    assert np.allclose(by_pass(rows, day, customers), ours, atol=0.011)
    assert np.allclose(by_pandas(ledger, [dates[-3]])[0].sum().sum(), ours.sum())
    key, amount = rows["customer"].to_numpy() * len(BUCKETS) + bucket_on(rows, day), rows["amount"].to_numpy()
    return found | {
        "pandas": seconds(lambda: by_pandas(ledger, dates), 1),
        "expert": seconds(lambda: by_expert(rows, days), 2),
        "pass": seconds(lambda: by_pass(rows, day, customers), 2 * rounds),
        "bincount": seconds(lambda: np.bincount(key, amount, customers * len(BUCKETS)), 2 * rounds),
    }


@pytest.mark.parametrize("invoices", SIZES)
def test_aged_balance(invoices):
    if psutil.virtual_memory().available < SIZES[invoices] * 1024**3:
        pytest.skip(f"{SIZES[invoices]} GB of free memory are needed")
    program = "import json, sys; from bench_aging import measured; print(json.dumps(measured(int(sys.argv[1]))))"
    command = [sys.executable, "-c", program, str(invoices)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent)  # noqa: S603
    found = json.loads(run.stdout)
    print(f"\n{invoices:,} invoices, {found['memory']:.2f} x the memory of the ledger")  # noqa: T201
    print(f"36 month-ends: {found['first']:.3f} s first, {found['next']:.3f} s next")  # noqa: T201
    print(f"one day: {found['day']:.4f} s")  # noqa: T201
    for name in ("pandas", "expert"):
        if name in found:
            first, later = found[name] / found["first"], found[name] / found["next"]
            print(f"{name} {found[name]:.2f} s: {first:.1f} x the first, {later:.1f} x the next")  # noqa: T201
    for name in ("pass", "bincount"):
        if name in found:
            print(f"{name} {found[name]:.4f} s: one day takes {found['day'] / found[name]:.1f} x that")  # noqa: T201
    assert found["memory"] > 1


def test_open_items_of_a_past_day(benchmark, ledger):
    assert len(benchmark.pedantic(open_items, (ledger, "2025-06-30"), rounds=3))

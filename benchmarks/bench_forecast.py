"""How fast cash is forecast, and how well, at past closings of published invoice lists and of the samples.

    python -m pytest benchmarks/bench_forecast.py    times, on generated ledgers
    python benchmarks/bench_forecast.py FOLDER       the table of errors and coverage, on the lists in FOLDER

FOLDER holds `ibm_late_payment/*.csv` and `highradius/closed_customers_half1.csv` with `open_items_sampleA.csv`; what is
absent is left out. Closings every ten days, wherever thirteen weeks after can be judged: overlapping, so that what
happens once is seen from several days, and on all days of the week. Then the share of weeks and of totals the band
holds on small ledgers: 5, 15 and 40 customers of each, drawn by lot from those with eight invoices and more.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from bench_risk import highradius_ledger

from arlib.ledger import Ledger
from arlib.readers import read_ledger
from arlib.samples import load_sample
from arlib.schema import day_number, to_dates
from arlib.simulation.forecast import ForecastBacktest, backtest_forecast, forecast_cash

EVERY = 10  # days
WEEKS = (1, 2, 4, 8, 13)
CUSTOMERS, DRAWS, FEWEST_INVOICES = (5, 15, 40), 3, 8


def test_forecast(benchmark, ledger):
    assert len(benchmark.pedantic(forecast_cash, (ledger,), rounds=2).weekly) == 13


def test_backtest(benchmark, ledger):
    assert len(benchmark.pedantic(backtest_forecast, (ledger,), rounds=1).closings) == 13


def every_ten_days(ledger: Ledger) -> list[pd.Timestamp]:
    first, last = day_number(ledger.covers[0]), day_number(ledger.covers[1])
    return list(to_dates(np.arange(last - 91, first, -EVERY)))


def table_of(found: ForecastBacktest) -> str:
    """A row a number of weeks: the forecast's error by week / due dates' / mean delays', of totals likewise."""
    lines = [f"{'weeks':>7}{'by week':>24}{'in total':>24}{'bias':>8}{'weeks held':>12}{'totals held':>13}"]
    for weeks in WEEKS:
        rows = found.totals[found.totals["weeks"] == weeks].set_index("model")
        own = rows.loc["expected"]
        by_week, total = (" / ".join(f"{value:.3f}" for value in rows[name]) for name in ("wape", "total_error"))
        held = f"{own['coverage']:12.2f}{own['total_coverage']:13.2f}"
        lines.append(f"{weeks:7}{by_week:>24}{total:>24}{own['bias']:+8.3f}{held}")
    return "\n".join(lines)


def report(name: str, ledger: Ledger) -> None:
    closings = every_ten_days(ledger)
    for future_sales in (True, False):
        found = backtest_forecast(ledger, closings, future_sales=future_sales)
        what = "with sales to come" if future_sales else "of what is open"
        days = f"{len(found.closings)} closings, {found.closings[0]:%Y-%m-%d} to {found.closings[-1]:%Y-%m-%d}"
        print(f"\n{name}, {what}: {days}\nforecast / due dates / due dates and mean delays\n{table_of(found)}")  # noqa: T201
    report_small(name, ledger)


def of_customers(ledger: Ledger, count: int, seed: int) -> Ledger:
    """The items and matches of some customers."""
    items, matches = ledger.items, ledger.matches
    invoices = items.loc[items["kind"] == "invoice", "customer_id"].value_counts()
    several = np.sort(invoices.index[invoices >= FEWEST_INVOICES].to_numpy(dtype=object))
    drawn = np.random.default_rng(seed).choice(several, min(count, len(several)), replace=False)
    kept = items[items["customer_id"].isin(drawn)]
    theirs = matches["debit_id"].isin(kept["item_id"]) & matches["credit_id"].isin(kept["item_id"])
    customers = ledger.customers[ledger.customers["customer_id"].isin(drawn)]
    return replace(
        ledger,
        items=kept.reset_index(drop=True),
        matches=matches[theirs].reset_index(drop=True),
        customers=customers.reset_index(drop=True),
    )


def report_small(name: str, ledger: Ledger) -> None:
    """Weeks held up to 4, 8 and 13 weeks / totals held, the mean of some ledgers drawn by lot."""
    for count in CUSTOMERS:
        drawn = [of_customers(ledger, count, seed) for seed in range(DRAWS)]
        totals = pd.concat([backtest_forecast(each, every_ten_days(each)).totals for each in drawn])
        own = totals[(totals["model"] == "expected") & (totals["weeks"] >= WEEKS[2])]
        held = own.groupby("weeks")[["coverage", "total_coverage"]].mean()
        by_week, total = (" ".join(f"{share:.2f}" for share in held[column]) for column in held)
        print(f"{name}, {count} customers: weeks held {by_week}, totals held {total}")  # noqa: T201


def main(folder: Path) -> None:
    for path in sorted(folder.glob("ibm_late_payment/*.csv")):
        report("IBM", read_ledger(pd.read_csv(path, dtype="str")))
    closed, opened = (folder / "highradius" / name for name in ("closed_customers_half1.csv", "open_items_sampleA.csv"))
    if closed.exists() and opened.exists():
        report("HighRadius (invoice dates imputed)", highradius_ledger(closed, opened))
    for name in ("negoce", "groupe"):
        report(name, load_sample(name))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

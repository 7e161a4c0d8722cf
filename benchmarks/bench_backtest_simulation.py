"""How far the simulation was off on past closings, how often its band held, and what it beats.

    python benchmarks/bench_backtest_simulation.py FOLDER

A table a horizon: the samples, the public lists of FOLDER (as in `bench_risk.py`; what is absent is left out), and
ledgers made with known laws: flat sales, shocks that last, growth and season, customers who come and go, few and
uneven invoices.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from bench_risk import USUAL_TERM, usual_terms

from arlib.ledger import Ledger
from arlib.readers import read_ledger
from arlib.samples import load_sample
from arlib.simulation.backtest import backtest_simulation

HORIZONS = (30, 60, 91, 182, 365)
LAST = np.datetime64("2025-12-31")
YEARS = 4


@dataclass(frozen=True)
class Law:
    """How the customers of a made ledger buy and pay.

    Shocks common to all have a standard deviation of `common` days and are correlated by `lasting` with the month
    before; sales grow by `growth` a year, with a `season` of so much more or less; a share `changing` of customers come
    or go, or both; amounts are the more `uneven` the larger the spread of their logarithm.
    """

    customers: int = 80
    common: float = 3.0
    lasting: float = 0.5
    growth: float = 0.0
    season: float = 0.0
    changing: float = 0.0
    uneven: float = 1.0


KNOWN = {
    "flat": Law(),
    "lasting shocks": Law(common=6.0, lasting=0.8),
    "growth, season": Law(growth=0.15, season=0.3),
    "comings, goings": Law(changing=0.5),
    "few, uneven": Law(customers=25, uneven=1.6),
}


def highradius(closed: Path, opened: Path) -> Ledger:
    """The closed list, each invoice issued its customer's usual term before its due date."""
    table = pd.read_csv(closed, dtype="str")
    customer, due = table["cust_number"].str.lstrip("0"), pd.to_datetime(table["due_in_date"])
    term = customer.map(usual_terms(opened)).fillna(USUAL_TERM)
    columns = {
        "customer number": customer,
        "invoice number": np.arange(len(table)).astype(str),
        "invoice date": (due - pd.to_timedelta(term, unit="D")).dt.strftime("%Y-%m-%d"),
        "due date": due.dt.strftime("%Y-%m-%d"),
        "amount": table["total_open_amount"],
        "payment date": table["clear_date"],
    }
    return read_ledger(pd.DataFrame(columns), currency="USD")


def known_laws(law: Law, seed: int) -> Ledger:
    """Four years of invoices, about one a customer and month.

    Each is late by its customer's mean, a shock of the month common to all, one of its customer's own (5 days) and
    chance (5 days).
    """
    rng, months, customers = np.random.default_rng(seed), np.arange(12 * YEARS), law.customers
    come = np.where(rng.random(customers) < law.changing, rng.integers(0, len(months), customers), 0)
    gone = np.where(rng.random(customers) < law.changing, come + rng.integers(1, len(months), customers), len(months))
    there = (months >= come[:, None]) & (months < gone[:, None])
    customer, month = np.repeat(np.nonzero(there), rng.poisson(1.0, there.sum()), axis=1)
    first = LAST.astype("datetime64[M]") - len(months) + 1
    issued = (first + month).astype("datetime64[D]") + rng.integers(0, 28, len(month))
    trend = (1 + law.growth) ** (month / 12) * (1 + law.season * np.sin(2 * np.pi * month / 12))
    amount = 1000 * rng.lognormal(0, 1.2, customers)[customer] * rng.lognormal(0, law.uneven, len(month)) * trend
    due = issued + rng.choice([30, 45, 60], customers)[customer]
    fell = (due.astype("datetime64[M]") - first).astype(np.int64)
    late = rng.uniform(0, 15, customers)[customer] + rng.normal(0, 5, len(month))
    late += shocks(rng, len(months) + 3, law)[fell]
    late += rng.normal(0, 5, (customers, len(months) + 3))[customer, fell]
    paid = np.maximum(issued, due + np.rint(late).astype(int))
    columns = {
        "customer": customer.astype(str),
        "invoice number": np.arange(len(month)).astype(str),
        "invoice date": np.datetime_as_string(issued),
        "due date": np.datetime_as_string(due),
        "amount": amount.round(2).astype(str),
        "payment date": np.where(paid <= LAST, np.datetime_as_string(paid), ""),
    }
    return read_ledger(pd.DataFrame(columns), currency="EUR")


def shocks(rng: np.random.Generator, months: int, law: Law) -> np.ndarray:
    """One a month, each correlated with the one before."""
    drawn = rng.normal(0, law.common, months)
    for month in range(1, months):
        drawn[month] = law.lasting * drawn[month - 1] + np.sqrt(1 - law.lasting**2) * drawn[month]
    return drawn


def ledgers(folder: Path) -> Iterator[tuple[str, Ledger]]:
    for name in ("negoce", "groupe"):
        yield name, load_sample(name)
    for path in sorted(folder.glob("ibm_late_payment/*.csv")):
        yield "IBM", read_ledger(pd.read_csv(path, dtype="str"))
    closed, opened = (folder / "highradius" / name for name in ("closed_customers_half1.csv", "open_items_sampleA.csv"))
    if closed.exists() and opened.exists():
        yield "HighRadius", highradius(closed, opened)
    for seed, (name, law) in enumerate(KNOWN.items()):
        yield name, known_laws(law, seed)


def row(name: str, ledger: Ledger, horizon: int) -> str:
    """The errors, bias and coverage of all weeks up to a horizon, and the share of naive errors avoided."""
    found = backtest_simulation(ledger, horizon=horizon)
    if not found.closings:
        return f"{name:18}{'not tested':>12}"
    of = found.overall.set_index("measure")
    errors = f"{of.error_share['receivable']:10.1%}{of.bias_share['receivable']:+8.1%}{of.error['dso']:8.1f}"
    errors += f"{of.error_share['cash']:8.1%}{of.bias_share['cash']:+8.1%}{of.bias_share['sales']:+8.1%}"
    held = "".join(f"{of.coverage[measure]:9.0%}" for measure in ("receivable", "dso", "cash"))
    skill = "".join(f"{of[f'skill_{naive}']['dso']:+9.0%}" for naive in ("unchanged", "last_dso", "contractual"))
    return f"{name:18}{len(found.closings):4}{errors}{held}{skill}"


def main(folder: Path) -> None:
    tested = list(ledgers(folder))
    for horizon in HORIZONS:
        print(f"\n{horizon} days: errors and bias of receivable, DSO (days), cash; bias of sales; share the band held")  # noqa: T201
        heads = ("owed", "bias", "DSO", "cash", "bias", "sales", "owed", "DSO", "cash", "stays", "DSO", "due")
        widths = (10, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9)
        print(" " * 22 + "".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True)))  # noqa: T201
        for name, ledger in tested:
            print(row(name, ledger, horizon))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Receipts against ten times as many open items, at two sizes, against what a user would write with pandas.

    python -m pytest benchmarks/bench_receipts.py -s

Prints a row a size: seconds, the ratio to the yardstick, the share of receipts matched automatically and how many of
them are right. The yardstick finds what needs no thought: a reference as the ledger writes it, taken out of the text
with a regular expression and joined, then the payer's exact name and exact amount joined; nothing that is misread,
shortened, grouped or ambiguous, and no check that an item is used once.
"""

import time

import numpy as np
import pandas as pd
import pytest

from arlib.collection.receipts import match_receipts
from arlib.ledger import Ledger

SIZES = {"small": 10_000, "large": 100_000}  # receipts; ten times as many open items
ITEMS_A_RECEIPT, ITEMS_A_CUSTOMER = 10, 25
DAY = np.datetime64("2025-12-31")
_FIRST = ("Brasserie", "Boulangerie", "Atelier", "Garage", "Menuiserie", "Transports", "Clinique", "Librairie", "Ferme")
_SYLLABLES = (
    *("ker", "val", "mon", "bri", "tre", "lou", "ploe", "gar", "ens", "vil", "dor", "mar"),
    *("ches", "tou", "lan", "fer", "noy", "sau", "ber", "cou", "rin", "dal", "pey"),
)


def drawn(receipts: int) -> tuple[Ledger, pd.DataFrame, pd.DataFrame]:
    """A ledger of open invoices, receipts that pay some of them in many styles, and the truth: receipt, item."""
    rng = np.random.default_rng(1)
    count = receipts * ITEMS_A_RECEIPT
    customers = pd.DataFrame({"customer_id": [f"C{number:06d}" for number in range(count // ITEMS_A_CUSTOMER)]})
    customers["name"] = _names(rng, len(customers))
    items = _items(rng, customers, count)
    controls = items[["booked_on", "amount"]].assign(account="411000")
    covers = (pd.Timestamp("2025-01-01"), pd.Timestamp(DAY))
    matches = pd.DataFrame({"debit_id": [], "credit_id": [], "amount": [], "matched_on": [], "method": []})
    matches = matches.astype(
        {"debit_id": "int64", "credit_id": "int64", "matched_on": "datetime64[s]", "method": "str"}
    )
    ledger = Ledger(items, matches, customers, controls, "EUR", covers)
    rows, truth = _receipts(rng, ledger, receipts)
    return ledger, rows, truth


def _names(rng: np.random.Generator, count: int) -> list[str]:
    parts = rng.choice(_SYLLABLES, (count, 6))
    return [f"{_FIRST[i % len(_FIRST)]} {''.join(p[:3]).title()} {''.join(p[3:]).title()}" for i, p in enumerate(parts)]


def _items(rng: np.random.Generator, customers: pd.DataFrame, count: int) -> pd.DataFrame:
    owner = rng.integers(0, len(customers), count)
    issued = np.datetime64("2025-07-01") + np.sort(rng.integers(0, 140, count))
    return pd.DataFrame(
        {
            "item_id": np.arange(1, count + 1),
            "customer_id": customers["customer_id"].array.take(owner),
            "kind": "invoice",
            "reference": [f"FA25-{number:07d}" for number in range(1, count + 1)],
            "issued_on": issued,
            "booked_on": issued,
            "due_on": issued + 30,
            "amount": (rng.gamma(1, 1000, count) + 20).round(2),
        }
    )


def _receipts(rng: np.random.Generator, ledger: Ledger, receipts: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Half name one invoice, a tenth three; one in twelve with a slip; the rest name none."""
    items = ledger.items
    size = np.where(rng.random(receipts) < 0.1, 3, 1)
    order = items.sort_values(["customer_id", "due_on", "item_id"], ignore_index=True)
    starts = np.sort(rng.choice(len(order) // 4, receipts, replace=False)) * 4
    size = np.where(
        order["customer_id"].to_numpy()[starts] == order["customer_id"].to_numpy()[starts + size - 1], size, 1
    )
    receipt = np.repeat(np.arange(receipts), size)
    place = np.repeat(starts, size) + np.arange(len(receipt)) - np.repeat(np.cumsum(size) - size, size)
    chosen = order.iloc[place]
    number = chosen["reference"].str.slice(5).to_numpy(object)
    style = rng.integers(0, 4, receipts)[receipt]
    slip = rng.random(len(number)) < 1 / 12
    at = rng.integers(2, 7, len(number))
    slipped = [_slipped(*each) if slips else each[0] for slips, *each in zip(slip, number, at, strict=True)]
    forms = ["FA25-{}", "FA25{}", "25 {}", "fact {}"]
    written = pd.Series([forms[s].format(n) for s, n in zip(style, slipped, strict=True)])
    texts = written.groupby(receipt).agg(" ".join).to_numpy(object)
    silent = rng.random(receipts) < 0.3
    payer = (
        ledger.customers.set_index("customer_id")["name"].reindex(chosen["customer_id"]).str.upper().str.slice(0, 27)
    )
    rows = pd.DataFrame(
        {
            "receipt_id": np.arange(1, receipts + 1),
            "received_on": DAY - rng.integers(0, 10, receipts),
            "amount": np.round(np.bincount(receipt, chosen["amount"].to_numpy()), 2),
            "currency": "EUR",
            "payer": payer.to_numpy(object)[np.cumsum(size) - size],
            "remittance": np.where(silent, "REGLEMENT", texts),
        }
    )
    return rows, pd.DataFrame({"receipt_id": receipt + 1, "item_id": chosen["item_id"].to_numpy()})


def _slipped(number: str, at: int) -> str:
    """A number with a letter for a digit, or without one."""
    return number[:at] + ("OISB"[at % 4] if at % 2 else "") + number[at + 1 :]


def by_pandas(ledger: Ledger, rows: pd.DataFrame) -> pd.DataFrame:
    """References as the ledger writes them, then names and amounts."""
    known = ledger.items[["item_id", "customer_id", "reference", "amount"]]
    found = rows["remittance"].str.extractall(r"(FA25-?\d{7})")[0].reset_index(level=1, drop=True).rename("reference")
    named = rows.join(found, how="inner").merge(known, on="reference")
    names = ledger.customers.assign(payer=ledger.customers["name"].str.upper().str.slice(0, 27))
    rest = rows[~rows["receipt_id"].isin(named["receipt_id"])]
    paid = rest.merge(names[["customer_id", "payer"]], on="payer").merge(known, on=["customer_id", "amount"])
    return pd.concat([named, paid])[["receipt_id", "item_id"]]


def seconds(call) -> tuple[float, object]:
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


@pytest.mark.parametrize("size", SIZES)
def test_receipts(size):
    ledger, rows, truth = drawn(SIZES[size])
    ours, found = seconds(lambda: match_receipts(ledger, rows))
    theirs, _ = seconds(lambda: by_pandas(ledger, rows))
    automatic = found.proposals[found.proposals["automatic"]]
    sets = automatic.groupby("receipt_id")["item_id"].agg(lambda ids: tuple(sorted(ids)))
    true = truth.groupby("receipt_id")["item_id"].agg(lambda ids: tuple(sorted(ids)))
    right = (sets == true.reindex(sets.index)).mean()
    share = len(sets) / len(rows)
    told = f"{ours:6.1f} s {ours / theirs:5.1f} x pandas, {share:.2%} automatic, {right:.2%} of them right"
    print(f"\n{len(rows):>9,} receipts {len(ledger.items):>10,} items {told}")  # noqa: T201

"""Small ledgers for tests: from a table a person can check by hand, or drawn at random by Hypothesis."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from arlib.ledger import Ledger
from arlib.samples import load_sample


@cache
def sample_ledger(name: str) -> Ledger:
    """A sample of `arlib.samples`, read once for all tests of a process: nothing is written in a ledger."""
    return load_sample(name)


def ledger_of(table: str, *, covers: tuple[str, str] | None = None, currency: str = "EUR") -> Ledger:
    """A ledger from a table with a heading row, cells separated by `|`.

    Columns: `customer, kind, issued, due, amount`, and optionally `booked` and `pays`: the line numbers (from 1) this
    movement settles, each for as much as both still hold; `settled_on` dates the match, else the later booking does.
    """
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line.strip()]
    frame = pd.DataFrame(rows[1:], columns=rows[0]).replace("", None)
    issued = pd.to_datetime(frame["issued"])
    booked = pd.to_datetime(frame["booked"]).fillna(issued) if "booked" in frame else issued
    items = pd.DataFrame(
        {
            "item_id": np.arange(1, len(frame) + 1),
            "customer_id": frame["customer"],
            "kind": frame["kind"],
            "reference": [f"F{line}" for line in range(1, len(frame) + 1)],
            "issued_on": issued,
            "booked_on": booked,
            "due_on": pd.to_datetime(frame["due"]),
            "amount": frame["amount"].astype("float64"),
            "disputed": frame["disputed"].notna() if "disputed" in frame else False,
        }
    )
    pays = frame["pays"] if "pays" in frame else pd.Series(dtype="str")
    return of_items(items, _matches(items, pays), covers=covers, currency=currency)


def of_items(
    items: pd.DataFrame, matches: pd.DataFrame, *, covers: tuple[str, str] | None = None, currency: str = "EUR"
) -> Ledger:
    """A ledger of items and matches, with the customers and the controls that follow from them."""
    customers = pd.DataFrame({"customer_id": sorted(items["customer_id"].unique())})
    customers["name"] = "Client " + customers["customer_id"]
    controls = items[["booked_on", "amount"]].assign(account="411000")
    first, last = covers or (items["booked_on"].min(), items["booked_on"].max())
    return Ledger(items, matches, customers, controls, currency, (pd.Timestamp(first), pd.Timestamp(last)))


def _matches(items: pd.DataFrame, pays: "pd.Series[Any]") -> pd.DataFrame:
    left = dict(zip(items["item_id"], items["amount"], strict=True))
    booked = dict(zip(items["item_id"], items["booked_on"], strict=True))
    rows = []
    for credit, targets in zip(items["item_id"], pays, strict=False):
        for debit in map(int, str(targets).split(",")) if pd.notna(targets) else ():
            amount = min(left[debit], -left[credit])
            left[debit] -= amount
            left[credit] += amount
            rows.append((debit, credit, amount, max(booked[debit], booked[credit]), "official"))
    return pd.DataFrame(rows, columns=["debit_id", "credit_id", "amount", "matched_on", "method"])


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Any small ledger: invoices, credit notes, payments before and after, partial, unmatched, without due dates."""
    count = draw(st.integers(1, 12))
    day = st.integers(0, 400).map(lambda days: pd.Timestamp("2023-01-01") + pd.Timedelta(days=days))
    cents = st.integers(1, 10**7)
    rows = []
    for _ in range(count):
        issued = draw(day)
        kind = draw(st.sampled_from(["invoice", "invoice", "payment", "credit_note"]))
        amount = draw(cents) / 100
        rows.append(
            {
                "customer_id": draw(st.sampled_from("ABC")),
                "kind": kind,
                "issued_on": issued,
                "booked_on": issued + pd.Timedelta(days=draw(st.integers(0, 40))),
                "due_on": issued + pd.Timedelta(days=draw(st.integers(0, 90))) if draw(st.booleans()) else pd.NaT,
                "amount": amount if kind == "invoice" else -amount,
            }
        )
    items = pd.DataFrame(rows).assign(item_id=np.arange(1, count + 1))
    chosen = [str(draw(st.integers(1, count))) if draw(st.booleans()) else None for _ in range(count)]
    owner, amounts = items.set_index("item_id")["customer_id"], items.set_index("item_id")["amount"]
    valid = [
        target
        if target and amounts[credit] < 0 < amounts[int(target)] and owner[credit] == owner[int(target)]
        else None
        for credit, target in zip(items["item_id"], chosen, strict=True)
    ]
    matches = _matches(items, pd.Series(valid, dtype="object"))
    return of_items(items, matches[matches["amount"] > 0.004], covers=("2023-01-01", "2024-06-30"))


def scaled(ledger: Ledger, factor: float) -> Ledger:
    """The same ledger with every amount multiplied."""
    frames = {
        name: getattr(ledger, name).assign(amount=lambda frame: frame["amount"] * factor)
        for name in ("items", "matches", "controls")
    }
    return Ledger(**frames, customers=ledger.customers, currency=ledger.currency, covers=ledger.covers)


def shuffled(ledger: Ledger, seed: int) -> Ledger:
    """The same ledger with its rows in another order."""
    names = ("items", "matches", "controls")
    frames = {name: getattr(ledger, name).sample(frac=1, random_state=seed) for name in names}
    return Ledger(**frames, customers=ledger.customers, currency=ledger.currency, covers=ledger.covers)


def known_by(ledger: Ledger, day: str | pd.Timestamp) -> Ledger:
    """What of a ledger was in the accounts on a day: everything later is gone, as if the file ended there."""
    items = ledger.items[ledger.items["booked_on"] <= pd.Timestamp(day)]
    ids, matches = items["item_id"], ledger.matches[ledger.matches["matched_on"] <= pd.Timestamp(day)]
    known = matches[matches["debit_id"].isin(ids) & matches["credit_id"].isin(ids)]
    return Ledger(items, known, ledger.customers, ledger.controls, ledger.currency, ledger.covers)

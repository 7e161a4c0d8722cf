"""Ledgers of invoices and the day each was paid, for the tests of behaviour, risk and simulation."""

import io

import numpy as np
import pandas as pd

from arlib.ledger import Ledger
from arlib.readers import read_ledger

DATES = ("issued_on", "due_on", "paid_on")


def from_text(table: str, **others) -> Ledger:
    """A ledger from a small table: customer_id, issued_on, due_on, amount, paid_on, apart by spaces; `-` is none."""
    return from_frame(pd.read_csv(io.StringIO(table.strip()), sep=r"\s+", na_values="-"), **others)


def from_frame(invoices: pd.DataFrame, *, customers: pd.DataFrame | None = None, until: str = "2025-12-31") -> Ledger:
    """A ledger from a frame of the same columns, `kind` of what settles an invoice (payment) among the optional."""
    made = invoices.reset_index(drop=True)
    for name in DATES:
        made[name] = pd.to_datetime(made[name])
    made["item_id"] = np.arange(len(made)) + 1
    settled = made[made["paid_on"].notna()]
    credit_ids = settled["item_id"] + len(made)
    debits = made.assign(kind="invoice", booked_on=made["issued_on"]).drop(columns="paid_on")
    kinds = settled["settled_by"] if "settled_by" in made else "payment"
    credits_ = pd.DataFrame(
        {
            "item_id": credit_ids,
            "customer_id": settled["customer_id"],
            "kind": kinds,
            "issued_on": settled["paid_on"],
            "booked_on": settled["paid_on"],
            "amount": -settled["amount"],
        }
    )
    matches = pd.DataFrame(
        {
            "debit_id": settled["item_id"],
            "credit_id": credit_ids,
            "amount": settled["amount"],
            "matched_on": settled[["issued_on", "paid_on"]].max(axis=1),
            "method": "official",
        }
    )
    if customers is None:
        customers = pd.DataFrame({"customer_id": made["customer_id"].unique()})
    return Ledger(
        items=pd.concat([debits.drop(columns="settled_by", errors="ignore"), credits_], ignore_index=True),
        matches=matches,
        customers=customers,
        controls=pd.DataFrame(),
        currency="EUR",
        covers=(made["issued_on"].min(), pd.Timestamp(until)),
    )


def random_invoices(seed: int, *, customers: int = 8, invoices: int = 400, days: int = 720) -> pd.DataFrame:
    """Invoices over two years to the end of 2025, each customer late by its own gamma law, a few never paid."""
    rng = np.random.default_rng(seed)
    customer = rng.integers(customers, size=invoices)
    issued = pd.Timestamp("2025-12-31") - pd.to_timedelta(rng.integers(0, days, size=invoices), unit="D")
    granted = rng.choice([0, 30, 45, 60], size=customers)[customer]
    late = np.rint(rng.gamma(2.0, rng.uniform(1, 15, size=customers)[customer]) - 5)
    due = issued + pd.to_timedelta(granted, unit="D")
    paid = np.maximum(issued, due + pd.to_timedelta(late, unit="D"))
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{code}" for code in customer],
            "issued_on": issued,
            "due_on": due,
            "amount": rng.gamma(1.0, 1000.0, size=invoices).round(2) + 10,
            "paid_on": paid,
        }
    )
    frame.loc[rng.random(invoices) < 0.02, "paid_on"] = pd.NaT
    frame["paid_on"] = frame["paid_on"].where(frame["paid_on"] <= "2025-12-31")
    return frame


def undated(invoices: pd.DataFrame) -> Ledger:
    """The ledger of a list of the same invoices that does not date them, as some publish theirs."""
    columns = {
        "customer number": invoices["customer_id"],
        "invoice number": np.arange(len(invoices)).astype(str),
        "due date": invoices["due_on"].dt.strftime("%Y-%m-%d"),
        "amount": invoices["amount"].astype(str),
        "payment date": invoices["paid_on"].dt.strftime("%Y-%m-%d").fillna(""),
    }
    return read_ledger(pd.DataFrame(columns), currency="EUR")


def future_changed(ledger: Ledger, day: str) -> Ledger:
    """The same ledger until a day, and nonsense after it: other amounts, kinds and dates, matches reversed."""
    after_item = (ledger.items["booked_on"] > day).to_numpy()
    after_match = (ledger.matches["matched_on"] > day).to_numpy()
    items, matches = ledger.items.copy(), ledger.matches[~after_match].copy()
    items.loc[after_item, "booked_on"] += pd.Timedelta(days=17)
    items.loc[after_item, "due_on"] = pd.Timestamp("2030-01-01")
    items.loc[after_item, "issued_on"] = items.loc[after_item, "booked_on"]
    items.loc[after_item, "amount"] *= 7
    items.loc[after_item & (items["kind"] == "payment").to_numpy(), "kind"] = "write_off"
    return Ledger(items, matches, ledger.customers, ledger.controls, ledger.currency, ledger.covers)


def large_and_small(later: float, *, customers: int = 12, invoices: int = 40, seed: int = 1) -> pd.DataFrame:
    """Each customer pays its small invoices of 100 like those of 1,900, but for so many days later; 20 % are large."""
    rng = np.random.default_rng(seed)
    size = customers * invoices
    customer = np.repeat(np.arange(customers), invoices)
    due = pd.Timestamp("2025-11-30") - pd.to_timedelta(rng.integers(0, 300, size), unit="D")
    large = rng.random(size) < 0.2
    late = np.rint(rng.gamma(2.0, 1 + customer / 2) + later * large)
    paid = pd.Series(due + pd.to_timedelta(late, unit="D"))
    return pd.DataFrame(
        {
            "customer_id": [f"C{code}" for code in customer],
            "issued_on": due - pd.Timedelta(days=30),
            "due_on": due,
            "amount": np.where(large, 1900.0, 100.0),
            "paid_on": paid.where(paid <= "2025-12-31"),
        }
    )

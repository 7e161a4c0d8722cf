"""The ledgers the benchmarks share."""

import numpy as np
import pandas as pd
import pytest

from arlib.ledger import Ledger

SIZES = {"small": 12_000, "large": 1_000_000}
INVOICES_A_CUSTOMER = 50
LAST = np.datetime64("2025-12-31")


@pytest.fixture(scope="session", params=SIZES)
def ledger(request) -> Ledger:
    return generated(SIZES[request.param])


def generated(invoices: int, *, customers: int | None = None, weekends_closed: bool = False) -> Ledger:
    """Three years of invoices of skewed customers, each with its own term and gamma delay.

    Payments are made on any day, or on the first open one where weekends are closed. One in five is settled in two
    parts, a quarter of those by a credit note; one payment in two hundred is matched with nothing. About 2.1 items an
    invoice.
    """
    rng = np.random.default_rng(1)
    customers = customers or max(invoices // INVOICES_A_CUSTOMER, 300)
    debits, late = _invoices(rng, invoices, customers)
    due, issued = (debits[name].to_numpy("datetime64[D]") for name in ("due_on", "issued_on"))
    first_on, then_on = (np.maximum(issued, due + late) + after for after in (0, 20))
    if weekends_closed:
        first_on, then_on = (np.busday_offset(day, 0, "forward") for day in (first_on, then_on))
    split = rng.random(invoices) < 0.2
    first = (debits["amount"].to_numpy() * np.where(split, 0.6, 1.0)).round(2)
    rest = (debits["amount"].to_numpy() - first).round(2)
    noted = np.where(rng.random(invoices) < 0.25, "credit_note", "payment")
    parts = [
        _settling(debits, first, first_on, np.full(invoices, "payment"), first_on <= LAST),
        _settling(debits, rest, then_on, noted, split & (then_on <= LAST)),
    ]
    settling = pd.concat(parts, ignore_index=True)
    settling["item_id"] = np.arange(len(settling)) + invoices + 1
    matched = settling[rng.random(len(settling)) >= 0.005]
    matches = pd.DataFrame({"debit_id": matched["_debit"], "credit_id": matched["item_id"]})
    matches = matches.assign(amount=-matched["amount"], matched_on=matched["booked_on"], method="official")
    return Ledger(
        items=pd.concat([debits, settling.drop(columns="_debit")], ignore_index=True),
        matches=matches,
        customers=pd.DataFrame({"customer_id": _names(customers)}),
        controls=pd.DataFrame(),
        currency="EUR",
        covers=(pd.Timestamp("2023-01-01"), pd.Timestamp(LAST)),
    )


def _invoices(rng: np.random.Generator, invoices: int, customers: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Invoices, and how many days after its due date each is paid."""
    share = rng.pareto(1.2, customers) + 0.2
    customer = rng.choice(customers, invoices, p=share / share.sum())
    issued = np.datetime64("2023-01-01") + rng.integers(0, 1096, invoices)
    due = issued + rng.choice([0, 30, 45, 60], customers)[customer]
    late = np.rint(rng.gamma(2, rng.uniform(1, 15, customers)[customer]) - 5).astype(int)
    debits = pd.DataFrame({"item_id": np.arange(invoices) + 1, "customer_id": _names(customers).take(customer)})
    amount = rng.gamma(1, 1000, invoices).round(2) + 10
    return debits.assign(kind="invoice", issued_on=issued, booked_on=issued, due_on=due, amount=amount), late


def _names(customers: int) -> "pd.api.extensions.ExtensionArray":
    return pd.array([f"C{number}" for number in range(customers)], dtype="str")


def _settling(debits: pd.DataFrame, amount, booked_on, kind, kept) -> pd.DataFrame:
    """What settles invoices: payments and credit notes, negative, with the invoice each belongs to."""
    return pd.DataFrame(
        {
            "_debit": debits["item_id"].to_numpy()[kept],
            "customer_id": debits["customer_id"].array[kept],
            "kind": kind[kept],
            "issued_on": booked_on[kept],
            "booked_on": booked_on[kept],
            "amount": -amount[kept],
        }
    )

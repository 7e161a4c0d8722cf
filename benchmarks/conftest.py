"""The ledgers the benchmarks share."""

import numpy as np
import pandas as pd
import pytest

from arlib.ledger import Ledger

SIZES = {"small": (12_000, 300), "large": (1_000_000, 20_000)}


@pytest.fixture(scope="session", params=SIZES)
def ledger(request) -> Ledger:
    """Three years of invoices of skewed customers, each with its own term and gamma delay, paid or open."""
    invoices, customers = SIZES[request.param]
    rng = np.random.default_rng(1)
    share = rng.pareto(1.2, customers) + 0.2
    customer = rng.choice(customers, invoices, p=share / share.sum())
    issued = np.datetime64("2023-01-01") + rng.integers(0, 1096, invoices)
    due = issued + rng.choice([0, 30, 45, 60], customers)[customer]
    late = np.rint(rng.gamma(2, rng.uniform(1, 15, customers)[customer]) - 5).astype(int)
    paid_on = np.maximum(issued, due + late)
    names = np.char.add("C", np.arange(customers).astype(str)).astype(object)
    debits = pd.DataFrame({"item_id": np.arange(invoices) + 1, "customer_id": names[customer], "kind": "invoice"})
    debits = debits.assign(issued_on=issued, booked_on=issued, due_on=due, amount=rng.gamma(1, 1000, invoices).round(2))
    debits["amount"] += 10
    paid = paid_on <= np.datetime64("2025-12-31")
    credits_ = debits[paid].assign(kind="payment", booked_on=paid_on[paid], amount=lambda items: -items["amount"])
    credits_["item_id"] += invoices
    matches = pd.DataFrame({"debit_id": debits["item_id"][paid], "credit_id": credits_["item_id"]})
    matches = matches.assign(amount=debits["amount"][paid], matched_on=paid_on[paid], method="official")
    return Ledger(
        items=pd.concat([debits, credits_], ignore_index=True),
        matches=matches,
        customers=pd.DataFrame({"customer_id": names}),
        controls=pd.DataFrame(),
        currency="EUR",
        covers=(pd.Timestamp("2023-01-01"), pd.Timestamp("2025-12-31")),
    )

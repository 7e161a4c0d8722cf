"""Who each customer is, and what it owes on a day."""

import numpy as np
import pandas as pd

from arlib.ledger import Ledger, open_items
from arlib.schema import Codes, Floats, sum_by_code


def customer_names(ledger: Ledger, customers: "pd.Index[str]") -> "pd.Series[str]":
    """The name of each customer, its identifier where it has none, in that order; `name`, index `customer_id`."""
    names = ledger.customers.set_index("customer_id")["name"].reindex(customers)
    return names.where(names.notna(), pd.Series(customers, customers)).rename_axis("customer_id")


def exposures(ledger: Ledger, day: pd.Timestamp, customers: "pd.Index[str]") -> pd.DataFrame:
    """What each customer owes, what of it is past its due date, and for how long; one row a customer, in that order.

    exposure, all that is open, credits taken off; overdue, open past its due date, credits apart; days_overdue, of
    the oldest of these, 0 without any.
    """
    opened = open_items(ledger, day)
    customer: Codes = customers.get_indexer(pd.Index(opened["customer_id"]))
    amount = opened["open_amount"].to_numpy()
    overdue = (amount > 0) & (opened["days_overdue"] > 0).to_numpy()
    size = len(customers)
    oldest = opened["days_overdue"].where(overdue).groupby(customer).max().reindex(range(size)).fillna(0)
    return pd.DataFrame(
        {
            "exposure": _cents(customer, amount, size),
            "overdue": _cents(customer, np.where(overdue, amount, 0.0), size),
            "days_overdue": oldest.to_numpy().astype(np.int64),
        }
    )


def _cents(customer: Codes, amount: Floats, size: int) -> Floats:
    return sum_by_code(customer, amount, size).round(2) + 0.0

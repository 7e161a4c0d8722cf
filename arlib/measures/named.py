"""The names people know groups by."""

import pandas as pd

from arlib.ledger import Ledger


def with_names(ledger: Ledger, groups: pd.DataFrame) -> pd.DataFrame:
    """Groups as `group_codes` gives them, with the customer's `name` where they are customers."""
    if list(groups) != ["customer_id"]:
        return groups
    return groups.assign(name=groups["customer_id"].map(ledger.customers.set_index("customer_id")["name"]))

"""The penalty rate each customer's contract fixes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.law.named import by_customer
from arlib.law.rates import check_rate
from arlib.ledger import Ledger
from arlib.schema import Floats
from arlib.words import say


def contract_rates(ledger: Ledger, given: "float | Mapping[str, float] | pd.Series[Any] | None") -> Floats:
    """The yearly penalty rate each customer's contract fixes, aligned with `ledger.customers`; nan where it fixes none.

    Raises:
        ArlibError: a customer given is none of this ledger's, or a rate is no share.
    """
    customers = ledger.customers["customer_id"]
    if given is None:
        return np.full(len(customers), np.nan)
    if not isinstance(given, Mapping | pd.Series):
        return np.full(len(customers), check_rate(given))
    told = by_customer(ledger, given)
    rates = pd.to_numeric(told, errors="coerce").astype("float64")
    wrong = told[told.notna() & ~((rates >= 0) & (rates < 1))]
    if len(wrong):
        raise ArlibError(say("law.penalty.contract_rate", rate=", ".join(map(str, wrong.unique()[:20]))))
    return np.asarray(customers.map(rates), dtype=np.float64)

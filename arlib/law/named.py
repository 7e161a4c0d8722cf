"""What people name of a ledger in tables and mappings of their own, by customer or by item."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.risk.provisions.standing import check_customers
from arlib.schema import Codes, places_of
from arlib.words import say


def by_customer(ledger: Ledger, given: "Mapping[str, Any] | pd.Series[Any]") -> "pd.Series[Any]":
    """What was given of customers, by customer_id.

    Raises:
        ArlibError: it is neither a mapping nor a series, or names customers that are none of this ledger's.
    """
    if not isinstance(given, Mapping | pd.Series):
        raise ArlibError(say("law.by_customer", given=str(given)))
    told = pd.Series(given, dtype="object") if isinstance(given, Mapping) else given
    check_customers(ledger, pd.Series(told.index, dtype="str"))
    return told


def item_places(ledger: Ledger, ids: "pd.Series[Any]") -> Codes:
    """Where items stand in `ledger.items` by their item_id, a number or its text; -1 where there is none."""
    numbers = pd.to_numeric(ids, errors="coerce").astype("float64")
    whole = numbers.where(numbers == np.floor(numbers), -1)
    return np.asarray(places_of(ledger.items["item_id"], whole.astype("int64")), dtype=np.intp)


def known_item_places(ledger: Ledger, ids: "pd.Series[Any]") -> Codes:
    """As `item_places`, where every item must be one of the ledger's.

    Raises:
        ArlibError: some are not, all of them named.
    """
    places = item_places(ledger, ids)
    if (places < 0).any():
        unknown = ids[places < 0]
        raise ArlibError(say("risk.provision.items", ids=", ".join(map(str, unknown.unique()[:20])), rows=len(unknown)))
    return places

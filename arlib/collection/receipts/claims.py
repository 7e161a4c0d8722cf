"""What is open, as columns to compare: whole cents of each item's own currency, by who owes it and when it is due."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from arlib.collection.receipts.lines import Lines
from arlib.ledger import Ledger, open_amounts
from arlib.schema import NO_DAY, Codes, Days, Flags, day_numbers


@dataclass(frozen=True, eq=False)
class Claims:
    """Open items sorted by who owes them, in what currency, then by due date, day and number.

    Attributes:
        item: position in `ledger.items`.
        customer: position in `ledger.customers`; `owner`: code of customer and currency together.
        cents: what is open in the item's own currency; below 0 a credit of the customer.
        booked, due: day numbers; where an item has no due date, the day of its document.
        disputed: whether the customer disputes it.
        currencies: how many currencies an `owner` is made of.
    """

    item: Codes
    customer: Codes
    owner: Codes
    cents: Codes
    booked: Days
    due: Days
    disputed: Flags
    currencies: int

    def taken(self, kept: Any) -> "Claims":  # noqa: ANN401 - flags or positions
        """Some of the claims."""
        names = ("item", "customer", "owner", "cents", "booked", "due", "disputed")
        return replace(self, **{name: getattr(self, name)[kept] for name in names})

    def owners_of(self, customer: Codes, currency: Codes) -> Codes:
        """The owner each customer is in a currency."""
        owners: Codes = customer * self.currencies + currency
        return owners


def claims_of(ledger: Ledger, lines: Lines, as_of: pd.Timestamp) -> Claims:
    """What is open at the end of a day; an item of another currency counts for what it is in that one."""
    items, left = ledger.items, open_amounts(ledger, as_of)
    place = np.flatnonzero(left != 0)
    chosen, left = items.iloc[place], left[place]
    currency = chosen["currency"].fillna(lines.home).str.upper()
    foreign = (currency != lines.home).to_numpy()
    whole, own = chosen["amount"].to_numpy(), chosen["currency_amount"].to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        amount = np.where(foreign, left * np.abs(own) / np.abs(whole), left)
    known = np.isfinite(amount)  # an item of another currency without its amount in it cannot be compared
    code = np.asarray(lines.currencies.get_indexer(pd.Index(currency)))
    customer = ledger._owners[place]  # noqa: SLF001 - kept by the ledger for whoever needs it
    due = day_numbers(chosen["due_on"])
    issued = day_numbers(chosen["issued_on"].fillna(chosen["booked_on"]))
    claims = Claims(
        item=place,
        customer=customer,
        owner=customer * len(lines.currencies) + code,
        cents=np.rint(np.where(known, amount, 0.0) * 100).astype(np.int64),
        booked=day_numbers(chosen["booked_on"]),
        due=np.where(due == NO_DAY, issued, due),
        disputed=chosen["disputed"].to_numpy(),
        currencies=len(lines.currencies),
    )
    order = np.lexsort((chosen["item_id"].to_numpy(), issued, claims.due, claims.owner))
    claims = claims.taken(order)
    return claims.taken(claims.cents != 0)

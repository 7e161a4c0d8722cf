"""What is open, as columns to compare: whole cents of each item's own currency, by who owes it and when it is due."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from arlib.collection.receipts.lines import Lines, cents_of
from arlib.ledger import Ledger, open_amounts
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, day_numbers, sum_by_code


@dataclass(frozen=True, eq=False)
class Claims:
    """Items sorted by who owes them, in what currency, then by due date, day and number.

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
    return _claims(ledger, lines, np.rint(own_open_amounts(ledger, as_of, lines.home) * 100).astype(np.int64))


def settled_claims(ledger: Ledger, lines: Lines, as_of: pd.Timestamp) -> Claims:
    """What was owed and is settled at the end of a day, each item with all that it once was."""
    settled = (open_amounts(ledger, as_of) == 0) & (ledger.items["amount"] > 0).to_numpy()
    return _claims(ledger, lines, np.where(settled, own_cents(ledger, lines.home), 0))


def own_cents(ledger: Ledger, home: str) -> Codes:
    """(items,) amounts in whole cents of each item's own currency, signed; 0 where it is not known."""
    whole, own = ledger.items["amount"], ledger.items["currency_amount"].abs()
    signed = np.where(foreign_items(ledger, home), np.sign(whole) * own.fillna(0.0), whole)
    return cents_of(pd.Series(signed))


def foreign_items(ledger: Ledger, home: str) -> Flags:
    """(items,) whether an item is of another currency than the ledger."""
    currency = ledger.items["currency"]
    return np.asarray(currency.notna() & (currency.str.upper() != home), dtype=bool)


def own_open_amounts(ledger: Ledger, as_of: pd.Timestamp, home: str) -> Floats:
    """(items,) what is open of each item in its own currency at the end of a day, signed; 0 where it is not known.

    Of an item of another currency what its payments were in that currency is taken off, to the cent; where that leaves
    nothing of an item the books hold open, it is open in its currency for the share that it is in the books.
    """
    left, foreign = open_amounts(ledger, as_of), foreign_items(ledger, home)
    if not foreign.any():
        return left
    whole, own = ledger.items["amount"].to_numpy(), own_cents(ledger, home) / 100
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(whole != 0, own / whole, 0.0)
    debit, credit = ledger._sides  # noqa: SLF001 - kept by the ledger for whoever needs it
    counts = (ledger.matches["matched_on"] <= as_of).to_numpy()
    debit, credit, amount = debit[counts], credit[counts], ledger.matches["amount"].to_numpy()[counts]
    code = pd.factorize(ledger.items["currency"].str.upper().fillna(home))[0]
    used = amount * np.where(code[debit] == code[credit], rate[credit], rate[debit])
    settled = sum_by_code(debit, used, len(whole)) - sum_by_code(credit, used, len(whole))
    exact = ((own - settled).round(2)) + 0.0
    share = (left * rate).round(2)
    return np.where(foreign, np.where((left != 0) & (np.sign(exact) == np.sign(left)), exact, share), left)


def _claims(ledger: Ledger, lines: Lines, cents: Codes) -> Claims:
    """Items that are of some cents, sorted."""
    place = np.flatnonzero(cents != 0)
    chosen = ledger.items.iloc[place]
    code = np.asarray(lines.currencies.get_indexer(pd.Index(chosen["currency"].fillna(lines.home).str.upper())))
    customer = ledger._owners[place]  # noqa: SLF001 - kept by the ledger for whoever needs it
    due = day_numbers(chosen["due_on"])
    issued = day_numbers(chosen["issued_on"].fillna(chosen["booked_on"]))
    claims = Claims(
        item=place,
        customer=customer,
        owner=customer * len(lines.currencies) + code,
        cents=cents[place],
        booked=day_numbers(chosen["booked_on"]),
        due=np.where(due == NO_DAY, issued, due),
        disputed=chosen["disputed"].to_numpy(),
        currencies=len(lines.currencies),
    )
    return claims.taken(np.lexsort((chosen["item_id"].to_numpy(), issued, claims.due, claims.owner)))

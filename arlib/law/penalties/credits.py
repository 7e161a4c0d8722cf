"""Credits nobody has matched, set against the oldest debts of whoever holds them, from their own day on."""

from dataclasses import replace

import numpy as np
import pandas as pd

from arlib.ledger import Ledger, group_codes, open_amounts
from arlib.measures.aging.netting import PURSES
from arlib.schema import NO_DAY, Codes, Days, Floats, day_numbers, sum_by_code, to_dates
from arlib.words import Sentence, say

_CENTS = 100
_UNDATED = np.iinfo(np.int64).max  # debts without a due date are paid last


def credits_applied(ledger: Ledger, day: pd.Timestamp) -> tuple[Ledger, tuple[Sentence, ...]]:
    """The ledger as if its open credits of a day had paid the oldest debts of their customer, each on its own day.

    Oldest due date first, as ageing and reminders take them, the earliest credit first; of one customer, company and
    currency. What is matched after the day is left out. The notes say how much was applied.
    """
    purse, purses = group_codes(ledger, PURSES)
    cents = np.rint(open_amounts(ledger, day) * _CENTS)
    due, booked = (day_numbers(ledger.items[name]) for name in ("due_on", "booked_on"))
    ids = ledger.items["item_id"].to_numpy()
    owed, held = (sum_by_code(purse, np.maximum(sign * cents, 0), len(purses)) for sign in (1, -1))
    most = np.minimum(owed, held)
    oldest = np.where(due == NO_DAY, _UNDATED, due)
    debit, paid = _taken(np.flatnonzero(cents > 0), (purse, oldest, ids), np.abs(cents), most)
    credit, spent = _taken(np.flatnonzero(cents < 0), (purse, booked, ids), np.abs(cents), most)
    if not len(paid):
        return ledger, ()
    # Both run through the same cents, purse by purse: every cent has one debt and one credit.
    until_debt, until_credit = np.cumsum(paid), np.cumsum(spent)
    ends = np.union1d(until_debt, until_credit)
    debit, credit = (
        each[np.searchsorted(until, ends)] for each, until in ((debit, until_debt), (credit, until_credit))
    )
    made = pd.DataFrame(
        {
            "debit_id": ids[debit],
            "credit_id": ids[credit],
            "amount": np.diff(ends, prepend=0.0) / _CENTS,
            "matched_on": to_dates(np.maximum(booked[debit], booked[credit])),
            "method": "derived",
        }
    )
    known = ledger.matches[ledger.matches["matched_on"] <= day]
    customers = len(np.unique(ledger._owners[credit]))  # noqa: SLF001 - kept by the ledger for such functions
    said = say("law.penalty.applied", customers=customers, amount=float(made["amount"].sum()))
    return replace(ledger, matches=pd.concat([known, made], ignore_index=True)), (said,)


def _taken(
    items: Codes, keys: tuple[Codes, Days, "np.typing.NDArray[np.int64]"], cents: Floats, most: Floats
) -> tuple[Codes, Floats]:
    """Items by purse, day and number, and what is taken of each, one after the other, up to the most of its purse."""
    purse, on, ids = (each[items] for each in keys)
    order = np.lexsort((ids, on, purse))
    items, purse, amount = items[order], purse[order], cents[items][order]
    total = sum_by_code(purse, amount, len(most))
    before = np.cumsum(amount) - amount - (np.cumsum(total) - total)[purse]
    taken = np.minimum(amount, np.maximum(most[purse] - before, 0.0))
    return items[taken > 0], taken[taken > 0]

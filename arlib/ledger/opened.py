"""What is owed and what is open at the end of a day."""

import numpy as np
import pandas as pd

from arlib.ledger.books import Day, Ledger
from arlib.schema import Floats, sum_by_code


def balance(ledger: Ledger, as_of: Day | None = None) -> float:
    """What customers owe in all on a day, net of credits: the sum of the items booked up to it."""
    booked = ledger.items["booked_on"] <= ledger.day(as_of)
    return round(float(ledger.items.loc[booked, "amount"].sum()), 2)


def open_items(ledger: Ledger, as_of: Day | None = None) -> pd.DataFrame:
    """The items still open at the end of a day, as the accounts of that day had them.

    One row an open item, with the columns of `ledger.items` and: `open_amount` (signed), `days_open` since it was
    issued, `days_overdue` past its due date (negative: not due yet; missing without a due date). An item counts
    from the day it was booked, a match from the later of its two accounting dates: what was paid afterwards is
    open again. The sum of `open_amount` is `balance(ledger, as_of)`.
    """
    day = ledger.day(as_of)
    items = ledger.items
    remaining = open_amounts(ledger, day)
    kept = remaining != 0
    opened = items[kept].copy()
    opened["open_amount"] = remaining[kept]
    opened["days_open"] = (day - opened["issued_on"]).dt.days
    opened["days_overdue"] = (day - opened["due_on"]).dt.days
    reset: pd.DataFrame = opened.reset_index(drop=True)
    return reset


def open_amounts(ledger: Ledger, day: pd.Timestamp) -> Floats:
    """What is open of each item at the end of a day, signed, 0 where nothing is; aligned with `ledger.items`."""
    remaining = (ledger.items["amount"].to_numpy() - settled_amounts(ledger, day)).round(2)
    return np.where(ledger.items["booked_on"] <= day, remaining, 0.0) + 0.0


def settled_amounts(ledger: Ledger, day: pd.Timestamp) -> Floats:
    """How much of each item matches have settled by a day, with the item's own sign; aligned with `ledger.items`."""
    counts = (ledger.matches["matched_on"] <= day).to_numpy()
    amounts, size = ledger.matches["amount"].to_numpy()[counts], len(ledger.items)
    debits, credits_ = (side[counts] for side in ledger._sides)  # noqa: SLF001 - kept by the ledger for this function
    return sum_by_code(debits, amounts, size) - sum_by_code(credits_, amounts, size)

"""The proof that the totals tie: four ways to one number, on any day."""

import pandas as pd

from arlib.ledger import Day, Ledger, balance, open_items
from arlib.measures import aged_balance_history
from arlib.schema import HALF_CENT


def proof(ledger: Ledger, as_of: Day | None = None) -> pd.DataFrame:
    """The identity every figure rests on, line by line.

    One row a way of counting: `line`, `amount`, `difference` from the first line, `ties` (within half a cent).
    Lines: `accounts`, the balance of the source's own accounts or columns up to the day, added up by the reader
    before anything was classified; `items`, the movements booked up to the day; `open_items`, what is open of them;
    `buckets`, the columns of the aged balance.
    """
    day = ledger.day(as_of)
    controls = ledger.controls
    aged = aged_balance_history(ledger, [day]).drop(columns=["as_of", "total"])
    amounts = {
        "accounts": controls.loc[controls["booked_on"] <= day, "amount"].sum(),
        "items": balance(ledger, day),
        "open_items": open_items(ledger, day)["open_amount"].sum(),
        "buckets": aged.to_numpy().sum(),
    }
    lines = pd.DataFrame({"line": list(amounts), "amount": [round(float(v), 2) + 0.0 for v in amounts.values()]})
    lines["difference"] = (lines["amount"] - lines["amount"].iloc[0]).round(2) + 0.0
    lines["ties"] = lines["difference"].abs() < HALF_CENT
    return lines

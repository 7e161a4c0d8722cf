"""The proof that the totals tie: from the opening to the balance, and five ways to that number, on any day."""

from collections.abc import Mapping

import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, as_day, balance, open_items
from arlib.measures import aged_balance_history
from arlib.schema import (
    BILL,
    CREDIT_NOTE,
    HALF_CENT,
    INVOICE,
    OPENING,
    OTHER,
    PAYMENT,
    TRANSFER,
    WRITE_OFF,
)
from arlib.words import say

ROLLED_FORWARD, ACCOUNTS = "rolled_forward", "accounts"
_PARTS: Mapping[str, str] = {
    INVOICE: "billed",
    CREDIT_NOTE: "credited",
    PAYMENT: "collected",
    WRITE_OFF: "written_off",
    BILL: "bills",
    TRANSFER: "transfers",
    OTHER: "others",
}
_ALWAYS = ("opening", "billed", "credited", "collected", "written_off")


def proof(ledger: Ledger, as_of: Day | None = None, *, since: Day | None = None) -> pd.DataFrame:
    """The identity every figure rests on, line by line: how the balance came about, then five ways of counting it.

    One row a line: `line`, `role` (part or total), `amount`; of totals, `difference` from the accounts and whether it
    `ties` (within half a cent); both are missing for parts.

    Parts, signed as they are added: `opening`, what was owed the day before `since` and openings brought forward
    later; `billed`; `credited`, `collected` and `written_off`, which reduce what is owed; `bills`, `transfers` and
    `others` where there are any. Totals: `rolled_forward`, the sum of the parts; `items`, the movements booked up to
    the day; `open_items`, what is open of them; `buckets`, the columns of the aged balance; `accounts`, the balance
    of the source's own accounts or columns, added up by the reader before anything was classified.

    Args:
        ledger: the ledger.
        as_of: the day to prove; the ledger's last where none is given.
        since: first day of the roll-forward; the ledger's first where none is given.

    Raises:
        ArlibError: the roll-forward would begin after the day to prove.
    """
    day = ledger.day(as_of)
    first = ledger.covers[0] if since is None else as_day(since)
    if since is not None and first > day:
        raise ArlibError(say("ledger.since_later", since=first, day=day))
    parts = _roll_forward(ledger, day, first)
    aged = aged_balance_history(ledger, [day]).drop(columns=["as_of", "total"])
    controls = ledger.controls
    totals = {
        ROLLED_FORWARD: sum(parts.values()),
        "items": balance(ledger, day),
        "open_items": open_items(ledger, day)["open_amount"].sum(),
        "buckets": aged.to_numpy().sum(),
        ACCOUNTS: controls.loc[controls["booked_on"] <= day, "amount"].sum(),
    }
    amounts = pd.Series(parts | totals, dtype="float64").round(2) + 0.0  # + 0.0 turns -0.0 into 0.0
    total = pd.Series(amounts.index.isin(totals), index=amounts.index)
    difference = (amounts - amounts[ACCOUNTS]).round(2).where(total) + 0.0
    return pd.DataFrame(
        {
            "line": amounts.index,
            "role": total.map({True: "total", False: "part"}).astype("str").to_numpy(),
            "amount": amounts.to_numpy(),
            "difference": difference.to_numpy(),
            "ties": (difference.abs() < HALF_CENT).astype("boolean").where(total).array,
        }
    )


def _roll_forward(ledger: Ledger, day: pd.Timestamp, since: pd.Timestamp) -> dict[str, float]:
    """What was owed at first, and what each kind of movement added to it up to the day."""
    items = ledger.items[ledger.items["booked_on"] <= day]
    before = (items["booked_on"] < since) | (items["kind"] == OPENING)
    lines = items["kind"].map(_PARTS).astype("str").where(~before, "opening")
    sums = items["amount"].groupby(lines).sum().round(2)
    names = ("opening", *_PARTS.values())
    return {line: float(sums.get(line, 0.0)) for line in names if line in _ALWAYS or sums.get(line, 0.0)}

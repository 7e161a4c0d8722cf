"""What debts began as, that entries have since moved to other accounts (416, 413, another customer)."""

import numpy as np
import pandas as pd

from arlib.ledger.books import Ledger
from arlib.ledger.opened import open_amounts
from arlib.schema import HALF_CENT, Codes, Flags, Floats, day_numbers, sum_by_code

# Columns that the reader of accounts adds where entries move debts: what a moved debt replaces, and the account that
# was not read to which a debt went or from which it came.
ORIGIN, AWAY = "origin_id", "moved_to"
_NOTHING: "pd.Series[float]" = pd.Series(dtype="float64")


def origins(ledger: Ledger) -> Codes:
    """For each item, the position of the debt it began as: its own, where it replaces none of this ledger."""
    return _followed(_replaced(ledger))


def origins_as_due(ledger: Ledger) -> Codes:
    """As `origins`, back to where the due date is another: a bill with a maturity of its own is another promise."""
    replaced, due = _replaced(ledger), day_numbers(ledger.items["due_on"])
    return _followed(np.where(due[replaced] == due, replaced, np.arange(len(due))))


def moved_within(ledger: Ledger, moved: Codes) -> pd.DataFrame:
    """What of debts went to the moved ones at some positions, a row a debt and day: `item`, `day`, `amount`."""
    items = ledger.items.take(moved)
    rows = pd.DataFrame(
        {"item": _replaced(ledger)[moved], "day": day_numbers(items["booked_on"]), "amount": items["amount"]}
    )
    return rows.groupby(["item", "day"], as_index=False)[["amount"]].sum()


def moved_out(ledger: Ledger, day: pd.Timestamp) -> "pd.Series[float]":
    """What debts left, by a day, for accounts that were not read, less what came back, by account; none, empty.

    What of it was paid there is not known.
    """
    gone = _leaving(ledger, day)
    sums = -ledger.items["amount"][gone].groupby(ledger.items.loc[gone, AWAY]).sum() if gone.any() else _NOTHING
    return sums[sums >= HALF_CENT].round(2)


def moved_away(ledger: Ledger, day: pd.Timestamp) -> tuple[Floats, Flags]:
    """(items,) what of each debt was moved by a day to an account that was not read; and moves of nobody knows which.

    The first is what matches say; the second are credits of such moves that none does, flagged.
    """
    gone, amounts = _leaving(ledger, day) & (ledger.items["amount"] < 0).to_numpy(), ledger.matches["amount"].to_numpy()
    debit, credit = ledger._sides  # noqa: SLF001 - kept by the ledger for such functions
    known = gone[credit] & (ledger.matches["matched_on"] <= day).to_numpy()
    unsaid = gone & (open_amounts(ledger, day) <= -HALF_CENT) if gone.any() else gone
    return sum_by_code(debit[known], amounts[known], len(gone)), unsaid


def _leaving(ledger: Ledger, day: pd.Timestamp) -> Flags:
    """Which items are moves to or from accounts that were not read, booked by a day."""
    items = ledger.items
    if AWAY not in items:
        return np.zeros(len(items), dtype=bool)
    return (items[AWAY].notna() & (items["booked_on"] <= day)).to_numpy()


def _replaced(ledger: Ledger) -> Codes:
    """The position of what each item replaces, its own where it replaces nothing."""
    own = np.arange(len(ledger.items))
    if ORIGIN not in ledger.items:
        return own
    told = ledger.items[ORIGIN].notna().to_numpy()
    found = pd.Index(ledger.items["item_id"]).get_indexer(pd.Index(ledger.items.loc[told, ORIGIN].astype("int64")))
    own[told] = np.where(found >= 0, found, own[told])
    return own


def _followed(replaced: Codes) -> Codes:
    """Positions followed to their ends, each step twice as long as the one before."""
    further = replaced[replaced]
    while (further != replaced).any():
        replaced, further = further, further[further]
    return replaced

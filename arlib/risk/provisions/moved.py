"""Doubtful debts and the account they stand on: what goes from 411 to 416 now, and what left for one not read."""

import numpy as np
import pandas as pd

from arlib.ledger import Ledger, moved_away
from arlib.risk.provisions.carried import keys_of
from arlib.risk.provisions.standing import numbers_written
from arlib.schema import HALF_CENT, Floats

_DOUBTFUL = "416"


def to_transfer(table: pd.DataFrame, last: pd.DataFrame | None) -> Floats:
    """What of each debt is to be moved from 411 to 416: all of it, less what stands there already.

    What the list of the last closing moved, by customer and reference, stands there too: as what it put in 491 is
    carried forward, its entries are taken as posted, all of them. A list without amounts moved its debts whole.
    """
    there = table["account"].str.startswith(_DOUBTFUL).fillna(False).astype(bool)  # noqa: FBT003 - no account known
    held = table["amount"].mask(there, 0.0)
    if last is None or last.empty:
        return held.to_numpy()
    amounts = numbers_written(last, ["amount"])["amount"] if "amount" in last else pd.Series(np.inf, last.index)
    already = _of_debts(table, _by_key(last, amounts.fillna(np.inf)))
    before = held.groupby(pd.factorize(keys_of(table))[0]).cumsum() - held
    return np.asarray((held - (already - before).clip(lower=0.0, upper=held)).round(2) + 0.0)


def kept_in_491(
    ledger: Ledger, day: pd.Timestamp, table: pd.DataFrame, gone: pd.DataFrame
) -> tuple[Floats, pd.DataFrame, pd.DataFrame]:
    """What stood in 491 for the debts of a list, what is released and what is kept of debts moved out of sight.

    Debts that an entry moved to an account that was not read are owed there, or were paid there: nothing of theirs is
    released. Where a part of a debt was moved, so is its part of 491; where no letter says which debts of a customer
    were moved, all those that are listed no more may be.

    Returns:
        `previous` of the debts of the table; the rows of `gone` to release; the rows to keep, as those of `gone`.
    """
    amounts, unsaid = moved_away(ledger, day)
    moved = np.flatnonzero(amounts >= HALF_CENT)
    by_key = _by_key(ledger.items.take(moved), amounts[moved])
    customers = ledger.items.loc[unsaid, "customer_id"].unique()
    kept = (_of_debts(gone, by_key) > 0) | gone["customer_id"].isin(customers)
    away, opened = (_of_debts(table, sums) for sums in (by_key, _by_key(table, table["amount"])))
    share = (table["previous"] * away / (away + opened)).round(2)
    shared = share >= HALF_CENT
    parts = table.assign(previous=share, still_owed=True).loc[shared, [*gone]]
    rows = pd.concat([gone[kept], parts], ignore_index=True) if shared.any() else gone[kept]
    return (table["previous"] - share).round(2).to_numpy() + 0.0, gone[~kept], rows


def _by_key(debts: pd.DataFrame, amounts: "Floats | pd.Series[float]") -> "pd.Series[float]":
    """The sum of amounts of debts by customer and reference."""
    return pd.Series(np.asarray(amounts, dtype=np.float64), keys_of(debts)).groupby(level=[0, 1]).sum()


def _of_debts(debts: pd.DataFrame, sums: "pd.Series[float]") -> "pd.Series[float]":
    """For each debt, the sum of its customer and reference; 0 where there is none."""
    return pd.Series(sums.reindex(keys_of(debts)).fillna(0.0).to_numpy(), debts.index)

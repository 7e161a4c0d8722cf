"""What was claimed of penalties, and what was waived, set against what is due invoice by invoice."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.law.named import item_places
from arlib.ledger import Ledger
from arlib.risk.provisions.standing import check_customers, days_written, numbers_written
from arlib.schema import Codes, Floats, sum_by_code
from arlib.words import say

Given = pd.DataFrame | Mapping[int, float] | pd.Series | None  # by item_id, or a frame

_MOST_NAMED = 20


def spread(ledger: Ledger, day: pd.Timestamp, given: Given, penalties: pd.DataFrame) -> tuple[Floats, float]:
    """What of some amounts given falls to each late invoice, and what is beyond all that is due.

    Args:
        ledger: the ledger.
        day: rows dated later (`on`) are not known yet.
        given: amounts by item_id; or a frame with item_id or customer_id, amount (empty: all that is due), and `on`
            where there is a date. What a customer is given falls to its invoices in their order.
        penalties: the late invoices, oldest due date first: item_id, customer_id, due.

    Raises:
        ArlibError: a column is missing, an amount is no number or below 0, or a customer or an item is not known.
    """
    due = penalties["due"].to_numpy()
    if given is None:
        return np.zeros(len(due)), 0.0
    rows = _rows(ledger, day, given)
    by_item = rows["item_id"].notna().to_numpy()
    named = pd.to_numeric(rows["item_id"][by_item]).astype("int64")
    place = np.asarray(pd.Index(penalties["item_id"]).get_indexer(pd.Index(named)), dtype=np.intp)
    amount = rows["amount"].to_numpy(dtype=np.float64)
    item_amount = np.where(np.isnan(amount[by_item]) & (place < 0), 0.0, amount[by_item])
    item_amount = np.where(np.isnan(item_amount), due[place] if len(due) else 0.0, item_amount)
    hit = place >= 0
    own = np.minimum(sum_by_code(place[hit], item_amount[hit], len(due)), due)
    left = due - own
    customers = pd.Index(ledger.customers["customer_id"])
    owner = _codes(customers, penalties["customer_id"])
    total = sum_by_code(owner, left, len(customers))
    asked = _codes(customers, rows["customer_id"][~by_item])
    wanted = np.where(np.isnan(amount[~by_item]), total[asked], amount[~by_item])
    most = np.minimum(sum_by_code(asked, wanted, len(customers)), total)
    shared = (own + _in_order(owner, left, most)).round(2)
    return shared, max(round(float(item_amount.sum() + wanted.sum() - shared.sum()), 2), 0.0)


def _rows(
    ledger: Ledger, day: pd.Timestamp, given: "pd.DataFrame | Mapping[int, float] | pd.Series[Any]"
) -> pd.DataFrame:
    """item_id, customer_id, amount of what was known on the day."""
    if not isinstance(given, pd.DataFrame):
        told = pd.Series(given, dtype="float64")
        given = pd.DataFrame({"item_id": told.index, "amount": told.to_numpy()})
    if "amount" not in given or not {"item_id", "customer_id"} & set(given.columns):
        raise ArlibError(say("law.penalty.given_columns", columns=", ".join(map(str, given.columns))))
    rows = given.reindex(columns=["item_id", "customer_id", "amount", "on"])
    if not given["amount"].isna().all():
        rows["amount"] = numbers_written(rows, ["amount"])["amount"]
    wrong = rows["amount"].astype("float64") < 0
    if wrong.any():
        raise ArlibError(say("law.penalty.given_negative", rows=int(wrong.sum())))
    rows = rows[~(days_written(rows["on"]) > day)]
    named = rows["item_id"].notna()
    unknown = rows["item_id"][named][item_places(ledger, rows["item_id"][named]) < 0]
    if len(unknown):
        ids_named = ", ".join(map(str, unknown.unique()[:_MOST_NAMED]))
        raise ArlibError(say("law.penalty.given_items", ids=ids_named, rows=len(unknown)))
    check_customers(ledger, rows["customer_id"][~named].astype("str"))
    return rows


def _codes(customers: "pd.Index[Any]", ids: "pd.Series[Any]") -> Codes:
    return np.asarray(customers.get_indexer(pd.Index(ids)), dtype=np.intp)


def _in_order(owner: Codes, amount: Floats, most: Floats) -> Floats:
    """Amounts, each cut so that those of an owner, in their order, come to at most so much."""
    running = pd.Series(amount).groupby(owner).cumsum().to_numpy()
    return np.clip(most[owner] - (running - amount), 0.0, amount) if len(owner) else amount

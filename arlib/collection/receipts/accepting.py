"""Accepted proposals as payments and matches of a new ledger, checked to the cent."""

from dataclasses import replace

import numpy as np
import pandas as pd

from arlib.collection.receipts.claims import foreign_items, own_open_amounts
from arlib.collection.receipts.keys import pairs
from arlib.collection.receipts.lines import cents_of
from arlib.errors import ArlibError
from arlib.ledger import Ledger, open_amounts
from arlib.schema import ITEMS, PAYMENT, Codes, Flags, Floats, conform, places_of, sum_by_code
from arlib.words import say

_NEEDED = ("receipt_id", "item_id", "amount")


def accepted_ledger(ledger: Ledger, receipts: pd.DataFrame, chosen: pd.DataFrame) -> Ledger:
    """A ledger with the receipts of the chosen rows booked, and matched as they say.

    Raises:
        ArlibError: a column is missing; a row names what there is not; more is settled than is open or than came.
    """
    missing = [name for name in _NEEDED if name not in chosen]
    if missing:
        raise ArlibError(say("receipts.chosen_columns", missing=", ".join(missing)))
    if not len(chosen):
        return ledger
    unknown = ~np.isfinite(chosen["amount"].to_numpy(dtype=np.float64))
    if unknown.any():
        row = int(np.flatnonzero(unknown)[0]) + 1
        raise ArlibError(say("receipts.chosen_amount", rows=int(unknown.sum()), row=row))
    rows = _placed(ledger, receipts, chosen)
    _refuse_excess(ledger, receipts, rows)
    rows["value"] = _values(ledger, receipts, rows)
    payments = _payments(ledger, receipts, rows)
    new = payments[payments["credit"] < 0]
    booked = _items(ledger, receipts, new)
    items = pd.concat([ledger.items, booked], ignore_index=True)
    number = payments["credit"].to_numpy().copy()
    number[number < 0] = len(ledger.items) + np.arange(len(new))
    matches = _matches(items, rows, payments.assign(item=number))
    covers = (min(ledger.covers[0], items["booked_on"].min()), max(ledger.covers[1], items["booked_on"].max()))
    return replace(ledger, items=items, matches=pd.concat([ledger.matches, matches], ignore_index=True), covers=covers)


def _placed(ledger: Ledger, receipts: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """The chosen rows as positions and whole cents: receipt, item, cents, credit (-1), customer; and their group."""
    receipt = places_of(receipts["receipt_id"], chosen["receipt_id"].astype("int64"))
    item = places_of(ledger.items["item_id"], chosen["item_id"].astype("int64"))
    credit = np.full(len(chosen), -1)
    if "credit_id" in chosen:
        given = chosen["credit_id"].notna().to_numpy()
        credit[given] = places_of(ledger.items["item_id"], chosen["credit_id"][given].astype("int64"))
        no_credit = given & ~_is_credit(ledger, credit, item)
        if no_credit.any():
            row = int(np.flatnonzero(no_credit)[0]) + 1
            raise ArlibError(say("receipts.chosen_credit", rows=int(no_credit.sum()), row=row))
    unknown = (receipt < 0) | (item < 0)
    if unknown.any():
        raise ArlibError(
            say("receipts.chosen_unknown", rows=int(unknown.sum()), row=int(np.flatnonzero(unknown)[0]) + 1)
        )
    frame = pd.DataFrame({"receipt": receipt, "item": item, "cents": cents_of(chosen["amount"]), "credit": credit})
    wrong = np.sign(frame["cents"]) != np.sign(ledger.items["amount"].to_numpy()[item])
    if wrong.any():
        raise ArlibError(say("receipts.chosen_sign", rows=int(wrong.sum()), row=int(np.flatnonzero(wrong)[0]) + 1))
    frame["customer"] = ledger._owners[item]  # noqa: SLF001 - kept by the ledger for such uses
    frame = frame.sort_values(["receipt", "customer", "item"], ignore_index=True)
    frame["group"] = frame.groupby(["receipt", "customer"]).ngroup()
    return frame


def _is_credit(ledger: Ledger, credit: Codes, item: Codes) -> Flags:
    """Which credits are payments in the books of the customer whose item they settle."""
    payment = ((ledger.items["kind"] == PAYMENT) & (ledger.items["amount"] < 0)).to_numpy()
    owners = ledger._owners  # noqa: SLF001 - kept by the ledger for such uses
    return np.asarray((credit >= 0) & payment[credit] & (owners[credit] == owners[item]), dtype=bool)


def _foreign(ledger: Ledger, item: Codes) -> Flags:
    return foreign_items(ledger, ledger.currency)[item]


def _rates(ledger: Ledger, item: Codes) -> Floats:
    """What one unit of an item's own currency stands for in the books."""
    items = ledger.items.iloc[item]
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = items["amount"].abs().to_numpy() / items["currency_amount"].abs().to_numpy()
    return np.where(_foreign(ledger, item) & np.isfinite(rate), rate, 1.0)


def _refuse_excess(ledger: Ledger, receipts: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Nothing is settled beyond what is open of an item, or beyond what came of a receipt."""
    left = _own_cents(ledger, receipts)
    item = rows["item"].to_numpy()
    asked = sum_by_code(item, np.abs(rows["cents"].to_numpy()), len(left))[item]
    came = cents_of(receipts["amount"])[rows["receipt"]]
    paid = sum_by_code(rows["receipt"].to_numpy(), rows["cents"].to_numpy(), len(receipts))[rows["receipt"]]
    for key, wrong in (("receipts.beyond_open", asked > np.abs(left[item])), ("receipts.beyond_came", paid > came)):
        if wrong.any():
            at = int(np.flatnonzero(wrong)[0])
            numbers = {
                "receipt": receipts["receipt_id"].iloc[rows["receipt"][at]],
                "item": ledger.items["item_id"].iloc[item[at]],
            }
            raise ArlibError(say(key, **{name: int(value) for name, value in numbers.items()}))


def _own_cents(ledger: Ledger, receipts: pd.DataFrame) -> Codes:
    """(items,) what is open of each item in whole cents of its own currency."""
    day = max(ledger.covers[1], receipts["received_on"].max())
    return np.rint(own_open_amounts(ledger, day, ledger.currency) * 100).astype(np.int64)


def _values(ledger: Ledger, receipts: pd.DataFrame, rows: pd.DataFrame) -> Floats:
    """What each row settles in the currency of the books: all that is open, where all of it is."""
    item, cents = rows["item"].to_numpy(), rows["cents"].to_numpy()
    left, rate = open_amounts(ledger, max(ledger.covers[1], receipts["received_on"].max()))[item], _rates(ledger, item)
    whole = _own_cents(ledger, receipts)[item] == cents
    return np.where(whole, left, (cents / 100 * rate).round(2))


def _payments(ledger: Ledger, receipts: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """One row a receipt and customer: all that is paid, what settles nothing too, and its item in the books (-1)."""
    groups = rows.groupby("group", as_index=False).agg(
        receipt=("receipt", "first"), customer=("customer", "first"), first=("item", "first"),
        credit=("credit", "first"), cents=("cents", "sum"), value=("value", "sum"),
    )  # fmt: skip
    came = cents_of(receipts["amount"])
    over = came - np.rint(sum_by_code(rows["receipt"].to_numpy(), rows["cents"].to_numpy(), len(receipts)))
    leading = ~groups["receipt"].duplicated()  # what is left over is the credit of the first customer
    rest = np.where(leading, over[groups["receipt"]], 0.0)
    rate = _rates(ledger, groups["first"].to_numpy())
    value = groups["value"] + (rest / 100 * rate).round(2)
    return groups.assign(cents=groups["cents"] + rest, value=value.round(2))


def _items(ledger: Ledger, receipts: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """The payments as items, numbered after those of the ledger."""
    rows, first = receipts.iloc[new["receipt"]].reset_index(drop=True), ledger.items.iloc[new["first"]]
    foreign = _foreign(ledger, new["first"].to_numpy())
    highest = int(ledger.items["item_id"].max())
    columns = {
        "item_id": highest + 1 + np.arange(len(new)),
        "entity": first["entity"].array,
        "customer_id": first["customer_id"].array,
        "kind": pd.array([PAYMENT] * len(new), dtype="str"),
        "reference": rows["reference"].array,
        "issued_on": rows["received_on"].array,
        "booked_on": rows["received_on"].array,
        "amount": -new["value"].to_numpy(),
        "currency": first["currency"].array,
        "currency_amount": np.where(foreign, -new["cents"].to_numpy() / 100, np.nan),
        "disputed": np.zeros(len(new), dtype=bool),
        "label": rows["remittance"].array,
        "account": first["account"].array,
        "file": rows["file"].array,
        "row": rows["row"].array,
    }
    return conform(pd.DataFrame(columns), ITEMS)


def _matches(items: pd.DataFrame, rows: pd.DataFrame, payments: pd.DataFrame) -> pd.DataFrame:
    """What settles what: deducted credits first, then the payment, on the items in the order of their due dates."""
    debit, credit = rows[rows["cents"] > 0], rows[rows["cents"] < 0]
    due = items["due_on"].to_numpy()[debit["item"]]
    debit = debit.assign(due=due).sort_values(["group", "due", "item"])
    source = pd.concat(
        [
            pd.DataFrame({"group": credit["group"], "item": credit["item"], "value": -credit["value"], "rank": 0}),
            pd.DataFrame({"group": payments["group"], "item": payments["item"], "value": payments["value"], "rank": 1}),
        ]
    ).sort_values(["group", "rank", "item"])
    left, right = pairs(debit["group"].to_numpy(), source["group"].to_numpy())
    ends = [(part.groupby("group")["value"].cumsum().to_numpy(), part["value"].to_numpy()) for part in (debit, source)]
    (end, own), (stop, given) = (
        tuple(each[place] for each in pair) for pair, place in zip(ends, (left, right), strict=True)
    )
    amount = (np.minimum(end, stop) - np.maximum(end - own, stop - given)).round(2)
    kept = amount > 0
    debits, credits_ = debit["item"].to_numpy()[left[kept]], source["item"].to_numpy()[right[kept]]
    booked = items["booked_on"].to_numpy()
    return pd.DataFrame(
        {
            "debit_id": items["item_id"].to_numpy()[debits],
            "credit_id": items["item_id"].to_numpy()[credits_],
            "amount": amount[kept],
            "matched_on": np.maximum(booked[debits], booked[credits_]),
            "method": "proposed",
        }
    )

"""An invoice that stands on one row for each of its payments: counted once, every payment on its day."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.schema import HALF_CENT, Codes, sum_by_code
from arlib.words import Sentence, say

_OF_THE_INVOICE = (
    *("customer_id", "reference", "issued_on", "due_on", "kind", "currency", "amount", "net_amount", "tax_amount"),
    *("open_amount", "credited_amount", "paid_status", "is_open", "is_paid"),
)
_OF_THE_PAYMENT = ("paid_on", "paid_amount")


@dataclass(frozen=True, eq=False)
class Payments:
    """Rows that repeat their invoice for each of its payments.

    Attributes:
        place: the place of each row's invoice, counted from 0 in the order of their first rows.
        first: the place of each invoice's first row.
        parts: one row a payment of those invoices: `paid_on`, `paid_amount`, `row` and `invoice`, the invoice's row.
        reading: what was understood.
    """

    place: Codes
    first: Codes
    parts: pd.DataFrame
    reading: list[Sentence]


def payments_apart(read: pd.DataFrame, repeated: "pd.Series[bool]") -> Payments | None:
    """The invoices and their payments, where rows of one number say the same of it and other days or amounts paid.

    Rows that are alike in all are payments too where together they pay no more than the invoice; else they may be
    duplicates, which is for a person to say.

    Args:
        read: the columns read, amounts signed as they came.
        repeated: rows whose customer, number and date another row has as well.

    Returns:
        None where no invoice stands on several rows that way.
    """
    if not {"paid_amount", "amount"} <= set(read):
        return None
    keys = [name for name in _OF_THE_INVOICE if name in read]
    rows = read[repeated].fillna({"paid_amount": 0.0})
    if not rows["paid_amount"].any():
        return None
    code = np.asarray(rows.groupby(keys, sort=False, dropna=False).ngroup(), dtype=np.intp)
    paid = sum_by_code(code, rows["paid_amount"].to_numpy(), int(code.max(initial=-1)) + 1)[code]
    fits = np.abs(paid) <= rows["amount"].abs().to_numpy() + HALF_CENT
    alike = rows.duplicated([*keys, *(name for name in _OF_THE_PAYMENT if name in read)], keep=False).to_numpy()
    doubtful = np.bincount(code, alike & ~fits)[code] > 0
    apart = (np.bincount(code)[code] > 1) & (np.abs(paid) >= HALF_CENT) & ~doubtful
    if not apart.any():
        return None
    rows["paid_amount"] *= np.sign(paid)  # payments are positive, and what was paid back negative
    return _taken_apart(read, rows[apart], code[apart])


def _taken_apart(read: pd.DataFrame, rows: pd.DataFrame, code: Codes) -> Payments:
    """The invoice of each row, of rows that repeat theirs by groups, and their payments."""
    whole = np.arange(len(read))
    at = read.index.get_indexer(rows.index)
    _, head, group = np.unique(code, return_index=True, return_inverse=True)
    whole[at] = at[head][group]
    place = np.asarray(pd.factorize(whole)[0], dtype=np.intp)
    first = np.unique(place, return_index=True)[1]
    parts = pd.DataFrame(
        {
            "paid_on": rows["paid_on"].to_numpy() if "paid_on" in rows else pd.NaT,
            "paid_amount": rows["paid_amount"].to_numpy(),
            "row": rows.index.to_numpy(),
            "invoice": read.index.to_numpy()[at[head][group]],
        }
    )
    parts = parts[parts["paid_amount"].abs() >= HALF_CENT]
    said = say("read.payments_apart", rows=len(rows), invoices=len(head), row=int(parts["row"].iloc[0]))
    return Payments(place, first, parts, [said])

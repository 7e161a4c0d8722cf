"""Due dates of debits that have none, and where each one comes from."""

from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import BILL, INVOICE, OPENING, OTHER, TRANSFER
from arlib.terms import NET_30, PaymentTerms
from arlib.words import Sentence, say

_FALL_DUE = (INVOICE, OPENING, BILL, OTHER, TRANSFER)


def fill_due_dates(
    items: pd.DataFrame, customers: pd.DataFrame, default: PaymentTerms | None
) -> tuple[pd.DataFrame, list[Sentence]]:
    """Items with a due date on every debit, by the terms on the row, the customer's, or the default; and notes.

    `due_source` says which: file, terms, customer, default; none for what does not fall due.
    """
    items = items.copy()
    for name, absent in (("due_on", pd.Series(pd.NaT, items.index, dtype="datetime64[s]")), ("terms", pd.NA)):
        if name not in items:
            items[name] = absent
    agreed = items["customer_id"].map(customers.set_index("customer_id")["terms"]) if "terms" in customers else None
    items["due_source"] = np.where(items["due_on"].notna(), "file", "none")
    falls_due = (items["amount"] > 0) & items["kind"].isin(_FALL_DUE)
    chosen = default or NET_30
    notes: list[Sentence] = []
    for name, texts in (("terms", items["terms"]), ("customer", agreed), ("default", None)):
        issued = items.loc[items["due_on"].isna() & falls_due, "issued_on"]
        if name == "default":
            filled = chosen.due_dates(issued)
        elif texts is None:
            continue
        else:
            filled, unread = _by_terms(issued, texts[issued.index])
            notes += [say("terms.not_understood", text=text) for text in unread]
        items.loc[filled.index, "due_on"] = filled
        items.loc[filled.index, "due_source"] = name
        if len(filled):
            notes.append(say(f"read.due_{name}", rows=len(filled), terms=chosen.sentence()))
    if agreed is not None:
        items["terms"] = items["terms"].fillna(agreed)
    return items, notes


def _by_terms(issued: "pd.Series[Any]", texts: "pd.Series[Any]") -> tuple["pd.Series[Any]", list[str]]:
    """Due dates by the terms each text states, and the texts that were not understood."""
    dues, unread = [issued.iloc[:0]], []
    for text, rows in issued.groupby(texts):
        try:
            dues.append(PaymentTerms.parse(str(text)).due_dates(rows))
        except ArlibError:
            unread.append(str(text))
    return pd.concat(dues), unread

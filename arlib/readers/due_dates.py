"""Due dates of debits that have none, and where each one comes from."""

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import BILL, INVOICE, OPENING, OTHER, TRANSFER, Codes, no_texts, texts_by_code
from arlib.terms import NET_30, PaymentTerms
from arlib.words import Sentence, say

_FALL_DUE = (INVOICE, OPENING, BILL, OTHER, TRANSFER)


def fill_due_dates(
    items: pd.DataFrame, customers: pd.DataFrame, default: PaymentTerms | None
) -> tuple[pd.DataFrame, dict[int, list[Sentence]]]:
    """Items with a due date on every debit, by the terms on the row, the customer's, or the default; and notes.

    `due_source` says which: file (or the reader's own word for it), terms, customer, default; none for what does
    not fall due: credits, and movements whose reader says `_no_due`. Notes are by the item's `_file`.
    """
    items = items.copy(deep=False)
    if "due_on" not in items:
        items["due_on"] = pd.Series(pd.NaT, items.index, dtype="datetime64[s]")
    if "terms" not in items:
        items["terms"] = no_texts(items.index)
    agreed = items["customer_id"].map(customers.set_index("customer_id")["terms"]) if "terms" in customers else None
    names, source = _stated(items)
    chosen = default or NET_30
    notes: dict[int, list[Sentence]] = defaultdict(list)
    wanted = _falls_due(items).to_numpy()
    for name, texts in (("terms", items["terms"]), ("customer", agreed), ("default", str(chosen))):
        places = np.flatnonzero(wanted & items["due_on"].isna().to_numpy())
        if texts is None or not len(places):
            continue
        issued = items["issued_on"].iloc[places]
        written = pd.Series(texts, index=issued.index) if isinstance(texts, str) else texts.iloc[places]
        filled, unread = _by_terms(issued, written)
        for text, row in unread.items():
            notes[items["_file"].loc[row]].append(say("terms.not_understood", text=text))
        items.loc[filled.index, "due_on"] = filled
        source[items.index.get_indexer(filled.index)] = names.index(name)
        for file, rows in items.loc[filled.index, "_file"].value_counts().to_dict().items():
            notes[file].append(say(f"read.due_{name}", rows=rows, terms=chosen.sentence()))
    if agreed is not None:
        items["terms"] = items["terms"].fillna(agreed)
    return items.assign(due_source=texts_by_code(names, source, items.index)), notes


def _stated(items: pd.DataFrame) -> tuple[list[str], Codes]:
    """Where due dates can come from, and for each item, as a code, where its own does."""
    names = ["none", "file", "terms", "customer", "default"]
    source = np.full(len(items), names.index("file"), dtype=np.intp)
    if "due_source" in items:
        codes, said = pd.factorize(items["due_source"])
        source = np.where(codes >= 0, codes + len(names), source)
        names += [str(name) for name in said]
    source[items["due_on"].isna()] = names.index("none")
    return names, source


def _falls_due(items: pd.DataFrame) -> "pd.Series[bool]":
    """Which movements fall due on some day, known or computed."""
    owed = (items["amount"] > 0) & items["kind"].isin(_FALL_DUE)
    return owed & ~items["_no_due"].fillna(value=False).astype("bool") if "_no_due" in items else owed


def _by_terms(issued: "pd.Series[Any]", texts: "pd.Series[Any]") -> tuple["pd.Series[Any]", dict[str, Any]]:
    """Due dates by the terms each text states, and the texts that were not understood, each with its first row."""
    dues, unread = [issued.iloc[:0]], {}
    for text, rows in issued.groupby(texts):
        try:
            dues.append(PaymentTerms.parse(str(text)).due_dates(rows))
        except ArlibError:
            unread[str(text)] = rows.index[0]
    return pd.concat(dues), unread

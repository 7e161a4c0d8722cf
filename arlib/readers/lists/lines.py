"""Rows that are lines of one document, added up into it; and due dates of one document, kept apart."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.readers.lists.payments import Payments, payments_apart
from arlib.readers.lists.signed import line_amounts
from arlib.schema import HALF_CENT, Codes, Floats, sum_by_code
from arlib.words import Sentence, say

_OF_A_LINE = ("quantity", "unit_price", "line_amount", "item")
_DOCUMENT = ["customer_id", "reference", "issued_on"]
_ADDED_UP = ("net_amount", "tax_amount", "debit", "credit", "open_amount", "paid_amount", "credited_amount")


@dataclass(frozen=True, eq=False)
class Documents:
    """One row a document, and the lines of the file they were added up from.

    Attributes:
        read: the columns read, one row a document, under the number of its first row.
        amount: what each document is worth.
        place: the place in `read` of the document each line of the file belongs to.
        lines: what each line of the file adds to its document.
        reading: what was added up.
        parts: the payments of documents that stand on one row for each of them; else none.
    """

    read: pd.DataFrame
    amount: "pd.Series[Any]"
    place: Codes
    lines: Floats
    reading: list[Sentence]
    parts: pd.DataFrame | None = None


def documents(read: pd.DataFrame, amount: "pd.Series[Any]") -> Documents:
    """The documents of rows that have columns of a line (item, quantity, unit price); else each row is one.

    Rows of one customer, number, date and due date are then lines of one document. Where each repeats the total of
    the document, it counts once. Without such columns, rows alike are left alone: they may be duplicates, which is
    for a person to say. Rows of one number with different due dates are instalments: `document_id` joins them.
    """
    every = np.arange(len(read))
    if "reference" not in read:
        return Documents(read, amount, every, amount.to_numpy(), [])
    keys = [*_DOCUMENT, *(["due_on"] if "due_on" in read else [])]
    codes, _ = pd.factorize(read["reference"])
    repeated = pd.Series((codes >= 0) & (np.bincount(codes + 1)[codes + 1] > 1), index=read.index)
    if repeated.any():  # of one number: now of one customer and date too
        repeated = repeated & read[_DOCUMENT].where(repeated).duplicated(keep=False)
    if not repeated.any():
        return Documents(read, amount, every, amount.to_numpy(), [])
    apart = None if set(_OF_A_LINE) & set(read) else payments_apart(read, repeated)
    if apart is not None:
        return _paid_in_parts(read, amount, apart, repeated)
    place = _places(read, keys, repeated)
    if not set(_OF_A_LINE) & set(read) or place.max() + 1 == len(read):
        return Documents(_instalments(read, repeated), amount, every, amount.to_numpy(), [])
    first = np.unique(place, return_index=True)[1]
    lines = _once(read, amount.to_numpy(), place, first)
    grouped = _instalments(_added_up(read, place, first), repeated.iloc[first])
    total = pd.Series(sum_by_code(place, lines, len(first)).round(2), index=grouped.index)
    said = say("read.lines", rows=len(read), documents=len(first))
    return Documents(grouped, total, place, lines, [said])


def _paid_in_parts(
    read: pd.DataFrame, amount: "pd.Series[Any]", apart: Payments, repeated: "pd.Series[bool]"
) -> Documents:
    """Each invoice once, what its rows say was paid added up, and its last payment's day."""
    invoices = read.iloc[apart.first].copy()
    of = apart.parts.groupby("invoice")
    invoices.loc[list(of.groups), "paid_amount"] = of["paid_amount"].sum()
    if "paid_on" in invoices:
        invoices.loc[list(of.groups), "paid_on"] = of["paid_on"].max()
    lines = np.zeros(len(read))
    lines[apart.first] = amount.to_numpy()[apart.first]
    invoices = _instalments(invoices, repeated.iloc[apart.first])
    return Documents(invoices, amount.iloc[apart.first], apart.place, lines, apart.reading, apart.parts)


def _places(read: pd.DataFrame, keys: list[str], repeated: "pd.Series[bool]") -> Codes:
    """The place of each row's document, counted from 0 in the order of their first rows."""
    alone = np.where(repeated, -1, np.arange(len(read)))
    codes = read.groupby([*keys, alone], sort=False, dropna=False).ngroup().to_numpy()
    return np.asarray(pd.factorize(codes)[0], dtype=np.intp)


def _once(read: pd.DataFrame, amounts: Floats, place: Codes, first: Codes) -> Floats:
    """Amounts line by line; where they are the document's total repeated on each line, on its first line only.

    Repeated totals are equal within each document and at least what its lines add up to; amounts of the lines
    themselves are less than that as soon as there are two.
    """
    lines = line_amounts(read)
    several = np.bincount(place)[place] > 1
    if lines is None or not several.any():
        return amounts
    equal = np.abs(amounts - amounts[first][place]) < HALF_CENT
    whole = np.abs(sum_by_code(place, lines.fillna(0).to_numpy(), len(first)))[place]
    if not (equal & (np.abs(amounts) >= whole - HALF_CENT))[several].all():
        return amounts
    head = np.zeros(len(amounts), dtype=bool)
    head[first] = True
    return np.where(head, amounts, 0.0)


def _added_up(read: pd.DataFrame, place: Codes, first: Codes) -> pd.DataFrame:
    """The first row of each document, its other amounts added up unless each line repeats them."""
    grouped = read.iloc[first].copy()
    for name in [name for name in _ADDED_UP if name in read]:
        values = read[name].fillna(0).to_numpy()
        repeated = (np.abs(values - values[first][place]) < HALF_CENT).all()
        if not repeated:
            grouped[name] = sum_by_code(place, values, len(first)).round(2)
    return grouped


def _instalments(read: pd.DataFrame, repeated: "pd.Series[bool]") -> pd.DataFrame:
    """The rows, with the number of the document as `document_id` where it has several due dates."""
    if "due_on" not in read or not repeated.any():
        return read
    several = read[repeated].groupby(_DOCUMENT, sort=False)["due_on"].transform("nunique") > 1
    parts = several.index[several]
    return read.assign(document_id=read["reference"].where(read.index.isin(parts))) if len(parts) else read

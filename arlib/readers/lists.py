"""Rows of a list, read into columns, as movements: two shapes.

A movement a row (invoice, credit note, payment), with a matching code where the software has one; or an invoice a
row, with a paid date or an amount paid where it is settled, whose payment becomes a movement of its own.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.readers.kinds import kinds_and_amounts
from arlib.schema import CREDIT_NOTE, HALF_CENT, INVOICE, ITEMS, PAYMENT
from arlib.words import Sentence, say

_PAID = r"(?i)^(?:pay|regl|régl|sold|encaiss|acquitt|paid|settled|closed|cleared)"
_NO_LETTER = ("-", "0", "N", "NON", "NO", "NL", ".", "/", "_")  # what software writes where nothing is matched
_TAX_RATES = {0, 2.1, 5, 5.5, 6, 7, 8.5, 9, 10, 13, 19, 19.6, 20, 21, 22}  # percent; a tax column may hold rates


@dataclass(frozen=True, eq=False)
class Movements:
    """The movements of a list, what the list itself adds up to, and how far it goes.

    Attributes:
        items: columns of the schema, `_rate_on` (whose rate applies) and `_matching` (settled together, if at all).
        controls: account, booked_on, amount, `_rate_on`: the list's own columns, row by row.
        official: whether the list says what settles what.
        invoice_list: whether it is one row an invoice.
        warnings: what a person should look at before using the figures.
    """

    items: pd.DataFrame
    controls: pd.DataFrame
    official: bool
    invoice_list: bool
    warnings: list[Sentence]


def movements_of(read: pd.DataFrame) -> Movements:
    """The movements of rows whose columns have been read as dates, money and text, indexed by row number."""
    signed, warnings = _signed(read)
    kind, amount, doubts = kinds_and_amounts(read, signed)
    read = read.assign(amount=amount, kind=kind)
    settled = {"paid_on", "paid_amount", "open_amount", "paid_status"} & set(read)
    is_list = not ({"debit", "credit"} <= set(read) or "letter" in read) and (bool(settled) or "kind" not in read)
    made = _invoices(read, signed) if is_list else _movements(read, signed)
    if (made.items["amount"] >= 0).all() and not settled:
        warnings.append(say("read.nothing_paid"))
    return Movements(made.items, made.controls, made.official, made.invoice_list, warnings + doubts + made.warnings)


def _signed(read: pd.DataFrame) -> tuple["pd.Series[Any]", list[Sentence]]:
    """What each row says of its amount, tax included where the list has it."""
    if {"debit", "credit"} <= set(read):
        return (read["debit"].fillna(0) - read["credit"].fillna(0)).round(2), []
    if "amount" in read:
        return read["amount"], []
    if "net_amount" not in read:
        return read["open_amount"], []
    if "tax_amount" not in read:
        return read["net_amount"], [say("read.net_only")]
    tax = read["tax_amount"].fillna(0)
    if set(tax.unique()) <= _TAX_RATES:
        tax = read["net_amount"] * tax / 100
    return (read["net_amount"] + tax).round(2), []


def _movements(read: pd.DataFrame, signed: "pd.Series[Any]") -> Movements:
    items = _items(read)
    items["_matching"] = pd.Series(pd.NA, index=read.index, dtype="str")
    if "letter" in read:
        plain = read["letter"].str.strip("*").str.upper()
        letter = read["letter"].where((plain != "") & ~plain.isin(_NO_LETTER))
        items["letter"] = letter
        items["_matching"] = read["customer_id"] + "\x1f" + letter
    # Which way a row counts is read from its type; how much is the file's own.
    moved = np.sign(read["amount"]) * signed.abs()
    return Movements(items, _controls(items, moved), "letter" in read, invoice_list=False, warnings=[])


def _invoices(read: pd.DataFrame, signed: "pd.Series[Any]") -> Movements:
    """Each invoice, and where it is paid a payment of its own, matched with it alone."""
    invoices = _items(read)
    invoices["_matching"] = read.index.astype("str")
    paid, warnings = _paid(read)
    settled = paid.abs() >= HALF_CENT
    when, late = _paid_on(read, settled)
    payments = invoices.loc[settled].assign(
        kind=PAYMENT, amount=-paid[settled], issued_on=when, booked_on=when, net_amount=np.nan
    )
    if "due_on" in payments:
        payments["due_on"] = pd.NaT
    if "disputed" in payments:
        payments["disputed"] = False
    moved = np.sign(read["amount"]) * signed.abs()
    controls = [_controls(invoices, moved), _controls(payments, -paid[settled])]
    items = pd.concat([invoices, payments], ignore_index=True) if settled.any() else invoices
    return Movements(items, pd.concat(controls), official=True, invoice_list=True, warnings=warnings + late)


def _paid(read: pd.DataFrame) -> tuple["pd.Series[Any]", list[Sentence]]:
    """How much of each invoice has been paid: what is left of it first, else the amount paid, the date, the status."""
    amount, sign = read["amount"], np.sign(read["amount"])
    paid = pd.Series(0.0, index=read.index)
    if "paid_status" in read:
        paid = paid.where(~read["paid_status"].fillna("").str.contains(_PAID, regex=True), amount)
    if "paid_on" in read:
        paid = paid.where(read["paid_on"].isna(), amount)
    stated = sign * read["paid_amount"].abs() if "paid_amount" in read else pd.Series(np.nan, index=read.index)
    left = amount - sign * read["open_amount"].abs() if "open_amount" in read else pd.Series(np.nan, index=read.index)
    differ = (stated - left).abs() > HALF_CENT
    warnings = [say("read.paid_differs", rows=int(differ.sum()), row=differ.idxmax())] if differ.any() else []
    return left.fillna(stated).fillna(paid).round(2), warnings


def _paid_on(read: pd.DataFrame, settled: "pd.Series[bool]") -> tuple["pd.Series[Any]", list[Sentence]]:
    """The day of each payment; the last day of the list for one without a date, which is said."""
    paid_on = read["paid_on"] if "paid_on" in read else pd.Series(pd.NaT, index=read.index, dtype="datetime64[s]")
    last = pd.concat([read["booked_on"], paid_on]).max()
    undated = int((settled & paid_on.isna()).sum())
    warnings = [say("read.undated_payments", rows=undated, day=last)] if undated else []
    return paid_on.fillna(last)[settled], warnings


def _items(read: pd.DataFrame) -> pd.DataFrame:
    """The rows as items of the schema, each with the row it stands on."""
    items = read[[column.name for column in ITEMS if column.name in read]].copy()
    if "net_amount" in items:
        turned = np.sign(items["amount"]) * items["net_amount"].abs()
        items["net_amount"] = turned.where(items["kind"].isin((INVOICE, CREDIT_NOTE)))
    if "due_on" in items:
        items["due_on"] = items["due_on"].where(items["kind"] != PAYMENT)
    items["_rate_on"] = items["issued_on"]
    items["row"] = read.index
    return items


def _controls(items: pd.DataFrame, moved: "pd.Series[Any]") -> pd.DataFrame:
    kept = [name for name in ("booked_on", "currency", "_rate_on") if name in items]
    return items[kept].assign(account="file", amount=moved)

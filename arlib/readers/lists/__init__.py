"""Rows of a list, read into columns, as movements, whatever the shape of the list.

A movement a row (invoice, credit note, payment), matched by a code, by the invoice it names, or by what is left of
each; or an invoice a row, with what says that it is paid: its payment becomes a movement of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from arlib.readers.lists.kinds import kinds_and_amounts
from arlib.readers.lists.lines import Documents, documents
from arlib.readers.lists.receivables import receivables
from arlib.readers.lists.settled import SETTLING, Settled, counterparts, groups, letters, settled, without_due_at_issue
from arlib.readers.lists.signed import signed_amounts
from arlib.readers.profiles import UNKNOWN, Profile
from arlib.schema import CREDIT_NOTE, HALF_CENT, INVOICE, ITEMS, PAYMENT, texts_by_code
from arlib.words import Sentence, say


@dataclass(frozen=True, eq=False)
class Movements:
    """The movements of a list, what the list itself adds up to, and how far it goes.

    Attributes:
        items: columns of the schema; `_rate_on` (whose rate applies); `_matching` (settled together, if at all);
            `_applied_to`, what a row says it settles; and `_settled`, the part of the amount that is, where the list
            says how much of each row is left.
        controls: account, booked_on, amount, `_rate_on`: the list's own columns, row by row.
        official: whether the list says what settles what.
        invoice_list: whether it is one row an invoice.
        reading: what was understood.
        warnings: what a person should look at before using the figures.
        decided: how amounts turned out to be written, as a profile says it.
    """

    items: pd.DataFrame
    controls: pd.DataFrame
    official: bool
    invoice_list: bool
    reading: list[Sentence]
    warnings: list[Sentence]
    decided: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Shaped:
    """The rows as items, and the movements that settle them without having a row of their own."""

    items: pd.DataFrame
    added: pd.DataFrame
    official: bool
    invoice_list: bool
    reading: list[Sentence]
    warnings: list[Sentence]


def movements_of(
    read: pd.DataFrame,
    profile: Profile = UNKNOWN,
    stated_on: pd.Timestamp | None = None,
    payments: pd.DataFrame | None = None,
) -> Movements:
    """The movements of rows whose columns have been read as dates, money and text, indexed by row number.

    Args:
        read: columns named by the fields of `headings.csv`, with customer, dates and currency filled in.
        profile: what is known of the software that wrote the list.
        stated_on: the day a list of open items says it is of: payments without a date count on it.
        payments: one row a payment of the invoice on its row, of lists that have columns for several: `paid_on`,
            `paid_amount`.
    """
    read, at_issue = without_due_at_issue(read)
    signed = signed_amounts(read, profile)
    kept = receivables(read, signed.amount, profile, both_ways=signed.both_ways)
    made = documents(kept.read, signed.amount[kept.read.index])
    kinds = kinds_and_amounts(made.read, made.amount, profile, both_ways=signed.both_ways)
    rows = made.read.assign(amount=kinds.amount, kind=kinds.kind)
    said = _by_invoice(rows)
    parts, unused = _parts(made, payments, said)
    days = [rows["booked_on"], *(each["paid_on"] for each in (rows, parts) if each is not None and "paid_on" in each)]
    last = stated_on or max(each.max() for each in days if each.notna().any())
    shaped = _movements(rows, last) if said is None else _invoices(rows, said, parts, last)
    # Which way a row counts is read from its type; how much is the file's own, line by line.
    turned = np.sign(kinds.amount.to_numpy()) * np.sign(made.amount.to_numpy())
    lines = shaped.items if len(made.lines) == len(rows) else shaped.items.iloc[made.place]
    own = _controls(lines, made.lines * turned[made.place])
    added = [shaped.added] if len(shaped.added) else []
    return Movements(
        items=pd.concat([shaped.items, *added], ignore_index=True),
        controls=pd.concat([own, *(_controls(rows, rows["amount"].to_numpy()) for rows in added)], ignore_index=True),
        official=shaped.official,
        invoice_list=shaped.invoice_list,
        reading=[*at_issue, *made.reading, *shaped.reading],
        warnings=[*signed.warnings, *kept.warnings, *kinds.warnings, *unused, *shaped.warnings, *_not_in_it(rows)],
        decided={**signed.decided, **kept.decided, **kinds.decided},
    )


def _parts(
    made: Documents, payments: pd.DataFrame | None, said: Settled | None
) -> tuple[pd.DataFrame | None, list[Sentence]]:
    """The payments of each invoice, from rows or from columns of their own; and what to warn of.

    Columns of payments say nothing sure where an invoice takes several rows, or where payments have rows as well.
    """
    if payments is None:
        return made.parts, []
    if said is None or made.parts is not None or len(made.lines) != len(made.read):
        return made.parts, [say("read.payments_without_days", rows=len(payments))]
    own = payments[payments.index.isin(made.read.index)]
    sums = own.groupby(level=0)["paid_amount"].sum()
    differ = (sums - said.amount.loc[sums.index].abs()).round(2)
    differ = differ[differ.abs() >= HALF_CENT]
    row = differ.index.min() if len(differ) else 0
    doubts = [say("read.dated_payments_differ", rows=len(differ), row=row)] if len(differ) else []
    return own.assign(row=own.index, invoice=own.index), doubts


def _by_invoice(read: pd.DataFrame) -> Settled | None:
    """What is settled of each row, where rows are invoices that say it and no payment has a row of its own."""
    if "letter" in read or {"applied_to", "reference"} <= set(read) or not set(SETTLING) & set(read):
        return None
    said = settled(read)
    payments = (read["kind"] == PAYMENT) & (said.amount.abs() >= HALF_CENT)
    return None if payments.any() else said


def _movements(read: pd.DataFrame, last: pd.Timestamp) -> _Shaped:
    """Each row as it stands, grouped with what it settles, and the counterpart of what was settled elsewhere."""
    together = groups(read)
    items = _items(read).assign(_matching=together.group)
    if together.settled is not None:
        items["_settled"] = together.settled
    if "letter" in read:
        items["letter"] = letters(read["letter"])
    elif "applied_to" in read and ("reference" in read or not set(SETTLING) & set(read)):
        items["_applied_to"] = read["applied_to"]
    added, doubts = counterparts(items, read, last)
    official = bool({"letter", *SETTLING} & set(read)) or {"applied_to", "reference"} <= set(read)
    warnings = [*together.warnings, *doubts]
    return _Shaped(items, added, official, invoice_list=False, reading=[*together.reading], warnings=warnings)


def _invoices(read: pd.DataFrame, said: Settled, parts: pd.DataFrame | None, last: pd.Timestamp) -> _Shaped:
    """Each invoice, and where it is paid a payment of its own, or several, matched with it alone."""
    invoices = _items(read).assign(_matching=read.index)
    paid = _payments(read, said.amount, parts)
    when, late = _paid_on(paid, last)
    own = [name for name in invoices if name not in ("kind", "amount", "issued_on", "booked_on", "net_amount", "row")]
    payments = (
        invoices[own]
        .iloc[paid["place"]]
        .set_axis(paid.index)
        .assign(
            kind=texts_by_code((PAYMENT,), np.zeros(len(paid), dtype=np.intp), paid.index),
            amount=-paid["amount"],
            issued_on=when,
            booked_on=when,
            net_amount=np.nan,
            row=paid.index,
        )[list(invoices.assign(net_amount=np.nan))]
    )
    if "due_on" in payments:
        payments["due_on"] = pd.NaT
    if "disputed" in payments:
        payments["disputed"] = False
    return _Shaped(
        invoices, payments, official=True, invoice_list=True, reading=said.reading, warnings=said.warnings + late
    )


def _payments(read: pd.DataFrame, paid: "pd.Series[Any]", parts: pd.DataFrame | None) -> pd.DataFrame:
    """One row a payment, by its row: the `place` of its invoice, `amount`, `paid_on` and the invoice's `booked_on`.

    Payments on rows or in columns of their own are believed up to what is settled of their invoice; what is settled
    beyond them is one more. Where they are more than that, one payment stands for all, on the day of the last.
    """
    dated = [name for name in ("paid_on", "booked_on") if name in read]
    settled = np.flatnonzero(paid.abs() >= HALF_CENT)
    paid = paid.iloc[settled]
    whole = read[dated].iloc[settled].assign(place=settled, amount=paid)
    if parts is None:
        return whole
    of = parts.groupby("invoice")
    sums = of["paid_amount"].sum().reindex(paid.index)
    fits = sums <= paid.abs() + HALF_CENT
    last = of["paid_on"].max().reindex(paid.index).mask(fits)
    whole["paid_on"] = whole["paid_on"].fillna(last) if "paid_on" in whole else last
    whole["amount"] = paid.where(~fits, (paid - np.sign(paid) * sums).round(2))
    whole = whole[whole["amount"].abs() >= HALF_CENT]
    own = parts[parts["invoice"].isin(paid.index[fits])].set_index("row")
    own = own.assign(
        place=read.index.get_indexer(pd.Index(own["invoice"])),
        amount=own["paid_amount"] * np.sign(own["invoice"].map(paid)),
        booked_on=own["invoice"].map(read["booked_on"]),
    )
    return pd.concat([own[whole.columns], whole]).sort_index(kind="stable")


def _paid_on(paid: pd.DataFrame, last: pd.Timestamp) -> tuple["pd.Series[Any]", list[Sentence]]:
    """The day of each payment; for one without a date the last day of the list, or its invoice's, which is said."""
    absent = pd.Series(pd.NaT, index=paid.index, dtype="datetime64[s]")
    paid_on = paid.get("paid_on", absent)
    undated = int(paid_on.isna().sum())
    warnings = [say("read.undated_payments", rows=undated, day=last)] if undated else []
    return paid_on.fillna(paid["booked_on"].where(paid["booked_on"] > last, last)), warnings


def _not_in_it(read: pd.DataFrame) -> list[Sentence]:
    """What the list cannot tell: which invoices were paid, or what became of those that were."""
    settling = set(SETTLING) & set(read)
    if not settling and not (read["amount"] < 0).any():
        return [say("read.nothing_paid")]
    if "open_amount" in settling and (read["open_amount"].fillna(0).abs() >= HALF_CENT).all():
        return [say("read.only_open")]
    if settling == {"is_open"} and read["is_open"].all():
        return [say("read.only_open")]
    return []


def _items(read: pd.DataFrame) -> pd.DataFrame:
    """The rows as items of the schema, each with the row it stands on."""
    items = read[[column.name for column in ITEMS if column.name in read]].copy(deep=False)
    if "net_amount" in items:
        turned = np.sign(items["amount"]) * items["net_amount"].abs()
        items["net_amount"] = turned.where(items["kind"].isin((INVOICE, CREDIT_NOTE)))
    if "due_on" in items:
        items["due_on"] = items["due_on"].where(items["kind"] != PAYMENT)
    items["_rate_on"] = items["issued_on"]
    items["row"] = read.index
    return items


def _controls(items: pd.DataFrame, moved: Any) -> pd.DataFrame:  # noqa: ANN401 - a column or its values
    kept = [name for name in ("booked_on", "currency", "_rate_on") if name in items]
    account = texts_by_code(("file",), np.zeros(len(items), dtype=np.intp), items.index)
    return items[kept].assign(account=account, amount=moved)

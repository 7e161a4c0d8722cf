"""What a reader understood of one file, and how readings become a ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Ledger, Source
from arlib.readers.matching import match_groups
from arlib.readers.rates import in_currency
from arlib.readers.sources import RawSource
from arlib.schema import BILL, HALF_CENT, INVOICE, OPENING, OTHER, SALES, TRANSFER
from arlib.terms import NET_30, PaymentTerms
from arlib.words import Sentence, say

_NO_MATCHES = pd.DataFrame({"debit_id": [], "credit_id": [], "amount": [], "matched_on": [], "method": []})


@dataclass(frozen=True, eq=False)
class Reading:
    """The movements of one file, before due dates and matches.

    `items` has the columns of the schema that the file gives, plus `matching`: the group a movement is settled in,
    missing for none. `controls` are the file's own totals a day, added up apart from the items.
    """

    items: pd.DataFrame
    customers: pd.DataFrame
    controls: pd.DataFrame
    official: bool  # whether the file itself says what settles what
    source: Source
    invoice_list: bool = False  # one row an invoice, with the date it was paid where it was


def source_of(
    raw: RawSource,
    kind: str,
    reading: Sequence[Sentence],
    warnings: Sequence[Sentence] = (),
    columns: Mapping[str, str] | None = None,
) -> Source:
    """The note a reading leaves in `ledger.sources`."""
    return Source(raw.name, raw.sha256, kind, tuple(reading), tuple(warnings), dict(columns or {}))


def to_ledger(
    readings: Sequence[Reading],
    *,
    terms: PaymentTerms | None,
    customers: pd.DataFrame | None,
    rates: pd.DataFrame | None,
    currency: str | None,
) -> Ledger:
    """One ledger from the readings of one or several files."""
    items = pd.concat([reading.items.assign(file=place) for place, reading in enumerate(readings)], ignore_index=True)
    items["item_id"] = np.arange(1, len(items) + 1)
    known = _customers(readings, customers)
    items, due_notes = _fill_due_dates(items, known, terms)
    controls = pd.concat([reading.controls for reading in readings], ignore_index=True)
    items, controls, reporting = in_currency(items, controls, rates=rates, currency=currency)
    controls = controls.groupby(["account", "booked_on"], as_index=False)[["amount"]].sum()
    matches, match_notes = _matches(items, readings)
    covers, cover_notes = _covers(items, invoice_list=all(reading.invoice_list for reading in readings))
    kept = items.drop(columns=["matching", "file"] if len(readings) == 1 else ["matching"])
    sources = [reading.source for reading in readings]
    first = sources[0]
    sources[0] = Source(
        first.name,
        first.sha256,
        first.format,
        (*first.reading, *due_notes),
        (*first.warnings, *match_notes, *cover_notes),
        first.columns,
    )
    return Ledger(kept, matches, known, controls, reporting, covers, tuple(sources))


def _customers(readings: Sequence[Reading], given: pd.DataFrame | None) -> pd.DataFrame:
    """Every customer once: what the customers' file says first, what the movements say where it is silent."""
    found = pd.concat([reading.customers for reading in readings], ignore_index=True)
    if given is not None:
        found = pd.concat([given, found], ignore_index=True)
    return found.groupby("customer_id", sort=True).first().reset_index()


def _fill_due_dates(
    items: pd.DataFrame, customers: pd.DataFrame, default: PaymentTerms | None
) -> tuple[pd.DataFrame, list[Sentence]]:
    """Due dates of debits that have none: by the terms on the row, the customer's, or the default; named as such."""
    items = items.copy()
    if "due_on" not in items:
        items["due_on"] = pd.NaT
    if "terms" not in items:
        items["terms"] = pd.NA
    of_customer = customers.set_index("customer_id")["terms"] if "terms" in customers else None
    agreed = items["customer_id"].map(of_customer) if of_customer is not None else pd.Series(pd.NA, items.index)
    wanted = (
        items["due_on"].isna() & (items["amount"] > 0) & items["kind"].isin((INVOICE, OPENING, BILL, OTHER, TRANSFER))
    )
    items["due_source"] = np.where(items["due_on"].notna(), "file", "none")
    notes: list[Sentence] = []
    for name, texts in (("terms", items["terms"]), ("customer", agreed), ("default", None)):
        filled, unread = _due_by_terms(items, wanted, texts, default or NET_30)
        if name == "customer":
            items["terms"] = items["terms"].fillna(agreed)
        items.loc[filled.index, "due_on"] = filled
        items.loc[filled.index, "due_source"] = name
        wanted = wanted & ~items.index.isin(filled.index)
        if len(filled):
            notes.append(say(f"read.due_{name}", rows=len(filled), terms=(default or NET_30).sentence()))
        notes += [say("terms.not_understood", text=text) for text in unread]
    return items, notes


def _due_by_terms(
    items: pd.DataFrame, wanted: "pd.Series[bool]", texts: "pd.Series[Any] | None", default: PaymentTerms
) -> tuple["pd.Series[Any]", list[str]]:
    """Due dates of the wanted items by the terms each text states, and the texts that were not understood."""
    issued = items.loc[wanted, "issued_on"]
    if texts is None:
        return default.due_dates(issued), []
    dues, unread = [], []
    for text, rows in issued.groupby(texts[wanted]):
        try:
            dues.append(PaymentTerms.parse(str(text)).due_dates(rows))
        except ArlibError:
            unread.append(str(text))
    return (pd.concat(dues) if dues else issued.iloc[:0]), unread


def _matches(items: pd.DataFrame, readings: Sequence[Reading]) -> tuple[pd.DataFrame, list[Sentence]]:
    """The matches each file states; in a file that states none, receipts settle the oldest debts of their customer."""
    parts, notes = [_NO_MATCHES], []
    for place, reading in enumerate(readings):
        of_file = items[items["file"] == place]
        if reading.official:
            stated = match_groups(of_file, of_file["matching"], "official")
            carried = _carried_over(of_file, stated)
            parts += [stated, carried]
            if len(carried):
                notes.append(say("read.carried_over", amount=carried["amount"].sum(), rows=len(carried)))
        elif (of_file["amount"] < 0).any():
            parts.append(match_groups(of_file, of_file["customer_id"], "derived"))
            notes.append(say("read.derived", file=reading.source.name))
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True), notes


def _carried_over(items: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """What settles an opening balance: receipts whose letter names invoices of the year before, absent from the file.

    An opening of one balance a customer bears no letter, while the receipts that pay it bear the letter of the
    invoices it stands for: what is left of such a group of letters can only settle that balance.
    """
    settled = stated.groupby("debit_id")["amount"].sum(), stated.groupby("credit_id")["amount"].sum()
    ids = items["item_id"]
    left = items.assign(
        amount=(items["amount"] - ids.map(settled[0]).fillna(0) + ids.map(settled[1]).fillna(0)).round(2)
    )
    receipts = left["matching"].notna() & (left["amount"] < 0)
    openings = left["matching"].isna() & (left["kind"] == OPENING) & (left["amount"] > 0)
    return match_groups(left, left["customer_id"].where(receipts | openings), "derived")


def _covers(
    items: pd.DataFrame, *, invoice_list: bool
) -> tuple[tuple[pd.Timestamp, pd.Timestamp], tuple[Sentence, ...]]:
    """First and last day the movements speak for.

    Openings repeat an earlier year. A list of invoices that are all paid was drawn from the payments: it stops
    speaking at its last invoice, since whatever was invoiced and not yet paid is not in it.
    """
    moving = items[items["kind"] != OPENING]
    moving = moving if len(moving) else items
    first, last = moving["booked_on"].min(), items["booked_on"].max()
    sold = items.loc[items["kind"].isin(SALES), "booked_on"].max()
    if invoice_list and abs(items["amount"].sum()) < HALF_CENT and sold < last:
        return (first, sold), (say("read.all_settled", day=sold, last=last),)
    return (first, last), ()

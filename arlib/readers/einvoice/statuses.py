"""What a table of statuses adds to the invoices it names: where each stands, disputes, and what was cashed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from arlib.readers.einvoice.movements import FORMAT
from arlib.readers.einvoice.status_table import CASHED, StatusTable, rank_of_status, read_statuses
from arlib.readers.einvoice.together import cut, joined
from arlib.readers.reading import Reading
from arlib.readers.tables.table import Table
from arlib.schema import HALF_CENT, INVOICE, PAYMENT, SALES
from arlib.words import Sentence, has_word, say

_DISPUTED = ("partly_approved", "disputed", "suspended", "refused")
_VOID = ("rejected", "cancelled", "routing_error", "inadmissible")
_NAMED = 10  # invoices that are named in a sentence
_NOT_OF_A_PAYMENT = ("net_amount", "tax_amount", "tax_in_currency", "terms", "due_on", "document_id")
_ADDED = ["einvoice_status", "einvoice_status_on", "einvoice_status_reason"]


def with_statuses(readings: Sequence[Reading], tables: Sequence[Table]) -> list[Reading]:
    """The readings with the statuses of their invoices, by invoice number.

    Invoices and credit notes named get `einvoice_status` (the last one: English key of the French life cycle, or the
    words of the file), `einvoice_status_on`, `einvoice_status_reason`; those partly approved, disputed, suspended or
    refused are `disputed`. An amount cashed on a day becomes a payment of that day, matched with its invoice, only
    where the invoice is electronic and no other file gives payments, and only up to what is left of it. The first
    reading tells what was done and what was not.

    Raises:
        ArlibError: a table holds dates or amounts that cannot be read.
    """
    read = [read_statuses(table) for table in tables]
    if not read or not readings:
        return list(readings)
    items = joined([each.items for each in readings])
    events, told = _of_known_invoices(read, items)
    items, last = apply_statuses(items, events)
    payments, doubts = _payments(readings, items, events)
    void = last.isin(_VOID) & items["kind"].isin(SALES)
    if void.any():
        amount = float(items.loc[void, "amount"].sum())
        doubts.append(say("einvoice.void", rows=int(items.loc[void, "reference"].nunique()), amount=amount))
    return _told(_split(readings, items, payments), read, events, [*told, *doubts])


def apply_statuses(items: pd.DataFrame, events: pd.DataFrame) -> tuple[pd.DataFrame, "pd.Series[Any]"]:
    """The items with the last status of each invoice and credit note, and that status alone."""
    order = events["status"].map(rank_of_status()).fillna(0)
    latest = events.assign(_rank=order).sort_values(["on", "time", "_rank", "row"], kind="stable", na_position="first")
    latest = latest.drop_duplicates("_key", keep="last").set_index("_key")
    key = _keys(items["reference"]).where(items["kind"].isin(SALES))
    added = latest[["status", "on", "reason"]].reindex(key).set_axis(items.index).set_axis(_ADDED, axis=1)
    status = added["einvoice_status"].astype("str")
    already = items["disputed"].fillna(value=False).astype("bool") if "disputed" in items else False
    return items.assign(**added, disputed=already | status.isin(_DISPUTED)), status


def _keys(references: "pd.Series[Any]") -> "pd.Series[Any]":
    """Invoice numbers for comparison: platforms change their case and the spaces around them."""
    return references.astype("str").str.strip().str.casefold()


def _of_known_invoices(read: Sequence[StatusTable], items: pd.DataFrame) -> tuple[pd.DataFrame, list[Sentence]]:
    """The statuses of invoices that are here, each number standing for one; the others counted and named."""
    events = pd.concat([each.events for each in read], ignore_index=True)
    events["_key"] = _keys(events["reference"])
    sold = items[items["kind"].isin(SALES) & items["reference"].notna()]
    owner = sold["customer_id"] + "\x1f" + (sold["entity"].fillna("") if "entity" in sold else "")
    owners = owner.groupby(_keys(sold["reference"])).nunique()
    many = events["_key"].map(owners).fillna(0)
    told = [warning for each in read for warning in each.warnings]
    for key, chosen in (("einvoice.status_strangers", many == 0), ("einvoice.status_ambiguous", many > 1)):
        numbers = events.loc[chosen, "reference"].unique()
        if len(numbers):
            told.append(say(key, rows=len(numbers), numbers=", ".join(numbers[:_NAMED])))
    return events[many == 1], told


def _payments(
    readings: Sequence[Reading], items: pd.DataFrame, events: pd.DataFrame
) -> tuple[pd.DataFrame, list[Sentence]]:
    """What statuses say was cashed, as payments of the invoices; none where they would count a second time."""
    cashed = events[events["status"] == CASHED]
    electronic = np.array([each.source.format == FORMAT for each in readings])[items["_file"].to_numpy()]
    if cashed.empty:
        return items.iloc[:0], []
    if ((items["kind"] == PAYMENT) & ~electronic).any():
        return items.iloc[:0], [say("einvoice.cashed_elsewhere", rows=cashed["_key"].nunique())]
    concerned = items[electronic & items["kind"].isin((INVOICE, PAYMENT))]
    concerned = concerned.assign(_key=_keys(concerned["reference"]))
    sold = concerned[concerned["kind"] == INVOICE]
    invoices = sold.drop_duplicates("_key").set_index("_key")
    invoices["_total"] = sold.groupby("_key")["amount"].sum()
    invoices["_left"] = concerned.groupby("_key")["amount"].sum()
    stated = cashed[cashed["cashed"].notna() & cashed["on"].notna() & cashed["_key"].isin(invoices.index)]
    paid = _up_to(stated.sort_values(["on", "time", "row"], kind="stable"), invoices)
    doubts = _not_settled(cashed, stated, paid)
    kept = paid.loc[paid["paid"].abs() >= HALF_CENT, ["_key", "on", "paid"]]
    made = kept.merge(invoices, left_on="_key", right_index=True)
    made = made.assign(kind=PAYMENT, amount=-made["paid"], issued_on=made["on"], booked_on=made["on"], disputed=False)
    return made[[name for name in items if name in made and name not in (*_NOT_OF_A_PAYMENT, *_ADDED)]], doubts


def _up_to(stated: pd.DataFrame, invoices: pd.DataFrame) -> pd.DataFrame:
    """Each amount cashed with what of it is `paid`, in the order of the days, up to what is left of its invoice.

    What is dated on or before an invoice that states an amount already paid is that amount; `short` is what was
    cashed beyond what is left.
    """
    of_invoice = invoices[["_total", "_left", "issued_on"]].reindex(stated["_key"]).set_axis(stated.index)
    prepaid = of_invoice["_left"] < of_invoice["_total"] - HALF_CENT
    cashed = stated["cashed"].where(~(prepaid & (stated["on"] <= of_invoice["issued_on"])), 0.0)
    reached = cashed.groupby(stated["_key"]).cumsum().clip(lower=0.0)
    reached = reached.clip(upper=of_invoice["_left"].clip(lower=0.0))
    paid = (reached - reached.groupby(stated["_key"]).shift(fill_value=0.0)).round(2)
    return stated.assign(paid=paid, short=(cashed - paid).round(2))


def _not_settled(cashed: pd.DataFrame, stated: pd.DataFrame, paid: pd.DataFrame) -> list[Sentence]:
    """What was cashed by the statuses and is no payment here."""
    doubts = []
    silent = set(cashed["_key"]) - set(stated["_key"])
    if silent:
        doubts.append(say("einvoice.cashed_unknown", rows=len(silent)))
    beyond = paid[paid["short"].abs() >= HALF_CENT]
    if len(beyond):
        amount = float(beyond["short"].sum())
        doubts.append(say("einvoice.cashed_beyond", rows=beyond["_key"].nunique(), amount=amount))
    return doubts


def _split(readings: Sequence[Reading], items: pd.DataFrame, payments: pd.DataFrame) -> list[Reading]:
    """The readings with their items and payments, and each day's payments in their controls."""
    columns = ["booked_on", "amount", "_rate_on", "_file", *(["currency"] if "currency" in payments else [])]
    added = payments[columns].assign(account="einvoice_status")
    controls = pd.concat([joined([each.controls for each in readings]), added], ignore_index=True)
    parts = zip(
        readings,
        cut(pd.concat([items, payments], ignore_index=True), len(readings)),
        cut(controls, len(readings)) if len(added) else [each.controls for each in readings],
        strict=True,
    )
    return [replace(reading, items=own, controls=totals) for reading, own, totals in parts]


def _told(
    readings: list[Reading], read: Sequence[StatusTable], events: pd.DataFrame, warnings: list[Sentence]
) -> list[Reading]:
    """What was done with the statuses, told with the first reading."""
    files = ", ".join(each.name for each in read)
    counted: Any = events.sort_values(["on", "time"], kind="stable")["status"].value_counts(sort=False)
    named = [
        say("einvoice.status_count", status=_word(str(status)), rows=int(rows)) for status, rows in counted.items()
    ]
    note = say("einvoice.statuses", files=files, rows=len(events), invoices=events["_key"].nunique(), statuses=named)
    source = readings[0].source
    source = replace(source, reading=(*source.reading, note), warnings=(*source.warnings, *warnings))
    return [replace(readings[0], source=source), *readings[1:]]


def _word(status: str) -> Sentence | str:
    key = f"einvoice.status.{status}"
    return say(key) if has_word(key) else status

"""What a reader understood of one file, and how readings become a ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Ledger, Source
from arlib.readers.due_dates import fill_due_dates
from arlib.readers.matching import match_groups, unmatched
from arlib.readers.rates import in_currency
from arlib.schema import HALF_CENT, OPENING, SALES
from arlib.terms import PaymentTerms
from arlib.words import Sentence, say

_FEW = 0.5  # share of customers found in the customers' file below which the two do not belong together
_NO_MATCHES = pd.DataFrame({"debit_id": [], "credit_id": [], "amount": [], "matched_on": [], "method": []})


@dataclass(frozen=True, eq=False)
class Reading:
    """The movements of one file, before due dates and matches.

    Attributes:
        source: the file and what was understood of it.
        items: the columns of the schema that the file gives; `_matching`, the group a movement is settled in,
            missing for none; `_rate_on`, the day whose rate applies.
        customers: those the file names.
        controls: the file's own columns added up apart from the items: account, booked_on, amount, `_rate_on`.
        official: whether the file itself says what settles what.
        invoice_list: whether it is one row an invoice, with the date it was paid where it was.
        period: first and last day of the accounts the file is of, where it says so.
    """

    source: Source
    items: pd.DataFrame
    customers: pd.DataFrame
    controls: pd.DataFrame
    official: bool
    invoice_list: bool = False
    period: tuple[pd.Timestamp, pd.Timestamp] | None = None


def to_ledger(
    readings: Sequence[Reading],
    *,
    terms: PaymentTerms | None,
    customers: pd.DataFrame | None,
    rates: pd.DataFrame | None,
    currency: str | None,
) -> Ledger:
    """One ledger from the readings of one or several files."""
    _refuse_counted_twice(readings)
    known, strangers = _customers(readings, customers)
    filled = [fill_due_dates(reading.items, known, terms) for reading in readings]
    items = pd.concat([part.assign(_file=place) for place, (part, _) in enumerate(filled)], ignore_index=True)
    items["item_id"] = np.arange(1, len(items) + 1)
    controls = pd.concat([reading.controls for reading in readings], ignore_index=True)
    items, controls, reporting = in_currency(items, controls, rates=rates, currency=currency)
    controls = controls.groupby(["account", "booked_on"], as_index=False)[["amount"]].sum()
    matched = [_matches(reading, items[items["_file"] == place]) for place, reading in enumerate(readings)]
    matches = _concat([part for part, _ in matched])
    covers, doubts = _covers(items, readings)
    sources = [
        replace(reading.source, reading=(*reading.source.reading, *notes), warnings=(*reading.source.warnings, *more))
        for reading, (_, notes), (_, more) in zip(readings, filled, matched, strict=True)
    ]
    sources[0] = replace(sources[0], warnings=(*sources[0].warnings, *strangers, *doubts))
    if len(readings) > 1:
        matches = _concat([matches, _across_files(items, matches)])
    own = [name for name in items if str(name).startswith("_")]
    return Ledger(items.drop(columns=own), matches, known, controls, reporting, covers, tuple(sources))


def _concat(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([part for part in parts if len(part)] or [_NO_MATCHES], ignore_index=True)


def _refuse_counted_twice(readings: Sequence[Reading]) -> None:
    """The same file twice, or a FEC that opens with the balances of another one given beside it."""
    seen: dict[str, str] = {}
    for source in (reading.source for reading in readings):
        if source.sha256 in seen:
            raise ArlibError(say("read.same_file", file=source.name, other=seen[source.sha256]))
        seen[source.sha256] = source.name
    years = [reading for reading in readings if reading.source.format == "fec"]
    opened = [reading for reading in years if (reading.items["kind"] == OPENING).any()]
    if len(years) > 1 and opened:
        last = max(opened, key=lambda reading: reading.items["booked_on"].max()).source.name
        others = ", ".join(reading.source.name for reading in years if reading.source.name != last)
        raise ArlibError(say("fec.several", file=last, others=others))


def _customers(readings: Sequence[Reading], given: pd.DataFrame | None) -> tuple[pd.DataFrame, list[Sentence]]:
    """Every customer once: what the customers' file says first, what the movements say where it is silent."""
    found = pd.concat([reading.customers for reading in readings], ignore_index=True)
    doubts: list[Sentence] = []
    if given is not None:
        ids = found["customer_id"].unique()
        strangers = int((~pd.Series(ids).isin(given["customer_id"])).sum())
        if strangers > _FEW * len(ids):
            doubts.append(say("read.strangers", rows=strangers, customers=len(ids)))
        found = pd.concat([given, found], ignore_index=True)
    return found.groupby("customer_id", sort=True).first().reset_index(), doubts


def _matches(reading: Reading, items: pd.DataFrame) -> tuple[pd.DataFrame, list[Sentence]]:
    """The matches a file states; in a file that states none, receipts settle the oldest debts of their customer."""
    if not reading.official:
        if not (items["amount"] < 0).any():
            return _NO_MATCHES, []
        return match_groups(items, items["customer_id"], "derived"), [say("read.derived", file=reading.source.name)]
    stated = match_groups(items, items["_matching"], "official")
    carried = _carried_over(items, stated)
    notes = [say("read.carried_over", amount=carried["amount"].sum(), rows=len(carried))] if len(carried) else []
    return _concat([stated, carried]), notes


def _carried_over(items: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """What settles an opening balance: receipts lettered with more than the file holds.

    An opening of one balance a customer bears no letter, while the receipts that pay it bear the letter of the
    invoices it stands for. Software letters only what nets to zero: what a letter lacks in this file is in the
    opening.
    """
    left = unmatched(items, stated)
    lettered = items["_matching"].notna()
    receipts = lettered & (left["amount"] < 0)
    openings = ~lettered & (left["kind"] == OPENING) & (left["amount"] > 0)
    return match_groups(left, left["customer_id"].where(receipts | openings), "derived")


def _across_files(items: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """What letters left open in each file settle with the same customer's letter in another one."""
    left = unmatched(items, matches)
    return match_groups(left, left["_matching"].where(left["amount"].abs() >= HALF_CENT), "official")


def _covers(
    items: pd.DataFrame, readings: Sequence[Reading]
) -> tuple[tuple[pd.Timestamp, pd.Timestamp], list[Sentence]]:
    """First and last day the movements speak for.

    Openings repeat an earlier year. A list of invoices that are all paid was drawn from the payments: it stops
    speaking at its last invoice, since whatever was invoiced and not yet paid is not in it.
    """
    periods = [reading.period for reading in readings if reading.period is not None]
    moving = items.loc[items["kind"] != OPENING, "booked_on"]
    moving = moving if len(moving) else items["booked_on"]
    first = min([moving.min(), *(period[0] for period in periods)])
    last = max([items["booked_on"].max(), *(period[1] for period in periods)])
    sold: Any = items.loc[items["kind"].isin(SALES), "booked_on"].max()
    all_paid = all(reading.invoice_list for reading in readings) and abs(items["amount"].sum()) < HALF_CENT
    if all_paid and sold < last:
        return (first, sold), [say("read.all_settled", day=sold, last=last)]
    return (first, last), []

"""What a reader understood of one file, and how readings become a ledger."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Ledger, Source
from arlib.readers.customers import one_row_each
from arlib.readers.due_dates import fill_due_dates
from arlib.readers.matching import in_turn, match_groups, unmatched
from arlib.readers.moved import with_origins
from arlib.readers.naming import match_named
from arlib.readers.numbers import writings_of
from arlib.readers.rates import in_currency
from arlib.schema import HALF_CENT, OPENING, SALES, Codes, places_of, texts_by_code
from arlib.terms import PaymentTerms
from arlib.words import Sentence, say

Notes = Mapping[int, Sequence[Sentence]]  # what there is to say of each file, by its place among them


@dataclass(frozen=True, eq=False)
class Reading:
    """The movements of one file, before due dates, matches and conversion.

    Attributes:
        source: the file and what was understood of it.
        items: the columns of the schema that the file gives; `_matching`, the group a movement is settled in,
            missing for none; `_rate_on`, the day whose rate applies; `_settled`, the part of the amount that is
            settled, where the file says it; `_no_due`, whether the movement falls due on no day anybody could compute;
            `_applied_to`, the numbers of what a movement settles; `_entry`, the entry of a movement that only moves a
        debt from one account to another, below 0 for others; `_pass_…`, the groups of each turn of matching,
            where years are chained.
        customers: those the file names: `customer_id`, `name` and what else it says, one row a spelling with
            `_rows`, how often it stands.
        controls: the file's own columns added up apart from the items: account, booked_on, amount, `_rate_on`.
        official: whether the file itself says what settles what.
        invoice_list: whether it is one row an invoice, with the date it was paid where it was.
        period: first and last day of the accounts the file is of, where it says so.
        situation: whether the file is what was open on the last day of its period, and nothing before.
    """

    source: Source
    items: pd.DataFrame
    customers: pd.DataFrame
    controls: pd.DataFrame
    official: bool
    invoice_list: bool = False
    period: tuple[pd.Timestamp, pd.Timestamp] | None = None
    situation: bool = False


def to_ledger(
    readings: Sequence[Reading],
    *,
    terms: PaymentTerms | None,
    customers: Sequence[pd.DataFrame],
    rates: Sequence[pd.DataFrame],
    currency: str | None,
    beside: Sequence[Sentence] = (),
) -> Ledger:
    """One ledger from the readings of one or several files, the customers' files and tables of rates beside them.

    Raises:
        ArlibError: no file holds movements, the same one is given twice, or amounts are in several currencies without
            rates.
    """
    if not readings:
        raise ArlibError(say("read.no_ledger"))
    readings, customers, about_numbers = _one_writing(readings, customers)
    _refuse_counted_twice(readings)
    known, about_customers = one_row_each([reading.customers for reading in readings], customers)
    items = _together(readings)
    items["item_id"] = np.arange(1, len(items) + 1)
    controls = pd.concat([_with_currency(reading) for reading in readings], ignore_index=True)
    items, due_notes = fill_due_dates(items, known, terms)
    matches, match_notes, by_name = _settled(items, readings)
    items, matches, moved, unknown = with_origins(items, matches)
    covers, doubts = _covers(items, readings)
    known_rates = pd.concat(rates, ignore_index=True) if rates else None
    one = in_currency(items, matches, controls, rates=known_rates, currency=currency)
    for file, said in [*by_name.items(), *moved.items()]:
        due_notes[file] += said
    for file, said in unknown.items():
        match_notes[file] += said
    due_notes[0] += [*beside, *one.reading]
    match_notes[0] += [*about_numbers, *about_customers, *doubts, *one.warnings]
    controls = one.controls.groupby(["account", "booked_on"], as_index=False)[["amount"]].sum()
    own = [name for name in one.items if str(name).startswith("_")]
    sources = _told(_without_settled(readings, items, matches), due_notes, match_notes)
    return Ledger(one.items.drop(columns=own), one.matches, known, controls, one.currency, covers, sources)


def _one_writing(
    readings: Sequence[Reading], customers: Sequence[pd.DataFrame]
) -> tuple[Sequence[Reading], Sequence[pd.DataFrame], list[Sentence]]:
    """The readings and the customers' files with one writing of each customer's number, and what to say of it."""
    listed = customers or ()
    writings = writings_of([*(reading.customers for reading in readings), *listed])
    told = writings.sentences()
    if not writings.usual:
        return readings, listed, told
    one = [replace(each, items=writings.of(each.items), customers=writings.of(each.customers)) for each in readings]
    return one, [writings.of(each) for each in listed], told


def _together(readings: Sequence[Reading]) -> pd.DataFrame:
    """The movements of all files, each with the name of its file and its place among them."""
    placed = []
    for place, reading in enumerate(readings):
        every = np.zeros(len(reading.items), dtype=np.intp)
        named = texts_by_code((reading.source.name,), every, reading.items.index)
        placed.append(reading.items.assign(_file=place, file=named))
    return placed[0].reset_index(drop=True) if len(placed) == 1 else pd.concat(placed, ignore_index=True)


def _told(readings: Sequence[Reading], notes: Notes, warnings: Notes) -> tuple[Source, ...]:
    """The sources with what was done after each file was read."""
    return tuple(
        replace(
            reading.source,
            reading=(*reading.source.reading, *notes.get(file, ())),
            warnings=(*reading.source.warnings, *warnings.get(file, ())),
        )
        for file, reading in enumerate(readings)
    )


def _without_settled(readings: Sequence[Reading], items: pd.DataFrame, matches: pd.DataFrame) -> Sequence[Reading]:
    """The readings, without the word that nothing of a file is paid where other files settle part of it."""
    if len(readings) == 1:
        return readings
    settled = set(items["_file"].to_numpy()[places_of(items["item_id"], matches["debit_id"])].tolist())
    told = []
    for place, reading in enumerate(readings):
        warnings = [each for each in reading.source.warnings if each.key != "read.nothing_paid" or place not in settled]
        told.append(replace(reading, source=replace(reading.source, warnings=tuple(warnings))))
    return told


def _with_currency(reading: Reading) -> pd.DataFrame:
    """The controls of a file, with the currency of its amounts."""
    if "currency" in reading.controls:
        return reading.controls
    if "currency" not in reading.items or reading.items["currency"].nunique() != 1:
        return reading.controls
    return reading.controls.assign(currency=reading.items["currency"].dropna().iloc[0])


def _refuse_counted_twice(readings: Sequence[Reading]) -> None:
    """The same file twice; two fiscal years that cover the same days are refused where years are chained."""
    seen: dict[str, str] = {}
    for source in (reading.source for reading in readings):
        if source.sha256 in seen:
            raise ArlibError(say("read.same_file", file=source.name, other=seen[source.sha256]))
        seen[source.sha256] = source.name
    for before, after in combinations([reading for reading in readings if reading.situation], 2):
        if before.customers["customer_id"].isin(after.customers["customer_id"]).any():
            raise ArlibError(say("read.two_situations", file=before.source.name, other=after.source.name))


def _settled(items: pd.DataFrame, readings: Sequence[Reading]) -> tuple[pd.DataFrame, dict[int, list[Sentence]], Notes]:
    """What settles what, what to warn of, and what was settled by name.

    The files' own matches come first, then what rows name in any of them; where a file states neither, receipts settle
    the oldest debts.
    """
    files = items["_file"].to_numpy()
    official = np.array([reading.official for reading in readings])[files]
    one_currency = items["currency"] if "currency" in items else pd.Series("", index=items.index)
    group = _codes(items["_matching"], one_currency)
    within = pd.Series(np.where((group >= 0) & official, group * len(readings) + files, -1), index=items.index)
    # Where a list says how much of each row is settled, that part is matched, and the rest of it stays open.
    part = items["_settled"].fillna(items["amount"]) if "_settled" in items else items["amount"]
    matches = match_groups(items.assign(amount=part), within, "official")
    in_years, left = in_turn(unmatched(items, matches))
    notes: dict[int, list[Sentence]] = defaultdict(list)
    carried = _carried_over(left, official)
    if len(carried):
        origin = files[carried["debit_id"].to_numpy() - 1]
        for file, amount in carried["amount"].groupby(origin).sum().items():
            rows = int((origin == file).sum())
            notes[int(str(file))].append(say("read.carried_over", amount=amount, rows=rows))
        left = unmatched(left, carried)
    named = match_named(left)
    left = unmatched(left, named.matches) if len(named.matches) else left
    official |= np.isin(files, list(named.files))
    for file, doubts in named.warnings.items():
        notes[file] += doubts
    # What a file says is left of its own rows is not settled by another file.
    exact = np.array([reading.invoice_list for reading in readings])[files] | (part != items["amount"]).to_numpy()
    rest = (group >= 0) & (left["amount"].abs() >= HALF_CENT) & ~exact
    across = pd.Series(np.where(rest, group, -1), index=items.index)
    elsewhere = match_groups(left, across, "official") if len(readings) > 1 else carried.iloc[:0]
    open_ = left if not official.any() else left[~official]
    derived = match_groups(open_, _customer_of(open_, one_currency.loc[open_.index]), "derived")
    for file in np.unique(files[(items["amount"] < 0).to_numpy() & ~official]):
        notes[int(file)].append(say("read.derived", file=readings[file].source.name))
    parts = [part for part in (matches, carried, named.matches, elsewhere, derived, *in_years) if len(part)]
    together = pd.concat(parts, ignore_index=True) if len(parts) > 1 else [*parts, matches][0]
    return together, notes, named.reading


def _codes(groups: "pd.Series[Any]", currency: "pd.Series[Any]") -> Codes:
    """A number for each group in one currency, -1 for none: amounts of two currencies settle nothing."""
    codes, _ = pd.factorize(groups)
    currencies, names = pd.factorize(currency)
    return np.where(codes >= 0, codes * (len(names) + 1) + currencies + 1, -1)


def _customer_of(items: pd.DataFrame, currency: "pd.Series[Any]") -> "pd.Series[Any]":
    """The account in which receipts settle debts: a customer of one company, in one currency."""
    customers = _codes(items["customer_id"], currency)
    if "entity" in items:
        entities, names = pd.factorize(items["entity"])
        customers = customers * (len(names) + 1) + entities + 1
    return pd.Series(customers, index=items.index)


def _carried_over(left: pd.DataFrame, official: "np.ndarray[Any, Any]") -> pd.DataFrame:
    """What settles an opening balance: receipts lettered with more than the file holds.

    An opening of one balance a customer bears no letter, while the receipts that pay it bear the letter of the
    invoices it stands for. Software letters only what nets to zero: what a letter lacks in this file is in the
    opening.
    """
    lettered = left["_matching"].notna()
    receipts = lettered & (left["amount"] < 0)
    openings = ~lettered & (left["kind"] == OPENING) & (left["amount"] > 0)
    if not (openings & official).any():
        return match_groups(left.iloc[:0], left["_file"].iloc[:0], "derived")
    chosen = left[(receipts | openings) & official]
    customers, _ = pd.factorize(chosen["customer_id"])
    account = pd.Series(customers * (int(left["_file"].max()) + 1) + chosen["_file"], index=chosen.index)
    return match_groups(chosen, account, "derived")


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

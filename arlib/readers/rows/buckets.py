"""An aged balance, one row a customer and one column an age: its amounts as items dated by their age."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.ledger import Source
from arlib.readers.cells import (
    Column,
    DecimalMark,
    FileAmounts,
    amounts,
    currency_marks,
    is_empty,
    read_amounts,
    texts,
)
from arlib.readers.headings.ages import AgeBand, age_bands
from arlib.readers.reading import Reading
from arlib.readers.sources import RawSource
from arlib.readers.tables.table import Table
from arlib.schema import CUSTOMERS, HALF_CENT, OPENING
from arlib.words import Sentence, say

SUM_OF_AGES = "Open amount"  # heading of the column made where a list of invoices has only columns of ages
_CENT = 0.01 + HALF_CENT  # what rounding may take from a row
_MOST = 0.5  # of the rows: a column that is their sum on more of them is the total
_LISTED = 5  # rows named of those that do not add up
_DATES = {"issued_on", "booked_on", "due_on"}
_PARTY = {"customer_id", "customer_name"}
_TOTALS = ("open_amount", "amount", "net_amount")


def is_aged_balance(table: Table, found: Mapping[str, str]) -> bool:
    """Whether a table has a row a customer and columns of ages, and no invoice: no date on its rows."""
    return bool(age_bands(map(str, table.cells.columns)) and _PARTY & set(found)) and not _DATES & set(found)


def read_aged_balance(
    raw: RawSource, table: Table, found: Mapping[str, str], *, currency: str | None = None
) -> Reading:
    """The items of an aged balance: one a customer and an age, due so long before the day of the list.

    An item is booked on the day of the list and due on the first day its column allows (31 days before for `31-60`),
    so that the same columns come back on that day; what is not due falls due on the next. Its `due_source` is
    `bucket` and its reference the heading of its column. The column of totals is compared row by row; the ages are
    what is read. `controls` are the sums of the columns.

    Args:
        raw: the file.
        table: its rows, totals left out (`movement_rows`).
        found: `{field: heading}`.
        currency: that of the amounts where the file says none.

    Raises:
        ArlibError: nothing says the day of the list, cells are no amounts, or nothing is owed.
    """
    day = table.stated_on
    if day is None:
        raise ArlibError(problems=[Problem(table.place(), say("buckets.no_day"))])
    bands = age_bands(map(str, table.cells.columns))
    stated = _total_heading(found) or _adding_up(table, list(bands), found)
    aged, total, decimal = _amounts(table, list(bands), stated)
    table = _told(table, decimal)
    if not (aged.abs() >= HALF_CENT).to_numpy().any():
        raise ArlibError(problems=[Problem(table.place(), say("read.no_rows"))])
    parties = _parties(table, found)
    items = _items(aged, bands, day).join(parties, on="row")
    items["currency"] = items["row"].map(_currency(table, found, list(bands), currency)).astype("str")
    kept = [name for name in table.cells if name not in {*found.values(), *bands}]
    own = {name: f"{name} (file)" if name in items else name for name in kept}
    items = items.join(table.cells[kept].rename(columns=own), on="row")
    warnings = (*table.warnings, *_doubts(bands, aged, total, parties.get("name", parties["customer_id"])))
    source = Source(raw.name, raw.sha256, "table", (*table.reading, _understood(bands, day)), warnings, dict(found))
    controls = _controls(aged, day, _currency(table, found, list(bands), currency))
    named = _customers(parties)
    return Reading(source, items.drop(columns="name", errors="ignore"), named, controls, official=True, situation=True)


def with_sum_of_ages(table: Table, found: Mapping[str, str]) -> Table:
    """A list of invoices with columns of ages: their sum as amounts where it has none, else compared with them."""
    bands = age_bands(map(str, table.cells.columns))
    if not bands or is_aged_balance(table, found) or table.cells.empty:
        return table
    heading = _total_heading(found)
    unused = heading is not None and is_empty(table.cells[heading]).all()
    if (heading is None or unused) and not {"debit", "credit"} & set(found):
        aged, _, decimal = _amounts(table, list(bands), None)
        table = _told(table, decimal)
        cells = table.cells.drop(columns=[heading] if unused else [])
        made = cells.assign(**{SUM_OF_AGES: aged.sum(axis=1).round(2)})
        return replace(table, cells=made, reading=(*table.reading, say("buckets.summed", heading=SUM_OF_AGES)))
    if heading is None:
        return table
    aged, total, _ = _amounts(table, list(bands), heading)
    named = next(
        (texts(table.cells[found[field]]) for field in ("customer_name", "customer_id") if field in found), None
    )
    names = pd.Series("–", index=table.cells.index) if named is None else named.fillna("–")
    return replace(table, warnings=(*table.warnings, *_differing(aged, total, names, "buckets.ages_differ")))


def _total_heading(found: Mapping[str, str]) -> str | None:
    return next((found[field] for field in _TOTALS if field in found), None)


def _adding_up(table: Table, bands: list[str], found: Mapping[str, str]) -> str | None:
    """The column that is the sum of the ages on most rows, whatever its heading."""
    read = _read(table, bands, None)
    added = pd.DataFrame({heading: column.values for heading, column in read.columns.items()}).sum(axis=1)
    for heading in [str(name) for name in table.cells if name not in {*bands, *found.values()}]:
        column = amounts(_without_dashes(table.cells[heading]), mark=read.decimal.mark)
        same = (column.values - added).abs() < HALF_CENT
        if not column.wrong.any() and same.sum() > _MOST * len(added) and (added[same] != 0).any():
            return heading
    return None


def _amounts(
    table: Table, headings: list[str], total: str | None
) -> tuple[pd.DataFrame, "pd.Series[Any] | None", DecimalMark]:
    """The amounts of each age, the total a row states, and the decimal mark they were read with.

    Every cell that is neither amount nor empty is a problem.
    """
    read = _read(table, headings, total)
    _refuse_wrong(table, read.columns)
    values = pd.DataFrame({heading: column.values for heading, column in read.columns.items()}, index=table.cells.index)
    return values[headings].fillna(0.0).round(2), values[total] if total else None, read.decimal


def _read(table: Table, headings: list[str], total: str | None) -> FileAmounts:
    """The columns of ages and of their total: rows whose ages add up to it tell the decimal mark where no cell does."""
    cells = {heading: _without_dashes(table.cells[heading]) for heading in [*headings, *([total] if total else [])]}

    def ties(read: Mapping[str, Column]) -> int:
        if total is None or any(column.wrong.any() for column in read.values()):
            return 0
        added = pd.DataFrame({heading: read[heading].values for heading in headings}).sum(axis=1)
        return int(((added - read[total].values).abs() < HALF_CENT).sum())

    return read_amounts(cells, mark=table.decimal, likely=table.likely_mark, ties=ties)


def _told(table: Table, decimal: DecimalMark) -> Table:
    """The table with what is to be said of its decimal mark."""
    said = decimal.sentence()
    if said is None:
        return table
    if decimal.certain:
        return replace(table, reading=(*table.reading, said))
    return replace(table, warnings=(*table.warnings, said))


def _without_dashes(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """A lone dash is how reports write nothing."""
    return cells.where(~cells.astype("str").str.strip().isin(["-", "–", "—"]), "")


def _refuse_wrong(table: Table, read: Mapping[str, Column]) -> None:
    problems = [
        (row, Problem(table.place(int(row), heading), say("read.not_amount", value=str(table.cells.loc[row, heading]))))
        for heading, column in read.items()
        for row in column.wrong.index[column.wrong]
    ]
    if problems:
        raise ArlibError(problems=[problem for _, problem in sorted(problems, key=lambda pair: pair[0])])


def _parties(table: Table, found: Mapping[str, str]) -> pd.DataFrame:
    """The customer of each row, and what else the row says of it."""
    fields = {"customer_name": "name"} | {column.name: column.name for column in CUSTOMERS}
    money = {column.name for column in CUSTOMERS if column.kind == "money"}
    read = {
        fields[field]: texts(table.cells[found[field]]) for field in fields if field in found and field not in money
    }
    parties = pd.DataFrame(read, index=table.cells.index)
    if "customer_id" not in parties:
        parties["customer_id"] = parties["name"]
    if "name" in parties:
        parties["customer_id"] = parties["customer_id"].fillna(parties["name"])
    missing = parties.index[parties["customer_id"].isna()]
    if len(missing):
        heading = next(found[field] for field in ("customer_id", "customer_name") if field in found)
        raise ArlibError(
            problems=[Problem(table.place(int(row), heading), say("read.missing_customer")) for row in missing]
        )
    return parties


def _items(aged: pd.DataFrame, bands: Mapping[str, AgeBand], day: pd.Timestamp) -> pd.DataFrame:
    """One item a row and an age that holds an amount."""
    placed = np.argwhere(np.abs(aged.to_numpy()) >= HALF_CENT)
    headings = np.array(list(bands), dtype="object")[placed[:, 1]]
    days_late = np.array([-1 if band.last == 0 else band.first for band in bands.values()])[placed[:, 1]]
    due_on = day - pd.to_timedelta(days_late, unit="D")
    return pd.DataFrame(
        {
            "kind": OPENING,
            "reference": headings,
            "label": headings,
            "issued_on": due_on.where(due_on < day, day),
            "booked_on": day,
            "due_on": due_on,
            "due_source": "bucket",
            "amount": aged.to_numpy()[placed[:, 0], placed[:, 1]],
            "_rate_on": day,
            "_matching": pd.Series(pd.NA, index=range(len(placed)), dtype="str"),
            "row": aged.index.to_numpy()[placed[:, 0]],
        }
    ).astype({"reference": "str", "label": "str"})


def _currency(table: Table, found: Mapping[str, str], headings: list[str], currency: str | None) -> "pd.Series[Any]":
    """The currency of each row: its column's, else the mark beside its amounts or in a heading, else the one given."""
    if "currency" in found:
        return texts(table.cells[found["currency"]]).str.upper().fillna(currency or pd.NA)
    marks = currency_marks(pd.Series([*headings, *(str(heading) for heading in found.values())])).dropna()
    beside = pd.concat([currency_marks(table.cells[heading]) for heading in headings]).dropna()
    known = pd.concat([marks, beside]).unique()
    return pd.Series(known[0] if len(known) == 1 else currency or pd.NA, index=table.cells.index, dtype="str")


def _controls(aged: pd.DataFrame, day: pd.Timestamp, currency: "pd.Series[Any]") -> pd.DataFrame:
    """What each column adds up to, by currency: read from the columns, not from the items."""
    sums = aged.groupby(currency.fillna("").to_numpy()).sum().stack().reset_index()
    controls = sums.set_axis(["currency", "age", "amount"], axis=1).assign(account="file", booked_on=day, _rate_on=day)
    controls["currency"] = controls["currency"].where(controls["currency"] != "").astype("str")
    return controls.drop(columns="age")


def _customers(parties: pd.DataFrame) -> pd.DataFrame:
    counted = parties.groupby([name for name in ("customer_id", "name") if name in parties], dropna=False, sort=True)
    first = counted.first()
    return first.assign(_rows=counted.size()).reset_index()


def _doubts(
    bands: Mapping[str, AgeBand], aged: pd.DataFrame, total: "pd.Series[Any] | None", names: "pd.Series[Any]"
) -> list[Sentence]:
    doubts = [say("buckets.dated", rows=int((aged.abs() >= HALF_CENT).to_numpy().sum()))]
    if not any(band.last == 0 for band in bands.values()):
        doubts.append(say("buckets.all_late"))
    return doubts + _differing(aged, total, names, "buckets.total_differs")


def _differing(aged: pd.DataFrame, total: "pd.Series[Any] | None", names: "pd.Series[Any]", key: str) -> list[Sentence]:
    """Rows whose ages do not add up to their total, or to their amount left."""
    if total is None:
        return []
    added = aged.sum(axis=1).round(2)
    wrong = total.notna() & ((total - added).abs() > _CENT)
    if not wrong.any():
        return []
    rows = [
        say("buckets.row", row=int(row), name=names[row], stated=total[row], added=added[row])
        for row in total.index[wrong][:_LISTED]
    ]
    return [say(key, rows=int(wrong.sum()), each=rows)]


def _understood(bands: Mapping[str, AgeBand], day: pd.Timestamp) -> Sentence:
    read = [
        say("buckets.not_due", heading=heading)
        if band.last == 0
        else say("buckets.from", heading=heading, first=band.first)
        if band.last is None
        else say("buckets.between", heading=heading, first=band.first, last=band.last)
        for heading, band in bands.items()
    ]
    return say("buckets.understood", day=day, ages=read)

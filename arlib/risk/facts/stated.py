"""A table of facts as it stands: whose, what, the day it was known; values still as they came."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.readers.cells import FileDates, read_dates, texts
from arlib.readers.headings import plain
from arlib.readers.tables.table import Table
from arlib.risk.facts.facts import LINES
from arlib.risk.facts.identifiers import company_number
from arlib.risk.facts.values import shares, shown
from arlib.risk.facts.vocabulary import meanings
from arlib.words import Sentence, say

_DATES = ("known_on", "ends_on", "closed_on", "founded_on")


@dataclass(frozen=True, eq=False)
class Stated:
    """One row a row of the table, its number as index: customer_id, siren, fact, value, quota, source, and dates.

    `wrong` says of a row and a heading why the row cannot be used.
    """

    rows: pd.DataFrame
    wrong: Mapping[tuple[int, str], Sentence]
    notes: tuple[Sentence, ...]


def stated_in(table: Table, found: Mapping[str, str]) -> Stated:
    """The rows of a table whose headings are those found; rows that say nothing at all are left out.

    Raises:
        ArlibError: a spreadsheet exchanged days and months in a way that cannot be put right.
    """
    cells = {field: table.cells[heading] for field, heading in found.items()}
    missing = pd.Series(pd.NA, table.cells.index, dtype="str")
    written = texts(cells["fact"])
    fact = written.map(plain, na_action="ignore").map(meanings("fact")).astype("str")
    founded = cells["value"].where(fact == "founded_on")
    dates = _dates(table, cells | {"founded_on": founded})
    quota, not_quota = shares(cells.get("quota", missing), largest=1.0)
    rows = pd.DataFrame(
        {
            "customer_id": texts(cells.get("customer_id", missing)),
            "siren": company_number(cells.get("siren", missing)),
            "fact": fact,
            "value": cells["value"],
            "quota": quota,
            "source": texts(cells.get("source", missing)),
        }
        | {name: dates.columns[name].values if name in dates.columns else pd.NaT for name in _DATES}
    )
    rows["founded_on"] = _early(founded).fillna(rows["founded_on"])
    wrong = {
        (int(row), found[name]): say("read.not_date", value=shown(cells[name][row]))
        for name in found.keys() & dates.columns.keys()
        for row in _rows(dates.columns[name].wrong)
    }
    wrong |= {
        (row, found["quota"]): say("risk.facts.not_quota", value=shown(cells["quota"][row])) for row in _rows(not_quota)
    }
    wrong |= {(row, found["fact"]): why for row, why in _unusable(rows, written).items()}
    blank = pd.concat([written, texts(cells["value"]), rows["customer_id"], rows["siren"]], axis=1).isna().all(axis=1)
    used = {place: why for place, why in wrong.items() if not blank[place[0]]}
    swapped = dates.swapped.sentence()
    return Stated(rows[~blank], used, () if swapped is None else (swapped,))


def _dates(table: Table, cells: Mapping[str, "pd.Series[Any]"]) -> FileDates:
    """The columns of dates; a year alone is its last day."""
    dates = read_dates({name: _year_ends(cells[name]) for name in _DATES if name in cells})
    if dates.swapped.mixed:
        raise ArlibError(problems=[Problem(table.place(), dates.swapped.sentence() or say("read.either_order"))])
    return dates


def _unusable(rows: pd.DataFrame, written: "pd.Series[Any]") -> dict[int, Sentence]:
    """Rows whose fact is unknown, accounts without a year, and accounts known before their year was over."""
    lines = rows["fact"].isin(LINES)
    unnamed = {row: say("risk.facts.no_fact") for row in _rows(written.isna())}
    unknown = {
        row: say("risk.facts.unknown_fact", value=shown(written[row]))
        for row in _rows(rows["fact"].isna() & written.notna())
    }
    yearless = {row: say("risk.facts.no_year") for row in _rows(lines & rows["closed_on"].isna())}
    early = _rows(lines & (rows["known_on"] < rows["closed_on"]))
    return unnamed | unknown | yearless | {row: say("risk.facts.too_early", day=rows["known_on"][row]) for row in early}


def _rows(flags: "pd.Series[bool]") -> list[int]:
    return [int(row) for row in flags.index[flags]]


def _year_ends(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Cells, those that are a year alone as its last day."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        return cells
    year = texts(cells).str.extract(r"^((?:19|20)\d\d)(?:\.0)?$", expand=False)
    return cells.astype("object").where(year.isna(), year + "-12-31")


def _early(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """The last day of the year of cells that hold one before 1950, where the dates of accounts begin."""
    year = texts(cells).str.extract(r"^(?:\d{1,2}[-/. ]\d{1,2}[-/. ])?(1[5-8]\d\d|19[0-4]\d)(?:\D.*)?$", expand=False)
    return pd.to_datetime(year + "-12-31").astype("datetime64[s]")

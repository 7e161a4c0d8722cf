"""Law as dated data: tables whose every row says since when, by what source, when that was read, and how sure it is.

A table of law is a CSV in `arlib/law/data/`, or the user's own file with the same columns. Beside what it tells, each
row has:

- valid_from, the first day it holds; valid_to, the last one, empty where it holds until further notice;
- source, where it was read; checked_on, the day it was read there;
- status: `confirmed` by that source, or `to_confirm`, which every result that uses the row must say.

`read_entries` reads and checks one, `in_force` gives the rows of a day, and `DatedRates` is a rate that changes with
its half-years: past its last row the last rate is carried forward, with a note, never silently.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype
from pandas.api.typing import NaTType

from arlib.errors import ArlibError, Problem
from arlib.ledger import Day, as_day
from arlib.readers.cells import dates, texts
from arlib.readers.sources import Readable, gather, refuse
from arlib.readers.tables import read_table
from arlib.readers.tables.table import Table
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, day_numbers, no_texts
from arlib.words import Language, Sentence, say

Kind = Literal["text", "number", "date"]

CONFIRMED, TO_CONFIRM = "confirmed", "to_confirm"
EVIDENCE: Mapping[str, Kind] = {
    "valid_from": "date",
    "valid_to": "date",
    "source": "text",
    "checked_on": "date",
    "status": "text",
}
_MAY_BE_EMPTY = "valid_to"
_DATA = Path(__file__).with_name("data")
_MOST_NAMED = 8  # periods named in one sentence
_HALF = 6  # months of a half-year

# By column and by what is wrong with it, the rows where it is.
Wrong = dict[tuple[str, str], "pd.Series[Any]"]


def read_entries(
    source: Readable, columns: Mapping[str, Kind], *, key: Sequence[str] = (), optional: Sequence[str] = ()
) -> pd.DataFrame:
    """The entries of a table of law: text, workbook, Parquet, `(name, bytes)` or frame, its headings in the first row.

    One row an entry, sorted by `key` and valid_from, with `columns` and those of `EVIDENCE`, in that order: texts
    (missing where empty), numbers (nan), dates (NaT). Dates are written year first, or day first; numbers without
    thousands marks, their decimals after a point or a comma. Other columns of the file are remarks and not read.

    Args:
        source: the file.
        columns: what the table tells, each column's kind.
        key: the columns that name what an entry is about; of one key, no two entries may hold on the same day.
        optional: the columns whose cells may be empty; no other may, but valid_to.

    Raises:
        ArlibError: a column is missing; or cells are empty, no date, no number or no status, a row ends before it
            begins or begins before the one of its key before it ends: all of them, by row and column.
    """
    raw = gather(source)[0]
    table = read_table(raw, header=1 if raw.format in ("text", "workbook") else None)
    kinds = {**columns, **EVIDENCE}
    missing = [name for name in kinds if name not in table.cells and name not in (*optional, _MAY_BE_EMPTY)]
    if missing:
        found = ", ".join(map(str, table.cells.columns))
        raise refuse(table.name, "law.dated.columns", missing=", ".join(missing), found=found)
    rows, wrong = _read(table, kinds)
    wrong |= {(name, "empty"): rows[name].isna() for name in kinds if name not in (*optional, _MAY_BE_EMPTY)}
    wrong["status", "status"] = rows["status"].notna() & ~rows["status"].isin((CONFIRMED, TO_CONFIRM))
    wrong["valid_to", "ends"] = rows["valid_to"] < rows["valid_from"]
    _refuse(table, wrong)
    rows = rows.sort_values([*key, "valid_from"], kind="stable")
    _refuse(table, {("valid_from", "twice"): _overlapping(rows, key)})
    return rows.reset_index(drop=True)


def shipped_entries(
    name: str, columns: Mapping[str, Kind], *, key: Sequence[str] = (), optional: Sequence[str] = ()
) -> pd.DataFrame:
    """The entries of `arlib/law/data/<name>.csv`, as `read_entries` reads them; read once, so never write to them."""
    return _shipped(name, tuple(columns.items()), tuple(key), tuple(optional))


@cache
def _shipped(
    name: str, columns: tuple[tuple[str, Kind], ...], key: tuple[str, ...], optional: tuple[str, ...]
) -> pd.DataFrame:
    return read_entries(_DATA / f"{name}.csv", dict(columns), key=key, optional=optional)


def completed(entries: pd.DataFrame, own: pd.DataFrame, *, key: Sequence[str] = ()) -> pd.DataFrame:
    """Entries and those of a user, both as `read_entries` gives them; while the user's hold, they alone do.

    Of one key and first day the user's stands, and so it does from its first day on where it has no last one, until the
    user's next.
    """
    both = pd.concat([entries.assign(_own=False), own.assign(_own=True)], ignore_index=True)
    both = both.drop_duplicates([*key, "valid_from"], keep="last")
    both = both.sort_values([*key, "valid_from"], kind="stable", ignore_index=True)
    last = pd.Series(np.where(both["_own"], both.index, np.nan), both.index)
    last = last.groupby([both[name] for name in key] or np.zeros(len(both))).ffill()
    ends = both["valid_to"].reindex(last)
    open_ended = last.notna().to_numpy() & ends.isna().to_numpy()
    return both[both["_own"] | ~open_ended].drop(columns="_own").reset_index(drop=True)


def in_force(entries: pd.DataFrame, day: Day, *, key: Sequence[str] = ()) -> pd.DataFrame:
    """The entries that hold on a day: of each key the last that has begun, unless it has ended."""
    on = as_day(day)
    begun = entries[entries["valid_from"] <= on]
    last = begun.drop_duplicates(list(key), keep="last") if key else begun.tail(1)
    return last[~(last["valid_to"] < on)].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class RatesOn:
    """The rates of some days, in their order.

    Attributes:
        rate: (days,) a share (0.1425 for 14.25 %); nan before the first entry.
        valid_from: (days,) day number from which the rate used holds, `NO_DAY` where there is none.
        carried: (days,) whether the entry used had ended: the rate of the day itself is not known.
        to_confirm: (days,) whether the entry used is still to be confirmed.
        notes: which periods are missing and what stands for them; which are to be confirmed.
    """

    rate: Floats
    valid_from: Days
    carried: Flags
    to_confirm: Flags
    notes: tuple[Sentence, ...] = ()


@dataclass(frozen=True, eq=False)
class DatedRates:
    """A rate that changes on known days.

    Attributes:
        name: what a person calls it, put into the notes.
        entries: its rows by valid_from, with the columns of `EVIDENCE` and `rate`, a share (or, of a sum that the law
            fixes, an amount).
    """

    name: Sentence
    entries: pd.DataFrame

    def on(self, days: "Day | pd.Series[Any]") -> RatesOn:
        """The rate of a day, or of each of a column of them.

        A day past the end of its entry takes its rate, carried forward, and a note names the half-years that are
        missing and the one used; a day before the first entry has none (nan), and a note says so; so has a missing
        day, without a note.
        """
        asked = day_numbers(days) if isinstance(days, pd.Series) else day_numbers(pd.Series([as_day(days)]))
        starts = day_numbers(self.entries["valid_from"])
        ends = day_numbers(self.entries["valid_to"])
        place = np.searchsorted(starts, asked, side="right") - 1
        known = place >= 0
        padded = np.append  # a last value stands for "before the first", which is what -1 points at
        end = padded(ends, NO_DAY)[place]
        carried = known & (end != NO_DAY) & (asked > end)
        doubtful = padded((self.entries["status"] == TO_CONFIRM).to_numpy(), False)[place]  # noqa: FBT003
        return RatesOn(
            rate=padded(self.entries["rate"].to_numpy(dtype=np.float64), np.nan)[place],
            valid_from=padded(starts, NO_DAY)[place],
            carried=carried,
            to_confirm=doubtful,
            notes=self._notes(asked, place, carried, doubtful),
        )

    def _notes(self, asked: Days, place: Days, carried: Flags, doubtful: Flags) -> tuple[Sentence, ...]:
        rows = self.entries[["valid_from", "valid_to"]]
        early = (place < 0) & (asked != NO_DAY)
        notes = []
        if early.any():
            missing = _half_years(asked[early])
            known = say("law.dated.first", day=rows["valid_from"].min()) if len(rows) else say("law.dated.none")
            notes.append(say("law.dated.before", name=self.name, missing=missing, known=known))
        for row in np.unique(place[carried]):
            missing = _half_years(asked[carried & (place == row)])
            notes.append(say("law.dated.carried", name=self.name, missing=missing, used=period(*rows.iloc[row])))
        if doubtful.any():
            used = [period(*rows.iloc[row]) for row in np.unique(place[doubtful])]
            notes.append(say("law.dated.to_confirm", name=self.name, periods=_shortened(used)))
        return tuple(notes)


def period(first: pd.Timestamp, last: "pd.Timestamp | NaTType") -> Sentence:
    """A period as people name it: a half-year, a year, from one day to another, or since a day."""
    if pd.isna(last):
        return say("law.dated.since", day=first)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    whole = first.day == 1 and (last + pd.Timedelta(days=1)).day == 1 and first.month in (1, 7)
    if whole and months == _HALF:
        return say("law.dated.half_year", year=str(first.year), half=str(1 + first.month // 7))
    if whole and months == 2 * _HALF and first.month == 1:
        return say("law.dated.year", year=str(first.year))
    return say("law.dated.from_to", first=first, last=last)


def half_years(days: Days) -> Codes:
    """The half-year each day number lies in, counted from the first one of 1970."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(months // _HALF, dtype=np.intp)


def half_year_starts(halves: Codes) -> Days:
    """The day number on which half-years, counted as `half_years` does, begin: 1 January or 1 July."""
    return (halves * _HALF).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _half_years(days: Days) -> list[Sentence]:
    """The half-years of some days, each once, in their order."""
    halves = np.unique(half_years(days))
    named = [say("law.dated.half_year", year=str(1970 + half // 2), half=str(1 + half % 2)) for half in halves.tolist()]
    return _shortened(named)


def _shortened(periods: list[Sentence]) -> list[Sentence]:
    """Some periods; of many, the first and the last ones."""
    if len(periods) <= _MOST_NAMED:
        return periods
    return [*periods[: _MOST_NAMED // 2], say("law.dated.gap"), *periods[-_MOST_NAMED // 2 :]]


def _read(table: Table, kinds: Mapping[str, Kind]) -> tuple[pd.DataFrame, Wrong]:
    """The columns of a table by their kinds, and which cells are none of it."""
    read, wrong = {}, {}
    for name, kind in kinds.items():
        cells = table.cells[name] if name in table.cells else no_texts(table.cells.index)
        if kind == "date":
            days = dates(cells, day_comes_first=True)
            read[name], wrong[name, "date"] = days.values, days.wrong
        elif kind == "number":
            read[name] = _numbers(cells)
            wrong[name, "number"] = read[name].isna() & texts(cells).notna()
        else:
            read[name] = texts(cells)
    return pd.DataFrame(read, index=table.cells.index), wrong


def _numbers(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Figures as the law is written: 4.92, 4,92 or 4,92 %; nan where a cell is none."""
    written = cells if is_numeric_dtype(cells) else texts(cells).str.replace(",", ".").str.rstrip("% \u00a0\u202f")
    numbers = pd.to_numeric(written, errors="coerce").astype("float64")
    return numbers.where(np.isfinite(numbers))


def _overlapping(rows: pd.DataFrame, key: Sequence[str]) -> "pd.Series[Any]":
    """Which sorted entries begin before the one of their key above them ends, or on the same day."""
    above = rows.groupby(list(key), sort=False) if key else rows.groupby(np.zeros(len(rows)))
    begun, ended = above["valid_from"].shift(), above["valid_to"].shift()
    return (rows["valid_from"] <= ended) | (rows["valid_from"] == begun)


def _refuse(table: Table, wrong: Wrong) -> None:
    """Raises one error that names every wrong cell, in the order of the rows; nothing where there is none."""
    problems = [
        (row, Problem(table.place(int(row), name), say(f"law.dated.{what}", value=_cell(table, row, name))))
        for (name, what), where in wrong.items()
        for row in where.index[where]
    ]
    if problems:
        raise ArlibError(problems=[problem for _, problem in sorted(problems, key=lambda pair: pair[0])])


def _cell(table: Table, row: int, name: str) -> str:
    return str(table.cells.loc[row, name]).strip() if name in table.cells else ""


def quoted(texts: Mapping[str, str]) -> Sentence:
    """What a table of law says, by language, between the quotation marks of the one it is told in."""
    return say("law.quoted", rule=_OfTable("", texts))


class _OfTable(Sentence):
    """Words that a table gives in each language."""

    def text(self, language: Language = "en") -> str:
        return str(self.values[language])

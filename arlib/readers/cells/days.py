"""Cells into dates: each distinct cell is read once, and which writings leave the order of day and month open."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from arlib.readers.cells.columns import NO_VALUE, Column, is_empty, is_text, text_array
from arlib.schema import Codes
from arlib.words import bare

_EXCEL_EPOCH = np.datetime64("1899-12-30")
_EXCEL_DAYS = (10_000, 80_000)  # 1927 to 2119; outside, a number in a date column is no date
_YEARS = (1950, 2199)  # of the accounts anybody reads; outside, a year is a slip of the keys
_CENTURY = 70  # two-digit years from 70 on are of the 1900s
# What software writes for "never" or "none": the first or last day it knows, whatever the order of day and month.
_NEVER = frozenset(
    (
        *((1, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 0), (1900, 1, 1), (1970, 1, 1)),
        *((0, 0, 0), (1900, 0, 0), (2999, 12, 31), (9999, 12, 31), (9999, 12, 30)),
    )
)
_TIME = r"(?:[T ,]+\d{1,2}[:h].*)?"
_ISO = re.compile(rf"(\d{{4}})[-/. ](\d{{1,2}})[-/. ](\d{{1,2}}){_TIME}")
_EITHER = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ](\d{{4}}|\d{{2}}){_TIME}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_COMPACT_EITHER = re.compile(r"(\d{2})(\d{2})(\d{4})")
_EXCEL_DAY = re.compile(r"\d{5}(?:[.,]\d+)?")
_WORDED = re.compile(  # 31 déc. 2024, 1-Apr-26, 31st of December 2025, lunedì 3 marzo 2025, 5 de enero de 2025
    rf"(?:[^\W\d]+[.,]? )?(\d{{1,2}})(?:er|st|nd|rd|th|[.ºª])?[-/. ]*(?:of |de )?([^\W\d]+)[-/., ]*(?:of |del? )?"
    rf"(\d{{4}}|\d{{2}}){_TIME}"
)
_MONTH_FIRST = re.compile(rf"(?:[^\W\d]+, )?([^\W\d]+)[-/. ]*(\d{{1,2}})(?:st|nd|rd|th)?,?[-/. ]+(\d{{4}}){_TIME}")
_MONTHS = {  # by the letters that tell them apart, in French, English, German, Spanish and Italian
    **dict.fromkeys(("jan", "ene", "gen"), 1),
    **dict.fromkeys(("fev", "feb"), 2),
    **dict.fromkeys(("mar", "mrz"), 3),
    **dict.fromkeys(("avr", "apr", "abr"), 4),
    **dict.fromkeys(("mai", "may", "mag"), 5),
    **dict.fromkeys(("juin", "jun", "giu"), 6),
    **dict.fromkeys(("juil", "jul", "lug"), 7),
    **dict.fromkeys(("aou", "aug", "ago"), 8),
    **dict.fromkeys(("sep", "set"), 9),
    **dict.fromkeys(("oct", "okt", "ott"), 10),
    **dict.fromkeys(("nov",), 11),
    **dict.fromkeys(("dec", "dez", "dic"), 12),
}
_TIMED = 20_000  # distinct cells from which on their times, which no date needs, are taken off first


@dataclass(frozen=True, eq=False)
class DistinctCells:
    """The distinct cells of a column, and the place of each cell among them, -1 where it is empty."""

    index: "pd.Index[Any]"
    codes: Codes
    distinct: list[Any]

    @classmethod
    def of(cls, cells: "pd.Series[Any]") -> "DistinctCells":
        """The cells of a column of any kind; times of real dates are taken off."""
        if is_text(cells):
            return cls(cells.index, *_distinct_texts(text_array(cells)))
        if pd.api.types.is_datetime64_any_dtype(cells):
            cells = (cells.dt.tz_localize(None) if cells.dt.tz is not None else cells).dt.floor("D")
        elif cells.dtype == object:
            cells = cells.map(lambda cell: cell if isinstance(cell, str | int | float | date) else str(cell), "ignore")
        codes, distinct = pd.factorize(cells.where(~is_empty(cells)))
        return cls(cells.index, codes, list(distinct))


def _distinct_texts(text: pa.LargeStringArray) -> tuple[Codes, list[str]]:
    found = text.dictionary_encode()
    if len(found.dictionary) > _TIMED:
        found = pc.replace_substring_regex(text, r"[T ]\d{1,2}:.*$", "").dictionary_encode()
    distinct: list[str] = found.dictionary.to_pylist()
    codes = found.indices.to_numpy()
    blank = [place for place, cell in enumerate(distinct) if not cell.strip()]
    return np.where(np.isin(codes, blank), -1, codes) if blank else codes, distinct


@dataclass(frozen=True)
class Day:
    """What a cell says: a day; whether it stands for nothing; whether its order of day and month is its own."""

    day: date | None = None
    nothing: bool = False
    fixed: bool = True


_WRONG, _NOTHING = Day(), Day(nothing=True)


def dates(cells: "pd.Series[Any]", *, day_comes_first: bool, swapped: bool = False) -> Column:
    """Dates without time, from every usual writing: figures, names of months, day numbers of Excel.

    The dates that software writes for none (00/00/0000, 01/01/1900, 31/12/9999) are missing; any other outside 1950
    to 2199 is wrong.

    Args:
        cells: the column.
        day_comes_first: the order of day and month in cells that leave it open.
        swapped: whether day and month are exchanged in all other cells, as `swapped_dates` finds them.
    """
    return dates_of(DistinctCells.of(cells), day_comes_first=day_comes_first, swapped=swapped)


def dates_of(cells: DistinctCells, *, day_comes_first: bool, swapped: bool) -> Column:
    """The dates of a column whose cells have been told apart."""
    read = [*(read_day(cell, day_comes_first) for cell in cells.distinct), _NOTHING]
    turned = [_turned(each.day) if swapped and each.fixed else each.day for each in read]
    days = np.array(turned, dtype="datetime64[D]").astype("datetime64[s]")
    wrong = np.array([each.day is None and not each.nothing for each in read], dtype=bool)
    stand_in = np.array([*(each.nothing for each in read[:-1]), False], dtype=bool)
    return Column(*(pd.Series(of_distinct[cells.codes], cells.index) for of_distinct in (days, wrong, stand_in)))


def day_first(columns: Sequence["pd.Series[Any]"]) -> bool | None:
    """Whether dates of these columns put the day first, by the cells only one order can read; None: none decides."""
    return day_first_of(list(map(DistinctCells.of, columns)))


def day_first_of(columns: Sequence[DistinctCells]) -> bool | None:
    """Whether the day comes first in columns whose cells have been told apart."""
    votes = 0
    for cells in columns:
        for cell in cells.distinct:
            found = _EITHER.fullmatch(cell.strip()) if isinstance(cell, str) else None
            if found:
                first, second = int(found[1]), int(found[2])
                votes += (first > 12) - (second > 12)  # noqa: PLR2004 - months
    return None if votes == 0 else votes > 0


def read_day(cell: Any, day_comes_first: bool) -> Day:  # noqa: ANN401, FBT001 - any cell
    """What a cell says of a day."""
    if isinstance(cell, date):
        return _day(cell.year, cell.month, cell.day)
    if isinstance(cell, np.datetime64):
        return read_day(pd.Timestamp(cell), day_comes_first)
    if isinstance(cell, int | float | np.number) and not isinstance(cell, bool) and math.isfinite(cell):
        number = float(cell)
        return _excel_day(number) if abs(number) < _EXCEL_DAYS[1] else read_day(f"{number:.0f}", day_comes_first)
    return _read_text(str(cell), day_comes_first)


@lru_cache(maxsize=1 << 14)  # the columns of a file hold much the same days
def _read_text(written: str, day_comes_first: bool) -> Day:  # noqa: FBT001
    text = " ".join(written.split()).removesuffix(".0")
    if text.lower() in NO_VALUE or not text.strip("-–—0./ "):
        return _NOTHING
    found = (read(text, day_comes_first) for read in _READINGS)
    return next((each for each in found if each is not None), _WRONG)


def _iso(text: str, _: bool) -> Day | None:  # noqa: FBT001 - the same for every writing
    found = _ISO.fullmatch(text)
    return _day(*map(int, found.groups())) if found else None


def _either(text: str, day_comes_first: bool) -> Day | None:  # noqa: FBT001
    found = _EITHER.fullmatch(text)
    return _ordered(found, day_comes_first) if found else None


def _compact(text: str, day_comes_first: bool) -> Day | None:  # noqa: FBT001
    found, other = _COMPACT.fullmatch(text), _COMPACT_EITHER.fullmatch(text)
    if found is None or other is None:  # both want eight figures
        return None
    year_first = _day(*map(int, found.groups()))
    return _ordered(other, day_comes_first) if year_first == _WRONG else year_first


def _number(text: str, _: bool) -> Day | None:  # noqa: FBT001
    return _excel_day(float(text.replace(",", "."))) if _EXCEL_DAY.fullmatch(text) else None


def _worded(text: str, _: bool) -> Day | None:  # noqa: FBT001
    if found := _WORDED.fullmatch(text):
        day, name, year = found.groups()
    elif found := _MONTH_FIRST.fullmatch(text):
        name, day, year = found.groups()
    else:
        return None
    letters = bare(name).lower()
    month = _MONTHS.get(letters[:3]) or _MONTHS.get(letters[:4])
    return _day(_year(year), month, int(day)) if month else None


_READINGS: Sequence[Callable[[str, bool], Day | None]] = (_iso, _either, _compact, _number, _worded)


def _ordered(found: "re.Match[str]", day_comes_first: bool) -> Day:  # noqa: FBT001
    first, second = int(found[1]), int(found[2])
    day, month = (first, second) if day_comes_first else (second, first)
    return _day(_year(found[3]), month, day, fixed=False)


def _year(written: str) -> int:
    year = int(written)
    return year if len(written) > 2 else year + (1900 if year >= _CENTURY else 2000)  # noqa: PLR2004 - two digits


def _excel_day(number: float) -> Day:
    if number in (0, 1):  # 1900-01-00 and 1900-01-01, as a spreadsheet formats an empty cell
        return _NOTHING
    if not _EXCEL_DAYS[0] <= number < _EXCEL_DAYS[1]:
        return _WRONG
    day: date = (_EXCEL_EPOCH + np.timedelta64(int(number), "D")).astype(object)
    return Day(day)


def _day(year: int, month: int, day: int, *, fixed: bool = True) -> Day:
    if (year, month, day) in _NEVER:
        return _NOTHING
    if not _YEARS[0] <= year <= _YEARS[1]:
        return _WRONG
    try:
        return Day(date(year, month, day), fixed=fixed)
    except ValueError:
        return _WRONG


def _turned(day: date | None) -> date | None:
    """A day whose day and month were exchanged, as it was."""
    return day and date(day.year, day.day, day.month)

"""Cells into amounts and dates: decided on whole columns, and every cell that is neither named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

_SPACES = "[ \t\u00a0\u202f\u2009']"
_CURRENCY = "[Ee][Uu][Rr](?:[Oo][Ss]?)?|USD|GBP|CHF|[€$£]"
_DECORATED = "[A-Za-z€$£()\u2212]|-$"
_REDUCING = r"^\(.*\)$|-$"  # (12.50) and 12.50-, as accountants write what is taken off
_EXCEL_EPOCH = np.datetime64("1899-12-30")
_EXCEL_DAYS = (10_000, 80_000)  # 1927 to 2119; outside, a number in a date column is no date
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EITHER = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ].*)?")
_CENTURY = 70  # two-digit years from 70 on are of the 1900s


@dataclass(frozen=True, eq=False)
class Column:
    """A parsed column and where its cells could not be read; empty cells are missing, not wrong."""

    values: "pd.Series[Any]"
    wrong: "pd.Series[Any]"


def is_empty(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Which cells hold nothing: missing, or white space."""
    empty: pd.Series[Any] = cells.isna() | (cells.astype("str").str.strip() == "")
    return empty


def texts(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Cells as stripped text, missing where empty; whole numbers (customer 1042.0) without their decimals."""
    if pd.api.types.is_numeric_dtype(cells):
        whole = cells.dropna().mod(1).eq(0).all()
        cells = cells.astype("Int64").astype("str") if whole else cells.astype("str")
    elif cells.dtype == object:
        cells = cells.map(lambda cell: f"{cell:.0f}" if isinstance(cell, float) and cell == int(cell) else cell)
    stripped: pd.Series[Any] = cells.astype("str").str.strip()
    return stripped.where(~is_empty(cells) & (stripped != "<NA>")).astype("str")


def amounts(cells: "pd.Series[Any]") -> Column:
    """Amounts as numbers: `1 234,56 €`, `(1,234.56)`, `1.234,56-`; the decimal mark is decided on the column."""
    if pd.api.types.is_numeric_dtype(cells):
        return Column(cells.astype("float64"), cells.isna() & False)
    if cells.dtype == object:
        typed = pd.to_numeric(cells.where(cells.map(lambda cell: isinstance(cell, int | float))), errors="coerce")
        written = _written_amounts(cells.where(typed.isna()))
        return Column(typed.fillna(written.values).astype("float64"), written.wrong)
    return _written_amounts(cells)


def _written_amounts(cells: "pd.Series[Any]") -> Column:
    empty = is_empty(cells)
    text = cells.astype("str").str.replace(_SPACES, "", regex=True)
    negative = pd.Series(data=False, index=cells.index)
    if text.str.contains(_DECORATED, regex=True).any():
        text = text.str.replace(_CURRENCY, "", regex=True)
        negative = text.str.contains(_REDUCING, regex=True)
        text = text.str.replace("\u2212", "-").str.replace(r"[()]|-$", "", regex=True)
    if _decimal_mark(text) == ",":
        text = text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    else:
        text = text.str.replace(",", "", regex=False)
    values = pd.to_numeric(text.where(~empty), errors="coerce").astype("float64")
    return Column(values.where(~negative, -values), values.isna() & ~empty)


def _decimal_mark(text: "pd.Series[Any]") -> str:
    """A comma or a point, by the mark that comes last, or that stands where thousands cannot."""
    comma_last = text.str.contains(r"\.\d+,\d|^[^.,]*,\d{1,2}$|^[^.,]*,\d{4,}$|^0,\d", regex=True).sum()
    point_last = text.str.contains(r",\d+\.\d|^[^.,]*\.\d{1,2}$|^[^.,]*\.\d{4,}$|^0\.\d", regex=True).sum()
    if comma_last or point_last:
        return "," if comma_last > point_last else "."
    # Only groups of three digits: a lone point between them separates thousands where commas do not.
    return "," if text.str.contains(r"\d\.\d{3}(?:\D|$)", regex=True).any() else "."


def day_first(columns: Sequence["pd.Series[Any]"]) -> bool | None:
    """Whether dates of these columns put the day first, by the cells only one order can read; None: none decides."""
    votes = 0
    for cells in columns:
        for cell in pd.unique(cells.dropna().astype("str")):
            found = _EITHER.fullmatch(cell.strip())
            if found:
                first, second = int(found[1]), int(found[2])
                votes += (first > 12) - (second > 12)  # noqa: PLR2004 - months
    return None if votes == 0 else votes > 0


def dates(cells: "pd.Series[Any]", *, day_comes_first: bool) -> Column:
    """Dates without time; each distinct cell is read once. Excel's day numbers and `20241231` are dates too."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        plain_days = cells.dt.tz_localize(None) if cells.dt.tz is not None else cells
        return Column(plain_days.dt.normalize().astype("datetime64[s]"), cells.isna() & False)
    empty = is_empty(cells)
    codes, distinct = pd.factorize(cells.where(~empty))
    days = np.array([_day(cell, day_comes_first) for cell in distinct] + [None], dtype="datetime64[D]")
    values = pd.Series(days[codes].astype("datetime64[s]"), index=cells.index)
    return Column(values, values.isna() & ~empty)


def _day(cell: Any, day_comes_first: bool) -> date | np.datetime64 | None:  # noqa: ANN401, FBT001 - any cell
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day)
    if isinstance(cell, int | float | np.number) and _EXCEL_DAYS[0] <= cell <= _EXCEL_DAYS[1]:
        return _EXCEL_EPOCH + np.timedelta64(int(cell), "D")
    text = str(cell).strip().removesuffix(".0")
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _EITHER.fullmatch(text):
        first, second, year = map(int, found.groups())
        day, month = (first, second) if day_comes_first else (second, first)
        year += 0 if year > 99 else 1900 if year >= _CENTURY else 2000  # noqa: PLR2004 - two digits
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None

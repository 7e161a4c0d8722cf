"""Cells into amounts and dates: decided on whole columns, and every cell that is neither named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

_SPACES = "[ \t\u00a0\u202f\u2009']"
_CURRENCY = "[Ee][Uu][Rr](?:[Oo][Ss]?)?|USD|GBP|CHF|CAD|[€$£]"
_SYMBOLS = {"€": "EUR", "EURO": "EUR", "EUROS": "EUR", "$": "USD", "£": "GBP"}
_DECORATED = "[A-Za-z€$£\u2212]"
_REDUCING = r"^\(.*\)$|-$"  # (12.50) and 12.50-, as accountants write what is taken off
_LARGEST = 1e13  # beyond, a float64 no longer counts cents
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
        cells = cells.map(lambda cell: f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else cell)
    stripped: pd.Series[Any] = cells.astype("str").str.strip()
    return stripped.where(~is_empty(cells) & (stripped != "<NA>")).astype("str")


def decimal_mark(columns: Sequence["pd.Series[Any]"]) -> str | None:
    """The decimal mark of these columns of amounts, by what most cells can only mean; None: none decides.

    A mark that comes last of two kinds, or that stands where thousands cannot, is decimal; one that stands twice
    separates thousands. `1.234` alone can be either.
    """
    votes = 0
    for cells in columns:
        text = _bare(written_only(cells)).str.replace(r"[()-]", "", regex=True)
        for mark, other, vote in ((",", r"\.", 1), (r"\.", ",", -1)):
            decimal = (
                rf"{other}.*{mark}|^[^{mark}]*{mark}(?:\d{{0,2}}|\d{{4,}})$|(?:^0|\d{{4}}){mark}|{other}\d*{other}"
            )
            votes += vote * int(text.str.contains(decimal, regex=True).sum())
    return None if votes == 0 else "," if votes > 0 else "."


def written_only(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Cells that are text; numbers, whose decimals nobody needs to guess, left out."""
    if cells.dtype != object:
        return cells.astype("str") if pd.api.types.is_string_dtype(cells) else cells.iloc[:0].astype("str")
    return cells.where(cells.map(lambda cell: isinstance(cell, str))).astype("str")


def amounts(cells: "pd.Series[Any]", *, mark: str = ".") -> Column:
    """Amounts as numbers: `1 234,56 €`, `(1,234.56)`, `1.234,56-`; what the decimal mark does not allow is wrong."""
    if pd.api.types.is_numeric_dtype(cells):
        return _bounded(cells.astype("float64"), is_empty(cells))
    if cells.dtype == object:
        typed = cells.map(lambda cell: float(cell) if isinstance(cell, int | float | Decimal) else np.nan)
        written = _written_amounts(cells.where(typed.isna()), mark)
        return _bounded(typed.astype("float64").fillna(written.values), is_empty(cells))
    return _written_amounts(cells, mark)


def currency_marks(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """The currency written in each cell beside its amount, missing where none is."""
    found = cells.astype("str").str.upper().str.extract(f"({_CURRENCY})", expand=False)
    return found.replace(_SYMBOLS).astype("str")


def _bare(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Amounts without currency, every kind of space between digits written as one."""
    text = cells.astype("str").str.strip().str.replace(_SPACES, " ", regex=True)
    if text.str.contains(_DECORATED, regex=True).any():
        text = text.str.replace(_CURRENCY, "", regex=True).str.replace("\u2212", "-").str.strip()
    return text


def _written_amounts(cells: "pd.Series[Any]", mark: str) -> Column:
    empty = is_empty(cells)
    text = _bare(cells)
    negative = text.str.contains(_REDUCING, regex=True)
    if negative.any():
        text = text.str.replace(r"[()]|-$", "", regex=True).str.strip()
    thousands, decimal = (r"[. ]", ",") if mark == "," else (r"[, ]", r"\.")
    number = rf"[+-]? ?(?:\d{{1,3}}(?:{thousands}\d{{3}})+|\d+)?(?:{decimal}\d*)?"
    allowed = text.str.fullmatch(number) & text.str.contains(r"\d", regex=True)
    text = text.where(allowed & ~empty).str.replace(thousands, "", regex=True)
    values = pd.to_numeric(text.str.replace(",", ".", regex=False), errors="coerce").astype("float64")
    return _bounded(values.where(~negative, -values), empty)


def _bounded(values: "pd.Series[Any]", empty: "pd.Series[Any]") -> Column:
    """Amounts that cents can be counted in; any other, infinity too, is wrong."""
    values = values.where(values.abs() < _LARGEST)
    return Column(values, values.isna() & ~empty)


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
        year += 0 if len(found[3]) > 2 else 1900 if year >= _CENTURY else 2000  # noqa: PLR2004 - two digits
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None

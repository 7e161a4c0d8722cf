"""Columns of a FEC as they are written, into codes, days and whole cents: what repeats is read once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from arlib.readers.cells import amounts, dates, day_first, decimal_mark, is_empty, texts
from arlib.schema import Codes, Flags, day_numbers
from arlib.words import bare

Cents = npt.NDArray[np.int64]

_LAST_DIGIT = ord("9")  # of what an amount is written with, only letters, quotes and no-break spaces come after it
_CENTS = 2  # decimals
_LARGEST = 1e13  # euros; beyond, a float64 no longer counts cents
_NO_DATE = re.compile(r"[0\s/.:-]*")  # 00000000, 00/00/0000
_SIGNS = MappingProxyType(
    {"d": 1, "s": 1, "+": 1, "1": 1, "+1": 1, "c": -1, "h": -1, "-": -1, "-1": -1}
)  # S, H: German
_BARE_DATE = re.compile(r"\d{8}")


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of text as a code a line into its distinct values, stripped; `""` where there is none."""

    codes: Codes
    values: npt.NDArray[np.object_]

    def lines(self) -> npt.NDArray[np.object_]:
        """The value of each line."""
        return self.values[self.codes]

    def where(self, pattern: str) -> Flags:
        """Which distinct values a pattern is found in."""
        return np.fromiter((re.search(pattern, value) is not None for value in self.values), bool, len(self.values))

    def starts(self, prefixes: Sequence[str]) -> Flags:
        """Which distinct values begin with one of these."""
        return np.fromiter((value.startswith(tuple(prefixes)) for value in self.values), bool, len(self.values))

    def taken(self, lines: Codes) -> "Coded":
        """Some of the lines."""
        return Coded(self.codes[lines], self.values)


@dataclass(frozen=True, eq=False)
class Read:
    """A column read, which of its cells could not be, and which hold nothing."""

    values: Cents
    wrong: Flags
    empty: Flags


def coded(cells: "pd.Series[Any]") -> Coded:
    """A column of text as codes; numbers of a workbook as text without their decimals."""
    written = cells if pd.api.types.is_string_dtype(cells) and cells.dtype != object else texts(cells)
    codes, distinct = pd.factorize(written)
    again, values = pd.factorize(np.array([*(str(value).strip() for value in distinct), ""], dtype=object))
    return Coded(again[codes], values)  # code -1, of a missing cell, is the last value: ""


def text(column: Coded) -> "pd.Series[Any]":
    """The text of each line, missing where there is none."""
    values = pa.array([value or None for value in column.values], pa.large_string())
    taken: pd.Series[Any] = pa.table({"text": values.take(pa.array(column.codes))}).to_pandas()["text"]
    return taken.astype("str")


def trimmed(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Cells as stripped text, missing where empty, for columns whose values seldom repeat."""
    if cells.dtype == object or not pd.api.types.is_string_dtype(cells):
        return texts(cells).reset_index(drop=True)
    stripped = pc.utf8_trim_whitespace(pa.array(cells))
    stated = pc.if_else(pc.equal(stripped, ""), None, stripped)
    found: pd.Series[Any] = pa.table({"text": stated}).to_pandas()["text"]
    return found.astype("str")


def days(cells: "pd.Series[Any]") -> Read:
    """Dates as day numbers, each distinct one read once; the day first where both orders are possible."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        parsed, codes = dates(cells, day_comes_first=True), np.arange(len(cells))
    else:
        codes, distinct = pd.factorize(cells)
        unique = pd.Series([*distinct, None], dtype=object).map(_stated)
        unique = _year_first(unique)
        order = day_first([unique.map(lambda cell: cell if isinstance(cell, str) else None)])
        parsed = dates(unique, day_comes_first=order is not False)
    found = day_numbers(parsed.values)
    wrong = parsed.wrong.to_numpy(bool)
    return Read(found[codes], wrong[codes], (parsed.values.isna().to_numpy() & ~wrong)[codes])


def _stated(cell: Any) -> Any:  # noqa: ANN401 - any cell
    """A cell without its padding, None where it states no date."""
    if isinstance(cell, str):
        cell = cell.strip()
        return None if _NO_DATE.fullmatch(cell) else cell
    if isinstance(cell, int | float | np.number) and _BARE_DATE.fullmatch(f"{cell:.0f}"):
        return f"{cell:.0f}"  # 20240131, typed as a number
    return cell


def _year_first(distinct: "pd.Series[Any]") -> "pd.Series[Any]":
    """`31012024` as `31/01/2024`, where no eight digits of the column can be a year, a month and a day."""
    eight = distinct.map(lambda cell: isinstance(cell, str) and _BARE_DATE.fullmatch(cell) is not None).astype(bool)
    if not eight.any() or not dates(distinct[eight], day_comes_first=True).values.isna().all():
        return distinct
    turned = distinct.copy()
    turned[eight] = distinct[eight].map(lambda cell: f"{cell[:2]}/{cell[2:4]}/{cell[4:]}")
    return turned


def cents(columns: Sequence["pd.Series[Any]"]) -> list[Read]:
    """Columns of amounts as whole cents; the decimal mark is decided on all of them, the comma of the norm if none."""
    plain = [_plainly(cells) for cells in columns]
    found = [each for each in plain if each is not None]
    if len(found) == len(columns):
        return found
    mark = mark_of(columns)
    return [by_mark(cells, mark) for cells in columns]


def mark_of(columns: Sequence["pd.Series[Any]"]) -> str:
    """The decimal mark of these columns, by their distinct cells; the comma of the norm where none decides."""
    distinct = [pd.Series(cells.unique(), dtype=object if cells.dtype == object else "str") for cells in columns]
    return decimal_mark(distinct) or ","


def by_mark(cells: "pd.Series[Any]", mark: str) -> Read:
    """A column of amounts as whole cents, by its decimal mark."""
    if cells.dtype == object or not pd.api.types.is_string_dtype(cells):
        parsed, codes = amounts(cells, mark=mark), np.arange(len(cells))
        empty = is_empty(cells).to_numpy(bool)
    else:
        codes, distinct = pd.factorize(cells)
        unique = pd.Series([*distinct, ""], dtype="str")
        parsed, empty = amounts(unique, mark=mark), is_empty(unique).to_numpy(bool)
    return Read(_whole(parsed.values.to_numpy("float64"))[codes], parsed.wrong.to_numpy(bool)[codes], empty[codes])


def _plainly(cells: "pd.Series[Any]") -> Read | None:
    """Amounts of digits and one decimal mark with two decimals at most, fast; None where any is written otherwise."""
    if cells.dtype == object or not pd.api.types.is_string_dtype(cells):
        return None
    column = pa.array(cells)
    held = _held(column)
    comma, point = (any((part == ord(mark)).any() for part in held) for mark in ",.")
    if (comma and point) or max((int(part.max(initial=0)) for part in held), default=0) > _LAST_DIGIT:
        return None
    stripped = pc.ascii_trim_whitespace(column)
    mark = "," if comma else "."
    lengths, place = pc.binary_length(stripped), pc.find_substring(stripped, mark)
    if int(np.max(np.where(np.asarray(place) >= 0, np.asarray(lengths) - np.asarray(place) - 1, 0))) > _CENTS:
        return None
    empty = np.asarray(lengths) == 0
    if empty.any():
        stripped = pc.if_else(pc.equal(stripped, ""), None, stripped)
    if mark == ",":
        stripped = pc.replace_substring(stripped, ",", ".")
    try:
        values = np.asarray(pc.cast(stripped, pa.float64()), dtype=np.float64)
    except pa.ArrowInvalid:
        return None
    if np.nanmax(np.abs(values), initial=0) >= _LARGEST:
        return None
    return Read(_whole(values), np.zeros(len(values), dtype=bool), empty)


def _held(column: Any) -> list[npt.NDArray[np.uint8]]:  # noqa: ANN401 - an Arrow array, which has no types
    """The bytes of the cells of an Arrow column of text, and of any cells around them in its buffers."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return [np.frombuffer(held, np.uint8) for chunk in chunks if (held := chunk.buffers()[2]) is not None]


def _whole(values: npt.NDArray[np.float64]) -> Cents:
    """Amounts in whole cents, 0 where there is none: the nearest cent is exact below ten thousand billions."""
    return np.rint(np.nan_to_num(values) * 100).astype(np.int64)


def signed_cents(cells: pd.DataFrame, names: tuple[str, str]) -> Read:
    """Debit less credit of each line, where it is wrong and where it states nothing; `Montant` by its `Sens`."""
    first, second = (cells[name] for name in names)
    if "Sens" not in names:
        debit, credit = cents([first, second])
        return Read(debit.values - credit.values, debit.wrong | credit.wrong, debit.empty & credit.empty)
    amount, side = cents([first])[0], coded(second)
    signs = np.array([sign_of(value) for value in side.values], dtype=np.int64)[side.codes]
    return Read(amount.values * signs, amount.wrong | ((signs == 0) & ~amount.empty), amount.empty)


def sign_of(side: str) -> int:
    """What Sens says: 1 for a debit, -1 for a credit, 0 where neither; `D`, `Débit`, `+1`, `C`, `Crédit`, `-1`."""
    stated = bare(side).strip().lower()
    return _SIGNS.get(stated[:1] if stated.isalpha() else stated, 0)

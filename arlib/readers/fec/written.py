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

from arlib.readers.cells import dates, day_first, texts
from arlib.readers.cells.columns import text_array
from arlib.readers.cells.figures import Written, amounts_of, decimal_mark_of
from arlib.schema import Codes, Flags, day_numbers
from arlib.words import bare

Cents = npt.NDArray[np.int64]

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
    codes, distinct = told_apart(as_text(cells))
    again, values = pd.factorize(np.array([*(str(value).strip() for value in distinct), ""], dtype=object))
    return Coded(again[codes], values)  # code -1, of a missing cell, is the last value: ""


def told_apart(cells: "pd.Series[Any]") -> "tuple[Codes, pd.Index[Any]]":
    """A code for each cell of a column, -1 where it is missing, and its distinct cells."""
    if isinstance(cells.dtype, pd.StringDtype):
        starts = np.append(True, changes(cells))[: len(cells)]
        runs, found = pd.factorize(cells[starts])  # the lines of an entry follow one another
        return along(runs, starts), pd.Index(found)
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        places, found = pd.factorize(cells)
        return places, pd.Index(found)
    codes, distinct = cells.cat.codes.to_numpy(), cells.cat.categories
    used = np.bincount(codes + 1, minlength=len(distinct) + 1)[1:] > 0  # of these lines; the others are of others
    return (
        (codes.astype(np.intp, copy=False), distinct) if used.all() else ((np.cumsum(used) - 1)[codes], distinct[used])
    )


def changes(cells: "pd.Series[Any]") -> Flags:
    """Where a cell of a column of codes or texts is not the one before it; of every cell but the first."""
    if isinstance(cells.dtype, pd.StringDtype):
        text = text_array(cells)
        return np.asarray(pc.not_equal(text[1:], text[:-1]), dtype=bool)
    codes = (cells.cat.codes if isinstance(cells.dtype, pd.CategoricalDtype) else cells).to_numpy()
    return np.asarray(codes[1:] != codes[:-1], dtype=bool)


def along(values: npt.NDArray[Any], starts: Flags) -> npt.NDArray[Any]:
    """One value a run of lines as one a line; `starts` are the first lines of the runs."""
    return np.repeat(values, np.diff(np.append(np.flatnonzero(starts), len(starts))))


def as_text(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """A column of text as it is, any other as text, numbers without their decimals."""
    return cells if _is_written(cells) else texts(cells)


def _is_written(cells: "pd.Series[Any]") -> bool:
    """Whether a column holds text and nothing else."""
    return isinstance(cells.dtype, pd.CategoricalDtype | pd.StringDtype)


def text(column: Coded) -> "pd.Series[Any]":
    """The text of each line, missing where there is none."""
    values = pa.array([value or None for value in column.values], pa.large_string())
    taken: pd.Series[Any] = pa.table({"text": values.take(pa.array(column.codes))}).to_pandas()["text"]
    return taken.astype("str")


def trimmed(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Cells as stripped text, missing where empty; for columns whose values seldom repeat."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return text(coded(cells))
    return texts(cells).reset_index(drop=True)


def days(cells: "pd.Series[Any]") -> Read:
    """Dates as day numbers, each distinct one read once; the day first where both orders are possible."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        parsed, codes = dates(cells, day_comes_first=True), np.arange(len(cells))
    else:
        codes, distinct = told_apart(cells)
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
    read = list(map(_Amounts.of, columns))
    mark = _mark(read)
    return [column.read(mark) for column in read]


def mark_of(columns: Sequence["pd.Series[Any]"]) -> str:
    """The decimal mark of these columns; the comma of the norm where none decides."""
    return _mark(list(map(_Amounts.of, columns)))


def by_mark(cells: "pd.Series[Any]", mark: str) -> Read:
    """A column of amounts as whole cents, by its decimal mark."""
    return _Amounts.of(cells).read(mark)


@dataclass(frozen=True, eq=False)
class _Amounts:
    """A column of amounts: its distinct cells where it is held as codes, and how they are written."""

    cells: "pd.Series[Any]"
    written: Written
    codes: Codes | None = None

    @classmethod
    def of(cls, cells: "pd.Series[Any]") -> "_Amounts":
        if not isinstance(cells.dtype, pd.CategoricalDtype):
            return cls(cells, Written.of(cells))
        codes, distinct = told_apart(cells)
        unique = pd.Series([*distinct, ""], dtype="str")
        return cls(unique, Written.of(unique), codes)

    def read(self, mark: str) -> Read:
        parsed = amounts_of(self.cells, self.written, mark)
        values, wrong = parsed.values.to_numpy("float64"), parsed.wrong.to_numpy(bool)
        read = Read(_whole(values), wrong, np.isnan(values) & ~wrong & ~parsed.stand_in.to_numpy(bool))
        if self.codes is None:
            return read
        return Read(read.values[self.codes], read.wrong[self.codes], read.empty[self.codes])


def _mark(columns: Sequence[_Amounts]) -> str:
    return decimal_mark_of([column.written for column in columns]) or ","


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

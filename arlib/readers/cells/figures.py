"""Cells into amounts.

A column of a million amounts is written in a few dozen ways: with each digit as 9, `1 234,56 €` and `9 876,54 €` are
one. What a writing means is decided once, on these shapes, and the digits of all cells are read together.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from arlib.readers.cells.columns import NO_VALUE, Column, is_empty, is_text, text_array, written_only
from arlib.schema import Codes, Flags, Floats

_LARGEST = 1e13  # beyond, a float64 no longer counts cents
_DIGITS = b"0123456789"
_AS_NINE = bytes.maketrans(_DIGITS, b"9" * 10)
_SPACES = re.compile("[ \t\u00a0\u202f\u2009\u2007'\u2019]+")  # Swiss apostrophes part thousands as spaces do
_MINUS = re.compile("[\u2212\u2010\u2011\u2012\u2013\u2014]")
_SYMBOLS = {
    "€": "EUR",
    "EURO": "EUR",
    "EUROS": "EUR",
    "£": "GBP",
    "$": "USD",
    "$US": "USD",
    "US$": "USD",
    "¥": "JPY",
    "₹": "INR",
    "FR.": "CHF",
    "SFR.": "CHF",
    "ZŁ": "PLN",
    "KČ": "CZK",
}
_CODES = (
    *("EUR", "USD", "GBP", "CHF", "CAD", "AUD", "NZD", "JPY", "CNY", "HKD", "SGD", "INR", "BRL", "MXN", "ZAR", "TRY"),
    *("AED", "SAR", "ILS", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "MAD", "TND", "DZD", "XOF", "XAF"),
)
_NAMES = "|".join(map(re.escape, sorted((*_SYMBOLS, *_CODES), key=len, reverse=True)))
_CURRENCY = re.compile(rf"(?<![A-Z])(?:{_NAMES})(?![A-Z])", re.IGNORECASE)
_AT_AN_END = re.compile(rf"^(?:{_NAMES})(?![A-Z]) ?| ?(?<![A-Z])(?:{_NAMES})$", re.IGNORECASE)
_SIDE = re.compile(r"(?<=[9.,)]) ?(?:(DR?|DB|S)|(CR?|H))\.?$", re.IGNORECASE)  # debit and credit; Soll und Haben
_SCIENTIFIC = re.compile(r"[+-]?9+(?:[.,]9*)?[eE][+-]?9+")
_DECIMAL = {  # what only a decimal mark does: to come last of two kinds, or to stand where thousands cannot
    mark: re.compile(rf"{other}.*{mark}|^[^{mark}]*{mark}(?:9{{0,2}}|9{{4,}})$|9{{4}}{mark}|{other}9*{other}")
    for mark, other in ((",", r"\."), (r"\.", ","))
}
_EITHER = re.compile(r"9{1,3}[.,]9{3}")
_NUMBER = {
    ",": re.compile(r"(?:9{1,3}(?:[. ]9{3})+|9+)(?:,9*)?|,9+"),
    ".": re.compile(r"(?:9{1,3}(?:[, ]9{3})+|9{1,2}(?:,99)+,9{3}|9+)(?:\.9*)?|\.9+"),  # lakhs: 12,34,567.89
}


def decimal_mark(columns: Sequence["pd.Series[Any]"]) -> str | None:
    """The decimal mark of these columns of amounts, by what most cells can only mean; None: none decides.

    A mark that comes last of two kinds, or that stands where thousands cannot, is decimal; one that stands twice
    separates thousands. `1.234` alone can be either.
    """
    return decimal_mark_of(list(map(Written.of, columns)))


def decimal_mark_of(columns: Sequence["Written"]) -> str | None:
    """The decimal mark of columns whose shapes are known."""
    votes = 0
    for written in columns:
        shapes = [_Shape(shape).bare for shape in written.shapes]
        for mark, vote in ((",", 1), (r"\.", -1)):
            decides = np.array([bool(_DECIMAL[mark].search(shape)) for shape in shapes], dtype=bool)
            votes += vote * int(written.counts[decides].sum())
    votes = votes or sum(map(_leading_zeros, columns))
    return None if votes == 0 else "," if votes > 0 else "."


def either_way(written: "Written", mark: str = "") -> Flags:
    """Which shapes are of cells such as `1.234`, a thousand or a little more than one; with that `mark`."""
    bare = [_Shape(shape).bare for shape in written.shapes]
    return _flags(_EITHER.fullmatch(shape) and mark in shape for shape in bare)


def plain_of(written: "Written") -> set[str]:
    """The shapes of whole amounts without a mark: `999`, `9999`."""
    return {bare for shape in written.shapes if (bare := _Shape(shape).bare).strip("9") == ""}


def numbers_in(cells: "pd.Series[Any]") -> Floats:
    """The cells of a column that are numbers and not texts."""
    if pd.api.types.is_numeric_dtype(cells) and cells.dtype.kind in "iuf":
        values = cells.to_numpy("float64", na_value=np.nan)
    else:
        values = np.array([], dtype=np.float64) if is_text(cells) else cells.map(_typed).to_numpy("float64")
    finite: Floats = values[np.isfinite(values)]
    return finite


def _leading_zeros(written: "Written") -> int:
    """Votes of cells such as `0,123`, which no thousand begins with."""
    either = either_way(written)
    found = [re.search(r"^\D*0([.,])", str(cell)) for cell in set(written.cells(either[written.codes]))]
    return sum(1 if match[1] == "," else -1 for match in found if match)


def amounts(cells: "pd.Series[Any]", *, mark: str = ".") -> Column:
    """Amounts as numbers: `1 234,56 €`, `(1,234.56)`, `1.234,56-`, `1 200,00 C` (a credit is negative).

    A dash is zero, as accountants write it. An amount in powers of ten is read where all its digits are there, and
    wrong where a spreadsheet rounded it (`1,23E+05`). What the decimal mark does not allow is wrong.
    """
    return amounts_of(cells, Written.of(cells), mark)


def amounts_of(cells: "pd.Series[Any]", written: "Written", mark: str) -> Column:
    """The amounts of a column: those written, as their shapes tell, and those that are numbers."""
    if pd.api.types.is_numeric_dtype(cells) and cells.dtype.kind in "iuf":
        values = cells.to_numpy("float64", na_value=np.nan)
        return _column(cells.index, values, np.isnan(values), np.zeros(len(cells), dtype=bool))
    if is_text(cells):
        return _column(cells.index, *_read(written, mark))
    typed = cells.map(_typed).to_numpy("float64")
    values, _, nothing = _read(written, mark)
    return _column(cells.index, np.where(np.isnan(typed), values, typed), is_empty(cells).to_numpy(), nothing)


def _typed(cell: object) -> float:
    """A number as a workbook holds it; not a truth value."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal | np.integer | np.floating):
        return np.nan
    try:
        return float(cell)
    except OverflowError:
        return np.inf


def currency_marks(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """The currency written in each cell beside its amount, missing where none is."""
    written = Written.of(cells.astype("str"))
    found = [_CURRENCY.search(shape) for shape in written.shapes]
    codes = [_SYMBOLS.get(match[0].upper(), match[0].upper()) if match else None for match in found]
    spread = pa.array(codes, type=pa.large_string()).take(pa.array(written.codes))
    return pd.Series(pd.array(spread, dtype="str"), index=cells.index)


@dataclass(frozen=True, eq=False)
class Written:
    """A column of text, and the shape of each cell as a code."""

    text: pa.LargeStringArray
    codes: Codes
    shapes: list[str]

    @classmethod
    def of(cls, cells: "pd.Series[Any]") -> "Written":
        """The cells of a column that are text; numbers count as empty."""
        text = text_array(written_only(cells))
        if len(text) != len(cells):  # numbers, of which none is written
            text = pa.array([""], type=pa.large_string()).take(pa.array(np.zeros(len(cells), dtype=np.int64)))
        ends, content = _buffers(text)
        shapes = _array(ends - ends[0], content.translate(_AS_NINE)).dictionary_encode()
        return cls(text, shapes.indices.to_numpy(), shapes.dictionary.to_pylist())

    @cached_property
    def counts(self) -> Codes:
        """How many cells have each shape."""
        return np.bincount(self.codes, minlength=len(self.shapes))

    def spread(self, of_shapes: Flags) -> Flags:
        """What holds for a shape, for each cell."""
        return of_shapes[self.codes] if of_shapes.any() else np.zeros(len(self.codes), dtype=bool)

    def cells(self, chosen: Flags) -> list[str]:
        """The chosen cells as they were written."""
        found: list[str] = self.text.filter(pa.array(chosen)).to_pylist()
        return found


def _buffers(text: pa.LargeStringArray) -> tuple[npt.NDArray[np.int64], bytes]:
    """Where the cells end, and the bytes of all of them."""
    _, ends, content = text.buffers()
    places = np.frombuffer(ends, dtype=np.int64)[text.offset : text.offset + len(text) + 1]
    if not len(places) or content is None:
        return np.zeros(len(text) + 1, dtype=np.int64), b""
    return places, content.slice(int(places[0]), int(places[-1] - places[0])).to_pybytes()


def _array(ends: npt.NDArray[np.int64], content: bytes, valid: Flags | None = None) -> pa.Array:
    holds = None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little"))
    buffers = [holds, pa.py_buffer(ends), pa.py_buffer(content)]
    return pa.Array.from_buffers(pa.large_string(), len(ends) - 1, buffers)


class _Shape:
    """What a writing says around its number, each digit a 9."""

    def __init__(self, written: str) -> None:
        shape = _MINUS.sub("-", _SPACES.sub(" ", written)).strip()
        self.plain = shape
        self.negatives = 0
        shape = self._unsigned(_AT_AN_END.sub("", shape).strip())
        side = _SIDE.search(shape)
        if side:
            self.negatives += side[2] is not None
            shape = self._unsigned(shape[: side.start()])
        self.bare = _AT_AN_END.sub("", shape).strip()

    def _unsigned(self, shape: str) -> str:
        """Without parentheses, and a sign before or after, which count as negative."""
        for opening, closing, negative in (("(", ")", 1), ("-", "", 1), ("", "-", 1), ("+", "", 0)):
            if len(shape) > 1 and shape.startswith(opening) and shape.endswith(closing):
                self.negatives += negative
                return _AT_AN_END.sub("", shape[len(opening) : len(shape) - len(closing)].strip()).strip()
        return shape

    @property
    def is_dash(self) -> bool:
        return bool(re.fullmatch("-+", _AT_AN_END.sub("", self.plain).strip()))


def _read(written: Written, mark: str) -> tuple[Floats, Flags, Flags]:
    """The amounts of a column of text, nan where there is none; its empty cells; those with a word for nothing.

    What concerns no shape costs no pass over the cells.
    """
    shapes = list(map(_Shape, written.shapes))
    number = _flags(_NUMBER[mark].fullmatch(shape.bare) and shape.negatives < 2 for shape in shapes)  # noqa: PLR2004
    # The mark of "Fr." would be read into the number: these cells are looked at one by one.
    apart = _flags(raw.count(mark) > shape.bare.count(mark) for raw, shape in zip(written.shapes, shapes, strict=True))
    odd = _flags(_SCIENTIFIC.fullmatch(shape.plain) for shape in shapes) | (number & apart)
    values = _digits(written, mark, number & ~odd)
    if (reducing := written.spread(_flags(shape.negatives for shape in shapes))).any():
        values[reducing] *= -1
    if (zero := written.spread(_flags(shape.is_dash for shape in shapes))).any():
        values[zero] = 0.0
    if (apart := written.spread(odd)).any():
        values[apart] = _one_by_one(written.cells(apart), mark)
    nothing = _flags(shape.plain and shape.plain.lower() in NO_VALUE for shape in shapes)
    return values, written.spread(_flags(not shape.plain for shape in shapes)), written.spread(nothing)


def _flags(found: Iterable[object]) -> Flags:
    return np.array(list(map(bool, found)), dtype=bool)


def _digits(written: Written, mark: str, chosen: Flags) -> Floats:
    """The digits and the decimal mark of cells of the chosen shapes as numbers: all other bytes taken out."""
    kept = _DIGITS + mark.encode()
    length = np.array([sum(shape.count(sign) for sign in f"9{mark}") for shape in written.shapes], dtype=np.int64)
    ends = np.zeros(len(written.codes) + 1, dtype=np.int64)
    np.cumsum(length[written.codes], out=ends[1:])
    others = bytes(set(range(256)) - set(kept))
    content = _buffers(written.text)[1].translate(bytes.maketrans(mark.encode(), b"."), others)
    numbers = _array(ends, content, None if chosen.all() else written.spread(chosen)).cast(pa.float64())
    return np.array(numbers.to_numpy(zero_copy_only=False), dtype=np.float64)


def _one_by_one(cells: Iterable[str], mark: str) -> list[float]:
    known: dict[str, float] = {}
    return [known[cell] if cell in known else known.setdefault(cell, _odd(cell, mark)) for cell in cells]


def _odd(cell: str, mark: str) -> float:
    """An amount in powers of ten, or one beside a currency that holds a point."""
    shape = _MINUS.sub("-", _SPACES.sub("", cell)).strip()
    if not re.search(r"\d[eE][+-]?\d", shape):
        return float(re.sub(rf"[^0-9{mark}]", "", _CURRENCY.sub("", shape)).replace(mark, "."))
    mantissa, power = re.split("[eE]", shape)
    if {",": ".", ".": ","}[mark] in mantissa:
        return np.nan
    decimals = len(mantissa.partition(mark)[2])
    # Spreadsheets round what they show so, with a capital E; programs write every digit, with a small one.
    if "E" in shape and decimals < int(power) + 2 and re.search("[1-9]", mantissa):
        return np.nan
    return float(mantissa.replace(mark, ".") + "e" + power)


def _column(index: "pd.Index[Any]", values: Floats, empty: Flags, nothing: Flags) -> Column:
    """Amounts that cents can be counted in; any other, infinity too, is wrong."""
    values = np.where(np.abs(values) < _LARGEST, values, np.nan)
    wrong = np.isnan(values) & ~empty & ~nothing
    return Column(pd.Series(values, index), pd.Series(wrong, index), pd.Series(nothing, index))

"""A column as it was parsed, which cells hold nothing, and cells as text."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from arlib.schema import Flags

# What databases, spreadsheets and pandas write where they have no value.
NO_VALUE = frozenset(("", "nan", "nat", "null", "(null)", "none", "n/a", "#n/a", "na", "n.a.", "<na>", "\\n"))


@dataclass(frozen=True, eq=False)
class Column:
    """A parsed column and where its cells could not be read; empty cells are missing, not wrong.

    Attributes:
        values: amounts or dates, missing where the cell holds none.
        wrong: cells that hold something else.
        stand_in: cells that hold what software writes for nothing (`NULL`, `#N/A`, 9999-12-31); missing as well.
    """

    values: "pd.Series[Any]"
    wrong: "pd.Series[bool]"
    stand_in: "pd.Series[bool]"


def is_text(cells: "pd.Series[Any]") -> bool:
    """Whether a column holds text and nothing else."""
    return cells.dtype != object and pd.api.types.is_string_dtype(cells)


def text_array(cells: "pd.Series[Any]") -> pa.LargeStringArray:
    """The cells of a column as one array of text, missing ones empty."""
    found = pa.array((cells if is_text(cells) else cells.astype("str")).array, type=pa.large_string(), from_pandas=True)
    if isinstance(found, pa.ChunkedArray):
        found = found.chunk(0) if found.num_chunks == 1 else found.combine_chunks()
    return found.fill_null("") if found.null_count else found


def is_empty(cells: "pd.Series[Any]") -> "pd.Series[bool]":
    """Which cells hold nothing: missing, or white space."""
    if is_text(cells):
        return pd.Series(_blank(text_array(cells)), index=cells.index)
    empty: pd.Series[bool] = cells.isna() | (cells.astype("str").str.strip() == "")
    return empty


def _blank(text: pa.LargeStringArray) -> Flags:
    blank: Flags = pc.or_(pc.equal(pc.binary_length(text), 0), pc.utf8_is_space(text)).to_numpy(zero_copy_only=False)
    return blank


def texts(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Cells as stripped text, missing where empty; whole numbers (customer 1042.0) without their decimals."""
    if is_text(cells):
        return pd.Series(pd.array(_held(text_array(cells)), dtype="str"), index=cells.index)
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        whole = cells.dropna().mod(1).eq(0).all()
        cells = cells.astype("Int64").astype("str") if whole else cells.astype("str")
    elif cells.dtype == object:
        cells = cells.map(lambda cell: f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else cell)
    written: pd.Series[Any] = cells.astype("str").str.strip()
    return written.where(~is_empty(cells) & (written != "<NA>")).astype("str")


def _held(text: pa.LargeStringArray) -> pa.LargeStringArray:
    """Texts stripped, missing where empty; where there is nothing to strip, over the bytes they stand in."""
    stripped = pc.utf8_trim_whitespace(text)
    kept = text if stripped.equals(text) else stripped
    empty = pc.equal(pc.binary_length(kept), 0)
    if not pc.any(empty).as_py():
        return kept
    _, ends, content = kept.buffers()
    ends = ends.slice(kept.offset * np.dtype(np.int64).itemsize)
    return pa.Array.from_buffers(kept.type, len(kept), [pc.invert(empty).buffers()[1], ends, content])


def written_only(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Cells that are text; numbers and dates, which nobody needs to guess, left out."""
    if is_text(cells):
        return cells.astype("str")
    if cells.dtype != object:
        return cells.iloc[:0].astype("str")
    return cells.where(cells.map(lambda cell: isinstance(cell, str))).astype("str")

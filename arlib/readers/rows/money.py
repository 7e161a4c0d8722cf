"""The columns of amounts of a list in whole cents, before its rows are told apart."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from arlib.readers.cells import Column, is_empty, read_amounts
from arlib.readers.rows.marks import Marks, money_columns
from arlib.readers.tables.table import Table
from arlib.schema import Flags

CENT = 1

Cents = npt.NDArray[np.int64]


def cents_of(table: Table, found: Mapping[str, str], *, but: Flags) -> dict[str, Cents]:
    """The columns of amounts in whole cents, empty cells 0, as are those of rows left out.

    A column in which a cell is no amount is none of them.
    """
    cells = {heading: table.cells[heading] for heading in money_columns(table, found)}
    if but.any():
        cells = {heading: column.astype("object").where(~but, "") for heading, column in cells.items()}
    read = read_amounts(cells, mark=table.decimal, likely=table.likely_mark).columns
    return {heading: _cents(column.values) for heading, column in read.items() if not column.wrong.any()}


def with_decimal_of_totals(table: Table, found: Mapping[str, str], marks: Marks) -> Table:
    """The table with its decimal mark, where only its totals tell it: they come out in one reading of `1.234`."""
    totals = marks.says("total") & ~marks.dated & marks.priced
    if table.decimal or not totals.any():
        return table
    written = ~totals & marks.priced & (marks.dated | (not marks.dated.any()))
    columns = {
        heading: table.cells[heading].astype("object").where(written | totals, "")
        for heading in money_columns(table, found)
    }

    def ties(read: Mapping[str, Column]) -> int:
        return sum(_tied(column, totals) for column in read.values() if not column.wrong.any())

    decimal = read_amounts(columns, likely=table.likely_mark, ties=ties).decimal
    said = decimal.sentence()
    if decimal.by != "sums" or said is None:
        return table
    return replace(table, decimal=decimal.mark, reading=(*table.reading, said))


def _tied(column: Column, totals: Flags) -> int:
    """How many totals of a column are the sum of rows above them, down from another total or from the first row."""
    cents = _cents(column.values)
    running = np.cumsum(np.where(totals, 0, cents))
    starts = np.unique(np.append(running[totals], 0))
    return int((near(running - cents, starts) & totals & (cents != 0)).sum())


def _cents(values: Any) -> Cents:  # noqa: ANN401 - a series of numbers
    cents: Cents = np.rint(values.fillna(0.0).to_numpy(dtype=np.float64) * 100).astype(np.int64)
    return cents


def states(table: Table, heading: str) -> Flags:
    """Which rows hold something in a column."""
    return ~is_empty(table.cells[heading]).to_numpy(dtype=bool)


def near(values: Cents, edges: Cents, within: "Cents | float" = CENT) -> Flags:
    """Which values are within a cent, or so many, of an edge; edges are sorted."""
    right = np.clip(np.searchsorted(edges, values), 0, len(edges) - 1)
    left = np.clip(right - 1, 0, len(edges) - 1)
    close: Flags = np.minimum(np.abs(edges[right] - values), np.abs(edges[left] - values)) <= within
    return close

"""All columns of dates, or of amounts, of one file: what can be read two ways is decided on all of them together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from arlib.readers.cells.columns import Column
from arlib.readers.cells.days import DistinctCells, dates_of, day_first_of
from arlib.readers.cells.decimals import DecimalMark, Ties, decide_mark
from arlib.readers.cells.figures import Written, amounts_of
from arlib.readers.cells.short_dates import ShortDates, short_dates
from arlib.readers.cells.swapped import SwappedDates, swapped_of


@dataclass(frozen=True, eq=False)
class FileDates:
    """The columns of dates of a file, the order of day and month its cells decide, and what a spreadsheet swapped.

    `short` says how dates of six figures were read, where there are any.
    """

    columns: Mapping[str, Column]
    day_first: bool | None
    swapped: SwappedDates
    short: ShortDates


def read_dates(columns: Mapping[str, "pd.Series[Any]"], *, day_first: bool | None = None) -> FileDates:
    """Every column of dates of a file; day first where no cell decides, swapped back where a spreadsheet did it.

    `day_first` is the order where it is known; else the cells decide.

    `swapped.sentence()` is to be shown, and the file refused with it where `swapped.mixed`.
    """
    told_apart = [DistinctCells.of(cells) for cells in columns.values()]
    order = day_first_of(told_apart) if day_first is None else day_first
    short = short_dates(told_apart, day_first=order)
    order = False if short.order == "month" else order
    comes_first = order is not False
    swapped = swapped_of(short.columns, day_comes_first=comes_first)
    read = {
        name: dates_of(cells, day_comes_first=comes_first, swapped=turned)
        for name, cells, turned in zip(columns, short.columns, swapped.columns, strict=True)
    }
    return FileDates(read, order, swapped, short)


@dataclass(frozen=True, eq=False)
class FileAmounts:
    """The columns of amounts of a file, and their decimal mark with what decides it."""

    columns: Mapping[str, Column]
    decimal: DecimalMark


def read_amounts(
    columns: Mapping[str, "pd.Series[Any]"],
    *,
    mark: str | None = None,
    likely: str | None = None,
    ties: Ties | None = None,
) -> FileAmounts:
    """Every column of amounts of a file, with the decimal mark that is known, or that `decide_mark` finds.

    `decimal.sentence()` is to be shown.
    """
    written = {name: Written.of(cells) for name, cells in columns.items()}
    decimal = DecimalMark(mark, "given") if mark else decide_mark(columns, written, likely=likely, ties=ties)
    read = {name: amounts_of(cells, written[name], decimal.mark) for name, cells in columns.items()}
    return FileAmounts(read, decimal)

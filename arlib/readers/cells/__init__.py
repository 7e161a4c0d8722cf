"""Cells into amounts, dates and texts: decided on whole columns, and every cell that is none of them named."""

from arlib.readers.cells.columns import Column, is_empty, texts, written_only
from arlib.readers.cells.days import dates, day_first
from arlib.readers.cells.decimals import DecimalMark
from arlib.readers.cells.figures import amounts, currency_marks, decimal_mark
from arlib.readers.cells.swapped import SwappedDates, swapped_dates
from arlib.readers.cells.whole_files import FileAmounts, FileDates, read_amounts, read_dates

__all__ = [
    "Column",
    "DecimalMark",
    "FileAmounts",
    "FileDates",
    "SwappedDates",
    "amounts",
    "currency_marks",
    "dates",
    "day_first",
    "decimal_mark",
    "is_empty",
    "read_amounts",
    "read_dates",
    "swapped_dates",
    "texts",
    "written_only",
]

"""Sheets of a workbook: frames under a heading, text that stays text, formulas beside the figures they give."""

from arlib.export.sheets.book import Book
from arlib.export.sheets.page import Page
from arlib.export.sheets.table import Field, Placed, fields_of, write_table
from arlib.export.sheets.values import Link, Live

__all__ = ["Book", "Field", "Link", "Live", "Page", "Placed", "fields_of", "write_table"]

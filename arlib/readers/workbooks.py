"""Workbooks (xlsx, xls, ods) into the table of the sheet that looks most like a ledger."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from python_calamine import load_workbook

from arlib.readers.headings import header_row, recognise
from arlib.readers.sources import refuse
from arlib.readers.table import LOOKED_AT, Table, first_cells, headings_of
from arlib.words import say

Grid = Sequence[Sequence[Any]]


def read_workbook(name: str, content: bytes, sheet: str | None = None) -> Table:
    """The sheet named, else the one with a date, an amount and a customer among its headings, and most rows."""
    grids = _grids(name, content, sheet)
    starts = {title: header_row(grid[:LOOKED_AT]) for title, grid in grids.items()}
    found = {title: set(recognise(headings_of(grids[title][row]))) for title, row in starts.items() if row is not None}
    if not found:
        title, grid = next(iter(grids.items()))
        raise refuse(name, "read.no_header_sheet", sheet=title, found=first_cells(grid))
    title = max(found, key=lambda each: (_is_ledger(found[each]), len(grids[each])))
    others = [each for each in found if each != title and _is_ledger(found[each])]
    warnings = [say("read.other_sheets", sheet=title, sheets=", ".join(others))] if others else []
    start = starts[title] or 0
    reading = say("read.sheet", sheet=title, row=start + 1)
    return Table(name, title, _cells(grids[title], start), (reading,), tuple(warnings))


def _grids(name: str, content: bytes, sheet: str | None) -> Mapping[str, Grid]:
    try:
        book = load_workbook(io.BytesIO(content))
        grids = {title: book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in book.sheet_names}
    except Exception as damaged:  # calamine raises a class of its own for each way a file can be damaged
        raise refuse(name, "read.damaged_workbook") from damaged
    if sheet is not None and sheet not in grids:
        raise refuse(name, "read.no_sheet", sheet=sheet, sheets=", ".join(grids))
    if not grids:
        raise refuse(name, "read.damaged_workbook")
    return grids if sheet is None else {sheet: grids[sheet]}


def _is_ledger(fields: set[str]) -> bool:
    """Whether these headings hold a date, an amount and a customer."""
    return all(
        fields & needed
        for needed in (
            {"issued_on", "booked_on"},
            {"amount", "net_amount", "debit", "open_amount"},
            {"customer_id", "customer_name"},
        )
    )


def _cells(grid: Grid, start: int) -> pd.DataFrame:
    body = {number: row for number, row in enumerate(grid[start + 1 :], start + 2) if any(cell != "" for cell in row)}
    index = pd.Index(list(body), dtype="int64")
    return pd.DataFrame(list(body.values()), columns=headings_of(grid[start]), index=index, dtype="object")

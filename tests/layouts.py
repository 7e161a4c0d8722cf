"""Small files as other people's software writes them, for the tests of layouts: workbooks and texts from rows."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from arlib.readers.headings import recognise
from arlib.readers.rows import movement_rows
from arlib.readers.sources import Readable, gather
from arlib.readers.tables import read_table
from arlib.readers.tables.table import Table

Rows = Sequence[Sequence[Any]]


def workbook(sheets: dict[str, Rows], hidden: Sequence[str] = ()) -> bytes:
    """A workbook with these rows in each sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(rows: Rows, separator: str = ";") -> bytes:
    """Rows as a text with separators, a cell that holds the separator between quotation marks."""
    lines = [[f'"{cell}"' if separator in str(cell) else str(cell) for cell in row] for row in rows]
    return "\n".join(separator.join(line) for line in lines).encode() + b"\n"


def movements(source: Readable, sheet: str | None = None) -> tuple[Table, dict[str, str]]:
    """The movement rows of a file and what their headings mean."""
    table = read_table(gather(source)[0], sheet)
    table = movement_rows(table, recognise(table.cells.columns))
    return table, recognise(table.cells.columns)


def column(table: Table, found: dict[str, str], field: str) -> list[str]:
    """The cells of a field, as text."""
    return [str(cell).strip() for cell in table.cells[found[field]]]


def said(table: Table) -> str:
    """What the reader says of a table."""
    return " ".join(map(str, table.reading))


def warned(table: Table) -> str:
    """What a person should look at."""
    return " ".join(map(str, table.warnings))

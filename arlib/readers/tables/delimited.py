"""Text with separators, in any usual encoding, into a table of text cells."""

import csv
import re

import pandas as pd
import pyarrow as pa

from arlib.readers.headings import recognise
from arlib.readers.sources import refuse
from arlib.readers.sources.encodings import recognise_encoding
from arlib.readers.tables.by_arrow import Body, blank_rows, by_arrow, columns_of
from arlib.readers.tables.layout import LONGEST_LINE, Layout, end_of_line, layout_of, line_feeds, lines_of
from arlib.readers.tables.stated import as_of_stated
from arlib.readers.tables.table import Table, title_of
from arlib.words import say

Ragged = tuple[tuple[int, tuple[str, ...]], ...]

_SOMETHING = re.compile(rb"[^\s]")


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the encoding found: UTF-8 or 16, else Windows-1252 or ISO-8859-15."""
    text = recognise_encoding(content)
    return text.content.decode(text.codec, errors="replace"), text.encoding


def read_delimited(name: str, content: bytes, *, header: int | None = None, coded: bool = False) -> Table:
    """The table of a text; `header` is the place of the header among the rows that hold something, where known.

    `coded` makes columns whose cells repeat categories, which hold each distinct cell once: a third of the memory.
    Short lines are filled up; lines with more cells than the header are `Table.ragged`, except where the cells too
    many are empty.

    Raises:
        ArlibError: no row looks like a header, or none stands below it; a line without end, zeros inside the text,
            a quotation mark that swallows lines.
    """
    text = recognise_encoding(content)
    _refuse_no_text(name, text.content)
    lines = lines_of(text.content)
    layout = layout_of(name, lines, text.codec, header)
    start = end_of_line(lines, layout.below)
    if not _SOMETHING.search(lines, start):
        raise refuse(name, "read.no_rows")
    cells, ragged = _parse(Body(name, lines, start, text.codec, layout, coded))
    pa.default_memory_pool().release_unused()  # what parsing held: as much as the file, and needed by what follows
    if cells.empty and not ragged:
        raise refuse(name, "read.no_rows")
    shown = say("read.tab") if layout.separator == "\t" else layout.separator
    note = say("read.text", encoding=text.encoding, separator=shown, row=layout.below)
    found = recognise(layout.headings)
    dated = [cells[found[field]] for field in ("issued_on", "booked_on", "due_on") if field in found]
    stated_on, title = as_of_stated(layout.title, name, dated), title_of(layout.title)
    return Table(name, None, cells, (note,), text.warnings, ragged, stated_on, title, layout.header)


def _refuse_no_text(name: str, content: bytes) -> None:
    """A line longer than any table's, looked for in steps of that length; or zeros, which no text holds."""
    place = 0
    while len(content) - place > LONGEST_LINE:
        end = max(content.rfind(mark, place, place + LONGEST_LINE) for mark in (b"\n", b"\r"))
        if end < 0:
            raise refuse(name, "read.endless_line", row=content.count(b"\n", 0, place) + 1)
        place = end + 1
    zero = content.find(b"\0")
    if zero >= 0:
        raise refuse(name, "read.zeros", row=content.count(b"\n", 0, zero) + 1)


def _parse(body: Body) -> tuple[pd.DataFrame, Ragged]:
    """The cells below the header, all text, empty ones `""`; Arrow reads what stands a row a line, `csv` any other.

    Arrow counts rows: a line end within quotes, or of another kind, would misnumber all that follows.
    """
    uneven: list[tuple[int, str]] = []
    try:
        table = by_arrow(body, uneven)
    except (pa.ArrowInvalid, UnicodeDecodeError):  # quotation marks, or bytes, out of place
        return _by_csv(body)
    below, count = body.layout.below, table.num_rows + len(uneven)
    blank = blank_rows(table)
    if not _stands_a_row_a_line(body, count) or (len(blank) and b"\r\r\n" in body.lines):
        return _by_csv(body)
    index: pd.Index[int] = pd.RangeIndex(below + 1, below + 1 + count)
    index = index.delete([number - 1 for number, _ in uneven]) if uneven else index
    cells = pd.DataFrame(columns_of(table), index=index, copy=False)
    cells = cells.drop(index=index[blank]) if len(blank) else cells
    others = [(row, below + number) for number, text in uneven for row, _ in body.layout.records(text)]
    return _evened(body.layout, cells, others)


def _stands_a_row_a_line(body: Body, rows: int) -> bool:
    if not body.layout.quoted or body.lines.find(b'"', body.start) < 0:
        return True
    return rows == body.lines.count(b"\n", body.start) + (not body.lines.endswith(b"\n"))


def _by_csv(body: Body) -> tuple[pd.DataFrame, Ragged]:
    """Rows as the `csv` module reads them, in Python objects: several times slower, and never wrong by a line."""
    text = line_feeds(body.lines[body.start :]).decode(body.codec, errors="replace")
    layout, rows = body.layout, []
    try:
        for row, line in layout.records(text):
            number = layout.below + line - sum(cell.count("\n") for cell in row)
            if any("\n" in cell and layout.separator in cell for cell in row):
                raise refuse(body.name, "read.stray_quote", row=number)
            rows.append((row, number))
    except csv.Error as endless:  # a quotation mark that is never closed makes one cell of all that follows
        first = rows[-1][1] + 1 if rows else layout.below + 1
        raise refuse(body.name, "read.stray_quote", row=first) from endless
    return _evened(layout, pd.DataFrame(columns=layout.names, dtype="str"), rows)


def _evened(layout: Layout, cells: pd.DataFrame, rows: list[tuple[list[str], int]]) -> tuple[pd.DataFrame, Ragged]:
    """Cells and rows of any length as one table as wide as its header, and the rows that hold more than it."""
    width = len(layout.headings)
    if cells.shape[1] > width:  # most rows have cells beyond the header
        longer = cells.index[(cells.iloc[:, width:] != "").any(axis=1)]
        rows = rows + list(zip(cells.loc[longer].to_numpy().tolist(), longer.tolist(), strict=True))
        cells = cells.iloc[:, :width].drop(index=longer)
    ragged = tuple(sorted((row, tuple(line)) for line, row in rows if any(cell.strip() for cell in line[width:])))
    fit = [(line, row) for line, row in rows if not any(cell.strip() for cell in line[width:])]
    if fit:
        index = pd.Index([row for _, row in fit], dtype="int64")
        filled = [(line + [""] * width)[:width] for line, _ in fit]
        added = pd.DataFrame(filled, columns=layout.headings, index=index, dtype="str")
        cells = pd.concat([cells.astype("str"), added]).sort_index()
    nameless = [name for place, name in enumerate(layout.headings, 1) if name == f"({place})"]
    unused = [name for name in nameless if not cells[name].astype("str").str.strip().any()]
    return cells.drop(columns=unused) if unused else cells, ragged

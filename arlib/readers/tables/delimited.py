"""Text with separators, in any usual encoding, into a table of text cells."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from arlib.readers.headings import header_rows, recognise
from arlib.readers.sources import refuse
from arlib.readers.sources.encodings import recognise_encoding
from arlib.readers.tables.stated import as_of_stated
from arlib.readers.tables.table import LOOKED_AT, Table, first_cells, headings_of, title_of
from arlib.schema import Flags
from arlib.words import say

Ragged = tuple[tuple[int, tuple[str, ...]], ...]

_SEPARATORS = "\t;|,"
_LONGEST_LINE = 1 << 22  # bytes; 16,384 columns of 250 characters, beyond which it is no table
_BLOCK = 1 << 20  # bytes parsed at a time, small enough for the cache of a processor
_CODED_BLOCK = 1 << 22  # larger, for fewer lists of distinct cells to bring together
_HEAD = 4 * LOOKED_AT  # lines in which the header is looked for, blank ones counted
_HEADER_CELLS = 400  # in which a row shows whether it is the header, however wide the table
_MARKS = 100_000  # quotation marks by which a file shows whether it uses them
_SOMETHING = re.compile(rb"[^\s]")
_DIRECTIVE = re.compile(r'sep=([^\w"])', re.IGNORECASE)  # first line, by which Excel is told the separator


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the encoding found: UTF-8 or 16, else Windows-1252 or ISO-8859-15."""
    text = recognise_encoding(content)
    return text.content.decode(text.codec, errors="replace"), text.encoding


def read_delimited(name: str, content: bytes, *, header: int | None = None, coded: bool = False) -> Table:
    """The table of a text; `header` is the place of the header among the rows that hold something, where known.

    `coded` makes the columns categories, which hold each distinct cell once: a third of the memory where cells repeat.
    Short lines are filled up; lines with more cells than the header are `Table.ragged`, except where the cells too
    many are empty.

    Raises:
        ArlibError: no row looks like a header, or none stands below it; a line without end, zeros inside the text,
            a quotation mark that swallows lines.
    """
    text = recognise_encoding(content)
    _refuse_no_text(name, text.content)
    lines = _lines(text.content)
    layout = _layout(name, lines, text.codec, header)
    start = _end_of_line(lines, layout.below)
    if not _SOMETHING.search(lines, start):
        raise refuse(name, "read.no_rows")
    cells, ragged = _parse(_Body(name, lines, start, text.codec, layout, coded))
    pa.default_memory_pool().release_unused()  # what parsing held: as much as the file, and needed by what follows
    if cells.empty and not ragged:
        raise refuse(name, "read.no_rows")
    shown = say("read.tab") if layout.separator == "\t" else layout.separator
    note = say("read.text", encoding=text.encoding, separator=shown, row=layout.below)
    found = recognise(layout.headings)
    dated = [cells[found[field]] for field in ("issued_on", "booked_on", "due_on") if field in found]
    stated_on, title = as_of_stated(layout.title, name, dated), title_of(layout.title)
    return Table(name, None, cells, (note,), text.warnings, ragged, stated_on, title, layout.header)


@dataclass(frozen=True)
class _Layout:
    """How cells are told apart, their headings and the line these end on, the cells of most rows, the rows above."""

    separator: str
    quoted: bool
    headings: list[str]
    below: int
    width: int
    title: list[list[str]]
    header: int | None

    def records(self, text: str) -> Iterator[tuple[list[str], int]]:
        return _records(text, self.separator, quoted=self.quoted)


@dataclass(frozen=True)
class _Body:
    """The lines of a text below its header, from byte `start` on, and whether cells are read as codes."""

    name: str
    lines: bytes
    start: int
    codec: str
    layout: _Layout
    coded: bool


def _refuse_no_text(name: str, content: bytes) -> None:
    """A line longer than any table's, looked for in steps of that length; or zeros, which no text holds."""
    place = 0
    while len(content) - place > _LONGEST_LINE:
        end = max(content.rfind(mark, place, place + _LONGEST_LINE) for mark in (b"\n", b"\r"))
        if end < 0:
            raise refuse(name, "read.endless_line", row=content.count(b"\n", 0, place) + 1)
        place = end + 1
    zero = content.find(b"\0")
    if zero >= 0:
        raise refuse(name, "read.zeros", row=content.count(b"\n", 0, zero) + 1)


def _lines(content: bytes) -> bytes:
    """A text whose lines end in LF or CR LF; other line ends in use are made into these."""
    head = content[: 1 << 16]
    return _line_feeds(content) if b"\r" in head.replace(b"\r\n", b"").rstrip(b"\r") else content


def _line_feeds(content: bytes) -> bytes:
    return content.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _end_of_line(lines: bytes, count: int) -> int:
    """Where the line of this number ends."""
    place = 0
    for _ in range(count):
        place = lines.find(b"\n", place) + 1
        if not place:
            return len(lines)
    return place


def _layout(name: str, lines: bytes, codec: str, header: int | None) -> _Layout:
    """The layout that the first lines show."""
    text = _line_feeds(lines[: _end_of_line(lines, _HEAD)]).decode(codec, errors="replace")
    directive = _DIRECTIVE.fullmatch(text.partition("\n")[0].strip(' "'))
    separator = directive[1] if directive else _separator(text, known=header is not None)
    quoted = separator in ",;" or _is_quoted(lines, separator)
    try:
        head = list(islice(_records(text, separator, quoted=quoted), LOOKED_AT))[1 if directive else 0 :]
    except csv.Error as endless:  # a cell longer than 128 kB
        raise refuse(name, "read.endless_line", row=1) from endless
    rows = [row for row, _ in head]
    place = header_rows([row[:_HEADER_CELLS] for row in rows]) if header is None else (header, header)
    if place is None or place[1] >= len(rows):
        raise refuse(name, "read.no_header", found=first_cells(rows))
    first, last = place
    headings = headings_of(rows[first], rows[last] if last > first else None)
    usual = Counter(map(len, rows[last + 1 :])).most_common(1)
    width = max(len(headings), usual[0][0] if usual else 0)
    one_line = last == first and not any("\n" in cell for cell in rows[first])
    header = head[last][1] if one_line else None
    return _Layout(separator, quoted, headings, head[last][1], width, rows[:first], header)


def _separator(text: str, *, known: bool) -> str:
    """The separator under which a row reads as a header, and which most lines hold in equal number."""
    lines = [line for line in text.split("\n") if line.strip()][:LOOKED_AT]

    def votes(separator: str) -> tuple[int, int, int]:
        counts = Counter(count for line in lines if (count := line.count(separator))).most_common(1)
        count, same = counts[0] if counts else (0, 0)
        return (_headings(lines, separator) if count and not known else 0, same, count)

    return max(_SEPARATORS, key=votes)


def _headings(lines: Sequence[str], separator: str) -> int:
    """How many headings the best of these lines holds, where it holds two or more."""
    best = max(len(recognise(cell.strip('" ') for cell in line.split(separator)[:_HEADER_CELLS])) for line in lines)
    return best if best > 1 else 0


def _is_quoted(lines: bytes, separator: str) -> bool:
    """Whether a whole cell stands between quotation marks; otherwise these are inches and dittos."""
    mark = separator.encode()
    quoted = re.compile(rb'"[^"\n]*"(?:' + re.escape(mark) + rb"|\r?\n|\Z)")
    place = lines.find(b'"')
    for _ in range(_MARKS):
        if place < 0:
            break
        if lines[place - 1 : place] in (mark, b"\n") and quoted.match(lines, place):
            return True
        place = lines.find(b'"', place + 1)
    return False


def _records(text: str, separator: str, *, quoted: bool) -> Iterator[tuple[list[str], int]]:
    """The rows that hold something, each with the number of its last line."""
    reader = csv.reader(io.StringIO(text), delimiter=separator, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    for row in reader:
        if any(cell.strip() for cell in row):
            yield row, reader.line_num


def _parse(body: _Body) -> tuple[pd.DataFrame, Ragged]:
    """The cells below the header, all text, empty ones `""`; Arrow reads what stands a row a line, `csv` any other.

    Arrow counts rows: a line end within quotes, or of another kind, would misnumber all that follows.
    """
    uneven: list[tuple[int, str]] = []
    try:
        table = _by_arrow(body, uneven)
    except (pa.ArrowInvalid, UnicodeDecodeError):  # quotation marks, or bytes, out of place
        return _by_csv(body)
    below, count = body.layout.below, table.num_rows + len(uneven)
    blank = _blank_rows(table)
    if not _stands_a_row_a_line(body, count) or (len(blank) and b"\r\r\n" in body.lines):
        return _by_csv(body)
    index: pd.Index[int] = pd.RangeIndex(below + 1, below + 1 + count)
    index = index.delete([number - 1 for number, _ in uneven]) if uneven else index
    columns = {name: _column(table[name]) for name in table.column_names}
    cells = pd.DataFrame(columns, index=index, copy=False)
    cells = cells.drop(index=index[blank]) if len(blank) else cells
    others = [(row, below + number) for number, text in uneven for row, _ in body.layout.records(text)]
    return _evened(body.layout, cells, others)


def _column(cells: pa.ChunkedArray) -> Any:  # noqa: ANN401 - an array of pandas
    """A column of texts, or of categories, one list of distinct cells for all its parts."""
    if not pa.types.is_dictionary(cells.type):
        return pd.array(cells, dtype="str")
    whole = cells.combine_chunks()
    return pd.Categorical.from_codes(whole.indices.to_numpy(), pd.Index(whole.dictionary, dtype="str"), validate=False)


def _by_arrow(body: _Body, uneven: list[tuple[int, str]]) -> pa.Table:
    """The lines as cells; those of another length go to `uneven` with their place, counted from 1."""

    def keep(row: pyarrow.csv.InvalidRow) -> str:
        uneven.append((row.number, row.text))
        return "skip"

    try:
        return _arrow_table(body, None)
    except pa.ArrowInvalid:  # some are, or are longer than a block: read one after another, their places are known
        return _arrow_table(body, keep)


def _arrow_table(body: _Body, keep: "pyarrow.csv.InvalidRowHandler | None") -> pa.Table:
    layout = body.layout
    names, cells = _names(layout), pa.dictionary(pa.int32(), pa.string()) if body.coded else pa.large_string()
    return pyarrow.csv.read_csv(
        pa.BufferReader(pa.py_buffer(body.lines).slice(body.start)),
        read_options=pyarrow.csv.ReadOptions(
            column_names=names,
            block_size=2 * _LONGEST_LINE if keep else _CODED_BLOCK if body.coded else _BLOCK,
            encoding=body.codec,
            use_threads=keep is None,
        ),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=layout.separator,
            quote_char='"' if layout.quoted else False,
            ignore_empty_lines=False,
            invalid_row_handler=keep,
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, cells), strings_can_be_null=False, check_utf8=False
        ),
    )


def _names(layout: _Layout) -> list[str]:
    """The headings, and a name for each cell that most rows have beyond them."""
    return [*layout.headings, *(f"\0{place}" for place in range(len(layout.headings), layout.width))]


def _stands_a_row_a_line(body: _Body, rows: int) -> bool:
    if not body.layout.quoted or body.lines.find(b'"', body.start) < 0:
        return True
    return rows == body.lines.count(b"\n", body.start) + (not body.lines.endswith(b"\n"))


def _blank_rows(table: pa.Table) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Where no cell holds anything."""
    places = np.arange(table.num_rows)
    for name in table.column_names:
        if not len(places):
            break
        cells = table[name] if len(places) == table.num_rows else table[name].take(places)
        places = places[_blank(cells)]
    return places


def _blank(cells: pa.ChunkedArray) -> Flags:
    if pa.types.is_dictionary(cells.type):
        parts = (_blank(pa.chunked_array([part.dictionary]))[part.indices.to_numpy()] for part in cells.chunks)
        return np.concatenate([*parts, np.zeros(0, dtype=bool)])
    empty: Flags = pc.equal(pc.binary_length(cells), 0).to_numpy()
    if not empty.all():  # among those that hold something, the ones of white space alone
        held = np.flatnonzero(~empty)
        few = cells.take(held) if len(held) < len(cells) else cells
        empty[held] = pc.equal(pc.utf8_trim_whitespace(few), "").to_numpy()
    return empty


def _by_csv(body: _Body) -> tuple[pd.DataFrame, Ragged]:
    """Rows as the `csv` module reads them, in Python objects: several times slower, and never wrong by a line."""
    text = _line_feeds(body.lines[body.start :]).decode(body.codec, errors="replace")
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
    return _evened(layout, pd.DataFrame(columns=_names(layout), dtype="str"), rows)


def _evened(layout: _Layout, cells: pd.DataFrame, rows: list[tuple[list[str], int]]) -> tuple[pd.DataFrame, Ragged]:
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

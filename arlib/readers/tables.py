"""Tables as they stand in a file: cells as they came, under the headings found, each row with its number.

A text file and a sheet both become a `Table`; what its columns mean is not decided here.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv
from python_calamine import CalamineError, load_workbook

from arlib.errors import Place
from arlib.readers.headings import header_row, plain
from arlib.readers.sources import RawSource, refuse
from arlib.words import Sentence, say

_SEPARATORS = "\t;|,"
_LOOKED_AT = 60  # lines or rows in which a header is looked for


@dataclass(frozen=True, eq=False)
class Table:
    """Cells under headings: `cells` has one column a heading, and a row number in the file as its index."""

    name: str
    sheet: str | None
    cells: pd.DataFrame
    reading: tuple[Sentence, ...] = field(default=())

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """Where a cell of this table stands."""
        return Place(self.name, self.sheet, row, column)


def read_table(raw: RawSource, sheet: str | None = None, *, header: int | None = None) -> Table:
    """The table of a file: the whole text, the sheet named, or the sheet whose headings say most.

    `header` is the place of the header row in a text, where the format fixes it; else it is looked for.

    Raises:
        ArlibError: no row looks like a header, the sheet does not exist, the file is damaged.
    """
    if raw.format == "frame" and isinstance(raw.content, pd.DataFrame):
        cells = raw.content.set_axis([str(heading) for heading in raw.content], axis=1)
        return Table(raw.name, None, cells.set_axis(range(1, len(cells) + 1)))
    if not isinstance(raw.content, bytes):
        raise TypeError(raw.format)
    if raw.format == "parquet":
        return _parquet(raw.name, raw.content)
    if raw.format == "workbook":
        return _workbook(raw.name, raw.content, sheet)
    return _text(raw.name, raw.content, header)


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the encoding found: UTF-8 or 16, else Windows-1252 or ISO-8859-15."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16"), "UTF-16"
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    # The two differ by the euro sign and by 0x80-0x9f, which are letters only in the Windows page.
    if re.search(rb"[\x80-\x9f]", content):
        return content.decode("cp1252", errors="replace"), "Windows-1252"
    return content.decode("iso8859-15"), "ISO-8859-15"


def _text(name: str, content: bytes, header: int | None) -> Table:
    text, encoding = decode(content)
    text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    head = text.split("\n", _LOOKED_AT)[:_LOOKED_AT]
    separator = _separator(head)
    rows = [next(csv.reader([line], delimiter=separator), []) for line in head]
    start = header_row(rows) if header is None else header
    if start is None:
        raise refuse(name, "read.no_header", found=_quoted(next((row for row in rows if any(row)), [])))
    cells = _parse(name, text, separator, start)
    shown = {"\t": say("read.tab"), " ": say("read.space")}.get(separator, separator)
    return Table(name, None, cells, (say("read.text", encoding=encoding, separator=shown, row=start + 1),))


def _separator(lines: Sequence[str]) -> str:
    """The separator that most lines hold in equal number."""

    def votes(separator: str) -> tuple[int, int]:
        counts = [line.count(separator) for line in lines if line.strip()]
        usual = max(set(counts), key=counts.count) if any(counts) else 0
        return (counts.count(usual) if usual else 0, usual)

    return max(_SEPARATORS, key=votes)


def _parse(name: str, text: str, separator: str, start: int) -> pd.DataFrame:
    """The cells below the header, all text, empty ones `""`; Arrow reads a regular file, `csv` any other."""
    lines = text.split("\n", start + 1)
    quoted = '"' in lines[start] or separator in ",;"
    headings = _headings(next(csv.reader([lines[start]], delimiter=separator)))
    body = lines[start + 1] if len(lines) > start + 1 else ""
    if not body.strip():
        raise refuse(name, "read.no_rows")
    quoted = quoted and '"' in body
    if "\n\n" not in body.rstrip("\n"):  # Arrow would not count a blank line, and rows would be misnumbered
        try:
            return _regular(body, separator, headings, start, quoted=quoted)
        except pa.ArrowInvalid:  # rows of unequal length, or a line end within quotes
            pass
    return _irregular(name, body, separator, headings, start, quoted=quoted)


def _regular(body: str, separator: str, headings: Sequence[str], start: int, *, quoted: bool) -> pd.DataFrame:
    table = pyarrow.csv.read_csv(
        io.BytesIO(body.encode()),
        read_options=pyarrow.csv.ReadOptions(column_names=headings, block_size=1 << 24),
        parse_options=pyarrow.csv.ParseOptions(delimiter=separator, quote_char='"' if quoted else False),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(headings, pa.string()), strings_can_be_null=False
        ),
    )
    cells: pd.DataFrame = table.to_pandas()
    return cells.astype("str").set_axis(range(start + 2, start + 2 + len(cells)))


def _irregular(
    name: str, body: str, separator: str, headings: Sequence[str], start: int, *, quoted: bool
) -> pd.DataFrame:
    """Rows as the `csv` module reads them: short ones filled up, empty cells past the header dropped."""
    reader = csv.reader(io.StringIO(body), delimiter=separator, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    width, rows, numbers = len(headings), [], []
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        if any(cell.strip() for cell in row[width:]):
            raise refuse(name, "read.long_row", row=start + 1 + reader.line_num, cells=len(row), width=width)
        rows.append((row + [""] * width)[:width])
        numbers.append(start + 1 + reader.line_num)
    return pd.DataFrame(rows, columns=list(headings), index=numbers, dtype="str")


def _workbook(name: str, content: bytes, sheet: str | None) -> Table:
    try:
        book = load_workbook(io.BytesIO(content))
    except (CalamineError, ValueError, OSError) as damaged:
        raise refuse(name, "read.damaged_workbook") from damaged
    if sheet is not None and sheet not in book.sheet_names:
        raise refuse(name, "read.no_sheet", sheet=sheet, sheets=", ".join(book.sheet_names))
    grids = {
        title: book.get_sheet_by_name(title).to_python(skip_empty_area=False)
        for title in ([sheet] if sheet else book.sheet_names)
    }
    starts = {title: header_row(grid[:_LOOKED_AT]) for title, grid in grids.items()}
    candidates = [title for title in grids if starts[title] is not None]
    if not candidates:
        first = next(iter(grids))
        found = next((row for row in grids[first] if any(cell != "" for cell in row)), [])
        raise refuse(name, "read.no_header_sheet", sheet=first, found=_quoted(found))
    # A sheet of figures has more filled rows under its headings than a pivot or a note beside it.
    title = max(candidates, key=lambda each: len(grids[each]))
    start = starts[title] or 0
    return Table(name, title, _sheet_cells(grids[title], start), (say("read.sheet", sheet=title, row=start + 1),))


def _sheet_cells(grid: Sequence[Sequence[Any]], start: int) -> pd.DataFrame:
    body = {number: row for number, row in enumerate(grid[start + 1 :], start + 2) if any(cell != "" for cell in row)}
    return pd.DataFrame(
        list(body.values()), columns=_headings(grid[start]), index=pd.Index(list(body), dtype="int64"), dtype="object"
    )


def _parquet(name: str, content: bytes) -> Table:
    try:
        cells = pd.read_parquet(io.BytesIO(content))
    except (pa.ArrowInvalid, OSError) as damaged:
        raise refuse(name, "read.damaged_parquet") from damaged
    return Table(name, None, cells.set_axis(range(1, len(cells) + 1)))


def _headings(row: Sequence[Any]) -> list[str]:
    """Headings as written, made distinct; a column without one is named by its place."""
    names: list[str] = []
    for place, cell in enumerate(row, 1):
        name = " ".join(str(cell).split()) if plain(str(cell)) else f"({place})"
        names.append(name if name not in names else f"{name} ({place})")
    return names


def _quoted(cells: Sequence[Any]) -> str:
    return ", ".join(str(cell) for cell in list(cells)[:8] if str(cell).strip()) or "–"

"""Text with separators, in any usual encoding, into a table of text cells."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from arlib.readers.headings import header_row
from arlib.readers.sources import refuse
from arlib.readers.table import LOOKED_AT, Table, first_cells, headings_of
from arlib.words import say

_SEPARATORS = "\t;|,"


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the encoding found: UTF-8 or 16, else Windows-1252 or ISO-8859-15."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), "UTF-16"
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    # The two differ by the euro sign and by 0x80-0x9f, which are letters only in the Windows page.
    if re.search(rb"[\x80-\x9f]", content):
        return content.decode("cp1252", errors="replace"), "Windows-1252"
    return content.decode("iso8859-15"), "ISO-8859-15"


def read_delimited(name: str, content: bytes, *, header: int | None = None) -> Table:
    """The table of a text; `header` is the place of the header among the rows that hold something, where known."""
    text, encoding = decode(content)
    text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    separator = _separator(text.split("\n", LOOKED_AT)[:LOOKED_AT])
    mark = re.escape(separator)
    quoted = separator in ",;" or re.search(rf'(?:^|{mark})"[^"\n]*"(?:{mark}|$)', text, re.MULTILINE) is not None
    head = list(islice(_records(text, separator, quoted=quoted), LOOKED_AT))
    rows = [row for row, _ in head]
    start = header_row(rows) if header is None else header
    if start is None or start >= len(rows):
        raise refuse(name, "read.no_header", found=first_cells(rows))
    headings, below = headings_of(rows[start]), head[start][1]
    body = text.split("\n", below)[below:]
    if not body or not body[0].strip():
        raise refuse(name, "read.no_rows")
    cells = _parse(name, body[0], separator, headings, below, quoted=quoted and '"' in body[0])
    shown = say("read.tab") if separator == "\t" else separator
    return Table(name, None, cells, (say("read.text", encoding=encoding, separator=shown, row=below),))


def _separator(lines: Sequence[str]) -> str:
    """The separator that most lines hold in equal number."""

    def votes(separator: str) -> tuple[int, int]:
        counts = [line.count(separator) for line in lines if line.strip()]
        usual = max(set(counts), key=counts.count) if any(counts) else 0
        return (counts.count(usual) if usual else 0, usual)

    return max(_SEPARATORS, key=votes)


def _records(text: str, separator: str, *, quoted: bool) -> Iterator[tuple[list[str], int]]:
    """The rows that hold something, each with the number of its last line."""
    reader = csv.reader(io.StringIO(text), delimiter=separator, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    for row in reader:
        if any(cell.strip() for cell in row):
            yield row, reader.line_num


def _parse(name: str, body: str, separator: str, headings: list[str], below: int, *, quoted: bool) -> pd.DataFrame:
    """The cells below the header, all text, empty ones `""`; Arrow reads a regular file, `csv` any other.

    Arrow counts rows, not lines: a blank line, or a line end within quotes, would misnumber all that follows.
    """
    lines = body.rstrip("\n").count("\n") + 1
    if "\n\n" not in body.rstrip("\n"):
        try:
            cells = _regular(body, separator, headings, below, quoted=quoted)
        except pa.ArrowInvalid:  # rows of unequal length
            cells = pd.DataFrame()
        if len(cells) == lines:
            return cells
    return _irregular(name, body, separator, headings, below, quoted=quoted)


def _regular(body: str, separator: str, headings: list[str], below: int, *, quoted: bool) -> pd.DataFrame:
    table = pyarrow.csv.read_csv(
        io.BytesIO(body.encode()),
        read_options=pyarrow.csv.ReadOptions(column_names=headings, block_size=1 << 24),
        parse_options=pyarrow.csv.ParseOptions(delimiter=separator, quote_char='"' if quoted else False),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(headings, pa.string()), strings_can_be_null=False
        ),
    )
    cells: pd.DataFrame = table.to_pandas()
    return cells.astype("str").set_axis(range(below + 1, below + 1 + len(cells)))


def _irregular(name: str, body: str, separator: str, headings: list[str], below: int, *, quoted: bool) -> pd.DataFrame:
    """Rows as the `csv` module reads them: short ones filled up, empty cells past the header dropped."""
    width, rows, numbers = len(headings), [], []
    for row, line in _records(body, separator, quoted=quoted):
        number = below + line - sum(cell.count("\n") for cell in row)
        if any(cell.strip() for cell in row[width:]):
            key = "read.long_row" if separator in ",;" else "read.long_row_tab"
            raise refuse(name, key, row=number, cells=len(row), width=width)
        if any("\n" in cell and separator in cell for cell in row):
            raise refuse(name, "read.stray_quote", row=number)
        rows.append((row + [""] * width)[:width])
        numbers.append(number)
    return pd.DataFrame(rows, columns=headings, index=numbers, dtype="str")

"""How a text is laid out: its line ends, its separator, its quotation marks, its headings, by its first lines."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from arlib.readers.headings import header_rows, recognise
from arlib.readers.sources import refuse
from arlib.readers.tables.table import LOOKED_AT, first_cells, headings_of

LONGEST_LINE = 1 << 22  # bytes; 16,384 columns of 250 characters, beyond which it is no table
_SEPARATORS = "\t;|,"
_HEAD = 4 * LOOKED_AT  # lines in which the header is looked for, blank ones counted
_HEADER_CELLS = 400  # in which a row shows whether it is the header, however wide the table
_MARKS = 100_000  # quotation marks by which a file shows whether it uses them
_DIRECTIVE = re.compile(r'sep=([^\w"])', re.IGNORECASE)  # first line, by which Excel is told the separator


@dataclass(frozen=True)
class Layout:
    """How cells are told apart, their headings and the line these end on, the cells of most rows, the rows above."""

    separator: str
    quoted: bool
    headings: list[str]
    below: int
    width: int
    title: list[list[str]]
    header: int | None

    @property
    def names(self) -> list[str]:
        """The headings, and a name for each cell that most rows have beyond them."""
        return [*self.headings, *(f"\0{place}" for place in range(len(self.headings), self.width))]

    def records(self, text: str) -> Iterator[tuple[list[str], int]]:
        """The rows of a text that hold something, each with the number of its last line."""
        return _records(text, self.separator, quoted=self.quoted)


def lines_of(content: bytes) -> bytes:
    """A text whose lines end in LF or CR LF; other line ends in use are made into these."""
    head = content[: 1 << 16]
    return line_feeds(content) if b"\r" in head.replace(b"\r\n", b"").rstrip(b"\r") else content


def line_feeds(content: bytes) -> bytes:
    """A text whose lines all end in LF."""
    return content.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def end_of_line(lines: bytes, count: int) -> int:
    """Where the line of this number ends."""
    place = 0
    for _ in range(count):
        place = lines.find(b"\n", place) + 1
        if not place:
            return len(lines)
    return place


def layout_of(name: str, lines: bytes, codec: str, header: int | None) -> Layout:
    """The layout that the first lines show."""
    text = line_feeds(lines[: end_of_line(lines, _HEAD)]).decode(codec, errors="replace")
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
    return Layout(separator, quoted, headings, head[last][1], width, rows[:first], header)


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

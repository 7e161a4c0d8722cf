"""Workbooks written as text, whatever their extension: HTML tables that old software calls .xls, SpreadsheetML 2003."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from arlib.readers.sources import refuse
from arlib.readers.sources.encodings import recognise_encoding
from arlib.readers.sources.xml import local, parse_xml

Grid = Sequence[Sequence[Any]]

_WIDEST = 16_384  # columns of a sheet
_LONGEST = 1_048_576  # rows


def is_markup(content: bytes) -> bool:
    """Whether a workbook is written as HTML or XML, and not packed."""
    return content[:512].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def markup_grids(name: str, content: bytes) -> Mapping[str, Grid]:
    """The sheets of SpreadsheetML, or the tables of an HTML document, each numbered.

    Raises:
        ArlibError: the document holds no table, or is damaged.
    """
    grids = _spreadsheet(name, content) if b"urn:schemas-microsoft-com:office:spreadsheet" in content[:8192] else {}
    if not grids:
        text = recognise_encoding(content)
        tables = _Tables()
        tables.feed(text.content.decode(text.codec, errors="replace"))
        tables.close()
        grids = {str(number): grid for number, grid in enumerate(tables.grids, 1) if grid}
    if not grids:
        raise refuse(name, "read.no_markup_table")
    return grids


class _Tables(HTMLParser):
    """The cells of every table of a document; a cell that spans several is its first, and empty in the others."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.grids: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._spans: dict[int, int] = {}  # rows that the cell above still covers, by column
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens a table, a row or a cell."""
        if tag == "table":
            self.grids.append([])
            self._open.append(self.grids[-1])
            self._spans = {}
        elif tag == "tr" and self._open:
            self._open[-1].append([])
            self._covered()
        elif tag in ("td", "th") and self._open:
            self._cell({name: value or "" for name, value in attrs})
        elif tag == "br" and self._in_cell:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        """Closes a cell or a table."""
        self._in_cell = self._in_cell and tag not in ("td", "th", "tr", "table")
        if tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Adds to the cell that is open."""
        if self._in_cell and self._open and self._open[-1] and self._open[-1][-1]:
            row = self._open[-1][-1]
            row[self._place] += data

    def _cell(self, attributes: Mapping[str, str]) -> None:
        if not self._open[-1]:
            self._open[-1].append([])
        row = self._open[-1][-1]
        across, down = (_count(attributes.get(name, "")) for name in ("colspan", "rowspan"))
        self._place, self._in_cell = len(row), True
        for place in range(len(row), min(len(row) + across, _WIDEST)):
            row.append("")
            if down > 1:
                self._spans[place] = down - 1
        self._covered()

    def _covered(self) -> None:
        """Leaves empty what a cell of a row above covers."""
        row = self._open[-1][-1]
        while self._spans.get(len(row), 0) > 0:
            self._spans[len(row)] -= 1
            row.append("")

    _place = 0


def _count(written: str) -> int:
    return min(int(written), _WIDEST) if written.isascii() and written.isdigit() and written.strip("0") else 1


def _spreadsheet(name: str, content: bytes) -> dict[str, Grid]:
    """The sheets of SpreadsheetML, its numbers as numbers and its dates as dates."""
    sheets: dict[str, Grid] = {}
    for sheet in parse_xml(name, content):
        if local(sheet) == "Worksheet":
            rows: list[list[Any]] = []
            for row in (row for table in sheet if local(table) == "Table" for row in table if local(row) == "Row"):
                start = _place(name, row, len(rows), _LONGEST)
                rows += [[] for _ in range(start - len(rows))]
                rows.append(_cells(name, row))
            sheets[_attribute(sheet, "Name") or str(len(sheets) + 1)] = rows
    return sheets


def _cells(name: str, row: Any) -> list[Any]:  # noqa: ANN401 - an element, whose type the standard library hides
    cells: list[Any] = []
    for cell in (cell for cell in row if local(cell) == "Cell"):
        cells += [""] * (_place(name, cell, len(cells), _WIDEST) - len(cells))
        value = next((_value(child) for child in cell if local(child) == "Data"), "")
        cells += [value, *[""] * (_count(_attribute(cell, "MergeAcross")) if _attribute(cell, "MergeAcross") else 0)]
    return cells


def _place(name: str, element: Any, following: int, most: int) -> int:  # noqa: ANN401
    """Where a row or a cell stands, from 0: by its index, or after the one before."""
    index = _attribute(element, "Index")
    if not index:
        return following
    if not (index.isascii() and index.isdigit()) or not following < int(index[:9]) <= most:
        raise refuse(name, "read.damaged_workbook")
    return int(index) - 1


def _value(data: Any) -> Any:  # noqa: ANN401
    text = "".join(data.itertext())
    try:
        match _attribute(data, "Type"):
            case "Number":
                return float(text)
            case "DateTime":
                return datetime.fromisoformat(text)
            case _:
                return text
    except ValueError:
        return text


def _attribute(element: Any, name: str) -> str:  # noqa: ANN401
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")

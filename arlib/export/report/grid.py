"""The house's own HTML tables read back as cells, so that what is printed is what is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from arlib.show.tables import Html

_CELLS = frozenset({"td", "th"})
_LEFT_OUT = "details"  # what opens on a screen only
_LINE = 32  # letters of a text after which it goes on in the next line


@dataclass(frozen=True)
class Cell:
    """One cell: its lines, those below the first in small letters; how wide, whether figures, whether a heading."""

    lines: tuple[str, ...]
    span: int = 1
    figure: bool = False
    heading: bool = False
    greyed: bool = False


@dataclass(frozen=True)
class Line:
    """A row of cells; `kind` is total, note or empty."""

    cells: tuple[Cell, ...]
    kind: str = ""


@dataclass(frozen=True)
class Grid:
    """A table as cells; each row is as wide as there are `columns`."""

    caption: str
    columns: int
    head: tuple[Cell, ...]
    lines: tuple[Line, ...]

    @property
    def letters(self) -> tuple[int, ...]:
        """How many letters each column asks for: figures whole, headings a word a line, texts up to a few words."""
        widths = [max(map(len, cell.lines[0].split()), default=1) for cell in self.head if cell.span == 1]
        widths += [1] * (self.columns - len(widths))
        for line in self.lines:
            if len(line.cells) == self.columns:
                asked = (max(map(len, cell.lines)) if cell.figure else _asked(cell) for cell in line.cells)
                widths = [max(pair) for pair in zip(widths, asked, strict=True)]
        return tuple(widths)


def grid_of(table: Html) -> Grid:
    """The cells of a table of `arlib.show.tables`."""
    reader = _Reader()
    reader.feed(table)
    reader.close()
    whole = [reader.head, *(line.cells for line in reader.lines)]
    columns = max((_width(cells) for cells in whole), default=0)
    lines = tuple(Line(_filled(line.cells, columns), line.kind) for line in reader.lines)
    return Grid(reader.caption.strip(), columns, _filled(reader.head, columns), lines)


def _asked(cell: Cell) -> int:
    """How wide a text would like to be: whole where it is short, a good line where it is long."""
    return min(max(map(len, cell.lines)), _LINE)


def _width(cells: tuple[Cell, ...]) -> int:
    return sum(cell.span for cell in cells)


def _filled(cells: tuple[Cell, ...], columns: int) -> tuple[Cell, ...]:
    """A row as wide as its table: a browser leaves the cells that are missing empty."""
    left = columns - _width(cells)
    return (*cells, Cell(("",), span=left)) if left else cells


@dataclass
class _Open:
    """A cell being read."""

    attributes: Mapping[str, str | None]
    heading: bool
    lines: list[str] = field(default_factory=lambda: [""])

    def cell(self) -> Cell:
        given = self.attributes
        lines = tuple(line for line in (" ".join(each.split(" ")).strip() for each in self.lines) if line)
        return Cell(
            lines or ("",),
            int(given.get("colspan") or 1),
            "figure" in (given.get("class") or ""),
            self.heading,
            "background" in (given.get("style") or ""),
        )


class _Reader(HTMLParser):
    """Knows the few elements the tables of the house are made of."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.caption = ""
        self.head: tuple[Cell, ...] = ()
        self.lines: list[Line] = []
        self._part, self._kind, self._skipped = "", "", 0
        self._cell: _Open | None = None
        self._row: list[Cell] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        given = dict(attrs)
        if tag == _LEFT_OUT:
            self._skipped += 1
        elif tag in {"caption", "thead", "tbody", "tfoot"}:
            self._part = tag
        elif tag == "tr":
            self._row, self._kind = [], (given.get("class") or "").removeprefix("is-")
        elif tag in _CELLS:
            self._cell = _Open(given, heading=tag == "th")
        elif tag == "br" and self._cell is not None:
            self._cell.lines.append("")

    def handle_data(self, data: str) -> None:
        if self._skipped:
            return
        if self._cell is not None:
            self._cell.lines[-1] += data
        elif self._part == "caption":
            self.caption += data

    def handle_endtag(self, tag: str) -> None:
        if tag == _LEFT_OUT:
            self._skipped -= 1
        elif tag in _CELLS and self._cell is not None:
            self._row.append(self._cell.cell())
            self._cell = None
        elif tag == "tr":
            self._end_row()

    def _end_row(self) -> None:
        if self._part == "thead":
            self.head = tuple(self._row)
        else:
            self.lines.append(Line(tuple(self._row), "total" if self._part == "tfoot" else self._kind))

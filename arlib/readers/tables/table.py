"""A table as it stands in a file: cells as they came, under the headings found, each row with its number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from arlib.errors import Place
from arlib.readers.headings import joined, plain
from arlib.words import Sentence

LOOKED_AT = 60  # rows in which a header is looked for


@dataclass(frozen=True, eq=False)
class Table:
    """Cells under headings: `cells` has one column a heading, and a row number in the file as its index.

    `ragged` are the lines with more cells than there are headings, left out of `cells`: row number, cells.
    `stated_on` is the day the list says it is of, in its title block or in the name of its sheet or file; `title` are
    the rows of that block that hold something, without their empty cells. `header` is the row of the headings in the
    file, where they take one. `decimal` is the decimal mark of its amounts, where that is known.
    """

    name: str
    sheet: str | None
    cells: pd.DataFrame
    reading: tuple[Sentence, ...] = ()
    warnings: tuple[Sentence, ...] = ()
    ragged: tuple[tuple[int, tuple[str, ...]], ...] = ()
    stated_on: pd.Timestamp | None = None
    title: tuple[tuple[str, ...], ...] = ()
    header: int | None = None
    decimal: str | None = None

    @property
    def likely_mark(self) -> str | None:
        """The decimal mark that goes with the separator of a text: where it is `;`, the comma is taken by decimals."""
        separator = next((note.values.get("separator") for note in self.reading if note.key == "read.text"), None)
        return {";": ",", ",": "."}.get(str(separator))

    def let_go(self) -> None:
        """Forgets the cells, once they have been read: a large table need not be held twice."""
        object.__setattr__(self, "cells", self.cells.iloc[:, :0])

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """Where a cell of this table stands."""
        return Place(self.name, self.sheet, row, column)


def title_of(rows: Sequence[Sequence[Any]]) -> tuple[tuple[str, ...], ...]:
    """The rows above the headings that hold something, as texts, without their empty cells."""
    return tuple(filter(None, map(shown, rows)))


def shown(row: Iterable[Any]) -> tuple[str, ...]:
    """The cells of a row that hold something, as texts."""
    return tuple(text for cell in row if (text := _written(cell)))


def _written(cell: Any) -> str:  # noqa: ANN401 - any cell
    """A cell as text; a whole number, such as an account, without decimals."""
    whole = isinstance(cell, float) and cell.is_integer()
    return "" if cell is None else " ".join((f"{cell:.0f}" if whole else str(cell)).split())


def headings_of(row: Sequence[Any], below: Sequence[Any] | None = None) -> list[str]:
    """Headings as written, over one row or two, made distinct; a column without one is named by its place."""
    names: dict[str, None] = {}
    for place, cell in enumerate(row if below is None else joined(row, below), 1):
        name = " ".join(str(cell).split()) if _says_something(str(cell)) else f"({place})"
        names[name if name not in names else f"{name} ({place})"] = None
    return list(names)


def _says_something(cell: str) -> bool:
    return plain(cell) != "" or any(letter.isalnum() for letter in cell)


def first_cells(rows: Sequence[Sequence[Any]]) -> str:
    """The first cells of the first row that is not empty, to show what was found instead of a header."""
    row = next((row for row in rows if any(str(cell).strip() for cell in row)), [])
    return ", ".join(str(cell) for cell in list(row)[:8] if str(cell).strip()) or "–"

"""A table as it stands in a file: cells as they came, under the headings found, each row with its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from arlib.errors import Place
from arlib.readers.headings import plain
from arlib.words import Sentence

LOOKED_AT = 60  # rows in which a header is looked for


@dataclass(frozen=True, eq=False)
class Table:
    """Cells under headings: `cells` has one column a heading, and a row number in the file as its index.

    `ragged` are the lines with more cells than there are headings, left out of `cells`: row number, cells.
    """

    name: str
    sheet: str | None
    cells: pd.DataFrame
    reading: tuple[Sentence, ...] = ()
    warnings: tuple[Sentence, ...] = ()
    ragged: tuple[tuple[int, tuple[str, ...]], ...] = ()

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """Where a cell of this table stands."""
        return Place(self.name, self.sheet, row, column)


def headings_of(row: Sequence[Any]) -> list[str]:
    """Headings as written, made distinct; a column without one is named by its place."""
    names: list[str] = []
    for place, cell in enumerate(row, 1):
        name = " ".join(str(cell).split()) if plain(str(cell)) else f"({place})"
        names.append(name if name not in names else f"{name} ({place})")
    return names


def first_cells(rows: Sequence[Sequence[Any]]) -> str:
    """The first cells of the first row that is not empty, to show what was found instead of a header."""
    row = next((row for row in rows if any(str(cell).strip() for cell in row)), [])
    return ", ".join(str(cell) for cell in list(row)[:8] if str(cell).strip()) or "–"

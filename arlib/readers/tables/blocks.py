"""Where a table stands in a sheet: its headings, the columns it has for itself, and what stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from arlib.readers.headings import meaning, recognise
from arlib.readers.headings.ages import age_bands
from arlib.readers.tables.table import headings_of
from arlib.words import Sentence, say

Grid = Sequence[Sequence[Any]]

_SHOWN = 6  # headings of a table that was not read
_LOOKED_AT = 200  # rows in which a column between two tables shows that it is empty


@dataclass(frozen=True)
class Block:
    """One table of a sheet: rows of its headings, its columns, their headings, and what was left beside it."""

    first: int
    last: int
    columns: range
    headings: tuple[str, ...]
    found: dict[str, str]
    beside: tuple[Sentence, ...] = ()


def find_block(grid: Grid, header: tuple[int, int]) -> Block:
    """The table whose headings stand on these rows; of several side by side the one that says most, then the first.

    Another table begins after an empty column where headings come again that the first one has: a customer, an
    amount. A person is told of it, and only one is read.
    """
    first, last = header
    names = headings_of(grid[first], grid[last] if last > first else None)
    blocks = [_block(header, names, columns) for columns in _apart(names, _runs(grid, first, len(names)))]
    best = max(blocks, key=lambda block: (_says(block), -block.columns.start))
    others = [block for block in blocks if block is not best]
    beside = tuple(say("layout.beside", row=first + 1, headings=", ".join(block.headings[:_SHOWN])) for block in others)
    return Block(first, last, best.columns, best.headings, best.found, beside)


def _block(header: tuple[int, int], names: list[str], columns: range) -> Block:
    headings = tuple(names[place] for place in columns)
    return Block(*header, columns, headings, recognise(headings))


def _apart(names: list[str], runs: Sequence[Sequence[int]]) -> list[range]:
    """The columns of each table, from runs of columns that hold something: up to where the next one begins."""
    starts, known = [0], set[str]()
    for run in runs:
        again = _fields(names, run)
        if len(again) > 1 and known & again:
            starts.append(run[0])
            known = set()
        known |= again
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(names)], strict=True)]


def _fields(names: list[str], columns: Sequence[int]) -> set[str]:
    """What columns mean, whatever their words: "N° facture" and "Facture" are one field."""
    return {found[1] for place in columns if (found := meaning(names[place].rpartition(" (")[0] or names[place]))}


def _says(block: Block) -> int:
    return len(block.found) + len(age_bands(block.headings))


def _runs(grid: Grid, first: int, columns: int) -> list[list[int]]:
    """Columns that hold something from the headings down, in runs without an empty column between them."""
    top = [row for row in grid[first : first + _LOOKED_AT] if any(map(_filled, row))]
    runs: list[list[int]] = [[]]
    for place in range(columns):
        if any(place < len(row) and _filled(row[place]) for row in top):
            runs[-1].append(place)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _filled(cell: Any) -> bool:  # noqa: ANN401 - any cell
    return cell not in ("", None)


def body_of(grid: Grid, block: Block) -> tuple[pd.DataFrame, list[Sentence]]:
    """The cells below the headings of a table, rows that hold something, by their number; and what was moved.

    A heading over merged cells stands in the first of them while its values may stand in another: it goes where they
    are.
    """
    start = block.last + 1
    frame = pd.DataFrame(list(grid[start:]), index=range(start + 1, len(grid) + 1), dtype="object")
    cells = frame.reindex(columns=list(block.columns)).astype("object").fillna("")
    filled = cells != ""
    counts = filled.sum().tolist()
    headings = list(block.headings)
    unnamed = [heading == f"({column + 1})" for heading, column in zip(headings, block.columns, strict=True)]
    moved = _over_their_cells(headings, unnamed, counts)
    for place, fullest in moved.items():
        headings[fullest], unnamed[place] = headings[place], True
    kept = [place for place, count in enumerate(counts) if count or not unnamed[place]]
    below = cells.loc[filled.any(axis=1)].iloc[:, kept].set_axis([headings[place] for place in kept], axis=1)
    notes = [say("layout.moved", headings=", ".join(block.headings[place] for place in moved))] if moved else []
    return below, notes


def _over_their_cells(headings: Sequence[str], unnamed: Sequence[bool], counts: Sequence[int]) -> dict[int, int]:
    """Which heading over an empty column belongs to which of the columns without heading that follow it."""
    moved = {}
    for place in range(len(headings)):
        end = next((after for after in range(place + 1, len(headings)) if not unnamed[after]), len(headings))
        fullest = max(range(place, end), key=lambda each: counts[each])
        if not unnamed[place] and not counts[place] and counts[fullest]:
            moved[place] = fullest
    return moved

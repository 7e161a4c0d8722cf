"""A report as a value: what it says, block by block, and where each of its figures comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from arlib.show.look import Drawing
from arlib.show.tables import Html
from arlib.words import Language

TextKind = Literal["finding", "missing", "note"]


@dataclass(frozen=True)
class Text:
    """A sentence, and the figures of the appendix it rests on.

    Attributes:
        text: in the report's language.
        figures: keys of those figures.
        kind: a finding, why something is missing, or a note in small letters.
    """

    text: str
    figures: tuple[str, ...] = ()
    kind: TextKind = "finding"


@dataclass(frozen=True)
class Points:
    """Sentences as a list."""

    lines: tuple[Text, ...]


@dataclass(frozen=True)
class Tile:
    """A key figure to see first: its name, itself, what is under it; `worse` where it moved the wrong way."""

    label: str
    written: str
    under: tuple[str, ...]
    figure: str
    worse: bool = False


@dataclass(frozen=True)
class Tiles:
    """Key figures side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A chart, the call that gave what it draws, and how wide it is drawn, in pixels."""

    chart: Drawing
    call: str = ""
    width: int = 860


@dataclass(frozen=True)
class Listed:
    """A table, and the call that gave it."""

    table: Html
    call: str = ""


@dataclass(frozen=True)
class Decision:
    """What is proposed: in which act, a title, the money at stake, what it is, and its figure."""

    act: str
    title: str
    amount: float
    written: str
    text: str
    figure: str


@dataclass(frozen=True)
class Decisions:
    """What is proposed to whoever decides."""

    decisions: tuple[Decision, ...]


Plain = Text | Points | Tiles | Drawn | Listed | Decisions


@dataclass(frozen=True)
class Column:
    """Blocks one below the other, beside other columns."""

    blocks: tuple[Plain, ...]


@dataclass(frozen=True)
class Row:
    """Columns side by side."""

    columns: tuple[Column, ...]


Block = Plain | Row


@dataclass(frozen=True)
class Section:
    """A question and its answer."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Part:
    """An act of the audit, or an appendix: what it is for, and its sections."""

    key: str
    title: str
    about: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, eq=False)
class Traced:
    """A figure of the report and what it was made from.

    Attributes:
        key: what the text calls it, such as F12.
        label: what it is.
        value: the number itself; nan where there is none.
        written: as the report writes it.
        call: the function to ask for it again.
        rule: which items it is of, or its formula with the numbers in it.
        items: the items behind it, `item_id` and their `amount` in it; none where it is of no items.
        sheet: the sheet of the workbook that holds them all; empty where none does.
    """

    key: str
    label: str
    value: float
    written: str
    call: str
    rule: str
    items: pd.DataFrame | None = None
    sheet: str = ""

    @property
    def count(self) -> int | None:
        """How many items are behind it."""
        return None if self.items is None else len(self.items)

    @property
    def total(self) -> float:
        """The sum of their amounts; nan without items."""
        return float("nan") if self.items is None else float(self.items["amount"].sum())


@dataclass(frozen=True, eq=False)
class Report:
    """A board page and an audit in four acts, each figure with what it was made from.

    Attributes:
        title: of the report.
        facts: client, author, day and currency, as label and text; those that are not known are left out.
        board: the page for the board.
        acts: diagnose, collect, bill better, follow.
        appendices: figures and their items, assumptions, sources, glossary.
        figures: those the text refers to, in its order.
        language: of all of it.
        as_of: the day.
        client: whose receivables they are; may be empty.
        confidential: whether each page says so.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    board: Section
    acts: tuple[Part, ...]
    appendices: tuple[Part, ...]
    figures: tuple[Traced, ...]
    language: Language
    as_of: pd.Timestamp
    client: str
    confidential: bool

    @property
    def parts(self) -> tuple[Part, ...]:
        """The acts, then the appendices."""
        return (*self.acts, *self.appendices)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The board page, then every section of the parts."""
        return (self.board, *(section for part in self.parts for section in part.sections))

    @property
    def charts(self) -> tuple[Drawing, ...]:
        """Every chart, in order."""
        return tuple(block.chart for block in self._blocks() if isinstance(block, Drawn))

    @property
    def tables(self) -> tuple[Html, ...]:
        """Every table, in order."""
        return tuple(block.table for block in self._blocks() if isinstance(block, Listed))

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence, in order; not those within tables and charts."""
        texts = (_texts(block) for block in self._blocks())
        return tuple(text.text for found in texts for text in found)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What is proposed, the first in the order of the acts."""
        found = (block.decisions for block in self._blocks() if isinstance(block, Decisions))
        return tuple(decision for decisions in found for decision in decisions)

    def _blocks(self) -> Iterator[Plain]:
        for section in self.sections:
            for block in section.blocks:
                yield from plain_blocks(block)


def plain_blocks(block: Block) -> Iterator[Plain]:
    """A block, or those within its columns."""
    if isinstance(block, Row):
        for column in block.columns:
            yield from column.blocks
    else:
        yield block


def _texts(block: Plain) -> tuple[Text, ...]:
    if isinstance(block, Text):
        return (block,)
    return block.lines if isinstance(block, Points) else ()

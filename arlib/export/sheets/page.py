"""One sheet, written from the top down: a title, lines, texts across it, how it prints."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from arlib.export.sheets.rows import Sheet
from arlib.export.sheets.styles import HEADING_LINES
from arlib.export.sheets.texts import begins_formula, visible
from arlib.export.sheets.values import Link, Live
from arlib.words import Sentence, word

if TYPE_CHECKING:
    from arlib.export.sheets.book import Book

_A4 = 9
EPOCH = pd.Timestamp("1899-12-30")  # the day 0 of a spreadsheet
_USUAL_WIDTH = 9.0  # of a column nobody set
_GAP = 6  # points between what stands above a table and its headings
_OF_ITALICS = 1.15  # characters of a text across a sheet that fit in a unit of width


class Page:
    """A sheet of a book.

    Attributes:
        name: what its tab says.
        row: the next row to write, from 0.
        missing: why there is nothing on it, where there is nothing.
    """

    def __init__(self, book: "Book", key: str, name: str) -> None:
        self.book, self.key, self.name, self.row = book, key, name, 0
        self.missing = ""
        self.sheet: Sheet = book.workbook.add_worksheet(name, Sheet)
        self._widths: list[float] = []
        self._print_across()

    @property
    def quoted(self) -> str:
        """Its name as a formula writes it, with the mark that ends it."""
        return f"'{self.name.replace(chr(39), chr(39) * 2)}'!" if "'" in self.name else f"{quote_sheetname(self.name)}!"

    def cells(self, column: int, first: int, last: int | None = None) -> str:
        """Cells of a column as a formula names them, from a row to a row (from 0)."""
        letter = xl_col_to_name(column)
        end = "" if last is None else f":${letter}${last + 1}"
        return f"{self.quoted}${letter}${first + 1}{end}"

    def widths(self, widths: Sequence[float]) -> None:
        """How wide the columns are, in characters; the widest asked counts."""
        known = self._widths + [0.0] * max(len(widths) - len(self._widths), 0)
        self._widths = [max(old, new) for old, new in zip(known, [*widths, *known[len(widths) :]], strict=True)]
        for column, width in enumerate(self._widths):
            self.sheet.set_column(column, column, width)

    @property
    def width(self) -> float:
        """How wide its columns are together, in characters."""
        return sum(self._widths) or 10 * _USUAL_WIDTH

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return len(self._widths) or 10

    def title(self, finding: str | Sentence = "", title: str = "") -> None:
        """The title, what it is of, and what there is to see in a sentence."""
        named = title or word(f"export.sheet.{self.key.partition(':')[0]}", self.book.language)
        self.line([named], roles=("title",), height=1.6)
        self.line([self.book.about], roles=("note",))
        told = finding.text(self.book.language) if isinstance(finding, Sentence) else finding
        if told:
            self.across(told, "finding")
        else:
            self.row += 1
        self.sheet.set_row(self.row, _GAP)
        self.row += 1

    def line(
        self, values: Sequence[Any], kinds: Sequence[str] = (), roles: tuple[str, ...] = (), height: float = 0
    ) -> int:
        """A row of values from the first column on; how many lines high, where that is not one; the row it is."""
        if height:
            self.sheet.set_row(self.row, height * HEADING_LINES)
        for column, value in enumerate(values):
            self.put(column, value, kinds[column] if column < len(kinds) else "text", *roles)
        self.row += 1
        return self.row - 1

    def across(self, text: str, *roles: str, first: int = 0, height: float = 0) -> None:
        """A text over all columns from one on, on as many lines as it takes."""
        last = self.columns - 1
        wide = sum(self._widths[first : last + 1]) or (last + 1 - first) * _USUAL_WIDTH
        lines = sum(int(len(part) / (wide * _OF_ITALICS)) + 1 for part in text.split("\n"))
        self.sheet.set_row(self.row, max(height, lines) * HEADING_LINES)
        look = self.book.look("text", *roles, "wrapped")
        if last > first:
            self.sheet.merge_range(self.row, first, self.row, last, "", look)
        self.sheet.write_string(self.row, first, visible(text), look)
        self.row += 1

    def section(self, text: str) -> None:
        """A heading below what was written, after an empty row."""
        self.row += 1
        self.sheet.set_row(self.row, 1.4 * HEADING_LINES)
        for column in range(self.columns):
            self.put(column, text if column == 0 else None, "text", "section")
        self.row += 1

    def notes(self, sentences: Sequence[str | Sentence]) -> None:
        """Sentences below what was written, one below the other."""
        self.row += bool(sentences)
        for sentence in sentences:
            told = sentence.text(self.book.language) if isinstance(sentence, Sentence) else sentence
            self.across(told, "note")

    def say(self, sentence: str) -> None:
        """Why there is nothing on the sheet; in the contents too."""
        self.missing = sentence
        self.widths([30.0] * 4)
        self.title()
        self.across(sentence, "missing", height=2)

    def put(self, column: int, value: Any, kind: str, *roles: str) -> None:  # noqa: ANN401 - any value of a cell
        """A value in a column of the row being written: a text is never a formula, a formula only a `Live`."""
        look, sheet = self.book.look(kind, *roles), self.sheet
        if isinstance(value, Live):
            sheet.write_formula(self.row, column, value.formula, look, value.value)
        elif isinstance(value, Link):
            sheet.write_url(
                self.row, column, f"internal:'{value.sheet}'!A1", self.book.look(kind, *roles, "link"), value.text
            )
        elif value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)) or value is pd.NaT:
            if roles:
                sheet.write_blank(self.row, column, None, look)
        elif isinstance(value, pd.Timestamp):
            sheet.write_number(self.row, column, (value - EPOCH).days, look)
        elif isinstance(value, str):
            text = visible(value)
            sheet.write_string(self.row, column, text, self.quoting(text, kind, *roles))
        else:
            sheet.write_number(self.row, column, float(value), look)

    def quoting(self, text: str, kind: str, *roles: str) -> Format:
        """The look of a text, which keeps it a text where a person edits it."""
        return self.book.look(kind, *roles, "quoted") if begins_formula(text) else self.book.look(kind, *roles)

    def freeze(self, row: int, column: int = 0) -> None:
        """Keep the rows above a row, and the columns left of one, in sight and on every page printed."""
        self.sheet.freeze_panes(row, column)
        self.sheet.repeat_rows(0, row - 1)

    def finish(self) -> None:
        """What is printed: all that was written."""
        self.sheet.print_area(0, 0, max(self.row - 1, 0), self.columns - 1)

    def one_page(self, *, upright: bool = False) -> None:
        """Print it on one page."""
        if upright:
            self.sheet.set_portrait()
        self.sheet.fit_to_pages(1, 1)

    def _print_across(self) -> None:
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        self.sheet.hide_gridlines(2)
        name = self.name.replace("&", "&&")[:100]
        self.sheet.set_footer(f"&L&8{name}&R&8&P / &N")

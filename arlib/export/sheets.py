"""Sheets of a workbook: frames under a heading, text that stays text, totals as formulas; one look for all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from arlib.checks.proof import ACCOUNTS
from arlib.show.look import bucket_label
from arlib.show.tables import proof_label
from arlib.words import Language, word

FACE = "Calibri"
HEAD = {
    "font": Font(name=FACE, bold=True, color="FFFFFF"),
    "fill": PatternFill("solid", fgColor="1F3A5F"),
}
TITLE = Font(name=FACE, bold=True, size=14)
NOTE = Font(name=FACE, italic=True, color="595959")
TOTAL = Font(name=FACE, bold=True)
LINE = Border(top=Side(style="thin"))
FORMATS = {
    "money": '#,##0.00;[Red]-#,##0.00;"–"',
    "days": "0.0",
    "percent": "0.0%",
    "count": "#,##0",
    "date": "yyyy-mm-dd",
}
_FRENCH_DATE = "dd/mm/yyyy"
_WIDEST, _PROSE, _FIGURE = 48, 60, 14  # characters
LINE_HEIGHT = 15  # points
_ARROW = 4  # characters the filter's arrow covers in a heading


@dataclass(frozen=True)
class Field:
    """One column of a sheet."""

    name: str
    heading: str
    kind: str  # text, prose (text that wraps), or a key of FORMATS
    total: bool = False


class Sheets:
    """Lays frames out on the sheets of one workbook, in one language."""

    def __init__(self, book: Workbook, language: Language, about: str) -> None:
        self.book = book
        self.language = language
        self.about = about

    def sheet(self, key: str, frame: pd.DataFrame, columns: tuple[tuple[str, str, bool], ...]) -> None:
        """A frame under a title, with a frozen header, a filter and totals."""
        fields = [Field(name, self.heading(name), kind, total) for name, kind, total in columns]
        frame = frame.assign(**{name: self._worded(name, frame[name]) for name in _WORDED if name in frame})
        page = self.page(key, fields, frame)
        prose = [field.name for field in fields if field.kind == "prose"]
        for place, lines in enumerate(_lines(frame[prose]), FIRST_ROW):
            if lines > 1:
                page.row_dimensions[place].height = lines * LINE_HEIGHT
        for row in frame[[field.name for field in fields]].itertuples(index=False):
            page.append([self.cell(page, value, field.kind) for value, field in zip(row, fields, strict=True)])
        last = FIRST_ROW + len(frame) - 1
        if len(frame) and any(field.total for field in fields):
            page.append([self.total(page, place, field, last) for place, field in enumerate(fields, 1)])
        if len(frame):
            page.auto_filter.ref = f"A{FIRST_ROW - 1}:{get_column_letter(len(fields))}{last}"

    def proof(self, key: str, lines: pd.DataFrame, amounts: Mapping[str, str]) -> None:
        """A proof, line by line: some amounts as formulas, the differences of totals from the accounts too."""
        names = (("line", "text"), ("amount", "money"), ("difference", "money"))
        fields = [Field(name, self.heading(name), kind) for name, kind in names]
        named = lines.assign(line=[proof_label(line, self.language) for line in lines["line"]])
        page = self.page(key, fields, named)
        accounts = FIRST_ROW + lines["line"].tolist().index(ACCOUNTS)
        for row, line in enumerate(lines.itertuples(index=False), FIRST_ROW):
            total = line.role == "total"
            difference = f"=ROUND(B{row}-B{accounts},2)" if total else None
            values = (named["line"].iloc[row - FIRST_ROW], amounts.get(str(line.line), line.amount), difference)
            cells = [self.cell(page, value, field.kind) for value, field in zip(values, fields, strict=True)]
            for cell in (cell for cell in cells if cell is not None and total):
                cell.font, cell.border = TOTAL, LINE
            page.append(cells)

    def blank(self, key: str) -> Worksheet:
        """A sheet without anything on it, printed across an A4 page as wide as it is."""
        page: Worksheet = self.book.create_sheet(word(f"export.sheet.{key}", self.language))
        page.sheet_view.showGridLines = False
        page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
        page.page_setup.paperSize = Worksheet.PAPERSIZE_A4
        page.sheet_properties.pageSetUpPr.fitToPage = True
        return page

    def page(self, key: str, fields: list[Field], frame: pd.DataFrame) -> Worksheet:
        """A sheet with a title and the headings of a frame, as wide as its cells; rows are for who asks."""
        page = self.blank(key)
        page.freeze_panes = f"A{FIRST_ROW}"
        page.print_title_rows = f"1:{FIRST_ROW - 1}"
        widths = [_width(field, frame) for field in fields]
        for place, width in enumerate(widths, 1):
            page.column_dimensions[get_column_letter(place)].width = width
        cut = any(len(field.heading) + _ARROW > width for field, width in zip(fields, widths, strict=True))
        page.row_dimensions[FIRST_ROW - 1].height = LINE_HEIGHT * (2 if cut else 1.2)
        page.append([self.styled(page, word(f"export.sheet.{key}", self.language), TITLE)])
        page.append([self.styled(page, self.about, NOTE)])
        page.append([])
        page.append([self.head(page, field) for field in fields])
        return page

    def heading(self, name: str) -> str:
        """What a column is called."""
        if name[0].isdigit() or name in ("not_due", "no_due_date", "unapplied"):
            return bucket_label(name, self.language)
        return word(f"export.column.{name}", self.language)

    def _worded(self, name: str, values: "pd.Series[Any]") -> "pd.Series[Any]":
        return values.map(lambda value: word(f"{_WORDED[name]}.{value}", self.language), na_action="ignore")

    def cell(self, page: Worksheet, value: Any, kind: str) -> Cell | None:  # noqa: ANN401
        """A value as its kind is written; nothing where it is missing. A text is never a formula."""
        if pd.isna(value):
            return None
        text = kind in ("text", "prose")
        cell = WriteOnlyCell(page, value=ILLEGAL_CHARACTERS_RE.sub("", str(value)) if text else value)
        side = {"horizontal": "left", "indent": 1} if text else {}
        cell.alignment = Alignment(vertical="top", wrap_text=kind == "prose", **side)
        if text:
            cell.data_type = "s"  # a name that begins with = stays a name
        else:
            cell.number_format = _FRENCH_DATE if (kind, self.language) == ("date", "fr") else FORMATS[kind]
        return cell

    def total(self, page: Worksheet, place: int, field: Field, last: int) -> Cell:
        """The last cell of a column: the sum of those above it, or the word for it in the first."""
        letter = get_column_letter(place)
        text = word("export.total", self.language) if place == 1 else None
        cell = WriteOnlyCell(page, f"=SUM({letter}{FIRST_ROW}:{letter}{last})" if field.total else text)
        cell.font, cell.border, cell.number_format = TOTAL, LINE, FORMATS.get(field.kind, "General")
        return cell

    def head(self, page: Worksheet, field: Field) -> Cell:
        """The heading of a column."""
        cell = WriteOnlyCell(page, field.heading)
        for name, style in HEAD.items():
            setattr(cell, name, style)
        side = {"horizontal": "right"} if field.kind in FORMATS else {"horizontal": "left", "indent": 1}
        cell.alignment = Alignment(vertical="center", wrap_text=True, **side)
        return cell

    @staticmethod
    def styled(page: Worksheet, text: str, font: Font) -> Cell:
        """A text of the sheet's own."""
        cell = WriteOnlyCell(page, text)
        cell.font = font
        return cell


FIRST_ROW = 5  # title, note, blank, header
_WORDED = {"kind": "export.kind", "due_source": "export.due_source", "severity": "export.severity"}


def _lines(prose: pd.DataFrame) -> "list[int]":
    """How many lines the longest text of each row takes: a sheet opens with the heights it was saved with."""
    longest = prose.apply(lambda texts: texts.str.len()).max(axis=1).fillna(0)
    return [int(length // (_PROSE - 2)) + 1 for length in longest]


def _width(field: Field, frame: pd.DataFrame) -> float:
    heading = max(map(len, field.heading.split())) + _ARROW
    if field.kind in FORMATS:
        return float(max(_FIGURE, heading))
    longest = frame[field.name].astype("str").str.len().quantile(0.98) if len(frame) else 0
    widest = _PROSE if field.kind == "prose" else _WIDEST
    return float(max(heading, min(max(12, longest + 2), widest)))

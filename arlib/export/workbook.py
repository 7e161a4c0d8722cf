"""The workbook to hand over: every figure with what it is made of, totals as formulas the reader can follow."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from arlib.checks import check, proof
from arlib.checks.proof import ACCOUNTS, ROLLED_FORWARD
from arlib.ledger import Day, Ledger, open_items
from arlib.measures import aged_balance, key_figures
from arlib.show.look import bucket_label
from arlib.show.tables import measure_label, proof_label
from arlib.words import Language, word

_FACE = "Calibri"
_HEAD = {
    "font": Font(name=_FACE, bold=True, color="FFFFFF"),
    "fill": PatternFill("solid", fgColor="1F3A5F"),
}
_TITLE = Font(name=_FACE, bold=True, size=14)
_NOTE = Font(name=_FACE, italic=True, color="595959")
_TOTAL = Font(name=_FACE, bold=True)
_LINE = Border(top=Side(style="thin"))
_FORMATS = {
    "money": '#,##0.00;[Red]-#,##0.00;"–"',
    "days": "0.0",
    "percent": "0.0%",
    "count": "#,##0",
    "date": "yyyy-mm-dd",
}
_FRENCH_DATE = "dd/mm/yyyy"
_WIDEST, _PROSE, _FIGURE = 48, 60, 14  # characters
_LINE_HEIGHT = 15  # points
_ARROW = 4  # characters the filter's arrow covers in a heading


@dataclass(frozen=True)
class _Field:
    name: str
    heading: str
    kind: str  # text, prose (text that wraps), or a key of _FORMATS
    total: bool = False


def write_workbook(
    ledger: Ledger, as_of: Day | None = None, path: str | Path = "receivables.xlsx", *, language: Language = "en"
) -> Path:
    """Writes what the ledger says on a day as an Excel workbook, and returns where.

    Sheets: the proof, the key figures, the aged balance by customer, the open items, the findings. Totals are
    formulas over the rows above them. Text is written as text whatever it begins with: a customer named `=1+1` is
    a name, never a formula.
    """
    on = ledger.day(as_of)
    book = Workbook(write_only=True)
    writer = _Writer(book, language, word("export.about", language, day=on, currency=ledger.currency or "–"))
    writer.proof(proof(ledger, on))
    writer.figures(key_figures(ledger, on))
    aged = aged_balance(ledger, on)
    buckets = [str(name) for name in aged if name not in ("customer_id", "name")]
    names = tuple((name, "money", True) for name in buckets)
    writer.sheet("aged", aged, (("customer_id", "text", False), ("name", "text", False), *names))
    opened = open_items(ledger, on).merge(ledger.customers[["customer_id", "name"]], on="customer_id", how="left")
    opened["days_overdue"] = opened["days_overdue"].where(opened["open_amount"] > 0)  # a credit is never overdue
    writer.sheet("open_items", opened.sort_values("days_overdue", ascending=False, na_position="last"), _OPEN_ITEMS)
    files = [column for column in _FINDINGS if column[0] != "file" or len(ledger.sources) > 1]
    writer.sheet("findings", check(ledger, on, language=language), tuple(files))
    target = Path(path)
    book.save(target)
    return target


_OPEN_ITEMS = (
    *((name, "text", False) for name in ("customer_id", "name", "reference", "kind")),
    *((name, "date", False) for name in ("issued_on", "due_on")),
    ("due_source", "text", False),
    ("days_overdue", "count", False),
    ("amount", "money", True),
    ("open_amount", "money", True),
)
_FINDINGS = (
    ("severity", "text", False),
    ("meaning", "prose", False),
    ("customer_id", "text", False),
    ("value", "prose", False),
    ("amount", "money", False),
    ("count", "count", False),
    ("file", "text", False),
    ("row", "count", False),
)


class _Writer:
    """Lays frames out on the sheets of one workbook, in one language."""

    def __init__(self, book: Workbook, language: Language, about: str) -> None:
        self._book = book
        self._language = language
        self._about = about

    def sheet(self, key: str, frame: pd.DataFrame, columns: tuple[tuple[str, str, bool], ...]) -> None:
        """A frame under a title, with a frozen header, a filter and totals."""
        fields = [_Field(name, self._heading(name), kind, total) for name, kind, total in columns]
        frame = frame.assign(**{name: self._worded(name, frame[name]) for name in _WORDED if name in frame})
        page = self._page(key, fields, frame)
        prose = [field.name for field in fields if field.kind == "prose"]
        for place, lines in enumerate(_lines(frame[prose]), _FIRST_ROW):
            if lines > 1:
                page.row_dimensions[place].height = lines * _LINE_HEIGHT
        for row in frame[[field.name for field in fields]].itertuples(index=False):
            page.append([self._cell(page, value, field.kind) for value, field in zip(row, fields, strict=True)])
        last = _FIRST_ROW + len(frame) - 1
        if len(frame) and any(field.total for field in fields):
            page.append([self._total(page, place, field, last) for place, field in enumerate(fields, 1)])
        if len(frame):
            page.auto_filter.ref = f"A{_FIRST_ROW - 1}:{get_column_letter(len(fields))}{last}"

    def proof(self, lines: pd.DataFrame) -> None:
        """The proof: the sum of the parts and the differences from the accounts as formulas."""
        names = (("line", "text"), ("amount", "money"), ("difference", "money"))
        fields = [_Field(name, self._heading(name), kind) for name, kind in names]
        named = lines.assign(line=[proof_label(line, self._language) for line in lines["line"]])
        page = self._page("proof", fields, named)
        parts = _FIRST_ROW + int((lines["role"] == "part").sum()) - 1
        accounts = _FIRST_ROW + int(lines.index[lines["line"] == ACCOUNTS][0])
        for row, line in enumerate(lines.itertuples(index=False), _FIRST_ROW):
            total = line.role == "total"
            amount = f"=ROUND(SUM(B{_FIRST_ROW}:B{parts}),2)" if line.line == ROLLED_FORWARD else line.amount
            difference = f"=ROUND(B{row}-B{accounts},2)" if total else None
            values = (named["line"].iloc[row - _FIRST_ROW], amount, difference)
            cells = [self._cell(page, value, field.kind) for value, field in zip(values, fields, strict=True)]
            for cell in (cell for cell in cells if cell is not None and total):
                cell.font, cell.border = _TOTAL, _LINE
            page.append(cells)

    def figures(self, figures: pd.DataFrame) -> None:
        """The key figures: one row a measure, each in its own unit."""
        moments = ("value", "previous_month", "previous_year")
        fields = [_Field("measure", self._heading("measure"), "text")]
        fields += [_Field(name, self._heading(name), "money") for name in moments]
        named = figures.assign(measure=[measure_label(measure, self._language) for measure in figures["measure"]])
        page = self._page("figures", fields, named)
        for row in named.itertuples(index=False):
            values = [getattr(row, moment) for moment in moments]
            page.append([self._cell(page, row.measure, "text"), *(self._cell(page, v, str(row.unit)) for v in values)])

    def _page(self, key: str, fields: list[_Field], frame: pd.DataFrame) -> Worksheet:
        page: Worksheet = self._book.create_sheet(word(f"export.sheet.{key}", self._language))
        page.freeze_panes = f"A{_FIRST_ROW}"
        page.sheet_view.showGridLines = False
        page.print_title_rows = f"1:{_FIRST_ROW - 1}"
        page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
        widths = [_width(field, frame) for field in fields]
        for place, width in enumerate(widths, 1):
            page.column_dimensions[get_column_letter(place)].width = width
        cut = any(len(field.heading) + _ARROW > width for field, width in zip(fields, widths, strict=True))
        page.row_dimensions[_FIRST_ROW - 1].height = _LINE_HEIGHT * (2 if cut else 1.2)
        page.append([self._styled(page, word(f"export.sheet.{key}", self._language), _TITLE)])
        page.append([self._styled(page, self._about, _NOTE)])
        page.append([])
        page.append([self._head(page, field) for field in fields])
        return page

    def _heading(self, name: str) -> str:
        if name[0].isdigit() or name in ("not_due", "no_due_date", "unapplied"):
            return bucket_label(name, self._language)
        return word(f"export.column.{name}", self._language)

    def _worded(self, name: str, values: "pd.Series[Any]") -> "pd.Series[Any]":
        return values.map(lambda value: word(f"{_WORDED[name]}.{value}", self._language), na_action="ignore")

    def _cell(self, page: Worksheet, value: Any, kind: str) -> Cell | None:  # noqa: ANN401
        if pd.isna(value):
            return None
        text = kind in ("text", "prose")
        cell = WriteOnlyCell(page, value=str(value) if text else value)
        side = {"horizontal": "left", "indent": 1} if text else {}
        cell.alignment = Alignment(vertical="top", wrap_text=kind == "prose", **side)
        if text:
            cell.data_type = "s"  # a name that begins with = stays a name
        else:
            cell.number_format = _FRENCH_DATE if (kind, self._language) == ("date", "fr") else _FORMATS[kind]
        return cell

    def _total(self, page: Worksheet, place: int, field: _Field, last: int) -> Cell:
        letter = get_column_letter(place)
        text = word("export.total", self._language) if place == 1 else None
        cell = WriteOnlyCell(page, f"=SUM({letter}{_FIRST_ROW}:{letter}{last})" if field.total else text)
        cell.font, cell.border, cell.number_format = _TOTAL, _LINE, _FORMATS.get(field.kind, "General")
        return cell

    def _head(self, page: Worksheet, field: _Field) -> Cell:
        cell = WriteOnlyCell(page, field.heading)
        for name, style in _HEAD.items():
            setattr(cell, name, style)
        side = {"horizontal": "right"} if field.kind in _FORMATS else {"horizontal": "left", "indent": 1}
        cell.alignment = Alignment(vertical="center", wrap_text=True, **side)
        return cell

    @staticmethod
    def _styled(page: Worksheet, text: str, font: Font) -> Cell:
        cell = WriteOnlyCell(page, text)
        cell.font = font
        return cell


_FIRST_ROW = 5  # title, note, blank, header
_WORDED = {"kind": "export.kind", "due_source": "export.due_source", "severity": "export.severity"}


def _lines(prose: pd.DataFrame) -> "list[int]":
    """How many lines the longest text of each row takes: a sheet opens with the heights it was saved with."""
    longest = prose.apply(lambda texts: texts.str.len()).max(axis=1).fillna(0)
    return [int(length // (_PROSE - 2)) + 1 for length in longest]


def _width(field: _Field, frame: pd.DataFrame) -> float:
    heading = max(map(len, field.heading.split())) + _ARROW
    if field.kind in _FORMATS:
        return float(max(_FIGURE, heading))
    longest = frame[field.name].astype("str").str.len().quantile(0.98) if len(frame) else 0
    widest = _PROSE if field.kind == "prose" else _WIDEST
    return float(max(heading, min(max(12, longest + 2), widest)))

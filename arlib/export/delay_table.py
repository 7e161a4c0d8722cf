"""The table of payment delays as the order lays it out, each cell a formula over the list of its invoices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from arlib.errors import ArlibError
from arlib.export.sheets import FACE, FIRST_ROW, FORMATS, HEAD, LINE_HEIGHT, NOTE, TITLE, TOTAL, Sheets
from arlib.law.delay_table import PaymentDelayTable
from arlib.words import Language, Sentence, say, word

_LAST_ROW = 1_048_576  # of a sheet of Excel
_LIST = (
    *((name, "text", False) for name in ("customer_id", "name", "country", "reference", "kind")),
    *((name, "date", False) for name in ("issued_on", "due_on")),
    *((name, "text", False) for name in ("terms", "part", "why")),
    *((name, "count", False) for name in ("days_late",)),
    *((name, "money", True) for name in ("amount", "open_amount", "counted")),
    ("number", "count", True),
    ("foreign", "count", False),
)
_COLUMNS: Mapping[str, str] = MappingProxyType(
    {name: get_column_letter(place) for place, (name, *_) in enumerate(_LIST, 1)}
)
# Days late of each column of the order's model; text criteria such as 1-30 would be read as dates.
_DAYS = ((0, 0), (1, 30), (31, 60), (61, 90), (91, None), (1, None))
_BANDS = "BCDEFG"  # their columns; the last one is the total
_WIDTHS = (58, *[17] * 6)
_LINE_LENGTH = 180  # characters of a note across the sheet
_THIN = Side(style="thin", color="7F7F7F")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_BOXED = {"border": _BOX}
_GREY = PatternFill("solid", fgColor="BFBFBF")
_PART = {"font": TOTAL, "fill": PatternFill("solid", fgColor="DCE6F1")}
_LEFT = Alignment(vertical="center", wrap_text=True, horizontal="left", indent=1)
_RIGHT = Alignment(vertical="center", horizontal="right", indent=1)
_CENTRED = Alignment(vertical="center", wrap_text=True, horizontal="center")
_PLAIN: Mapping[str, Any] = MappingProxyType({"font": Font(name=FACE)})
_SHARE = "0.00%"


def write_delay_table(
    table: PaymentDelayTable, path: str | Path = "payment_delays.xlsx", language: Language = "fr"
) -> Path:
    """Writes a table of payment delays as the order lays it out, and returns where; in French unless asked otherwise.

    Sheets: table I and table II, each on one landscape A4 page, the invoices behind either, the proof. Numbers and
    amounts are formulas over the lists (SUMIFS by part and days late), percentages over these, so that whoever checks
    re-performs them. Text is written as text whatever it begins with.

    Raises:
        ArlibError: more invoices than a sheet of Excel holds.
    """
    for rows in (table.invoices, table.late_invoices):
        if len(rows) + FIRST_ROW > _LAST_ROW:
            raise ArlibError(say("law.delay.too_many", rows=len(rows)))
    book = Workbook(write_only=True)
    about = word("export.about", language, day=table.closing, currency=table.currency or "–")
    sheets = Sheets(book, language, about)
    both = (_unpaid(table), _late(table))
    for which in both:
        _Model(sheets, table, which).write()
    for which in both:
        sheets.sheet(which.listed, _worded(which.rows, language), _LIST)
    _proof(Sheets(book, language, f"{about}, {word('law.delay.basis.gross', language)}"), table)
    target = Path(path)
    book.save(target)
    return target


@dataclass(frozen=True, eq=False)
class _Which:
    """One of the two tables: its words, the lists its cells add up, what its percentages are of.

    Attributes:
        key: `unpaid` or `late`.
        sheet: the key of its sheet.
        listed: the key of the sheet of its invoices.
        rows: the invoices behind it.
        reference: what their delays are counted from.
        wholes: label, value and kind of what percentages are of.
        shares: label of a percentage, the line it is of (number or amount), and the place of its whole in `wholes`.
        notes: what to write under it.
    """

    key: str
    sheet: str
    listed: str
    rows: pd.DataFrame
    reference: pd.DataFrame
    wholes: Sequence[tuple[str, float, str]]
    shares: Sequence[tuple[str, str, int]]
    notes: Sequence[Sentence]


def _unpaid(table: PaymentDelayTable) -> _Which:
    sold = "law.delay.of_year_given" if table.turnover_given else "law.delay.of_year"
    return _Which(
        key="unpaid",
        sheet="delay_unpaid",
        listed="delay_invoices",
        rows=table.invoices,
        reference=table.unpaid_reference,
        wholes=((sold, table.turnover, "money"),),
        shares=(("law.delay.turnover_share", "amount", 0),),
        notes=table.notes,
    )


def _late(table: PaymentDelayTable) -> _Which:
    issued = ("law.delay.issued_number", table.issued_number, "count")
    return _Which(
        key="late",
        sheet="delay_late",
        listed="delay_late_invoices",
        rows=table.late_invoices,
        reference=table.late_reference,
        wholes=(issued, ("law.delay.issued_amount", table.issued_amount, "money")),
        shares=(("law.delay.number_share", "number", 0), ("law.delay.amount_share", "amount", 1)),
        notes=(say("law.delay.choices_late"), *table.notes[:2]),
    )


class _Model:
    """The order's model on a sheet, line by line."""

    def __init__(self, sheets: Sheets, table: PaymentDelayTable, which: _Which) -> None:
        self._sheets, self._table, self._which = sheets, table, which
        self._page = sheets.blank(which.sheet)
        self._page.page_setup.fitToHeight = 1
        self._page.print_options.horizontalCentered = True
        for letter, width in zip("A" + _BANDS, _WIDTHS, strict=True):
            self._page.column_dimensions[letter].width = width
        self._row = 0

    def write(self) -> None:
        """All of it, from the title to the notes."""
        self._across(self._say("law.delay.title", closing=self._table.closing), {"font": TITLE}, 1.5)
        self._across(f"{self._sheets.about}, {self._say(f'law.delay.basis.{self._table.basis}')}", {"font": NOTE})
        self._append([])
        wholes = [self._whole(*whole) for whole in self._which.wholes]
        self._append([])
        self._across(self._say(f"law.delay.{self._which.key}"), HEAD | _BOXED)
        self._part_a(wholes)
        self._part_b()
        self._part_c()
        self._append([])
        for note in self._which.notes:
            self._across(note.text(self._sheets.language), {"font": NOTE})

    def _part_a(self, wholes: Sequence[int]) -> None:
        names = [self._say(f"law.delay.band.{band}") for band in self._table.unpaid["band"]]
        self._append([self._cell(name, _BOXED | {"font": TOTAL, "alignment": _CENTRED}) for name in ("", *names)], 2)
        self._across(self._say("law.delay.part_a"), _PART | _BOXED)
        amount = self._row + 2  # the line of numbers is above it
        by_band = amount + len(self._which.shares) + 1
        self._line("law.delay.number", [f"=B{by_band}", *[None] * 4, f"=G{by_band}"], "count")
        self._line("law.delay.amount", [*self._sums("counted")[:5], f"=SUM(C{amount}:F{amount})"], "money")
        for label, line, whole in self._which.shares:
            row, of = by_band if line == "number" else amount, f"$G${wholes[whole]}"
            self._line(label, [f'=IF(N({of})>0,{band}{row}/{of},"–")' for band in _BANDS], "percent")
        self._line("law.delay.number_by_band", self._sums("number"), "count")
        if "foreign_number" in self._table.unpaid:
            self._line("law.delay.foreign_number", self._sums("number", abroad=True), "count")
            self._line("law.delay.foreign_amount", self._sums("counted", abroad=True), "money")

    def _part_b(self) -> None:
        self._across(self._say("law.delay.part_b"), _PART | _BOXED)
        for label, column, kind in (("number", "number", "count"), ("amount", "counted", "money")):
            total = f'=SUMIFS({self._column(column)},{self._column("part")},"B")'
            self._line(f"law.delay.excluded_{label}", [total], kind)

    def _part_c(self) -> None:
        self._across(self._say("law.delay.part_c"), _PART | _BOXED)
        for terms, due_dates in self._which.reference[["terms", "due_dates"]].itertuples(index=False):
            box = "☒" if due_dates else "☐"
            self._across(f"{box}  {self._say(f'law.delay.terms.{terms}', due_dates=due_dates)}", _BOXED)

    def _whole(self, label: str, value: float, kind: str) -> int:
        """A line with what percentages are of; its row."""
        name = self._say(label, opening=self._table.opening, closing=self._table.closing)
        told = self._cell("–" if np.isnan(value) else value, {"font": TOTAL, "alignment": _RIGHT}, FORMATS[kind])
        self._append([self._cell(name), *[None] * 5, told])
        return self._row

    def _line(self, label: str, values: Sequence[str | None], kind: str) -> None:
        """A line of the model: a label and a cell a band; a cell without a value is greyed."""
        style = {"border": _BOX, "alignment": _RIGHT}
        form = _SHARE if kind == "percent" else FORMATS[kind]
        cells = [self._cell(value, style | ({"fill": _GREY} if value is None else {}), form) for value in values]
        self._append([self._cell(self._say(label), {"border": _BOX, "alignment": _LEFT}), *cells], 1.3)

    def _sums(self, column: str, *, abroad: bool = False) -> list[str]:
        """The sums of a column over part A of the list, by days late: a formula a band."""
        days = self._column("days_late")
        bounds = (f'{days},">={first}"' + ("" if last is None else f',{days},"<={last}"') for first, last in _DAYS)
        only = f",{self._column('foreign')},1" if abroad else ""
        return [f'=SUMIFS({self._column(column)},{self._column("part")},"A",{bound}{only})' for bound in bounds]

    def _column(self, name: str) -> str:
        return _column(self._sheets.language, self._which, name)

    def _across(self, text: str, style: Mapping[str, Any], height: float = 1.3) -> None:
        """A text across the sheet, on as many lines as it takes."""
        first = self._cell(text, {"alignment": _LEFT} | dict(style))
        others = [self._cell(None, style) for _ in _BANDS] if "border" in style else []
        self._append([first, *others], height + len(text) // _LINE_LENGTH)
        self._page.merged_cells.add(f"A{self._row}:{_BANDS[-1]}{self._row}")

    def _append(self, cells: Sequence[Cell | None], lines: float = 1) -> None:
        self._row += 1
        self._page.row_dimensions[self._row].height = LINE_HEIGHT * lines
        self._page.append(cells)

    def _cell(self, value: object, style: Mapping[str, Any] = _PLAIN, form: str = "General") -> Cell:
        cell = WriteOnlyCell(self._page, value)
        for name, part in (dict(_PLAIN) | dict(style)).items():
            setattr(cell, name, part)
        cell.number_format = form
        return cell

    def _say(self, key: str, **values: object) -> str:
        basis = word(f"law.delay.basis.{self._table.basis}", self._sheets.language)
        return word(key, self._sheets.language, **{"basis": basis} | values)


def _column(language: Language, which: _Which, name: str) -> str:
    """The cells of a column of the list behind a table, as a formula names them."""
    sheet = word(f"export.sheet.{which.listed}", language)
    return f"'{sheet}'!${_COLUMNS[name]}${FIRST_ROW}:${_COLUMNS[name]}${FIRST_ROW + max(len(which.rows), 1) - 1}"


def _worded(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    """A list with words for the codes of its due dates and reasons."""
    words = {
        name: rows[name].map(lambda code, name=name: word(f"law.delay.{name}.{code}.short", language), "ignore")
        for name in ("terms", "why")
    }
    return rows.assign(**words, foreign=rows["foreign"].astype("int64"))


def _proof(sheets: Sheets, table: PaymentDelayTable) -> None:
    """What is in the table and what is not, against the accounts; what is in it adds up the list again."""
    owed, part, days = (_column(sheets.language, _unpaid(table), name) for name in ("open_amount", "part", "days_late"))
    parts = FIRST_ROW + int((table.proof["role"] == "part").sum()) - 1
    formulas = {
        "late": f'=SUMIFS({owed},{part},"A",{days},">=1")',
        "zero_day": f'=SUMIFS({owed},{part},"A",{days},0)',
        "disputed": f'=SUMIFS({owed},{part},"B")',
        "open_items": f"=ROUND(SUM(B{FIRST_ROW}:B{parts}),2)",
    }
    sheets.proof("proof", table.proof, formulas)

"""The négoce ledger as an Excel workbook, laid out as a French ERP prints it; the same bytes on every run."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from arlib.samples.customers import FIRST_DAY, LAST_DAY
from arlib.samples.events import History
from arlib.samples.writers import HEADINGS, LedgerLine, ledger_lines

COMPANY = "COMPTOIRS BRÉVAILLES SAS"
_TITLES = (
    "Grand livre auxiliaire clients",
    f"Période du {FIRST_DAY:%d/%m/%Y} au {LAST_DAY:%d/%m/%Y} – écritures lettrées et non lettrées",
    "Édité le 05/01/2026 – montants en euros (EUR)",
)
_HEADER_ROW = len(_TITLES) + 3  # the company, the titles, a blank row
_WIDTHS = (12, 9, 12, 13, 12, 42, 24, 21, 12, 16, 16, 16, 10, 8, 15, 15)
_CENTRED = {"Date", "Journal", "Échéance", "Lettrage", "Litige"}
_DATE_FORMAT, _MONEY_FORMAT = "dd/mm/yyyy", "#,##0.00"
_FONT = "Calibri"
_INK, _PAPER = "FFFFFF", "1F3864"
_A4 = 9  # the number of the paper size in the file format
_STAMP = (2026, 1, 5, 8, 0, 0)


def write_workbook(path: Path, history: History) -> None:
    """One sheet: a title block, the headings, one row a movement, and a row of totals."""
    lines = list(ledger_lines(history))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Grand livre clients")
    _lay_out(sheet, len(lines))
    for row in _rows(sheet, lines):
        sheet.append(row)
    book.properties.creator = book.properties.title = COMPANY
    book.properties.created = datetime(*_STAMP)  # noqa: DTZ001 - Excel's stamps have no time zone
    saved = BytesIO()
    book.save(saved)
    path.write_bytes(_with_fixed_stamps(saved))


def _lay_out(sheet: Any, lines: int) -> None:  # noqa: ANN401 - openpyxl has no types
    """Widths, frozen headings, a filter, and a landscape page as wide as the sheet."""
    for place, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = f"A{_HEADER_ROW + 1}"
    sheet.auto_filter.ref = f"A{_HEADER_ROW}:{get_column_letter(len(HEADINGS))}{_HEADER_ROW + lines}"
    sheet.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.sheet_view.showGridLines = False


def _rows(sheet: Any, lines: list[LedgerLine]) -> Iterator[list[Any]]:  # noqa: ANN401 - openpyxl has no types
    yield [_cell(sheet, COMPANY, font=Font(name=_FONT, bold=True, size=14))]
    yield from (
        [_cell(sheet, title, font=Font(name=_FONT, bold=place == 0, size=11))] for place, title in enumerate(_TITLES)
    )
    yield []
    heading = {
        "font": Font(name=_FONT, bold=True, color=_INK),
        "fill": PatternFill("solid", fgColor=_PAPER),
        "alignment": Alignment(horizontal="center", vertical="center"),
    }
    yield [_cell(sheet, name, **heading) for name in HEADINGS]
    styles = [_style(name) for name in HEADINGS]
    for line in lines:
        values = _values(line)
        yield [
            None if value is None or value == "" else _cell(sheet, value, **style)
            for value, style in zip(values, styles, strict=True)
        ]
    yield _totals(sheet, lines)


def _style(heading: str) -> dict[str, Any]:
    style: dict[str, Any] = {"alignment": Alignment(horizontal="center")} if heading in _CENTRED else {}
    if heading in {"Montant HT", "Débit", "Crédit"}:
        style["number_format"] = _MONEY_FORMAT
    if heading in {"Date", "Échéance"}:
        style["number_format"] = _DATE_FORMAT
    return style


def _values(line: LedgerLine) -> Iterable[str | date | float | None]:
    euros = {
        name: None if cents is None else cents / 100
        for name, cents in (("net", line.net), ("debit", line.debit), ("credit", line.credit))
    }
    values: dict[str, str | date | float | None] = line._asdict() | euros
    return values.values()


def _totals(sheet: Any, lines: list[LedgerLine]) -> list[Any]:  # noqa: ANN401 - openpyxl has no types
    sums = {
        "Montant HT": sum(line.net or 0 for line in lines),
        "Débit": sum(line.debit or 0 for line in lines),
        "Crédit": sum(line.credit or 0 for line in lines),
    }
    bold = {"font": Font(name=_FONT, bold=True), "border": Border(top=Side("thin"), bottom=Side("double"))}
    values = ["Total général" if place == 0 else sums.get(name) for place, name in enumerate(HEADINGS)]
    return [
        _cell(sheet, value / 100 if isinstance(value, int) else value, number_format=_MONEY_FORMAT, **bold)
        for value in values
    ]


def _cell(sheet: Any, value: Any, **style: Any) -> Any:  # noqa: ANN401 - openpyxl has no types
    """A styled cell; text stays text, even where it begins with an equals sign."""
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
    for name, look in style.items():
        setattr(cell, name, look)
    return cell


def _with_fixed_stamps(saved: BytesIO) -> bytes:
    """The same workbook with one date on all its parts: openpyxl writes the time of saving into it."""
    stamp = "{:04d}-{:02d}-{:02d}T{:02d}:{:02d}:{:02d}Z".format(*_STAMP).encode()
    packed = BytesIO()
    with ZipFile(saved) as before, ZipFile(packed, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            part = ZipInfo(name, _STAMP)
            part.compress_type, part.create_system, part.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            after.writestr(part, content, compresslevel=9)
    return packed.getvalue()

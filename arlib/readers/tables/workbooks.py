"""Workbooks (xlsx, xlsm, xlsb, xls, ods) into the table of the sheet that looks most like a ledger."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

from arlib.readers.headings import header_rows, names_suppliers
from arlib.readers.headings.ages import age_bands
from arlib.readers.sources import refuse
from arlib.readers.sources.compound import OLE, is_sound
from arlib.readers.tables.blocks import Block, body_of, find_block
from arlib.readers.tables.error_cells import error_cells
from arlib.readers.tables.markup import is_markup, markup_grids
from arlib.readers.tables.stated import as_of_stated
from arlib.readers.tables.table import LOOKED_AT, Table, first_cells, title_of
from arlib.words import Sentence, bare, say

Grid = Sequence[Sequence[Any]]

# Sheets beside the ledger; a title decides only between sheets whose headings are equally good.
_ASIDE = re.compile(
    r"pivot|tcd|dashboard|tableau de bord|config|parametr|setting|relance|reminder|dunning|mahn|solleciti|recordatorio"
    r"|aide|help|readme|lisez|notice|instruction|mode d emploi|synthes|summary|resum|graph|chart|kpi|exemple|example"
)
_DATE = {"issued_on", "booked_on", "due_on"}
_AMOUNT = {"amount", "net_amount", "debit", "open_amount"}
_PARTY = {"customer_id", "customer_name"}
_DOCUMENT = {"reference", "label", "journal"}
_LEDGER = 2  # the grade of a sheet that has all of a ledger's headings


@dataclass(frozen=True)
class _Sheet:
    """A sheet, where its headings stand, and what they say: 2 a ledger, 1 perhaps one, 0 something else."""

    title: str
    grid: Grid
    hidden: bool
    block: Block
    grade: int

    def merit(self) -> tuple[Any, ...]:
        """What decides between sheets: their headings, then whether they are seen, meant for it, about customers."""
        heading = self.block.found.get("customer_name", "")
        aside = _ASIDE.search(bare(self.title).lower()) is not None
        return self.grade, not self.hidden, not aside, not names_suppliers(heading), len(self.grid)


def read_workbook(name: str, content: bytes, sheet: str | None = None, *, header: int | None = None) -> Table:
    """The sheet named, else the one with a date, an amount and a customer among its headings, and most rows.

    Hidden sheets come last. The first table of the sheet is read; others beside or below it are named in `warnings`.
    `header` is the row of the headings where it is known.

    Raises:
        ArlibError: the workbook is damaged or protected, or no sheet has a row that looks like a header.
    """
    grids, hidden = read_grids(name, content, sheet)
    sheets = [found for title, grid in grids.items() if (found := _sheet(title, grid, title in hidden, header))]
    if not sheets:
        title, grid = next(iter(grids.items()))
        raise refuse(name, "read.no_header_sheet", sheet=title, found=first_cells(grid))
    chosen = _with_errors(max(sheets, key=_Sheet.merit), content)
    others = [each.title for each in sheets if each.title != chosen.title and each.grade == chosen.grade == _LEDGER]
    warnings = [say("read.other_sheets", sheet=chosen.title, sheets=", ".join(others))] if others else []
    return _table(name, chosen, warnings)


def sheet_headings(name: str, content: bytes) -> Mapping[str, Sequence[str]]:
    """The headings of every sheet that has some, by its title; hidden sheets come last.

    Raises:
        ArlibError: the workbook is damaged or protected.
    """
    grids, hidden = read_grids(name, content, None)
    ordered = sorted(grids, key=lambda title: title in hidden)
    found = {title: _sheet(title, grids[title], title in hidden, None) for title in ordered}
    return {title: sheet.block.headings for title, sheet in found.items() if sheet is not None}


def read_grids(name: str, content: bytes, sheet: str | None) -> tuple[Mapping[str, Grid], set[str]]:
    """The cells of every sheet of cells, or of the one named, and which are hidden."""
    if is_markup(content):
        written = markup_grids(name, content)
        if sheet is not None and sheet not in written:
            raise refuse(name, "read.no_sheet", sheet=sheet, sheets=", ".join(written))
        return written if sheet is None else {sheet: written[sheet]}, set()
    if content.startswith(OLE) and not is_sound(content):
        raise refuse(name, "read.damaged_workbook")
    try:
        book = load_workbook(io.BytesIO(content))
        known = [each for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        wanted = [each.name for each in known if sheet in (None, each.name)]
        grids = {title: book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in wanted}
    except BaseException as damaged:  # calamine raises a class of its own for each way a file can be damaged, or panics
        if isinstance(damaged, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise refuse(name, "read.damaged_workbook") from damaged
    if sheet is not None and not grids:
        raise refuse(name, "read.no_sheet", sheet=sheet, sheets=", ".join(each.name for each in known))
    if not grids:
        raise refuse(name, "read.damaged_workbook")
    return grids, {each.name for each in known if each.visible != SheetVisibleEnum.Visible}


def _sheet(title: str, grid: Grid, hidden: bool, row: int | None) -> _Sheet | None:  # noqa: FBT001 - a fact of it
    header = header_rows(grid[:LOOKED_AT]) if row is None else (row - 1, row - 1)
    if header is None or header[1] >= len(grid):
        return None
    block = find_block(grid, header)
    return _Sheet(title, grid, hidden, block, _grade(block))


def _with_errors(sheet: _Sheet, content: bytes) -> _Sheet:
    """The sheet with the errors of its formulas in their cells, so that they are named and not taken for empty."""
    failed = error_cells(content, sheet.title)
    if not failed:
        return sheet
    rows = [list(row) for row in sheet.grid]
    for (row, column), error in failed.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = error
    return replace(sheet, grid=rows)


def _grade(block: Block) -> int:
    """How much headings are a ledger's: 2 with a customer, an amount and a date or ages; 1 with documents instead."""
    fields, aged = set(block.found), bool(age_bands(block.headings))
    dated = bool(fields & _DATE)
    if fields & _PARTY and (aged or (dated and fields & _AMOUNT)):
        return _LEDGER
    unnamed = block.headings[0] == f"({block.columns.start + 1})"  # as reports leave it over their customers
    return 1 if (dated and fields & _AMOUNT and fields & _DOCUMENT) or (aged and unnamed) else 0


def _table(name: str, sheet: _Sheet, warnings: list[Sentence]) -> Table:
    block, grid = sheet.block, sheet.grid
    reading = [say("read.sheet", sheet=sheet.title, row=block.first + 1)]
    if sheet.hidden:
        reading.append(say("layout.hidden", sheet=sheet.title))
    cells, moved = body_of(grid, block)
    dated = [cells[heading] for field, heading in block.found.items() if field in _DATE and heading in cells]
    return Table(
        name,
        sheet.title,
        cells,
        (*reading, *moved),
        (*warnings, *block.beside),
        stated_on=as_of_stated(grid[: block.first], name, dated, sheet.title),
        title=title_of(grid[: block.first]),
        header=block.first + 1 if block.first == block.last else None,
    )

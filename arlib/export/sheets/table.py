"""A frame on a sheet: headings that stay, a filter, formulas in rows, totals; where its cells are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from arlib.errors import ArlibError
from arlib.export.sheets.page import Page
from arlib.export.sheets.styles import FIGURES, HEADING_LINES
from arlib.export.sheets.texts import visible
from arlib.export.sheets.values import Live
from arlib.schema import day_numbers
from arlib.show.tables.columns import column_cells, column_heading, column_kind
from arlib.words import Language, Sentence, say, word

MOST_ROWS = 1_048_576  # of a sheet of Excel
_WIDEST, _PROSE, _FIGURE, _SHORT, _DATE = 48.0, 60.0, 14.0, 11.0, 12.0  # characters
_ARROW = 4  # characters the filter's arrow covers in a heading
_ABOVE = 4  # rows over the headings of the first table of a sheet
_UNIX = 25_569  # 1970-01-01 as a spreadsheet counts days
_DIGITS = 1.1  # width of a digit with its share of separators
_KNOWN = 20_000  # texts of a column kept as shown, as most come again


@dataclass(frozen=True)
class Field:
    """One column of a table.

    Attributes:
        name: of the column of the frame.
        heading: what it is called.
        kind: text, prose (text that wraps), or a kind of figures.
        total: whether the last row adds it up.
        formula: of its cells, `{row}` being the row as Excel counts it; the figures of the frame are what it gives.
            Empty, the figures are written.
        where: the column of the frame that flags the rows whose cells are formulas; all are where it is empty.
        width: in characters; chosen by what is in it where 0.
    """

    name: str
    heading: str
    kind: str = "text"
    total: bool = False
    formula: str = ""
    where: str = ""
    width: float = 0


@dataclass(frozen=True, eq=False)
class Placed:
    """Where a table stands: `first` and `last` of its rows (from 0), the row of its totals where there is one."""

    page: Page
    fields: tuple[Field, ...]
    frame: pd.DataFrame
    first: int
    last: int
    total: int | None

    def column(self, name: str) -> int:
        """The place of a column."""
        return [field.name for field in self.fields].index(name)

    def letter(self, name: str) -> str:
        """The letter of a column."""
        return str(xl_col_to_name(self.column(name)))

    def cells(self, name: str) -> str:
        """The cells of a column, as a formula on any sheet names them; one empty row where there is none."""
        return self.page.cells(self.column(name), self.first, max(self.last, self.first))

    def cell(self, name: str, row: int) -> str:
        """A cell of a column by its place among the rows."""
        return self.page.cells(self.column(name), self.first + row)

    def sum(self, name: str) -> str:
        """The total of a column."""
        return self.page.cells(self.column(name), self.first if self.total is None else self.total)


def fields_of(frame: pd.DataFrame, names: Sequence[str], language: Language, **given: Any) -> tuple[Field, ...]:  # noqa: ANN401
    """Columns of a frame, each called and written as in every table; `given` says more of some by name.

    Args:
        frame: as a measure returns it.
        names: of the columns to write, in order.
        language: of the headings.
        given: what else a column is: a dict of attributes of `Field`.
    """
    usual = (Field(name, column_heading(frame, name, language), column_kind(frame, name)) for name in map(str, names))
    return tuple(replace(field, **given.get(field.name, {})) for field in usual)


def write_table(
    page: Page,
    fields: Sequence[Field],
    frame: pd.DataFrame,
    *,
    finding: str | Sentence = "",
    filtered: bool = True,
) -> Placed:
    """A frame below what is on a page, under the page's title where it is the first; codes are written in words.

    Raises:
        ArlibError: more rows than a sheet holds.
    """
    if (page.row or _ABOVE) + len(frame) + 2 > MOST_ROWS:  # with headings and totals
        raise ArlibError(say("export.too_many", rows=len(frame), most=MOST_ROWS, sheet=page.name))
    language = page.book.language
    worded = {field.name: column_cells(frame, field.name, language) for field in fields if field.kind in _TEXTS}
    written = frame.assign(**worded)
    widths = [_width(field, written[field.name]) for field in fields]
    page.widths(widths)
    begins = page.row == 0
    if begins:
        page.title(finding)
    _headings(page, fields, widths)
    placed = _rows(page, fields, written)
    if begins and filtered:
        page.freeze(placed.first, min(2, len(fields) - 1) if len(fields) > _MANY else 0)
    if len(frame) and filtered:
        page.sheet.autofilter(placed.first - 1, 0, placed.last, len(fields) - 1)
    return placed


_TEXTS = ("text", "prose")
_DATES = ("date", "day")
_MANY = 8  # columns from which the first two stay in sight


def _headings(page: Page, fields: Sequence[Field], widths: Sequence[float]) -> None:
    lines = max(_heading_lines(field.heading, width) for field, width in zip(fields, widths, strict=True))
    page.sheet.set_row(page.row, (lines + 0.3) * HEADING_LINES)
    for column, field in enumerate(fields):
        page.put(column, field.heading, field.kind if field.kind in FIGURES else "text", "head")
    page.row += 1


def _rows(page: Page, fields: Sequence[Field], frame: pd.DataFrame) -> Placed:
    """The rows, then the totals."""
    first = page.row
    page.sheet.append(first, len(frame), [_cells(page, field, frame) for field in fields], _heights(fields, frame))
    page.row += len(frame)
    placed = Placed(page, tuple(fields), frame, first, page.row - 1, page.row)
    if not len(frame) or not any(field.total for field in fields):
        return replace(placed, total=None)
    totals = [_total(page, place, field, frame, placed) for place, field in enumerate(fields)]
    page.line(totals, [field.kind for field in fields], ("total",))
    return placed


def _cells(page: Page, field: Field, frame: pd.DataFrame) -> Iterator[str]:
    """The cells of a column."""
    column, look = frame[field.name], page.book.look(field.kind)
    if field.formula:
        flags = frame[field.where].tolist() if field.where else [True] * len(frame)
        formulas = (
            field.formula.format(row=row + 1, above=row) if live else "" for row, live in enumerate(flags, page.row)
        )
        return page.sheet.formulas(formulas, _figures(field, column), look)
    if field.kind in _TEXTS:
        return page.sheet.texts(_shown(column), look, page.book.look(field.kind, "quoted"))
    return page.sheet.numbers(_figures(field, column), look)


def _shown(column: "pd.Series[Any]") -> list[str | None]:
    """The texts of a column as cells show them, None where there is none."""
    known = lru_cache(_KNOWN)(visible)
    texts = column.astype("object")
    return [None if missing else known(str(text)) for text, missing in zip(texts, texts.isna(), strict=True)]


def _figures(field: Field, column: "pd.Series[Any]") -> list[float | None]:
    """The figures of a column, dates as the days a spreadsheet counts, None where there is none."""
    missing = column.isna().to_numpy()
    dated = field.kind in _DATES
    figures = (day_numbers(column) + _UNIX if dated else column.to_numpy("float64", na_value=np.nan) + 0.0).tolist()
    return [None if none else value for value, none in zip(figures, missing, strict=True)]  # + 0.0: no −0.00


def _total(page: Page, place: int, field: Field, frame: pd.DataFrame, placed: Placed) -> Any:  # noqa: ANN401
    """The last cell of a column: the sum of those above it, or the word for it in the first."""
    if not field.total:
        return word("export.total", page.book.language) if place == 0 else None
    letter = xl_col_to_name(place)
    figures = frame[field.name].to_numpy("float64", na_value=np.nan)
    return Live(f"=SUM({letter}{placed.first + 1}:{letter}{placed.last + 1})", float(np.nansum(figures)))


def _heights(fields: Sequence[Field], frame: pd.DataFrame) -> list[int]:
    """How high each row is for its longest text, 0 on one line: a sheet opens with the heights it was saved with."""
    prose = [field for field in fields if field.kind == "prose"]
    if not prose:
        return []
    lines = [
        frame[field.name].astype("str").str.len().fillna(0).astype(float) // ((field.width or _PROSE) - 1) + 1
        for field in prose
    ]
    longest = pd.concat(lines, axis=1).max(axis=1).astype("int64")
    return (longest.where(longest > 1, 0) * HEADING_LINES).tolist()


def _heading_lines(heading: str, width: float) -> int:
    """Lines a heading takes in a column, its words kept whole."""
    lines, length = 1, 0
    for part in heading.split(" "):
        if length and length + 1 + len(part) > width - _ARROW:
            lines, length = lines + 1, len(part)
        else:
            length += bool(length) + len(part)
    return lines


def _width(field: Field, column: "pd.Series[Any]") -> float:
    if field.width:
        return field.width
    heading = float(max(map(len, field.heading.split(" "))) + _ARROW)
    if field.kind in _DATES:
        return max(_DATE, heading)
    if field.kind in FIGURES:
        largest = float(np.nansum(column.to_numpy("float64", na_value=np.nan))) if field.total else 0.0
        digits = len(f"{largest:,.2f}") * _DIGITS if field.kind == "money" else 0.0
        return max(_FIGURE if field.kind == "money" else _SHORT, heading, digits)
    longest = float(column.astype("str").str.len().quantile(0.98)) if len(column) else 0.0
    widest = _PROSE if field.kind == "prose" else _WIDEST
    return max(heading, min(max(10.0, longest + 3), widest))

"""The rows of a table at once: cells made alike column by column, put together row by row."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain, islice, repeat

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from arlib.export.sheets.texts import begins_formula

_TOGETHER = 5_000  # rows written at once
_KNOWN = 20_000  # cells of a column kept, as most values come again


class Sheet(Worksheet):  # type: ignore[misc] # XlsxWriter tells no types
    """A sheet that also takes the rows of a table together.

    XlsxWriter checks, keeps and writes cells one by one, which is most of the time a workbook of millions of them
    takes. Here a column is its cells as XML but for their places (`numbers`, `texts`, `formulas`), and rows go where
    XlsxWriter in constant memory puts its own, as it would have written them.
    """

    def append(self, first: int, rows: int, columns: Sequence[Iterable[str]], heights: Sequence[int] = ()) -> None:
        """Writes rows below all that was written, from the row `first` (from 0) on.

        Args:
            first: the place of the first.
            rows: how many.
            columns: the cells of each column from the first one on, "" where there is none.
            heights: of the rows in points, 0 for the usual one; empty where all have it.
        """
        self._write_single_row(first)  # the row before, which waits until another begins
        numbers = [str(first + row + 1) for row in range(rows)]
        placed = [_placed(xl_col_to_name(place), numbers, cells) for place, cells in enumerate(columns)]
        whole = zip(_begun(numbers, heights or repeat(0)), *placed, repeat("</row>"), strict=False)
        while together := "".join(chain.from_iterable(islice(whole, _TOGETHER))):
            self.fh.write(together)
        if rows:
            self._check_dimensions(first, 0)
            self._check_dimensions(first + rows - 1, max(len(columns) - 1, 0))
        self.previous_row = first + rows

    def numbers(self, values: Iterable[float | None], look: Format) -> Iterator[str]:
        """The cells of figures; "" where there is none.

        Raises:
            ValueError: a figure without end, for which a spreadsheet has no place.
        """
        return map(lru_cache(_KNOWN)(partial(_number, look)), values)

    def texts(self, values: Iterable[str | None], look: Format, quoted: Format) -> Iterator[str]:
        """The cells of texts that are `visible`, "" where there is none; `quoted` of those that begin as formulas."""

        def cell(text: str | None) -> str:
            if text is None:
                return ""
            index = _index(quoted if begins_formula(text) else look)
            kept = ' xml:space="preserve"' if text != text.strip() else ""
            told = self._escape_data(self._escape_control_characters(text))
            return f'" s="{index}" t="inlineStr"><is><t{kept}>{told}</t></is></c>'

        return map(lru_cache(_KNOWN)(cell), values)

    def formulas(self, formulas: Iterable[str], values: Iterable[float | None], look: Format) -> Iterator[str]:
        """The cells of formulas with the figures they give; of the figure alone where the formula is empty."""
        for formula, value in zip(formulas, values, strict=True):
            if formula and value is not None:
                told = self._escape_data(formula.removeprefix("="))
                yield f'" s="{_index(look)}"><f>{told}</f><v>{_finite(value)!r}</v></c>'
            else:
                yield _number(look, value)


def _number(look: Format, value: float | None) -> str:
    return "" if value is None else f'" s="{_index(look)}"><v>{_finite(value):.16G}</v></c>'


def _finite(value: float) -> float:
    if math.isfinite(value):
        return value
    raise ValueError(value)


def _index(look: Format) -> int:
    """The place of a look among those of the workbook, which XlsxWriter numbers when they are first used."""
    return int(look._get_xf_index())  # noqa: SLF001 - as its own cells ask for it


def _begun(numbers: Iterable[str], heights: Iterable[int]) -> Iterator[str]:
    """How rows begin; one of the usual height says none."""
    for number, height in zip(numbers, heights, strict=False):  # heights may go on without end
        yield f'<row r="{number}" ht="{height}" customHeight="1">' if height else f'<row r="{number}">'


def _placed(letter: str, numbers: Iterable[str], cells: Iterable[str]) -> Iterator[str]:
    """Cells with where they are."""
    return (f'<c r="{letter}{number}{cell}' if cell else "" for number, cell in zip(numbers, cells, strict=True))

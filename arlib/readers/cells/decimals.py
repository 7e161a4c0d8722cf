"""Which of comma and point is the decimal mark of a file's amounts, and what in the file decides it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from arlib.readers.cells.columns import Column
from arlib.readers.cells.figures import Written, amounts, amounts_of, decimal_mark_of, either_way, numbers_in, plain_of
from arlib.schema import Floats
from arlib.words import Sentence, say

By = Literal["nothing", "given", "cells", "sums", "figures", "numbers", "separator", "assumed"]
Ties = Callable[[Mapping[str, Column]], int]  # how many sums of a file come out, its columns read in one way

_OTHER = {",": ".", ".": ","}
_CERTAIN = ("nothing", "given", "cells", "sums")
_MOST = 0.5  # of the numbers with decimals: on more of them, three decimals are how the file writes
_FINE = 1e-6


@dataclass(frozen=True)
class DecimalMark:
    """The decimal mark of a file, what decides it, and the first cell that could be read either way.

    `by`: "cells" that allow one reading only; "sums" that come out in one only; "figures", whole amounts beside with
    or without marks of thousands; "numbers" beside with few decimals or with three; the "separator" of the text;
    "assumed", where nothing decides. "nothing": no cell could be read either way.
    """

    mark: str
    by: By
    example: str = ""

    @property
    def certain(self) -> bool:
        """Whether the file proves it, or there is nothing to prove."""
        return self.by in _CERTAIN

    def sentence(self) -> Sentence | None:
        """What to tell a person: a note, or a doubt where not `certain`; None where no cell could be read otherwise."""
        if self.by in ("nothing", "given") or not self.example:
            return None
        cell = pd.Series([self.example])
        read, other = (float(amounts(cell, mark=mark).values.iloc[0]) for mark in (self.mark, _OTHER[self.mark]))
        key = "read.mark" if self.certain else "read.mark_perhaps"
        return say(key, example=self.example, read=read, other=other, why=say(f"read.mark_by.{self.by}"))


def decide_mark(
    cells: Mapping[str, "pd.Series[Any]"],
    written: Mapping[str, Written],
    *,
    likely: str | None = None,
    ties: Ties | None = None,
) -> DecimalMark:
    """The decimal mark of the columns of amounts of a file.

    Cells that can only mean one decide; then sums; then what stands beside `1.234`: whole amounts such as 999 without a
    mark, and none of four figures without, show that it parts thousands, and so do numbers with two decimals at most.
    Then the mark `likely` with the separator of the text. Where nothing decides, thousands are assumed.

    Args:
        cells: the columns.
        written: the same, with the shapes of their cells.
        likely: the mark that goes with the separator of the text.
        ties: counts the sums that come out.
    """
    decided = decimal_mark_of(list(written.values()))
    open_ = {name: mask for name, each in written.items() if (mask := each.spread(either_way(each))).any()}
    if not open_:
        return DecimalMark(decided or ".", "cells" if decided else "nothing")
    example = next(written[name].cells(mask)[0] for name, mask in open_.items()).strip()
    if decided:
        return DecimalMark(decided, "cells", example)
    if ties and (mark := _tying(cells, written, ties)):
        return DecimalMark(mark, "sums", example)
    points = sum(int(written[name].counts[either_way(written[name], ".")].sum()) for name in open_)
    commas = sum(int(written[name].counts[either_way(written[name], ",")].sum()) for name in open_)
    mark = "." if points >= commas else ","  # the one that is a decimal mark or parts thousands
    of_figures = _of_figures([written[name] for name in open_])
    of_numbers = _of_numbers(cells.values())
    for by, decimal in (("figures", of_figures), ("numbers", of_numbers)):
        if decimal is not None:
            return DecimalMark(mark if decimal else _OTHER[mark], by, example)  # type: ignore[arg-type]
    return DecimalMark(likely, "separator", example) if likely else DecimalMark(_OTHER[mark], "assumed", example)


def _tying(cells: Mapping[str, "pd.Series[Any]"], written: Mapping[str, Written], ties: Ties) -> str | None:
    """The mark under which more sums come out."""
    comma, point = (
        ties({name: amounts_of(column, written[name], mark) for name, column in cells.items()}) for mark in (",", ".")
    )
    return None if comma == point else "," if comma > point else "."


def _of_figures(written: Iterable[Written]) -> bool | None:
    """Whether whole amounts beside show a decimal mark: those of four figures without a mark; else of two or three."""
    figures = {len(shape) for each in written for shape in plain_of(each)}
    if any(length > len("999") for length in figures):
        return True
    return False if any(length > 1 for length in figures) else None


def _of_numbers(columns: Iterable["pd.Series[Any]"]) -> bool | None:
    """Whether numbers that are no text have three decimals, as the cells would; None where none has decimals."""
    values = [numbers_in(column) for column in columns]
    held: Floats = np.concatenate(values) if values else np.array([], dtype=np.float64)
    held = held[np.abs(held - np.rint(held)) > _FINE]
    if not len(held):
        return None
    finer = np.abs(held * 100 - np.rint(held * 100)) > _FINE * 100
    return bool(finer.mean() > _MOST)

"""Values of cells that are more than a text or a figure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Live:
    """A formula, and the figure it gives: shown until a program calculates, compared with what it then calculates."""

    formula: str
    value: float | str


@dataclass(frozen=True)
class Link:
    """A text that leads to a sheet of the same workbook."""

    text: str
    sheet: str

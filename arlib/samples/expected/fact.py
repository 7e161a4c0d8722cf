"""A true figure, how it is written, and the table it stands in."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

SEPARATOR = " / "  # between the parts of a key

Exact = int | Fraction


class Line(NamedTuple):
    """One true figure of a sample on a day: which measure, of what, in euros, days, a share or a count."""

    measure: str
    key: str
    value: str


class Fact(NamedTuple):
    """One row of `expected.csv`."""

    sample: str
    as_of: date
    measure: str
    key: str
    value: str


def key(*parts: object) -> str:
    """The parts of a key: `2025-09-30 / not_due / paid`."""
    return SEPARATOR.join(map(str, parts))


def money(cents: Exact) -> str:
    """Euros with two decimals: `-1234.50`."""
    return _written(Fraction(cents) / 100, 2)


def days(value: Exact) -> str:
    """Days with six decimals."""
    return _written(Fraction(value), 6)


def share(value: Exact) -> str:
    """A share, 0 to 1, or a number of times, with nine decimals."""
    return _written(Fraction(value), 9)


def _written(value: Fraction, decimals: int) -> str:
    scaled = value * 10**decimals
    rounded = (Decimal(scaled.numerator) / Decimal(scaled.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    return str(rounded.scaleb(-decimals) + 0)


def write_expected(path: Path, rows: Sequence[Fact]) -> None:
    """`expected.csv`: UTF-8, commas, one row a figure."""
    with path.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(Fact._fields)
        writer.writerows(rows)

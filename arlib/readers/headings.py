"""Which heading means what, in French and English: one table of headings (`headings.csv`), compared plainly."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from arlib.errors import ArlibError
from arlib.words import bare, say

# What a heading says of the unit or the writing of its cells, not of their meaning.
_UNITS = {"eur", "euro", "euros", "usd", "gbp", "chf", "cad", "jj", "mm", "aaaa", "dd", "yyyy"}
_NEARLY = 0.6  # of the best row: a richer header further down belongs to another table
_ENOUGH = 2  # headings recognised in one row before it is taken for the header


@cache
def _meanings() -> Mapping[str, tuple[int, str]]:
    """Each plain heading with its rank in the table and the field it means; a lower rank wins a field."""
    with Path(__file__).with_name("headings.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return MappingProxyType({plain(row["heading"]): (rank, row["field"]) for rank, row in enumerate(rows)})


@cache
def fields() -> tuple[str, ...]:
    """Every field a heading can mean."""
    return tuple(dict.fromkeys(field for _, field in _meanings().values()))


def plain(heading: str) -> str:
    """A heading for comparison: lower case, no accents, words apart (`InvoiceDate` too), no marks or units."""
    written = heading.replace("°", "o ").replace("º", "o ").replace("%", " pct ").replace("€", " eur ")
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", bare(written))
    words = re.sub(r"[^a-z0-9]+", " ", apart.lower()).split()
    return " ".join(word for word in words if word not in _UNITS)


def recognise(headings: Iterable[str], chosen: Mapping[str, str] | None = None) -> dict[str, str]:
    """The heading that stands for each field, `{field: heading}`; `chosen` says it for some of them.

    Raises:
        ArlibError: `chosen` names a field or a heading that does not exist.
    """
    headings = list(headings)
    for field, heading in (chosen or {}).items():
        if field not in fields() or heading not in headings:
            raise ArlibError(
                say(
                    "read.columns",
                    field=field,
                    heading=heading,
                    fields=", ".join(fields()),
                    headings=", ".join(headings),
                )
            )
    best: dict[str, tuple[int, str]] = {}
    for heading in headings:
        rank, field = _meanings().get(plain(heading), (0, ""))
        if field and heading not in (chosen or {}).values() and (field not in best or rank < best[field][0]):
            best[field] = (rank, heading)
    return {field: heading for field, (_, heading) in best.items()} | dict(chosen or {})


def header_row(rows: Sequence[Sequence[Any]]) -> int | None:
    """The first row that recognises nearly as many headings as the best one does; none where no row has two."""
    scores = [len({_meanings()[p][1] for p in map(plain, map(str, row)) if p in _meanings()}) for row in rows]
    enough = max(_ENOUGH, _NEARLY * max(scores, default=0))
    return next((place for place, score in enumerate(scores) if score >= enough), None)

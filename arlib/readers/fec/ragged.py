"""Lines with more cells than there are headings, put back in line where there is exactly one way to do it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.readers.cells import amounts, dates, decimal_mark
from arlib.readers.fec.accounts import Chosen
from arlib.readers.fec.written import sign_of, signed_cents
from arlib.readers.tables.table import Table
from arlib.words import Sentence, say

_MOST = 3  # cells too many beyond which a line is not guessed at
_LISTED = 10
_ACCOUNT = re.compile(r"\d{2,}\w*")
_CURRENCY = re.compile(r"(?:[A-Za-z]{3})?")
_ENTRY = ("JournalCode", "EcritureNum", "EcritureDate")
_DATES = ("EcritureDate", "PieceDate", "DateLet", "ValidDate")
# What tells a customer's line from another; of other accounts' lines neither names nor labels matter.
_OF_CUSTOMERS = ("CompAuxNum", "PieceRef", "PieceDate", "EcritureLet")

Line = Mapping[str, str]


@dataclass(frozen=True, eq=False)
class _Form:
    """What the cells of a line must be for it to fit: dates, amounts, an account, a currency."""

    table: Table
    amounts: tuple[str, str]

    @cached_property
    def headings(self) -> tuple[str, ...]:
        return tuple(map(str, self.table.cells.columns))

    @cached_property
    def cents(self) -> Mapping[str, float]:
        """Each text of the ragged lines that is an amount, in cents; 0 for an empty one."""
        texts = pd.Series(sorted({cell for _, cells in self.table.ragged for cell in cells}), dtype="str")
        columns = [self.table.cells[name].astype("str") for name in self.amounts if name != "Sens"]
        read = amounts(texts, mark=decimal_mark(columns) or ",")
        known = texts[~read.wrong]
        return dict(zip(known, (read.values[known.index].fillna(0.0) * 100).round(), strict=True))

    @cached_property
    def days(self) -> frozenset[str]:
        """The texts of the ragged lines that are dates, or nothing."""
        texts = pd.Series(sorted({cell for _, cells in self.table.ragged for cell in cells}), dtype="str")
        return frozenset(texts[~dates(texts, day_comes_first=True).wrong])

    @cached_property
    def entries(self) -> Mapping[tuple[str, ...], int]:
        """What the regular lines of each entry come to, in cents."""
        lines = self.table.cells
        keys = [lines[name].astype("str").str.strip() for name in _ENTRY if name in lines]
        sums = pd.Series(signed_cents(lines, self.amounts).values, lines.index).groupby(keys).sum()
        return {key if isinstance(key, tuple) else (key,): int(cents) for key, cents in sums.items()}

    def ways(self, cells: Sequence[str]) -> Iterator[Line]:
        """Every reading of a line that leaves out the cells it has too many, and fits."""
        if len(cells) - len(self.headings) > _MOST:
            return
        for kept in combinations(cells, len(self.headings)):
            line = dict(zip(self.headings, kept, strict=True))
            if self._fits(line):
                yield line

    def _fits(self, line: Line) -> bool:
        if not _ACCOUNT.fullmatch(line["CompteNum"].strip()) or not line["EcritureDate"].strip():
            return False
        if not _CURRENCY.fullmatch(line.get("Idevise", "").strip()):
            return False
        stated = [line[name] for name in (*self.amounts, "Montantdevise") if name in line and name != "Sens"]
        counted = all(cell in self.cents for cell in stated) and any(line[name].strip() for name in self.amounts)
        sided = "Sens" not in self.amounts or sign_of(line["Sens"]) != 0
        return counted and sided and all(line[name] in self.days for name in _DATES if name in line)

    def balances(self, line: Line) -> bool:
        """Whether the entry of the line balances with it."""
        key = tuple(line[name].strip() for name in _ENTRY if name in line)
        first, second = (line[name] for name in self.amounts)
        if "Sens" in self.amounts:
            return self.entries.get(key, 0) + self.cents[first] * sign_of(second) == 0
        return self.entries.get(key, 0) + self.cents[first] - self.cents[second] == 0

    def meaning(self, line: Line, chosen: Chosen) -> tuple[str, ...]:
        """What two readings of a line must have in common to be one."""
        own = _OF_CUSTOMERS if chosen.takes(line["CompteNum"]) else ()
        return tuple(line.get(name, "").strip() for name in (*_ENTRY, "CompteNum", *self.amounts, *own))


def realigned(table: Table, chosen: Chosen, amount_names: tuple[str, str]) -> tuple[Table, tuple[Sentence, ...]]:
    """The table with its ragged lines put back where one reading alone fits, and warnings with their rows.

    A line that can be read in several ways, or in none, is left out where no reading puts it on a customer account.

    Raises:
        ArlibError: such a line may be a customer's.
    """
    if not table.ragged:
        return table, ()
    form = _Form(table, amount_names)
    made: dict[int, Line] = {}
    left_out, refused = [], []
    for row, cells in table.ragged:
        ways = _one_each(form, list(form.ways(cells)), chosen)
        if len(ways) == 1:
            made[row] = ways[0]
        elif any(map(chosen.takes, [way["CompteNum"] for way in ways] or cells)):
            refused.append(Problem(table.place(row), say("fec.ragged", cells=len(cells), width=len(form.headings))))
        else:
            left_out.append(row)
    if refused:
        raise ArlibError(problems=refused)
    said = (("fec.realigned", list(made)), ("fec.left_out", left_out))
    warnings = [say(key, rows=len(rows), row=", ".join(map(str, rows[:_LISTED]))) for key, rows in said if rows]
    return replace(table, cells=_with(table.cells, made), ragged=()), tuple(warnings)


def _one_each(form: _Form, ways: list[Line], chosen: Chosen) -> list[Line]:
    """The readings that differ in what matters: those under which the entry balances, where any does."""
    distinct = list({form.meaning(way, chosen): way for way in reversed(ways)}.values())
    balanced = [way for way in distinct if form.balances(way)] if len(distinct) > 1 else []
    return balanced or distinct


def _with(cells: pd.DataFrame, made: Mapping[int, Line]) -> pd.DataFrame:
    if not made:
        return cells
    added = pd.DataFrame(list(made.values()), index=list(made), columns=cells.columns, dtype="str")
    return pd.concat([cells, added]).sort_index()

"""Which lines make an entry: the finest key under which they balance, tried and not trusted.

Drafts carry one number for all entries, some software restarts its numbers each day, some gives each line its own:
lines that balance under a fine key are an entry, those that do not are tried under a coarser one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from arlib.readers.fec.lines import Lines
from arlib.readers.fec.written import Cents, along, as_text, changes, told_apart, trimmed
from arlib.schema import Codes, Flags
from arlib.words import Sentence, say

_KEYS = (
    ("JournalCode", "EcritureNum", "EcritureDate", "PieceRef"),
    ("JournalCode", "EcritureNum", "EcritureDate"),
    ("JournalCode", "EcritureNum"),
    ("JournalCode", "EcritureDate", "PieceRef"),
    ("JournalCode", "EcritureDate"),
)
_DRAFT_KEYS = _KEYS[3:]
_SHOWN = 0.005  # share of the lines that a key must tell apart for the notes to name it
_NO_NUMBER = ("", "0", "00000000")

Way = Callable[[Codes], Codes]


@dataclass(frozen=True, eq=False)
class Entries:
    """The entry of each line, how many there can be, and whether it balances."""

    codes: Codes
    size: int
    balanced: Flags
    said: Sentence


def find_entries(lines: Lines) -> Entries:
    """The entries of a FEC."""
    keys = _Keys(lines)
    drafts = keys.drafts()
    ways = [
        (drafts, [(key, partial(keys.cut, key)) for key in _DRAFT_KEYS] + _grouped(keys, _DRAFT_KEYS)),
        (~drafts, [(key, partial(keys.runs, key)) for key in _KEYS] + _grouped(keys, _KEYS)),
    ]
    codes = np.zeros(len(drafts), dtype=np.intp)
    told: dict[str, int] = {}
    size = 0
    for chosen, tried in ways:
        left = np.flatnonzero(chosen)
        for key, way in tried:
            made = way(left)
            whole = _balanced(made, lines.signed[left])
            codes[left] = made + size  # a coarser key, tried next, takes those that do not balance
            size += int(made.max(initial=-1)) + 1
            told[" + ".join(key)] = told.get(" + ".join(key), 0) + int(whole.sum())
            left = left[~whole]
            if not len(left):
                break
    balanced = _balanced(codes, lines.signed)
    used = [name for name, count in told.items() if count > _SHOWN * len(codes)] or list(told)[:1]
    share = float(balanced.mean()) if len(balanced) else 1.0
    return Entries(codes, size, balanced, say("fec.entries", key="; ".join(used), share=share))


def _grouped(keys: "_Keys", tried: Sequence[tuple[str, ...]]) -> list[tuple[tuple[str, ...], Way]]:
    return [(key, partial(keys.groups, key)) for key in tried]


def _balanced(codes: Codes, signed: Cents) -> Flags:
    """Whether each line stands in an entry that balances; sums of whole cents are exact."""
    sums = np.bincount(codes, signed)
    whole: Flags = (sums == 0)[codes]
    return whole


class _Keys:
    """The columns entries are told apart by."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        cells = lines.table.cells
        self._columns: dict[str, pd.Series[Any]] = {
            "EcritureDate": pd.Series(lines.booked),
            "JournalCode": pd.Series(lines.journal.codes),
            **{name: as_text(cells[name]) for name in ("EcritureNum", "PieceRef") if name in cells},
        }

    def drafts(self) -> Flags:
        """The lines whose number tells nothing: none, zero, or one for the whole file."""
        starts = np.ones(len(self._lines.booked), dtype=bool)
        if "EcritureNum" not in self._columns:
            return starts
        numbers = self._columns["EcritureNum"]
        starts[1:] = changes(numbers)
        if starts.sum() <= 1:
            return np.ones(len(starts), dtype=bool)
        none = trimmed(numbers[starts]).fillna("").isin(_NO_NUMBER)
        return along(none.to_numpy(bool), starts)

    def runs(self, key: tuple[str, ...], left: Codes) -> Codes:
        """Consecutive lines with one key."""
        starts = np.zeros(max(len(left), 1), dtype=bool)
        for name in key:
            starts[1:] |= self._changes(name, left)
        runs: Codes = np.cumsum(starts)[: len(left)]
        return runs

    def cut(self, key: tuple[str, ...], left: Codes) -> Codes:
        """Consecutive lines with one key, cut wherever they come to zero."""
        runs = self.runs(key, left)
        running = np.cumsum(self._lines.signed[left])
        ends = np.flatnonzero(np.diff(runs, append=-1) != 0)
        before = np.concatenate([[0], running[ends]])[runs] if len(runs) else running
        zero = running == before
        return np.cumsum(np.concatenate([[False], zero[:-1] | (np.diff(runs) != 0)])[: len(left)])

    def groups(self, key: tuple[str, ...], left: Codes) -> Codes:
        """Lines with one key, wherever they stand."""
        codes = np.zeros(len(left), dtype=np.intp)
        for name in key:
            if name in self._columns:
                each, distinct = told_apart(self._of(name, left))
                codes, _ = pd.factorize(codes * len(distinct) + each)
        return codes

    def _changes(self, name: str, left: Codes) -> Flags:
        """Where a line has not the value of the one before."""
        if name not in self._columns or not len(left):
            return np.zeros(max(len(left) - 1, 0), dtype=bool)
        return changes(self._of(name, left))

    def _of(self, name: str, left: Codes) -> "pd.Series[Any]":
        """A column of some lines; of all of them, as it is."""
        column = self._columns[name]
        return column if len(left) == len(column) else column.iloc[left]

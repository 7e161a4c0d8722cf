"""Customers named on rows of their own, carried down to the rows of their movements."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.readers.marks import NAMES, Marks
from arlib.readers.row_words import party_of, row_word, words_of
from arlib.readers.stated_party import Party, stated_party
from arlib.readers.table import Table
from arlib.schema import Codes, Flags
from arlib.words import Sentence, say

NAME, NUMBER = "Customer", "Customer number"  # headings of the columns made where the list has none
_FEW_CELLS = 3  # a party's row holds its account, its name and little else
_ALIKE = 0.8  # share of party rows that begin with an account before it is taken for one in all of them
_OUTLINE = 0.2  # share of movements without a customer from which a list names each customer once


@dataclass(frozen=True, eq=False)
class Carried:
    """Cells with every movement's customer, the rows that only named one, and what was done."""

    cells: pd.DataFrame
    party_rows: Flags
    notes: tuple[Sentence, ...] = ()


def carry_parties(table: Table, found: Mapping[str, str], marks: Marks) -> Carried:
    """The cells of a table, the customers of rows that name nobody taken from the row above that names one.

    A party's row holds a name and no date: alone, or with the totals of the rows below it. Where the list has a
    column of customers, the name goes there; where it has none, into a new column "Customer", and an account
    written before the name into "Customer number". In some exports the party's row stands below its movements. A list
    of one customer may name it in its title block only.
    """
    movements = marks.dated & marks.priced & ~marks.says("total") & ~marks.says("closing")
    if any(field in found for field in NAMES):
        return _into_their_column(table, found, marks, movements)
    parties = _party_rows(marks) & ~movements
    if not movements.any():
        return Carried(table.cells, np.zeros(len(table.cells), dtype=bool))
    headless = not parties.any() or movements[: np.argmax(parties)].any()
    below = headless and parties.any() and not movements[_last(parties) :].any()
    stated = stated_party(table.title) if headless and not (below and parties.sum() > 1) else None
    if stated:
        return _of_one(table, stated)
    if not parties.any():
        return Carried(table.cells, parties)
    owner = _owner(parties, upward=bool(below))
    accounts, names = _accounts_and_names(marks.texts[parties[marks.sparse]])
    cells = table.cells.copy()
    cells.insert(0, NAME, _owned(names, owner))
    if any(accounts):
        cells.insert(0, NUMBER, _owned(accounts, owner))
    note = say("layout.parties", rows=int(parties.sum()), row=_first_row(cells, parties))
    return Carried(cells, parties, (note,))


def _of_one(table: Table, party: Party) -> Carried:
    """The cells of a list of one customer, named on every row."""
    cells = table.cells.copy()
    for heading, value in zip((NAME, NUMBER), reversed(party), strict=True):
        if value:
            cells.insert(0, heading, value)
    note = say("layout.of_one", party=" ".join(filter(None, party)))
    return Carried(cells, np.zeros(len(cells), dtype=bool), (note,))


def _into_their_column(table: Table, found: Mapping[str, str], marks: Marks, movements: Flags) -> Carried:
    nameless = movements & ~marks.named
    nobody = Carried(table.cells, np.zeros(len(table.cells), dtype=bool))
    if not nameless.any():
        return nobody
    ahead = _next(nameless, movements)
    parties = marks.named & ~marks.dated & ~marks.documented & ~_speaks_of_balances(marks) & ahead
    outline = nameless.sum() >= _OUTLINE * movements.sum() and not _said_twice(table, found, movements)
    sources = parties | (movements & marks.named) if outline else parties
    if not sources.any():
        return nobody
    owner = _owner(sources, upward=False)
    cells = table.cells.copy()
    for heading in (found[field] for field in NAMES if field in found):
        column = cells[heading].astype("object")
        given = _owned(column[sources].tolist(), owner)
        cells[heading] = column.where(~(nameless & (owner >= 0)), given).astype(cells[heading].dtype)
    row = _first_row(cells, sources)
    key = "layout.parties" if parties.any() else "layout.outline"
    return Carried(cells, parties, (say(key, rows=int(sources.sum()), row=row),))


def _said_twice(table: Table, found: Mapping[str, str], movements: Flags) -> bool:
    """Whether two movements that follow each other both name the same customer: the list repeats its customers."""
    heading = next(found[field] for field in NAMES if field in found)
    names = table.cells.loc[movements, heading].astype("str").str.strip()
    return bool(((names == names.shift()) & (names != "")).any())


def _party_rows(marks: Marks) -> Flags:
    """Rows without a date that hold a text, little else, and no word of a balance."""
    filled = marks.texts != ""
    lettered = marks.texts.apply(lambda column: column.str.contains(r"[^\W\d_]", regex=True)).any(axis=1)
    few = filled.sum(axis=1).between(1, _FEW_CELLS) & lettered
    return marks.spread(few) & ~marks.dated & ~_speaks_of_balances(marks)


def _speaks_of_balances(marks: Marks) -> Flags:
    """Rows of a total, an opening or closing balance, or a page's carry-over: their names name nobody."""
    said = marks.says("total") | marks.says("opening") | marks.says("closing") | marks.says("page")
    return said | marks.total_of_known(known_names(marks.texts))


def known_names(texts: pd.DataFrame) -> set[str]:
    """Every text of some rows for comparison, and the account and name it holds; what only says a total left out."""
    distinct = {text for heading in texts for text in texts[heading].unique() if text and not row_word(text)}
    parts = {part for text in distinct for part in (text, *party_of(text)[:2])}
    return {words for part in parts if (words := words_of(part)) and not words.isdigit()}


def _next(nameless: Flags, movements: Flags) -> Flags:
    """Rows whose next movement names nobody."""
    places = np.append(np.flatnonzero(movements), -1)
    following = places[np.searchsorted(places[:-1], np.arange(len(movements)), side="right")]
    ahead: Flags = np.append(nameless, False)[following]
    return ahead


def _first_row(cells: pd.DataFrame, flags: Flags) -> int:
    return int(cells.index[flags][0])


def _last(flags: Flags) -> int:
    return int(len(flags) - 1 - np.argmax(flags[::-1]))


def _owner(sources: Flags, *, upward: bool) -> Codes:
    """For each row the count of the party it belongs to, the one above it or `upward` the one below; -1 for none."""
    if not upward:
        return np.cumsum(sources) - 1
    owner: Codes = np.cumsum(sources) - sources
    return np.where(owner < sources.sum(), owner, -1)


def _owned(values: list[Any], owner: Codes) -> npt.NDArray[np.object_]:
    owned: npt.NDArray[np.object_] = np.array([*values, ""], dtype="object")[owner]
    return owned


def _accounts_and_names(texts: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Account and name of each party's row: two cells, or one that holds both, the same way in most rows."""
    written = [[cell for cell in row if cell] for row in texts.to_numpy()]
    joined = [" ".join(cells[:2]) if _is_account(cells) else cells[0] for cells in written]
    read = [party_of(text) for text in joined]
    coded = sum(account != "" for account, *_ in read) >= _ALIKE * len(read)
    kept = [
        (account, name) if coded or announced else ("", text)
        for (account, name, announced), text in zip(read, joined, strict=True)
    ]
    return [account for account, _ in kept], [name for _, name in kept]


def _is_account(cells: list[str]) -> bool:
    """Whether the first of two cells is an account and the second a name."""
    return (
        len(cells) > 1 and any(map(str.isdigit, cells[0])) and " " not in cells[0] and any(map(str.isalpha, cells[1]))
    )

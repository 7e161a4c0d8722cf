"""Customers named on rows of their own, carried down to the rows of their movements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.readers.rows.marks import NAMES, Marks
from arlib.readers.rows.row_words import party_of, row_word, words_of
from arlib.readers.rows.stated_party import Party, announces, stated_party
from arlib.readers.tables.table import Table, shown
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
    movements = marks.dated & marks.priced & ~marks.says("total") & ~marks.says("closing") & ~marks.believed
    if any(field in found for field in NAMES):
        return _into_their_column(table, found, marks, movements)
    rows = _party_rows(marks) & ~movements
    if not movements.any():
        return Carried(table.cells, np.zeros(len(table.cells), dtype=bool))
    return _into_a_new_column(table, marks, movements, rows)


def _into_a_new_column(table: Table, marks: Marks, movements: Flags, rows: Flags) -> Carried:
    headless = not rows.any() or bool(movements[: np.argmax(rows)].any())
    below = headless and bool(rows.any()) and not movements[_last(rows) :].any()
    stated = stated_party(table.title) if headless else None
    if stated and rows.sum() <= below:
        return _of_one(table, stated)
    if not rows.any():
        return Carried(table.cells, rows)
    written = [shown(row) for row in marks.texts[rows[marks.sparse]].to_numpy()]
    runs = np.cumsum(movements, dtype=np.intp)[rows]  # rows with no movement between them
    announced: Flags = np.array([announces(cells) for cells in written], dtype=bool)
    parties, first = rows.copy(), ("", "")
    accounts, names = _accounts_and_names(written)
    if set(runs[announced]) == set(runs):  # what else stands between movements names nobody: a city, a comment
        parties[np.flatnonzero(rows)[~announced]] = False
        accounts, names = _announced(written, accounts, names, runs, announced)
        first = stated if stated and not below else first
    owner = _owner(parties, upward=below)
    cells = table.cells.copy()
    cells.insert(0, NAME, _owned(names, owner, first[1]))
    if any(accounts) or first[0]:
        cells.insert(0, NUMBER, _owned(accounts, owner, first[0]))
    note = say("layout.parties", rows=int(parties.sum()), row=_first_row(cells, parties))
    return Carried(cells, rows, (note,))


def _announced(
    written: list[tuple[str, ...]], accounts: list[str], names: list[str], runs: Codes, announced: Flags
) -> tuple[list[str], list[str]]:
    """Account and name of each row that announces a customer; where they stand on two rows of a run, both on each."""
    by_run: dict[int, list[tuple[str, ...]]] = {}
    for place in np.flatnonzero(announced):
        by_run.setdefault(int(runs[place]), []).append(written[place])
    said = {run: stated_party(rows) for run, rows in by_run.items()}
    parties = [
        said[int(runs[place])] or stated_party([written[place]]) or (accounts[place], names[place])
        for place in np.flatnonzero(announced)
    ]
    return [account for account, _ in parties], [name for _, name in parties]


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


def _owned(values: list[Any], owner: Codes, otherwise: str = "") -> npt.NDArray[np.object_]:
    """The value of each row's party, `otherwise` where it has none."""
    owned: npt.NDArray[np.object_] = np.array([*values, otherwise], dtype="object")[owner]
    return owned


def _accounts_and_names(written: list[tuple[str, ...]]) -> tuple[list[str], list[str]]:
    """Account and name of each party's row: two cells, or one that holds both, the same way in most rows."""
    joined = [" ".join(cells[:2]) if _is_account(cells) else cells[0] for cells in written]
    read = [party_of(text) for text in joined]
    coded = sum(account != "" for account, *_ in read) >= _ALIKE * len(read)
    kept = [
        (account, name) if coded or announced else ("", text)
        for (account, name, announced), text in zip(read, joined, strict=True)
    ]
    return [account for account, _ in kept], [name for _, name in kept]


def _is_account(cells: Sequence[str]) -> bool:
    """Whether the first of two cells is an account and the second a name."""
    return (
        len(cells) > 1 and any(map(str.isdigit, cells[0])) and " " not in cells[0] and any(map(str.isalpha, cells[1]))
    )

"""The rows of a list that are movements: headings repeated, totals and names on rows of their own sorted out."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError, Problem
from arlib.readers.cells import read_amounts, read_dates
from arlib.readers.headings import header_rows, in_thousands, is_running, names_suppliers, plain, recognise
from arlib.readers.rows.buckets import with_sum_of_ages
from arlib.readers.rows.first_column import with_first_column
from arlib.readers.rows.labelled import weigh_labels
from arlib.readers.rows.marks import DATES, MONEY, marks_of
from arlib.readers.rows.money import with_decimal_of_totals
from arlib.readers.rows.parties import carry_parties
from arlib.readers.rows.row_words import words_of
from arlib.readers.rows.stated_party import announces
from arlib.readers.rows.totals import below_the_last, compare_totals, find_totals
from arlib.readers.tables.table import Table, shown
from arlib.schema import Flags
from arlib.words import Sentence, say

_LISTED = 5  # rows named of those left out
_RUNNING_ROWS = 3  # a balance that follows the amounts over fewer rows may do so by chance


def movement_rows(table: Table, found: Mapping[str, str]) -> Table:
    """The rows of a table that are movements, or customers with ages, with their customer on each.

    Headings repeated at each page, total rows and rows without anything are left out, counted and listed in
    `reading`; totals that disagree with the rows above them are told in `warnings`, with both figures. A customer
    named on a row of its own is carried down to its movements, into the column of customers or a new one: recognise
    the headings of the result again. An opening balance without a date gets the first day of the list. What stands
    below the last total is named in `warnings`, cell by cell, and left out.

    Args:
        table: the cells under their headings.
        found: `{field: heading}` as `recognise` gives it.

    Raises:
        ArlibError: a column of amounts is in thousands; a list printed with borders, which is no table.
    """
    _refuse_thousands(table, found)
    table = _dated(_one_table(table, found), found)
    table, found = with_first_column(table, found)
    table = _without_running_balance(table, found)
    found = {field: heading for field, heading in found.items() if heading in table.cells}
    marks = marks_of(table, found)
    if not marks.sparse.any():
        return _about_suppliers(with_sum_of_ages(table, found), found)
    table = with_decimal_of_totals(table, found, marks)
    marks, kept_labels = weigh_labels(table, found, marks)
    carried = carry_parties(table, found, marks)
    totals = find_totals(table, found, marks, carried.party_rows)
    below = below_the_last(table, found, marks, totals, carried.party_rows)
    aside = totals.all | carried.party_rows | below
    blank = ~aside & ~marks.priced & (~marks.dated | (~marks.named & ~marks.documented))
    openings = marks.says("opening") & marks.priced & ~totals.all
    sums = totals.totals | (carried.party_rows & marks.priced)
    doubts = (*compare_totals(table, found, sums, totals.closing | below, openings), *_named_below(table, below))
    dated, notes = _openings_dated(replace(table, cells=carried.cells), found, openings & ~marks.dated)
    notes = (*carried.notes, *notes, *_left_out(table, totals.all, blank))
    kept = replace(
        dated,
        cells=dated.cells[~(aside | blank)],
        reading=(*table.reading, *notes),
        warnings=(*table.warnings, *kept_labels, *doubts),
    )
    kept = with_sum_of_ages(kept, recognise(kept.cells.columns))
    return _about_suppliers(kept, found)


def _refuse_thousands(table: Table, found: Mapping[str, str]) -> None:
    """Amounts in thousands cannot tie with anything to the cent."""
    wrong = [heading for field, heading in found.items() if field in MONEY and in_thousands(heading)]
    if wrong:
        raise ArlibError(problems=[Problem(table.place(column=heading), say("layout.thousands")) for heading in wrong])


def _about_suppliers(table: Table, found: Mapping[str, str]) -> Table:
    """A warning where those named are suppliers: what is owed to them is no receivable."""
    named = [found[field] for field in ("customer_id", "customer_name") if field in found]
    if not any(map(names_suppliers, named)):
        return table
    return replace(table, warnings=(*table.warnings, say("layout.suppliers", heading=named[0])))


def _dated(table: Table, found: Mapping[str, str]) -> Table:
    """The table with the day it is of told, where it says one; an aged balance tells it with its columns."""
    if table.stated_on is None or not found.keys() & set(DATES):
        return table
    return replace(table, reading=(*table.reading, say("layout.stated_on", day=table.stated_on)))


def _named_below(table: Table, below: Flags) -> tuple[Sentence, ...]:
    """A warning with what stands below the last total."""
    if not below.any():
        return ()
    held = [" | ".join(shown(row)) for row in table.cells[below].to_numpy()]
    rows = [
        say("layout.row", row=int(row), cells=cells) for row, cells in zip(table.cells.index[below], held, strict=True)
    ]
    return (say("layout.below_total", rows=len(rows), each=rows[:_LISTED]),)


def _left_out(table: Table, totals: Flags, blank: Flags) -> tuple[Sentence, ...]:
    index = table.cells.index
    notes = []
    for key, flags in (("read.totals", totals), ("layout.blank", blank)):
        if flags.any():
            listed = ", ".join(map(str, index[flags][:_LISTED]))
            notes.append(say(key, rows=int(flags.sum()), row=listed))
    return tuple(notes)


def _one_table(table: Table, found: Mapping[str, str]) -> Table:
    """The table down to where another one begins, without the headings repeated at each page and their titles."""
    cells = table.cells
    suspects = np.flatnonzero(_without_figures(cells, found))
    repeated, end = [], len(cells)
    for place in suspects.tolist():
        written = [str(cell).strip() for cell in cells.iloc[place]]
        if _repeats(cells.columns, written):
            repeated.append(place)
        elif header_rows([written]) is not None:
            end = place
            break
    if not repeated and end == len(cells):
        return table
    titles = _titles_above(table, repeated)
    kept = cells.iloc[:end].drop(index=cells.index[sorted({*repeated, *titles})])
    notes = [say("layout.repeated", rows=len(repeated), row=int(cells.index[repeated[0]]))] if repeated else []
    warnings = []
    if end < len(cells):
        below = ", ".join(str(cell) for cell in cells.iloc[end] if str(cell).strip())
        warnings = [say("layout.below", row=int(cells.index[end]), headings=below, rows=len(cells) - end - 1)]
    return replace(table, cells=kept, reading=(*table.reading, *notes), warnings=(*table.warnings, *warnings))


def _without_figures(cells: pd.DataFrame, found: Mapping[str, str]) -> Flags:
    """Rows whose first date, else amount, is a text without any figure: a heading may stand there."""
    columns = [found[field] for field in (*DATES, *MONEY) if field in found]
    suspects = np.zeros(len(cells), dtype=bool)
    for heading in columns[:1] if found.keys() & set(DATES) else columns:
        if cells[heading].dtype == object or pd.api.types.is_string_dtype(cells[heading]):
            codes, distinct = pd.factorize(cells[heading])
            wordy = pd.Series(distinct).astype("str").str.fullmatch(r"\D*[^\W\d_]\D*").fillna(value=False)
            suspects |= np.append(wordy.to_numpy(dtype=bool), False)[codes]
    return suspects


def _repeats(headings: "pd.Index[Any]", written: list[str]) -> bool:
    """Whether cells are the headings again, or a part of them where they take two rows."""
    pairs = [(plain(cell), plain(str(heading))) for cell, heading in zip(written, headings, strict=True) if cell]
    same = sum(cell != "" and f" {cell} " in f" {heading} " for cell, heading in pairs)
    return same > 1 and same >= len(pairs) - 1


def _titles_above(table: Table, repeated: list[int]) -> set[int]:
    """Rows right above repeated headings that repeat the title block, but for numbers: those of the page.

    A row that announces another customer than the title does is none of them.
    """
    known = {_wording(text) for row in table.title for text in row} | {"", "page"}
    titles: set[int] = set()
    for place in repeated:
        above = place - 1
        while above >= 0 and (row := shown(table.cells.iloc[above])) is not None:
            if not (row in table.title or (all(_wording(cell) in known for cell in row) and not announces(row))):
                break
            titles.add(above)
            above -= 1
    return titles


def _wording(text: str) -> str:
    """A text without its figures."""
    return " ".join(re.sub(r"\d+", " ", words_of(text)).split())


def _without_running_balance(table: Table, found: Mapping[str, str]) -> Table:
    """A bare "Balance" that follows the amounts row by row is no amount left: its heading says so from here on."""
    heading = found.get("open_amount", "")
    if not is_running(heading) or "amount" not in found or len(table.cells) < _RUNNING_ROWS:
        return table
    columns = {name: table.cells[name] for name in (found["amount"], heading)}
    read = read_amounts(columns, mark=table.decimal, likely=table.likely_mark).columns
    amount, balance = (column.values for column in read.values())
    steps = balance.diff().iloc[1:] - amount.iloc[1:]
    if not (steps.abs() < 0.005).all() or (balance == amount).all():  # noqa: PLR2004 - half a cent
        return table
    renamed = table.cells.rename(columns={heading: f"{heading} (running)"})
    return replace(table, cells=renamed, reading=(*table.reading, say("layout.running", heading=heading)))


def _openings_dated(table: Table, found: Mapping[str, str], undated: Flags) -> tuple[Table, tuple[Sentence, ...]]:
    """Opening balances without a date, dated on the first day of the list."""
    heading = next((found[field] for field in ("booked_on", "issued_on") if field in found), None)
    if heading is None or not undated.any():
        return table, ()
    column = table.cells[heading]
    first = read_dates({heading: column[~undated]}).columns[heading].values.min()
    if pd.isna(first):
        return table, ()
    dated = column.astype("object")
    dated[undated] = first if column.dtype.kind == "M" else first.strftime("%Y-%m-%d")
    cells = table.cells.assign(**{heading: dated if column.dtype == object else dated.astype(column.dtype)})
    note = say("layout.openings", rows=int(undated.sum()), day=first)
    return replace(table, cells=cells), (note,)

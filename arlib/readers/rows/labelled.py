"""Rows whose words say that they are totals, weighed: a movement may bear such words, as the customer Total does."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from arlib.readers.rows.marks import DATES, NAMES, Marks
from arlib.readers.rows.money import CENT, Cents, cents_of, near, states
from arlib.readers.rows.row_words import names_somebody, row_word, words_of
from arlib.readers.tables.table import Table, shown
from arlib.schema import Flags
from arlib.words import Sentence, say

_LISTED = 5  # rows named of those kept
_ROUNDED = 0.005  # of an aged balance's total: what rounding and a note left out may take from it
_AMOUNT = r"\d[.,]\d{1,2}$"


@dataclass(frozen=True, eq=False)
class _Claims:
    """Rows that say they are totals and may be none; `named`, those whose words may be a customer's name."""

    all: Flags
    named: Flags
    totals: Flags  # rows that are totals, or hold no movement, whatever the others are


def weigh_labels(table: Table, found: Mapping[str, str], marks: Marks) -> tuple[Marks, tuple[Sentence, ...]]:
    """The marks with the rows labelled as totals that are none (`denied`) and the dated ones that are (`believed`).

    A row without date, number or customer needs no proof. A dated one that names a customer, or bears the words in
    place of its number, is a total where its amounts are those of the rows above it: back to the total before, to the
    row of a customer or to the first one. With a due date beside its own it is a movement. Where no row has a date, as
    in an aged balance, a customer may be called Total: its row is no total where it adds up nothing, unless it stands
    last and bears no number. A warning names the rows that were kept.
    """
    claims = _dated_claims(found, marks) if marks.dated.any() else _claims_of_balances(found, marks)
    marks = replace(marks, denied=_heads_of_customers(found, marks))
    if claims is None:
        return marks, ()
    believed = _believed(table, found, marks, claims)
    denied = claims.all & ~believed
    marks = replace(marks, believed=believed, denied=marks.denied | denied)
    return marks, _kept(table, denied) if denied.any() else ()


def _dated_claims(found: Mapping[str, str], marks: Marks) -> _Claims | None:
    numbers = [found["reference"]] if "reference" in found else []
    numbered = marks.cells_say(numbers, _is_no_number)
    of_nobody = ~marks.named & any(field in found for field in NAMES)
    claims = (marks.says("total") & ~marks.documented & ~of_nobody) | numbered
    claims &= marks.dated & marks.priced
    if not claims.any():
        return None
    bare = claims & ~numbered & marks.cells_say(marks.texts.columns, names_somebody)
    totals = ~marks.dated & ~marks.says("opening")
    return _Claims(claims, bare, totals)


def _is_no_number(text: str) -> bool:
    """Whether what stands in a column of numbers says a total, or a carry-over: not TOTAL-00123."""
    numbered = re.fullmatch(r"tota\w* (?!(?:19|20)\d\d$)\d+", words_of(text))
    return row_word(text) in ("total", "page") and numbered is None


def _claims_of_balances(found: Mapping[str, str], marks: Marks) -> _Claims | None:
    names = [found[field] for field in NAMES if field in found]
    claims = marks.cells_say(names, names_somebody) & marks.priced & ~marks.documented
    if not claims.any():
        return None
    others = marks.says("total") | marks.says("closing") | marks.says("share") | marks.says("page")
    return _Claims(claims, claims, (others | ~marks.named) & ~claims)


def _heads_of_customers(found: Mapping[str, str], marks: Marks) -> Flags:
    """Rows without amounts that say "TOTAL" right above a movement, where rows name the customers: one is Total."""
    if any(field in found for field in NAMES):
        return np.zeros(len(marks.dated), dtype=bool)
    bare = marks.cells_say(marks.texts.columns, names_somebody) & ~marks.dated & ~marks.priced
    if bare.any():  # an amount in a column that is not known as one
        bare &= ~marks.cells_say(marks.texts.columns, lambda text: re.search(_AMOUNT, text) is not None)
    movements = (marks.dated | marks.says("opening")) & marks.priced
    above: Flags = bare & np.append(movements[1:], False)
    return above


def _believed(table: Table, found: Mapping[str, str], marks: Marks, claims: _Claims) -> Flags:
    """Which of these rows are totals.

    Where all that bear a name add up, none of them is a customer; else only those that total all rows above them are
    none, the others counted among these.
    """
    columns = cents_of(table, found, but=claims.totals | ~marks.priced)
    stated = {heading: states(table, heading) for heading in columns}
    blank = claims.totals | ~marks.priced
    strict = claims.all & ~claims.named
    dated = bool(marks.dated.any())
    share = 0.0 if dated else _ROUNDED
    whole = _adding_up(columns, stated, claims.totals | claims.all, blank | claims.all, share)
    apart = _adding_up(columns, stated, claims.totals | strict, blank | strict, share)
    believed = strict & (whole | apart)
    if not claims.named.any():
        return believed
    named = claims.named & (whole if whole[claims.named].all() else apart)
    if not dated:
        return believed | named | (claims.named & _last(marks) & ~_numbered(found, marks))
    return believed | (named & ~_due(table, found, marks) & ~_as_above(columns, claims))


def _adding_up(
    columns: Mapping[str, Cents], stated: Mapping[str, Flags], left_out: Flags, edges: Flags, share: float
) -> Flags:
    """Rows whose amounts, each that they state, are the sum of the rows above back to an edge or to the first row.

    Args:
        columns: the amounts.
        stated: where each column holds one.
        left_out: rows that are added to no sum.
        edges: rows below which a sum may begin.
        share: of an amount, by which it may differ.
    """
    agreeing = np.ones(len(left_out), dtype=bool)
    anything = np.zeros(len(left_out), dtype=bool)
    for heading, cents in columns.items():
        added = np.where(left_out, 0, cents)
        running = np.cumsum(added)
        starts = np.unique(np.append(running[edges], 0))
        agreeing &= ~stated[heading] | near(running - added - cents, starts, np.maximum(CENT, abs(cents) * share))
        anything |= cents != 0
    return agreeing & anything


def _as_above(columns: Mapping[str, Cents], claims: _Claims) -> Flags:
    """Rows with the amounts of the one row above: two invoices of one price sooner than the total of a single one."""
    alike = np.append(False, ~(claims.all | claims.totals)[:-1])
    for cents in columns.values():
        alike &= np.append(False, cents[1:] == cents[:-1])
    return alike


def _due(table: Table, found: Mapping[str, str], marks: Marks) -> Flags:
    """Rows with two dates, their own and that on which they fall due or were paid."""
    days = [marks.days(table.cells[found[field]]) for field in DATES if field in found]
    two: Flags = np.sum(days, axis=0) > 1
    return two


def _last(marks: Marks) -> Flags:
    """The last row with amounts, percentages and balances below it left aside."""
    last = np.zeros(len(marks.priced), dtype=bool)
    last[np.flatnonzero(marks.priced & ~marks.says("share") & ~marks.says("closing"))[-1:]] = True
    return last


def _numbered(found: Mapping[str, str], marks: Marks) -> Flags:
    """Rows with a customer's number beside the name."""
    if "customer_id" not in found:
        return np.zeros(len(marks.priced), dtype=bool)
    return marks.cells_say([found["customer_id"]], lambda text: any(map(str.isdigit, words_of(text))))


def _kept(table: Table, denied: Flags) -> tuple[Sentence, ...]:
    rows = table.cells[denied].head(_LISTED)
    each: Iterable[Sentence] = (
        say("layout.row", row=int(row), cells=" | ".join(shown(cells)))
        for row, cells in zip(rows.index, rows.to_numpy(), strict=True)
    )
    return (say("layout.not_totals", rows=int(denied.sum()), each=list(each)),)

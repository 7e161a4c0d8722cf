"""Total rows of a list: found, compared with the rows they add up, and left out."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from arlib.readers.cells import texts
from arlib.readers.rows.marks import NAMES, Marks
from arlib.readers.rows.money import CENT, Cents, cents_of, near, states
from arlib.readers.rows.parties import known_names
from arlib.readers.rows.row_words import words_of
from arlib.readers.tables.table import Table
from arlib.schema import Flags
from arlib.words import Sentence, say

_NAMED = 5  # totals that disagree are named so many at a time
_FEW = 3  # rows below the total of an aged balance that are notes and not customers


@dataclass(frozen=True, eq=False)
class TotalRows:
    """Rows to leave out: totals, and closing balances, which are sums of other columns than their own."""

    totals: Flags
    closing: Flags  # and percentages of a total

    @property
    def all(self) -> Flags:
        """Both."""
        return self.totals | self.closing


def find_totals(table: Table, found: Mapping[str, str], marks: Marks, aside: Flags) -> TotalRows:
    """The total rows of a table: those that say so and name no document, bare amounts, and sums beside a customer.

    "Total Durand" is one where Durand is a customer of the table, or its amount is that of the rows above;
    TOTAL ENERGIES is a customer itself. `aside`: rows already known to be something else.
    """
    names = known_names(marks.texts) | _customers(table, found)
    loose = ~marks.dated & ~marks.documented & marks.priced
    carried = marks.says("page") & ~marks.dated
    opening = marks.says("opening")
    known = marks.total_of_known(names) & ~marks.documented
    says = ((marks.says("total") | known) & ~(marks.documented & marks.dated)) | carried | marks.believed
    closing = (marks.says("closing") | marks.says("share")) & loose & ~marks.says("total")
    bare = ~marks.dated & ~marks.named & ~marks.documented & marks.priced & ~opening
    wordless = bare & ~marks.worded()
    totals = (says | (wordless & ~closing)) & marks.priced & ~aside
    totals |= says & ~marks.priced & ~marks.dated & ~aside
    # A row of words nobody knows is a total where its amount says so, and else is read, or named as incomplete.
    named = marks.total_of_something() & loose & _below_several(totals | closing | aside)
    doubtful = (named | (bare & ~wordless) | _beside_customers(marks, loose)) & ~totals & ~closing & ~aside & ~opening
    if doubtful.any():
        totals |= doubtful & _agreeing(table, found, totals | doubtful, aside | closing)
    return TotalRows(totals, closing & ~totals & ~aside)


def _beside_customers(marks: Marks, loose: Flags) -> Flags:
    """Amounts beside a customer and no more, in a list whose other rows all have a date and a number (SAP)."""
    movements = marks.dated & marks.priced
    if not movements.any() or not marks.documented[movements].all():
        return np.zeros(len(loose), dtype=bool)
    return loose & marks.named


def below_the_last(table: Table, found: Mapping[str, str], marks: Marks, totals: TotalRows, aside: Flags) -> Flags:
    """Rows with an amount below the last total that are no part of the list: no date, no document, on none of them.

    In a list without dates, only where that total is the sum of all rows above, and few stand below.
    """
    nothing = np.zeros(len(aside), dtype=bool)
    if not totals.totals.any():
        return nothing
    place = int(np.flatnonzero(totals.totals)[-1])
    after = np.arange(len(aside)) > place
    if (after & (marks.dated | marks.documented | marks.says("opening"))).any() or (after & aside).any():
        return nothing
    below: Flags = after & marks.priced & ~totals.all
    if marks.dated.any() or not below.any():
        return below
    columns = cents_of(table, found, but=after).values()
    added = ~(totals.all | aside | after)
    whole = all(abs(int(cents[added].sum() - cents[place])) <= CENT for cents in columns)
    return below if columns and whole and below.sum() <= _FEW else nothing


def _customers(table: Table, found: Mapping[str, str]) -> set[str]:
    """The customers of a table, for comparison."""
    known = [texts(table.cells[found[field]]).dropna().unique() for field in NAMES if field in found]
    return {words_of(str(name)) for distinct in known for name in distinct}


def compare_totals(
    table: Table, found: Mapping[str, str], totals: Flags, aside: Flags, openings: Flags
) -> tuple[Sentence, ...]:
    """A warning where a total differs from the rows above it by more than a cent: both figures, the first few.

    A total agrees that is the sum of the rows right above it, back to the first row or to any other total, with the
    opening balances among them or without; one that stands above its rows, the sum of those below.
    """
    differing = []
    if not (totals | aside).any():
        return ()
    for heading, cents in cents_of(table, found, but=aside).items():
        added = np.where(totals | aside, 0, cents)
        if not added.any():  # a column of totals alone, empty on the rows they add up
            continue
        places = np.flatnonzero(totals & states(table, heading))
        agreed = _agree(cents, added, places, totals) | _agree(cents, np.where(openings, 0, added), places, totals)
        differing += [(place, heading, cents[place], _since(added, totals, place)) for place in places[~agreed]]
    differing.sort(key=lambda each: each[0])
    if not differing:
        return ()
    rows = [
        say(
            "layout.total_differs",
            row=int(table.cells.index[place]),
            column=heading,
            stated=stated / 100,
            added=added / 100,
        )
        for place, heading, stated, added in differing[:_NAMED]
    ]
    return (say("layout.totals_differ", rows=len(differing), each=rows),)


def _agree(cents: Cents, added: Cents, places: "npt.NDArray[np.intp]", totals: Flags) -> Flags:
    """Which totals are the sum of rows back to the first one or to another total, or of those down to the next."""
    running = np.cumsum(added)
    edges = np.unique(np.append(running[totals], [0, running[-1] if len(running) else 0]))
    before = running[places] - cents[places]
    after = running[places] + cents[places]
    return near(before, edges) | near(after, edges)


def _since(added: Cents, totals: Flags, place: int) -> int:
    """The sum of the rows above a total down from the total before it; of all above where there are none between."""
    earlier = np.flatnonzero(totals[:place])
    start = earlier[-1] + 1 if len(earlier) else 0
    between = added[start:place]
    return int(between.sum() if between.any() else added[:place].sum())


def _agreeing(table: Table, found: Mapping[str, str], totals: Flags, aside: Flags) -> Flags:
    """Which rows, were they totals, would agree with the rows above them in every column of amounts."""
    agreeing = totals.copy()
    for cents in cents_of(table, found, but=aside).values():
        if not (added := np.where(totals | aside, 0, cents)).any():
            continue
        agreeing[np.flatnonzero(totals)] &= _agree(cents, added, np.flatnonzero(totals), totals)
    return agreeing


def _below_several(others: Flags) -> Flags:
    """Rows that stand below two movements or more: over one row, equal amounts would be chance."""
    movements = ~others
    return np.roll(movements, 1) & np.roll(movements, 2) & (np.arange(len(others)) > 1)

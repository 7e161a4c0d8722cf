"""Where what was owed on a day is on another: the migration matrix."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.ledger import Day, Ledger, open_amounts
from arlib.measures.aging import BOUNDS, DISPUTED, NO_DUE_DATE, TOTAL, UNAPPLIED
from arlib.measures.aging.ages import Ages
from arlib.measures.delays.settlements import OPEN, STATES, pieces_of
from arlib.measures.flows.billed import debits_known
from arlib.measures.flows.edges import period, told_from
from arlib.schema import NO_DAY, Codes, Days, day_number, day_numbers, sum_by_code

NEW, APPLIED = "new", "applied"
_SETTLED = ("paid", "credited", "written_off", "moved")  # of STATES


def migration_matrix(ledger: Ledger, start: Day, end: Day, *, bounds: Sequence[int] | int = BOUNDS) -> pd.DataFrame:
    """Where each bucket of the ageing on one day is on a later one, by amount.

    One row a state at the end of `start`, in `at_start`: `not_due`, `1-30`, …, `91+`, `no_due_date`, `unapplied`
    (credits not matched, negative), and `new` for what was booked since. Columns, where it is at the end of `end`:
    `paid`, `credited`, `written_off`, `moved` (settled by a bill, a transfer or a credit carried forward), `applied`
    (credits of the start since matched with debts), `disputed` (open and disputed, whatever its age), the same buckets
    for what else is open, `unapplied`, and `total`.

    Rows but `new` add up to the ageing at `start`; the columns from `disputed` to `unapplied` to the ageing at `end`.
    A credit that came since and was matched is in the column of what it settled. Disputed is what the ledger flags
    today, whatever the day `end`: dates of disputes, which few files have, are not read (`dispute_causes` reads them),
    so disputes are told at the end only.

    Args:
        ledger: the ledger.
        start: the first day, the eve of the ledger at the earliest where openings say what was owed then.
        end: a later day.
        bounds: last day of each bucket, increasing.

    Raises:
        ArlibError: the period ends before it begins, or begins before it is known what was owed; or bounds do not
            increase.
    """
    _, first, last = period(ledger, start, end)
    ledger = told_from(ledger, first)
    ages, items = Ages.of("due", bounds), ledger.items
    names = [*ages.names, NO_DUE_DATE]
    rows, columns = [*names, UNAPPLIED, NEW], [*_SETTLED, APPLIED, DISPUTED, *names, UNAPPLIED]
    due, booked = day_numbers(items["due_on"]), (items["booked_on"] <= first).to_numpy()
    at_start = np.where(items["amount"] < 0, rows.index(UNAPPLIED), _places(ages, due, day_number(first)))
    at_start = np.where(booked, at_start, rows.index(NEW))
    at_end = columns.index(names[0]) + _places(ages, due, day_number(last))
    at_end = np.where(items["disputed"], columns.index(DISPUTED), at_end)

    pieces = pieces_of(ledger, last, debits_known(ledger, last))
    since = (pieces.state == OPEN) | (pieces.day > day_number(first))
    item, state = pieces.item[since], pieces.state[since]
    settled = np.array([columns.index(name) if name in columns else 0 for name in STATES])[state]
    opening, closing = (np.minimum(open_amounts(ledger, day), 0.0) for day in (first, last))
    credit = np.flatnonzero((opening < 0) | (closing < 0))
    row = np.concatenate([at_start[item], at_start[credit], at_start[credit]])
    column = np.concatenate(
        [
            np.where(state == OPEN, at_end[item], settled),
            np.full(len(credit), columns.index(UNAPPLIED)),
            np.full(len(credit), columns.index(APPLIED)),
        ]
    )
    used = np.where(booked, opening - closing, 0.0)  # of credits that came since, in what they settled
    amount = np.concatenate([pieces.amount[since], closing[credit], used[credit]])
    cells = sum_by_code(row * len(columns) + column, amount, len(rows) * len(columns)).round(2) + 0.0
    matrix = pd.DataFrame(cells.reshape(len(rows), -1), columns=columns)
    matrix[TOTAL] = matrix.sum(axis=1).round(2)
    matrix.insert(0, "at_start", pd.Series(rows, dtype="str"))
    return matrix


def _places(ages: Ages, due: Days, day: int) -> Codes:
    """The place of the bucket in which items stand at the end of a day; after the last one without a due date."""
    dated = due != NO_DAY
    place = np.searchsorted(ages.firsts, day - np.where(dated, due, day), side="right")
    return np.where(dated, place, len(ages.names))

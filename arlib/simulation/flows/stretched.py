"""Lateness made shorter or longer: what is paid late is paid a factor as late, what is paid early or on time is not.

Where reminders begin on a later day, what is late by then is so many times as late from the eve of that day on only.
"""

import numpy as np

from arlib.schema import Codes, Days, Floats, sum_by_code
from arlib.simulation.flows.sums import weights


def stretched(values: Floats, from_due: int, factor: float, begins: Days | None = None) -> Floats:
    """(rows, columns) amounts by open day after the due date, each d late moved to d × `factor`, in proportion.

    Args:
        values: (rows, columns) amounts; the due date is column `from_due`.
        from_due: the column of the due date; later ones are late.
        factor: of lateness, 0 or more.
        begins: (rows,) as `late_moved`; of no row by default.
    """
    if factor == 1:
        return values
    column, day, share = _moved(values.shape[1], from_due, factor)
    size = int(day.max(initial=0)) + 1, values.shape[1]
    together = np.asarray((weights(day, column, share, size) @ np.ascontiguousarray(values.T)).T)
    reminded = np.flatnonzero(begins >= 0) if begins is not None else ()
    if begins is None or not len(reminded):
        return together
    late = np.arange(values.shape[1]) - from_due
    alone = shared(values[reminded], late_moved(late, begins[reminded, None], factor) + from_due)
    found = np.zeros((len(values), max(together.shape[1], alone.shape[1])))
    found[:, : together.shape[1]] = together
    found[reminded] = 0.0
    found[reminded, : alone.shape[1]] = alone
    return found


def late_moved(late: Floats | Days, begins: Days, factor: float | Floats) -> Floats:
    """(…) days late under other reminders: from the later of the due date and the eve of the first on, × `factor`.

    By hand, reminders that halve lateness from the fifth day after the due date on: what is 3 days late still is, what
    is 10 days late is 4 + 6 / 2 = 7. With a factor of 0 it is paid on the fifth day.

    Args:
        late: (…) days after the due date, without them.
        begins: (…) the last day after the due date on which nobody is reminded yet; negative where it is before it.
        factor: of lateness, 0 or more.
    """
    origin = np.maximum(begins, 0)
    moved = np.maximum(origin + (late - origin) * factor, np.where(begins >= 0, begins + 1, 0))
    return np.where(late > origin, moved, late)


def shared(values: Floats, moved: Floats) -> Floats:
    """(rows, columns) amounts moved along each row to columns, (rows, columns), shared between the two around each."""
    whole = np.floor(moved).astype(np.int64)
    rows, width = len(values), int(whole.max(initial=0)) + 2
    place, part = np.arange(rows)[:, None] * width + whole, moved - whole
    places = np.concatenate([place.ravel(), place.ravel() + 1])
    amounts = np.concatenate([(values * (1 - part)).ravel(), (values * part).ravel()])
    return sum_by_code(places, amounts, rows * width).reshape(rows, width)


def _moved(columns: int, from_due: int, factor: float) -> tuple[Days, Codes, Floats]:
    """Each column, twice: where it goes, and the share of it that does."""
    column = np.arange(columns)
    day = np.where(column > from_due, from_due + (column - from_due) * factor, column)
    whole = np.floor(day).astype(np.int64)
    later = day - whole
    kept = later > 0
    return (
        np.concatenate([column, column[kept]]),
        np.concatenate([whole, whole[kept] + 1]),
        np.concatenate([1 - later, later[kept]]),
    )

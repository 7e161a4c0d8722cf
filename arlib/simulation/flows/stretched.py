"""Lateness made shorter or longer: what is paid late is paid a factor as late, what is paid early or on time is not."""

import numpy as np

from arlib.schema import Days, Floats
from arlib.simulation.flows.sums import weights


def stretched(values: Floats, from_due: int, factor: float) -> Floats:
    """(rows, columns) amounts by open day after the due date, each d late moved to d × `factor`, in proportion.

    Args:
        values: (rows, columns) amounts; the due date is column `from_due`.
        from_due: the column of the due date; later ones are late.
        factor: of lateness, 0 or more.
    """
    if factor == 1:
        return values
    column, day, share = _moved(values.shape[1], from_due, factor)
    size = int(day.max(initial=0)) + 1, values.shape[1]
    return np.asarray((weights(day, column, share, size) @ np.ascontiguousarray(values.T)).T)


def _moved(columns: int, from_due: int, factor: float) -> tuple[Days, Days, Floats]:
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

"""Deadlines and how many days are left of them: exact months, a status, the sentence that says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from arlib.law.dated import Kind, in_force, shipped_entries
from arlib.law.reasons import said, written_lengths
from arlib.schema import NO_DAY, Codes, Days, Flags
from arlib.terms.periods import add_months
from arlib.words import Language, Sentence

PASSED, URGENT, OPEN, UNDATED = "passed", "urgent", "open", "unknown"
STATUSES = (URGENT, OPEN, UNDATED, PASSED)  # in the order in which they are to be looked at


@dataclass(frozen=True, eq=False)
class Deadlines:
    """Deadlines as of a day.

    Attributes:
        as_of: the day.
        rows: one row a deadline, the most urgent first; those that have passed last.
        notes: what was assumed, and what is to be confirmed.
    """

    as_of: pd.Timestamp
    rows: pd.DataFrame
    notes: tuple[Sentence, ...]


def entries_on(name: str, columns: Mapping[str, Kind], key: tuple[str, ...], day: pd.Timestamp) -> pd.DataFrame:
    """The rows of a table of law that hold on a day; before the last of its first days, those that begin by then."""
    entries = shipped_entries(name, columns, key=key)
    return in_force(entries, max(day, entries["valid_from"].max()), key=key)


def months_after(days: Days, months: Days) -> Days:
    """The same day of the month so many months later, by row; the last one of a shorter month."""
    moved = np.full(len(days), NO_DAY)
    for each in np.unique(months):
        chosen = (months == each) & (days != NO_DAY)
        moved[chosen] = add_months(days[chosen], int(each))
    return moved


def statuses(ends: Days, today: int, urgent: int) -> Codes:
    """Urgent, open, unknown or passed, as places in `STATUSES`; the last day itself is not passed."""
    left = np.where(ends == NO_DAY, 0, ends - today)
    return np.asarray(np.select([ends == NO_DAY, left < 0, left <= urgent], [2, 3, 0], 1), dtype=np.intp)


def days_left(ends: Days, today: int) -> "pd.Series[Any]":
    """The days left until each deadline, negative once it has passed, missing where there is none."""
    return pd.Series(np.where(ends == NO_DAY, 0, ends - today), dtype="Int64").where(ends != NO_DAY)


def countdowns(ends: Days, today: int, status: Codes, language: Language) -> list[tuple[Flags, pa.LargeStringArray]]:
    """How many days are left or how long ago it passed, as parts of a column of sentences; none without a deadline."""
    columns = {"days": written_lengths(np.where(ends == NO_DAY, 0, np.abs(ends - today)), language)}
    passed, running = status == STATUSES.index(PASSED), status <= STATUSES.index(OPEN)
    return [
        (running, said("law.deadlines.left", language, running, columns)),
        (passed, said("law.deadlines.passed", language, passed, columns)),
    ]

"""The payments of cells laid on open days, each cell from its own due date."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from arlib.behaviour.survival import FIRST_DAY, LAST_DAY
from arlib.schema import Codes, Days, Flags, Floats, sum_by_code
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.flows.stretched import stretched
from arlib.simulation.flows.sums import weights

ON_TIME = -FIRST_DAY  # the column of the laws' grid that is the due date


@dataclass(frozen=True, eq=False)
class Laid:
    """Rows of payments by open day after the due date, each counted from its own.

    Ranks of open days count from `first`, which stands for all earlier ones; the last one stands for all later ones.

    Attributes:
        agenda: which days are open.
        horizon: the last day.
        reach: days by which payments can be moved.
        lateness: how many times as late what is paid after the due date is.
        row: (rows,) of the tables, which one.
        due: (rows,) the day it is counted from.
        paid: (rows of the table, grid) amounts.
        spread: (rows of the table, grid) changes of their variance.
        weight: (rows,) what each amount weighs.
        spread_weight: (rows,) what each variance weighs.
        reminded_after: the day by whose end nobody is reminded yet: what is late by then is, from it on.
    """

    agenda: Agenda
    horizon: int
    reach: int
    lateness: float
    row: Codes
    due: Days
    paid: Floats
    spread: Floats
    weight: Floats
    spread_weight: Floats
    reminded_after: int = 0

    @cached_property
    def first(self) -> int:
        """Rank of the first of the open days."""
        return int(self.agenda.last_rank(np.array([-self.reach]))[0])

    @cached_property
    def payments(self) -> Floats:
        """(open days,) amount paid by the end of each."""
        return np.cumsum(self._by_rank(self.paid, self.weight))

    def early(self, start: Days) -> Floats:
        """(days, open days) amount paid by an open day, of rows that start after a day; up to `reach` after it.

        Args:
            start: (rows,) an open day of each, none after the horizon.
        """
        days, width = self.horizon + 1, self._width
        last = np.minimum(self._rank_of(start) + self.reach, width - 1)
        amount, rank = self._head(self.paid, self.weight, last)
        left_out = days * width
        place = np.where(rank <= last[:, None], start[:, None] * width + rank, left_out)
        by_start = sum_by_code(place.ravel(), amount.ravel(), left_out + 1)[:-1].reshape(days, width)
        early = np.zeros((days, width))
        early[:-1] = np.cumsum(np.cumsum(by_start, axis=1)[:0:-1], axis=0)[::-1]
        return early

    def variance(self, start: Days) -> Floats:
        """(days,) variance of what is paid by the end of each day, no row being paid before it starts, an open day."""
        begin = self._rank_of(start)
        sooner, rank = self._sooner(self.spread, self.spread_weight, begin)
        by_rank = self._by_rank(self.spread, self.spread_weight) - _summed(rank, sooner, self._width)
        by_rank += sum_by_code(begin, sooner.sum(axis=1), self._width)
        return np.asarray(np.cumsum(by_rank)[self._by_the_end_of])

    def paid_from(self, start: Days) -> Floats:
        """(days,) amount paid by the end of each day, by rows that have started: each on any day from 0 on."""
        sooner, rank = self._sooner(self.paid, self.weight, self._rank_of(start))
        ends, beyond = np.arange(self._width), self.horizon + 1
        day = np.clip(self.agenda.day(ends + self.first), 0, beyond)
        held = sum_by_code(np.minimum(start, beyond), sooner.sum(axis=1), beyond + 1)
        held -= sum_by_code(day, _summed(rank, sooner, self._width), beyond + 1)
        return np.asarray(self.payments[self._by_the_end_of] + np.cumsum(held)[:-1])

    @cached_property
    def _width(self) -> int:
        return int(self.agenda.last_rank(np.array([self.horizon + self.reach]))[0]) - self.first + 2

    @cached_property
    def _due(self) -> Days:
        """(rows,) the rank of the due date of each."""
        return self._rank_of(self.due)

    @cached_property
    def _by_the_end_of(self) -> Days:
        """(days,) the rank of the last open day by the end of each day."""
        return self.agenda.last_rank(np.arange(self.horizon + 1)) - self.first

    def _rank_of(self, days: Days) -> Days:
        return self.agenda.rank(days) - self.first

    def _begins(self, due: Days) -> Days | None:
        """(rows,) as `late_moved` has it, by rank of the due date; none where reminders begin tomorrow."""
        return (
            int(self.agenda.last_rank(np.array([self.reminded_after]))[0]) - self.first - due
            if self.reminded_after
            else None
        )

    def _by_rank(self, table: Floats, weight: Floats) -> Floats:
        """(open days,) the amount of all rows on each."""
        longest = int(np.ceil(table.shape[1] * max(self.lateness, 1.0)))  # earlier and later due dates are beyond
        due = np.clip(self._due, -longest, self._width - FIRST_DAY)
        low = int(due.min(initial=0))
        size = int(due.max(initial=0)) - low + 1
        by_due = np.asarray(weights(due - low, self.row, weight, (size, len(table))) @ table)
        by_due = stretched(by_due, ON_TIME, self.lateness, self._begins(low + np.arange(size)))
        rank = low + FIRST_DAY + np.add.outer(np.arange(len(by_due)), np.arange(by_due.shape[1]))
        return _summed(np.clip(rank, 0, self._width - 1), by_due, self._width)

    def _sooner(self, table: Floats, weight: Floats, begin: Days) -> tuple[Floats, Days]:
        """Two (rows, days after due) arrays: amounts before a rank, 0 from it on; and the rank of each."""
        amount, rank = self._head(table, weight, np.minimum(begin, self._width) - 1)
        sooner: Flags = rank < begin[:, None]
        return amount * sooner, rank

    def _head(self, table: Floats, weight: Floats, last: Days) -> tuple[Floats, Days]:
        """Two (rows, days after due) arrays: the amounts up to a rank of each row at least, and the rank of each."""
        due = self._due
        most = max(int((last - due).max(initial=FIRST_DAY - 1)), FIRST_DAY - 1)  # days after the due date
        shortest = min(max(self.lateness, 1 / LAST_DAY), 1.0 if self.reminded_after else np.inf)
        used = most if most < 0 else int(min((most + 1) / shortest, LAST_DAY))
        used += 1 - FIRST_DAY
        amount = stretched(table[self.row, :used] * weight[:, None], ON_TIME, self.lateness, self._begins(due))
        amount = amount[:, : most - FIRST_DAY + 1]
        rank = due[:, None] + np.arange(FIRST_DAY, FIRST_DAY + amount.shape[1])
        return amount, np.clip(rank, 0, self._width - 1)


def _summed(rank: Days, amount: Floats, size: int) -> Floats:
    return sum_by_code(rank.ravel(), amount.ravel(), size)

"""Sums of weighed rows of tables: what adding up the laws of many invoices, or many of these sums, comes to."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from arlib.behaviour import PaymentLaws
from arlib.schema import Codes, Days, Floats, sum_by_code

if TYPE_CHECKING:
    from scipy.sparse import csc_array


def weights(code: Codes, taken: Codes, weight: Floats, size: tuple[int, int]) -> "csc_array":
    """The matrix whose product with a table is, code by code, the sum of the rows taken from it, each weighed.

    Each sum is made row by row, so that it rounds the same way whatever else is added up beside it.

    Args:
        code: (rows,) the sum each belongs to.
        taken: (rows,) which row of the table it is.
        weight: (rows,) what it weighs.
        size: how many sums there are, and how many rows in the table.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - loaded on first use

    return coo_array((weight, (code, taken)), shape=size).tocsc()  # by column: the table, the larger, is read in order


def by_day(row: Codes, day: Days, amount: Floats, size: tuple[int, int]) -> Floats:
    """(rows, days) the sum by row and day of amounts, up to the last day."""
    rows, days = size
    place = np.where(day < days, np.broadcast_to(row, day.shape) * days + day, rows * days)
    return sum_by_code(place.ravel(), amount.ravel(), rows * days + 1)[:-1].reshape(size)


@dataclass(frozen=True, eq=False)
class DueLaws:
    """The laws of some customers for due dates on one weekday.

    Attributes:
        steps: (customers, 1 + paying days) shares unpaid: of all, then after each open day on which anybody pays.
        passed: (grid,) how many of these days have passed by the end of each open day after the due date.
    """

    steps: Floats
    passed: Codes

    @classmethod
    def on(cls, laws: PaymentLaws, weekday: int, customers: Codes) -> "DueLaws":
        """Those of customers, by position; the same on any weekday where the laws tell none apart."""
        return cls(laws.due_weekdays.steps(customers, weekday), laws.due_weekdays.passed)

    @classmethod
    def never_paid(cls, laws: PaymentLaws, customers: Codes, weekday: Days) -> Floats:
        """(rows,) the share customers, by position, never pay of what is due on some weekdays."""
        never = np.empty(len(customers))
        for due_on in np.unique(weekday):
            rows = np.flatnonzero(weekday == due_on)
            who, place = np.unique(customers[rows], return_inverse=True)
            never[rows] = cls.on(laws, int(due_on), who).steps[place, -1]
        return never

    @cached_property
    def table(self) -> Floats:
        """(customers, grid) shares unpaid by open day after the due date."""
        return self.steps[:, self.passed]

    def at(self, customer: Codes, column: Codes) -> Floats:
        """What is unpaid by the law of each customer, by place among these, on a day of the grid each."""
        return np.asarray(self.steps[customer, self.passed[column]])

    def windows(self, days: int) -> Floats:
        """(customers, days + 1 + grid, days + 1) each law from any open day on, from `days` + 1 before its grid."""
        size = len(self.steps), days + 1
        padded = np.hstack([np.ones(size), self.table, np.broadcast_to(self.table[:, -1:], size)])
        return np.lib.stride_tricks.sliding_window_view(padded, days + 1, axis=1)

"""Expected payments by day of many invoices at once: laws added up by due date, then slid along the days."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from arlib.behaviour import PaymentLaws
from arlib.behaviour.survival import FIRST_DAY
from arlib.schema import Days, Flags, Floats, sum_by_code
from arlib.simulation.plan import SalesPlan

_CHUNK = 8192  # invoices whose laws are held in memory at once


@dataclass(frozen=True, eq=False)
class Cells:
    """Invoices of one day of issue and one due date, with the mixture of their customers' own laws.

    Attributes:
        issue: (cells,) day of issue.
        due: (cells,) due date under today's terms.
        billed: (cells,) amount.
        paid: (cells, days) amount expected on each day of the laws' grid, counted from the due date.
        spread: (cells, days) change on each of these days of the variance of what is paid, Σ a² F (1 − F).
    """

    issue: Days
    due: Days
    billed: Floats
    paid: Floats
    spread: Floats


def gather(plan: SalesPlan, laws: PaymentLaws, chosen: Flags) -> Cells:
    """The cells of the chosen invoices of a plan, by due date then day of issue."""
    invoices = np.flatnonzero(chosen)
    invoices = invoices[np.lexsort((plan.issue[invoices], plan.due[invoices]))]
    issue, due = plan.issue[invoices], plan.due[invoices]
    fresh = np.ones(len(invoices), dtype=bool)
    fresh[1:] = (np.diff(issue) != 0) | (np.diff(due) != 0)
    starts = np.flatnonzero(fresh)
    paid = np.empty((len(starts), len(laws.days)))
    spread = np.empty_like(paid)
    edges = np.unique(np.searchsorted(starts, [*range(0, len(invoices), _CHUNK), len(invoices)]))
    for first, last in pairwise(edges):
        stop = starts[last] if last < len(starts) else len(invoices)
        members, inner = invoices[starts[first] : stop], starts[first:last] - starts[first]
        unpaid = laws.unpaid[plan.customer[members]]
        owed = plan.amount[members][:, None] * unpaid
        spread[first:last] = np.add.reduceat(owed * (plan.amount[members][:, None] - owed), inner, axis=0)
        paid[first:last] = -np.add.reduceat(owed, inner, axis=0)
    billed = np.add.reduceat(plan.amount[invoices], starts) if len(starts) else np.zeros(0)
    paid[:, 1:] -= paid[:, :-1]
    paid[:, 0] += billed
    spread[:, 1:] -= spread[:, :-1]
    return Cells(issue[starts], due[starts], billed, paid, spread)


@dataclass(frozen=True, eq=False)
class Flow:
    """Amounts known by day after the due date, of cells with a due date and a day of issue, on the calendar.

    Nothing is paid before it is issued: what the law puts earlier falls on the day of issue.

    Attributes:
        rows: (cells, days) amounts, as in `Cells`.
        weight: (cells,) what each row counts for.
        issue: (cells,) day of issue.
        due: (cells,) due date.
        line: amounts by calendar day from `first` on, early ones not yet held back.
        first: the first day of `line`.
    """

    rows: Floats
    weight: Floats
    issue: Days
    due: Days
    line: Floats
    first: int

    @classmethod
    def of(cls, rows: Floats, weight: Floats, issue: Days, due: Days) -> "Flow":
        """The flow of some cells; one pass over their rows."""
        if not len(due):
            return cls(rows, weight, issue, due, np.zeros(1), 0)
        first = int(due.min()) + FIRST_DAY
        day = (due + FIRST_DAY - first)[:, None] + np.arange(rows.shape[1])
        line = sum_by_code(day.ravel(), (rows * weight[:, None]).ravel(), int(day[:, -1].max()) + 1)
        return cls(rows, weight, issue, due, line, first)

    def until(self, horizon: int, shift: int = 0) -> Floats:
        """(horizon + 1,) amount accumulated by the end of each day, every payment moved by `shift` days."""
        by_day = np.zeros(horizon + 1)
        begin = self.first + shift
        low, high = max(1, begin), min(horizon + 1, begin + len(self.line))
        if low < high:
            by_day[low:high] = self.line[low - begin : high - begin]
        return np.asarray(np.cumsum(by_day + self._held_back(horizon, shift)))

    def _held_back(self, horizon: int, shift: int) -> Floats:
        """What is taken from days before the issue and put on it."""
        gap = self.due - self.issue + shift
        cells = np.flatnonzero(gap < -FIRST_DAY)
        if not len(cells):
            return np.zeros(horizon + 1)
        lag = np.arange(1, -FIRST_DAY - gap[cells].min() + 1)
        place = -FIRST_DAY - gap[cells, None] - lag
        inside = (place >= 0) & (place < self.rows.shape[1])
        early = np.where(inside, self.rows[cells[:, None], np.where(inside, place, 0)], 0.0)
        early *= self.weight[cells, None]
        issue = self.issue[cells]
        day = issue[:, None] - lag
        kept = inside & (day >= 1) & (day <= horizon)
        taken = sum_by_code(day[kept], early[kept], horizon + 1)
        seen = issue <= horizon
        return sum_by_code(issue[seen], early.sum(axis=1)[seen], horizon + 1) - taken


def moved(cells: Cells, factor: Floats, issue: Days, due: Floats) -> tuple[list[Flow], list[Flow]]:
    """Flows of payments and of their variance, with other days of issue and due dates.

    Args:
        cells: the cells.
        factor: (cells,) growth of their amounts.
        issue: (cells,) new days of issue.
        due: (cells,) days payments are counted from; between two days, the amount is shared between them.
    """
    whole = np.floor(due).astype(np.int64)
    later = due - whole
    steps = [(whole, 1 - later), (whole + 1, later)] if later.any() else [(whole, np.ones_like(due))]
    paid = [Flow.of(cells.paid, factor * share, issue, day) for day, share in steps]
    spread = [Flow.of(cells.spread, factor**2 * share, issue, day) for day, share in steps]
    return paid, spread

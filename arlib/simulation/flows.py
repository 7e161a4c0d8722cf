"""Expected payments by day of many invoices at once: laws added up by due date, then laid on the open days."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from arlib.behaviour import PaymentLaws
from arlib.behaviour.survival import DAYS
from arlib.calendar import WEEK
from arlib.schema import Codes, Days, Flags, Floats, sum_by_code
from arlib.simulation.agenda import Agenda
from arlib.simulation.plan import SalesPlan

_CHUNK = 512  # invoices whose laws are held at once: few enough for the caches of a processor


@dataclass(frozen=True, eq=False)
class Cells:
    """Invoices of one day of issue and one due date, each paid by its own customer's law.

    Laws know the weekday of the due date, which a policy moves. So what is expected of a cell, were it due on a
    Monday, a Tuesday…, is added up from its invoices when that weekday is first asked of it, and kept.

    Attributes:
        laws: of the customers.
        issue: (cells,) day of issue.
        due: (cells,) due date under today's terms.
        billed: (cells,) amount.
        customer: (invoices,) position in the laws' customers: in order, but that each chunk is in order of `cell`.
        cell: (invoices,) the cell of each.
        amount: (invoices,) what each bills.
    """

    laws: PaymentLaws
    issue: Days
    due: Days
    billed: Floats
    customer: Codes
    cell: Codes
    amount: Floats

    def due_on(self, cells: Codes, weekday: Days) -> tuple[Floats, Floats]:
        """Two (cells, grid) arrays, of some cells, each due on a weekday.

        The amount expected on each open day of the grid of the laws; and the change on it of the variance of what is
        paid, which is Σ a² F (1 − F).
        """
        known, paid, spread = self._kept
        fresh = ~known[weekday, cells]
        if fresh.any():
            place = weekday[fresh], cells[fresh]
            paid[place], spread[place] = self._added_up(cells[fresh], weekday[fresh])
            known[place] = True
        return paid[weekday, cells], spread[weekday, cells]

    @cached_property
    def _kept(self) -> tuple[Flags, Floats, Floats]:
        """What is known of each weekday and cell."""
        size = (WEEK, len(self.issue))
        return np.zeros(size, dtype=bool), np.zeros((*size, len(DAYS))), np.zeros((*size, len(DAYS)))

    def _added_up(self, cells: Codes, weekday: Days) -> tuple[Floats, Floats]:
        """`due_on` from the invoices. Their chunks never change, so that no sum rounds by what else was asked."""
        row = np.full(len(self.issue), -1)
        row[cells] = np.arange(len(cells))
        unpaid, variance = np.zeros((2, len(cells), len(DAYS)))
        for first in range(0, len(self.cell), _CHUNK):
            part = first + np.flatnonzero(row[self.cell[first : first + _CHUNK]] >= 0)
            rows, amount = row[self.cell[part]], self.amount[part, None]
            starts = np.flatnonzero(np.diff(rows, prepend=-1))
            left = self.laws.due_weekdays.unpaid_by(self.customer[part], weekday[rows]) * amount
            unpaid[rows[starts]] += np.add.reduceat(left, starts)
            variance[rows[starts]] += np.add.reduceat(left * (amount - left), starts)
        paid = -np.diff(unpaid, axis=1, prepend=self.billed[cells, None])
        return paid, np.diff(variance, axis=1, prepend=0.0)


def gather(plan: SalesPlan, laws: PaymentLaws, chosen: Flags) -> Cells:
    """The cells of the chosen invoices of a plan, by due date then day of issue."""
    invoices = np.flatnonzero(chosen)
    invoices = invoices[np.argsort(plan.customer[invoices], kind="stable")]
    width = int(plan.issue.max(initial=0)) + 1
    days, cell = np.unique(plan.due[invoices] * width + plan.issue[invoices], return_inverse=True)
    due, issue = np.divmod(days, width)
    by_chunk = np.lexsort((cell, np.arange(len(cell)) // _CHUNK))
    invoices, cell = invoices[by_chunk], cell[by_chunk]
    return Cells(
        laws=laws,
        issue=issue,
        due=due,
        billed=sum_by_code(cell, plan.amount[invoices], len(days)),
        customer=plan.customer[invoices],
        cell=cell,
        amount=plan.amount[invoices],
    )


@dataclass(frozen=True, eq=False)
class Sales:
    """What is billed on each day, and paid of it: none before its invoice is issued. All payments can move together.

    Attributes:
        billed: (days,) amount issued on each day.
        payments: (2, days of issue, open days) amount issued by a day and, were invoices paid before they are issued,
            paid by the end of the other; then the variance of it.
        agenda: which days are open.
        first: rank of the first of the open days.
    """

    billed: Floats
    payments: Floats
    agenda: Agenda
    first: int

    def __add__(self, other: "Sales") -> "Sales":
        """Both together, over the same days."""
        return replace(self, billed=self.billed + other.billed, payments=self.payments + other.payments)

    def __sub__(self, other: "Sales") -> "Sales":
        """These without the others, which are some of them."""
        return replace(self, billed=self.billed - other.billed, payments=self.payments - other.payments)

    def paid(self, shift: float = 0.0) -> Floats:
        """(days,) amount paid by the end of each day, every payment `shift` days later; in proportion between two."""
        whole = int(np.floor(shift))
        part = shift - whole
        return np.asarray(self._until(whole)[0] * (1 - part) + (self._until(whole + 1)[0] * part if part else 0.0))

    def variance(self) -> Floats:
        """(days,) variance of the amount paid by the end of each day, every invoice paid by its own chance."""
        return np.asarray(self._until(0)[1])

    def _until(self, shift: int) -> Floats:
        # The day of payment is the later of the day moved to and the day of issue: both have passed.
        day = np.arange(len(self.billed))
        return self.payments[:, day, self.agenda.last_rank(day - shift) - self.first]


@dataclass(frozen=True, eq=False)
class Moved:
    """Cells under a policy, each with another weight, day of issue and due date.

    Attributes:
        cells: the cells.
        factor: (cells,) growth of their amounts.
        issue: (cells,) day of issue.
        due: (cells,) day payments are counted from; between two days, the amount is shared between them.
    """

    cells: Cells
    factor: Floats
    issue: Days
    due: Floats

    def sales(self, horizon: int, reach: int) -> Sales:
        """What is billed and paid up to a horizon; payments can then be moved by `reach` days.

        An invoice issued on a closed day is paid on the next open one at the earliest.
        """
        agenda, days = Agenda.of(self.cells.laws), horizon + 1
        first, last = agenda.last_rank(np.array([-reach, horizon + reach]))
        width = int(last - first) + 2  # the first open day stands for all earlier ones, the last one for all later ones
        paid, variance = np.zeros((2, days * width))
        issue = agenda.open_day(self.issue)
        for used, due, share in self._by_due_day(issue <= horizon):
            place = np.clip((agenda.rank(due) - first)[:, None] + DAYS, 0, width - 1)
            place += issue[used, None] * width
            expected, spread = self.cells.due_on(used, agenda.weekday(due))
            factor = self.factor[used]
            paid += _sums(place, expected, factor * share, len(paid))
            variance += _sums(place, spread, factor**2 * share, len(paid))
        laid = np.stack([paid, variance]).reshape(2, days, width).cumsum(axis=1).cumsum(axis=2)
        issued = self.issue <= horizon
        billed = sum_by_code(self.issue[issued], (self.cells.billed * self.factor)[issued], days)
        return Sales(billed, laid, agenda, int(first))

    def _by_due_day(self, seen: Flags) -> Iterator[tuple[Codes, Days, Floats]]:
        """Some of the cells, their whole due dates, and the share of each that is counted from them."""
        whole = np.floor(self.due).astype(np.int64)
        later = self.due - whole
        for due, share in ((whole, 1 - later), (whole + 1, later)):
            used = np.flatnonzero(seen & (share > 0))
            if len(used):
                yield used, due[used], share[used]


def _sums(place: Days, values: Floats, weight: Floats, size: int) -> Floats:
    """The sum by place of values (cells, grid) which each cell weighs."""
    return sum_by_code(place.ravel(), (values * weight[:, None]).ravel(), size)

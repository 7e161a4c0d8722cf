"""Invoices to come, added up by day of issue, due date and terms, each paid by its own customer's law."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws
from arlib.calendar import WEEK
from arlib.schema import Codes, Days, Flags, Floats, numbered, sum_by_code
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.flows.sums import DueLaws, weights
from arlib.simulation.outlook.written import WrittenTerms
from arlib.simulation.sales.plan import SalesPlan

if TYPE_CHECKING:
    from scipy.sparse import csc_array

_QUARTERS = 4
_LEAST = 1e-100  # above 0, to divide by


@dataclass(frozen=True, eq=False)
class Cells:
    """Invoices of one day of issue, one due date and one way of being dated, each paid by its own customer's law.

    Laws know the weekday of the due date, which a policy moves. So what is expected of the cells, were they due on a
    Monday, a Tuesday…, is added up from their invoices when that weekday is first asked for, and kept.

    Attributes:
        laws: of the customers.
        issue: (cells,) day of issue.
        due: (cells,) due date under today's terms.
        written: (cells,) what dates them, were they issued on another day.
        billed: (cells,) amount.
        invoices: (cells,) how many have a part that is meant.
        customer: (invoices,) position in the laws' customers.
        cell: (invoices,) the cell of each.
        amount: (invoices,) what each bills.
        chosen: (invoices,) the share of it that is meant: 1, or the chance that such an invoice is.
    """

    laws: PaymentLaws
    issue: Days
    due: Days
    written: WrittenTerms
    billed: Floats
    invoices: Floats
    customer: Codes
    cell: Codes
    amount: Floats
    chosen: Floats

    def due_on(self, weekdays: Days) -> tuple[Floats, Floats]:
        """Two (weekdays × cells, days) tables: row `weekday` × cells + cell, of these weekdays at least.

        The amount expected on each open day of the grid of the laws, up to the last on which anything is paid; and the
        change on it of the variance of what is paid, which is Σ a² F (1 − F).
        """
        known, paid, spread = self._kept
        for weekday in np.unique(weekdays[~known[weekdays]]):
            paying = self.laws.due_weekdays.paying
            paid[weekday][:, paying], spread[weekday][:, paying] = self._added_up(int(weekday))
            known[weekday] = True
        return paid.reshape(-1, paid.shape[-1]), spread.reshape(-1, paid.shape[-1])

    @cached_property
    def never(self) -> Floats:
        """(cells,) the amount the laws never pay, on the weekdays of today's due dates.

        Under others it is the same: a date that is moved makes nobody pay who never would, nor the other way round.
        """
        weekday, cell = Agenda.of(self.laws).weekday(self.due), np.arange(len(self.due))
        paid, _ = self.due_on(weekday)
        return np.asarray(np.maximum(self.billed - paid[weekday * len(cell) + cell].sum(axis=1), 0.0))

    @cached_property
    def squares(self) -> Floats:
        """(cells,) sum of the squares of the amounts."""
        return sum_by_code(self.cell, self.chosen * self.amount**2, len(self.issue))

    @cached_property
    def by_term(self) -> tuple[Codes, Floats]:
        """The quarter of the amounts each cell is in, by days granted today; (quarters, days) the mean law of each.

        Who is granted more days is often less late: one mean law for all would blur which invoices are still owed.
        """
        days = self.due - self.issue
        order = np.argsort(days, kind="stable")
        sooner = np.cumsum(self.billed[order]) / max(self.billed.sum(), _LEAST)
        quarter = np.empty(len(days), dtype=np.int64)
        quarter[order] = np.clip(np.ceil(sooner * _QUARTERS) - 1, 0, _QUARTERS - 1)
        weekday = Agenda.of(self.laws).weekday(self.due)
        table, _ = self.due_on(weekday)
        amount = sum_by_code(quarter, self.billed, _QUARTERS)
        row = weekday * len(days) + np.arange(len(days))
        paid = weights(quarter, row, np.ones(len(days)), (_QUARTERS, len(table))) @ table
        return quarter, np.asarray(paid / np.maximum(amount, _LEAST)[:, None])

    @cached_property
    def _kept(self) -> tuple[Flags, Floats, Floats]:
        """Which weekdays are known, and what is known of each."""
        size = (WEEK, len(self.issue), int(self.laws.due_weekdays.paying.max(initial=0)) + 1)
        return np.zeros(WEEK, dtype=bool), np.zeros(size), np.zeros(size)

    @cached_property
    def _weights(self) -> "tuple[Codes, csc_array, csc_array]":
        """The customers, and what their laws and the variances of these weigh in each cell."""
        position, customers = numbered(self.customer)
        rows = max(len(position), 1)
        order = np.sort(self.cell * rows + np.arange(len(position))) % rows  # each customer's in order, sorted but once
        cell, position, amount = self.cell[order], position[order], (self.amount * self.chosen)[order]
        size = len(self.issue), len(customers)
        squares = weights(cell, position, amount * self.amount[order], size)
        return customers, weights(cell, position, amount, size), squares

    def _added_up(self, weekday: int) -> tuple[Floats, Floats]:
        """Expected amounts and changes of variance, (cells, paying days) each, were all due on a weekday."""
        customers, amounts, squares = self._weights
        unpaid = DueLaws.on(self.laws, weekday, customers).steps
        return -np.diff(amounts @ unpaid, axis=1), np.diff(squares @ (unpaid * (1 - unpaid)), axis=1)


def gather(plan: SalesPlan, laws: PaymentLaws, chosen: Flags | Floats, part: Floats | None = None) -> Cells:
    """The cells of the chosen invoices of a plan, by due date, day of issue, then terms.

    Args:
        plan: the invoices to come.
        laws: of the customers.
        chosen: (invoices,) which; or the chance that each is.
        part: (invoices,) the part of each that is meant; all of it by default.
    """
    invoices = np.flatnonzero(chosen)
    width, terms = int(plan.issue.max(initial=0)) + 1, plan.written.terms
    dated = plan.due[invoices] * width + plan.issue[invoices]
    cell, cells = pd.factorize(dated * (len(terms) + 1) + plan.written.place[invoices] + 1, sort=True)
    dated, place = np.divmod(cells, len(terms) + 1)
    due, issue = np.divmod(dated, width)
    customer, share = plan.customer[invoices], chosen[invoices].astype(np.float64)
    amount = plan.amount[invoices] * (1.0 if part is None else part[invoices])
    counted = share if part is None else share * (part[invoices] > 0)
    return Cells(
        laws=laws,
        issue=issue,
        due=due,
        written=WrittenTerms(terms, place - 1),
        billed=sum_by_code(cell, amount * share, len(cells)),
        invoices=sum_by_code(cell, counted, len(cells)),
        customer=customer,
        cell=cell,
        amount=amount,
        chosen=share,
    )

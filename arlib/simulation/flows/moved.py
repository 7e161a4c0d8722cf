"""Invoices to come under a policy: when each is issued, due and counted from, and what they then bring by day."""

from dataclasses import dataclass

import numpy as np

from arlib.schema import Codes, Days, Flags, Floats, sum_by_code
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.flows.cells import Cells
from arlib.simulation.flows.laid import Laid
from arlib.simulation.flows.sales import Sales


@dataclass(frozen=True, eq=False)
class Moved:
    """Cells under a policy, each with another weight, day of issue and due date.

    Attributes:
        cells: the cells.
        factor: (cells,) of the amount of each invoice: growth, an instalment. Variances go with its square.
        issue: (cells,) day of issue.
        due: (cells,) day payments are counted from; between two days, the amount is shared between them.
        lateness: how many times as late what is paid after that day is.
        share: of the invoices, those who are paid by their customer's law. Variances go with it.
        reminded_after: the day by whose end nobody is reminded yet: lateness is moved from the later of both on.
        contractual: (cells,) due date, after which an invoice is overdue; the whole day of `due` by default.
    """

    cells: Cells
    factor: Floats
    issue: Days
    due: Floats
    lateness: float = 1.0
    share: float = 1.0
    reminded_after: int = 0
    contractual: Days | None = None

    def sales(self, horizon: int, reach: int) -> Sales:
        """What is billed and paid up to a horizon; payments can then be moved by `reach` days.

        An invoice issued on a closed day is paid on the next open one at the earliest.
        """
        agenda = Agenda.of(self.cells.laws)
        opens = agenda.open_day(self.issue)
        used, due, counted = self._by_due_day(opens <= horizon)
        weekday = agenda.weekday(due)
        paid, spread = self.cells.due_on(weekday)
        factor, counted = self.factor[used], counted * self.share
        laid = Laid(
            agenda=agenda,
            horizon=horizon,
            reach=reach,
            lateness=self.lateness,
            row=weekday * len(self.issue) + used,
            due=due,
            paid=paid,
            spread=spread,
            weight=factor * counted,
            spread_weight=factor**2 * counted,
            reminded_after=self.reminded_after,
        )
        owed = self.cells.billed * self.factor * self.share
        falls = np.floor(self.due).astype(np.int64) if self.contractual is None else self.contractual
        past_due = np.maximum(falls + 1, self.issue)
        return Sales(
            billed=_by_day(self.issue, owed, horizon),
            due=np.cumsum(_by_day(np.maximum(falls, self.issue), owed, horizon)),
            overdue=np.cumsum(_by_day(past_due, owed, horizon)) - laid.paid_from(np.maximum(past_due, opens)[used]),
            payments=laid.payments,
            early=laid.early(opens[used]),
            spread=laid.variance(opens[used]),
            agenda=agenda,
            first=laid.first,
        )

    def _by_due_day(self, seen: Flags) -> tuple[Codes, Days, Floats]:
        """The cells that are seen, their whole due dates, and the share of each that is counted from them."""
        whole = np.floor(self.due).astype(np.int64)
        later = self.due - whole
        on, after = np.flatnonzero(seen), np.flatnonzero(seen & (later > 0))
        return (
            np.concatenate([on, after]),
            np.concatenate([whole[on], whole[after] + 1]),
            np.concatenate([1 - later[on], later[after]]),
        )


def _by_day(day: Days, amount: Floats, horizon: int) -> Floats:
    """(days,) the sum by day of amounts, up to a horizon."""
    seen = day <= horizon
    return sum_by_code(day[seen], amount[seen], horizon + 1)

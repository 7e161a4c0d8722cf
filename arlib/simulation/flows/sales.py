"""What invoices to come bring by day: billed, due, paid, past due."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from arlib.schema import Days, Floats
from arlib.simulation.flows.agenda import Agenda

_ADDED = ("billed", "due", "overdue", "payments", "early", "spread")


@dataclass(frozen=True, eq=False)
class Sales:
    """What is billed on each day, and paid of it: none before its invoice is issued. All payments can move together.

    Attributes:
        billed: (days,) amount issued on each day.
        due: (days,) amount issued and due by the end of each day.
        overdue: (days,) amount expected to be past due and unpaid at the end of each day: due before it.
        payments: (open days,) amount paid by the end of each, were invoices paid before they are issued.
        early: (days, open days) the same, of the invoices issued after a day, up to the open days that day can be
            compared with.
        spread: (days,) variance of what is paid by the end of each day, every invoice paid by its own chance.
        agenda: which days are open.
        first: rank of the first of the open days.
    """

    billed: Floats
    due: Floats
    overdue: Floats
    payments: Floats
    early: Floats
    spread: Floats
    agenda: Agenda
    first: int

    def __add__(self, other: "Sales") -> "Sales":
        """Both together, over the same days."""
        return replace(self, **{name: getattr(self, name) + getattr(other, name) for name in _ADDED})

    def __sub__(self, other: "Sales") -> "Sales":
        """These without the others, which are some of them."""
        return replace(self, **{name: getattr(self, name) - getattr(other, name) for name in _ADDED})

    def paid(self, shift: float = 0.0) -> Floats:
        """(days,) amount paid by the end of each day, every payment `shift` days later.

        Payments move by as many open days as there are in these (`Agenda.open_days`), in proportion between two.
        """
        moved = self.agenda.open_days(shift)
        whole = int(np.floor(moved))
        part = moved - whole
        return np.asarray(self._until(whole) * (1 - part) + (self._until(whole + 1) * part if part else 0.0))

    def variance(self) -> Floats:
        """(days,) variance of the amount paid by the end of each day, every invoice paid by its own chance."""
        return self.spread

    def _until(self, shift: int) -> Floats:
        # The day of payment is the later of the day moved to and the day of issue: both have passed.
        rank = np.minimum(self._ends - shift, len(self.payments) - 2)
        return np.asarray(self.payments[rank] - self.early[np.arange(len(rank)), rank])

    @cached_property
    def _ends(self) -> Days:
        """(days,) which of the open days is the last one by the end of each day."""
        return self.agenda.last_rank(np.arange(len(self.billed))) - self.first

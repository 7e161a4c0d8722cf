"""What is open on the day, and how it runs off: each customer's law, given that it is still unpaid today."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws, customers_of_items
from arlib.ledger import Ledger
from arlib.ledger.opened import open_amounts
from arlib.measures.flows.disputes import disputed_on
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, day_number, day_numbers
from arlib.simulation.flows.run_off import Debts, RunOff
from arlib.simulation.outlook.kept import Kept
from arlib.simulation.sales.dated import LEGAL_DAYS

_SELECTIONS = 32  # kept at once, of some hundred kilobytes each
_BY_DAY = ("paid", "variance", "overdue", "undated")


class Reminders(NamedTuple):
    """Reminders of what is open: what comes after its due date, and after a day, comes so many times as late.

    Attributes:
        lateness: (customers of the laws,) factor on the days from the later of the due date and that day; 1 for none.
        after: (customers of the laws,) that day, counted from the one asked: the last on which nobody is reminded yet.
    """

    lateness: Floats
    after: Days

    @property
    def none(self) -> bool:
        """Whether nobody is reminded."""
        return bool((self.lateness == 1).all())

    def of(self, customer: Codes) -> "Reminders":
        """Those of some customers, by position."""
        return Reminders(self.lateness[customer], self.after[customer])

    def apart(self, chosen: Flags | None = None) -> list[tuple[float, int]]:
        """The different ones, of all or of chosen customers."""
        lateness, days = (each if chosen is None else each[chosen] for each in self)
        return [
            (float(factor), int(after))
            for factor in np.unique(lateness)
            for after in np.unique(days[lateness == factor])
        ]


@dataclass(frozen=True, eq=False)
class Opening:
    """The receivable of the day and its expected run-off; day 0 is the day itself.

    Attributes:
        owed: what debits leave open.
        unapplied: credits not matched yet, negative: kept as they are.
        paid: (days,) expected payments by the end of each day.
        variance: (days,) variance of them, items independent of each other.
        overdue: (days,) amount expected to be past due and unpaid at the end of each day.
        undated: (days,) amount without a due date expected to be unpaid then; never overdue, as in the ledger.
        everybody: the run-off under today's reminders.
        debts: the open debits, one by one.
        customers: positions of the customers who owe, sorted.
        items: open debits.
        without_due: of these, without a due date: taken as due 30 days after their issue.
        out_of_reach: amount as late as anything the laws know of or more: no payment of it is expected.
        disputed: amount disputed on the day, taken to be paid like the rest.
    """

    owed: float
    unapplied: float
    paid: Floats
    variance: Floats
    overdue: Floats
    undated: Floats
    everybody: RunOff
    debts: Debts
    customers: Codes
    items: int
    without_due: int
    out_of_reach: float
    disputed: float

    @classmethod
    def made_of(cls, debts: Debts) -> "Opening":
        """All that debts come to."""
        everybody = debts.run_off(np.ones(len(debts.laws.customers), dtype=bool))
        return cls(
            owed=float(debts.amount.sum()),
            unapplied=debts.unapplied,
            paid=everybody.paid,
            variance=everybody.variance,
            overdue=everybody.overdue,
            undated=everybody.undated,
            everybody=everybody,
            debts=debts,
            customers=np.unique(debts.customer),
            items=len(debts.amount),
            without_due=int((~debts.dated).sum()),
            out_of_reach=float(debts.amount[-debts.ahead >= debts.laws.known_days].sum()),
            disputed=float(debts.amount[debts.disputed].sum()),
        )

    def of(self, chosen: Flags) -> RunOff:
        """How what some customers owe runs off; kept from one time to the next.

        Args:
            chosen: (customers of the laws,) whether each is.
        """
        if chosen[self.customers].all():
            return self.everybody
        return self._kept.get(chosen.tobytes(), lambda: self.debts.run_off(chosen))

    def moved(self, reminders: Reminders) -> "Opening":
        """The same under other reminders."""
        chosen = np.zeros(len(reminders.lateness), dtype=bool)
        chosen[self.customers] = True
        parts = self.parts(reminders, chosen)
        if not parts:
            return self
        sums = {name: np.sum([getattr(part, name) for part in parts], axis=0) for name in _BY_DAY}
        return replace(self, **sums)

    def parts(self, reminders: Reminders, chosen: Flags) -> list[RunOff]:
        """How what chosen customers, (customers of the laws,), owe runs off under other reminders, apart by these."""
        return [
            self.of(chosen & (reminders.lateness == factor) & (reminders.after == after)).moved(factor, after)
            for factor, after in reminders.apart(chosen)
        ]

    @cached_property
    def _kept(self) -> Kept[bytes, RunOff]:
        return Kept(_SELECTIONS)


def run_off(ledger: Ledger, laws: PaymentLaws, days: int) -> Opening:
    """How what is open on the laws' day is paid, up to `days` days later."""
    return Opening.made_of(_debts(ledger, laws, days))


def _debts(ledger: Ledger, laws: PaymentLaws, days: int) -> Debts:
    left = open_amounts(ledger, laws.as_of)
    debits = np.flatnonzero(left > 0)
    position = customers_of_items(ledger, laws.customers, debits)
    order = np.argsort(position, kind="stable")
    debits = debits[order]
    due, dated = _due(ledger.items, debits)
    return Debts(
        laws=laws,
        customer=position[order],
        due=due - day_number(laws.as_of),
        dated=dated,
        amount=left[debits],
        disputed=disputed_on(ledger, laws.as_of)[debits],
        unapplied=float(left[left < 0].sum()),
        days=days,
    )


def _due(items: pd.DataFrame, debits: Codes) -> tuple[Days, Flags]:
    """Day numbers of due dates, 30 days after the issue or the booking where there is none; whether there is one."""
    due, issued, booked = (day_numbers(items[name].iloc[debits]) for name in ("due_on", "issued_on", "booked_on"))
    dated = due != NO_DAY
    return np.where(dated, due, np.where(issued == NO_DAY, booked, issued) + LEGAL_DAYS), dated

"""What policies bring, apart by the day the plan issues it on and by due date: what can then be drawn day by day."""

from dataclasses import dataclass

import numpy as np

from arlib.behaviour.survival import FIRST_DAY
from arlib.schema import Floats, sum_by_code
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.flows.stretched import stretched
from arlib.simulation.flows.sums import by_day
from arlib.simulation.outlook.expected import Outlook
from arlib.simulation.outlook.parts import Part, parts_of
from arlib.simulation.policies.policy import Policy

_CELLS = 4096  # whose payments are held at once


@dataclass(frozen=True, eq=False)
class ByIssue:
    """What the plan's invoices bring under a policy; days of issue are the plan's own, before any policy.

    Attributes:
        billed: (days of issue, days) issued on each day.
        settled: (days of issue, days) expected to be paid or granted on each day.
        due: (due dates,) amount paid by the customers' laws, of each due date from the day asked on; the first one
            stands for all before it, the last one for all after the horizon.
        paid: (due dates, days) expected to be paid of it on each day.
    """

    billed: Floats
    settled: Floats
    due: Floats
    paid: Floats

    @classmethod
    def of(cls, outlook: Outlook, policy: Policy) -> "ByIssue":
        """What all the plan's invoices bring: the sums of `Outlook.under`, told apart."""
        days, issues = outlook.horizon + 1, int(outlook.base.plan.issue.max(initial=0)) + 1
        found = cls(np.zeros((issues, days)), np.zeros((issues, days)), np.zeros(days + 1), np.zeros((days + 1, days)))
        for addend in outlook.addends(policy):
            sign = 1 if addend.added else -1
            for part in parts_of(outlook.base, addend.treatment, outlook.growth):
                found._add_dated(part, sign)
                found._add_by_law(part, sign, Agenda.of(outlook.base.laws))
        return found

    def _add_dated(self, part: Part, sign: int) -> None:
        self.billed[:] += sign * by_day(part.cells.issue, part.line.issue, part.amount, self.billed.shape)
        for each, amount in part.dated:
            self.settled[:] += sign * by_day(part.cells.issue, each.day, amount, self.settled.shape)

    def _add_by_law(self, part: Part, sign: int, agenda: Agenda) -> None:
        owed = sign * part.grown * part.kept * part.paid_by.own_law
        opens = agenda.open_day(part.line.issue)
        whole = np.floor(part.line.counted_from).astype(np.int64)
        later = part.line.counted_from - whole
        for due, share in ((whole, 1 - later), (whole + 1, later)):
            used = np.flatnonzero((share * owed != 0) & (opens < self.settled.shape[1]))
            date = np.clip(due, 0, len(self.due) - 1)
            self.due[:] += sum_by_code(date[used], (part.cells.billed * owed * share)[used], len(self.due))
            for rows in np.array_split(used, -(-len(used) // _CELLS)) if len(used) else ():
                weekday = agenda.weekday(due[rows])
                table, _ = part.cells.due_on(weekday)
                paid = table[weekday * len(due) + rows] * (owed * share)[rows, None]
                ranks = agenda.rank(due[rows])
                paid = stretched(paid, -FIRST_DAY, part.policy.lateness_factor, part.begins(agenda, ranks))
                rank = ranks[:, None] + np.arange(FIRST_DAY, FIRST_DAY + paid.shape[1])
                day = np.maximum(agenda.day(rank), opens[rows, None])
                self.settled[:] += by_day(part.cells.issue[rows, None], day, paid, self.settled.shape)
                self.paid[:] += by_day(date[rows, None], day, paid, self.paid.shape)

"""Parts of the invoices to come that are issued, due and paid in one way: what every expectation is made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from arlib.schema import Days, Floats, day_number
from arlib.simulation.base import SimulationBase
from arlib.simulation.flows import Cells
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.outlook.lines import Line, discount_day, lines_of, shares_of_lines
from arlib.simulation.policies.policy import Policy
from arlib.simulation.policies.scope import PaidBy, Treatment


class Dated(NamedTuple):
    """What is settled on days known beforehand.

    Attributes:
        kind: what it is.
        day: (rows,) the day.
        share: of what is billed, for a deposit; of what of it is paid at all, for the others.
        granted: of this share, what is not paid: a discount.
    """

    kind: Literal["deposit", "discount", "direct_debit"]
    day: Days
    share: float
    granted: float = 0.0


@dataclass(frozen=True, eq=False)
class Part:
    """One line of the invoices of a treatment.

    Attributes:
        cells: the invoices.
        line: when they are issued, due and counted from.
        grown: (cells,) what the line is of each invoice, growth of sales included.
        policy: the levers.
        paid_by: how it is paid.
        invoices: (cells,) how many have their last due date on this line, lost sales among them.
        reminded_after: as `Treatment` has it.
    """

    cells: Cells
    line: Line
    grown: Floats
    policy: Policy
    paid_by: PaidBy
    invoices: Floats
    reminded_after: int = 0

    @property
    def kept(self) -> float:
        """The share of sales that is not lost."""
        return 1 - self.policy.lost_sales_share

    @property
    def amount(self) -> Floats:
        """(cells,) what is billed."""
        return self.cells.billed * self.grown * self.kept

    def begins(self, agenda: Agenda, due: Days) -> Days:
        """(due dates,) as `late_moved` has it, by rank of the due date; -1 where reminders begin tomorrow."""
        return reminded_since(agenda, self.reminded_after, due)

    @property
    def past_due(self) -> Days:
        """(cells,) the first day on which what is not paid is overdue."""
        return np.maximum(self.line.due + 1, self.line.issue)

    @property
    def never(self) -> Floats:
        """(cells,) what of the amount is never paid, were there no deposit."""
        return self.cells.never * self.grown * self.kept

    @property
    def dated(self) -> "Iterator[tuple[Dated, Floats]]":
        """What is settled on days known beforehand, and its (cells,) amounts, discounts included."""
        for each in dated_of(self.line, self.policy, self.paid_by, Agenda.of(self.cells.laws)):
            yield each, (self.amount if each.kind == "deposit" else self.amount - self.never) * each.share


def reminded_since(agenda: Agenda, reminded_after: int, due: Days) -> Days:
    """(due dates,) open days after due dates, given by rank, by the end of which nobody is reminded (`late_moved`).

    -1, before them all, where reminders begin tomorrow: nothing to come is late by then.
    """
    if not reminded_after:
        return np.full_like(due, -1)
    return np.asarray(agenda.last_rank(np.array([reminded_after])) - due)


def dated_of(line: Line, policy: Policy, paid_by: PaidBy, agenda: Agenda) -> Iterator[Dated]:
    """What of a line is settled on days known beforehand: deposits, discounts taken, direct debits.

    Who never pays takes no discount, and no direct debit brings it in: these are shares of what is paid at all.
    """
    if paid_by.deposit:
        yield Dated("deposit", line.issue, paid_by.deposit)
    if paid_by.discount and policy.terms is not None:
        taken_on = discount_day(policy.terms, agenda, line.issue)
        yield Dated("discount", taken_on, paid_by.discount, policy.terms.discounts[0].share)
    if paid_by.direct_debit:
        yield Dated("direct_debit", np.maximum(agenda.open_day(line.due), line.issue), paid_by.direct_debit)


def parts_of(base: SimulationBase, treatment: Treatment, growth: float | None) -> list[Part]:
    """The lines of the invoices a treatment is for; those of a line that is an amount have cells of their own."""
    policy, today = treatment.policy, day_number(base.as_of)
    shares = shares_of_lines(policy.terms, base.plan.amount)
    cells = [base.selected(treatment.chosen, None if isinstance(share, float) else share) for share in shares]
    dates = cells[0]  # those of all lines, whose cells hold the same invoices
    lines = lines_of(policy, today, dates.issue, dates.due, dates.written)
    grown = base.plan.grown(dates.issue, today, growth)
    invoices = _at_their_last([line.due for line in lines], [each.invoices for each in cells])
    return [
        Part(
            cells=each,
            line=line,
            grown=grown * share if isinstance(share, float) else grown,
            policy=policy,
            paid_by=treatment.paid_by,
            invoices=counted,
            reminded_after=treatment.reminded_after,
        )
        for each, line, share, counted in zip(cells, lines, shares, invoices, strict=True)
    ]


def _at_their_last(due: Sequence[Days], invoices: Sequence[Floats]) -> Floats:
    """(lines, cells) how many invoices have the last due date of those they have something on, on each line.

    An invoice that has something on a line has something on those before it, or on all of them.
    """
    order = np.argsort(-np.stack(due), axis=0, kind="stable")
    met = np.maximum.accumulate(np.take_along_axis(np.stack(invoices), order, axis=0), axis=0)
    counted = np.empty_like(met)
    np.put_along_axis(counted, order, np.diff(met, axis=0, prepend=0.0), axis=0)
    return counted

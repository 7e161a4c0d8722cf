"""What the sales of each week to come bring by each day: what the chance of that week makes more or less of."""

from dataclasses import dataclass, fields
from functools import reduce
from operator import add
from typing import NamedTuple

import numpy as np

from arlib.behaviour.survival import FIRST_DAY, LAST_DAY
from arlib.calendar import WEEK
from arlib.schema import Days, Floats, sum_by_code
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.flows.stretched import stretched
from arlib.simulation.flows.sums import by_day, weights
from arlib.simulation.outlook.parts import Part
from arlib.simulation.sales.risk import until_window


@dataclass(frozen=True, eq=False)
class ByWeek:
    """What the plan's invoices of each week bring by the end of each day.

    Weeks are those in which the plan issues them, whatever a policy makes of that day.

    Attributes:
        billed: (weeks, days) issued.
        received: (weeks, days) expected to be paid.
        granted: (weeks, days) discounts.
        who: (2, 5, days) what it adds that chance tells which invoices are lost, take a discount or are paid by direct
            debit: variances of what is sold, received, owed and sold within the window of the DSO, and the covariance
            of the last two; of the invoices as they are planned, and for each unit that what they sell varies by.
        apart: (days,) what it adds to what is received, and owed, that chance tells who buys in a week, for each unit
            that sales vary by: of other invoices, others are settled by then. Each way of paying by itself.
    """

    billed: Floats
    received: Floats
    granted: Floats
    who: Floats
    apart: Floats

    def __add__(self, other: "ByWeek") -> "ByWeek":
        """Both together."""
        return self._with(other, 1)

    def __sub__(self, other: "ByWeek") -> "ByWeek":
        """These without the others, which are some of them."""
        return self._with(other, -1)

    @property
    def squares_owed(self) -> Floats:
        """(1,) Σ of amount × (share owed)² of all invoices, on the last day."""
        owed = (self.billed - self.received - self.granted)[:, -1]
        billed = self.billed[:, -1]
        means = np.divide(owed**2, billed, out=np.zeros_like(owed), where=billed > 0)
        return np.asarray(self.apart[-1:] + means.sum())

    def _with(self, other: "ByWeek", sign: int) -> "ByWeek":
        return ByWeek(*(getattr(self, each.name) + sign * getattr(other, each.name) for each in fields(self)))

    @classmethod
    def of(cls, part: Part, weeks: int, horizon: int) -> "ByWeek":
        """What one part brings, of so many weeks."""
        ways = _ways(part, (weeks, horizon + 1))
        return cls(
            billed=reduce(add, (way.billed for way in ways)),
            received=reduce(add, (way.received for way in ways)),
            granted=reduce(add, (way.granted for way in ways)),
            who=_who(part, ways) if part.kept and (len(ways) > 1 or part.kept < 1) else np.zeros((2, 5, horizon + 1)),
            apart=reduce(add, (way.apart for way in ways)),
        )


class _Way(NamedTuple):
    """Invoices of a part that are paid in one way beside their deposit: which share, and what these bring by week.

    `apart` is that of `ByWeek`.
    """

    share: float
    billed: Floats
    received: Floats
    granted: Floats
    apart: Floats


def _ways(part: Part, size: tuple[int, int]) -> list[_Way]:
    """By the customers' laws, then what is paid on days known beforehand; shares add up to 1."""
    week, deposit = part.cells.issue // WEEK, part.paid_by.deposit
    issued = np.cumsum(by_day(week, part.line.issue, part.amount, size), axis=1)
    if deposit == 1:
        return [_Way(1.0, issued, issued, np.zeros(size), np.zeros(size[1]))]
    made, nothing = [], np.zeros(size)
    if part.paid_by.own_law:
        share = part.paid_by.own_law / (1 - deposit)
        paid = _by_law(part, issued)
        apart = _apart(paid, part.paid_by.own_law * issued) * (1 - deposit)
        made.append(_Way(share, share * issued, paid + share * deposit * issued, nothing, apart))
    for each, amount in part.dated:
        if each.kind != "deposit":
            share = each.share / (1 - deposit)
            settled = np.cumsum(by_day(week, each.day, amount, size), axis=1)
            received = settled * (1 - each.granted) + share * deposit * issued
            apart = _apart(settled, each.share * issued) * (1 - deposit)
            made.append(_Way(share, share * issued, received, settled * each.granted, apart))
    return made


def _apart(settled: Floats, issued: Floats) -> Floats:
    """(days,) Σ r (1 − r / s) over weeks, r being settled of what is issued, s."""
    kept = np.divide(settled, issued, out=np.ones_like(settled), where=issued > 0)
    return np.asarray((settled * (1 - np.minimum(kept, 1.0))).sum(axis=0))


def _by_law(part: Part, issued: Floats) -> Floats:
    """(weeks, days) paid by the customers' laws by the end of each day, of their part of what is issued by then.

    By the mean laws of `Cells.by_term`, so that millions of invoices cost one small product of matrices.
    """
    weeks, days = issued.shape
    agenda, share = Agenda.of(part.cells.laws), part.paid_by.own_law
    ends = agenda.last_rank(np.arange(days))
    ends, today = ends - ends[0], ends[0]
    due = agenda.rank(np.rint(part.line.counted_from).astype(np.int64)) - today
    due = np.clip(due, -LAST_DAY, ends[-1] - FIRST_DAY + 1)  # all is paid before these, nothing after them
    first, last = int(due.min(initial=0)), int(due.max(initial=0))
    term, paid = part.cells.by_term
    by_due = _by_due(part, paid, np.arange(first, last + 1) + today, np.arange(int(ends[-1]) + 1) + today)
    row, size = term * by_due.shape[1] + due - first, by_due.shape[0] * by_due.shape[1]
    owed = weights(part.cells.issue // WEEK, row, part.amount * share, (weeks, size))
    return np.asarray(np.minimum((owed @ by_due.reshape(size, -1))[:, ends], share * issued))


def _by_due(part: Part, paid: Floats, due: Days, on: Days) -> Floats:
    """(laws, due dates, on) share paid by the end of open days by laws that pay shares (laws, grid), by rank."""
    factor = part.policy.lateness_factor
    law = np.cumsum(stretched(paid, -FIRST_DAY, factor), axis=1)
    column = np.arange(on[0] - due[-1], on[-1] - due[0] + 1) - FIRST_DAY
    by_column = np.where(column < 0, 0.0, law[:, np.clip(column, 0, law.shape[1] - 1)])
    by_due = np.lib.stride_tricks.sliding_window_view(by_column, len(on), axis=1)[:, ::-1]
    begins = part.begins(Agenda.of(part.cells.laws), due)
    reminded = np.flatnonzero(begins >= 0)
    if factor == 1 or not len(reminded):
        return by_due
    late, begins = on - due[reminded, None], begins[reminded, None]
    sooner = begins + (late - begins) / max(factor, 1 / LAST_DAY**2)  # as late without reminders
    column = np.where(late > begins, np.minimum(sooner, LAST_DAY), late).astype(np.int64) - FIRST_DAY
    found = np.array(by_due)
    found[:, reminded] = np.where(column < 0, 0.0, np.cumsum(paid, axis=1)[:, np.clip(column, 0, paid.shape[1] - 1)])
    return found


def _who(part: Part, ways: list[_Way]) -> Floats:
    """(2, 5, days) as `ByWeek.who`.

    Of an invoice of amount a in way k with probability p, x of it being expected then, the variance of what is expected
    is a² (Σ p x² − (Σ p x)²); of what is lost, nothing is. Invoices of a week are taken to be alike.
    """
    week, weeks = part.cells.issue // WEEK, len(ways[0].billed)
    whole = sum_by_code(week, part.cells.billed * part.grown, weeks)
    squares = sum_by_code(week, part.cells.squares * part.grown**2, weeks)
    each = np.divide([squares, whole], whole**2, out=np.zeros((2, weeks)), where=whole > 0)
    shares = [part.kept * way.share for way in ways]

    def covariance(one: list[Floats], other: list[Floats]) -> Floats:
        apart = sum(x * y / share for x, y, share in zip(one, other, shares, strict=True))
        return np.asarray(each @ (apart - sum(one) * sum(other)))

    owed = [way.billed - way.received - way.granted for way in ways]
    window = [way.billed - until_window(way.billed) for way in ways]
    billed, received = [way.billed for way in ways], [way.received for way in ways]
    pairs = ((billed, billed), (received, received), (owed, owed), (window, window), (owed, window))
    return np.stack([covariance(*pair) for pair in pairs], axis=1)

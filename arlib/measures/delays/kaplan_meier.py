"""Kaplan-Meier curves of every group at once: the share not yet paid, what is unpaid counted as not paid *yet*.

Source: Kaplan and Meier (1958); the variance is Greenwood's, the band that of log(-log) of the share (Kalbfleisch and
Prentice), which stays between 0 and 1.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from arlib.schema import Codes, Days, Flags, Floats, sum_by_code

TWO_SIDED_95 = 1.959963984540054  # quantile of the normal law at 97.5 %
_ROUNDING = 1e-9  # of a running product


@dataclass(frozen=True, eq=False)
class Durations:
    """Days from a start to a payment, or to the end of what is known; weights are whole, so that sums are exact.

    Attributes:
        group: (rows,) code of the group.
        days: (rows,) days from the start to the payment, or to the last day known while unpaid.
        paid: (rows,) whether the payment was seen.
        weight: (rows,) 1, or an amount in cents.
        groups: number of codes.
    """

    group: Codes
    days: Days
    paid: Flags
    weight: Days
    groups: int

    def only_paid(self) -> "Durations":
        """What was paid, as if the rest did not exist."""
        kept = self.paid
        return Durations(self.group[kept], self.days[kept], self.paid[kept], self.weight[kept], self.groups)


@dataclass(frozen=True, eq=False)
class Curves:
    """The share not yet paid, a step a row, by group and day; a day without payment on which some leave is a step too.

    Attributes:
        group: (steps,) code of the group, rising.
        day: (steps,) days from the start, rising within a group.
        at_risk: (steps,) weight not paid before the day and still followed on it.
        paid: (steps,) weight paid on the day.
        groups: number of codes.
    """

    group: Codes
    day: Days
    at_risk: Days
    paid: Days
    groups: int

    @cached_property
    def unpaid(self) -> Floats:
        """(steps,) share not yet paid at the end of the day."""
        ends = self.paid == self.at_risk  # nothing is left: the product is 0, and its logarithm is not taken
        kept = 1 - np.divide(self.paid, self.at_risk, where=~ends, out=np.zeros(len(ends)))
        return np.where(ends, 0.0, np.exp(self._along(np.log(kept))))

    @cached_property
    def last(self) -> Flags:
        """(steps,) whether the step is the last of its group."""
        return np.append(self.group[1:] != self.group[:-1], np.ones(min(len(self.group), 1), dtype=bool))

    def first_day(self, paid_share: float) -> Floats:
        """(groups,) the first day by whose end that share is paid; nan where the curve does not come down that far."""
        reached = self.unpaid <= 1 - paid_share + _ROUNDING
        before = np.append(False, (reached & ~self.last)[:-1])[: len(reached)]
        first = reached & ~before
        days = np.full(self.groups, np.nan)
        days[self.group[first]] = self.day[first]
        return days

    def restricted_mean(self, horizon: int) -> Floats:
        """(groups,) mean days, none counted for more than the horizon; nan where nothing is followed that far."""
        day = np.minimum(self.day, horizon)
        following = np.where(self.last, horizon, np.append(day[1:], horizon)[: len(day)])
        mean = sum_by_code(self.group, self.unpaid * (following - day), self.groups)
        first = np.append(True, self.last[:-1])[: len(day)]
        start = np.full(self.groups, np.nan)
        start[self.group[first]] = day[first]
        short = self.last & (self.unpaid > 0) & (self.day < horizon)
        start[self.group[short]] = np.nan
        return start + mean

    def band(self) -> tuple[Floats, Floats]:
        """(steps,) the bounds of the share, 95 in 100, for weights that are counts; nan where the share is 0 or 1."""
        left = self.at_risk.astype(np.float64) * (self.at_risk - self.paid)
        variance = self._along(np.divide(self.paid, left, where=left > 0, out=np.zeros(len(left))))
        inside = (self.unpaid > 0) & (self.unpaid < 1 - _ROUNDING)
        log = np.log(self.unpaid, where=inside, out=np.full(len(left), np.nan))
        width = np.exp(TWO_SIDED_95 * np.sqrt(np.maximum(variance, 0)) / np.abs(log))
        return np.exp(log * width), np.exp(log / width)

    def _along(self, values: Floats) -> Floats:
        """Running sums within each group."""
        total = np.cumsum(values)
        ends = np.flatnonzero(self.last)
        earlier = np.append(0.0, total[ends])[: len(ends)]
        return np.asarray(total - np.repeat(earlier, np.diff(ends, prepend=-1)))


def kaplan_meier(durations: Durations) -> Curves:
    """The curves of durations, in one sort: whoever leaves on a day was still followed on it."""
    cell, order = _sorted_cells(durations)
    starts = np.flatnonzero(np.append(True, cell[1:] != cell[:-1])[: len(cell)])
    if not len(starts):
        nothing = np.zeros(0, dtype=np.int64)
        return Curves(nothing.astype(np.intp), nothing, nothing, nothing, durations.groups)
    weight, one = durations.weight[order], order[starts]
    group = durations.group[one]
    leaving = np.add.reduceat(weight, starts)
    gone = np.cumsum(leaving)
    last_of_group = np.searchsorted(group, np.arange(durations.groups), side="right") - 1
    return Curves(
        group=group,
        day=durations.days[one],
        at_risk=gone[last_of_group[group]] - gone + leaving,
        paid=np.add.reduceat(weight * durations.paid[order], starts),
        groups=durations.groups,
    )


def _sorted_cells(durations: Durations) -> tuple[Days, Codes]:
    """Group and day as one number a row, sorted, and the order that sorts them.

    Cell and row are packed into one integer where they fit into it: plain integers sort several times faster than
    an order is found.
    """
    first = int(durations.days.min(initial=0))
    span = int(durations.days.max(initial=0)) - first + 1
    cell = durations.group * span + (durations.days - first)
    row_bits = len(cell).bit_length()
    if (durations.groups * span).bit_length() + row_bits >= np.iinfo(np.int64).bits:
        order = np.argsort(cell, kind="stable")
        return cell[order], order
    packed = np.sort((cell << row_bits) | np.arange(len(cell)))
    return packed >> row_bits, packed & ((1 << row_bits) - 1)

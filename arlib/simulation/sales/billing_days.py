"""On which days of the month customers are billed, and the same days of later months."""

from dataclasses import dataclass

import numpy as np

from arlib.calendar import BusinessCalendar
from arlib.schema import Codes, Days, Flags, Floats, sum_by_code
from arlib.terms.periods import add_months, day_by_day, days_of_month, first_days, last_days, months_of

MONTHS = 12  # of a year
LEAST = 1.5  # times as often as by chance: from here on billing follows the day of the month
_MIDDLE, _END = 15, 2  # the day of the month of the second anchor; the number of the third, the last day
_NEARER_MIDDLE, _NEARER_END = 8, 23  # days of the month from which the 15th, then the last day, is the nearest
_PLACES = 31  # 7 days from the 1st on, 7 on either side of the 15th, 8 before the last
_APART = 5  # months that are a multiple of it apart are not compared: nobody is billed every five months
_LEARNT = 3.0  # invoices with which the whole ledger counts beside each customer's own
_LONG_WEEKEND = 4  # days by which a billing day that is closed may move


@dataclass(frozen=True, eq=False)
class BillingDays:
    """How billing comes back.

    Attributes:
        by_month: (customers,) whether a customer's billing follows the day of the month, not the weekday.
        months: after how many its invoices come back: 12, or the whole months there are.
        calendar: the open days of billing.
    """

    by_month: Flags
    months: int
    calendar: BusinessCalendar

    def later(self, days: Days, months: Days | int) -> Days:
        """The same open day of its month, some months later: one in the month, counted from the nearest anchor.

        The anchors are the 1st, the 15th and the last day; the 1st and the 15th are the next open day where they are
        closed, the last day is the open one before.
        """
        anchor, offset = _place(days, self.calendar)
        month = months_of(days) + months
        rank = _ranks(_anchor_days(month, anchor), anchor, self.calendar) + offset
        first, last = self.calendar.rank(first_days(month)), self.calendar.last_rank(last_days(month))
        return self.calendar.day(np.clip(rank, first, last))


def follow_month(
    customer: Codes, issued: Days, amount: Floats, size: int, *, calendar: BusinessCalendar, today: int
) -> Flags:
    """(customers,) whether billing follows the day of the month.

    Of two amounts invoiced to a customer in different months, the share that falls on the same open day of its month
    (`BillingDays.later`) is measured; three invoices like those of the whole ledger, taken as one customer, count
    beside its own. It follows where that is at least one and a half times what billing the same on every open day
    would give. Who is billed every week, or by chance, is near one time; on one day of each month, near twenty.

    Args:
        customer: (invoices,) codes.
        issued: (invoices,) day numbers.
        amount: (invoices,) above 0.
        size: how many customers there are.
        calendar: the open days of billing.
        today: day number of the day asked.
    """
    every = np.unique(calendar.day(calendar.rank(np.arange(today - 365, today))))
    same, pairs = _together(_billed(np.zeros_like(every), every, np.ones(len(every)), 1, calendar))
    chance = same / pairs
    billed, alone = _billed(customer, issued, amount, size, calendar), sum_by_code(customer, np.square(amount), size)
    whole = _share(_together(billed.sum(axis=0, keepdims=True)), alone.sum(keepdims=True), chance)
    return _share(_together(billed), alone, whole) >= LEAST * chance


def whole_months(sold_on: Days, today: int) -> int:
    """The whole months of sales there are up to a day, from 1 to 12.

    The first one is whole where it began no later than others usually do: a company that bills at the month end has no
    earlier day of it.

    Args:
        sold_on: days with sales, sorted, up to the day.
        today: the day.
    """
    month, place = np.unique(months_of(sold_on), return_index=True)
    if not len(month):
        return 1
    begun = days_of_month(sold_on[place])
    whole = len(begun) > 1 and begun[0] <= np.median(begun[1:]) + _LONG_WEEKEND
    since = first_days(month[:1])[0] if whole else sold_on[0]
    tomorrow = np.array([today + 1])
    return max((months for months in range(1, MONTHS + 1) if add_months(tomorrow, -months)[0] >= since), default=1)


def _billed(customer: Codes, issued: Days, amount: Floats, size: int, calendar: BusinessCalendar) -> Floats:
    """(customers, months, days of the month) amounts, of months that are not compared together."""

    def cell(days: Days) -> Days:
        anchor, offset = _place(days, calendar)
        place = offset + np.array([0, 2 * (_NEARER_MIDDLE - 1), _PLACES - 1])[anchor]
        cells: Days = months_of(days) % _APART * _PLACES + place
        return cells

    codes = customer * (_APART * _PLACES) + day_by_day(cell, issued)
    return sum_by_code(codes, amount, size * _APART * _PLACES).reshape(size, _APART, _PLACES)


def _together(billed: Floats) -> tuple[Floats, Floats]:
    """(customers,) products of two amounts of different months: of the same day of them, and of any."""
    of_day, of_month = billed.sum(axis=1), np.einsum("cmd->cm", billed)
    same = np.einsum("cd,cd->c", of_day, of_day) - np.einsum("cmd,cmd->c", billed, billed)
    return same, np.square(of_month.sum(axis=1)) - np.einsum("cm,cm->c", of_month, of_month)


def _share(together: tuple[Floats, Floats], alone: Floats, usual: Floats) -> Floats:
    """The share on the same day, some invoices of a usual one counted in; 0 for who was invoiced nothing.

    Args:
        together: products on the same day, and all.
        alone: squares of the amounts, which say what one more invoice counts for.
        usual: the share without any invoice.
    """
    (same, pairs), weight = together, _LEARNT * alone
    return np.divide(same + weight * usual, pairs + weight, out=np.zeros_like(same), where=alone > 0)


def _place(days: Days, calendar: BusinessCalendar) -> tuple[Codes, Days]:
    """The nearest anchor of each day, 0 to 2, and the open days from it, below 0 before it."""
    day = days_of_month(days)
    anchor = (day >= _NEARER_MIDDLE).astype(np.intp) + (day >= _NEARER_END)
    return anchor, _ranks(days, anchor, calendar) - _ranks(_anchor_days(months_of(days), anchor), anchor, calendar)


def _anchor_days(month: Days, anchor: Codes) -> Days:
    return np.choose(anchor, [first_days(month), first_days(month) + _MIDDLE - 1, last_days(month)])


def _ranks(days: Days, anchor: Codes, calendar: BusinessCalendar) -> Days:
    """Ranks of the open days days stand for: the next one, the one before where it is counted from the end."""
    return np.where(anchor == _END, calendar.last_rank(days), calendar.rank(days))

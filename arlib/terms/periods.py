"""Months, decades, quarters and days of the month, on columns of day numbers (whole days since 1970-01-01)."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from arlib.calendar import WEEK, weekday
from arlib.schema import Days

Period = Literal["week", "decade", "fortnight", "month", "quarter"]
_TENTH, _FIFTEENTH, _TWENTIETH = 10, 15, 20  # where the parts of a month end
_QUARTER = 3  # months


def months_of(days: Days) -> Days:
    """Months since January 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def first_days(months: Days) -> Days:
    """The first day of each month."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def last_days(months: Days) -> Days:
    """The last day of each month."""
    return first_days(months + 1) - 1


def days_of_month(days: Days) -> Days:
    """The day of the month, from 1."""
    return days - first_days(months_of(days)) + 1


def add_months(days: Days, months: int) -> Days:
    """The same day of the month some months later, the last one where that month is shorter."""
    then = months_of(days) + months
    same: Days = np.minimum(first_days(then) + days_of_month(days) - 1, last_days(then))
    return same


def period_end(days: Days, period: Period) -> Days:
    """The last day of the period each day is in.

    A week ends on Sunday; a decade on the 10th, the 20th and the last day of the month; a fortnight on the 15th and
    the last day; a quarter with March, June, September and December.
    """
    month = months_of(days)
    match period:
        case "week":
            return days + WEEK - 1 - weekday(days)
        case "decade":
            day, first = days_of_month(days), first_days(month)
            second = np.where(day <= _TWENTIETH, first + _TWENTIETH - 1, last_days(month))
            return np.where(day <= _TENTH, first + _TENTH - 1, second)
        case "fortnight":
            return np.where(days_of_month(days) <= _FIFTEENTH, first_days(month) + _FIFTEENTH - 1, last_days(month))
        case "month":
            return last_days(month)
        case "quarter":
            return last_days(month // _QUARTER * _QUARTER + _QUARTER - 1)


def next_day(days: Days, day_of_month: int) -> Days:
    """The first such day of a month on or after each day; a month too short for it has it on its last day."""
    month = months_of(days)
    here = np.minimum(first_days(month) + day_of_month - 1, last_days(month))
    then = np.minimum(first_days(month + 1) + day_of_month - 1, last_days(month + 1))
    return np.where(here >= days, here, then)


def day_by_day(computed: Callable[[Days], Days], days: Days) -> Days:
    """What `computed` makes of each day, computed once a day of the calendar where invoices outnumber the days."""
    if not len(days):
        return days
    first, last = int(days.min()), int(days.max())
    if last - first >= len(days):
        return computed(days)
    return np.take(computed(np.arange(first, last + 1)), days - first)

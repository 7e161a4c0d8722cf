"""The French working calendar: invoices are issued and payments are booked on business days only."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_MOVING_HOLIDAYS = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday: days after Easter Sunday


def is_business_day(day: date) -> bool:
    """Whether a day is neither a week-end nor a French public holiday."""
    return day.weekday() < _SATURDAY and day not in french_holidays(day.year)


def business_day_from(day: date) -> date:
    """The day itself if it is a business day, else the next one."""
    while not is_business_day(day):
        day += _ONE_DAY
    return day


def business_day_after(day: date) -> date:
    """The first business day after a day."""
    return business_day_from(day + _ONE_DAY)


def business_days(year: int, month: int) -> list[date]:
    """The business days of a month, in order."""
    return [day for day in days_of_month(year, month) if is_business_day(day)]


def days_of_month(year: int, month: int) -> Iterator[date]:
    """Every day of a month, in order."""
    day = date(year, month, 1)
    while day.month == month:
        yield day
        day += _ONE_DAY


def end_of_month(day: date) -> date:
    """The last day of the month of a day."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) - _ONE_DAY


@cache
def french_holidays(year: int) -> frozenset[date]:
    """The eleven public holidays of a year in metropolitan France."""
    fixed = {date(year, month, day) for month, day in _FIXED_HOLIDAYS}
    return frozenset(fixed | {easter(year) + timedelta(days=days) for days in _MOVING_HOLIDAYS})


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm published by Meeus, 1991)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    leaps, leap_rest = divmod(of_century, 4)
    weekday = (32 + 2 * century_rest + 2 * leaps - epact - leap_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, before = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, before + 1)

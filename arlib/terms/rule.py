"""How one due date follows from the date of an invoice, as a value."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, fields
from datetime import date
from functools import cache
from typing import Any, Literal, get_args

import numpy as np

from arlib.calendar import BusinessCalendar, business_calendar, country_code
from arlib.errors import ArlibError
from arlib.schema import NO_DAY, Days
from arlib.terms.periods import Period, add_months, day_by_day, days_of_month, next_day, period_end
from arlib.words import say

EndOfMonth = Literal["none", "after_days", "before_days"]
Event = Literal["invoice", "order", "delivery", "before_delivery", "reception", "previous"]
OpenDays = Literal["any", "following", "preceding"]

_LONGEST = 366  # a term of more than a year is a misread number, not a term
_LONGEST_MONTHS = 36
_LONGEST_MONTH = 31
_CLOSED_AT_MOST = 31  # days in a row; no country closes longer


@dataclass(frozen=True)
class DueRule:
    """When a payment falls due, counted from a date: months and days, an end of period, a day, an open day, in order.

    Attributes:
        days: calendar days granted, 0 for on receipt.
        end_of_month: `none`; `after_days`, the days are added and the month is then completed (the French
            "45 jours fin de mois" as most software reads it); `before_days`, the month is completed first and the
            days are added to its end. French law accepts both readings: the contract says which.
        day_of_month: the day of the month on which the customer pays, 0 for any: "30 jours fin de mois le 10" falls
            due on the 10th that follows; a month too short for it pays on its last day. "The 10th of the next month"
            is 0 days, after_days, 10.
        months: months granted, before the days; a month too short has its last day. After an end of month the month
            is completed again: the end of February and one month is 31 March.
        period: what `end_of_month` completes: the month, or a week (to Sunday), decade, fortnight or quarter.
        counted_from: the event counted from. Where its date is not given it is the invoice's. `before_delivery` is
            the eve of the delivery; `previous` the due date of the instalment before.
        payment_days: the days of the month on which the customer pays: the first of them on or after the due date.
        open_days: `any`; `following` or `preceding`, the nearest open day when the due date is closed.
        country: two letters, of the public holidays; empty for weekends alone.
        fixed_on: the due date of all invoices; of those issued later, their own date.
        cut_off: the day of the month after which `beyond` applies instead; 0 for none.
        beyond: the rule of dates after the cut-off.

    Raises:
        ArlibError: a number out of range, an unknown reading, or fields that contradict one another.
    """

    days: int = 0
    end_of_month: EndOfMonth = "none"
    day_of_month: int = 0
    _: KW_ONLY
    months: int = 0
    period: Period = "month"
    counted_from: Event = "invoice"
    payment_days: tuple[int, ...] = ()
    open_days: OpenDays = "any"
    country: str = ""
    fixed_on: date | None = None
    cut_off: int = 0
    beyond: "DueRule | None" = None

    def __post_init__(self) -> None:
        known = self.end_of_month in get_args(EndOfMonth) and is_whole(self.day_of_month, 0, _LONGEST_MONTH)
        if not (known and is_whole(self.days, 0, _LONGEST)):
            raise ArlibError(say("terms.impossible", days=self.days, longest=_LONGEST))
        wrong = next((name for name, good in _conditions(self).items() if not good), None)
        if wrong is not None:
            raise ArlibError(say("terms.impossible_value", name=wrong, value=str(getattr(self, wrong))))

    def due_days(self, issued: Days, dates: Mapping[Event, Days] | None = None) -> Days:
        """Due dates of day numbers (whole days since 1970-01-01); `NO_DAY` stays missing.

        Args:
            issued: the dates of the invoices.
            dates: the dates of other events, as long as `issued`; the invoice's date where one is missing.
        """
        known = issued != NO_DAY
        start = np.where(known, _counted_from(self, issued, dates or {}), 0)
        due = day_by_day(self._due, start)
        if self.beyond is not None:
            late = day_by_day(days_of_month, start) > self.cut_off
            due = np.where(late, self.beyond.due_days(np.where(known, issued, 0), dates), due)
        return np.where(known, due, NO_DAY)

    def _due(self, start: Days) -> Days:
        if self.fixed_on is not None:
            due = np.maximum(start, int(np.datetime64(self.fixed_on, "D").astype(np.int64)))
        elif self.end_of_month == "before_days":
            due = period_end(start, self.period)
            if self.months:  # completed again: February is short
                due = period_end(add_months(due, self.months), self.period)
            due = due + self.days
        else:
            due = (add_months(start, self.months) if self.months else start) + self.days
            if self.end_of_month == "after_days":
                due = period_end(due, self.period)
        if self.day_of_month:
            due = next_day(due + (self.end_of_month == "after_days"), self.day_of_month)
        if self.payment_days:
            due = np.min([next_day(due, day) for day in self.payment_days], axis=0)
        return due if self.open_days == "any" else _moved(self, due)


def is_whole(value: Any, low: int, high: int) -> bool:  # noqa: ANN401 - whatever was given
    """Whether a value is a whole number within bounds."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and bool(low <= value <= high)


def date_fields(rule: DueRule) -> dict[str, Any]:
    """The fields of a rule that say something: none of them where it is on receipt."""
    return {
        field.name: getattr(rule, field.name) for field in fields(DueRule) if getattr(rule, field.name) != field.default
    }


def _conditions(rule: DueRule) -> dict[str, bool]:
    """Each field, and whether it can be so beside the others."""
    given = date_fields(rule).keys()
    days = rule.payment_days
    in_order = isinstance(days, tuple) and all(is_whole(day, 1, _LONGEST_MONTH) for day in days)
    shifted = {"open_days", "country"}
    alone = given <= {"counted_from", *shifted}
    fixed = type(rule.fixed_on) is date and given <= {"fixed_on", *shifted}
    known_country = rule.country == "" or (rule.open_days != "any" and country_code(rule.country) == rule.country)
    return {
        "months": is_whole(rule.months, 0, _LONGEST_MONTHS),
        "period": rule.period in get_args(Period) and (rule.period == "month" or rule.end_of_month != "none"),
        "counted_from": rule.counted_from in get_args(Event) and (rule.counted_from != "before_delivery" or alone),
        "payment_days": in_order and list(days) == sorted(set(days)),
        "open_days": rule.open_days in get_args(OpenDays),
        "country": known_country,
        "fixed_on": rule.fixed_on is None or fixed,
        "cut_off": is_whole(rule.cut_off, 0, _LONGEST_MONTH) and (rule.cut_off > 0) == (rule.beyond is not None),
        "beyond": rule.beyond is None or (type(rule.beyond) is DueRule and rule.beyond.beyond is None),
    }


def _counted_from(rule: DueRule, issued: Days, dates: Mapping[Event, Days]) -> Days:
    """The days counted from: those of the event where known, else those of the invoice."""
    match rule.counted_from:
        case "before_delivery":
            known, back = dates.get("delivery"), 1
        case "invoice":  # on receipt is the day the invoice came, where known
            known, back = dates.get("reception") if not date_fields(rule) else None, 0
        case event:
            known, back = dates.get(event), 0
    return issued if known is None else np.where(known == NO_DAY, issued, known - back)


def _moved(rule: DueRule, due: Days) -> Days:
    """The nearest open day, before or after."""
    near = np.array([due.min() - _CLOSED_AT_MOST, due.max() + _CLOSED_AT_MOST])
    first, last = near.astype("datetime64[D]").astype("datetime64[Y]").astype(int)
    calendar = _calendar(rule.country, int(first), int(last))
    return calendar.day(calendar.rank(due) if rule.open_days == "following" else calendar.last_rank(due))


@cache
def _calendar(country: str, first: int, last: int) -> BusinessCalendar:
    """The open days of a country in these years, counted from 1970."""
    bounds = np.array([first, last]).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    return business_calendar(country, int(bounds[0]), int(bounds[1]))

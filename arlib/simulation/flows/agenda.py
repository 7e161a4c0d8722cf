"""Where the days of a simulation, counted from the day asked, meet the open days its laws count in."""

from dataclasses import dataclass

import numpy as np

from arlib.behaviour import PaymentLaws
from arlib.calendar import WEEK, BusinessCalendar, weekday
from arlib.schema import Days, Floats, day_number

_YEAR = 364  # whole weeks


@dataclass(frozen=True, eq=False)
class Agenda:
    """A business calendar whose days are counted from the day asked, which is 0.

    Attributes:
        calendar: which days are open.
        today: day number of the day asked.
    """

    calendar: BusinessCalendar
    today: int

    @classmethod
    def of(cls, laws: PaymentLaws) -> "Agenda":
        """That of the laws, on their day."""
        return cls(laws.calendar, day_number(laws.as_of))

    @property
    def weekdays(self) -> int:
        """How many weekdays the laws tell apart: one where weekends are open, which then stands for all."""
        return WEEK if self.calendar.weekends_closed else 1

    def open_days(self, days: Floats | float) -> Floats | float:
        """How many open days there are in some days, on average of the year to come."""
        today, last = self.last_rank(np.array([0, _YEAR]))
        return days * (float(last - today) / _YEAR)

    def rank(self, days: Days) -> Days:
        """The rank of the first open day on or after each day."""
        return self.calendar.rank(days + self.today)

    def last_rank(self, days: Days) -> Days:
        """The rank of the last open day on or before each day."""
        return self.calendar.last_rank(days + self.today)

    def day(self, ranks: Days) -> Days:
        """The open day of each rank."""
        return self.calendar.day(ranks) - self.today

    def open_day(self, days: Days) -> Days:
        """The first open day on or after each day."""
        return self.day(self.rank(days))

    def weekday(self, days: Days) -> Days:
        """The weekday of each day for the laws, Monday being 0; always 0 where they tell none apart."""
        return np.asarray(weekday(days + self.today)) if self.calendar.weekends_closed else np.zeros_like(days)

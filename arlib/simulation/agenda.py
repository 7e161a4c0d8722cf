"""Where the days of a simulation, counted from the day asked, meet the open days its laws count in."""

from dataclasses import dataclass

import numpy as np

from arlib.behaviour import PaymentLaws
from arlib.calendar import BusinessCalendar, weekday
from arlib.schema import Days, day_number


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

    def rank(self, days: Days) -> Days:
        """The rank of the first open day on or after each day."""
        return self.calendar.rank(days + self.today)

    def last_rank(self, days: Days) -> Days:
        """The rank of the last open day on or before each day."""
        return self.calendar.last_rank(days + self.today)

    def open_day(self, days: Days) -> Days:
        """The first open day on or after each day."""
        return self.calendar.day(self.rank(days)) - self.today

    def weekday(self, days: Days) -> Days:
        """The weekday of each day for the laws, Monday being 0; always 0 where they tell none apart."""
        return np.asarray(weekday(days + self.today)) if self.calendar.weekends_closed else np.zeros_like(days)

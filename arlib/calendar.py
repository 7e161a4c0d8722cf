"""Open days: which days payments are made on, numbered so that the days between two dates are a subtraction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import numpy as np

from arlib.errors import ArlibError
from arlib.schema import Days
from arlib.words import Sentence, bare, say

WEEK = 7
_MONDAY = 3  # day number 0, 1970-01-01, was a Thursday
_WEEKEND = (5, 6)
_YEARS = (1800, 2200)  # the years public holidays are sought for

# What files call countries besides their codes and their English names; without accents.
_OTHER_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "AT": ("autriche", "osterreich"),
        "BE": ("belgique", "belgie"),
        "CH": ("suisse", "schweiz"),
        "CN": ("chine",),
        "CZ": ("tchequie", "republique tcheque", "czech republic"),
        "DE": ("allemagne", "deutschland"),
        "DK": ("danemark",),
        "DZ": ("algerie",),
        "ES": ("espagne", "espana"),
        "FI": ("finlande",),
        "GB": ("royaume uni", "grande bretagne", "great britain", "england", "uk"),
        "GR": ("grece",),
        "IE": ("irlande",),
        "IT": ("italie", "italia"),
        "JP": ("japon",),
        "MA": ("maroc",),
        "NL": ("pays bas", "the netherlands", "holland", "nederland"),
        "NO": ("norvege",),
        "PL": ("pologne", "polska"),
        "RO": ("roumanie",),
        "SE": ("suede",),
        "TN": ("tunisie",),
        "US": ("etats unis", "etats unis d'amerique", "united states of america"),
    }
)
# The public holidays of the United Kingdom differ by nation: England's are those its banks keep.
_PART = MappingProxyType({"GB": "ENG"})
_OF_CURRENCY = MappingProxyType({"EUR": "FR", "USD": "US", "CAD": "CA", "GBP": "GB", "CHF": "CH"})


@dataclass(frozen=True, eq=False)
class BusinessCalendar:
    """Which days are open. Days are whole days since 1970-01-01 (`schema.day_numbers`), ranks count open days.

    Attributes:
        country: two letters, of the public holidays; empty where none is known.
        weekends_closed: whether weekends are closed.
        holidays_closed: whether public holidays are; never without a country.
        weekend: the closed days of each week, Monday being 0.
        holidays: the closed days outside weekends, sorted.
    """

    country: str
    weekends_closed: bool
    holidays_closed: bool
    weekend: tuple[int, ...] = ()
    holidays: Days = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def rank(self, days: Days) -> Days:
        """The rank of the first open day on or after each day."""
        if self._all_open:
            return days
        before, _ = self._week
        weeks, weekday = np.divmod(days + _MONDAY, WEEK)
        return np.asarray(weeks * before[WEEK] + before[weekday] - np.searchsorted(self.holidays, days))

    def last_rank(self, days: Days) -> Days:
        """The rank of the last open day on or before each day."""
        return self.rank(days + 1) - 1

    def day(self, ranks: Days) -> Days:
        """The open day of each rank: `rank(day(ranks))` is `ranks`."""
        if self._all_open:
            return ranks
        before, opened = self._week
        passed = np.searchsorted(self._holiday_ranks, ranks, side="right")
        weeks, place = np.divmod(ranks + passed, before[WEEK])
        return np.asarray(weeks * WEEK + opened[place] - _MONDAY)

    def sentence(self) -> Sentence:
        """Which days are counted, for a person."""
        if not self.weekends_closed:
            return say("calendar.every_day")
        if not self.holidays_closed:
            return say("calendar.weekdays")
        return say("calendar.business_days", country=self.country)

    @property
    def _all_open(self) -> bool:
        return not self.weekend and not len(self.holidays)

    @cached_property
    def _week(self) -> tuple[Days, Days]:
        """Open days of a week before each weekday and in all of it; and its open weekdays."""
        opened = ~np.isin(np.arange(WEEK), self.weekend)
        return np.concatenate([[0], np.cumsum(opened)]), np.flatnonzero(opened)

    @cached_property
    def _holiday_ranks(self) -> Days:
        """The rank of the first open day after each holiday: ranks from it on lie after one holiday more."""
        return self.rank(self.holidays)


EVERY_DAY = BusinessCalendar("", weekends_closed=False, holidays_closed=False)


def business_calendar(
    country: str, first: int, last: int, *, weekends_closed: bool = True, holidays_closed: bool = True
) -> BusinessCalendar:
    """The calendar of a country: its weekends and its national public holidays, from a day to a day.

    Holidays are those of all years from that of `first` to that of `last` (1800 to 2200 at most); any other day is
    open unless it is of a weekend. Regional holidays are open days, except that the United Kingdom is England.

    Args:
        country: two letters (ISO 3166); empty where none is known: no holidays then.
        first: day number of the first day asked about.
        last: day number of the last one.
        weekends_closed: whether weekends are closed: Saturday and Sunday, or those of the country.
        holidays_closed: whether its public holidays are; they are open where weekends are.

    Raises:
        ArlibError: the country is not known.

    Source: the `holidays` package, which follows the law of each country, year by year.
    """
    if not weekends_closed:
        return EVERY_DAY
    if not country:
        return BusinessCalendar("", weekends_closed=True, holidays_closed=False, weekend=_WEEKEND)
    import holidays  # noqa: PLC0415 - loaded on first use

    low, high = np.clip(
        np.array([first, last]).astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970, *_YEARS
    )
    try:
        kept = holidays.country_holidays(country, subdiv=_PART.get(country), years=range(low, high + 1))
    except NotImplementedError as unknown:
        raise ArlibError(say("calendar.unknown_country", country=country)) from unknown
    weekend = tuple(sorted(kept.weekend))
    days = np.array(sorted(kept) if holidays_closed else [], dtype="datetime64[D]").astype(np.int64)
    outside = ~np.isin((days + _MONDAY) % WEEK, weekend)
    return BusinessCalendar(country, weekends_closed, holidays_closed, weekend, days[outside])


def weekday(days: Days) -> Days:
    """The day of the week of each day number, Monday being 0."""
    return (days + _MONDAY) % WEEK


def country_code(text: str) -> str:
    """The two letters of a country from its code of two or three letters or its name; empty where it is not known."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415 - loaded on first use

    name = " ".join(bare(text).lower().replace("-", " ").replace(".", "").split())
    other = next((code for code, names in _OTHER_NAMES.items() if name in names), "")
    known = COUNTRIES.get(name.replace(" ", "_"), (None, other))[1]
    return known or next((entry[1] for entry in COUNTRIES.values() if name.upper() in entry[1:3]), "")


def country_of_currency(currency: str) -> str:
    """The country whose banks clear a currency, two letters; the euro's is France; empty where it is not known."""
    return _OF_CURRENCY.get(currency, "")

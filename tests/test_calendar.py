"""The business calendar: against calendars computed apart, counted day by day, and back again."""

from datetime import date, timedelta

import holidays
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arlib.calendar import EVERY_DAY, business_calendar, country_code, country_of_currency, weekday
from arlib.errors import ArlibError
from arlib.samples.business_days import is_business_day

COUNTRIES = sorted(holidays.list_supported_countries(include_aliases=False))
EPOCH = date(1970, 1, 1)


def number(text: str) -> int:
    return (date.fromisoformat(text) - EPOCH).days


def numbers(*texts: str) -> np.ndarray:
    return np.array([number(text) for text in texts])


def of_years(country: str, first: int, last: int, **closed):
    return business_calendar(country, number(f"{first}-01-01"), number(f"{last}-12-31"), **closed)


def test_open_days_around_the_fourteenth_of_july_counted_by_hand():
    """Friday 11 July 2025 and Tuesday 15 follow on: Saturday, Sunday and Monday 14, a holiday, are closed."""
    calendar = of_years("FR", 2025, 2025)
    days = numbers("2025-07-11", "2025-07-12", "2025-07-13", "2025-07-14", "2025-07-15", "2025-07-16")
    friday = calendar.rank(days[:1])
    assert list(calendar.rank(days) - friday) == [0, 1, 1, 1, 1, 2]
    assert list(calendar.last_rank(days) - friday) == [0, 0, 0, 0, 1, 2]
    assert list(calendar.day(friday + np.arange(3))) == list(days[[0, 4, 5]])


def test_french_days_are_those_of_the_samples_own_calendar():
    """Day by day, against the rule of the Labour Code with Meeus' Easter, written apart.

    Since 2008: from 2005 on Whit Monday was a working day, until the law of 16 April 2008 made it a holiday again.
    """
    calendar = of_years("FR", 2005, 2034)
    whit_monday = numbers("2005-05-16", "2008-05-12")
    assert list(calendar.rank(whit_monday) == calendar.last_rank(whit_monday)) == [True, False]
    days = np.arange(number("2008-05-01"), number("2035-01-01"))
    opened = calendar.rank(days) == calendar.last_rank(days)
    expected = [is_business_day(EPOCH + timedelta(days=int(day))) for day in days]
    assert list(opened) == expected


@pytest.mark.parametrize(
    ("country", "closed", "opened"),
    [
        ("US", "2019-07-04", "2019-07-05"),
        ("US", "2021-07-05", "2021-07-06"),  # the fourth was a Sunday
        ("GB", "2024-04-01", "2024-07-12"),  # Easter Monday is one in England; the twelfth of July in Ulster only
        ("CA", "2024-07-01", "2024-07-02"),
        ("DE", "2024-10-03", "2024-11-01"),  # All Saints' is a holiday of some Länder only
        ("SA", "2024-06-14", "2024-06-13"),  # a Friday, and the Thursday before
        ("FR", "1901-08-15", "1901-08-16"),
    ],
)
def test_days_known_to_be_closed(country, closed, opened):
    calendar = of_years(country, 1900, 2030)
    days = numbers(closed, opened)
    assert list(calendar.rank(days) == calendar.last_rank(days)) == [False, True]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["", *COUNTRIES]), st.integers(1800, 2195), st.integers(0, 4), st.integers(0, 2**32 - 1))
def test_ranks_count_open_days_and_lead_back_to_their_day(country, first, years, seed):
    calendar = of_years(country, first, first + years)
    rng = np.random.default_rng(seed)
    days = np.sort(rng.integers(number(f"{first}-01-01") - 800, number(f"{first + years}-12-31") + 800, size=200))
    rank, last = calendar.rank(days), calendar.last_rank(days)
    opened = calendar.day(rank)
    assert (opened >= days).all()
    assert (calendar.day(last) <= days).all()
    assert np.array_equal(calendar.rank(opened), rank)
    assert np.array_equal(calendar.last_rank(opened), rank)
    assert set(rank - last) <= {0, 1}
    every = np.arange(days[0], days[-1] + 1)
    is_open = calendar.rank(every) == calendar.last_rank(every)
    assert np.array_equal(np.cumsum(is_open)[days - days[0]] - is_open[0], last - last[0])
    ranks = np.arange(rank[0], rank[-1] + 1)
    assert np.array_equal(calendar.rank(calendar.day(ranks)), ranks)
    assert (np.diff(calendar.day(ranks)) > 0).all()


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_holidays_of_every_country_are_closed_and_nothing_else(country):
    calendar = of_years(country, 2024, 2025)
    part = {"GB": "ENG"}.get(country)
    told = holidays.country_holidays(country, subdiv=part, years=(2024, 2025))
    days = np.arange(number("2024-01-01"), number("2026-01-01"))
    opened = calendar.rank(days) == calendar.last_rank(days)
    dates = [EPOCH + timedelta(days=int(day)) for day in days]
    assert list(opened) == [day not in told and day.weekday() not in told.weekend for day in dates]


def test_a_calendar_without_country_closes_weekends_only():
    calendar = business_calendar("", 0, 1)
    week = numbers(*(f"2025-05-{day:02d}" for day in range(1, 8)))  # Thursday 1 May to Wednesday 7
    assert list(calendar.rank(week) == calendar.last_rank(week)) == [True, True, False, False, True, True, True]
    assert (calendar.weekends_closed, calendar.holidays_closed, calendar.country) == (True, False, "")


@pytest.mark.parametrize("calendar", [EVERY_DAY, business_calendar("FR", 0, 1, weekends_closed=False)])
def test_where_every_day_is_open_ranks_are_days(calendar):
    days = np.arange(-1000, 1000)
    assert np.array_equal(calendar.rank(days), days)
    assert np.array_equal(calendar.last_rank(days), days)
    assert np.array_equal(calendar.day(days), days)


def test_holidays_may_be_open_and_weekends_not():
    calendar = of_years("FR", 2025, 2025, holidays_closed=False)
    days = numbers("2025-07-14", "2025-07-13")
    assert list(calendar.rank(days) == calendar.last_rank(days)) == [True, False]


def test_days_beyond_the_years_asked_know_weekends():
    calendar = of_years("FR", 2025, 2025)
    days = numbers("2031-07-14", "2031-07-13", "1999-05-02", "0001-01-01", "9999-12-31")
    assert list(calendar.rank(days) == calendar.last_rank(days)) == [True, False, False, True, True]


def test_the_calendar_says_which_days_it_counts():
    keys = [
        calendar.sentence().key for calendar in (EVERY_DAY, business_calendar("", 0, 1), business_calendar("FR", 0, 1))
    ]
    assert keys == ["calendar.every_day", "calendar.weekdays", "calendar.business_days"]
    assert "(FR)" in business_calendar("FR", 0, 1).sentence().text("fr")


def test_an_unknown_country_is_said():
    with pytest.raises(ArlibError, match=r"“ZZ”.*two-letter code"):
        business_calendar("ZZ", 0, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("FR", "FR"), ("fra", "FR"), ("France", "FR"), ("Royaume-Uni", "GB"), ("uk", "GB"), ("U.S.A.", "US")),
        *(("United States", "US"), ("États-Unis", "US"), ("Allemagne", "DE"), ("Pays-Bas", "NL"), ("Mexico", "MX")),
        *(("Belgium", "BE"), (" be ", "BE"), ("391", ""), ("", ""), ("Nowhere", ""), ("F", "")),
    ],
)
def test_countries_are_known_by_code_and_by_name(text, code):
    assert country_code(text) == code


def test_a_currency_has_a_country_where_one_clears_it():
    assert [country_of_currency(name) for name in ("EUR", "USD", "GBP", "XOF", "")] == ["FR", "US", "GB", "", ""]


def test_weekdays_are_numbered_from_monday():
    assert list(weekday(numbers("2025-07-14", "2025-07-20", "1969-12-31", "1901-01-01"))) == [0, 6, 2, 1]

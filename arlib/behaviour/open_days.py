"""Which days a ledger is paid on: its country, and whether weekends and public holidays are closed."""

import numpy as np

from arlib.calendar import EVERY_DAY, BusinessCalendar, business_calendar, country_code, country_of_currency, weekday
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.schema import Days, Floats
from arlib.words import say

_YEARS_BEFORE = 2  # public holidays are known so long before the first payment: invoices were due earlier
_YEARS_AHEAD = 6  # and so long after the day: three years of horizon, terms, and a year late
_YEAR = 366
_OPEN_SHARE = 0.25  # of the payments a weekday gets, from which a weekend day or a holiday is open
_FEWEST = 5.0  # payments, under which chance or a slip may have put them there


def calendar_of(ledger: Ledger, country: str | None, day: int, paid_on: Days, weight: Floats) -> BusinessCalendar:
    """The calendar a ledger is paid by, from its payments known on a day.

    Weekends are closed unless the payments show otherwise: at least 5 on weekend days, and a day of a weekend gets a
    quarter of what another day gets or more. Then every day counts. Public holidays likewise, where the country is
    known. The country is the one given, else that of most customers, else the currency's; static master data are
    taken as they are today.

    Args:
        ledger: for its country.
        country: a code or a name; the empty text for no country; found in the ledger where None.
        day: day number of the day.
        paid_on: (payments,) day number of each payment known by then.
        weight: (payments,) what each counts for.

    Raises:
        ArlibError: the country given is not known.
    """
    first = int(paid_on.min(initial=day))
    calendar = business_calendar(_country(ledger, country), first - _YEARS_BEFORE * _YEAR, day + _YEARS_AHEAD * _YEAR)
    by_weekday = np.bincount(weekday(paid_on), weight, 7)
    weekend = np.isin(np.arange(7), calendar.weekend)
    seen, usual = float(by_weekday[weekend].sum()), float(by_weekday[~weekend].mean())
    if seen >= _FEWEST and seen / weekend.sum() >= _OPEN_SHARE * usual:
        return EVERY_DAY
    closed = calendar.holidays[(calendar.holidays >= first) & (calendar.holidays <= day)]
    on_holidays = float(weight[np.isin(paid_on, closed)].sum())
    opened = int(calendar.last_rank(np.array([day]))[0] - calendar.rank(np.array([first]))[0]) + 1
    usual = (float(by_weekday[~weekend].sum()) - on_holidays) / max(opened, 1)
    if on_holidays >= _FEWEST and on_holidays >= _OPEN_SHARE * usual * len(closed):
        return business_calendar(calendar.country, first, day, holidays_closed=False)
    return calendar


def _country(ledger: Ledger, country: str | None) -> str:
    if country is not None:
        code = country_code(country)
        if country.strip() and not code:
            raise ArlibError(say("calendar.unknown_country", country=country))
        return code
    named = ledger.customers["country"].value_counts().sort_index()
    codes = named.groupby([country_code(str(name)) for name in named.index]).sum()
    codes = codes[codes.index != ""]
    return str(codes.idxmax()) if len(codes) else country_of_currency(ledger.currency)

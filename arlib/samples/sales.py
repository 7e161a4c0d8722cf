"""What a customer buys: one invoice after the other, with the seasons of its segment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from random import Random

from arlib.samples.business_days import business_days, end_of_month
from arlib.samples.customers import FIRST_DAY, LAST_DAY
from arlib.samples.events import Customer, Share, Terms

# Sales of each month of the year relative to the average month; fewer business days come on top of it.
SEASONS: Mapping[str, tuple[float, ...]] = {
    "GMS": (0.84, 0.86, 0.98, 1.02, 1.06, 1.10, 1.06, 0.80, 1.00, 1.02, 1.10, 1.30),
    "Restauration": (0.74, 0.80, 0.94, 1.04, 1.16, 1.28, 1.22, 0.74, 1.06, 0.98, 0.92, 1.14),
    "Collectivités": (1.06, 1.02, 1.10, 1.02, 1.06, 1.10, 0.66, 0.46, 1.20, 1.14, 1.10, 1.02),
    "Détaillants": (0.80, 0.84, 0.96, 1.02, 1.06, 1.10, 1.06, 0.68, 1.02, 1.04, 1.10, 1.36),
}
_GROWTH_A_YEAR = 0.05
_BUSINESS_DAYS_A_MONTH = 21.0
_SPREAD = 0.45  # of the logarithm of an invoice's amount
_REDUCED_SHARE: Mapping[str, float] = {"GMS": 0.75, "Restauration": 0.6, "Collectivités": 0.65, "Détaillants": 0.8}
_BOTH_RATES = 0.15


@dataclass(frozen=True)
class Sale:
    """An invoice before it has a number."""

    day: date
    due: date
    shares: tuple[Share, ...]

    @property
    def cents(self) -> int:
        """What is to be paid, tax included."""
        return gross(self.shares)


def draw_sales(customer: Customer, chance: Random) -> list[Sale]:
    """The invoices of a customer over the sample, by date, on business days only."""
    years = range(FIRST_DAY.year, LAST_DAY.year + 1)
    sales: list[Sale] = []
    for year, month in product(years, range(1, 13)):
        days = business_days(year, month)
        growth = (1 + _GROWTH_A_YEAR) ** (year - FIRST_DAY.year)
        season = SEASONS[customer.segment][month - 1] * len(days) / _BUSINESS_DAYS_A_MONTH
        count = int(customer.invoices_a_year / 12 * season + chance.random())  # regular deliveries, whole numbers
        drawn = sorted(chance.choice(days) for _ in range(count))
        sales += [
            Sale(day, due_day(customer.terms, day), draw_shares(customer, growth, chance))
            for day in drawn
            if customer.first_day <= day <= customer.last_day
        ]
    return sales


def due_day(terms: Terms, day: date) -> date:
    """The due date: so many days after the invoice, then the end of that month where the terms say so."""
    due = day + timedelta(days=terms.days)
    return end_of_month(due) if terms.end_of_month else due


def share(rate: int, net: int) -> Share:
    """So many cents without tax at a rate in thousandths, tax rounded half up."""
    return Share(rate, net, (net * rate + 500) // 1000)


def gross(shares: tuple[Share, ...]) -> int:
    """The cents of all shares, tax included."""
    return sum(part.net + part.tax for part in shares)


def draw_shares(customer: Customer, growth: float, chance: Random) -> tuple[Share, ...]:
    """What a delivery is worth, by VAT rate."""
    euros = customer.net_of_an_invoice * growth * chance.lognormvariate(-(_SPREAD**2) / 2, _SPREAD)
    net = max(round(euros * 100), 1500)
    if customer.country != "FR":
        return (share(0, net),)
    if chance.random() < _BOTH_RATES:
        reduced = round(net * chance.uniform(0.3, 0.8))
        return share(55, reduced), share(200, net - reduced)
    rate = 55 if chance.random() < _REDUCED_SHARE[customer.segment] else 200
    return (share(rate, net),)

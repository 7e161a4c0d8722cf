"""Orders of the négoce sample that are not invoiced yet on its last day."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from arlib.samples.business_days import business_day_after, business_day_from
from arlib.samples.customers import LAST_DAY
from arlib.samples.events import Customer, Share
from arlib.samples.sales import draw_shares

_ORDERS = 90
_WINDOW = 20  # days in which they came in
_GROWTH = 1.05**2  # of the third year, as that of invoices
_DELIVERED = 0.2


class Order(NamedTuple):
    """An order of a customer: when it came, when it is to be delivered, what it is worth."""

    reference: str
    day: date
    customer: Customer
    delivery: date
    shares: tuple[Share, ...]
    delivered: bool


def draw_orders(customers: Sequence[Customer], seed: int) -> list[Order]:
    """The orders open on the last day, by date: of customers who still buy, the larger ones more often.

    The last customer to become insolvent has one too: a company under a judge's protection goes on buying.
    """
    chance = Random(f"{seed} orders")  # noqa: S311 - a sample to make again, not a secret
    buying = [each for each in customers if each.last_day == LAST_DAY and each.law.insolvent_on is None]
    failed = [each for each in customers if each.law.insolvent_on is not None]
    last = max(failed, key=lambda each: each.law.insolvent_on or date.min)
    chosen = [last, *chance.choices(buying, [each.invoices_a_year for each in buying], k=_ORDERS - 1)]
    drawn = sorted((_drawn_day(chance), customer.code, customer) for customer in chosen)
    return [
        _order(f"CO25-{4100 + place:05d}", day, customer, chance)
        for place, (day, _, customer) in enumerate(drawn, start=1)
    ]


def _drawn_day(chance: Random) -> date:
    return min(business_day_from(LAST_DAY - timedelta(days=chance.randrange(_WINDOW))), LAST_DAY)


def _order(reference: str, day: date, customer: Customer, chance: Random) -> Order:
    delivered = chance.random() < _DELIVERED and day < LAST_DAY
    delivery = LAST_DAY if delivered else business_day_after(LAST_DAY + timedelta(days=chance.randrange(12)))
    return Order(reference, day, customer, delivery, draw_shares(customer, _GROWTH, chance), delivered)

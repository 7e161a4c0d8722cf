"""Who would take a cash discount: those for whom it earns more than their own money costs them."""

from math import isfinite

import pandas as pd

from arlib.errors import ArlibError
from arlib.measures.delays import days_to_pay
from arlib.measures.working_capital import YEAR
from arlib.schema import day_number
from arlib.simulation.base import SimulationBase
from arlib.simulation.financing.cost import simple_rate
from arlib.terms import Discount
from arlib.words import say

_MOST_RATE = 2.0  # a year: more is a percentage taken for a share


def worthwhile_adoption(base: SimulationBase, discount: Discount, rate: float) -> dict[str, float]:
    """Who takes a discount, on all it buys: `Policy.discount_adoption`.

    It is worth taking where x / (1 − x) × 365 / (days to pay − days of the discount) is above what a year of the
    customer's own money costs: the days it really takes, not those of its terms. Who pays within the days of the
    discount already takes it for nothing. Real days are those of the year up to `as_of`, by amount, open invoices
    counted as not yet paid; a customer of whom too few were followed takes none.

    Args:
        base: what `prepare` made of a ledger.
        discount: its share is of the amount with tax.
        rate: a year of the customers' own financing, 0.05 for 5 %; nobody knows it: show several.

    Returns:
        1 by customer_id, of those expected to buy who take it: the others have no entry.

    Raises:
        ArlibError: the rate is not from 0 to 2.

    Source: handbook, metrics 3.5; worked examples I2.
    """
    if not (isfinite(rate) and 0 <= rate <= _MOST_RATE):
        raise ArlibError(say("simulation.policy.rate", rate=rate, most=_MOST_RATE))
    since = base.as_of - pd.Timedelta(days=YEAR - 1)
    paid = days_to_pay(base.ledger, base.as_of, by="customer_id", issued_since=since)
    real = paid.set_index("customer_id")["with_open_weighted_mean_days"]
    granted = _granted(base, discount)
    given_up = real.reindex(granted.index) - granted
    taken = given_up * rate < simple_rate(discount.share, 1.0)
    return dict.fromkeys(map(str, taken.index[taken]), 1.0)


def _granted(base: SimulationBase, discount: Discount) -> "pd.Series[float]":
    """The days of the discount, by customer_id of those expected to buy: the mean of its invoices to come."""
    plan, today = base.plan, day_number(base.as_of)
    days = discount.until.due_days(plan.issue + today) - today - plan.issue
    return pd.Series(days, base.laws.customers[plan.customer], dtype="float64").groupby(level=0).mean()

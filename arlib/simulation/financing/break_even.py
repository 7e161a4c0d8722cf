"""How large a discount for early payment the seller can grant, by the days each customer really takes."""

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.measures.delays import days_to_pay
from arlib.measures.named import with_names
from arlib.measures.working_capital import YEAR, yearly_cost
from arlib.simulation.financing.offers import CashDiscount
from arlib.words import say


def largest_discount(days: float, rate: float, avoided_share: float = 0.0) -> float:
    """The share off at which the seller gains nothing: x / (1 − x) = rate × days / 365 + avoided share.

    Args:
        days: by which the payment really comes earlier; nothing is gained below 0.
        rate: what a year of the seller's own financing costs.
        avoided_share: losses and costs of reminders that early payment avoids, of the amount paid.

    Raises:
        ArlibError: the rate or the avoided share is not from 0 to 1.

    Source: handbook, metrics 3.5.
    """
    period = yearly_cost(max(days, 0.0), rate) / YEAR + _avoided(avoided_share)
    return period / (1 + period)


def discount_break_even(
    ledger: Ledger, discount: CashDiscount, as_of: Day | None = None, *, rate: float, avoided_share: float = 0.0
) -> pd.DataFrame:
    """For each customer, whether a discount for early payment pays for itself, by the days it really takes to pay.

    One row a customer invoiced in the 365 days up to `as_of`, the largest gain first, those without enough history
    last: customer_id, name; invoices and amount, those of the year, paid or still owed; days_to_pay, real, by
    amount, open invoices counted as not yet paid, none for more than 180 days, nan where too few were followed;
    days_gained, these less the days of the discount, never below 0; largest_share, the break-even discount; cost of the
    discount where the customer takes it on all it buys, gained in financing and avoided costs, net_gained; worthwhile,
    whether that is above 0.

    A customer who already pays within the days of the discount would be paid for what it does: its gain is negative.
    Whether it would take the discount is its own sum: `simple_rate` of the days it gives up, against its own rate.

    Raises:
        ArlibError: the rate or the avoided share is not from 0 to 1, or no invoice of the year has a date.

    Source: handbook, metrics 3.5.
    """
    day = ledger.day(as_of)
    since = day - pd.Timedelta(days=YEAR - 1)
    paid = days_to_pay(ledger, day, by="customer_id", issued_since=since)
    invoices = paid["paid"] + paid["open"]
    if not invoices.any():
        raise ArlibError(say("simulation.financing.undated", since=since, day=day))
    days = paid["with_open_weighted_mean_days"]
    amount = (paid["paid_amount"] + paid["open_amount"]).round(2)
    gained_days = (days - discount.within_days).clip(lower=0)
    period = gained_days * yearly_cost(1.0, rate) / YEAR + _avoided(avoided_share)
    gained = amount * (1 - discount.share) * period
    cost = (amount * discount.share).where(gained.notna())
    found = with_names(ledger, paid[["customer_id"]]).assign(
        invoices=invoices,
        amount=amount,
        days_to_pay=days,
        days_gained=gained_days,
        largest_share=period / (1 + period),
        cost=cost,
        gained=gained,
        net_gained=gained - cost,
        worthwhile=(gained - cost) > 0,
    )
    return found.sort_values(["net_gained", "customer_id"], ascending=[False, True], ignore_index=True)


def _avoided(share: float) -> float:
    if not (np.isfinite(share) and 0 <= share <= 1):
        raise ArlibError(say("simulation.financing.share", share=share))
    return share

"""On which days of the week each customer pays."""

import numpy as np

from arlib.behaviour.evidence import Evidence
from arlib.calendar import WEEK, weekday
from arlib.schema import Floats, sum_by_code

PRIOR_PAYMENTS = 10.0  # what the portfolio's weekdays weigh against a customer's own payments


def weekday_factors(evidence: Evidence, weight: Floats) -> Floats:
    """(customers, 7) share of a customer's payments on each weekday, Monday first, over all customers' share.

    The customer's share is (own weight + 10 × all customers' share) / (own weight in all + 10): 1 without payments.
    A payment on a closed day counts on the open day it is put on; days on which nobody pays have 1. So do all days
    where every day is open: on the list published by IBM, paid on any day, the pattern of customers is chance, and
    forecasts are worse with it (AUC over 15 days late 0.872 against 0.875, error of the median day 6.31 against 6.26).
    """
    if not evidence.calendar.weekends_closed:
        return np.ones((len(evidence.customers), WEEK))
    paid = evidence.paid
    customer, weight = evidence.customer[paid], weight[paid]
    rank = evidence.calendar.rank(evidence.due[paid]) + evidence.open_days_late[paid]
    on = weekday(evidence.calendar.day(rank))
    size = len(evidence.customers)
    own = sum_by_code(customer * WEEK + on, weight, size * WEEK).reshape(size, WEEK)
    everybody = sum_by_code(on, weight, WEEK)
    everybody /= everybody.sum()
    shares = (own + PRIOR_PAYMENTS * everybody) / (own.sum(axis=1, keepdims=True) + PRIOR_PAYMENTS)
    return np.asarray(np.divide(shares, everybody, out=np.ones_like(shares), where=everybody > 0))

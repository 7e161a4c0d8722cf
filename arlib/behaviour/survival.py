"""Kaplan-Meier in hazard form on a grid of days, for every customer at once, drawn towards the portfolio."""

import numpy as np

from arlib.behaviour.evidence import Codes, Evidence, Floats
from arlib.schema import day_number

FIRST_DAY, LAST_DAY = -60, 365  # days after the due date; earlier payments count on the first, later ones never
DAYS = np.arange(FIRST_DAY, LAST_DAY + 1)
HALF_LIFE = 365.0  # an invoice due a year earlier counts half; measured flat between 180 and 730 days
PRIOR_INVOICES = 2.0  # what the portfolio weighs against a customer's own invoices; fitted ones were 1 to 4

_SURE = 1 - 1e-9  # nobody is sure to pay: keeps "given unpaid on that day" defined after the last payment seen


def recency(evidence: Evidence) -> Floats:
    """The weight of each piece by the age of its due date: 1 now, a half one half-life ago.

    The due date, not the payment's: a weight that grew with the day of payment would count the late pieces of a
    month more than its punctual ones.
    """
    age = np.maximum(day_number(evidence.as_of) - evidence.due, 0)
    return np.asarray(np.exp2(-age / HALF_LIFE))


def paid_and_at_risk(evidence: Evidence, weight: Floats, last_day: int = LAST_DAY) -> tuple[Floats, Floats]:
    """Weight paid on each day, and weight not paid before it, by customer: two (customers, days) arrays."""
    days = last_day - FIRST_DAY + 1
    shape = (len(evidence.customers), days)
    late = evidence.days_late
    seen = (evidence.paid | (late >= FIRST_DAY)) & (weight > 0)
    cell = evidence.customer * days + np.clip(late, FIRST_DAY, last_day) - FIRST_DAY
    happened = evidence.paid & seen & (late <= last_day)
    paid = weighted_counts(cell[happened], weight[happened], shape[0] * days).reshape(shape)
    leaving = weighted_counts(cell[seen], weight[seen], shape[0] * days).reshape(shape)
    return paid, np.cumsum(leaving[:, ::-1], axis=1)[:, ::-1]


def weighted_counts(codes: Codes, weight: Floats, size: int) -> Floats:
    """The weight at each code, `size` of them."""
    return np.bincount(codes, weight, size).astype(np.float64, copy=False)


def portfolio_hazard(paid: Floats, at_risk: Floats) -> Floats:
    """The share of what was unpaid before each day that was paid on it, all customers together; 0 where none was."""
    total = at_risk.sum(axis=0)
    return np.asarray(np.divide(paid.sum(axis=0), total, out=np.zeros_like(total), where=total > 0))


def unpaid_share(paid: Floats, at_risk: Floats, prior: Floats) -> Floats:
    """The share of a customer's invoices not yet paid at the end of each day: (customers, days).

    The hazard is (paid + m × prior) / (at risk + m), m being `PRIOR_INVOICES`.
    """
    hazard = paid + PRIOR_INVOICES * prior
    hazard /= at_risk + PRIOR_INVOICES
    return survival(hazard)


def survival(hazard: Floats) -> Floats:
    """The product of 1 − hazard along the days."""
    return np.asarray(np.cumprod(1 - np.minimum(hazard, _SURE), axis=-1))

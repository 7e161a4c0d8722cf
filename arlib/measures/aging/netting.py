"""Credits nobody has applied, set against the oldest debt of whoever holds them."""

import numpy as np

from arlib.measures.aging.ages import Ages
from arlib.schema import Floats

PURSES = ("customer_id", "entity", "currency")  # a credit pays the debts of its customer, company and currency alone


def net_of_credits(held: Floats, ages: Ages) -> Floats:
    """What is open by (part, day, group) once each group's credits have paid its oldest debts.

    The order is from the oldest bucket to the youngest, then what has no date; what stands apart is not paid. Buckets
    being in the order of age, this is what item by item would give. What credits remain stays in the last part.
    """
    order = [*range(len(ages.names))[::-1], len(ages.names)]
    debts, credits_ = np.maximum(held[order], 0), np.maximum(-held[-1], 0)
    reached = np.minimum(np.cumsum(debts, axis=0), credits_)  # paid of a debt and all older ones
    paid = np.diff(reached, axis=0, prepend=0)
    netted = held.copy()
    netted[order] -= paid
    netted[-1] += reached[-1]
    return netted

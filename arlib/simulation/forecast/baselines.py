"""The calendars a forecast must beat: everybody pays on the due date, or as late as it does on average."""

import numpy as np

from arlib.behaviour import PaymentLaws
from arlib.schema import Days, Floats, sum_by_code
from arlib.simulation.forecast.cash import Periods
from arlib.simulation.forecast.claims import Claims


def contractual(claims: Claims, periods: Periods) -> Floats:
    """(periods,) cash if every invoice were paid on its due date; what is overdue, on the day after the closing."""
    return _paid_on(claims, claims.due, periods)


def with_mean_delay(laws: PaymentLaws, claims: Claims, periods: Periods) -> Floats:
    """(periods,) cash if every invoice were paid its customer's mean days late; a day already past is tomorrow.

    The mean of what each customer has paid by the laws' day, every invoice weighing one; of all together for a customer
    who has paid nothing yet.
    """
    evidence, size = laws.evidence, len(laws.customers)
    customer, weight = evidence.customer[evidence.paid], evidence.weight[evidence.paid]
    late = weight * evidence.days_late[evidence.paid]
    paid, total = sum_by_code(customer, weight, size), sum_by_code(customer, late, size)
    mean = np.divide(total, paid, out=np.full(size, total.sum() / paid.sum()), where=paid > 0)
    return _paid_on(claims, claims.due + np.rint(mean).astype(np.int64)[claims.customer], periods)


def _paid_on(claims: Claims, on: Days, periods: Periods) -> Floats:
    return periods.dated(np.maximum(on, claims.since), claims.amount)

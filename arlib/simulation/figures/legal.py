"""Due dates beyond what French law allows between companies, counted and added up."""

from typing import NamedTuple

import numpy as np

from arlib.schema import Days
from arlib.simulation.outlook.expected import Dues


class Breaches(NamedTuple):
    """What would fall due later than the law allows: how many invoices, whole or in part, and the amount that would."""

    invoices: float
    amount: float


def breaches(dues: Dues, latest: Days) -> Breaches:
    """What falls due too late, of the invoices issued within so many days; what `dues` take off is taken off.

    An invoice is counted once, however many of its instalments are too late, and not where a deposit pays it all.

    Args:
        dues: due dates granted.
        latest: (days,) the last due date the law allows for each day of issue, counted as `dues` are.
    """
    issued = dues.issue < len(latest)
    late = np.zeros(len(issued), dtype=bool)
    late[issued] = dues.due[issued] > latest[dues.issue[issued]]
    return Breaches(round(float(dues.invoices[late].sum()), 6) + 0.0, round(float(dues.amount[late].sum()), 2) + 0.0)

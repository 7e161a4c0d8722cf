"""Due dates beyond what French law allows between companies, counted and added up."""

from typing import NamedTuple

import numpy as np

from arlib.schema import Days
from arlib.simulation.outlook.expected import Dues
from arlib.terms import END_OF_MONTH_45, END_OF_MONTH_THEN_45, NET_60

LATEST = (NET_60, END_OF_MONTH_45, END_OF_MONTH_THEN_45)


class Breaches(NamedTuple):
    """What would fall due later than the law allows: how many invoices, whole or in part, and the amount that would."""

    invoices: float
    amount: float


def latest_due(issue: Days) -> Days:
    """The last due date that invoices of some days (day numbers) can be given.

    60 days after the invoice or, where the contract says so, 45 days end of month, which may be read as the end of the
    month 45 days after the invoice or as 45 days after the end of its month: the latest of the three, so that nothing
    is called a breach that a contract may allow. Summary invoices (45 days) and trades with shorter terms are not told
    apart. Source: Code de commerce, L441-10 I, and the readings of the DGCCRF.
    """
    return np.asarray(np.maximum.reduce([terms.due_days(issue) for terms in LATEST]))


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

"""Whether customers pay their large invoices later than their small ones: mean days late of invoices and of money."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from arlib.behaviour.calendar_days import CalendarDays
from arlib.behaviour.evidence import Evidence
from arlib.schema import HALF_CENT, Floats, sum_by_code

if TYPE_CHECKING:
    from arlib.behaviour.laws import PaymentLaws

LATEST = 90  # calendar days late that anything later, or never paid, counts as in a mean
EARLIEST = -60  # and that anything earlier does
_LAWS = 512  # added up at once
_CONFIDENCE = 0.95  # of the interval


@dataclass(frozen=True)
class MoneyDelay:
    """How many days later money comes than the laws, which count invoices, say of the same customers.

    Attributes:
        days: the difference; negative where large invoices are paid sooner than small ones of the same customer.
        low: lower end of its interval of 95 %; nan where fewer than two customers tell.
        high: upper end.
        customers: how many tell.
    """

    days: float
    low: float
    high: float
    customers: int

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval leaves out no difference at all."""
        return self.low > 0 or self.high < 0


def weighed_by_amount(evidence: Evidence, weight: Floats) -> Floats:
    """(pieces,) weights in proportion to the amount of the invoice, each customer's adding up to as much as before."""
    whole = np.divide(evidence.amount, evidence.weight, out=np.zeros_like(weight), where=evidence.weight > 0)
    size = len(evidence.customers)
    invoices = sum_by_code(evidence.customer, weight, size)
    money = sum_by_code(evidence.customer, weight * whole, size)
    mean = np.divide(money, invoices, out=np.zeros(size), where=invoices > 0)[evidence.customer]
    return weight * np.divide(whole, mean, out=np.ones_like(weight), where=mean > HALF_CENT)


def mean_days_late(read: CalendarDays, unpaid: Floats) -> Floats:
    """(laws,) mean calendar days late of (laws, open days), sooner than 60 days early counting 60, later than 90, 90.

    What is never paid counts 90: the mean of a law that never ends is no figure. It is −60 and the sum over the days
    from then to the 89th of what is unpaid at their end.
    """
    mean = np.full(unpaid.shape[:-1], float(EARLIEST))
    taken = np.zeros(unpaid.shape[-1])
    for day in range(EARLIEST, LATEST):
        columns, shares = read.columns(day)
        taken[columns] += shares
        mean += 1 - shares.sum()
    left = np.empty(mean.shape)
    for first in range(0, len(unpaid), _LAWS):  # a product of all of them takes longer to be given than to be filled
        part = slice(first, first + _LAWS)
        left[part] = (unpaid[part] * taken).sum(axis=-1)
    return mean + left


def money_delay(laws: "PaymentLaws") -> MoneyDelay:
    """How many days later money comes than invoices do: whether large invoices are paid later than small ones.

    Of each customer, the mean days late of its law with invoices weighing by their amounts, less that of its law as it
    is (`mean_days_late`): both from the same invoices, open ones as not paid yet, older ones counting less. The mean
    over customers weighs by what they were invoiced. Who buys more being slower is no part of it: each customer's own
    law knows. The interval leaves out each customer in turn, as one draws blocks: the invoices of one are one bet.

    By hand: A, invoiced 3,000, pays 4 days later by amount than by count, B, invoiced 1,000, 2 days sooner:
    (3 × 4 − 2) / 4 = 2.5 days; 4 without B, −2 without A.

    Source: the delete-one jackknife (Efron and Stein, 1981), with as many degrees of freedom as there would be
    customers of equal weight, less one.
    """
    evidence, size = laws.evidence, len(laws.customers)
    told = laws.effective_history > 0
    money = sum_by_code(evidence.customer, evidence.amount, size) * told
    apart = laws.mean_days_late_by_amount - laws.mean_days_late
    return delay_of(money[money > HALF_CENT], apart[money > HALF_CENT])


def delay_of(money: Floats, apart: Floats) -> MoneyDelay:
    """The mean of differences, (customers,), weighing by money, with its interval.

    Args:
        money: (customers,) above 0.
        apart: (customers,) days.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - loaded on first use

    count, whole = len(money), float(money.sum())
    if not count:
        return MoneyDelay(np.nan, np.nan, np.nan, 0)
    days = float(money @ apart) / whole
    alike = whole**2 / float(money @ money)
    if alike < 2 or count < 2:  # noqa: PLR2004 - two customers, without whom nothing tells chance
        return MoneyDelay(days, np.nan, np.nan, count)
    moved = money * (apart - days) / (whole - money)
    spread = np.sqrt((count - 1) / count * float(moved @ moved)) * stdtrit(alike - 1, (1 + _CONFIDENCE) / 2)
    return MoneyDelay(days, days - float(spread), days + float(spread), count)

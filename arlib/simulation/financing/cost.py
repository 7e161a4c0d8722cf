"""A cost of financing, term by term, and the yearly rate it comes to."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from arlib.errors import ArlibError
from arlib.measures.working_capital import YEAR
from arlib.schema import HALF_CENT
from arlib.words import say


def simple_rate(share: float, days: float, *, year: int = YEAR) -> float:
    """What a share taken off an amount paid so many days earlier comes to a year: x / (1 − x) × year / days.

    2/10 net 30 is 2 % for 20 days: 37.24 % on 365 days, 36.73 % on 360. nan where nothing is paid earlier.

    Raises:
        ArlibError: the share is not from 0 to below 1.
    """
    return _period_rate(share) * year / days if days > 0 else np.nan


def compound_rate(share: float, days: float, *, year: int = YEAR) -> float:
    """The same with each period's cost financed in its turn: (1 / (1 − x))^(year / days) − 1; 44.59 % for 2/10 net 30.

    Raises:
        ArlibError: as `simple_rate`.
    """
    return float((1 + _period_rate(share)) ** (year / days) - 1) if days > 0 else np.nan


def _period_rate(share: float) -> float:
    """What a share taken off is of what is left."""
    if not 0 <= share < 1:
        raise ArlibError(say("simulation.financing.share", share=share))
    return share / (1 - share)


@dataclass(frozen=True)
class FinancingCost:
    """What an offer brings and costs, in money and days; the terms add up to `total`.

    Attributes:
        cash: received when the offer pays, its costs taken off where it takes them then.
        days: by which it comes before the customer would really pay; none or fewer: it does not come earlier.
        discount: granted to the customer; interest, commission, fees: paid to whoever finances.
        avoided: costs no longer borne (insurance, reminders), negative.
        retained: kept until the customer pays, then given back: no cost, but no cash either.
    """

    TERMS: ClassVar[tuple[str, ...]] = ("discount", "interest", "commission", "fees", "avoided")

    cash: float
    days: float
    discount: float = 0.0
    interest: float = 0.0
    commission: float = 0.0
    fees: float = 0.0
    avoided: float = 0.0
    retained: float = 0.0

    @property
    def total(self) -> float:
        """The cost, in money."""
        return self.discount + self.interest + self.commission + self.fees + self.avoided

    @property
    def yearly_rate(self) -> float:
        """The cost of the cash for its days, a year of 365, without compounding; nan without cash or days gained."""
        return self.total / self.cash * YEAR / self.days if self.cash > HALF_CENT and self.days > 0 else np.nan

"""Intervals from drawing customers again: the invoices of one customer are one bet, not many."""

from dataclasses import dataclass

import numpy as np

from arlib.risk.backtest.metrics import Ranking
from arlib.schema import Codes, Floats, sum_by_code

CONFIDENCE = 0.95
FEWEST_CUSTOMERS = 2  # one customer drawn again is the same one


@dataclass(frozen=True, eq=False)
class CustomerDraws:
    """How many times each customer stands in each of many portfolios drawn with replacement.

    Attributes:
        times: (draws, customers).
    """

    times: Floats

    @classmethod
    def of(cls, customers: int, draws: int, seed: int) -> "CustomerDraws":
        """Draws of as many customers as there are; the same seed gives the same draws."""
        if not customers:
            return cls(np.zeros((draws, 0)))
        rng = np.random.default_rng(seed)
        shares = np.full(customers, 1 / customers)
        return cls(rng.multinomial(customers, shares, size=draws).astype(np.float64))

    def means(self, customer: Codes, values: Floats, weights: Floats) -> Floats:
        """(draws,) the weighted mean of values, each belonging to a customer; nan where a draw has no weight."""
        size = self.times.shape[1]
        total = self.times @ sum_by_code(customer, values * weights, size)
        weight = self.times @ sum_by_code(customer, weights, size)
        return np.asarray(np.divide(total, weight, out=np.full(len(total), np.nan), where=weight > 0))

    def areas(self, customer: Codes, score: Floats, late: Floats, on_time: Floats) -> Floats:
        """(draws,) the area under the curve; nan where a draw has not both outcomes. One sort serves all draws."""
        ranking = Ranking.of(score)
        customer, late, on_time = customer[ranking.order], late[ranking.order], on_time[ranking.order]
        drawn = (times[customer] for times in self.times)
        return np.array([ranking.area(late * times, on_time * times) for times in drawn])

    def interval(self, drawn: Floats) -> tuple[float, float]:
        """Between which ends 95 % of the draws lie; nan with fewer than two customers."""
        known = drawn[~np.isnan(drawn)]
        if self.times.shape[1] < FEWEST_CUSTOMERS or not len(known):
            return np.nan, np.nan
        tail = (1 - CONFIDENCE) / 2
        low, high = np.quantile(known, [tail, 1 - tail])
        return float(low), float(high)

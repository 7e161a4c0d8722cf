"""How right probabilities were: ranking, squared error, surprise, and distance of a whole forecast of the date.

An outcome is two weights, `late` and `on_time`: an invoice paid in two parts, one of them late, is late for the share
of that part. Plain yes or no is 1 and 0.
"""

from dataclasses import dataclass

import numpy as np

from arlib.schema import Codes, Floats

LEAST_PROBABILITY = 0.001  # log-loss is infinite for who was sure and wrong: forecasts count as at least this unsure


@dataclass(frozen=True, eq=False)
class Ranking:
    """Forecasts in rising order, equal ones together, so that many weights can be tried on one sort.

    Attributes:
        order: (forecasts,) positions of the forecasts in rising order.
        starts: (values,) where each distinct value begins in that order.
    """

    order: Codes
    starts: Codes

    @classmethod
    def of(cls, score: Floats) -> "Ranking":
        """The ranking of scores, of which nan counts as the lowest."""
        known = np.where(np.isnan(score), -np.inf, score)
        order = np.argsort(known, kind="stable")
        rising = known[order]
        return cls(order, np.flatnonzero(np.r_[True, rising[1:] != rising[:-1]]) if len(order) else order)

    def area(self, late: Floats, on_time: Floats) -> float:
        """The area under the curve for outcomes already in this order; see `area_under_curve`."""
        if not len(self.order):
            return np.nan
        if len(self.starts) < len(self.order):
            late, on_time = np.add.reduceat(late, self.starts), np.add.reduceat(on_time, self.starts)
        below = np.cumsum(on_time)
        pairs = late.sum() * below[-1]
        below -= on_time / 2
        below *= late
        return float(below.sum() / pairs) if pairs > 0 else np.nan


def area_under_curve(score: Floats, late: Floats, on_time: Floats) -> float:
    """How often a late invoice has a higher score than a punctual one, ties counting half; nan without both.

    By hand: scores .9 and .4 late, .4 and .1 on time. Pairs: .9 > .4, .9 > .1, .4 = .4 (half), .4 > .1: 3.5 of 4.

    Source: the area under the ROC curve as a Mann-Whitney statistic (Hanley and McNeil, 1982).
    """
    ranking = Ranking.of(score)
    return ranking.area(late[ranking.order], on_time[ranking.order])


def squared_errors(probability: Floats, late_share: Floats) -> Floats:
    """The squared error of each forecast; its weighted mean is the Brier score (Brier, 1950)."""
    return np.asarray(late_share * (1 - probability) ** 2 + (1 - late_share) * probability**2)


def surprises(probability: Floats, late_share: Floats) -> Floats:
    """Minus the logarithm of what each forecast gave to what happened; its weighted mean is the log-loss."""
    sure = np.clip(probability, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    return np.asarray(-late_share * np.log(sure) - (1 - late_share) * np.log1p(-sure))


def first_reached(unpaid: Floats, share: float) -> Codes:
    """(invoices,) the first column by whose end that share is paid; one past the last where none is."""
    reached = unpaid <= 1 - share + 1e-12
    return np.asarray(np.where(reached.any(axis=1), reached.argmax(axis=1), unpaid.shape[1]))


def ranked_probability_scores(unpaid: Floats, row: Codes, paid: Codes, seen: Codes) -> Floats:
    """The continuous ranked probability score of each payment, in days: 0 for who was sure of the right day.

    The sum over days of (forecast paid share − whether it was paid)². For a forecast sure of one day it is the
    number of days it was wrong by. By hand, over four days, unpaid .5, .5, 0, 0, paid on the second:
    .5² + .5² + 0 + 0 = .5.

    Args:
        unpaid: (invoices, days) share not paid by the end of each day.
        row: (payments,) which row of it each payment is of.
        paid: (payments,) the column of the day it was paid; past `seen` where it was not.
        seen: (payments,) how many columns are known.

    Source: Matheson and Winkler (1976); over whole days, and over those seen, where the rest is not known yet.
    """
    nothing = np.zeros((len(unpaid), 1))
    before = np.hstack([nothing, np.cumsum((1 - unpaid) ** 2, axis=1)])
    after = np.hstack([nothing, np.cumsum(unpaid**2, axis=1)])
    turn = np.minimum(paid, seen)
    return np.asarray(before[row, turn] + after[row, seen] - after[row, turn])

"""Who buys in a week: how its invoices share what is sold in it, in each draw."""

import numpy as np

from arlib.calendar import WEEK
from arlib.schema import Floats, sum_by_code
from arlib.simulation.base import SimulationBase
from arlib.simulation.flows.sums import weights

_LEAST = 1e-100  # above 0, to divide by


def who_buys(base: SimulationBase, others: Floats, draws: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """How invoices of a week share what is sold in it: factors of mean 1 that leave the sales of the week as they are.

    Amounts are gamma, of variance `SalesRisk.unit` × amount: their shares of the sum of the week are independent of
    it, and what is owed varies by who buys as `sales_variance` says.

    Returns:
        (invoices, draws) of the plan; (weeks, draws) of all others together, which sell `others`, (weeks,).
    """
    plan, unit, weeks = base.plan, base.sales_risk.unit, len(others)
    if unit <= 0:
        return np.ones((len(plan.amount), draws)), np.ones((weeks, draws))
    place, week = np.argsort(plan.order), plan.issue // WEEK
    shape = plan.amount[:, None] / unit
    mine = rng.gamma(shape[plan.order], size=(len(shape), draws))[place]
    theirs = rng.gamma(others[:, None] / unit, size=(weeks, draws))
    size = weeks, len(shape)
    whole = weights(week, np.arange(len(shape)), np.ones(len(shape)), size) @ mine + theirs
    sold = (sum_by_code(week, plan.amount, weeks) + others)[:, None] / unit
    scale = np.divide(sold, whole, out=np.zeros_like(whole), where=whole > _LEAST)
    alone = scale == 0  # so small that no share of it can be told: as it is
    bought = np.where(alone[week], 1.0, mine / np.maximum(shape, _LEAST) * scale[week])
    return bought, np.where(
        alone | (others[:, None] <= 0), 1.0, theirs * unit / np.maximum(others, _LEAST)[:, None] * scale
    )

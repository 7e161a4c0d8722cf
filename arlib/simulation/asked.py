"""What is asked of a simulation, checked."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import HALF_CENT
from arlib.simulation.base import LONGEST_HORIZON, SimulationBase
from arlib.simulation.policies.policy import TODAY, Policy, is_within
from arlib.terms.rule import is_whole
from arlib.words import say

MOST_GROWTH = 10.0  # elevenfold in a year: more is a percentage taken for a share


@dataclass(frozen=True)
class Asked:
    """Policies over a horizon.

    Attributes:
        policies: today's terms first.
        horizon: the last day.
        growth: of sales, a year; None where they stay at their learnt level.
    """

    policies: tuple[Policy, ...]
    horizon: int
    growth: float | None

    @classmethod
    def of(
        cls, base: SimulationBase, policies: Policy | Iterable[Policy], horizon: int | None, growth: float | None
    ) -> "Asked":
        """What is asked of a base; its own horizon where none is given.

        Raises:
            ArlibError: what is tried are no policies or two of one name, the horizon is no whole number of days or
                beyond what was prepared, growth is out of range, or nothing is owed and nothing is to be billed.
        """
        if growth is not None and not is_within(growth, -1, MOST_GROWTH):
            raise ArlibError(say("simulation.growth", growth=growth))
        horizon = base.horizon if horizon is None else horizon
        if not is_whole(horizon, 1, LONGEST_HORIZON):
            raise ArlibError(say("simulation.horizon", days=horizon, longest=LONGEST_HORIZON))
        if horizon > base.horizon:
            raise ArlibError(say("simulation.prepared", day=base.as_of, days=base.horizon))
        given = _listed(policies)
        tried = (TODAY, *(policy for policy in given if policy != TODAY))
        if len({policy.name for policy in tried}) < len(tried):
            raise ArlibError(say("simulation.twice"))
        if not _anything(base, horizon):
            day = base.as_of + pd.Timedelta(days=horizon)
            raise ArlibError(say("simulation.nothing", asked=base.as_of, day=day))
        return cls(tried, int(horizon), growth)


def _anything(base: SimulationBase, horizon: int) -> bool:
    """Whether something is owed, or an invoice to come: all else would be nothing, which looks like an answer."""
    to_come = base.plan.amount[base.plan.issue <= horizon]
    return base.opening.owed > HALF_CENT or bool((to_come > HALF_CENT).any())


def _listed(policies: Policy | Iterable[Policy]) -> tuple[Policy, ...]:
    """One policy or several as several."""
    listed = (policies,) if isinstance(policies, Policy | str) or not isinstance(policies, Iterable) else policies
    given: tuple[Policy, ...] = tuple(listed)
    if others := [each for each in given if not isinstance(each, Policy)]:
        raise ArlibError(say("simulation.not_policies", given=repr(others[0])))
    return given

"""From today to a policy, lever by lever: what each brings once those before it are moved, or whatever the order."""

from collections.abc import Sequence
from dataclasses import replace
from math import factorial

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import Floats
from arlib.simulation.base import SimulationBase
from arlib.simulation.figures.costs import NO_COSTS, Costs
from arlib.simulation.levers.lever import Row, lever_name, told
from arlib.simulation.policies.policy import Policy
from arlib.simulation.results import Simulation
from arlib.simulation.simulate import simulate
from arlib.words import Sentence, say

MEASURES = (  # of the summary, that levers may be followed in
    *("dso_month", "dso_end", "dso_average", "receivable_end", "receivable_average", "overdue_end", "overdue_average"),
    *("cash", "cash_month", "sales", "lost_sales", "discounts", "bad_debt", "action_cost"),
    *("financing_cost", "financing_gained", "net_gained"),
)
FOLLOWED = ("dso_month", "receivable_end", "cash_month")
MOST_SHARED = 8  # levers whose every combination is simulated: 256 of them
_DAYS = "dso"  # a measure whose name begins so is in days, others are money


def policy_bridge(
    base: SimulationBase,
    policy: Policy,
    *,
    measures: Sequence[str] = FOLLOWED,
    sales_growth: float | None = None,
    costs: Costs = NO_COSTS,
) -> pd.DataFrame:
    """From today's terms to a policy, lever by lever in the order of `policy.levers`.

    The effect of a lever is what it changes once those before it are moved, so that effects add up to the whole. In
    another order the parts would differ and the whole would not: `lever_shares` depends on no order.

    Args:
        base: what `prepare` made of a ledger.
        policy: the policy.
        measures: of `MEASURES`, columns of the summary of a simulation; the mean DSO of the last 30 days, the
            receivable of the last one and `cash_month`, whose effects add up to the cash freed, by default.
        sales_growth: as for `simulate`.
        costs: as for `simulate`; `net_gained` needs them.

    Returns:
        One row a measure and lever: measure, step (from 1), lever (a field of `Policy`), before, after, effect (after
        less before; nan where the measure is), sentence.

    Raises:
        ArlibError: the policy sets no lever, a measure is not one of `MEASURES`, or as `simulate`.
    """
    levers = _levers(policy)
    kept = [levers[:count] for count in range(1, len(levers) + 1)]
    simulation = simulate(base, _with_levers(policy, kept), sales_growth=sales_growth, costs=costs)
    values = _values(simulation, measures)
    bridge = pd.DataFrame(
        {
            "measure": np.repeat(list(measures), len(levers)),
            "step": np.tile(np.arange(len(levers)) + 1, len(measures)),
            "lever": list(levers) * len(measures),
            "before": values[:-1].ravel(order="F"),
            "after": values[1:].ravel(order="F"),
        }
    )
    bridge["effect"] = bridge["after"] - bridge["before"]
    return told(bridge, _step)


def lever_shares(
    base: SimulationBase,
    policy: Policy,
    *,
    measures: Sequence[str] = FOLLOWED,
    sales_growth: float | None = None,
    costs: Costs = NO_COSTS,
) -> pd.DataFrame:
    """What each lever of a policy brings, the mean over all orders of moving them; these add up to the whole.

    Args:
        base: what `prepare` made of a ledger.
        policy: the policy, of at most 8 levers: each combination of them is simulated.
        measures: of `MEASURES`, columns of the summary of a simulation; the mean DSO of the last 30 days, the
            receivable of the last one and `cash_month`, whose effects add up to the cash freed, by default.
        sales_growth: as for `simulate`.
        costs: as for `simulate`; `net_gained` needs them.

    Returns:
        One row a measure and lever: measure, lever, effect, effect_least and effect_most (over the orders), sentence.

    Raises:
        ArlibError: the policy sets no lever or more than 8, a measure is not one of `MEASURES`, or as
            `simulate`.

    Source: Shapley (1953), A value for n-person games.
    """
    levers = _levers(policy)
    if len(levers) > MOST_SHARED:
        raise ArlibError(say("simulation.lever.too_many", name=policy.name, levers=len(levers), most=MOST_SHARED))
    sets = np.arange(1 << len(levers))
    moved = sets[:, None] >> np.arange(len(levers)) & 1 == 1
    kept = [tuple(np.array(levers)[each]) for each in moved[1:]]
    simulation = simulate(base, _with_levers(policy, kept), sales_growth=sales_growth, costs=costs)
    values = _values(simulation, measures)
    others = moved.sum(axis=1)
    weight = np.array([factorial(each) * factorial(len(levers) - each - 1) for each in range(len(levers))])
    lines = []
    for place, lever in enumerate(levers):
        without = sets[~moved[:, place]]
        gained = values[without | 1 << place] - values[without]
        mean = weight[others[without]] @ gained / factorial(len(levers))
        least, most = gained.min(axis=0), gained.max(axis=0)
        figures = {"effect": mean, "effect_least": least, "effect_most": most}
        lines.append(pd.DataFrame({"measure": list(measures), "lever": lever} | figures))
    shares = pd.concat(lines).sort_index(kind="stable").reset_index(drop=True)  # measure by measure
    return told(shares, _share)


def _levers(policy: Policy) -> tuple[str, ...]:
    if not policy.levers:
        raise ArlibError(say("simulation.lever.nothing", name=policy.name))
    return policy.levers


def _values(simulation: Simulation, measures: Sequence[str]) -> Floats:
    """(policies, measures) figures of the summary."""
    if unknown := [name for name in measures if name not in MEASURES]:
        raise ArlibError(say("simulation.lever.measure", names=", ".join(unknown), known=", ".join(MEASURES)))
    return simulation.summary[list(measures)].to_numpy(np.float64)


def _with_levers(policy: Policy, kept: Sequence[tuple[str, ...]]) -> list[Policy]:
    """The policy with each set of its levers."""
    return [replace(policy.with_levers(names), name=f"{policy.name} {place}") for place, names in enumerate(kept)]


def _step(row: Row) -> Sentence:
    return _of_measure("step", row, ("step", "before", "after", "effect"))


def _share(row: Row) -> Sentence:
    return _of_measure("share", row, ("effect", "effect_least", "effect_most"))


def _of_measure(what: str, row: Row, names: Sequence[str]) -> Sentence:
    unit = "days" if str(row["measure"]).startswith(_DAYS) else "money"
    measure = say(f"simulation.lever.measure.{row['measure']}")
    values = {name: row[name] for name in names}
    return say(f"simulation.lever.{what}_{unit}", measure=measure, lever=lever_name(row["lever"]), **values)

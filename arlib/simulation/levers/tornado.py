"""Which lever moves most: DSO and cash at both ends of a step of each that people understand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import Floats
from arlib.simulation.asked import MOST_GROWTH
from arlib.simulation.base import SimulationBase
from arlib.simulation.levers.lever import FOLLOWED, INVOICING, LEVERS, Lever, Row, dso_and_cash, lever_name, told
from arlib.simulation.policies.policy import TODAY, Policy
from arlib.words import Sentence, say

SALES = "sales_growth"
STEPS: Mapping[str, float] = MappingProxyType(
    {"terms_days": 5, "lateness_factor": 0.1, "faster_invoicing_days": 5, "deposit_share": 0.1}
    | {"direct_debit_share": 0.1, "follow_share": 1.0, SALES: 0.1}
)
_DATES = {"terms", "terms_days", "faster_invoicing_days"}  # what customers follow, or do not


def tornado(
    base: SimulationBase,
    policy: Policy = TODAY,
    *,
    steps: Mapping[str, float] = STEPS,
    sales_growth: float | None = None,
) -> pd.DataFrame:
    """DSO and cash when each lever alone is moved a step either way from a policy, the widest DSO first.

    A lever is moved for the invoices the policy is for, and held within its bounds: no deposit can be taken off where
    there is none. In a policy made of parts, those that set the lever are moved, or all where none does. How far
    changes are followed is moved only where there are changes to follow. Invoicing earlier moves sales and receivable
    alike: its DSO tells which sales fall in the last 90 days, its cash what it brings.

    Args:
        base: what `prepare` made of a ledger.
        policy: what to start from, today's terms by default.
        steps: by field of `Policy`, or sales_growth: days, or a share of 1; `STEPS` by default.
        sales_growth: as for `simulate`.

    Returns:
        One row a lever: lever, low and high (what is added to it at either end, the most of all parts), dso and cash
        (where nothing is moved), dso_low, dso_high, cash_low, cash_high, sentence. dso is the mean of the last 30 days
        (`dso_month` of the summary), cash the mean of what has come in by each of them (`cash_month`).

    Raises:
        ArlibError: a step is of no known lever, is not above 0, or is not in whole days where the lever is; or as
            `simulate`.
    """
    _check(steps)
    policy = replace(policy, name="tornado")  # today has no levers to move
    ends = list(_ends(base, policy, steps, sales_growth))
    figures = _figures(base, [_End("", 0.0, policy, sales_growth), *ends])
    low, high = figures[1::2], figures[2::2]
    bars = pd.DataFrame(
        {
            "lever": [each.lever for each in ends[::2]],
            "low": [each.change for each in ends[::2]],
            "high": [each.change for each in ends[1::2]],
            "dso": figures[0, 0],
            "dso_low": low[:, 0],
            "dso_high": high[:, 0],
            "cash": figures[0, 1],
            "cash_low": low[:, 1],
            "cash_high": high[:, 1],
        }
    )
    widest = (bars["dso_high"] - bars["dso_low"]).abs().sort_values(ascending=False, kind="stable").index
    bars = bars.loc[widest].reset_index(drop=True)
    return told(bars, _sentence)


class _End(NamedTuple):
    """One end of a bar: what is added to a lever, and what is then simulated."""

    lever: str
    change: float
    policy: Policy
    growth: float | None


def _ends(base: SimulationBase, policy: Policy, steps: Mapping[str, float], growth: float | None) -> Iterator[_End]:
    """The low end then the high one of each lever; growth is moved from the level learnt where none is given."""
    usual = base.plan.level - 1 if growth is None else growth
    for name, step in steps.items():
        for change in (-step, step):
            if name == SALES:
                moved = min(max(usual + change, -1.0), MOST_GROWTH)
                yield _End(name, moved - usual, policy, moved)
            elif name != FOLLOWED.name or _DATES & set(policy.levers):
                yield _moved(policy, LEVERS[name], change, growth)


def _moved(policy: Policy, lever: Lever, change: float, growth: float | None) -> _End:
    """A policy with a lever moved, in the parts that set it or, where none does, in all."""
    parts = policy.parts or (policy,)
    nobody = lever.name not in policy.levers
    before = np.array([getattr(part, lever.name) for part in parts])
    moves = np.array([nobody or lever.name in part.levers for part in parts])
    added = np.array([lever.held(value + change) for value in before]) - before
    after = tuple(lever.set(part, value) for part, value in zip(parts, before + added * moves, strict=True))
    most = float(max(added[moves], key=abs))
    return _End(lever.name, most, replace(policy, parts=after) if policy.parts else after[0], growth)


def _figures(base: SimulationBase, ends: Sequence[_End]) -> Floats:
    """(ends, 2) mean DSO of the last 30 days and cash."""
    figures = np.empty((len(ends), 2))
    for growth in {each.growth for each in ends}:
        places = [place for place, each in enumerate(ends) if each.growth == growth]
        tried = [replace(ends[place].policy, name=f"tornado {place}") for place in places]
        figures[places] = dso_and_cash(base, tried, growth)[1:]
    return figures


def _check(steps: Mapping[str, float]) -> None:
    known = [*LEVERS, SALES]
    if unknown := [name for name in steps if name not in known]:
        raise ArlibError(say("simulation.lever.unknown", names=", ".join(unknown), known=", ".join(known)))
    for name, step in steps.items():
        whole = name in LEVERS and LEVERS[name].whole
        if not (0 < step < np.inf) or (whole and step != round(step)):
            key = "simulation.lever.whole_step" if whole else "simulation.lever.share_step"
            raise ArlibError(say(key, lever=lever_name(name), step=step))


def _sentence(row: Row) -> Sentence:
    days = row["lever"] in LEVERS and LEVERS[row["lever"]].whole
    unit = "invoicing" if row["lever"] == INVOICING.name else "days" if days else "share"
    values = {str(name): value for name, value in row.items()} | {"lever": lever_name(row["lever"])}
    return say(f"simulation.lever.bar_{unit}", **values)

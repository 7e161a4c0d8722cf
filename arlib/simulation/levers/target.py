"""What would reach a DSO: each lever alone, for everybody, for each segment, for the largest customers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.risk.facts.facts import column_of
from arlib.schema import HALF_CENT, Flags, Floats, sum_by_code
from arlib.simulation.base import SimulationBase
from arlib.simulation.figures.methods import LAST_DAYS
from arlib.simulation.levers.lever import (
    DEPOSIT,
    DIRECT_DEBIT,
    INVOICING,
    LATENESS,
    TERMS,
    Lever,
    Row,
    dso_and_cash,
    lever_name,
)
from arlib.simulation.policies.policy import LONGEST_ADVANCE, Policy, is_within
from arlib.terms.rule import is_whole
from arlib.words import Sentence, say

LARGEST = 10  # customers, by what they are expected to buy
CLOSE = 0.01  # days of DSO from the target, near enough
_GRID = np.array([0.0, 0.25, 0.5, 0.75, 1.0])  # of a lever's course, first tried: seasons make DSO bend
_FINEST = 1e-6  # of a share
_INWARD = 0.1  # of a bracket, that a try keeps from its ends


def target_dso(
    base: SimulationBase, target: float, *, largest: int = LARGEST, sales_growth: float | None = None
) -> pd.DataFrame:
    """The least change of each lever, alone, that brings DSO down to a target, or that it cannot.

    DSO is the mean of the last 30 days (`dso_month` of the summary): the last day may be a special one, such as the end
    of a year. Levers: days off today's terms, lateness (1 for today's, 0 for on time), days of earlier invoicing, share
    paid with the order, share collected on the due date. For whom: all customers; each segment; those who will buy the
    most. Found on the closed form: simulated again, the policy gives the same DSO. Invoicing earlier moves sales and
    receivable alike: what its DSO gains is the season of sales, and passes.

    Args:
        base: what `prepare` made of a ledger; its horizon is the time given.
        target: the DSO, in days.
        largest: how many customers are the largest.
        sales_growth: as for `simulate`.

    Returns:
        One row a lever and scope: lever (a field of `Policy`), scope ("all", "segment", "largest"), segment (missing
        for others), customers (how many), needed (the value of the lever; nan where it cannot reach), dso_today,
        dso_month (under it; where it cannot reach, the lowest it was seen to give), cash_gained (likewise), reachable,
        policy (that gives these figures), sentence. Shares reach the target within 0.01 day; whole days are the fewest
        that do, so that the DSO may be lower.

    Raises:
        ArlibError: the target is not a number of days from 0, none are the largest, or one of the last 30 days has no
            DSO; or as `simulate`.
    """
    if not is_within(target, 0, np.inf):
        raise ArlibError(say("simulation.lever.target", target=target))
    if not is_whole(largest, 1, 10**9):
        raise ArlibError(say("simulation.lever.largest", largest=largest))
    today = dso_and_cash(base, (), sales_growth)[0, 0]
    if np.isnan(today):
        last = base.as_of + pd.Timedelta(days=base.horizon)
        raise ArlibError(say("simulation.lever.no_dso", days=min(LAST_DAYS, base.horizon), day=last))
    cases = [_Case(lever, scope) for scope in _scopes(base, largest) for lever in _searched(base)]
    already = np.zeros(len(cases)), np.ones(len(cases), dtype=bool)
    moved, reachable = already if today <= target else _least(base, cases, target, sales_growth)
    placed = [replace(case, moved=float(each)) for case, each in zip(cases, moved, strict=True)]
    figures = _figures(base, placed, sales_growth)
    found = pd.DataFrame(
        {
            "lever": [case.lever.name for case in placed],
            "scope": [case.scope.kind for case in placed],
            "segment": pd.array([case.scope.segment for case in placed], dtype="str"),
            "customers": [case.scope.customers for case in placed],
            "needed": np.where(reachable, [case.value for case in placed], np.nan),
            "dso_today": today,
            "dso_month": figures[:, 0],
            "cash_gained": figures[:, 1],
            "reachable": reachable,
            "policy": [case.policy for case in placed],
        }
    )
    rows = zip(placed, found.to_dict("records"), strict=True)
    return found.assign(sentence=column_of((case.sentence(row, target) for case, row in rows), found))


@dataclass(frozen=True)
class _Scope:
    """For whom a lever is moved.

    Attributes:
        kind: all, segment or largest.
        customers: how many they are.
        fields: of the policy.
        segment: where they are one.
    """

    kind: str
    customers: int
    fields: dict[str, Any] = field(default_factory=dict)
    segment: str | None = None

    def sentence(self) -> Sentence:
        """Who they are."""
        return say(f"simulation.lever.scope.{self.kind}", customers=self.customers, segment=self.segment)


@dataclass(frozen=True)
class _Case:
    """A lever, for whom it is moved, and how far from where it is still."""

    lever: Lever
    scope: _Scope
    moved: float = 0.0

    @property
    def value(self) -> float:
        """The lever's value."""
        way = 1 if self.lever.full > self.lever.still else -1
        return self.lever.held(self.lever.still + way * self.moved)

    @property
    def policy(self) -> Policy:
        """The policy that moves it, named by what it does and for whom."""
        name = " ".join(filter(None, (self.lever.name, self.scope.kind, self.scope.segment)))
        return self.lever.set(Policy(name, **self.scope.fields), self.value)

    def sentence(self, row: Row, target: float) -> Sentence:
        """What is said of it."""
        outcomes = ("useless", "unreached"), ("already", "reached")
        key = outcomes[row["reachable"]][self.moved > 0]
        change = say(f"simulation.lever.needs.{self.lever.name}", value=abs(self.value))
        values = {"today": row["dso_today"], "dso": row["dso_month"], "target": target, "cash": row["cash_gained"]}
        values |= {"lever": lever_name(self.lever.name), "scope": self.scope.sentence()}
        return say(f"simulation.lever.target_{key}", change=change, **values)


def _searched(base: SimulationBase) -> tuple[Lever, ...]:
    """The levers searched; no more days are taken off the terms than the longest of them grant."""
    longest = int((base.plan.due - base.plan.issue).max(initial=1))
    terms = replace(TERMS, full=-max(min(longest, LONGEST_ADVANCE), 1))
    return terms, LATENESS, INVOICING, DEPOSIT, DIRECT_DEBIT


def _scopes(base: SimulationBase, largest: int) -> Iterator[_Scope]:
    concerned = base.concerned
    yield _Scope("all", len(concerned))
    names = base.laws.customers[concerned]
    segments = base.ledger.customers.set_index("customer_id")["segment"].reindex(names)
    for segment, customers in segments.value_counts(sort=False).sort_index().items():
        yield _Scope("segment", int(customers), {"segments": (segment,)}, str(segment))
    within = base.plan.issue <= base.horizon
    buys = sum_by_code(base.plan.customer[within], base.plan.amount[within], len(base.laws.customers))
    first = [each for each in np.argsort(-buys, kind="stable")[:largest] if buys[each] > HALF_CENT]
    if 0 < len(first) < len(concerned):
        yield _Scope("largest", len(first), {"customers": tuple(base.laws.customers[first])})


def _least(base: SimulationBase, cases: Sequence[_Case], target: float, growth: float | None) -> tuple[Floats, Flags]:
    """(cases,) the least move that reaches the target, or the one that comes nearest, and whether it does reach it."""
    whole = np.array([case.lever.whole for case in cases])
    grid = np.array([abs(case.lever.full - case.lever.still) for case in cases])[:, None] * _GRID
    grid = np.where(whole[:, None], np.rint(grid), grid)
    dso = np.stack([_dso(base, cases, moved, growth) for moved in grid.T], axis=1)
    reached = dso <= target
    reachable, rows, first = reached.any(axis=1), np.arange(len(cases)), np.maximum(reached.argmax(axis=1), 1)
    low, high = grid[rows, first - 1], grid[rows, first]
    above, below = dso[rows, first - 1], dso[rows, first]
    while len(left := np.flatnonzero(reachable & _apart(low, high, target - below, whole))):
        part = (above[left] - target) / (above[left] - below[left])
        tried = low[left] + np.clip(part, _INWARD, 1 - _INWARD) * (high[left] - low[left])
        tried = np.where(whole[left], np.clip(np.rint(tried), low[left] + 1, high[left] - 1), tried)
        given = _dso(base, [cases[int(place)] for place in left], tried, growth)
        reaches = given <= target
        high[left[reaches]], below[left[reaches]] = tried[reaches], given[reaches]
        low[left[~reaches]], above[left[~reaches]] = tried[~reaches], given[~reaches]
    return np.where(reachable, high, grid[rows, dso.argmin(axis=1)]), np.asarray(reachable)


def _apart(low: Floats, high: Floats, under: Floats, whole: Flags) -> Flags:
    """Whether a bracket is still too wide: over a day where days are whole, else too far under the target."""
    wide: Flags = np.where(whole, high - low > 1, (under > CLOSE) & (high - low > _FINEST))
    return wide


def _dso(base: SimulationBase, cases: Sequence[_Case], moved: Floats, growth: float | None) -> Floats:
    """(cases,) mean DSO of the last 30 days, each lever moved so far; infinite where there is none."""
    placed = [replace(case, moved=float(each)) for case, each in zip(cases, moved, strict=True)]
    return np.nan_to_num(_figures(base, placed, growth)[:, 0], nan=np.inf)


def _figures(base: SimulationBase, cases: Sequence[_Case], growth: float | None) -> Floats:
    """(cases, 2) mean DSO of the last 30 days and cash gained, the mean of the same days."""
    tried = [replace(case.policy, name=f"case {place}") for place, case in enumerate(cases)]
    figures = dso_and_cash(base, tried, growth)
    return np.asarray(figures[1:] - [0.0, figures[0, 1]])

"""What can be moved: the fields of a policy that are numbers, between which bounds, and which way frees cash."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from arlib.risk.facts.facts import column_of
from arlib.schema import Floats
from arlib.simulation.base import SimulationBase
from arlib.simulation.figures.methods import month_mean
from arlib.simulation.policies.policy import LONGEST_ADVANCE, MOST_LATENESS, Policy
from arlib.simulation.simulate import simulate
from arlib.words import Sentence, say


@dataclass(frozen=True)
class Lever:
    """A field of a policy that can be moved.

    Attributes:
        name: of the field.
        still: its value where it changes nothing.
        full: its value where it frees the most cash.
        least, most: its bounds.
        whole: whether it counts whole days.
    """

    name: str
    still: float
    full: float
    least: float = 0.0
    most: float = 1.0
    whole: bool = False

    def held(self, value: float) -> float:
        """A value within its bounds, whole where it counts days."""
        within = min(max(value, self.least), self.most)
        return round(within) if self.whole else within

    def set(self, policy: Policy, value: float) -> Policy:
        """A policy with the lever set to a value."""
        changed: dict[str, Any] = {self.name: self.held(value)}
        return replace(policy, **changed)


TERMS = Lever("terms_days", 0, -LONGEST_ADVANCE, -LONGEST_ADVANCE, LONGEST_ADVANCE, whole=True)
LATENESS = Lever("lateness_factor", 1.0, 0.0, most=MOST_LATENESS)
INVOICING = Lever("faster_invoicing_days", 0, LONGEST_ADVANCE, most=LONGEST_ADVANCE, whole=True)
DEPOSIT = Lever("deposit_share", 0.0, 1.0)
DIRECT_DEBIT = Lever("direct_debit_share", 0.0, 1.0)
FOLLOWED = Lever("follow_share", 1.0, 1.0)
LOST_SALES = Lever("lost_sales_share", 0.0, 0.0)
LEVERS: Mapping[str, Lever] = MappingProxyType(
    {each.name: each for each in (TERMS, LATENESS, INVOICING, DEPOSIT, DIRECT_DEBIT, FOLLOWED, LOST_SALES)}
)

Row = Mapping[Hashable, Any]


def lever_name(lever: str) -> Sentence:
    """What a lever, a field of `Policy` or `sales_growth`, is called wherever it is named."""
    return say(f"simulation.lever.name.{lever}")


def told(frame: pd.DataFrame, sentence: Callable[[Row], Sentence]) -> pd.DataFrame:
    """A frame and, last, what is said of each row."""
    return frame.assign(sentence=column_of(map(sentence, frame.to_dict("records")), frame))


def dso_and_cash(base: SimulationBase, policies: Sequence[Policy], sales_growth: float | None) -> Floats:
    """(1 + policies, 2) mean DSO of the last 30 days and mean cash received by each of them, under today's terms first.

    They are `dso_month` and `cash_month` of the summary, which would also ask what each policy costs.
    """
    daily = simulate(base, policies, sales_growth=sales_growth).daily
    dso, cash = (daily[name].to_numpy(np.float64).reshape(-1, base.horizon + 1) for name in ("dso", "cash_cumulated"))
    return np.column_stack([month_mean(dso), month_mean(cash)])

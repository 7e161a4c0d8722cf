"""Why an effect of a bridge has its sign, in words that its formula bears out, and who makes most of it.

Every part of what is owed is told against sales: it can weigh more because customers pay later or because they buy
less, and the formula (handbook, worked example M1) does not tell which.
"""

from typing import Literal

import numpy as np
import pandas as pd

from arlib.measures.bridge.effects import drill_column
from arlib.words import Sentence, say

SHOWN = 0.05  # days; less is written 0.0


def cause_of(effect: str, days: float, groups: pd.DataFrame, who: Sentence, name: str | None = None) -> Sentence:
    """Why an effect of so many days has its sign: of `groups`, as `Bridge.groups`, or of the one row called `name`."""
    direction = "up" if days > 0 else "down"
    of_balance = _of_balance(effect, groups)
    if name is None:
        return say(f"bridge.{effect}.{direction}.{'many_balance' if of_balance else 'many'}", who=who)
    return say(f"bridge.{effect}.{direction}.{'one_balance' if of_balance else 'one'}", name=name)


def leading(effect: str, days: float, groups: pd.DataFrame) -> int | None:
    """The place of the group that adds most to an effect; None where there is one group only or it adds nothing."""
    added = groups[drill_column(effect)].to_numpy() * np.sign(days)
    place = int(added.round(6).argmax())
    return None if len(groups) < 2 or added[place] < SHOWN else place  # noqa: PLR2004 - one leads no other


def part_made(led: float, days: float) -> Literal["some", "most", "more"]:
    """What a group that adds `led` makes of an effect, as both are written: some, more than half, or more than all."""
    part, whole = round(abs(led), 1), round(abs(days), 1)
    if part > whole:
        return "more"
    return "most" if 2 * part > whole else "some"


def written_change(start: float, end: float) -> float:
    """The change between two DSOs as they are written, with one decimal, so that what is read adds up."""
    return round(round(end, 1) - round(start, 1), 1)


def _of_balance(effect: str, groups: pd.DataFrame) -> bool:
    """Whether groups new or lost move DSO by what they owe while they do not buy, rather than by their own DSO.

    What one lost adds is what it owes in the end, less what it owed in the beginning above its sales at the company's
    DSO; a new one is the same with time reversed. The larger of the two in the direction of the effect is told.
    """
    if effect not in ("new", "lost"):
        return False
    moved = groups[drill_column(effect)]
    owed = groups["dso_end"] if effect == "lost" else -groups["dso_start"]
    balance, effect_days = float(owed[moved != 0].sum()), float(moved.sum())
    return bool(2 * balance * np.sign(effect_days) > abs(effect_days))

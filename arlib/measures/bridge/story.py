"""The sentence of a bridge: what a manager would say, from the same figures."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.measures.bridge.effects import EFFECTS
from arlib.words import Sentence, say

_SHOWN = 0.05  # days; less is written 0.0
_CAUSES = 4  # effects a sentence can hold and still be read
_UP, _DOWN = "up", "down"


@dataclass(frozen=True, eq=False)
class Story:
    """What there is to tell: both DSOs, the effects, what each group adds to them, and what groups are called."""

    start: float
    end: float
    effects: pd.DataFrame
    groups: pd.DataFrame
    unit: Sentence

    def sentence(self) -> Sentence:
        """The change and its largest effects, the largest first, then the rest."""
        change = round(self.end - self.start, 1)
        days = self.effects.set_index("effect")["days"]
        sizes = days.abs().round(6).sort_values(ascending=False, kind="stable")
        told = [str(effect) for effect in sizes[sizes >= _SHOWN].index[:_CAUSES]]
        if not told:
            return say("bridge.still", end=self.end)
        causes = [self._cause(effect, float(days[effect])) for effect in told]
        rest = float(days.sum() - days[told].sum())
        if abs(rest) >= _SHOWN:
            causes.append(say("bridge.rest", days=rest))
        values = {"change": abs(change), "start": self.start, "end": self.end, "causes": causes}
        if change == 0:
            return say("bridge.stayed", **values)
        return say("bridge.rose" if change > 0 else "bridge.fell", **values)

    def _cause(self, effect: str, days: float) -> Sentence:
        """Why an effect has its sign, and the group that adds most to it."""
        cause = say(f"bridge.{effect}.{_UP if days > 0 else _DOWN}", who=self.unit)
        added = self.groups[effect].to_numpy() * np.sign(days)
        leader = int(added.round(6).argmax())
        if len(self.groups) < 2 or added[leader] < _SHOWN:  # noqa: PLR2004 - one group leads no other
            return say("bridge.cause", days=days, cause=cause)
        led = float(self.groups[effect].iloc[leader])
        return say("bridge.led", days=days, cause=cause, name=self._name(leader), led=led)

    def _name(self, place: int) -> str:
        """How a group is called: the customer's name, or the values it stands for."""
        texts = self.groups.drop(columns=["dso_start", "dso_end", "change", *EFFECTS]).iloc[place]
        if "name" in texts and isinstance(texts["name"], str):
            return texts["name"]
        return " / ".join(text for text in texts.drop("name", errors="ignore") if text) or "–"

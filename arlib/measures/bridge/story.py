"""The sentence of a bridge: what a manager would say, from the same figures."""

from dataclasses import dataclass

import pandas as pd

from arlib.measures.bridge.causes import SHOWN, cause_of, leading, part_made, written_change
from arlib.measures.bridge.effects import drill_column
from arlib.measures.figure import Figure
from arlib.words import Sentence, say

_CAUSES = 4  # effects a sentence can hold and still be read
_STEADY = 0.1  # share by which sales may move before it has to be told


@dataclass(frozen=True, eq=False)
class Story:
    """What there is to tell: both DSOs, the effects, what each group adds to them, and what groups are called."""

    start: Figure
    end: Figure
    effects: pd.DataFrame
    groups: pd.DataFrame
    who: Sentence

    @property
    def sales_change(self) -> float:
        """By what share the sales of the second window differ from those of the first."""
        return float(self.end.inputs["sales"] / self.start.inputs["sales"] - 1)

    @property
    def sales_moved(self) -> bool:
        """Whether they differ enough to move by themselves what is owed in days of sales."""
        return abs(self.sales_change) > _STEADY

    def sentence(self) -> Sentence:
        """The change and its largest effects, the largest first, then the rest; then sales where they moved much."""
        told = self._change()
        if not self.sales_moved:
            return told
        key = "bridge.sales.rose" if self.sales_change > 0 else "bridge.sales.fell"
        return say(key, told=told, share=abs(self.sales_change), window=self.end.inputs["days"])

    def _change(self) -> Sentence:
        """As it is written: both ends, the change and its causes add up at one decimal."""
        change = written_change(self.start, self.end)
        days = self.effects.set_index("effect")["days"]
        sizes = days.abs().round(6).sort_values(ascending=False, kind="stable")
        told = [str(effect) for effect in sizes[sizes >= SHOWN].index[:_CAUSES]]
        if not told:
            return say("bridge.still", end=self.end)
        causes = [self._cause(effect, float(days[effect])) for effect in told]
        rest = change - float(days[told].round(1).sum())
        if abs(rest) >= SHOWN:
            causes.append(say("bridge.rest", days=rest))
        values = {"change": abs(change), "start": self.start, "end": self.end, "causes": causes}
        if change == 0:
            return say("bridge.stayed", **values)
        return say("bridge.rose" if change > 0 else "bridge.fell", **values)

    def _cause(self, effect: str, days: float) -> Sentence:
        """Why an effect has its sign, and the group that adds most to it: by its name where it makes most of it."""
        cause = cause_of(effect, days, self.groups, self.who)
        place = leading(effect, days, self.groups)
        if place is None:
            return say("bridge.cause", days=days, cause=cause)
        name, led = self._name(place), float(self.groups[drill_column(effect)].iloc[place])
        match part_made(led, days):
            case "most":
                own = cause_of(effect, days, self.groups.iloc[[place]], self.who, name)
                alone = round(led, 1) == round(days, 1)
                return say("bridge.cause" if alone else "bridge.mostly", days=days, cause=own, led=led)
            case "more":
                others = round(days, 1) - round(led, 1)
                return say("bridge.offset", days=days, cause=cause, name=name, led=led, others=others)
            case _:
                return say("bridge.led", days=days, cause=cause, name=name, led=led)

    def _name(self, place: int) -> str:
        """How a group is called: the customer's name, or the values it stands for."""
        texts = self.groups.loc[:, :"dso_start"].drop(columns="dso_start").iloc[place]
        if "name" in texts and isinstance(texts["name"], str):
            return texts["name"]
        return " / ".join(str(text) for text in texts.drop("name", errors="ignore") if text) or "–"

"""The sentences the backtest of the simulation ends with: how far off, how wide the band, and against whom."""

from typing import TYPE_CHECKING

import pandas as pd

from arlib.simulation.backtest.naive import NAIVE
from arlib.words import Sentence, say

if TYPE_CHECKING:
    from arlib.simulation.backtest.result import SimulationBacktest

ANNOUNCED = (0.75, 0.85)  # shares held by a band of eight outcomes of ten
FEWEST_WINDOWS = 4  # stretches of time without overlap below which chance still counts for much
_JUDGED = ["receivable", "dso", "cash"]
_TOLD = 0.0005  # a bias below is written 0.0%
_CLOSER = 0.005  # of the naive error; less is no gain, and may be what rounding leaves


def verdict_of(backtest: "SimulationBacktest") -> list[Sentence]:
    """What was tested, how far off it was, whether the band held, what it beats, and what was left out."""
    closings = backtest.closings
    left_out = [say(f"simulation.backtest.left.{why}", closings=n) for why, n in backtest.left_out.items() if n]
    if not closings:
        undated = say("simulation.backtest.undated")
        return [undated if backtest.undated else say("simulation.backtest.nothing", days=backtest.horizon), *left_out]
    tested = say(
        "simulation.backtest.tested",
        closings=len(closings),
        first=closings[0],
        last=closings[-1],
        days=backtest.horizon,
    )
    overall = backtest.overall.set_index("measure")
    found = [tested, *_few(backtest), *_errors(overall), _band(overall), *_against(overall)]
    return [*found, *left_out]


def _few(backtest: "SimulationBacktest") -> list[Sentence]:
    span = (backtest.closings[-1] - backtest.closings[0]).days
    windows = 1 + span // backtest.horizon
    return [say("simulation.backtest.few", windows=windows)] if windows < FEWEST_WINDOWS else []


def _errors(overall: pd.DataFrame) -> list[Sentence]:
    """How far off receivable, DSO and cash were; then to which side, and which side sales were on."""
    share, bias = overall["error_share"], overall["bias_share"]
    days = overall["error"].get("dso", float("nan"))
    owed = "owed_high" if bias["receivable"] > 0 else "owed_low"
    sold = "sold_less" if bias["sales"] > 0 else "sold_more"
    sides = [(owed, abs(bias["receivable"])), (sold, abs(bias["sales"]))]
    return [
        say("simulation.backtest.off", receivable=share["receivable"], days=days, cash=share["cash"]),
        *(say(f"simulation.backtest.{side}", bias=far) for side, far in sides if far >= _TOLD),
    ]


def _band(overall: pd.DataFrame) -> Sentence:
    """Whether the band held what it announces of each measure, and of which it is too narrow or wider than need be."""
    held = overall["coverage"].reindex(_JUDGED)
    low, high = ANNOUNCED
    sides = {"narrow": held.index[held < low], "wide": held.index[held > high]}
    found = [
        say(f"simulation.backtest.band_{side}", measures=[say(f"simulation.backtest.of_{each}") for each in measures])
        for side, measures in sides.items()
        if len(measures)
    ]
    shares = {measure: float(held[measure]) for measure in _JUDGED}
    return say("simulation.backtest.band_held", **shares, judged=found or [say("simulation.backtest.band_right")])


def _against(overall: pd.DataFrame) -> list[Sentence]:
    """The naive ways that are farther off in everything; then, by measure, those that are not."""
    measures = [each for each in _JUDGED if each in overall.index]
    skills = overall.loc[measures, [f"skill_{name}" for name in NAIVE]].set_axis(NAIVE, axis=1)
    closer = skills > _CLOSER
    beaten = _ways(closer.all())
    found = [say("simulation.backtest.closer", naive=beaten, ways=len(beaten))] if beaten else []
    for won, alike in closer[~closer.all(axis=1)].groupby(list(NAIVE), sort=False):
        naive = _ways(~pd.Series(won, NAIVE))
        of = [say(f"simulation.backtest.of_{measure}") for measure in alike.index]
        found.append(say("simulation.backtest.not_closer", naive=naive, ways=len(naive), measures=of))
    return found


def _ways(chosen: "pd.Series[bool]") -> list[Sentence]:
    """What the chosen naive ways are called."""
    return [say(f"simulation.backtest.{name}") for name in NAIVE if chosen[name]]

"""The weights and thresholds of the score, read from a small table anybody may edit."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from arlib.behaviour.survival import LAST_DAY
from arlib.errors import ArlibError
from arlib.schema import Days, Floats
from arlib.words import say

STANDARD = Path(__file__).with_name("scorecard.toml")

_BEST = 100  # the upper end of the scale
_DAYS = range(LAST_DAY + 1)


@dataclass(frozen=True)
class Scorecard:
    """How a probability becomes points; the fields are those of `scorecard.toml`, where each is explained."""

    anchor_score: float
    anchor_odds: float
    points_to_double_the_odds: float
    sufficient_history: float
    lowest_probability: float
    highest_probability: float
    credibility: float
    thresholds: tuple[int, ...]
    enough_late: float
    trend_days: int
    trend_history: float
    trend_probability: float
    grades: Mapping[str, float]

    def points(self, probability: Floats) -> Days:
        """Whole points on the scale without ends: 60 at 10 % late, 12 more each time the odds of paying double.

        anchor + (12 / ln 2) × (ln((1 − p) / p) − ln 9), rounded; whole, so that parts add up to the unit.
        """
        held = np.clip(probability, self.lowest_probability, self.highest_probability)
        odds = np.log((1 - held) / held) - np.log(self.anchor_odds)
        slope = self.points_to_double_the_odds / np.log(2)
        points: Days = np.rint(self.anchor_score + slope * odds).astype(np.int64)
        return points

    def probability(self, score: Days) -> Floats:
        """The probability of paying late that a score stands for: `points` the other way round."""
        doubled = (score - self.anchor_score) / self.points_to_double_the_odds
        return np.asarray(1 / (1 + self.anchor_odds * np.exp2(doubled)))

    def best_score(self, grades: "pd.Series[str]") -> Days:
        """The highest score of each grade: the one below the lowest of the next better grade; 100 where none is given.

        Raises:
            ArlibError: a grade is not one of this scorecard.
        """
        unknown = set(grades.dropna()) - set(self.grades)
        if unknown:
            raise ArlibError(say("risk.scorecard.grade", grades=sorted(unknown), known=list(self.grades)))
        lowest = list(self.grades.values())[:-1]
        best = dict(zip(self.grades, [_BEST, *(int(np.ceil(score)) - 1 for score in lowest)], strict=True))
        return np.asarray(grades.map(best).fillna(_BEST), dtype=np.int64)

    def grade(self, score: Days) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
        """The first grade, best first, whose lowest score is reached; the last one otherwise."""
        names = np.array(list(self.grades))
        reached = score[:, None] >= np.array(list(self.grades.values()))[None, :]
        place = np.where(reached.any(axis=1), reached.argmax(axis=1), len(names) - 1)
        chosen: np.ndarray[tuple[int], np.dtype[np.str_]] = names[place]
        return chosen


def read_scorecard(path: Path = STANDARD) -> Scorecard:
    """The scorecard in a TOML file; the one arlib comes with by default.

    Raises:
        ArlibError: the file is no TOML, or a value is missing, unknown or out of its bounds.
    """
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ArlibError(say("risk.scorecard.unreadable", file=Path(path).name, why=str(error))) from error
    names = {field.name for field in fields(Scorecard)}
    if names != set(table):
        missing, unknown = sorted(names - set(table)), sorted(set(table) - names)
        raise ArlibError(say("risk.scorecard.names", file=Path(path).name, missing=missing, unknown=unknown))
    wrong = _wrong(table)
    if wrong:
        raise ArlibError(say("risk.scorecard.values", file=Path(path).name, names=wrong))
    return Scorecard(**table | {"thresholds": tuple(table["thresholds"])})


# Between which values each number lies, the ends excluded.
_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "anchor_score": (0, _BEST),
        "anchor_odds": (0, np.inf),
        "points_to_double_the_odds": (0, np.inf),
        "sufficient_history": (0, np.inf),
        "lowest_probability": (0, 0.5),
        "highest_probability": (0.5, 1),
        "credibility": (0, 1),
        "enough_late": (0, 1),
        "trend_days": (0, np.inf),
        "trend_history": (0, np.inf),
        "trend_probability": (0.5, 1),
    }
)


def _wrong(table: Mapping[str, Any]) -> list[str]:
    """The names whose values are out of bounds or of another kind; grades fall from below 100 to 0."""
    numbers = {name: _numbers([table[name]]) for name in _BOUNDS}
    wrong = [name for name, (low, high) in _BOUNDS.items() if not all(low < value < high for value in numbers[name])]
    days, grades = table["thresholds"], table["grades"]
    if not (isinstance(days, list) and days and all(isinstance(each, int) and each in _DAYS for each in days)):
        wrong.append("thresholds")
    lowest = _numbers(grades.values()) if isinstance(grades, dict) else []
    if len(lowest) < 2 or lowest[-1] != 0 or not all(a > b for a, b in pairwise([_BEST, *lowest])):  # noqa: PLR2004
        wrong.append("grades")
    return wrong


def _numbers(values: Iterable[object]) -> list[float]:
    """The values, what is no number being none that lies between any."""
    return [float(value) if isinstance(value, int | float) else np.nan for value in values]

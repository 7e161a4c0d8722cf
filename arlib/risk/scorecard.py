"""The weights and thresholds of the score, read from a small table anybody may edit."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from arlib.schema import Days, Floats

STANDARD = Path(__file__).with_name("scorecard.toml")


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

    def grade(self, score: Days) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
        """The first grade, best first, whose lowest score is reached; the last one otherwise."""
        names = np.array(list(self.grades))
        reached = score[:, None] >= np.array(list(self.grades.values()))[None, :]
        place = np.where(reached.any(axis=1), reached.argmax(axis=1), len(names) - 1)
        chosen: np.ndarray[tuple[int], np.dtype[np.str_]] = names[place]
        return chosen


def read_scorecard(path: Path = STANDARD) -> Scorecard:
    """The scorecard in a TOML file; the one arlib comes with by default."""
    with path.open("rb") as table:
        return Scorecard(**tomllib.load(table))

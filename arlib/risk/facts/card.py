"""What external facts are worth, read from a small table anybody may edit (`opinion.toml`)."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.readers.headings import plain
from arlib.schema import Floats
from arlib.words import say

STANDARD = Path(__file__).with_name("opinion.toml")
OVERRIDE = "override"
CRITERIA = ("rating", "accounts", "seniority", "sector", "size", "guarantee")
_GRADES = ("A", "B", "C", "D", "E")
_KNOWN = ("enough", "oldest_accounts_months")
_COVER = ("usual_quota", "decision_months")
_SHARES, _LINES = ("accounts", "guarantee", "payment_method"), ("seniority", "sector", "size")
BANQUE_DE_FRANCE, BEFORE_2022 = "banque_de_france", "banque_de_france_2004"
_LONGEST_DECISION = 1200  # months: a hundred years
_NEW_SCALE_ON = pd.Timestamp("2022-01-08")
_ACTIVITY = re.compile(r"^[A-NX](?=[\dP])")  # the letter of sales before the grade: G4+
_MINUS = str.maketrans("\u2212\u2010\u2011\u2012\u2013\u2014", "------")


@dataclass(frozen=True)
class Scale:
    """A scale of ratings: codes, each with its share of the points and the best grade it allows, or bounds.

    `best` and `worst` are the bounds of a scale of numbers; `caps_from` the numbers from which on, towards the worst,
    a grade is the best one allowed.
    """

    names: Sequence[str]
    not_rated: Sequence[str] = ()
    codes: Mapping[str, float] = field(default_factory=dict)
    caps: Mapping[str, str] = field(default_factory=dict)
    best: float = np.nan
    worst: float = np.nan
    caps_from: Sequence[tuple[float, str]] = ()

    def holds(self, code: str) -> bool:
        """Whether a rating is one of this scale."""
        if self.codes:
            return code in self.codes or code in self.not_rated
        low, high = sorted((self.best, self.worst))
        return re.fullmatch(r"\d+(?:[.,]\d+)?", code) is not None and low <= _number(code) <= high

    def share(self, code: str) -> float:
        """The share of the points a rating gets, 0 to 1; nan where it says that there is none."""
        if self.codes:
            return self.codes.get(code, np.nan)
        return (_number(code) - self.worst) / (self.best - self.worst)

    def cap(self, code: str) -> str:
        """The best grade a rating allows, "override", or nothing."""
        if self.codes:
            return self.caps.get(code, "")
        worse = -1 if self.best > self.worst else 1
        reached = [cap for bound, cap in self.caps_from if worse * (_number(code) - bound) >= 0]
        return reached[-1] if reached else ""


@dataclass(frozen=True)
class OpinionCard:
    """Caps, points and scales; the fields are the sections of `opinion.toml`, where each is explained."""

    caps: Mapping[str, Mapping[str, str]]
    cover: Mapping[str, float]
    criteria: Mapping[str, float]
    known: Mapping[str, float]
    shares: Mapping[str, Mapping[str, float]]
    lines: Mapping[str, Sequence[Sequence[float]]]
    p_late_30: Mapping[str, Sequence[Sequence[float]]]
    scales: Mapping[str, Scale]

    def on_line(self, criterion: str, values: Floats) -> Floats:
        """The share of the points of a criterion that is a line through points; nan where the value is."""
        known, shares = np.array(self.lines[criterion], dtype=np.float64).T
        read: Floats = np.interp(values, known, shares)
        return np.where(np.isnan(values), np.nan, read)

    def probability(self, points: Floats) -> Floats:
        """The probability of paying more than 30 days late that points stand for, as an opinion."""
        known, late = np.array(self.p_late_30["line"], dtype=np.float64).T
        odds = np.interp(points, known, np.log(late / (1 - late)))
        return np.where(np.isnan(points), np.nan, 1 / (1 + np.exp(-odds)))

    def rating(self, written: str, agency: str, known_on: pd.Timestamp | None = None) -> tuple[str, str] | None:
        """The scale and the code of a rating; None where it fits none, or where nobody said whose it is.

        A code that only the Banque de France writes (4+, P, G3) needs no agency; a bare number could be anybody's.
        Its codes changed on 8 January 2022: a code of both scales is of the one in force on the day it was known.

        Args:
            written: the rating.
            agency: who gives it, as a person writes it, or the name of a scale; empty: not known.
            known_on: the day it was known; None or NaT: not known.
        """
        code = re.sub(r"\s", "", written).upper().translate(_MINUS)
        scale = agency if agency in self.scales else self._of(agency)
        if scale is None and (agency or not re.search(r"^[A-NX]?\d[+-]|^P$|^[A-NX]\d$", code)):
            return None
        wanted: Sequence[str] = (scale or "",)
        if scale in (None, BANQUE_DE_FRANCE, BEFORE_2022):
            code = _ACTIVITY.sub("", code)
            old = known_on is not None and known_on < _NEW_SCALE_ON
            wanted = (BEFORE_2022, BANQUE_DE_FRANCE) if old else (BANQUE_DE_FRANCE, BEFORE_2022)
        return next(((each, code) for each in wanted if each in self.scales and self.scales[each].holds(code)), None)

    def _of(self, agency: str) -> str | None:
        """The scale whose name stands in what a person wrote."""
        text = f" {plain(agency)} "
        names = [(len(name), each) for each, scale in self.scales.items() for name in scale.names
                 if f" {plain(name)} " in text]  # fmt: skip
        return max(names)[1] if names else None


def _number(code: str) -> float:
    return float(code.replace(",", "."))


def read_opinion_card(path: Path = STANDARD) -> OpinionCard:
    """The card in a TOML file; the one arlib comes with by default.

    Raises:
        ArlibError: the file is no TOML, or sections of it are missing, unknown or hold what they cannot.
    """
    try:
        read: dict[str, Any] = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ArlibError(say("risk.facts.card_unreadable", file=Path(path).name, why=str(error))) from error
    wrong = _wrong(read)
    if wrong:
        raise ArlibError(say("risk.facts.card_values", file=Path(path).name, names=wrong))
    scales = {name: Scale(**scale) for name, scale in read["scales"].items()}
    return OpinionCard(**read | {"scales": scales})


def _wrong(read: Mapping[str, Any]) -> list[str]:
    """The sections that are missing, unknown, or hold what they cannot."""
    names = {each.name for each in fields(OpinionCard)}
    if names != set(read) or not all(isinstance(section, dict) for section in read.values()):
        return sorted(names ^ set(read)) or sorted(names)
    found = {f"caps.{fact}": _caps(caps) for fact, caps in read["caps"].items()}
    found["criteria"] = set(read["criteria"]) == set(CRITERIA) and _within(read["criteria"].values(), 0, np.inf)
    found["known"] = set(read["known"]) == set(_KNOWN) and _within(read["known"].values(), 0, np.inf)
    quota, months = (read["cover"].get(name) for name in _COVER)
    sound = set(read["cover"]) == set(_COVER) and _within([quota], 0, 1) and quota
    found["cover"] = bool(sound) and isinstance(months, int) and 0 <= months <= _LONGEST_DECISION
    found |= {f"shares.{name}": _within(read["shares"].get(name, {None: None}).values(), 0, 1) for name in _SHARES}
    found |= {f"lines.{name}": _is_line(read["lines"].get(name), 0.0) for name in _LINES}
    found["p_late_30"] = _is_line(read["p_late_30"].get("line"), 1e-6)
    found |= {f"scales.{name}": _is_scale(scale) for name, scale in read["scales"].items()}
    return [name for name, sound in found.items() if not sound]


def _caps(caps: object) -> bool:
    return isinstance(caps, dict) and all(cap in (*_GRADES, OVERRIDE) for cap in caps.values())


def _within(values: Iterable[object], low: float, high: float) -> bool:
    return all(isinstance(value, int | float) and low <= value <= high for value in values)


def _is_line(line: object, edge: float) -> bool:
    """Whether it is a list of points from left to right, whose heights are shares at least `edge` inside 0 and 1."""
    if not (isinstance(line, list) and line and all(isinstance(point, list) and len(point) == 2 for point in line)):  # noqa: PLR2004 - a point
        return False
    rising = _within([x for x, _ in line], -np.inf, np.inf) and all(one[0] < two[0] for one, two in pairwise(line))
    return rising and _within([y for _, y in line], edge, 1 - edge)


def _is_scale(scale: object) -> bool:
    if not isinstance(scale, dict) or not set(scale) <= {each.name for each in fields(Scale)} or not scale.get("names"):
        return False
    codes, bounds = scale.get("codes", {}), [scale.get("best"), scale.get("worst")]
    ranked = _within(codes.values(), 0, 1) if codes else _within(bounds, -np.inf, np.inf) and bounds[0] != bounds[1]
    return (
        ranked
        and _caps(scale.get("caps", {}))
        and _caps({str(bound): cap for bound, cap in scale.get("caps_from", ())})
    )

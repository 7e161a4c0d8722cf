"""The scale against the handbook's table, and a scorecard that somebody edited."""

import numpy as np
import pandas as pd
import pytest

from arlib.errors import ArlibError
from arlib.risk.scorecard import STANDARD, read_scorecard

CARD = STANDARD.read_text(encoding="utf-8")


def test_the_scale_is_the_published_one():
    """Handbook, risk scoring 4.3: p 1% = 100, 2% = 89 (88.9), 5% = 73 (72.9), 10% = 60, 20% = 46, 30% = 37, 50% = 22.

    1% gives 101.5 before the scale ends at 100.
    """
    points = read_scorecard().points(np.array([0.01, 0.02, 0.05, 0.10, 0.20, 0.30, 0.50]))
    assert list(points) == [102, 89, 73, 60, 46, 37, 22]


def test_grades_begin_at_their_lowest_score_and_at_the_published_probabilities():
    """Handbook 4.3: A < 3.5%, B < 8%, C < 21%, D < 46%, which are 80, 65, 45 and 25 within a point."""
    card = read_scorecard()
    grades = card.grade(np.array([100, 80, 79, 65, 64, 45, 44, 25, 24, 0]))
    assert "".join(grades) == "AABBCCDDEE"
    assert "".join(card.grade(card.points(np.array([0.03, 0.04, 0.07, 0.09, 0.20, 0.22, 0.45, 0.48])))) == "ABBCCDDE"


def test_a_score_stands_for_a_probability():
    probability = read_scorecard().probability(np.array([60, 22, 48]))
    assert probability == pytest.approx([0.1, 0.5, 2 / 11], abs=0.001)  # 12 points down double the odds of being late


def test_a_grade_allows_the_score_below_the_next_one():
    allowed = read_scorecard().best_score(pd.Series(["A", "B", "C", "D", "E", None]))
    assert list(allowed) == [100, 79, 64, 44, 24, 100]


def test_a_cap_of_an_unknown_grade_is_never_left_out():
    with pytest.raises(ArlibError, match="grades this scorecard does not have: F"):
        read_scorecard().best_score(pd.Series(["F", None]))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("anchor_odds = 9", "anchor_odds = 9 = 9", "cannot be read as TOML"),
        ("anchor_odds = 9", "", "Missing: anchor_odds; unknown: ."),
        ("anchor_odds = 9", "anchor_odds = 9\nankor = 1", "Missing: ; unknown: ankor."),
        ("anchor_odds = 9", "anchor_odds = 0", "wrong kind: anchor_odds"),
        ("anchor_odds = 9", "anchor_odds = 'nine'", "wrong kind: anchor_odds"),
        ("credibility = 0.8", "credibility = 80", "wrong kind: credibility"),
        ("thresholds = [30, 15, 7, 0]", "thresholds = []", "wrong kind: thresholds"),
        ("thresholds = [30, 15, 7, 0]", "thresholds = 30", "wrong kind: thresholds"),
        ("thresholds = [30, 15, 7, 0]", "thresholds = [400]", "wrong kind: thresholds"),
        ("C = 45", "C = 70", "wrong kind: grades"),
        ("E = 0", "E = 5", "wrong kind: grades"),
    ],
)
def test_a_scorecard_that_cannot_be_used_is_said(tmp_path, old, new, said):
    assert old in CARD
    path = tmp_path / "mine.toml"
    path.write_text(CARD.replace(old, new), encoding="utf-8")
    with pytest.raises(ArlibError, match=r"mine\.toml: ") as error:
        read_scorecard(path)
    assert said in str(error.value)


def test_an_edited_scorecard_is_followed(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(CARD.replace("A = 80", "A = 90"), encoding="utf-8")
    assert "".join(read_scorecard(path).grade(np.array([90, 89]))) == "AB"

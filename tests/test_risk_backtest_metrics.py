"""Measures of a forecast against hand computation, brute force over pairs, and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from arlib.risk.backtest.metrics import (
    LEAST_PROBABILITY,
    Ranking,
    area_under_curve,
    first_reached,
    ranked_probability_scores,
    squared_errors,
    surprises,
)
from arlib.risk.backtest.ranking import Judged, calibration
from arlib.risk.backtest.resampling import CustomerDraws

SHARES = st.sampled_from([0.0, 0.25, 0.5, 1.0])
FORECASTS = st.lists(st.tuples(st.integers(0, 5), SHARES, st.integers(0, 3)), min_size=1, max_size=30)


def test_area_by_hand():
    """Late .9 and .4, on time .4 and .1: of four pairs three are in order and .4 = .4 counts half."""
    score, late = np.array([0.9, 0.4, 0.4, 0.1]), np.array([1.0, 1.0, 0.0, 0.0])
    assert area_under_curve(score, late, 1 - late) == 3.5 / 4


def test_area_without_both_outcomes_is_missing():
    score = np.array([0.2, 0.7])
    assert np.isnan(area_under_curve(score, np.ones(2), np.zeros(2)))
    assert np.isnan(area_under_curve(score, np.zeros(2), np.ones(2)))
    assert np.isnan(area_under_curve(np.array([]), np.array([]), np.array([])))


@given(FORECASTS)
def test_area_is_the_share_of_pairs_in_order(rows):
    """Brute force over all pairs, ties half, weights multiplied; scikit-learn with each row once late, once not."""
    score, share, times = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    late, on_time = share * times, (1 - share) * times
    found = area_under_curve(score, late, on_time)
    pairs = late.sum() * on_time.sum()
    if pairs == 0:
        assert np.isnan(found)
        return
    above = np.sign(score[:, None] - score[None, :]) / 2 + 0.5
    assert found == pytest.approx(late @ above @ on_time / pairs)
    outcome = np.repeat([1, 0], len(score))
    oracle = roc_auc_score(outcome, np.tile(score, 2), sample_weight=np.concatenate([late, on_time]))
    assert found == pytest.approx(oracle)


def test_squared_errors_and_surprises_by_hand():
    """.3 said of a late invoice: .7² = .49 and −ln .3; of a punctual one .09 and −ln .7; half late: their mean."""
    said, late = np.full(3, 0.3), np.array([1.0, 0.0, 0.5])
    assert squared_errors(said, late) == pytest.approx([0.49, 0.09, 0.29])
    assert surprises(said, late) == pytest.approx([1.2039728, 0.3566749, 0.7803239], abs=1e-7)
    sure = surprises(np.array([0.0]), np.array([1.0]))
    assert sure == pytest.approx(-np.log(LEAST_PROBABILITY))


def test_losses_against_scikit_learn():
    rng = np.random.default_rng(0)
    said, late = rng.uniform(0.01, 0.99, 500), (rng.random(500) < 0.3).astype(float)
    assert squared_errors(said, late).mean() == pytest.approx(brier_score_loss(late, said))
    assert surprises(said, late).mean() == pytest.approx(log_loss(late, said))


def test_the_day_a_share_is_reached():
    unpaid = np.array([[1.0, 0.5, 0.1, 0.1], [0.9, 0.9, 0.9, 0.9]])
    assert list(first_reached(unpaid, 0.5)) == [1, 4]
    assert list(first_reached(unpaid, 0.9)) == [2, 4]


def test_ranked_probability_score_by_hand():
    """Unpaid .5, .5, 0, 0, paid on the second day: .5² before it, .5² on it, then nothing: .5."""
    unpaid = np.array([[0.5, 0.5, 0.0, 0.0]])
    assert ranked_probability_scores(unpaid, np.array([0]), np.array([1]), np.array([4])) == pytest.approx([0.5])


@given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 10))
def test_ranked_probability_score_of_a_sure_forecast_is_its_error(said, paid, seen):
    """Days wrong by, of those seen."""
    unpaid = (np.arange(10) < said).astype(float)[None, :]
    found = ranked_probability_scores(unpaid, np.array([0]), np.array([paid]), np.array([seen]))
    assert found == pytest.approx([abs(min(said, seen) - min(paid, seen))])


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_ranked_probability_score_is_the_sum_of_squares(seed):
    rng = np.random.default_rng(seed)
    unpaid = np.sort(rng.random((5, 8)), axis=1)[:, ::-1]
    row, paid, seen = rng.integers(5, size=20), rng.integers(12, size=20), rng.integers(0, 9, size=20)
    found = ranked_probability_scores(unpaid, row, paid, seen)
    for which in range(20):
        days = np.arange(seen[which])
        squares = ((1 - unpaid[row[which], days]) - (days >= paid[which])) ** 2
        assert found[which] == pytest.approx(squares.sum())


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_a_draw_counts_a_customer_as_often_as_it_was_drawn(seed):
    """Against repeating the rows of each customer."""
    rng = np.random.default_rng(seed)
    draws = CustomerDraws.of(4, 5, seed)
    assert (draws.times.sum(axis=1) == 4).all()
    customer, score, late = rng.integers(4, size=30), rng.integers(5, size=30).astype(float), rng.random(30).round(1)
    areas, means = draws.areas(customer, score, late, 1 - late), draws.means(customer, score, late)
    for draw, times in enumerate(draws.times.astype(int)):
        rows = np.repeat(np.arange(30), times[customer])
        expected = area_under_curve(score[rows], late[rows], 1 - late[rows])
        assert areas[draw] == pytest.approx(expected, nan_ok=True)
        if late[rows].sum() > 0:
            assert means[draw] == pytest.approx(np.average(score[rows], weights=late[rows]))


def test_the_interval_is_of_the_draws_and_none_with_one_customer():
    draws = CustomerDraws.of(50, 400, 3)
    low, high = draws.interval(np.linspace(0, 1, 400))
    assert (low, high) == pytest.approx((0.025, 0.975))
    assert np.isnan(CustomerDraws.of(1, 10, 3).interval(np.ones(10))).all()
    assert (CustomerDraws.of(50, 400, 3).times == draws.times).all()


def test_an_interval_of_customers_is_wider_than_one_of_invoices():
    """Twenty customers of a hundred invoices each, all of a customer late or none: twenty bets, not two thousand."""
    late = np.repeat(np.arange(20) % 2, 100).astype(float)
    low, high = CustomerDraws.of(20, 500, 1).interval(
        CustomerDraws.of(20, 500, 1).means(np.repeat(np.arange(20), 100), late, np.ones(2000))
    )
    assert high - low == pytest.approx(2 * 1.96 * 0.5 / np.sqrt(20), rel=0.15)


def test_calibration_keeps_equal_forecasts_together_and_loses_none():
    """Of four invoices said .1 one late, of six said .6 four: two groups."""
    said = np.array([0.1] * 4 + [0.6] * 6)
    late = np.array([1, 0, 0, 0, 1, 1, 1, 1, 0, 0.0])
    judged = Judged(0, np.arange(10), late, {"law": said}, {})
    table = calibration(judged, CustomerDraws.of(10, 50, 1), "law")
    assert table[["bin", "count"]].to_numpy().tolist() == [[1, 4], [2, 6]]
    assert table["predicted"].tolist() == pytest.approx([0.1, 0.6])
    assert table["observed"].tolist() == pytest.approx([0.25, 4 / 6])


def test_a_ranking_takes_a_missing_score_as_the_lowest():
    ranking = Ranking.of(np.array([0.5, np.nan, 0.1]))
    assert list(ranking.order) == [1, 2, 0]

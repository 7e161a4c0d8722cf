"""The capture curve of a backtest: what the first of a worklist held of the lateness that came."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import sample_ledger

from arlib.risk.backtest import backtest_risk
from arlib.risk.backtest.capture import CALLED, caught, first_tenth
from arlib.risk.backtest.result import RiskBacktest


@pytest.fixture(scope="module")
def found():
    return backtest_risk(sample_ledger("groupe"), draws=5)


def test_caught_by_hand():
    """Of four items called in the order 3, 1, 0, 2 (30, 20, 10, 40 euro-days): half of them held 50; the first 2 %,

    rounded up, is one item.
    """
    held = caught(np.array([2.0, 3.0, 1.0, 4.0]), np.array([10.0, 20.0, 40.0, 30.0]))
    told = dict(zip(CALLED.tolist(), held.tolist(), strict=True))
    assert (told[0.0], told[0.02], told[0.26], told[0.5], told[0.76], told[1.0]) == (0, 30, 50, 50, 100, 100)


def test_a_share_that_is_a_whole_number_of_items_is_not_rounded_up():
    """0.3 of 10 is 3, though 0.06 × 50 is a little more in binary."""
    held = caught(-np.arange(50.0), np.ones(50))
    assert held.tolist() == list(range(51))
    assert len(first_tenth(np.zeros(30))) == 3
    assert caught(np.array([]), np.array([])).tolist() == [0.0] * 51


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1000)), min_size=1, max_size=60))
def test_no_order_beats_the_best_and_all_hold_everything(items):
    order, late = (np.array(column, dtype=np.float64) for column in zip(*items, strict=True))
    held, best = caught(order, late), caught(late, late)
    assert (held <= best).all()
    assert held[0] == 0
    assert held[-1] == best[-1] == late.sum()
    assert (np.diff(held) >= 0).all()
    tenth = late[first_tenth(order)].sum()
    assert held[CALLED.tolist().index(0.1)] == pytest.approx(tenth)


def test_a_tenth_of_the_curve_is_the_capture(found):
    curve = found.capture_curve
    at_a_tenth = curve[curve["called_share"] == 0.1].set_index("rule")["caught_share"]
    pd.testing.assert_series_equal(at_a_tenth, found.capture.set_index("rule")["share"], check_names=False)
    assert list(dict.fromkeys(curve["rule"])) == list(found.capture["rule"])
    assert curve.groupby("rule")["caught_share"].agg(
        ["first", "last", "size"]
    ).drop_duplicates().to_numpy().tolist() == [[0.0, 1.0, 51.0]]


def test_nothing_to_compare_is_an_empty_frame():
    ledger = sample_ledger("groupe")
    nothing = backtest_risk(ledger, ["2025-12-31"], draws=5)
    assert nothing.capture_curve.empty
    assert list(nothing.capture_curve) == ["rule", "called_share", "caught_share"]
    assert "capture_curve" in {field.name for field in dataclasses.fields(RiskBacktest)}

"""DSO by both definitions, against published examples (handbook/worked_examples.md, sections A and C)."""

import math
import pickle

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, scaled, shuffled

from arlib import ArlibError, countback_dso, dso, dso_history, month_ends
from arlib.measures import count_back, simple_days


@pytest.mark.parametrize(
    ("receivable", "sales", "days", "expected", "tolerance"),
    [
        (472, 2400 + 470.4, 365, 60.02, 0.005),  # A1, finance-technique.com
        (30_000, 60_000, 90, 45.0, 1e-9),  # A2, divalto
        (20_000, 45_000, 90, 40.0, 1e-9),  # A3, financefactory.fr
        (328_800, 4_192_200, 365, 28.627, 0.001),  # A5, studyzin
        (25_000, 300_000, 90, 7.5, 1e-9),  # A7 corrected: three months of 100,000, not one
        (15_000, 10_000, 30, 45.0, 1e-9),  # D1, creditguru
    ],
)
def test_the_simple_formula_gives_published_results(receivable, sales, days, expected, tolerance):
    assert simple_days(receivable, sales, days) == pytest.approx(expected, abs=tolerance)


def test_tax_on_one_side_only_gives_the_known_wrong_figure():
    """472 with tax over 2,400 without it is 71.8 days (A6): what a ledger of gross amounts never yields."""
    assert simple_days(472, 2400, 365) == pytest.approx(71.8, abs=0.05)
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2023-01-02 | 2023-02-01 | 2398.4 |
        A        | payment | 2023-06-01 |            | -2398.4| 1
        A        | invoice | 2023-12-01 | 2023-12-31 |  472.0 |
        """,
        covers=("2023-01-01", "2023-12-31"),
    )
    assert dso(ledger, "2023-12-31", days=365) == pytest.approx(60.02, abs=0.005)


@pytest.mark.parametrize(
    ("receivable", "months", "expected", "tolerance"),
    [
        (2_500, [(1_200, 30), (800, 31), (700, 30)], 82.4286, 0.0001),  # C1, divalto
        (212_000, [(100_000, 30), (80_000, 30), (70_000, 30)], 73.714, 0.001),  # C3, benjipays
        (2_100_000, [(900_000, 31), (800_000, 28), (700_000, 31)], 76.714, 0.001),  # C4
        (13_000, [(2500, 30), (1750, 31), (2250, 31), (2500, 30), (2000, 31), (2250, 30)], 179.667, 0.001),  # C5
        (12_000, [(2500, 30), (1750, 31), (2250, 31), (2500, 30), (2000, 31), (2250, 30)], 166.333, 0.001),  # C5
        (20_000, [(12_500, 30), (10_000, 31), (6_000, 31)], 53.25, 1e-9),  # C7 corrected: the page prints 74
    ],
)
def test_counting_back_gives_published_results(receivable, months, expected, tolerance):
    sales, days = zip(*months, strict=True)
    assert count_back(receivable, sales, days).days == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("stop", [0.0, -50.0])
def test_counting_back_stops_at_a_month_without_sales_and_says_what_is_left(stop):
    """C6 and trap 3: never a loop, a division by zero or a silent number."""
    result = count_back(1_000, [400, stop, 900], [30, 31, 30])
    assert math.isnan(result.days)
    assert (result.remainder, result.months) == (600, 1)


def test_counting_back_stops_at_the_start_of_the_ledger():
    result = count_back(1_000, [400, 300], [30, 31])
    assert math.isnan(result.days)
    assert (result.remainder, result.months) == (300, 2)
    assert math.isnan(count_back(10, [], []).days)


def test_nothing_owed_is_zero_days_and_a_credit_balance_is_none():
    assert count_back(0, [400], [30]).days == 0.0
    assert math.isnan(count_back(-5, [400], [30]).days)


NOVEMBER = """
    customer | kind    | issued     | due        | amount | pays
    A        | invoice | 2024-08-20 | 2024-09-19 | 900.00 |
    A        | payment | 2024-09-30 |            | -700.00| 1
    A        | invoice | 2024-09-10 | 2024-10-10 | 700.00 |
    A        | invoice | 2024-10-10 | 2024-11-09 | 800.00 |
    A        | payment | 2024-11-05 |            | -400.00| 1,3
    A        | invoice | 2024-11-12 | 2024-12-12 | 1200.00|
    """


def test_a_ledger_gives_the_published_count_back():
    """2,500 owed at 30 November; 1,200, 800 and 700 sold: 82.43 days (C1), 30 + 31 + 500/700 of 30."""
    ledger = ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31"))
    figure = countback_dso(ledger, "2024-11-30")
    assert figure.inputs["receivable"] == 2_500.0
    assert figure == pytest.approx(82.4286, abs=0.0001)
    assert figure.note is None


def test_the_month_in_progress_counts_to_the_day_only():
    """On 15 November, 1,200 sold in 15 days, then October: 15 + 31 + 500/700 × 30 = 67.43 (trap 4)."""
    ledger = ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31"))
    assert countback_dso(ledger, "2024-11-15") == pytest.approx(15 + 31 + 500 / 700 * 30)


def test_the_window_is_the_days_up_to_the_day_and_no_more():
    ledger = ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31"))
    figure = dso(ledger, "2024-11-30", days=30)  # from 1 November
    assert figure.inputs["sales"] == 1_200.0
    assert figure == pytest.approx(2_500 / 1_200 * 30)
    assert dso(ledger, "2024-11-30", days=19).inputs["sales"] == 1_200.0  # 12 November is in
    assert math.isnan(dso(ledger, "2024-11-30", days=18))


def test_a_figure_says_why_it_is_missing_in_both_languages():
    ledger = ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31"))
    short = dso(ledger, "2024-09-15")
    assert math.isnan(short)
    assert "begins on 2024-08-01" in str(short.note)
    assert "commence le 01/08/2024" in short.note.text("fr")
    assert "No sales" in str(dso(ledger, "2024-12-31", days=5).note)
    with pytest.raises(ArlibError, match="window of 0 days"):
        dso(ledger, days=0)


def test_a_figure_is_a_number_that_shows_its_working():
    figure = dso(ledger_of(NOVEMBER, covers=("2024-08-01", "2024-12-31")), "2024-11-30", days=60)
    assert round(figure * 2, 4) == round(2 * 2_500 / 2_000 * 60, 4)
    assert str(figure.formula) == "2,500.00 owed ÷ 2,000.00 sold over 60 days × 60"
    again = pickle.loads(pickle.dumps(figure))  # noqa: S301 - what was just written
    assert (again, again.inputs["sales"], str(again.formula)) == (figure, 2_000.0, str(figure.formula))


def test_credit_notes_reduce_sales_and_late_bookings_count_once_known():
    """A sale of 10 March booked on 5 April is not in the accounts of 31 March, and in the window of 30 April."""
    ledger = ledger_of(
        """
        customer | kind        | issued     | booked     | due        | amount
        A        | invoice     | 2024-03-01 |            | 2024-03-31 | 1000.00
        A        | credit_note | 2024-03-20 |            |            | -200.00
        A        | invoice     | 2024-03-10 | 2024-04-05 | 2024-04-09 |  500.00
        """,
        covers=("2024-01-01", "2024-04-30"),
    )
    assert dso(ledger, "2024-03-31").inputs["sales"] == 800.0
    assert dso(ledger, "2024-04-30").inputs["sales"] == 1_300.0


@given(ledgers(), st.integers(0, 9))
def test_order_future_scale_and_inputs(ledger, seed):
    days, before = month_ends(ledger, "2024-06-30"), ledger.items.copy()
    history = dso_history(ledger, days)
    pd.testing.assert_frame_equal(ledger.items, before)
    pd.testing.assert_frame_equal(dso_history(shuffled(ledger, seed), days), history)
    known = known_by(ledger, days[8])
    pd.testing.assert_frame_equal(dso_history(known, days[:9]), history.iloc[:9])
    tenfold = dso_history(scaled(ledger, 10), days)
    for name, factor in {"receivable": 10, "sales": 10, "dso": 1, "countback_dso": 1}.items():
        expected = (history[name] * factor).tolist()
        assert tenfold[name].tolist() == pytest.approx(expected, rel=1e-6, abs=0.01, nan_ok=True)

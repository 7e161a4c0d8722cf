"""The figures of a board page."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, scaled, shuffled

from arlib import key_figures
from arlib.measures.key_figures import UNITS

LEDGER = """
    customer | kind    | issued     | due        | amount  | pays
    A        | invoice | 2023-06-01 | 2023-07-01 |  300.00 |
    A        | payment | 2023-09-01 |            | -100.00 | 1
    B        | invoice | 2024-05-10 | 2024-06-09 |  400.00 |
    B        | invoice | 2024-05-20 | 2024-07-19 |  600.00 |
    C        | payment | 2024-06-05 |            |  -50.00 |
    """


def test_the_figures_of_a_day_with_those_of_the_month_and_year_before():
    """By hand at 2024-06-30: 200 + 400 overdue, 600 not due, 50 unapplied; 1,000 sold in 90 days."""
    figures = key_figures(ledger_of(LEDGER, covers=("2023-01-01", "2024-06-30"))).set_index("measure")
    today = figures["value"]
    assert today["balance"] == 1150.0
    assert today["overdue"] == 600.0
    assert today["overdue_share"] == pytest.approx(600 / 1200)
    assert today["unapplied"] == -50.0
    assert today["sales_90"] == 1000.0
    assert today["dso"] == pytest.approx(1150 / 1000 * 90)
    assert today["open_items"] == 4
    assert today["customers_owing"] == 2
    assert today["best_possible_dso"] == pytest.approx(600 / 1000 * 90)
    assert today["delinquent_dso"] == pytest.approx(600 / 1000 * 90)
    assert today["top_10_share"] == 1.0
    # 300 owed on 1 April, of which 100 were paid in 2023: (200 + 1,000 − 1,150) ÷ (200 + 1,000 − 600 not due).
    assert today["collection_effectiveness"] == pytest.approx(50 / 600)
    assert today["value_of_a_day"] == pytest.approx(1000 / 365)
    assert today["disputed"] == 0.0
    month, year = figures["previous_month"], figures["previous_year"]
    assert (month["balance"], month["overdue"]) == (1200.0, 200.0)  # 31 May 2024
    assert (year["balance"], year["overdue"]) == (300.0, 0.0)  # 30 June 2023


def test_before_the_ledger_begins_there_are_no_figures():
    figures = key_figures(ledger_of(LEDGER, covers=("2023-06-01", "2024-06-30")), "2023-06-15").set_index("measure")
    assert math.isnan(figures.loc["balance", "previous_month"])
    assert figures.loc["balance", "value"] == 300.0
    assert math.isnan(figures.loc["dso", "value"])  # the window begins before the ledger
    assert "needs sales from 2023-03-18" in str(figures.loc["dso", "note"])
    assert figures.loc["balance", "note"] is None


def test_a_year_before_a_months_end_is_a_months_end():
    """28 February 2025 is compared with the close of 29 February 2024."""
    table = """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-02-29 | 2024-03-31 | 100.00
        A        | invoice | 2025-02-10 | 2025-03-31 |  10.00
        """
    figures = key_figures(ledger_of(table, covers=("2024-01-01", "2025-02-28")), "2025-02-28").set_index("measure")
    assert figures.loc["balance", "previous_year"] == 100.0


@given(ledgers(), st.integers(0, 9))
def test_order_future_scale_and_inputs(ledger, seed):
    day = "2023-10-31"
    figures = key_figures(ledger, day)
    pd.testing.assert_frame_equal(key_figures(shuffled(ledger, seed), day), figures)
    pd.testing.assert_frame_equal(key_figures(known_by(ledger, day), day), figures)
    tenfold = key_figures(scaled(ledger, 10), day)
    for measure, unit in UNITS.items():
        factor = 10 if unit == "money" else 1
        expected = (figures.loc[figures["measure"] == measure, "value"] * factor).tolist()
        assert tenfold.loc[tenfold["measure"] == measure, "value"].tolist() == pytest.approx(
            expected, abs=0.01, nan_ok=True
        )

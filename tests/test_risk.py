"""The score: its scale against the handbook's table, its parts to the point, its facts from before the day."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices

from arlib.behaviour import payment_laws
from arlib.errors import ArlibError
from arlib.risk import read_scorecard, score_customers
from arlib.risk.interval import beta_quantiles
from arlib.risk.reasons import PARTS

DAY = "2025-12-31"


def test_the_scale_is_the_published_one():
    """Handbook, risk scoring 4.3: p 1% = 100, 2% = 89 (88.9), 5% = 73 (72.9), 10% = 60, 20% = 46, 30% = 37, 50% = 22.

    1% gives 101.5 before the scale ends at 100.
    """
    points = read_scorecard().points(np.array([0.01, 0.02, 0.05, 0.10, 0.20, 0.30, 0.50]))
    assert list(points) == [102, 89, 73, 60, 46, 37, 22]


def test_grades_begin_at_their_lowest_score():
    grades = read_scorecard().grade(np.array([100, 80, 79, 65, 64, 45, 44, 25, 24, 0]))
    assert "".join(grades) == "AABBCCDDEE"


def test_beta_quantiles_against_closed_forms():
    """Beta(1, 1) is uniform; Beta(a, 1) has quantile q^(1/a); Beta(1, b) has 1 - (1 - q)^(1/b)."""
    found = beta_quantiles(np.array([1.0, 4.0, 1.0, 1.0]), np.array([1.0, 1.0, 9.0, 200.0]), (0.1, 0.9))
    expected = [
        [0.1, 0.9],
        [0.1**0.25, 0.9**0.25],
        [1 - 0.9 ** (1 / 9), 1 - 0.1 ** (1 / 9)],
        [1 - 0.9 ** (1 / 200), 1 - 0.1 ** (1 / 200)],
    ]
    assert found == pytest.approx(np.array(expected), abs=0.002)


def test_points_of_a_small_ledger_by_hand():
    """A pays four invoices 40 days late, B four on time; all due 2025-11-11 (weight w = 0.5^(50/365) = 0.9094).

    Portfolio at 30 days: 4 of 8 late: 22 points. A, all ages alike: the day-0 hazard is (0 + 2 x .5)/(4 + 2) = 1/6,
    late 5/6: 60 + 17.312 x (ln(.2) - ln 9) = -5.9; with recency (0 + 1)/(4w + 2) = 0.17739, late 0.82261: -4.6.
    """
    rows = "\n".join(
        f"{customer} 2025-10-01 2025-11-11 100 {paid}"
        for customer, paid in (("A", "2025-12-21"), ("B", "2025-11-11"))
        for _ in range(4)
    )
    scores = score_customers(from_text("customer_id issued_on due_on amount paid_on\n" + rows), DAY)
    a = scores.set_index("customer_id").loc["A"]
    assert list(a[list(PARTS)]) == [22, -28, 1, 0, 5]
    assert a["p_late"] == pytest.approx(0.82261, abs=1e-4)
    assert (a["score"], a["grade"]) == (0, "E")
    assert a["p_low"] < a["p_late"] < a["p_high"]
    assert "Paid 100.0% of its invoices more than 30 days late, against 50.0% for all customers" in a["reasons"]


def test_an_overdue_open_invoice_costs_points():
    rows = "\n".join(
        f"{customer} 2025-0{month}-01 2025-0{month}-25 100 2025-0{month}-26"
        for customer in "AB"
        for month in range(1, 9)
    )
    table = (
        "customer_id issued_on due_on amount paid_on\n"
        + rows
        + "\nA 2025-09-01 2025-10-01 100 -\nC 2025-09-01 2025-10-01 50 2025-12-31"
    )
    scores = score_customers(from_text(table), DAY).set_index("customer_id")
    assert scores.loc["A", "points_open_now"] < 0 == scores.loc["B", "points_open_now"]
    assert scores.loc["A", "score"] < scores.loc["B", "score"]
    assert list(scores.loc["A", ["exposure", "overdue"]]) == [100, 100]
    assert scores.index[0] == "A"


def test_customers_without_items_stand_with_the_portfolio_and_say_so():
    customers = pd.DataFrame({"customer_id": ["C0", "C1", "new"], "name": ["=HYPERLINK(1)", None, "<b>Né</b>"]})
    ledger = from_frame(random_invoices(1, customers=2, invoices=80), customers=customers)
    scores = score_customers(ledger, DAY, language="fr").set_index("customer_id")
    new = scores.loc["new"]
    assert list(new[list(PARTS)])[1:4] == [0, 0, 0]
    assert new["insufficient_history"]
    assert "Aucune facture réglée à ce jour" in new["reasons"]
    assert "Historique insuffisant" in new["reasons"]
    assert list(scores.loc[["C0", "C1", "new"], "name"]) == ["=HYPERLINK(1)", "C1", "<b>Né</b>"]


def test_a_number_of_days_out_of_range_is_said():
    ledger = from_frame(random_invoices(1))
    with pytest.raises(ArlibError, match="from 0 to 365; it cannot be 400"):
        score_customers(ledger, DAY, days_late=400)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([0, 30, 90]))
def test_parts_add_up_probability_is_the_law_and_the_future_is_unknown(seed, days_late):
    invoices = random_invoices(seed, invoices=60)
    ledger = from_frame(invoices)
    scores = score_customers(ledger, "2025-09-30", days_late=days_late)
    assert (scores[list(PARTS)].sum(axis=1) == scores["score"]).all()
    assert scores["score"].between(0, 100).all()
    laws = payment_laws(ledger, "2025-09-30")
    p_late = scores.set_index("customer_id")["p_late"].reindex(laws.customers)
    assert np.array_equal(p_late, np.clip(laws.p_late(days_late), 0.001, 0.999))
    changed = score_customers(future_changed(ledger, "2025-09-30"), "2025-09-30", days_late=days_late)
    pd.testing.assert_frame_equal(scores, changed, check_exact=True)
    shuffled = score_customers(from_frame(invoices.sample(frac=1, random_state=1)), "2025-09-30", days_late=days_late)
    pd.testing.assert_series_equal(
        scores.set_index("customer_id")["score"].sort_index(), shuffled.set_index("customer_id")["score"].sort_index()
    )

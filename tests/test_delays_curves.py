"""Kaplan-Meier of invoices: a published example, a hand count, and the same by a loop."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices
from small import known_by, ledgers, scaled, shuffled

from arlib.errors import ArlibError
from arlib.measures.delays import days_late, days_to_pay, payment_survival
from arlib.measures.delays.kaplan_meier import Durations, kaplan_meier

# Weeks in remission of 42 patients with leukaemia, + still in remission when last seen. Freireich et al., Blood 21
# (1963), as every text on survival prints them.
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def freireich():
    """A week as a day, a relapse as a payment, the last visit as the day asked: 2025-12-31."""
    rows = []
    for customer, times in (("6-MP", TREATED), ("placebo", PLACEBO)):
        for time in times.split():
            length = int(time.removesuffix("+"))
            since = pd.Timestamp("2025-12-31") - pd.Timedelta(days=length if time.endswith("+") else 100)
            paid = pd.NaT if time.endswith("+") else since + pd.Timedelta(days=length)
            rows.append((customer, since, since, 100.0, paid))
    return from_frame(pd.DataFrame(rows, columns=["customer_id", "issued_on", "due_on", "amount", "paid_on"]))


def test_the_published_curve_of_freireich():
    """Share in remission, those at risk and bounds of log(-log) as Stata and Kleinbaum & Klein print them."""
    curve = payment_survival(freireich(), by="customer_id", basis="issued")
    treated = curve[(curve["customer_id"] == "6-MP") & (curve["paid"] > 0)]
    assert treated["day"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert treated["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert treated["unpaid_share"].tolist() == pytest.approx(
        [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=5e-5
    )
    assert treated["low"].tolist() == pytest.approx([0.6197, 0.5631, 0.5032, 0.4316, 0.3675, 0.2678, 0.1881], abs=5e-5)
    assert treated["high"].tolist() == pytest.approx([0.9516, 0.9228, 0.8894, 0.8491, 0.8049, 0.7468, 0.6801], abs=5e-5)
    placebo = curve[curve["customer_id"] == "placebo"]
    assert placebo["unpaid_share"].iloc[[0, 4, 8, -1]].tolist() == pytest.approx(
        [19 / 21, 12 / 21, 3 / 21, 0], abs=1e-9
    )
    assert placebo[["low", "high"]].iloc[-1].isna().all()


def test_the_published_medians_and_means_of_freireich():
    """Medians 23 and 8; mean of 6-MP until week 35: 23.29 (survfit of R); of placebo 182 / 21 = 8.67."""
    table = days_to_pay(freireich(), by="customer_id", horizon=35)
    assert table["with_open_median_days"].tolist() == [23, 8]
    assert table["with_open_mean_days"].tolist() == pytest.approx([23.29, 8.667], abs=5e-3)
    assert table["with_open_p90_days"].isna().tolist() == [True, False]
    assert table["median_days"].tolist() == [10, 8]  # relapses alone: 6 6 6 7 10 13 16 22 23


def test_a_curve_counted_by_hand():
    """Due the same day but one: paid on time, 10 days late, 20 days late; one open, 5 days late on the day.

    At risk on day 0: 4, paid 1: 3/4. The open one leaves on day 5. Day 10: at risk 2, paid 1: 3/8. Day 20: 0.
    Leaving it out would give 2/3, 1/3, 0.
    """
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on
        A           2025-10-01 2025-12-11 100    2025-12-11
        A           2025-10-01 2025-12-11 100    2025-12-21
        A           2025-10-01 2025-12-26 100    -
        A           2025-10-01 2025-12-11 100    2025-12-31
        """)
    curve = payment_survival(ledger, "2025-12-31")
    assert curve["day"].tolist() == [0, 5, 10, 20]
    assert curve["unpaid_share"].tolist() == pytest.approx([0.75, 0.75, 0.375, 0])
    assert curve["at_risk"].tolist() == [4, 3, 2, 1]
    assert curve["paid"].tolist() == [1, 0, 1, 1]
    row = days_late(ledger, "2025-12-31").iloc[0]
    assert (row["with_open_median_days"], row["with_open_p90_days"]) == (10, 20)
    assert row["with_open_mean_days"] == pytest.approx(0.75 * 10 + 0.375 * 10)


def by_loop(rows):
    """The product over the days of payment of 1 - paid / at risk, as the definition says; (days, shares)."""
    share, steps = 1.0, []
    for day in sorted({day for day, _, _ in rows}):
        at_risk = sum(weight for other, _, weight in rows if other >= day)
        paid = sum(weight for other, event, weight in rows if event and other == day)
        share *= 1 - paid / at_risk
        steps.append((day, share, at_risk))
    return steps


ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-20, 40), st.booleans(), st.integers(1, 10**9)), min_size=1, max_size=40
)


def durations_of(rows):
    group, days, paid, weight = (np.array(column) for column in zip(*rows, strict=True))
    return Durations(group.astype(np.intp), days.astype(np.int64), paid.astype(bool), weight.astype(np.int64), 5)


@given(ROWS)
def test_every_group_at_once_is_each_by_a_loop(rows):
    curves = kaplan_meier(durations_of(rows))
    for group in range(5):
        own, mine = curves.group == group, [row[1:] for row in rows if row[0] == group]
        steps = by_loop(mine)
        assert curves.day[own].tolist() == [day for day, _, _ in steps]
        assert curves.unpaid[own] == pytest.approx([share for _, share, _ in steps], abs=1e-9)
        assert curves.at_risk[own].tolist() == [risk for _, _, risk in steps]
        median = next((day for day, share, _ in steps if share <= 0.5 + 1e-9), np.nan)
        assert curves.first_day(0.5)[group] == pytest.approx(median, nan_ok=True)
        assert curves.restricted_mean(15)[group] == pytest.approx(mean_by_loop(steps, 15), nan_ok=True)


def mean_by_loop(steps, horizon):
    """The area under the curve a day at a time, from the first step's day on."""
    if not steps or (steps[-1][1] > 1e-9 and steps[-1][0] < horizon):
        return np.nan
    first = min(steps[0][0], horizon)
    unpaid = [next((share for day, share, _ in reversed(steps) if day <= now), 1.0) for now in range(first, horizon)]
    return first + sum(unpaid)


def test_days_too_far_apart_to_be_packed_are_sorted_otherwise():
    """Days as far apart as a year typed with nine digits: the number of the cell and of the row need two integers."""
    far = 2**55
    rows = [(2, far, True, 1), (0, 5, True, 1), (2, 3, True, 1), (0, 5, False, 1), (1, 1, True, 2)]
    curves = kaplan_meier(durations_of([*rows, *[(3, 7, True, 1)] * 40]))
    assert curves.group.tolist() == [0, 1, 2, 2, 3]
    assert curves.day.tolist() == [5, 1, 3, far, 7]
    assert curves.unpaid == pytest.approx([0.5, 0, 0.5, 0, 0])


def test_nothing_to_count_gives_no_curve():
    curves = kaplan_meier(durations_of([(0, 0, True, 1)]))
    assert np.isnan(curves.first_day(0.5)[1:]).all()
    ledger = from_frame(random_invoices(3))
    assert payment_survival(ledger, "2000-01-01", by="customer_id").empty


def test_a_basis_is_due_or_issued():
    with pytest.raises(ArlibError, match="got paid"):
        payment_survival(freireich(), basis="paid")


@given(ledgers(), st.sampled_from(["due", "issued"]))
def test_a_curve_only_falls_within_its_band(ledger, basis):
    curve = payment_survival(ledger, by="customer_id", basis=basis)
    assert curve.groupby("customer_id")["unpaid_share"].diff().fillna(0.0).le(1e-12).all()
    inside = curve.dropna(subset="low")
    assert inside["low"].between(0, inside["unpaid_share"]).all()
    assert inside["high"].between(inside["unpaid_share"], 1).all()


@given(ledgers(), st.integers(0, 5), st.integers(0, 500))
def test_order_future_and_scale_change_nothing(ledger, seed, days):
    day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=days)
    ours = payment_survival(ledger, day, by="customer_id")
    known = known_by(ledger, day)
    pd.testing.assert_frame_equal(ours, payment_survival(shuffled(ledger, seed), day, by="customer_id"))
    pd.testing.assert_frame_equal(ours, payment_survival(scaled(ledger, 3), day, by="customer_id"))
    if len(known.items):
        pd.testing.assert_frame_equal(ours, payment_survival(known, day, by="customer_id"))


def test_a_future_of_nonsense_changes_nothing():
    ledger = from_frame(random_invoices(6))
    changed = future_changed(ledger, "2025-03-31")
    pd.testing.assert_frame_equal(payment_survival(ledger, "2025-03-31"), payment_survival(changed, "2025-03-31"))

"""Trends: Fisher's exact test by hand, no arrow for who has not changed, and a change that is found."""

from math import comb

import numpy as np
import pandas as pd
import pytest
from paid_invoices import from_frame

from arlib.behaviour import payment_evidence
from arlib.risk.scorecard import read_scorecard
from arlib.risk.trend import payment_trends

DAY = pd.Timestamp("2025-12-31")
CARD = read_scorecard()


def trends(invoices, days_late=30, language="en"):
    ledger = from_frame(invoices)
    table = payment_trends(payment_evidence(ledger, DAY), days_late, CARD, language)
    return table.set_index(payment_evidence(ledger, DAY).customers)


def counted(name, late, on_time, due):
    """Invoices of a customer due on a day, some paid 40 days late and the others on time."""
    paid = [pd.Timestamp(due) + pd.Timedelta(days=40)] * late + [pd.Timestamp(due)] * on_time
    return pd.DataFrame(
        {"customer_id": name, "issued_on": "2024-01-15", "due_on": due, "amount": 100.0, "paid_on": paid}
    )


def fisher(late, of, late_before, of_before):
    """Probability of so many late of the new ones, or more, were the late ones spread by chance."""
    both, bad = of + of_before, late + late_before
    ways = (comb(bad, each) * comb(both - bad, of - each) for each in range(late, min(of, bad) + 1))
    return sum(ways) / comb(both, of)


@pytest.mark.parametrize(
    ("new", "old", "trend"),
    [
        ((3, 3), (1, 15), "worse"),  # 1 - 4 / 816 = 0.9951
        ((3, 6), (3, 12), ""),
        ((2, 3), (1, 15), ""),  # 1 - 0.0564: not sure enough
        ((6, 6), (10, 40), "worse"),
    ],
)
def test_the_probability_is_that_of_the_exact_test(new, old, trend):
    parts = [counted("A", new[0], new[1] - new[0], "2025-11-03"), counted("A", old[0], old[1] - old[0], "2024-06-03")]
    found = trends(pd.concat(parts)).loc["A"]
    assert found["trend_probability"] == pytest.approx(1 - fisher(*new, *old), abs=0.002)
    assert found["trend"] == trend


def test_a_customer_who_got_better():
    """None of 8 late after 20 of 40: the chance of none among eight is C(40, 20) / C(48, 20), or 0.8%."""
    found = trends(pd.concat([counted("A", 0, 8, "2025-11-03"), counted("A", 20, 20, "2024-06-03")])).loc["A"]
    assert found["trend_probability"] == pytest.approx(comb(40, 20) / comb(48, 20), abs=0.002)
    assert found["trend"] == "better"
    assert found["trend_reason"] == (
        "Paying sooner: of the 8 invoices due from 2025-09-03 to 2025-12-01, 0 paid more than 30 days late or not "
        "yet, against 20 of 40 before (probability 99.2%)."
    )


def test_no_late_invoice_tells_nothing_of_a_customer_seldom_late():
    """0 of 10 after 3 of 90: three customers in four would have none."""
    found = trends(pd.concat([counted("A", 0, 10, "2025-11-03"), counted("A", 3, 87, "2024-06-03")])).loc["A"]
    assert 0.4 < found["trend_probability"] <= 0.5
    assert (found["trend"], found["trend_reason"]) == ("", "")


def test_what_is_not_decided_yet_is_left_out():
    """Due on 2025-12-01, decided on the evening of 12-31; due a day later, paid or not, nobody knows yet."""
    old = counted("A", 10, 10, "2024-06-03")
    new = counted("A", 0, 3, "2025-12-01")
    decided = trends(pd.concat([old, new]))["trend_probability"]
    more = trends(pd.concat([old, new, counted("A", 0, 9, "2025-12-02")]))["trend_probability"]
    assert decided.notna().all()
    pd.testing.assert_series_equal(decided, more)


def test_too_few_invoices_have_no_trend():
    for new, old in ((2, 50), (50, 2), (0, 50)):
        found = trends(pd.concat([counted("A", new, 0, "2025-11-03"), counted("A", 0, old, "2024-06-03")])).loc["A"]
        assert np.isnan(found["trend_probability"])
        assert found["trend"] == ""


def drawn(rng, rates, *, new, old):
    """Invoices of customers late by their rates of before and now, as counts of each side."""
    parts = []
    for due, count, side in (("2025-11-03", new, 1), ("2024-06-03", old, 0)):
        late = rng.random((len(rates), count)) < rates[:, side, None]
        names = np.repeat([f"{code:04}" for code in range(len(rates))], count)
        paid = pd.Timestamp(due) + pd.to_timedelta(np.where(late.ravel(), 40, 0), unit="D")
        parts.append(pd.DataFrame({"customer_id": names, "due_on": due, "paid_on": paid}))
    return pd.concat(parts).assign(issued_on="2024-01-15", amount=100.0)


@pytest.mark.parametrize("rate", [0.03, 0.3])
def test_steady_customers_seldom_wear_an_arrow(rate):
    """2,000 who have not changed: at most one in twenty on either side."""
    found = trends(drawn(np.random.default_rng(7), np.full((2000, 2), rate), new=12, old=60))
    shares = found["trend"].value_counts(normalize=True)
    assert shares.get("worse", 0) <= 0.05
    assert shares.get("better", 0) <= 0.05


def test_customers_who_changed_wear_it():
    """From one in ten late to six in ten, 12 invoices later: nearly all are found, and none the wrong way."""
    found = trends(drawn(np.random.default_rng(7), np.tile([0.1, 0.6], (500, 1)), new=12, old=60))
    shares = found["trend"].value_counts(normalize=True)
    assert shares["worse"] > 0.9
    assert "better" not in shares

"""How far payment follows a change of terms: planted shares are found, and the naive comparison is not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, future_changed, random_invoices

from arlib.behaviour.terms_change import FEWEST_CUSTOMERS, SCENARIOS, estimate_follow_share

CHANGED, OTHERS, BEFORE, AFTER = 40, 60, 60, 45
DRIFT = 5.0  # days by which everybody pays later in the end than at first


def planted(seed, share, *, changed=CHANGED, others=OTHERS, each=24, after=AFTER, end_of_month=False):
    """Customers at their own pace, some going from 60 days to `after` on a day of their own; sd of 10 days."""
    rng = np.random.default_rng(seed)
    size = changed + others
    customer = np.repeat(np.arange(size), each)
    issued = rng.integers(0, 900, len(customer))
    first = pd.Timestamp("2023-06-01")
    switch = np.where(np.arange(size) < changed, rng.integers(300, 600, size), 10_000)[customer]
    old = np.where(np.arange(size) < changed, BEFORE, rng.choice([30, 45, 60], size))[customer]
    new = np.where(issued >= switch, after, old)
    due = first + pd.to_timedelta(issued + new, unit="D")
    if end_of_month:
        due = due + pd.offsets.MonthEnd(0)
        new = ((due - first).days - issued).to_numpy()
    chance = rng.normal(8, 5, size)[customer] + rng.normal(0, 10, len(customer)) + DRIFT * (issued + new) / 900
    paid = np.maximum(issued, np.rint(issued + old + share * (new - old) + chance)).astype(int)
    invoices = pd.DataFrame(
        {
            "customer_id": [f"C{code:03d}" for code in customer],
            "issued_on": first + pd.to_timedelta(issued, unit="D"),
            "due_on": due,
            "amount": 1_000.0,
            "paid_on": first + pd.to_timedelta(paid, unit="D"),
        }
    )
    return invoices.assign(paid_on=invoices["paid_on"].where(invoices["paid_on"] <= "2025-12-31"))


def naive(invoices):
    """Before against after, without the others: change of days to pay over that of days granted, changed customers."""
    own = invoices[invoices["customer_id"] < f"C{CHANGED:03d}"].dropna()
    own = own.assign(
        granted=(own["due_on"] - own["issued_on"]).dt.days, days=(own["paid_on"] - own["issued_on"]).dt.days
    )
    means = own.groupby(["customer_id", "granted"])["days"].mean().unstack()
    return float((means[AFTER] - means[BEFORE]).mean() / (AFTER - BEFORE))


@pytest.mark.parametrize("share", [0.0, 0.5, 0.8, 1.0])
def test_a_planted_share_is_found(share):
    found = [estimate_follow_share(from_frame(planted(seed, share))) for seed in range(12)]
    inside = [each.low <= share <= each.high for each in found]
    assert sum(inside) >= 10  # 95 times of 100
    errors = np.array([each.share - share for each in found])
    assert abs(errors.mean()) < 0.05
    assert errors.std() < 0.1
    assert np.mean([each.high - each.low for each in found]) < 0.35
    assert all(each.customers >= 35 and OTHERS <= each.others <= OTHERS + 3 for each in found)


def test_before_against_after_is_biased_by_what_happens_to_everybody():
    """Five days later over 900: some 2.5 between the halves, on 15 days of change: about −0.2 (handbook 4.7)."""
    invoices = [planted(seed, 0.8) for seed in range(12)]
    wrong = np.mean([naive(each) for each in invoices]) - 0.8
    right = np.mean([estimate_follow_share(from_frame(each)).share for each in invoices]) - 0.8
    assert wrong < -0.12
    assert abs(right) < 0.05


def test_by_hand_without_chance():
    """Everybody pays 5 days late; who went from 60 to 30 days now pays 20 days late: 65 → 50 for 30 days less, a half.

    Everybody pays 4 days later from June on, which is not the change's doing.
    """
    rows = []
    for code in range(24):
        for month in range(1, 13):
            granted = 30 if code < 12 and month >= 7 else 60
            issued = pd.Timestamp(2024, month, 1 + code % 3)
            late = 5 + (15 if granted == 30 else 0)
            due = issued + pd.Timedelta(days=granted)
            late += 4 if due >= pd.Timestamp("2024-06-01") else 0
            rows.append((f"C{code:02d}", issued, due, 100.0, due + pd.Timedelta(days=late)))
    columns = ["customer_id", "issued_on", "due_on", "amount", "paid_on"]
    found = estimate_follow_share(from_frame(pd.DataFrame(rows, columns=columns)))
    assert (found.customers, found.others, found.invoices) == (12, 12, 144)
    assert [found.share, found.low, found.high] == pytest.approx([0.5, 0.5, 0.5])
    assert found.scenarios == pytest.approx((0.5, 0.5, 0.5))


def test_terms_of_ends_of_months_are_told_by_their_months():
    """From 60 to 30 days end of month: two months ahead, then one, whatever the day; days granted vary."""
    found = estimate_follow_share(from_frame(planted(4, 0.5, after=30, end_of_month=True)))
    assert found.customers > 30
    assert found.low < 0.5 < found.high
    assert found.high - found.low < 0.3


def test_written_terms_tell_a_change_where_days_do_not():
    """60 days end of month, then 45: the days granted are never twice the same."""
    invoices = planted(2, 0.5, end_of_month=True)
    days = (invoices["due_on"] - invoices["issued_on"]).dt.days
    plain = planted(2, 0.5)
    invoices["terms"] = (plain["due_on"] - plain["issued_on"]).dt.days.astype(str) + " jours fin de mois"
    assert days.nunique() > 30
    found = estimate_follow_share(from_frame(invoices))
    assert found.customers > 30
    assert OTHERS <= found.others <= OTHERS + 3  # who changed so late that nothing is known of it yet
    assert found.low < 0.5 < found.high


@pytest.mark.parametrize(
    ("changed", "others", "said"),
    [(FEWEST_CUSTOMERS - 1, 60, "can be followed: 9; 10 are needed"), (40, 5, "only 5 customers kept")],
)
def test_too_few_customers_give_scenarios_and_the_reason(changed, others, said):
    found = estimate_follow_share(from_frame(planted(1, 0.5, changed=changed, others=others)))
    assert np.isnan([found.share, found.low, found.high]).all()
    assert found.scenarios == SCENARIOS
    assert said in str(found.note)
    assert "parts" in found.note.text("fr")


def test_customers_on_several_terms_at_once_did_not_change():
    """Two terms drawn for each invoice: nobody changed, and nobody kept terms against which to set others."""
    invoices = planted(1, 0.5)
    days = np.random.default_rng(1).choice([30, 60], len(invoices))
    invoices["due_on"] = invoices["issued_on"] + pd.to_timedelta(days, unit="D")
    found = estimate_follow_share(from_frame(invoices))
    assert found.customers <= 2
    assert found.others <= 2
    assert np.isnan(found.share)


def test_nothing_paid_or_due_is_a_reason_too():
    invoices = random_invoices(1, invoices=30, days=20)
    assert estimate_follow_share(from_frame(invoices)).customers == 0
    assert estimate_follow_share(from_frame(invoices.assign(due_on=pd.NaT))).customers == 0
    assert estimate_follow_share(from_frame(planted(1, 0.5)), "2020-01-01").customers == 0


def test_scenarios_are_shares_whatever_chance_gives():
    found = estimate_follow_share(from_frame(planted(3, 1.0)))
    assert all(0 <= share <= 1 for share in found.scenarios)


@settings(max_examples=6)
@given(st.integers(0, 1000))
def test_neither_order_nor_future_nor_unit_matters(seed):
    invoices = planted(seed, 0.7, changed=15, others=20, each=16)
    ledger, day = from_frame(invoices), "2025-06-30"
    plain = estimate_follow_share(ledger, day)
    assert estimate_follow_share(future_changed(ledger, day), day) == plain
    shuffled = estimate_follow_share(from_frame(invoices.sample(frac=1, random_state=seed)), day)
    assert [shuffled.share, shuffled.low, shuffled.high] == pytest.approx(
        [plain.share, plain.low, plain.high], nan_ok=True
    )
    assert estimate_follow_share(from_frame(invoices.assign(amount=5.0)), day) == plain
    assert estimate_follow_share(ledger, day) == plain

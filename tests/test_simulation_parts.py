"""What is told by segment and by customer adds up to the whole, whatever the policy, and knows no future."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, random_invoices
from small import known_by
from test_simulation import business_invoices, later_rewritten
from test_simulation_levers import DAY, LEVERS, policy_of, punctual

from arlib.errors import ArlibError
from arlib.ledger import balance
from arlib.simulation.base import prepare
from arlib.simulation.outlook.by_customer import simulate_by_customer
from arlib.simulation.outlook.by_segment import simulate_by_segment
from arlib.simulation.policies.policy import Policy
from arlib.simulation.simulate import simulate
from arlib.terms import NET_45, NET_60

BY_CUSTOMER = ["sales", "discounts", "receivable_end", "receivable_average", "cash", "cash_month", "cash_gained"]
BY_SEGMENT = ["sales", "receivable", "overdue", "cash"]


def segmented(invoices):
    """Customers of three segments, one of none; a credit not matched yet."""
    names = sorted(invoices["customer_id"].unique())
    segments = pd.Series([None, "a", "b", "c"] * len(names))[: len(names)]
    note = {"customer_id": names[0], "issued_on": "2025-12-20", "amount": -120.0, "kind": "credit_note"}
    table = pd.DataFrame({"customer_id": names, "segment": segments}).astype("str")
    table["segment"] = segments.astype("str").where(segments.notna())
    return from_frame(pd.concat([invoices.assign(kind="invoice"), pd.DataFrame([note])]), customers=table)


@pytest.fixture(scope="module", params=[random_invoices, business_invoices])
def base(request):
    return prepare(segmented(request.param(5)), DAY, horizon=200)


@settings(max_examples=15, deadline=None)
@given(
    parts=st.lists(LEVERS, min_size=1, max_size=2),
    growth=st.sampled_from([0.0, 0.07]),
    horizon=st.sampled_from([20, 40, 200]),
)
def test_parts_add_up_to_the_whole(base, parts, growth, horizon):
    policy = Policy.together("x", *(policy_of(str(number), levers) for number, levers in enumerate(parts)))
    asked = {"horizon": horizon, "sales_growth": growth}
    whole = simulate(base, policy, **asked)
    customers = simulate_by_customer(base, policy, **asked).groupby("policy", sort=False)[BY_CUSTOMER].sum()
    told = whole.summary.set_index("policy")[BY_CUSTOMER]
    assert customers.to_numpy() == pytest.approx(told.to_numpy(), abs=0.005)
    segments = simulate_by_segment(base, policy, **asked).groupby(["policy", "day"], sort=False)[BY_SEGMENT].sum()
    daily = whole.daily.set_index(["policy", "day"])[BY_SEGMENT]
    assert segments.to_numpy() == pytest.approx(daily.to_numpy(), abs=0.005)
    received = segments["cash"].to_numpy().reshape(2, -1).cumsum(axis=1)
    freed = received[:, 1:][:, -30:].mean(axis=1)
    assert freed - freed[0] == pytest.approx(told["cash_gained"].to_numpy(), abs=0.05)


def test_by_hand():
    """A at 60 days instead of 30, B as ever: 6,000 and 3 × 1,000 owed at the end, on 100 and 1,000 a day."""
    base = prepare(punctual(A=100.0, B=1000.0), DAY)
    frame = simulate_by_customer(base, Policy("x", NET_60, customers=("A",)))
    assert frame["policy"].tolist() == ["today", "today", "x", "x"]
    assert frame["customer_id"].tolist() == ["A", "B"] * 2
    assert frame["receivable_end"].tolist() == pytest.approx([3000, 30000, 6000, 30000])
    assert frame["cash_gained"].tolist() == pytest.approx([0, 0, -3000, 0], abs=0.01)
    assert frame["dso_end"].tolist() == pytest.approx([30, 30, 60, 30])
    # 3,000 on the first 31 evenings of 366, 100 more on each of the next 30, 6,000 from then on
    days = np.clip(np.arange(366), 30, 60)
    assert frame["receivable_average"].tolist() == pytest.approx([3000, 30000, 100 * days.mean(), 30000])
    segments = simulate_by_segment(base, Policy("x", NET_60, customers=("A",)))
    last = segments[segments["day"] == segments["day"].max()].set_index(["policy", "segment"])
    assert last["receivable"].tolist() == pytest.approx([3000, 30000, 6000, 30000])
    assert last["dso"].tolist() == pytest.approx([30, 30, 60, 30])


def test_the_dso_of_a_short_horizon_takes_the_sales_before_it():
    """Half of the 90 days are of the past: 90 days of 100."""
    base = prepare(punctual(A=100.0, B=50.0), DAY, horizon=45)
    assert simulate_by_customer(base)["dso_end"].tolist() == pytest.approx([30, 30])


def test_the_first_day_of_segments_is_the_ledgers(base):
    frame = simulate_by_segment(base)
    first = frame[frame["day"] == pd.Timestamp(DAY)]
    assert first["receivable"].sum() == pytest.approx(balance(base.ledger, DAY), abs=0.005)
    assert first["segment"].isna().sum() == 1
    assert sorted(first["segment"].dropna()) == ["a", "b", "c"]


def test_the_future_changes_no_part():
    ledger, day = from_frame(random_invoices(3, invoices=150, customers=20)), "2025-06-30"
    policies = [Policy("x", NET_45, customers=("C1", "C2")), Policy("y", lateness_factor=0.5, deposit_share=0.1)]
    bases = [prepare(each, day, horizon=60) for each in (ledger, later_rewritten(ledger, day), known_by(ledger, day))]
    for asked in (
        simulate_by_customer,
        simulate_by_segment,
        lambda *given: simulate(*given).summary.drop(columns="sentence"),
    ):
        plain, *others = (asked(base, policies) for base in bases)
        for other in others:
            pd.testing.assert_frame_equal(other, plain, check_exact=True)


@pytest.mark.parametrize("asked", [simulate_by_customer, simulate_by_segment])
def test_what_cannot_be_asked_is_said(base, asked):
    with pytest.raises(ArlibError, match="same name"):
        asked(base, [Policy("x", NET_60), Policy("x", NET_45)])
    with pytest.raises(ArlibError, match="for 200 days"):
        asked(base, horizon=300)
    with pytest.raises(ArlibError, match="does not have: who"):
        asked(base, Policy("x", NET_60, customers=("who",)))

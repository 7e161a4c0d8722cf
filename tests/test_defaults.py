"""If the largest debtors failed: amounts by hand, the same figures as elsewhere where they meet, and bad input."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, future_changed, random_invoices
from small import sample_ledger

from arlib.errors import ArlibError
from arlib.ledger import open_items
from arlib.measures.concentration import loss_of_largest
from arlib.risk.facts import insurance_cover, read_facts
from arlib.samples import samples_folder
from arlib.simulation import prepare, simulate
from arlib.simulation.defaults import Recoveries, default_of_largest

DAY = "2025-12-31"
NOTHING_BACK = Recoveries(vat=False)


def history(customer, count):
    """Invoices of 100 each, at 30 days, each paid 10 days late, on every day of the week."""
    due = pd.Timestamp("2025-01-31") + pd.to_timedelta(np.arange(count) * 5, unit="D")
    return pd.DataFrame(
        {
            "customer_id": customer,
            "issued_on": due - pd.Timedelta(days=30),
            "due_on": due,
            "amount": 120.0,
            "net_amount": 100.0,
            "paid_on": due + pd.Timedelta(days=10),
        }
    )


def three(**columns):
    """A owes 12,000 due in 20 days, B 6,000 in 40, C 1,000 in 5; all pay 10 days late. VAT of 20 %, unknown of C."""
    day = pd.Timestamp(DAY)
    owed = pd.DataFrame(
        {
            "customer_id": ["A", "B", "C"],
            "issued_on": day - pd.to_timedelta([10, 5, 25], unit="D"),
            "due_on": day + pd.to_timedelta([20, 40, 5], unit="D"),
            "amount": [12_000.0, 6_000.0, 1_000.0],
            "net_amount": [10_000.0, 5_000.0, np.nan],
            "paid_on": pd.NaT,
        }
    )
    invoices = pd.concat([*(history(name, 60) for name in "ABC"), owed], ignore_index=True)
    customers = pd.DataFrame({"customer_id": ["A", "B", "C"], **columns})
    return from_frame(invoices, customers=customers, until=DAY)


@pytest.fixture(scope="module")
def negoce():
    return prepare(sample_ledger("negoce"), horizon=200)


def test_loss_and_hole_by_hand():
    """A: tax 2,000; insured for 6,000 of 12,000 at the usual 90 %: 10,000 × ½ × 0.9 = 4,500; 5,500 are lost.

    B: tax 1,000, not insured: 5,000 lost. C: tax not known. Expected on days 30 (A), 50 (B), 15 (C).
    """
    ledger = three(insured_limit=[6_000.0, np.nan, np.nan], credit_limit=[10_000.0, 8_000.0, np.nan])
    found = default_of_largest(ledger, DAY, counts=(1, 2, 3, 9))
    assert found["receivable"].tolist() == found["at_risk"].tolist() == [12_000, 18_000, 19_000, 19_000]
    assert found["insured"].tolist() == [6_000] * 4
    assert found["vat"].tolist() == [2_000, 3_000, 3_000, 3_000]
    assert found["vat_unknown"].tolist() == [0, 0, 1_000, 1_000]
    assert found["indemnity"].tolist() == [4_500] * 4
    assert found["loss"].tolist() == [5_500, 10_500, 11_500, 11_500]
    assert found["credit_limit"].tolist() == [10_000, 18_000, 18_000, 18_000]
    assert found["limit_used"].tolist() == pytest.approx([1.2, 1, 1, 1])
    assert found["over_limit"].tolist() == [2_000] * 4
    assert found["cash_hole"].tolist() == pytest.approx([12_000, 18_000, 19_000, 19_000])
    on = pd.Timestamp(DAY) + pd.to_timedelta([30, 50, 50, 50], unit="D")
    assert found["cash_hole_on"].tolist() == on.tolist()
    assert found["hole_recovered"].tolist() == [0, 0, 0, 0]  # VAT on day 90, the insurer on day 180


def test_what_comes_back_sooner_fills_the_hole():
    """VAT on day 10 and the insurer on day 40: A lacks 12,000 − 2,000 on day 30; B's 6,000 then make 10,500 on 50."""
    ledger = three(insured_limit=[6_000.0, np.nan, np.nan])
    found = default_of_largest(ledger, DAY, counts=(1, 2), recoveries=Recoveries(vat_after=10, indemnity_after=40))
    assert found["cash_hole"].tolist() == pytest.approx([10_000, 10_500])
    assert found["hole_recovered"].tolist() == pytest.approx([-2_000, -7_500])
    assert (found["cash_hole_on"] - pd.Timestamp(DAY)).dt.days.tolist() == [30, 50]
    none = default_of_largest(ledger, DAY, counts=(1,), recoveries=NOTHING_BACK)
    assert (none["vat"][0], none["vat_unknown"][0], none["loss"][0]) == (0, 0, 12_000 - 12_000 * 0.5 * 0.9 * 10 / 12)
    assumed = default_of_largest(ledger, DAY, counts=(3,), recoveries=Recoveries(vat_rate=0.25))
    assert assumed["vat"][0] == 3_000 + 200  # 1,000 with 25 % in it


def test_figures_of_loss_of_largest_are_its_own(negoce):
    counts = (1, 5, 10, 10_000)
    found = default_of_largest(negoce, counts=counts)
    theirs = loss_of_largest(negoce.ledger, counts=counts)
    pd.testing.assert_frame_equal(found[list(theirs)], theirs)


def test_with_the_insurers_word_from_outside(negoce):
    """By hand: of each of the ten largest, what is within its cover; its tax off, 90 % or the quota told of it."""
    facts = read_facts(samples_folder() / "negoce_facts.csv")
    found = default_of_largest(negoce, counts=(10,), facts=facts).iloc[0]
    owed = open_items(negoce.ledger, negoce.as_of).groupby("customer_id")["open_amount"].sum().nlargest(10)
    cover = insurance_cover(facts, negoce.as_of).set_index("customer_id").reindex(owed.index)
    within = np.minimum(owed, cover["insured_amount"].fillna(0))
    assert found["insured"] == pytest.approx(within.sum(), abs=0.01)
    assert 0 < found["indemnity"] < (within * cover["quota"].fillna(0.9)).sum()
    assert found["loss"] == pytest.approx(found["at_risk"] - found["vat"] - found["indemnity"], abs=0.01)


def test_everybody_failing_costs_all_the_cash_expected():
    """All eight customers owe and buy: the hole is what the simulation expects of today's terms, to the cent."""
    base = prepare(from_frame(random_invoices(5)), DAY, horizon=200)
    assert (open_items(base.ledger, DAY).groupby("customer_id")["open_amount"].sum() > 0).sum() == 8
    opened = default_of_largest(base, counts=(8,), recoveries=NOTHING_BACK).iloc[0]
    assert opened["cash_hole"] == opened["hole_open"] == pytest.approx(base.opening.paid[200])
    with_sales = default_of_largest(base, counts=(8,), recoveries=NOTHING_BACK, margin_share=1.0).iloc[0]
    assert with_sales["cash_hole"] == pytest.approx(simulate(base).summary["cash"][0])
    assert with_sales["hole_open"] == pytest.approx(opened["hole_open"])


def test_sales_without_margin_cost_what_they_would_have_cost(negoce):
    """At no margin, sales not made are money kept on the day of the invoice: the hole is no deeper for them."""
    plain, worthless, all_margin = (
        default_of_largest(negoce, counts=(5,), margin_share=share)["cash_hole"][0] for share in (None, 0.0, 1.0)
    )
    assert worthless <= plain < all_margin


def test_a_group_fails_together():
    ledger = three(group=["", "G", "G"])
    found = default_of_largest(ledger, DAY, counts=(1, 2), by="group")
    assert found["receivable"].tolist() == [12_000, 19_000]
    larger = replace(ledger, customers=ledger.customers.assign(group=["G", "", "G"]))
    assert default_of_largest(larger, DAY, counts=(1,), by="group")["receivable"][0] == 13_000


def test_credits_are_set_off():
    ledger = three()
    credit = ledger.items.iloc[[0]].assign(
        item_id=9_999, kind="payment", amount=-4_000.0, booked_on=pd.Timestamp(DAY), due_on=pd.NaT, net_amount=np.nan
    )
    with_credit = replace(ledger, items=pd.concat([ledger.items, credit], ignore_index=True))
    found = default_of_largest(with_credit, DAY, counts=(1,)).iloc[0]
    assert (found["receivable"], found["at_risk"]) == (8_000, 8_000)
    assert found["vat"] == pytest.approx(8_000 / 6, abs=0.01)


def test_sentences_in_both_languages():
    told = default_of_largest(three(), DAY, counts=(1, 3), margin_share=0.5)["sentence"]
    assert str(told[0]).startswith("If the largest debtor stopped paying and buying, 12,000 would be at stake (63.2%")
    assert "of margin on sales not made" in str(told[0])
    everybody = default_of_largest(three(), DAY, counts=(9,))["sentence"][0]
    assert str(everybody).startswith("If the 3 largest debtors")
    assert "La TVA de 1\u202f000 n'est pas connue" in told[1].text("fr")


def test_nobody_owes_anything():
    found = default_of_largest(from_frame(history("A", 60), until="2026-06-30"), "2026-06-30")
    assert found["at_risk"].tolist() == [0, 0, 0]
    assert found["cash_hole_on"].isna().all()
    assert str(found["sentence"][0]).startswith("Nobody owes anything")


@settings(max_examples=5)
@given(st.integers(0, 1_000))
def test_the_future_changes_nothing_to_the_bit(seed):
    ledger, day = from_frame(random_invoices(seed, invoices=120)), "2025-09-30"
    plain = default_of_largest(prepare(ledger, day, horizon=120), margin_share=0.3)
    later = default_of_largest(prepare(future_changed(ledger, day), day, horizon=120), margin_share=0.3)
    pd.testing.assert_frame_equal(plain.drop(columns="sentence"), later.drop(columns="sentence"), check_exact=True)
    parts = plain[["hole_open", "hole_sales", "hole_recovered"]].sum(axis=1)
    assert plain["cash_hole"].tolist() == pytest.approx(parts.tolist(), abs=0.01)
    assert plain["receivable"].is_monotonic_increasing


@pytest.mark.parametrize("seed", range(3))
def test_customers_of_the_future_that_sort_first_change_nothing_to_the_bit(seed):
    """60 customers, and as many who come to the file after the day, whose codes sort before them."""
    ledger, day = from_frame(random_invoices(seed, invoices=900, customers=60)), "2025-09-30"
    after, known = ledger.items[ledger.items["booked_on"] > day], ledger.customers
    new = after.assign(item_id=np.arange(len(after)) + 10**6, customer_id="A" + after["customer_id"])
    customers = pd.concat([known.assign(customer_id="A" + known["customer_id"]), known], ignore_index=True)
    other = replace(ledger, items=pd.concat([ledger.items, new], ignore_index=True), customers=customers)
    plain, later = (
        default_of_largest(prepare(each, day, horizon=120), margin_share=0.3).drop(columns="sentence")
        for each in (ledger, other)
    )
    pd.testing.assert_frame_equal(plain, later, check_exact=True)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"counts": (0,)}, "1 or more"),
        ({"by": "segment"}, "cannot be told by segment"),
        ({"margin_share": 20}, "20"),
        ({"as_of": "2024-01-01"}, "prepared on"),
        ({"recoveries": Recoveries(vat_rate=20)}, "0.2 for 20%"),
    ],
)
def test_bad_input_is_a_sentence(negoce, asked, said):
    with pytest.raises(ArlibError, match=said):
        default_of_largest(negoce, **asked)


def test_days_that_cannot_be():
    with pytest.raises(ArlibError, match="cannot be -1 days"):
        Recoveries(vat_after=-1)


def test_no_payment_known_is_a_sentence():
    with pytest.raises(ArlibError):
        default_of_largest(from_frame(random_invoices(1, invoices=20, days=5).assign(paid_on=pd.NaT)))

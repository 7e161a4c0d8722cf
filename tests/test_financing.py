"""What cash costs earlier: the published rates of the handbook (I), invoices worked by hand, and bad input."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices

from arlib.errors import ArlibError
from arlib.simulation.financing import (
    BillsDiscounting,
    CashDiscount,
    Factoring,
    FinancingCost,
    Overdraft,
    compound_rate,
    discount_break_even,
    financing_compared,
    largest_discount,
    simple_rate,
)
from arlib.terms import DueRule, PaymentTerms
from arlib.terms.parts import Discount
from arlib.words import Sentence

OFFERS = (
    CashDiscount(0.02, 10),
    BillsDiscounting(0.05, endorsement_rate=0.006, fees=8),
    Factoring(0.008, 0.045, retained_share=0.1, avoided_share=0.002),
    Overdraft(0.07, fees=20),
)


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (simple_rate(0.02, 20, year=360), 0.3673),  # I1, 2/10 net 30
        (simple_rate(0.02, 20), 0.3724),  # I2
        (compound_rate(0.02, 20), 0.4459),  # I3
        (simple_rate(0.01, 365), 0.0101),  # I5: 1.01 % a period, whatever its length
        (simple_rate(0.01, 35), 0.1053),  # I5, 1/10 net 45
        (compound_rate(0.01, 35), 0.1105),  # I5
    ],
)
def test_published_rates_of_cash_discounts(rate, expected):
    assert rate == pytest.approx(expected, abs=0.00005)


def test_a_discount_compared_is_the_published_rate():
    """2/10 net 30 of 10,000: 200 for 9,800 received 20 days earlier; paid really after 45 days, it buys 35."""
    contract, really = (financing_compared(10_000, days, OFFERS[:1]).iloc[0] for days in (30, 45))
    assert (contract["cost"], contract["cash"], contract["days_gained"]) == (200, 9_800, 20)
    assert contract["yearly_rate"] == pytest.approx(simple_rate(0.02, 20))
    assert really["yearly_rate"] == pytest.approx(200 / 9_800 * 365 / 35)
    assert really["yearly_rate"] < contract["yearly_rate"]


def test_each_offer_by_hand():
    """10,000 paid after 72 days, a fifth of a bank's year.

    Bills: interest 10,000 × 5 % / 5 = 100, endorsement 10,000 × 0.6 % / 5 = 12, fees 8: 120, cash 9,880.
    Factoring: fund 1,000, commission 80, interest 9,000 × 4.5 % / 5 = 81, cash 8,839; 20 avoided, 141 in all.
    Overdraft: 10,000 × 7 % / 5 = 140 and 20 of fees, cash 10,000. Cash discount: 200, 62 days earlier.
    """
    found = financing_compared(10_000, 72, OFFERS).set_index("offer")
    assert found["cost"].to_dict() == pytest.approx(
        {"bills": 120, "overdraft": 160, "factoring": 141, "cash_discount": 200}
    )
    assert found["cash"].to_dict() == pytest.approx(
        {"bills": 9_880, "overdraft": 10_000, "factoring": 8_839, "cash_discount": 9_800}
    )
    assert found["yearly_rate"].to_dict() == pytest.approx(
        {
            "bills": 120 / 9_880 * 365 / 72,
            "overdraft": 160 / 10_000 * 365 / 72,
            "factoring": 141 / 8_839 * 365 / 72,
            "cash_discount": 200 / 9_800 * 365 / 62,
        }
    )
    assert found.loc["factoring", ["interest", "commission", "fees", "avoided", "retained"]].tolist() == pytest.approx(
        [81, 80, 0, -20, 1_000]
    )
    assert list(found.index) == ["bills", "factoring", "overdraft", "cash_discount"]  # the cheapest a year first
    assert found["keeps_risk"].to_dict() == {
        "bills": True,
        "factoring": True,
        "overdraft": True,
        "cash_discount": False,
    }


def test_least_commission_least_days_and_days_of_the_bank():
    assert Factoring(0.008, 0.0, least_commission=150).cost(10_000, 60).commission == 150
    assert Factoring(0.008, 0.0, least_commission=150).cost(100_000, 60).commission == pytest.approx(800)
    assert BillsDiscounting(0.036, bank_days=2).cost(10_000, 30).interest == pytest.approx(32)
    assert BillsDiscounting(0.036, least_days=10).cost(10_000, 5).interest == pytest.approx(10)
    assert not Factoring(0.01, 0.05, without_recourse=True).keeps_risk


def test_a_rate_on_360_days_is_dearer_than_it_says():
    assert financing_compared(1_000, 90, [Overdraft(0.06)])["yearly_rate"][0] == pytest.approx(0.06 * 365 / 360)


amounts, days = st.floats(100, 1e7), st.floats(15, 200)


@given(amounts, days, st.floats(0.5, 1_000))
def test_terms_add_up_and_scale(amount, after, factor):
    found = financing_compared(amount, after, OFFERS)
    assert found[list(FinancingCost.TERMS)].sum(axis=1).tolist() == pytest.approx(found["cost"].tolist())
    free = [CashDiscount(0.02, 10), BillsDiscounting(0.05), Factoring(0.008, 0.045), Overdraft(0.07)]
    one, many = (financing_compared(size, after, free) for size in (amount, amount * factor))
    assert many["cost"].tolist() == pytest.approx((one["cost"] * factor).tolist())
    assert many["yearly_rate"].tolist() == pytest.approx(one["yearly_rate"].tolist())


@given(days, st.floats(0, 1), st.floats(0, 0.2))
def test_at_the_break_even_the_seller_gains_nothing(gained, rate, avoided):
    """x / (1 − x) = rate × days / 365 + avoided (handbook, metrics 3.5)."""
    share = largest_discount(gained, rate, avoided)
    assert share / (1 - share) == pytest.approx(rate * gained / 365 + avoided)
    if not avoided and rate:
        assert simple_rate(share, gained) == pytest.approx(rate)
    assert largest_discount(-5, rate, 0.0) == 0


def test_break_even_by_customer_goes_by_real_days():
    """Both have 30 days. A pays after 70: 60 days gained at 12.1667 % a year are worth 2 % of what is paid,

    12,000 × 0.98 × 0.02 = 235.20 for 240. B pays on the day of the invoice: 2 % of 1,000 for nothing.
    """
    ledger = from_text(
        """
        customer_id issued_on  due_on     amount paid_on
        A           2025-02-01 2025-03-03 6000   2025-04-12
        A           2025-05-01 2025-05-31 6000   2025-07-10
        A           2024-11-01 2024-12-01 9000   2025-11-20
        B           2025-05-01 2025-05-31 1000   2025-05-01
        """
    )
    found = discount_break_even(ledger, CashDiscount(0.02, 10), rate=0.02 * 365 / 60).set_index("customer_id")
    assert found["days_to_pay"].to_dict() == {"A": 70.0, "B": 0.0}
    assert found["days_gained"].to_dict() == {"A": 60.0, "B": 0.0}
    assert found["amount"].to_dict() == {"A": 12_000.0, "B": 1_000.0}
    assert found["largest_share"].tolist() == pytest.approx([0.02 / 1.02, 0])
    assert found["gained"].tolist() == pytest.approx([235.2, 0])
    assert found["net_gained"].tolist() == pytest.approx([-4.8, -20])
    assert not found["worthwhile"].any()
    better = discount_break_even(ledger, CashDiscount(0.02, 10), rate=0.13).set_index("customer_id")
    assert better["worthwhile"].to_dict() == {"A": True, "B": False}


def test_break_even_knows_nothing_of_the_future():
    ledger = from_frame(random_invoices(3))
    plain = discount_break_even(ledger, CashDiscount(0.01, 8), "2025-06-30", rate=0.08)
    later = discount_break_even(future_changed(ledger, "2025-06-30"), CashDiscount(0.01, 8), "2025-06-30", rate=0.08)
    pd.testing.assert_frame_equal(plain, later, check_exact=True)


def test_without_dates_of_invoices_nothing_is_known_of_days_to_pay():
    ledger = from_frame(random_invoices(3, invoices=30))
    with pytest.raises(ArlibError, match="has a date"):
        discount_break_even(ledger, CashDiscount(0.01, 8), "2020-06-30", rate=0.08)


def test_a_discount_of_terms():
    terms = PaymentTerms.parse("2/10 net 30")
    assert CashDiscount.of(terms.discounts[0]) == CashDiscount(0.02, 10)
    for other in (Discount(0.02, DueRule(10, "after_days")), Discount(0.02, DueRule(10), "net")):
        with pytest.raises(ArlibError, match="cost of its own"):
            CashDiscount.of(other)


def test_sentences_in_both_languages():
    told = financing_compared(10_000, 72, OFFERS)["sentence"]
    assert str(told[0]) == (
        "discounting of bills: 9,880.00 received 72.0 days earlier for 120.00 (interest 100.00, commission 12.00, "
        "fees 8.00), 6.2% a year. The failure of a customer stays the seller's loss."
    )
    assert "62,0 jours plus tôt pour 200,00 (escompte 200,00)" in told[3].text("fr")


@pytest.mark.parametrize(
    ("offer", "after", "said"),
    [
        (CashDiscount(0.02, 10), 8, "as early without it"),
        (Overdraft(0.0), 60, "costs nothing"),
        (Factoring(0.0, 0.0), 60, "costs nothing"),
        (Overdraft(0.0, fees=5), 60, "60.0 days earlier for 5.00"),
        (Factoring(0.5, 1.0, retained_share=0.4), 300, "leave no cash"),
    ],
)
def test_what_answers_nothing_says_why(offer, after, said):
    row = financing_compared(1_000, after, [offer]).iloc[0]
    assert isinstance(row["sentence"], Sentence)
    assert said in str(row["sentence"])
    assert math.isnan(row["yearly_rate"]) == ("days earlier" not in said and "nothing" not in said)


@pytest.mark.parametrize(
    "made",
    [
        lambda: Overdraft(2.0),  # 200 %
        lambda: Overdraft(-0.01),
        lambda: Overdraft(math.nan),
        lambda: CashDiscount(2, 10),  # 2 for 2 %
        lambda: BillsDiscounting(5),
        lambda: Factoring(0.01, 0.05, retained_share=10),
        lambda: simple_rate(1.0, 20),
        lambda: largest_discount(30, 2.0),
        lambda: largest_discount(30, 0.05, -1),
        lambda: financing_compared(0, 30, OFFERS),
        lambda: financing_compared(1_000, 0, OFFERS),
        lambda: financing_compared(1_000, math.nan, OFFERS),
        lambda: financing_compared(1_000, 30, []),
        lambda: financing_compared(1_000, 30, [Overdraft(0.05), Overdraft(0.06)]),
    ],
)
def test_bad_input_is_a_sentence(made):
    with pytest.raises(ArlibError):
        made()


def test_two_banks_are_told_apart_by_name():
    found = financing_compared(1_000, 30, [Overdraft(0.05, name="A"), Overdraft(0.06, name="B")])
    assert found["offer"].tolist() == ["A", "B"]
    assert found["kind"].tolist() == ["overdraft", "overdraft"]

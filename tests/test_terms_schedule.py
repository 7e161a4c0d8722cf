"""Schedules and discounts, exact to the cent: the rounding of Odoo (handbook section L), and any terms and amounts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arlib import NET_30, ArlibError, PaymentTerms
from arlib.terms import Discount, DueRule, Instalment

ISSUED = "2026-01-15"


def lines(terms: PaymentTerms, amount: float, decimals: int = 2) -> list[float]:
    schedule = terms.schedule(pd.Series(pd.to_datetime([ISSUED])), pd.Series([amount]), decimals=decimals)
    return schedule["amount"].tolist()


def shares(*of_each: float) -> PaymentTerms:
    return PaymentTerms(90, instalments=tuple(Instalment(DueRule(30), share=share) for share in of_each))


@pytest.mark.parametrize(
    ("terms", "amount", "expected"),
    [
        (shares(0.33, 0.33), 100.00, [33.00, 33.00, 34.00]),  # L1
        (shares(0.3, 0.3), 1000.01, [300.00, 300.00, 400.01]),  # L2
        (shares(0.5), 0.01, [0.01, 0.00]),  # half a cent is rounded up
        (shares(0.5), -0.01, [-0.01, 0.00]),  # credit notes as invoices
        (shares(0.3, 0.3), -1000.01, [-300.00, -300.00, -400.01]),
        (shares(0.3, 0.3, 0.39), 0.05, [0.02, 0.02, 0.01, 0.00]),  # 0.015, 0.015, 0.0195, and no more than there is
        (NET_30, 12.34, [12.34]),
    ],
)
def test_l1_l2_each_line_is_rounded_and_the_balance_takes_what_is_left(terms, amount, expected):
    assert lines(terms, amount) == expected


def test_currencies_have_their_own_decimals():
    assert lines(shares(0.33, 0.33), 100, decimals=0) == [33, 33, 34]
    assert lines(shares(0.333), 1.001, decimals=3) == [0.333, 0.668]
    with pytest.raises(ArlibError, match="decimals"):
        lines(NET_30, 1, decimals=9)


def test_a_deposit_of_an_amount_is_no_more_than_the_invoice():
    deposit = PaymentTerms(30, instalments=(Instalment(DueRule(), amount=500),))
    assert lines(deposit, 1200) == [500, 700]
    assert lines(deposit, 300) == [300, 0]
    assert lines(deposit, -300) == [-300, 0]


def test_a_schedule_has_its_dates_in_order_of_the_invoices():
    terms = PaymentTerms(
        30, counted_from="previous", instalments=(Instalment(DueRule(counted_from="order"), share=0.3),)
    )
    issued = pd.Series(pd.to_datetime(["2026-01-15", None]), index=["a", "b"])
    schedule = terms.schedule(
        issued, pd.Series([100.0, np.nan]), {"order": pd.Series(pd.to_datetime(["2026-01-02"] * 2))}
    )
    assert schedule["invoice"].tolist() == ["a", "a", "b", "b"]
    assert schedule["line"].tolist() == [1, 2, 1, 2]
    assert schedule["due_on"].tolist() == [pd.Timestamp("2026-01-02"), pd.Timestamp("2026-02-01"), pd.NaT, pd.NaT]
    assert schedule["amount"].tolist()[:2] == [30, 70]
    assert schedule["amount"].isna().tolist() == [False, False, True, True]


AMOUNTS = st.integers(-(10**13), 10**13).map(lambda cents: cents / 100)


@given(st.lists(st.integers(1, 250_000), max_size=3), st.lists(AMOUNTS, min_size=1, max_size=5))
def test_the_lines_add_up_to_the_invoice_and_none_is_past_it(millionths, amounts):
    terms = shares(*(each / 1_000_000 for each in millionths))
    issued = pd.Series(pd.to_datetime([ISSUED] * len(amounts)))
    schedule = terms.schedule(issued, pd.Series(amounts))
    cents = (schedule["amount"] * 100).round().astype("int64")
    totals = cents.groupby(schedule["invoice"]).sum().tolist()
    assert totals == [round(amount * 100) for amount in amounts]
    exact = [[round(amount * 100) * each / 10**6 for each in millionths] for amount in amounts]
    for place, wanted in enumerate(exact):
        parts = cents[schedule["invoice"] == place].tolist()
        assert all(
            part == pytest.approx(ask, abs=0.51, rel=1e-12)
            for part, ask in zip(parts, wanted, strict=False)
            if sum(map(abs, parts[:-1])) < abs(round(amounts[place] * 100))
        )
        assert len({np.sign(part) for part in parts if part}) <= 1


def offer(discount: Discount, **amounts: float) -> list[float]:
    issued = pd.Series(pd.to_datetime([ISSUED]))
    columns = {name: pd.Series([amount]) for name, amount in amounts.items()}
    offers = PaymentTerms(30, discounts=(discount,)).discount_offers(issued, **columns)
    assert offers["until_on"].tolist() == [pd.Timestamp("2026-01-25")]
    return offers[["discount", "to_pay"]].to_numpy()[0].tolist()


def test_l4_discounts_on_amounts_with_tax_and_without():
    assert offer(Discount(0.02, DueRule(10)), amounts=1200.0) == [24, 1176]
    assert offer(Discount(0.02, DueRule(10), "net"), amounts=1200.0, net_amounts=1000.0) == [20, 1180]


def test_a_discount_before_tax_needs_amounts_before_tax():
    with pytest.raises(ArlibError, match="before tax"):
        offer(Discount(0.02, DueRule(10), "net"), amounts=1200.0)


def test_several_discounts_stand_under_each_other():
    issued = pd.Series(pd.to_datetime([ISSUED, ISSUED]), index=[7, 3])
    terms = PaymentTerms.parse("3/10 2/20 net 30")
    offers = terms.discount_offers(issued, pd.Series([100.0, 50.5]))
    assert offers["invoice"].tolist() == [7, 7, 3, 3]
    assert offers["line"].tolist() == [1, 2, 1, 2]
    assert offers["discount"].tolist() == [3.00, 2.00, 1.52, 1.01]  # 1.515 is rounded up
    assert NET_30.discount_offers(issued, pd.Series([1.0, 2.0])).empty


def test_columns_of_another_length_are_refused():
    with pytest.raises(ArlibError, match="3 amounts for 1"):
        NET_30.schedule(pd.Series(pd.to_datetime([ISSUED])), pd.Series([1.0, 2.0, 3.0]))

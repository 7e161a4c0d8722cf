"""Delays by month, and by what an invoice is or when it was paid."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices
from small import known_by, ledger_of, ledgers, shuffled

from arlib.errors import ArlibError
from arlib.measures.delays import (
    days_late,
    days_to_pay,
    delay_history,
    delay_history_by_payment_month,
    delay_profile,
    payment_profile,
)

TWO_MONTHS = """
    customer_id issued_on  due_on     amount paid_on
    A           2024-01-10 2024-01-20 100    2024-01-30
    A           2024-01-10 2024-01-20 300    2024-03-10
    A           2024-02-10 2024-02-20 100    2024-03-01
    """


def test_by_month_of_invoice_and_by_month_of_payment():
    """January: paid in 20 and 60 days, 40 on average, (2,000 + 18,000) / 400 = 50 by amount; February: 20.

    By month of payment: January 20; March 60 and 20: 40 on average, (18,000 + 2,000) / 400 = 50.
    """
    ledger = from_text(TWO_MONTHS)
    by_invoice = delay_history(ledger, "2025-12-31")
    assert by_invoice["month"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-01", "2024-02-01"]
    assert by_invoice["mean_days"].tolist() == [40, 20]
    assert by_invoice["weighted_days"].tolist() == [50, 20]
    by_payment = delay_history_by_payment_month(ledger, "2025-12-31", basis="due")
    assert by_payment["month"].dt.strftime("%Y-%m").tolist() == ["2024-01", "2024-03"]
    assert by_payment["mean_days"].tolist() == [10, 30]
    assert by_payment["weighted_days"].tolist() == [10, 40]
    assert by_payment["late_share"].tolist() == [1, 1]


def test_a_young_month_is_not_an_improvement():
    """A customer who always pays half its invoices in 10 days and half in 50, month after month.

    Asked on 2024-12-31, December's paid ones are those paid in 10 days: a mean of 10 that is no improvement. Nine
    tenths of all are paid in 50 days: November's last ones, of the 21st, are followed for 40 only.
    """
    months = pd.date_range("2024-01-01", "2024-12-01", freq="MS")
    issued = pd.DatetimeIndex([month + pd.Timedelta(days=day) for month in months for day in (0, 20)]).repeat(2)
    paid = issued + pd.to_timedelta([10, 50] * (len(issued) // 2), unit="D")
    invoices = pd.DataFrame({"customer_id": "A", "issued_on": issued, "due_on": issued, "amount": 100.0})
    ledger = from_frame(invoices.assign(paid_on=paid.where(paid <= "2024-12-31")), until="2024-12-31")
    history = delay_history(ledger)
    assert history["matured"].tolist() == [True] * 10 + [False, False]
    assert history["mean_days"].tolist()[:10] == [30] * 10
    assert history["mean_days"].iloc[-1] == 10
    assert history["followed_days"].tolist()[-2:] == [40, 10]
    assert history["with_open_mean_days"].isna().iloc[-1]
    assert "not been followed for 180 days" in str(history["note"].iloc[-1])


def test_a_month_all_paid_is_matured_once_it_is_over():
    """The 300 are paid on 2024-03-10 only; until then, January has been followed for 40 days of the 60 it takes."""
    ledger = from_text(TWO_MONTHS)
    assert delay_history(ledger, "2024-02-19")["matured"].tolist() == [False, False]
    assert delay_history(ledger, "2024-03-10")["matured"].tolist() == [True, True]
    assert delay_history_by_payment_month(ledger, "2024-03-10")["matured"].tolist() == [True, False]


def test_history_by_customer():
    ledger = from_frame(random_invoices(2))
    history = delay_history(ledger, by="customer_id")
    assert list(history)[:2] == ["customer_id", "month"]
    assert not history.duplicated(["customer_id", "month"]).any()
    assert (history["paid"] + history["open"]).sum() == len(random_invoices(2))
    with pytest.raises(ArlibError, match="got when"):
        delay_history(ledger, basis="when")
    with pytest.raises(ArlibError, match="got when"):
        delay_history_by_payment_month(ledger, basis="when")


def test_weekdays_and_months():
    """2024-01-19 and -20 are a Friday and a Saturday, paid on Monday 2024-01-22; 2024-02-20, a Tuesday, is open."""
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on
        A           2024-01-10 2024-01-19 100    2024-01-22
        A           2024-01-10 2024-01-20 300    2024-01-22
        A           2024-01-10 2024-02-20 300    -
        """)
    due = delay_profile(ledger, "2024-12-31")
    assert due["from_value"].tolist() == due["to_value"].tolist() == [2, 5, 6]
    assert due["mean_days"].tolist() == pytest.approx([np.nan, 3, 2], nan_ok=True)
    assert due[["paid", "open"]].to_numpy().tolist() == [[0, 1], [1, 0], [1, 0]]
    months = delay_profile(ledger, "2024-12-31", trait="due_month")
    assert months["from_value"].tolist() == [1, 2]
    assert months["mean_days"].iloc[0] == 2.5
    paid = payment_profile(ledger, "2024-12-31")
    assert paid[["from_value", "paid", "mean_days"]].to_numpy().tolist() == [[1, 2, 2.5]]
    assert paid["trait"].tolist() == ["payment_weekday"]
    assert payment_profile(ledger, trait="payment_month")["from_value"].tolist() == [1]


BANDED = """
    customer_id issued_on  due_on     amount paid_on
    A           2024-01-01 2024-01-01 100    2024-01-06
    A           2024-01-01 2024-01-31 1000   2024-02-10
    A           2024-01-01 2024-02-01 1000.5 2024-02-21
    A           2024-01-01 2024-04-30 5000   2024-05-30
    """


def test_bands_of_amounts_and_terms():
    """Amounts to 1,000, to 5,000 and beyond, ends in; terms of 0, 30, 31 and 120 days."""
    ledger = from_text(BANDED)
    amounts = delay_profile(ledger, trait="amount", bounds=(1000, 5000))
    assert amounts["from_value"].tolist() == [0, 1000.01]
    assert amounts["to_value"].tolist() == [1000, 5000]
    assert amounts["mean_days"].tolist() == [7.5, 25]
    terms = delay_profile(ledger, trait="terms")
    assert terms["from_value"].tolist() == [0, 16, 31, 91]
    assert terms["to_value"].tolist() == pytest.approx([0, 30, 45, np.nan], nan_ok=True)
    assert terms["mean_days"].tolist() == [5, 10, 20, 30]
    quarters = delay_profile(ledger, trait="amount")
    assert quarters["to_value"].tolist() == pytest.approx([100, 1000, 1000.5, np.nan], nan_ok=True)
    assert quarters["paid"].tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"trait": "colour"}, "due_weekday, due_month, amount, terms"),
        ({"trait": "amount", "bounds": (10, 10)}, "got 10, 10"),
        ({"by": "trait"}, "trait"),
    ],
)
def test_what_a_profile_cannot_be_by(asked, says):
    ledger = from_frame(random_invoices(2).assign(trait="x"))
    with pytest.raises(ArlibError, match=says):
        delay_profile(ledger, **asked)


def test_a_payment_has_its_own_traits():
    with pytest.raises(ArlibError, match="payment_weekday, payment_month"):
        payment_profile(from_text(BANDED), trait="amount")


def test_invoices_without_the_dates_of_a_trait_are_in_no_row():
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-01-01 |            | 100
        A        | invoice | 2024-01-01 | 2024-01-31 | 100
        """
    )
    assert delay_profile(ledger)["open"].tolist() == [1]
    assert delay_profile(ledger, trait="terms")["open"].tolist() == [1]
    assert payment_profile(ledger).empty
    assert delay_history_by_payment_month(ledger).empty
    assert delay_profile(ledger, "2000-01-01", trait="amount").empty


COUNTS = ["paid", "paid_amount"]


@settings(max_examples=20)
@given(ledgers(), st.sampled_from(["due_weekday", "due_month", "amount"]))
def test_parts_of_a_history_and_of_a_profile_add_up(ledger, trait):
    late, to_pay = days_late(ledger).iloc[0], days_to_pay(ledger).iloc[0]
    for part, whole in (
        (delay_history(ledger, by="customer_id"), to_pay),
        (delay_history_by_payment_month(ledger, by="customer_id"), to_pay),
        (delay_history(ledger, basis="due"), late),
        (delay_profile(ledger, trait=trait, by="customer_id"), late),
        (payment_profile(ledger, by="customer_id"), late),
    ):
        assert part[COUNTS].sum().tolist() == pytest.approx(whole[COUNTS].tolist(), abs=0.01)


MEASURES = (delay_history, delay_history_by_payment_month, delay_profile, payment_profile)


@settings(max_examples=20)
@given(ledgers(), st.integers(0, 5), st.integers(0, 500))
def test_order_and_future_change_nothing(ledger, seed, days):
    day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=days)
    others = [shuffled(ledger, seed), *(known for known in [known_by(ledger, day)] if len(known.items))]
    for measure in MEASURES:
        ours = measure(ledger, day, by="customer_id")
        for other in others:
            pd.testing.assert_frame_equal(ours, measure(other, day, by="customer_id"))


@pytest.mark.parametrize("measure", MEASURES)
def test_a_future_of_nonsense_changes_nothing(measure):
    ledger = from_frame(random_invoices(5))
    changed = future_changed(ledger, "2025-03-31")
    pd.testing.assert_frame_equal(measure(ledger, "2025-03-31"), measure(changed, "2025-03-31"))

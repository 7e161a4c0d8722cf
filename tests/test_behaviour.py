"""The payment laws: counted by hand on small ledgers, recovered from planted ones."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices

from arlib.behaviour import payment_evidence, payment_laws, recency, standing
from arlib.errors import ArlibError

DAY = "2025-12-31"


def late_by(days, *, customer="A", count=40, issued="2025-01-06"):
    """Invoices at 30 days of one customer, a week apart, all paid the same days late."""
    starts = pd.Timestamp(issued) + pd.to_timedelta(7 * np.arange(count), unit="D")
    due = starts + pd.Timedelta(days=30)
    return pd.DataFrame(
        {
            "customer_id": customer,
            "issued_on": starts,
            "due_on": due,
            "amount": 100.0,
            "paid_on": due + pd.Timedelta(days=days),
        }
    )


def test_the_example_of_the_docstring_counted_by_hand():
    """Four invoices due the same day, 20 days before the day asked but one due 5 days before.

    Equal weights want equal due dates; the open one is due later, so its weight is 2^(15/365) = 1.0289 times the
    others'. At risk on day 0: 3 + 1.0289, paid 1: 1 - 1/4.0289 = 0.75179; day 10: half of it; day 20: none.
    """
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on
        A           2025-10-01 2025-12-11 100    2025-12-11
        A           2025-10-01 2025-12-11 100    2025-12-21
        A           2025-10-01 2025-12-26 100    -
        A           2025-10-01 2025-12-11 100    2025-12-31
        """)
    laws = payment_laws(ledger, DAY)
    unpaid = [laws.portfolio[day + 60] for day in (-1, 0, 9, 10, 19)]
    assert unpaid == pytest.approx([1, 0.75179, 0.75179, 0.37590, 0.37590], abs=1e-4)
    assert laws.portfolio[80] < 1e-6


def test_shrinkage_counted_by_hand():
    """A: two invoices paid 5 days late; B: two paid 15 days late; C: none. All due the same day.

    Portfolio hazard: 2/4 on day 5, 2/2 on day 15. A, day 5: (2 + 2 x .5)/(2 + 2) = 3/4, all of equal weight w,
    which the tables below keep at 1 by asking on the due date's year: w = 0.5^(age/365), age 20 days: 0.9627.
    A on day 5: (2w + 1)/(2w + 2) = 0.74523; B on day 5: (0 + 1)/(2w + 2) = 0.25477.
    """
    customers = pd.DataFrame({"customer_id": ["C", "B", "A"]})
    ledger = from_text(
        """
        customer_id issued_on  due_on     amount paid_on
        A           2025-10-01 2025-12-11 100    2025-12-16
        A           2025-10-01 2025-12-11 900    2025-12-16
        B           2025-10-01 2025-12-11 100    2025-12-26
        B           2025-10-01 2025-12-11 100    2025-12-26
        """,
        customers=customers,
    )
    laws = payment_laws(ledger, DAY)
    assert list(laws.customers) == ["A", "B", "C"]
    assert laws.paid_share(5) == pytest.approx([0.74523, 0.25477, 0.5], abs=1e-4)
    assert laws.p_late(4) == pytest.approx([1, 1, 1])
    assert laws.effective_history == pytest.approx([1.9255, 1.9255, 0], abs=1e-4)


def test_an_invoice_weighs_one_however_it_is_paid():
    """100 paid in 25 on time and 75 ten days late, beside one of 1000 paid on time: 1.25 of 2 on time."""
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on
        A           2025-10-01 2025-12-11 1000   2025-12-11
        A           2025-10-01 2025-12-11 100    -
        """)
    items = pd.concat(
        [
            ledger.items,
            pd.DataFrame(
                {
                    "item_id": [8, 9],
                    "row": [8, 9],
                    "customer_id": "A",
                    "kind": "payment",
                    "booked_on": pd.to_datetime(["2025-12-11", "2025-12-21"]),
                    "amount": [-25.0, -75.0],
                }
            ),
        ],
        ignore_index=True,
    )
    parts = pd.DataFrame(
        {
            "debit_id": 2,
            "credit_id": [8, 9],
            "amount": [25.0, 75.0],
            "matched_on": pd.to_datetime(["2025-12-11", "2025-12-21"]),
            "method": "official",
        }
    )
    matches = pd.concat([ledger.matches, parts], ignore_index=True)
    cut = type(ledger)(items, matches, ledger.customers, ledger.controls, "EUR", ledger.covers)
    laws = payment_laws(cut, DAY)
    assert laws.portfolio[60] == pytest.approx(1 - 1.25 / 2)
    assert payment_evidence(cut, DAY).weight.sum() == pytest.approx(2)
    before = payment_laws(cut, "2025-12-15")  # the 75 are still unpaid, four days late
    assert before.portfolio[60] == pytest.approx(1 - 1.25 / 2)
    assert before.portfolio[-1] == pytest.approx(1 - 1.25 / 2)


def test_credit_notes_are_no_payments_and_write_offs_stay_unpaid():
    table = """
        customer_id issued_on  due_on     amount paid_on    settled_by
        A           2025-10-01 2025-12-11 100    2025-12-11 payment
        A           2025-10-01 2025-12-11 100    2025-12-11 {kind}
        """
    assert payment_laws(from_text(table.format(kind="credit_note")), DAY).portfolio[60] < 1e-6
    assert payment_laws(from_text(table.format(kind="write_off")), DAY).portfolio[60] == pytest.approx(0.5)


def test_disputed_and_undated_invoices_are_left_out_and_counted():
    invoices = pd.concat([late_by(10, count=5), late_by(200, count=1), late_by(300, count=1)])
    invoices["disputed"] = [False] * 5 + [True, False]
    invoices["due_on"] = invoices["due_on"].where(np.arange(7) < 6)
    ledger = from_frame(invoices)
    laws = payment_laws(ledger, DAY)
    assert (laws.evidence.disputed, laws.evidence.undated) == (1, 1)
    assert laws.portfolio[70] < 1e-6
    assert payment_laws(ledger, DAY, with_disputes=True).portfolio[70] > 0.1


def test_a_planted_delay_is_recovered():
    laws = payment_laws(from_frame(pd.concat([late_by(10), late_by(-3, customer="B")])), DAY)
    assert laws.quantile(0.5) == pytest.approx([10, -3])
    assert laws.p_late(10)[0] < 0.05
    assert laws.p_late(9)[0] > 0.9
    summary = laws.summary()
    assert list(summary["median_days_late"]) == [10, -3]


def test_open_items_are_evidence_and_settled_ones_alone_mislead():
    """Delays are exponential of mean 60 days; the last quarter is mostly unpaid on the day.

    The truth at 30 days is exp(-30.5/60) = 0.60 unpaid. Counting settled invoices alone must be further from it.
    """
    rng = np.random.default_rng(7)
    count = 4000
    issued = pd.Timestamp(DAY) - pd.to_timedelta(rng.integers(30, 150, size=count), unit="D")
    due = issued + pd.Timedelta(days=30)
    delay = np.floor(rng.exponential(60, size=count))
    paid = due + pd.to_timedelta(delay, unit="D")
    invoices = pd.DataFrame(
        {"customer_id": "A", "issued_on": issued, "due_on": due, "amount": 100.0, "paid_on": paid.where(paid <= DAY)}
    )
    truth = np.exp(-31 / 60)
    known = payment_laws(from_frame(invoices), DAY).p_late(30)[0]
    settled_only = (delay[paid <= DAY] > 30).mean()
    assert known == pytest.approx(truth, abs=0.025)
    assert abs(settled_only - truth) > 5 * abs(known - truth)


def test_recent_invoices_count_more_and_lateness_is_not_counted_twice():
    """Half a customer's invoices of each week are on time and half 200 days late: half, whatever the weights."""
    both = pd.concat([late_by(0, issued="2023-01-02", count=100), late_by(200, issued="2023-01-02", count=100)])
    assert payment_laws(from_frame(both), DAY).p_late(100)[0] == pytest.approx(0.5, abs=0.01)
    change = pd.concat([late_by(0, issued="2023-01-02", count=50), late_by(40, issued="2025-01-06", count=40)])
    assert payment_laws(from_frame(change), DAY).p_late(30)[0] > 0.6


def test_what_stands_overdue_does_not_fade_and_counts_one_invoice_at_most():
    """A: one open for 5 years. B: three. C: one just overdue. D: one written off 5 years ago. E: one not due yet.
    F: two just overdue.

    By hand: A's weighs 1 instead of 0.5^(1827/365) = 0.0311; B's three, as old, share 1; C's 0.5^(10/365) = 0.9812
    becomes 1; what was written off, or is not yet due, keeps its recency; so do F's two, more than one together.
    """
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on    settled_by
        A           2020-12-01 2020-12-30 100    -          payment
        B           2020-12-01 2020-12-30 100    -          payment
        B           2020-12-01 2020-12-30 900    -          payment
        B           2020-12-01 2020-12-30 500    -          payment
        C           2025-12-01 2025-12-21 100    -          payment
        D           2020-12-01 2020-12-30 100    2021-06-30 write_off
        E           2025-12-01 2026-01-10 100    -          payment
        F           2025-12-01 2025-12-21 100    -          payment
        F           2025-12-01 2025-12-21 100    -          payment
        """)
    evidence = payment_evidence(ledger, DAY)
    by_customer = pd.DataFrame({"customer": evidence.customers[evidence.customer], "standing": standing(evidence)})
    by_customer["recency"] = recency(evidence)
    sums = by_customer.groupby("customer").sum()
    assert list(sums["standing"]) == pytest.approx([1, 1, 1, 0.0311, 1, 1.9624], abs=1e-4)
    assert list(sums["recency"]) == pytest.approx([0.0311, 0.0934, 0.9812, 0.0311, 1, 1.9624], abs=1e-4)
    assert list(evidence.open[np.argsort(evidence.customer)]) == [True] * 5 + [False] + [True] * 3


def test_a_piece_written_off_is_neither_paid_nor_open():
    """100 written off beside 100 open: the pieces of invoices still weigh one each."""
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on    settled_by
        A           2025-10-01 2025-12-11 100    2025-12-11 write_off
        A           2025-10-01 2025-12-11 100    -          payment
        """)
    evidence = payment_evidence(ledger, DAY)
    assert sorted(zip(evidence.paid, evidence.open, evidence.weight, evidence.days_late, strict=True)) == [
        (False, False, 1.0, 20),
        (False, True, 1.0, 20),
    ]
    before = payment_evidence(ledger, "2025-12-10")
    assert list(before.open) == [True, True]


def test_the_rate_of_all_customers_is_that_of_a_customer_without_history():
    customers = pd.DataFrame({"customer_id": [*(f"C{code}" for code in range(8)), "new"]})
    laws = payment_laws(from_frame(random_invoices(3), customers=customers), DAY)
    new = laws.customers.get_loc("new")
    for days in (-200, -60, 0, 30, 365, 999):
        assert laws.portfolio_p_late(days) == pytest.approx(laws.p_late(days)[new])


def test_the_law_given_unpaid_is_the_law_renormalised():
    laws = payment_laws(from_frame(random_invoices(3)), DAY)
    customer, age = np.array([2, 2, 2, 0]), np.array([5, -100, 400, 0])
    shares = laws.given_unpaid(customer, age, np.arange(50))
    assert shares[0] == pytest.approx(laws.unpaid[2, 65:115] / laws.unpaid[2, 65])
    assert (shares[1, :40] == 1).all()
    assert shares[1, 49] == pytest.approx(laws.unpaid[2, 9])
    assert (shares[2] == 1).all()
    assert shares[3, 0] == 1
    assert (np.diff(shares, axis=1) <= 0).all()


def test_the_median_is_missing_when_less_than_half_is_ever_paid():
    invoices = late_by(5, count=4)
    invoices.loc[1:, "paid_on"] = pd.NaT
    laws = payment_laws(from_frame(invoices), DAY)
    assert np.isnan(laws.quantile(0.5)).all()
    assert laws.unpaid[:, -1] > 0.5


def test_no_payment_at_all_is_said():
    invoices = late_by(5, count=3).assign(paid_on=pd.NaT)
    with pytest.raises(ArlibError, match=r"No payment of an invoice.* is known on 2025-12-31"):
        payment_laws(from_frame(invoices), DAY)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.01, 1000))
def test_laws_decrease_and_neither_order_nor_unit_nor_future_matters(seed, scale):
    invoices = random_invoices(seed, invoices=60)
    ledger = from_frame(invoices)
    items, matches = ledger.items.copy(), ledger.matches.copy()
    laws = payment_laws(ledger, "2025-09-30")
    assert ((laws.unpaid >= 0) & (laws.unpaid <= 1)).all()
    assert (np.diff(laws.unpaid, axis=1) <= 0).all()
    shuffled = from_frame(invoices.sample(frac=1, random_state=seed % 1000))
    assert payment_laws(shuffled, "2025-09-30").unpaid == pytest.approx(laws.unpaid, rel=1e-9)
    scaled = from_frame(invoices.assign(amount=(invoices["amount"] * scale).round(2) + 1))
    assert payment_laws(scaled, "2025-09-30").unpaid == pytest.approx(laws.unpaid, rel=1e-9)
    changed = payment_laws(future_changed(ledger, "2025-09-30"), "2025-09-30")
    assert np.array_equal(changed.unpaid, laws.unpaid)
    pd.testing.assert_frame_equal(ledger.items, items)
    pd.testing.assert_frame_equal(ledger.matches, matches)

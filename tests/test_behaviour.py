"""The payment laws: counted by hand on small ledgers, recovered from planted ones."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, large_and_small, random_invoices
from small import known_by

from arlib.behaviour import payment_evidence, payment_laws, recency, standing
from arlib.behaviour.money import delay_of, mean_days_late
from arlib.errors import ArlibError
from arlib.samples.business_days import business_day_from, french_holidays

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


def day_of(text):
    return int(np.datetime64(text, "D").astype(int))


def on_weekdays(invoices):
    """The same invoices, paid on the next weekday that is no French public holiday."""
    paid = pd.to_datetime(invoices["paid_on"])
    later = paid.map(lambda day: pd.Timestamp(business_day_from(day.date())), na_action="ignore")
    return invoices.assign(paid_on=later.where(later <= DAY))


def test_the_example_of_the_docstring_counted_by_hand():
    """Four invoices due the same Friday, 7 November 2025 or, the open one, Wednesday 17 December; asked on 31 December.

    Tuesday 11 November and Christmas are closed. 7 November is open day 0, 10 is 1, 12 is 2, 13 is 3, 14 is 4, 17 to
    21 are 5 to 9, 24 to 28 are 10 to 14, 1 December is 15 and 8 December is 20. The open invoice: 18 and 19 December
    are 1 and 2, 22 to 24 are 3 to 5, 26 is 6, 29 to 31 are 7 to 9: unpaid at the end of open day 9.

    The paid ones weigh w = 0.5^(54/365) = 0.90253, the open one, which stands overdue, 1. At risk on day 0: 3w + 1 =
    3.70760, paid w: 1 - 0.24343 = 0.75657. Day 10: at risk 2w, paid w: half of it. Day 20: none.
    """
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on
        A           2025-10-01 2025-11-07 100    2025-11-07
        A           2025-10-01 2025-11-07 100    2025-11-24
        A           2025-10-01 2025-12-17 100    -
        A           2025-10-01 2025-11-07 100    2025-12-08
        """)
    laws = payment_laws(ledger, DAY)
    assert list(laws.evidence.open_days_late[np.argsort(laws.evidence.days_late)]) == [0, 9, 10, 20]
    unpaid = [laws.portfolio[day + 60] for day in (-1, 0, 9, 10, 19)]
    assert unpaid == pytest.approx([1, 0.75657, 0.75657, 0.37829, 0.37829], abs=1e-5)
    assert laws.portfolio[80] < 1e-6
    assert laws.unpaid[0] == pytest.approx(laws.portfolio)  # one customer is its own portfolio
    assert laws.known_days == 20
    assert (laws.calendar.country, laws.calendar.sentence().key) == ("FR", "calendar.business_days")


def test_a_weekend_and_a_holiday_counted_by_hand():
    """Three invoices due Friday 11 July 2025 and one due Saturday 12; Monday 14 July is a holiday; asked on 31 July.

    Paid Friday 11: open day 0. Paid Tuesday 15: open day 1, four calendar days late. Due Saturday and paid Tuesday
    15: open day 0, three calendar days late. Open on Thursday 31: 15 to 18 are 1 to 4, 21 to 25 are 5 to 9, 28 to 31
    are 10 to 13: unpaid at the end of open day 13.

    Due on 11 July an invoice weighs w = 0.5^(20/365) = 0.96273, on 12 July v = 0.5^(19/365) = 0.96456, and what
    stands overdue 1. Day 0: at risk 2w + v + 1 = 3.89002, paid w + v = 1.92729: 0.50455 unpaid. Day 1: at risk w + 1,
    paid w: 0.50455 x 0.50949 = 0.25706.

    Calendar days: of due dates, 3 of 4 are the Friday. Late by more than 0: the Friday's is open day 0; on the
    Saturday nothing has been paid of what is due then, but before it: 3/4 x 0.50455 + 1/4 = 0.62841. By more than 3,
    on Monday or Tuesday: open day 0 for both. By more than 4: open day 1 for both.

    Due on another Friday, 18 July: the law is what the three invoices due on Fridays are drawn to. Open day 0: at
    risk 2w + 1, paid w, and 10 pseudo-invoices: (0.96273 + 10 x 0.49545) / (2.92546 + 10) = 0.45779, 0.54221 unpaid.
    Open day 1: at risk w + 1, paid w, which is the law's own hazard, 0.49051: 0.54221 x 0.50949 = 0.27625 unpaid.
    None was due on a Wednesday or a Thursday, 30 and 31 July: the law as it is.
    """
    ledger = from_text(
        """
        customer_id issued_on  due_on     amount paid_on
        A           2025-06-11 2025-07-11 100    2025-07-11
        A           2025-06-11 2025-07-11 100    2025-07-15
        A           2025-06-11 2025-07-12 100    2025-07-15
        A           2025-06-11 2025-07-11 100    -
        """,
        until="2025-07-31",
    )
    laws = payment_laws(ledger)
    assert sorted(zip(laws.evidence.open_days_late, laws.evidence.days_late, strict=True)) == [
        (0, 0),
        (0, 3),
        (1, 4),
        (13, 20),
    ]
    assert laws.portfolio[[59, 60, 61]] == pytest.approx([1, 0.50455, 0.25706], abs=1e-5)
    late = [laws.p_late(days)[0] for days in (-1, 0, 3, 4)]
    assert late == pytest.approx([1, 0.62841, 0.50455, 0.25706], abs=1e-5)
    assert laws.quantile(0.5) == pytest.approx([4])
    columns, shares = laws.late_columns(0)
    assert dict(zip(columns - 60, shares, strict=True)) == pytest.approx({0: 0.75, -1: 0.25})
    a, friday = np.array([0]), np.array([day_of("2025-07-18")])
    on = np.array([day_of(f"2025-07-{day}") for day in (17, 18, 20, 21)])
    assert laws.unpaid_on(a, friday, on)[0] == pytest.approx([1, 0.54221, 0.54221, 0.27625], abs=1e-5)
    due_yesterday = np.array([day_of("2025-07-30")])  # open day 1 today: nothing more was ever paid
    assert laws.given_unpaid(a, due_yesterday, np.array([0, 10])) == pytest.approx(np.ones((1, 2)))
    due_today = np.array([day_of("2025-07-31")])
    given = laws.given_unpaid(a, due_today, np.array([0, 1]))
    assert given[0] == pytest.approx([1, 0.25706 / 0.50455], abs=1e-4)


def test_weekdays_of_payment_counted_by_hand():
    """A pays ten invoices on Tuesday 30 December, B ten on Monday 29; all due Monday 5 January 2026, so of weight 1.

    Both weekdays have half of all payments. A's share of Tuesdays is (10 + 10/2) / 20 = 3/4, 1.5 times all; of
    Mondays 5/20, half of it. New customers and other weekdays: 1. With New Year's Day closed, 30 December is open day
    -3 and 29 December -4.

    All together pay half on day -4 and the rest, 10 of 10, on day -3. They expect of A's invoices, all paid on day
    -3, 10 x (1/2 + 1) = 15 payments: its pace is (10 + 20) / (15 + 20) = 6/7, and its prior on day -4 is
    1 - 0.5^(6/7) = 0.44796. A's law, drawn to it by two of twelve: 2 x 0.44796 / 12 = 0.07466, and 0.92534 on day -3.

    Due on a Monday of a plain week, day -4 is a Tuesday and day -3 a Wednesday: 1.5 x 0.07466 against 0.92534, scaled
    to one in all, 0.10796 and 0.89204. A's own ten invoices, all due on a Monday: on day -4 (0 + 10 x 0.10796) /
    (10 + 10) = 0.05398; the rest on day -3. Due on a Friday, as none was, day -4 is a Monday and day -3 a Tuesday:
    0.5 x 0.07466 against 1.5 x 0.92534: 0.02619 and 0.97381.
    """
    both = [
        pd.DataFrame(
            {"customer_id": name, "issued_on": "2025-12-01", "due_on": "2026-01-05", "amount": 100.0, "paid_on": paid},
            index=range(10),
        )
        for name, paid in (("A", "2025-12-30"), ("B", "2025-12-29"))
    ]
    customers = pd.DataFrame({"customer_id": ["A", "B", "C"]})
    laws = payment_laws(from_frame(pd.concat(both), customers=customers), DAY)
    expected = [[0.5, 1.5, 1, 1, 1, 1, 1], [1.5, 0.5, 1, 1, 1, 1, 1], [1] * 7]
    assert laws.weekday_factor == pytest.approx(np.array(expected))
    assert -np.diff(laws.unpaid[0])[[55, 56]] == pytest.approx([0.07466, 0.92534], abs=1e-5)
    a = np.array([0, 0])
    payments = laws.payments_on(a, np.array([0, 4]))
    assert payments[:, [56, 57]] == pytest.approx(np.array([[0.05398, 0.94602], [0.02619, 0.97381]]), abs=1e-5)
    due = np.array([day_of("2026-01-12"), day_of("2026-01-16")])
    assert np.array_equal(laws.payments(a, due), payments)
    on = np.array([day_of(f"2026-01-{day:02d}") for day in (5, 6, 7, 9, 12, 13)])
    unpaid = [[1, 0.94602, 0, 0, 0, 0], [1, 1, 1, 1, 0.97381, 0]]
    assert laws.unpaid_on(a, due, on) == pytest.approx(np.array(unpaid), abs=1e-5)


def test_the_law_of_a_due_weekday_counted_by_hand():
    """Two due on Friday 5 December 2025, paid on open days 0 and 2, two on Monday 8, paid on 1 and 2; one customer.

    They weigh u = 0.5^(26/365) = 0.95183 and v = 0.5^(23/365) = 0.95726. The law: day 0 u / (2u + 2v) = 0.24929; day 1
    v / (u + 2v) = 0.33397; the rest on day 2. It is the portfolio's: the pace is 1, and so is the factor of weekdays.

    Pseudo-invoices: 10 on day 0, 10 x sqrt(0.75071) = 8.66436 on day 1. Due on a Friday: day 0 (u + 10 x 0.24929) /
    (2u + 10) = 0.28938, day 1 (0 + 8.66436 x 0.33397) / (u + 8.66436) = 0.30091. On a Monday: day 0 (0 + 10 x 0.24929)
    / (2v + 10) = 0.20923, day 1 (v + 8.66436 x 0.33397) / (2v + 8.66436) = 0.36401. On other weekdays: the law.
    """
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on
        A           2025-10-01 2025-12-05 100    2025-12-05
        A           2025-10-01 2025-12-05 100    2025-12-09
        A           2025-10-01 2025-12-08 100    2025-12-09
        A           2025-10-01 2025-12-08 100    2025-12-10
        """)
    paid = payment_laws(ledger, DAY).payments_on(np.zeros(3, dtype=int), np.array([4, 0, 2]))
    by_hand = [
        [0.28938, 0.71062 * 0.30091, 0.71062 * 0.69909],
        [0.20923, 0.79077 * 0.36401, 0.79077 * 0.63599],
        [0.24929, 0.75071 * 0.33397, 0.75071 * 0.66603],
    ]
    assert paid[:, 60:63] == pytest.approx(np.array(by_hand), abs=1e-5)


def test_a_segment_is_drawn_to_the_portfolio_counted_by_hand():
    """Due on Thursday 11 December 2025; S1's A pays two invoices 5 open days late, S2's B two 10 days late.

    Weights w = 0.5^(20/365) = 0.96273. All together 2w/4w = 1/2 is paid on day 5. Segment S1: (2w + 20/2) /
    (2w + 20) = 0.54391; S2: 10 / (2w + 20) = 0.45609; both all the rest on day 10. C of S1 and D without a segment,
    both new, have theirs.

    S1 expects 2w x 0.54391 = 1.04728 payments of A's, paid on day 5: its pace is (2w + 20) / 21.04728 = 1.04172 and
    its prior on day 5 1 - 0.45609^1.04172 = 0.55861. Its law: (2w + 2 x 0.55861) / (2w + 2) = 0.77511. S2 expects
    2w x (0.45609 + 1) = 2.80365 of B's, paid on day 10: pace (2w + 20) / 22.80365 = 0.96149, prior on day 5
    1 - 0.54391^0.96149 = 0.44318, law 2 x 0.44318 / (2w + 2) = 0.22580.
    """
    customers = pd.DataFrame({"customer_id": ["A", "B", "C", "D"], "segment": ["S1", "S2", "S1", None]})
    ledger = from_text(
        """
        customer_id issued_on  due_on     amount paid_on
        A           2025-10-01 2025-12-11 100    2025-12-18
        A           2025-10-01 2025-12-11 900    2025-12-18
        B           2025-10-01 2025-12-11 100    2025-12-26
        B           2025-10-01 2025-12-11 100    2025-12-26
        """,
        customers=customers,
    )
    laws = payment_laws(ledger, DAY)
    assert 1 - laws.unpaid[:, 65] == pytest.approx([0.77511, 0.22580, 0.54391, 0.5], abs=1e-5)
    alike = from_text(
        """
        customer_id issued_on  due_on     amount paid_on
        A           2025-10-01 2025-12-11 100    2025-12-18
        B           2025-10-01 2025-12-11 100    2025-12-26
        """,
        customers=customers.assign(segment=["S1", "S1", "S1", None]),
    )
    assert (payment_laws(alike, DAY).prior_of == 0).all()


def test_shrinkage_counted_by_hand():
    """A: two invoices paid 5 days late; B: two paid 15 days late; C: none. All due Thursday 11 December.

    Portfolio hazard: 2/4 on Tuesday 16, open day 3, and 2/2 on Friday 26, open day 10. All weigh w = 0.5^(20/365) =
    0.96273. It expects 2w x 1/2 = w payments of A, who made 2w: pace (2w + 20) / (w + 20) = 1.04593; of B
    2w x (1/2 + 1) = 3w: pace (2w + 20) / (3w + 20) = 0.95794. Their priors on day 3: 1 - 0.5^1.04593 = 0.51567 and
    1 - 0.5^0.95794 = 0.48521. A on day 3: (2w + 2 x 0.51567) / (2w + 2) = 0.75323; B: 2 x 0.48521 / (2w + 2) =
    0.24721.
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
    assert laws.paid_share(5) == pytest.approx([0.75323, 0.24721, 0.5], abs=1e-5)
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
    # Four days later the 75 are overdue, so that they do not fade: 0.75 / (1.25 x 0.5^(4/365) + 0.75) = 0.37678.
    before = payment_laws(cut, "2025-12-15")
    assert before.portfolio[[60, -1]] == pytest.approx([0.37678, 0.37678], abs=1e-5)


def test_credit_notes_are_no_payments_and_write_offs_stay_unpaid():
    table = """
        customer_id issued_on  due_on     amount paid_on    settled_by
        A           2025-10-01 2025-12-11 100    2025-12-11 payment
        A           2025-10-01 2025-12-11 100    2025-12-11 {kind}
        """
    assert payment_laws(from_text(table.format(kind="credit_note")), DAY).portfolio[60] < 1e-6
    assert payment_laws(from_text(table.format(kind="write_off")), DAY).portfolio[60] == pytest.approx(0.5)


def test_disputed_invoices_are_left_out_where_asked_and_undated_ones_counted():
    invoices = pd.concat([late_by(10, count=5), late_by(200, count=1), late_by(300, count=1)])
    invoices["disputed"] = [False] * 5 + [True, False]
    invoices["due_on"] = invoices["due_on"].where(np.arange(7) < 6)
    ledger = from_frame(invoices)
    laws = payment_laws(ledger, DAY, with_disputes=False)
    assert (laws.evidence.disputed, laws.evidence.undated) == (1, 1)
    assert laws.portfolio_p_late(11) < 1e-6
    counted = payment_laws(ledger, DAY)
    assert counted.portfolio_p_late(11) > 0.1
    assert (counted.evidence.disputed, counted.evidence.in_dispute.sum()) == (1, 1)


def test_a_dispute_counts_from_its_date_to_its_end_where_the_file_has_them():
    """An invoice 200 days late, disputed from 1 March to 1 October 2025."""
    invoices = pd.concat([late_by(0, count=40), late_by(200, count=1)])
    invoices["Date litige"] = [None] * 40 + ["01/03/2025"]
    invoices["Litige clos le"] = [None] * 40 + ["01/10/2025"]
    ledger = from_frame(invoices)
    days = ("2025-02-28", "2025-03-01", "2025-09-30", "2025-10-01")
    assert [payment_evidence(ledger, day).disputed for day in days] == [0, 1, 1, 0]
    left_out = [payment_evidence(ledger, day, with_disputes=False).in_dispute.any() for day in days]
    assert left_out == [False] * 4


def test_a_planted_delay_is_recovered():
    laws = payment_laws(from_frame(pd.concat([late_by(10), late_by(-3, customer="B")])), DAY)
    assert laws.quantile(0.5) == pytest.approx([10, -3])
    assert laws.p_late(10)[0] < 0.05
    assert laws.p_late(9)[0] > 0.9
    summary = laws.summary()
    assert list(summary["median_days_late"]) == [10, -3]


def test_large_invoices_paid_later_are_found_in_days_of_money():
    """A fifth of invoices is 83 % of the money (1,900 of 2,300): 10 days × (.83 − .20) = 6.3 days."""
    laws = payment_laws(from_frame(large_and_small(10, invoices=200)), DAY)
    delay = laws.money_delay
    assert delay.beyond_chance
    assert delay.low < delay.days < delay.high
    assert delay.days == pytest.approx(6.3, abs=0.5)
    means = laws.summary().set_index("customer_id")
    assert (means["mean_days_late_by_amount"] - means["mean_days_late"] > 2).all()
    told = payment_laws(from_frame(large_and_small(-10)), DAY).money_delay
    assert told.high < 0


def test_where_amounts_say_nothing_one_interval_in_twenty_leaves_out_zero():
    """40 ledgers: 2 are expected; 7 and more have a chance of 0.3 %."""
    found = [payment_laws(from_frame(large_and_small(0, seed=seed)), DAY).money_delay for seed in range(40)]
    assert sum(delay.beyond_chance for delay in found) <= 6
    assert abs(np.mean([delay.days for delay in found])) < 0.25


def test_the_delay_of_money_by_hand():
    """3,000 at 4 days and 1,000 at −2: 2.5; left out in turn 4 and −2; two customers' worth of 1.6 tell no interval.

    Four of 1,000 at 1, 2, 3 and 6 days: mean 3; without each 11/3, 10/3, 3 and 2, mean 3; squares 4/9 + 1/9 + 0 + 1,
    × 3/4 = 7/6, root 1.0801; Student's t of 3 degrees of freedom at 97.5 %: 3.1824; 3.4373 days.
    """
    assert delay_of(np.array([3000.0, 1000.0]), np.array([4.0, -2.0])).days == 2.5
    assert np.isnan(delay_of(np.array([3000.0, 1000.0]), np.array([4.0, -2.0])).low)
    delay = delay_of(np.full(4, 1000.0), np.array([1.0, 2.0, 3.0, 6.0]))
    assert delay.days == 3
    assert [delay.low, delay.high] == pytest.approx([3 - 3.4373, 3 + 3.4373], abs=1e-3)
    assert not delay.beyond_chance


def test_mean_days_late_by_hand():
    """Every day open. Half paid 10 days late: and half 20, 15; or never, (10 + 90) / 2; all 5 days early, −5."""
    laws = payment_laws(from_frame(random_invoices(1)), DAY)
    assert not laws.calendar.weekends_closed
    day = laws.days
    curves = [np.where(day < 10, 1.0, np.where(day < 20, 0.5, 0.0)), np.where(day < 10, 1.0, 0.5), 1.0 * (day < -5)]
    assert mean_days_late(laws.calendar_days, np.stack(curves)) == pytest.approx([15, 50, -5])


def test_open_items_are_in_both_means():
    """One of two large invoices is unpaid 200 days after its due date: both means rise, that of money the more."""
    invoices = pd.concat([late_by(10, count=20), late_by(10, count=2).assign(amount=1000.0)])
    paid = payment_laws(from_frame(invoices), DAY)
    invoices["paid_on"] = invoices["paid_on"].where(np.arange(22) < 21)
    left = payment_laws(from_frame(invoices), DAY)
    assert left.mean_days_late[0] > paid.mean_days_late[0] + 1
    assert left.mean_days_late_by_amount[0] > left.mean_days_late[0] + 5


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
    """Every day is open here, and no weekday told apart: open days are days."""
    laws = payment_laws(from_frame(random_invoices(3)), DAY)
    assert laws.calendar.sentence().key == "calendar.every_day"
    assert (laws.weekday_factor == 1).all()
    customer, age = np.array([2, 2, 2, 0]), np.array([5, -100, 400, 0])
    shares = laws.given_unpaid(customer, day_of(DAY) - age, np.arange(50))
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


@pytest.mark.parametrize("weekdays", [False, True])
@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 1000))
def test_laws_decrease_and_neither_order_nor_unit_matters(weekdays, seed, scale):
    invoices = random_invoices(seed, invoices=60)
    ledger = from_frame(on_weekdays(invoices) if weekdays else invoices)
    items, matches = ledger.items.copy(), ledger.matches.copy()
    laws = payment_laws(ledger, "2025-09-30")
    assert ((laws.unpaid >= 0) & (laws.unpaid <= 1)).all()
    assert (np.diff(laws.unpaid, axis=1) <= 0).all()
    by_day = np.array([laws.p_late(days) for days in range(-130, 800, 10)])
    assert (np.diff(by_day, axis=0) <= 1e-12).all()
    assert (by_day[0] == 1).all()
    assert by_day[-1] == pytest.approx(laws.unpaid[:, -1])
    made = on_weekdays(invoices) if weekdays else invoices
    shuffled = from_frame(made.sample(frac=1, random_state=seed % 1000))
    assert payment_laws(shuffled, "2025-09-30").unpaid == pytest.approx(laws.unpaid, rel=1e-9)
    scaled = from_frame(made.assign(amount=(made["amount"] * scale).round(2) + 1))
    assert payment_laws(scaled, "2025-09-30").unpaid == pytest.approx(laws.unpaid, rel=1e-9)
    pd.testing.assert_frame_equal(ledger.items, items)
    pd.testing.assert_frame_equal(ledger.matches, matches)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_what_is_asked_of_invoices_is_one_law(seed):
    """Payments add up to what is unpaid on days; given unpaid is their quotient."""
    laws = payment_laws(from_frame(on_weekdays(random_invoices(seed))), "2025-09-30")
    rng = np.random.default_rng(seed)
    customer = rng.integers(0, len(laws.customers), size=40)
    today = day_of("2025-09-30")
    due = today + rng.integers(-500, 400, size=40)
    payments = laws.payments(customer, due)
    assert (payments >= 0).all()
    never = laws.unpaid_on(customer, due, due[:, None] + 900)[:, 0]
    assert payments.sum(axis=1) == pytest.approx(1 - never)
    on = due[:, None] + np.arange(-130, 800, 7)
    unpaid = laws.unpaid_on(customer, due, on)
    assert (np.diff(unpaid, axis=1) <= 0).all()
    assert (unpaid[:, 0] == 1).all()
    assert unpaid[:, -1] == pytest.approx(never)
    rank = laws.calendar.rank(due)[:, None] + laws.days
    paid_on = laws.calendar.day(rank)
    for column in (0, 17, 25, 60):
        late = np.where(paid_on > on[:, column, None], payments, 0).sum(axis=1) + never
        assert unpaid[:, column] == pytest.approx(late)
    later = np.array([0, 1, 30, 400])
    given = laws.given_unpaid(customer, due, later)
    quotient = laws.unpaid_on(customer, due, today + later) / laws.unpaid_on(customer, due, np.array([today]))
    assert given == pytest.approx(quotient)
    assert (given[:, 0] == 1).all()
    assert (given[today - due > 700] == 1).all()


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]))
def test_a_quantile_is_the_first_day_by_which_the_share_is_paid(seed, share):
    laws = payment_laws(from_frame(on_weekdays(random_invoices(seed, invoices=80))), DAY)
    quantile = laws.quantile(share)
    for row, day in enumerate(quantile):
        if np.isnan(day):
            assert laws.unpaid[row, -1] > 1 - share
        else:
            assert laws.paid_share(int(day))[row] >= share - 1e-9
            assert laws.paid_share(int(day) - 1)[row] < share


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_a_weekday_nothing_was_due_on_moves_the_law_and_keeps_what_is_paid_in_all(seed):
    """Nothing is due on Tuesdays. A new customer pays on no weekday more than others: its law is the same on all."""
    invoices = on_weekdays(random_invoices(seed, invoices=100))
    invoices = invoices[pd.to_datetime(invoices["due_on"]).dt.day_of_week != 1]
    customers = pd.DataFrame({"customer_id": [*(f"C{code}" for code in range(8)), "new"]})
    laws = payment_laws(from_frame(invoices, customers=customers), "2025-09-30")
    moved = laws.payments_on(np.arange(9), np.full(9, 1))
    assert moved.sum(axis=1) == pytest.approx(1 - laws.unpaid[:, -1])
    law = -np.diff(laws.unpaid, axis=1, prepend=1.0)
    weekdays = (1 + laws.days[1:]) % 5
    for row, factor in enumerate(laws.weekday_factor):
        share = np.divide(moved[row, 1:], law[row, 1:] * factor[weekdays], where=law[row, 1:] > 1e-9, out=np.ones(425))
        paid = law[row, 1:] > 1e-9
        assert share[paid] == pytest.approx(np.full(paid.sum(), share[paid].mean()))
    assert laws.payments_on(np.full(7, 8), np.arange(7)) == pytest.approx(np.tile(law[8], (7, 1)), abs=1e-12)


@pytest.mark.parametrize("alone", [True, False])
@settings(max_examples=8, deadline=None)
@given(st.integers(0, 4), st.integers(0, 1000))
def test_a_payment_run_is_kept_whatever_the_weekday_of_the_due_date(alone, run, seed):
    """Everything is paid on the first Thursday, say, on or after the due date; other customers pay on any open day.

    Alone, nothing tells Thursdays from other days but the customer's own invoices due on each weekday: 300 of each,
    over six years, weigh about 70 on average today, against 10.
    """
    rng = np.random.default_rng(seed)
    due = pd.Timestamp("2025-12-01") - pd.to_timedelta(np.arange(2100), unit="D")
    paid = due + pd.to_timedelta((run - due.day_of_week) % 7, unit="D")
    invoices = pd.DataFrame(
        {"customer_id": "A", "issued_on": due - pd.Timedelta(days=30), "due_on": due, "amount": 100.0, "paid_on": paid}
    )
    if not alone:
        others = invoices.iloc[:300]
        late = pd.to_timedelta(rng.integers(0, 30, size=300), unit="D")
        invoices = pd.concat(
            [invoices.iloc[:300], on_weekdays(others.assign(customer_id="B", paid_on=others["due_on"] + late))]
        )
    laws = payment_laws(from_frame(invoices), DAY, country="")
    due_weekday = np.arange(7)
    payments = laws.payments_on(np.zeros(7, dtype=int), due_weekday)
    first = np.where(due_weekday > 4, 0, due_weekday)  # the first open day on or after the due date
    on_run = payments[due_weekday, 60 + (run - first) % 5]
    assert (on_run > (0.8 if alone else 0.9)).all()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_a_law_depends_neither_on_what_else_is_asked_nor_on_the_order_of_rows(seed):
    """To the bit for what is asked together; invoices in another order are added up in another order."""
    invoices = on_weekdays(random_invoices(seed, invoices=150))
    laws = payment_laws(from_frame(invoices), DAY)
    customer, due_weekday = np.divmod(np.random.default_rng(seed).integers(0, 8 * 7, size=700), 7)
    together = laws.payments_on(customer, due_weekday)
    for one in (0, 350, 699):
        assert np.array_equal(laws.payments_on(customer[[one]], due_weekday[[one]])[0], together[one])
    shuffled = payment_laws(from_frame(invoices.sample(frac=1, random_state=seed % 1000)), DAY)
    np.testing.assert_allclose(shuffled.payments_on(customer, due_weekday), together, rtol=1e-9, atol=1e-12)
    due = day_of("2025-12-29") + due_weekday  # the 29th is a Monday
    assert np.array_equal(laws.payments(customer, due), together)
    on = due[:, None] + np.array([-200, 0, 20])
    unpaid = laws.unpaid_on(customer, due, on)
    assert np.array_equal(laws.unpaid_on(customer[[350]], due[[350]], on[[350]])[0], unpaid[350])


def test_a_new_invoice_due_on_any_day_of_the_year_has_the_probability_of_late_on_average():
    """`p_late` is the mean of `unpaid_on` over the due dates of the last twelve months, where no weekday is told apart.

    So it is for a customer without history. Others' own invoices due on each weekday move it by a few hundredths.
    """
    customers = pd.DataFrame({"customer_id": [*(f"C{code}" for code in range(8)), "new"]})
    laws = payment_laws(from_frame(on_weekdays(random_invoices(5)), customers=customers), DAY)
    evidence = laws.evidence
    recent = (evidence.due <= day_of(DAY)) & (evidence.due > evidence.due[evidence.due <= day_of(DAY)].max() - 365)
    due, weight = evidence.due[recent], evidence.weight[recent]
    for days in (0, 7, 30):
        for customer, tolerance in ((8, 1e-9), (3, 0.04)):
            late = laws.unpaid_on(np.full(len(due), customer), due, due[:, None] + days)[:, 0]
            assert np.average(late, weights=weight) == pytest.approx(laws.p_late(days)[customer], abs=tolerance)


def of_each_weekday(laws, customers):
    """(customers × 7, days) what each customer pays of invoices due on each weekday."""
    place = laws.customers.get_indexer(pd.Index(customers))
    return laws.payments_on(np.repeat(place, 7), np.tile(np.arange(7), len(place)))


@pytest.mark.parametrize("weekdays", [False, True])
def test_an_invoice_is_answered_the_same_alone_as_among_others(weekdays):
    """To the bit, in any order, and where others share its customer and due date."""
    invoices = random_invoices(3)
    laws = payment_laws(from_frame(on_weekdays(invoices) if weekdays else invoices), DAY)
    customer = np.random.default_rng(1).permutation(np.tile(np.arange(len(laws.customers)), 3))
    due = day_of(DAY) - customer * 7 % 30
    on = due[:, None] + np.arange(-100, 400, 7)
    alone = [laws.unpaid_on(*one) for one in zip(customer[:, None], due[:, None], on[:, None], strict=True)]
    assert np.array_equal(laws.unpaid_on(customer, due, on), np.concatenate(alone))


def answers(laws, customers):
    """Everything a law answers about some customers, as one frame."""
    place = laws.customers.get_indexer(pd.Index(customers))
    due = np.full(len(place), day_of("2025-09-20"))
    columns = {
        "late": laws.p_late(0)[place],
        "late_30": laws.p_late(30)[place],
        "all": laws.portfolio_p_late(30),
        "median": laws.quantile(0.5)[place],
        "history": laws.effective_history[place],
        "never": laws.unpaid[place, -1],
        "tuesday": laws.weekday_factor[place, 1],
        "unpaid": laws.unpaid_on(place, due, due[:, None] + 12)[:, 0],
        "given": laws.given_unpaid(place, due, np.array([5]))[:, 0],
        "known": laws.known_days,
        "calendar": laws.calendar.sentence().key,
    }
    return pd.DataFrame(columns, index=customers)


@pytest.mark.parametrize("weekdays", [False, True])
@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_the_future_never_changes_a_law(weekdays, seed, more):
    """Later rows changed, gone, or of new customers: the same to the bit."""
    day = "2025-09-30"
    invoices = random_invoices(seed, invoices=60)
    ledger = from_frame(on_weekdays(invoices) if weekdays else invoices)
    laws = payment_laws(ledger, day)
    expected = answers(laws, laws.customers)
    for other in (future_changed(ledger, day), known_by(ledger, day), with_later_customers(ledger, more)):
        changed = payment_laws(other, day)
        pd.testing.assert_frame_equal(answers(changed, laws.customers), expected, check_exact=True)
        assert np.array_equal(changed.hazard, laws.hazard)
        assert np.array_equal(of_each_weekday(changed, laws.customers), of_each_weekday(laws, laws.customers))


def with_later_customers(ledger, count):
    """The same ledger with an invoice paid in December for each of new customers, named to sort before the others."""
    new = random_invoices(1, customers=1, invoices=count).assign(
        customer_id=[f"A{place}" for place in range(count)], issued_on="2025-10-02", due_on="2025-11-03"
    )
    later = from_frame(new.assign(paid_on="2025-12-07"))
    items, matches = later.items, later.matches
    shift = int(ledger.items["item_id"].max())
    return replace(
        ledger,
        items=pd.concat([items.assign(item_id=items["item_id"] + shift), ledger.items], ignore_index=True),
        matches=pd.concat(
            [
                matches.assign(debit_id=matches["debit_id"] + shift, credit_id=matches["credit_id"] + shift),
                ledger.matches,
            ]
        ),
        customers=pd.concat([later.customers, ledger.customers], ignore_index=True),
    )


@pytest.mark.parametrize(("saturdays", "key"), [(4, "calendar.business_days"), (5, "calendar.every_day")])
def test_weekends_are_closed_until_payments_show_otherwise(saturdays, key):
    """Forty payments on Mondays, eight a weekday: a Saturday or Sunday needs two at least, and five in all."""
    monday, saturday = late_by(0, issued="2025-01-04"), late_by(5, issued="2025-01-04", count=saturdays)
    assert pd.Timestamp(monday["paid_on"].iloc[0]).day_name() == "Monday"
    laws = payment_laws(from_frame(pd.concat([monday, saturday])), DAY)
    assert laws.calendar.sentence().key == key


def test_a_few_payments_on_weekends_among_many_leave_them_closed():
    """Ten on Saturdays against 400 on Mondays, 80 a weekday: five a weekend day are far from the 20 needed."""
    many = pd.concat([late_by(0, issued="2025-01-04")] * 10 + [late_by(5, issued="2025-01-04", count=10)])
    assert payment_laws(from_frame(many), DAY).calendar.weekends_closed


def test_a_payment_on_a_closed_day_counts_on_the_next_open_one_and_never_after_the_day():
    """Due on Friday 5 December 2025, paid on Saturday 6: Monday's, open day 1; on that Saturday itself, Friday's."""
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on
        A           2025-10-01 2025-12-05 100    2025-12-06
        B           2025-10-01 2025-12-05 100    -
        """)
    days = [payment_evidence(ledger, f"2025-12-{day:02d}").open_days_late for day in (5, 6, 7, 8, 9)]
    assert [sorted(found) for found in days] == [[0, 0], [0, 0], [0, 0], [1, 1], [1, 2]]


def test_public_holidays_are_open_where_payments_show_it():
    """A payment every weekday of two years, those of holidays too, or not."""
    paid = pd.bdate_range("2024-01-01", "2025-12-31")
    every = pd.DataFrame({"customer_id": "A", "issued_on": paid, "due_on": paid, "amount": 1.0, "paid_on": paid})
    laws = payment_laws(from_frame(every), DAY)
    assert laws.calendar.sentence().key == "calendar.weekdays"
    kept = [day.date() not in french_holidays(day.year) for day in paid]
    assert payment_laws(from_frame(every[kept]), DAY).calendar.sentence().key == "calendar.business_days"


def test_the_country_is_the_one_asked_that_of_most_customers_or_the_currencys():
    invoices = late_by(0, issued="2025-01-06")
    customers = pd.DataFrame({"customer_id": ["A", "B", "C"], "country": ["Allemagne", "DE", "FR"]})
    assert payment_laws(from_frame(invoices), DAY).calendar.country == "FR"  # the euro
    assert payment_laws(from_frame(invoices, customers=customers), DAY).calendar.country == "DE"
    assert payment_laws(from_frame(invoices, customers=customers), DAY, country="Canada").calendar.country == "CA"
    assert not payment_laws(from_frame(invoices), DAY, country="").calendar.holidays_closed
    unknown = replace(from_frame(invoices), currency="XYZ")
    assert payment_laws(unknown, DAY).calendar.sentence().key == "calendar.weekdays"
    with pytest.raises(ArlibError, match="“Atlantis”"):
        payment_laws(from_frame(invoices), DAY, country="Atlantis")


def test_an_opinion_tilts_what_a_new_customer_is_drawn_to_and_data_overrule_it():
    """B and C are new; of B and of A, who always pays on time, somebody thinks half is paid over 30 days late."""
    customers = pd.DataFrame({"customer_id": ["A", "B", "C", "L"]})
    invoices = pd.concat([on_weekdays(late_by(0)), on_weekdays(late_by(40, customer="L"))])
    ledger = from_frame(invoices, customers=customers)
    plain = payment_laws(ledger, DAY)
    laws = payment_laws(ledger, DAY, opinions=pd.Series({"A": 0.9, "B": 0.9, "C": np.nan}))
    assert laws.p_late(30)[1] == pytest.approx(0.9)
    assert laws.p_late(30)[[2, 3]] == pytest.approx(plain.p_late(30)[[2, 3]])
    assert plain.p_late(30)[0] < laws.p_late(30)[0] < 0.1
    assert (np.diff(laws.unpaid, axis=1) <= 0).all()
    new = np.array([1, 2])
    powers = np.log(laws.unpaid[new[0], 61:90]) / np.log(plain.unpaid[new[0], 61:90])
    assert powers == pytest.approx(np.full(29, powers[0]))  # proportional hazards: one power on all days
    assert laws.portfolio == pytest.approx(plain.portfolio)


@pytest.mark.parametrize(
    ("opinions", "message"),
    [({"Z": 0.5}, "Z.* is not in it"), ({"A": 1.0}, "above 0 and below 1: A"), ({"A": 0.0}, "above 0 and below 1")],
)
def test_opinions_that_cannot_be_used_are_named(opinions, message):
    with pytest.raises(ArlibError, match=message):
        payment_laws(from_frame(late_by(0)), DAY, opinions=pd.Series(opinions))


def test_dates_of_another_century_and_customers_without_items():
    """Due on Wednesday 14 August 1901, the eve of a holiday, paid on Friday; due on Saturday 17, paid on Monday."""
    ledger = from_text(
        """
        customer_id issued_on  due_on     amount paid_on
        A           1901-07-01 1901-08-14 100    1901-08-16
        A           1901-07-01 1901-08-17 100    1901-08-19
        """,
        customers=pd.DataFrame({"customer_id": ["A", "new"]}),
        until="1901-12-31",
    )
    laws = payment_laws(ledger)
    assert list(laws.evidence.open_days_late) == [1, 0]
    assert laws.p_late(5)[1] == pytest.approx(laws.portfolio_p_late(5))
    assert list(laws.effective_history > 0) == [True, False]


def test_an_empty_ledger_says_so():
    empty = from_frame(late_by(0, count=1))
    nothing = replace(empty, items=empty.items.iloc[:0], matches=empty.matches.iloc[:0])
    with pytest.raises(ArlibError, match="No payment of an invoice"):
        payment_laws(nothing)

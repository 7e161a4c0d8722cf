"""Payment terms: due dates against published examples (handbook section K), values that cannot be built wrong."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arlib import END_OF_MONTH_45, END_OF_MONTH_THEN_45, NET_30, NET_60, ON_RECEIPT, ArlibError, PaymentTerms
from arlib.terms import Discount, DueRule, EndOfMonth, Instalment


def proximo(months: int, day: int, cut_off: int) -> PaymentTerms:
    """The day of the month so many months on, a month later after the cut-off (handbook form 9)."""
    later = DueRule(0, "after_days", day, months=months)
    return PaymentTerms(0, "after_days", day, months=months - 1, cut_off=cut_off, beyond=later)


def due(terms: PaymentTerms, day: str) -> str:
    return terms.due_dates(pd.Series(pd.to_datetime([day])))[0].strftime("%Y-%m-%d")


@pytest.mark.parametrize(
    ("terms", "issued", "expected"),
    [
        (END_OF_MONTH_THEN_45, "2023-01-15", "2023-03-17"),  # K1, solon.law: reading A
        (END_OF_MONTH_45, "2023-01-15", "2023-03-31"),  # K2: reading B
        (END_OF_MONTH_THEN_45, "2009-01-12", "2009-03-17"),  # K4 corrected: the page prints 15 March
        (ON_RECEIPT, "2026-04-10", "2026-04-10"),  # K6, getlago.com
        (NET_30, "2026-04-10", "2026-05-10"),
        (PaymentTerms(0, "after_days"), "2026-04-10", "2026-04-30"),
        (PaymentTerms(30, "before_days"), "2026-04-10", "2026-05-30"),
        (NET_30, "2024-08-01", "2024-08-31"),  # K7, zuora.com
        (PaymentTerms(15), "2024-08-01", "2024-08-16"),
        (PaymentTerms(21), "2026-07-30", "2026-08-20"),  # K9
        (PaymentTerms(14, "before_days"), "2026-07-30", "2026-08-14"),
        (PaymentTerms(30, "after_days", 10), "2024-01-15", "2024-03-10"),  # 14 Feb, 29 Feb, the 10th that follows
        (PaymentTerms(30, "after_days", 31), "2024-01-15", "2024-03-31"),
        (PaymentTerms(0, "after_days", 30), "2024-01-15", "2024-02-29"),  # a month too short pays on its last day
        (PaymentTerms(30, "none", 10), "2024-01-11", "2024-02-10"),  # a day of payment itself is not put off
        (PaymentTerms(30, "none", 10), "2024-01-12", "2024-03-10"),
        (PaymentTerms(30, "before_days", 10), "2024-01-15", "2024-03-10"),  # 31 Jan + 30 = 1 March
        (END_OF_MONTH_45, "2024-01-31", "2024-03-31"),  # 31 January + 45 = 16 March of a leap year
    ],
)
def test_due_dates_are_those_published(terms, issued, expected):
    assert due(terms, issued) == expected


def test_both_readings_of_45_days_end_of_month_over_a_year():
    """Invoices on every day of 2023: 45 to 75 days in both, means 59.72 and 59.76 (K5)."""
    days = pd.Series(pd.date_range("2023-01-01", "2023-12-31"))
    for terms, mean in ((END_OF_MONTH_THEN_45, 59.72), (END_OF_MONTH_45, 59.76)):
        granted = (terms.due_dates(days) - days).dt.days
        assert (granted.min(), granted.max()) == (45, 75)
        assert granted.mean() == pytest.approx(mean, abs=0.005)
    ends = pd.Series(pd.date_range("2023-01-31", "2023-12-31", freq="ME"))
    assert set((END_OF_MONTH_THEN_45.due_dates(ends) - ends).dt.days) == {45}
    assert set((END_OF_MONTH_45.due_dates(ends) - ends).dt.days) <= {59, 60, 61, 62}


@pytest.mark.parametrize(("days", "end_of_month"), [(-1, "none"), (367, "none"), (30, "sometimes")])
def test_impossible_terms_cannot_be_built(days, end_of_month: EndOfMonth):
    with pytest.raises(ArlibError, match="cannot be"):
        PaymentTerms(days, end_of_month)


def test_missing_dates_stay_missing_and_the_index_is_kept():
    issued = pd.Series(pd.to_datetime(["2026-04-10", None]), index=[7, 3])
    dues = NET_60.due_dates(issued)
    assert dues.index.tolist() == [7, 3]
    assert dues.tolist() == [pd.Timestamp("2026-06-09"), pd.NaT]
    assert issued.equals(pd.Series(pd.to_datetime(["2026-04-10", None]), index=[7, 3]))


@pytest.mark.parametrize(
    ("issued", "cut_off", "months", "day", "expected"),
    [
        ("2024-08-10", 12, 1, 20, "2024-09-20"),
        ("2024-08-15", 12, 1, 20, "2024-10-20"),
        ("2024-08-21", 12, 1, 20, "2024-10-20"),
        ("2024-08-10", 20, 1, 12, "2024-09-12"),
        ("2024-08-15", 20, 1, 12, "2024-09-12"),
        ("2024-08-21", 20, 1, 12, "2024-10-12"),
        ("2024-08-21", 20, 3, 12, "2024-12-12"),
        ("2025-01-01", 5, 1, 30, "2025-02-28"),
    ],
)
def test_k8_proximo_with_a_cut_off(issued, cut_off, months, day, expected):
    assert due(proximo(months, day, cut_off), issued) == expected


def test_k8_the_last_day_of_the_next_month():
    assert due(PaymentTerms(0, "after_days", months=1), "2024-08-15") == "2024-09-30"


def test_k9_the_due_date_is_that_of_the_last_term():
    two = PaymentTerms(30, instalments=(Instalment(DueRule(14), share=0.5),))
    assert due(two, "2026-07-30") == "2026-08-29"
    assert due(PaymentTerms(0, "before_days", months=1), "2026-07-30") == "2026-08-31"


def test_k10_two_windows_by_day_limit():
    """Until the 15th, the last day of the next month; after it, the 15th of the month after next."""
    terms = PaymentTerms(0, "after_days", months=1, cut_off=15, beyond=DueRule(0, "after_days", 15, months=1))
    assert due(terms, "2026-03-10") == "2026-04-30"
    assert due(terms, "2026-03-20") == "2026-05-15"
    assert due(terms, "2026-03-15") == "2026-04-30"


def test_k12_a_month_after_the_end_of_february_is_the_end_of_march():
    """FLAWED in ERPNext, where 28 February and one month is 28 March."""
    for reading in ("before_days", "after_days"):
        assert due(PaymentTerms(0, reading, months=1), "2026-02-11") == "2026-03-31"
    assert due(PaymentTerms(months=1), "2026-01-31") == "2026-02-28"


@pytest.mark.parametrize(
    ("delivered", "expected"),
    [("2026-03-04", "2026-04-09"), ("2026-03-10", "2026-04-09"), ("2026-03-21", "2026-04-30")],
)
def test_k13_thirty_days_after_the_decade_of_delivery(delivered, expected):
    terms = PaymentTerms(30, "before_days", period="decade", counted_from="delivery")
    issued = pd.Series(pd.to_datetime(["2026-05-31"]))
    day = pd.Series(pd.to_datetime([delivered]))
    assert terms.due_dates(issued, {"delivery": day})[0] == pd.Timestamp(expected)


def test_k4_one_month_and_fifteen_days_is_not_forty_five_days():
    """FLAWED: the page prints 15 March 2009, which "45 days" is not."""
    assert due(END_OF_MONTH_THEN_45, "2009-01-12") != "2009-03-15"
    assert due(PaymentTerms(15, "before_days", months=1), "2009-01-12") == "2009-03-15"


@pytest.mark.parametrize(
    ("terms", "issued", "expected"),
    [
        (PaymentTerms(0, "after_days", period="week"), "2026-04-08", "2026-04-12"),  # a Wednesday, then Sunday
        (PaymentTerms(0, "after_days", period="week"), "2026-04-12", "2026-04-12"),
        (PaymentTerms(0, "after_days", period="decade"), "2026-04-11", "2026-04-20"),
        (PaymentTerms(0, "after_days", period="fortnight"), "2026-02-15", "2026-02-15"),
        (PaymentTerms(0, "after_days", period="fortnight"), "2026-02-16", "2026-02-28"),
        (PaymentTerms(45, "before_days", period="quarter"), "2026-02-16", "2026-05-15"),  # 31 March and 45 days
        (PaymentTerms(30, payment_days=(10, 25)), "2026-04-01", "2026-05-10"),  # 1 May
        (PaymentTerms(30, payment_days=(10, 25)), "2026-04-11", "2026-05-25"),  # 11 May
        (PaymentTerms(30, payment_days=(10, 25)), "2026-04-27", "2026-06-10"),  # 27 May
        (PaymentTerms(30, open_days="following"), "2026-04-02", "2026-05-04"),  # Saturday 2 May
        (PaymentTerms(30, open_days="preceding"), "2026-04-02", "2026-05-01"),  # Labour Day is not known
        (PaymentTerms(30, open_days="preceding", country="FR"), "2026-04-02", "2026-04-30"),
        (PaymentTerms(30, open_days="following", country="FR"), "2026-04-14", "2026-05-15"),  # Ascension, 14 May
        (PaymentTerms(fixed_on=date(2026, 12, 31)), "2026-04-14", "2026-12-31"),
        (PaymentTerms(fixed_on=date(2026, 12, 31)), "2027-01-02", "2027-01-02"),
        (PaymentTerms(months=2), "2025-12-31", "2026-02-28"),
        (PaymentTerms(10, months=1), "2026-01-31", "2026-03-10"),  # 28 February and 10 days
        (PaymentTerms(counted_from="before_delivery"), "2026-04-14", "2026-04-14"),  # the delivery is not known
    ],
)
def test_the_other_forms(terms, issued, expected):
    assert due(terms, issued) == expected


def test_other_dates_are_counted_from_where_they_are_known():
    issued = pd.Series(pd.to_datetime(["2026-04-01", "2026-04-01", None]), index=[5, 6, 7])
    other = pd.Series(pd.to_datetime(["2026-04-11", None, "2026-04-11"]), index=[5, 6, 7])
    for terms, event, expected in (
        (PaymentTerms(30, counted_from="delivery"), "delivery", ["2026-05-11", "2026-05-01", None]),
        (PaymentTerms(counted_from="before_delivery"), "delivery", ["2026-04-10", "2026-04-01", None]),
        (PaymentTerms(30, counted_from="order"), "order", ["2026-05-11", "2026-05-01", None]),
        (ON_RECEIPT, "reception", ["2026-04-11", "2026-04-01", None]),
        (NET_30, "reception", ["2026-05-01", "2026-05-01", None]),
    ):
        dues = terms.due_dates(issued, {event: other})
        pd.testing.assert_series_equal(dues, pd.Series(pd.to_datetime(expected), index=issued.index).astype(dues.dtype))


@pytest.mark.parametrize("dates", [{"delivry": 1}, {"delivery": 2}, {"previous": 1}])
def test_dates_of_an_unknown_event_or_of_other_rows_are_refused(dates):
    columns = {event: pd.Series(pd.to_datetime(["2026-01-01"] * rows)) for event, rows in dates.items()}
    with pytest.raises(ArlibError, match="cannot stand beside 1 invoices"):
        NET_30.due_dates(pd.Series(pd.to_datetime(["2026-01-01"])), columns)


@pytest.mark.parametrize(
    ("terms", "alone"),
    [
        (NET_30, True),
        (proximo(1, 20, 12), True),
        (PaymentTerms(counted_from="delivery"), False),
        (PaymentTerms(cut_off=9, beyond=DueRule(counted_from="order")), False),
        (PaymentTerms(30, instalments=(Instalment(DueRule(14), share=0.5),)), False),
    ],
)
def test_terms_of_one_date_need_only_that_of_the_invoice(terms, alone):
    assert terms.one_date == alone


def a_month_later(day: date, months: int) -> date:
    """By the calendar of Python, apart from arlib."""
    ahead = day.month - 1 + months
    first = date(day.year + ahead // 12, ahead % 12 + 1, 1)
    return min(first + timedelta(day.day - 1), (first + timedelta(31)).replace(day=1) - timedelta(1))


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(0, 36), st.integers(0, 366))
def test_months_and_days_follow_the_calendar(day, months, days):
    expected = a_month_later(day, months) + timedelta(days)
    assert due(PaymentTerms(days, months=months), str(day)) == str(expected)
    end = (expected.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)
    assert due(PaymentTerms(days, "after_days", months=months), str(day)) == str(end)


@given(st.integers(0, 40), st.sampled_from(["none", "after_days", "before_days"]), st.integers(0, 31))
def test_many_invoices_fall_due_as_each_alone(days, end_of_month, day):
    """Past a number of invoices, due dates are computed once a day of the calendar."""
    terms = PaymentTerms(days, end_of_month, day, open_days="following", country="FR")
    alone = np.arange(20_400, 20_460)
    many = terms.due_days(np.tile(alone, 2))
    assert many.tolist() == [int(terms.due_days(np.array([each, 30_000]))[0]) for each in alone] * 2


@pytest.mark.parametrize(
    "fields",
    [
        {"days": 30.5},
        {"days": True},
        {"day_of_month": 32},
        {"months": 37},
        {"period": "decade"},  # without an end of it
        {"period": "year", "end_of_month": "after_days"},
        {"counted_from": "friday"},
        {"counted_from": "before_delivery", "days": 30},
        {"counted_from": "previous"},  # nothing comes before
        {"payment_days": (25, 10)},
        {"payment_days": (0,)},
        {"payment_days": [10]},
        {"open_days": "sometimes"},
        {"country": "FR"},  # nothing is moved
        {"country": "XX", "open_days": "following"},
        {"fixed_on": date(2026, 1, 1), "days": 3},
        {"fixed_on": "2026-01-01"},
        {"cut_off": 12},
        {"beyond": DueRule(30)},
        {"cut_off": 12, "beyond": PaymentTerms(30)},
        {"cut_off": 12, "beyond": DueRule(30, cut_off=5, beyond=DueRule(3))},
        {"cut_off": 12, "beyond": DueRule(30, counted_from="previous")},
        {"instalments": (DueRule(30),)},
        {"instalments": [Instalment(DueRule(30), share=0.5)]},
        {"instalments": (Instalment(DueRule(30), share=0.5), Instalment(DueRule(60), share=0.5))},  # no balance
        {"instalments": (Instalment(DueRule(counted_from="previous"), share=0.5),)},
        {"instalments": (Instalment(DueRule(30), amount=500),), "discounts": (Discount(0.02, DueRule(10)),)},  # L3
        {"discounts": (Discount(0.02, DueRule(10)), Discount(0.03, DueRule(5)))},
        {"discounts": (Discount(0.02, DueRule(10, counted_from="previous")),)},
    ],
    ids=str,
)
def test_terms_that_contradict_themselves_cannot_be_built(fields):
    with pytest.raises(ArlibError, match="cannot"):
        PaymentTerms(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"share": 0.5, "amount": 10.0},
        {"share": 0.0},
        {"share": 1.0},
        {"share": 30},
        {"share": 1 / 3},  # of no text, and never exact
        {"amount": 0.0},
        {"amount": -5.0},
        {"amount": 0.0001},
        {"amount": float("nan")},
        {"share": float("nan")},
    ],
    ids=str,
)
def test_a_part_that_is_none_cannot_be_built(fields):
    with pytest.raises(ArlibError, match="cannot"):
        Instalment(DueRule(30), **fields)


def test_no_invoice_has_no_due_date():
    assert len(PaymentTerms(30, open_days="following").due_days(np.zeros(0, dtype=np.int64))) == 0

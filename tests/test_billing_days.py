"""Invoices that come back on the day of the month they are billed on, and those that come back on their weekday."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, future_changed, random_invoices

from arlib import measures
from arlib.calendar import EVERY_DAY, business_calendar
from arlib.schema import day_number, day_numbers
from arlib.simulation.base import prepare
from arlib.simulation.policies.policy import Policy
from arlib.simulation.sales.billing_days import BillingDays, follow_month, whole_months
from arlib.simulation.sales.plan import years_ahead
from arlib.simulation.sales.risk import LEAST_LEVEL
from arlib.simulation.simulate import simulate
from arlib.terms import END_OF_MONTH_THEN_45
from arlib.words import LANGUAGES

MONTHS = pd.date_range("2023-01-01", "2025-12-01", freq="MS")
CLOSED = [5, 6]


def numbers(*days):
    return day_numbers(pd.Series(pd.to_datetime(list(days))))


def opened(days, step=1):
    """The next weekday, or the one before, where a day is of a weekend."""
    moved = pd.Series(days)
    for _ in range(2):
        moved = moved.where(~moved.dt.day_of_week.isin(CLOSED), moved + pd.Timedelta(days=step))
    return moved


def company(**billed):
    """A ledger of customers each invoiced 100 on its days, due 45 days after the end of the month, paid two later."""
    invoices = pd.concat([pd.DataFrame({"customer_id": name, "issued_on": days}) for name, days in billed.items()])
    invoices["due_on"] = invoices["issued_on"] + pd.offsets.MonthEnd(0) + pd.Timedelta(days=45)
    invoices["paid_on"] = opened((invoices["due_on"] + pd.Timedelta(days=2)).reset_index(drop=True)).to_numpy()
    return from_frame(
        invoices.assign(amount=100.0, paid_on=invoices["paid_on"].where(invoices["paid_on"] <= "2025-12-31"))
    )


def comes_back(ledger, day="2025-12-31", horizon=365):
    """Days of issue of the invoices to come, up to the horizon, and the plan."""
    base = prepare(ledger, day, horizon=horizon)
    issue = base.plan.issue[base.plan.issue <= horizon]
    return pd.Series(base.as_of + pd.to_timedelta(issue, unit="D")).sort_values(ignore_index=True), base


BILLED = {
    "first": pd.Series,
    "first open": opened,
    "fifteenth": lambda months: pd.Series(months + pd.Timedelta(days=14)),
    "fifteenth open": lambda months: opened(months + pd.Timedelta(days=14)),
    "month end": lambda months: pd.Series(months + pd.offsets.MonthEnd(0)),
    "last open": lambda months: opened(months + pd.offsets.MonthEnd(0), -1),
    "twentieth": lambda months: pd.Series(months + pd.Timedelta(days=19)),
    "third weekday": lambda months: pd.Series(months + pd.offsets.BDay(0) + 2 * pd.offsets.BDay(1)),
}


@pytest.mark.parametrize("day", ["2025-12-31", "2025-11-30", "2025-06-20", "2024-02-29"])
@pytest.mark.parametrize("name", BILLED)
def test_who_is_billed_on_a_day_of_the_month_still_is(name, day):
    """Three years ahead, a leap one among them, each month has its one invoice, on its day; bank holidays apart.

    No invoice of the month asked is out where the day comes before its own.
    """
    past = BILLED[name](MONTHS)
    ledger = company(A=past[past <= "2025-12-31"])
    found, base = comes_back(ledger, day, 1098)
    assert base.plan.by_month == 1
    expected = BILLED[name](pd.date_range("2023-01-01", "2029-12-01", freq="MS"))
    until = base.as_of + pd.Timedelta(days=1098)
    expected = expected[(expected > base.as_of) & (expected <= until)].reset_index(drop=True)
    ends = expected.iloc[-1:] if len(expected) > len(found) else expected.iloc[:0]  # a holiday moved it past the end
    assert (until - ends < pd.Timedelta(days=4)).all()
    expected = expected.iloc[: len(found)]
    assert found.dt.to_period("M").tolist() == expected.dt.to_period("M").tolist()
    moved = (found - expected).dt.days
    assert (moved.abs() <= (4 if "open" in name or "weekday" in name else 0)).all()
    assert (moved == 0).mean() > 0.85


def test_a_company_that_bills_on_the_first_loses_neither_a_month_nor_thirty_days():
    """Asked at the end of December: 12 invoices of 100, not 11; end of month then 45 days is 75 days, not 45.

    The DSO of the same dates a year later is that of the ledger.
    """
    ledger = company(A=MONTHS)
    simulation = simulate(prepare(ledger), Policy("eom", END_OF_MONTH_THEN_45))
    summary = simulation.summary.set_index("policy")
    assert summary["sales"].tolist() == pytest.approx([1200, 1200])
    base = prepare(ledger)
    first = base.plan.issue <= 365
    issued = base.plan.issue[first] + day_number(base.as_of)
    granted = END_OF_MONTH_THEN_45.due_days(issued) - issued
    assert granted.mean() == pytest.approx(30.42 - 1 + 45, abs=0.01)  # the rest of each month of 2026, and 45 days
    assert base.plan.due[first] - base.plan.issue[first] == pytest.approx(granted, abs=2)
    today = simulation.daily[simulation.daily["policy"] == "today"].set_index("day")["dso"]
    for date in ("2025-06-30", "2025-09-30", "2025-12-31"):
        assert today[pd.Timestamp(date) + pd.DateOffset(years=1)] == pytest.approx(
            float(measures.dso(ledger, date)), abs=3
        )


def test_who_is_billed_on_a_weekday_keeps_it():
    for days in (pd.date_range("2023-01-02", "2025-12-31", freq="W-MON"), pd.bdate_range("2023-01-02", "2025-12-31")):
        found, base = comes_back(company(A=days))
        assert base.plan.by_month == 0
        assert set(found.dt.day_of_week) == set(days.day_of_week)


def test_each_customer_has_its_own_way():
    """A on the first weekday of a month, B every Tuesday: 12 and 52 invoices; C, with one, as the whole ledger."""
    tuesdays = pd.date_range("2023-01-03", "2025-12-31", freq="W-TUE")
    base = prepare(company(A=opened(MONTHS), B=tuesdays, C=[pd.Timestamp("2025-05-13")]))
    first = base.plan.issue <= 364
    names = base.laws.customers[base.plan.customer[first]]
    issued = pd.Series(base.as_of + pd.to_timedelta(base.plan.issue[first], unit="D"))
    assert issued[names == "A"].dt.month.tolist() == list(range(1, 13))
    assert issued[names == "A"].dt.day.max() <= 4  # 1 May is closed, and a Friday
    assert issued[names == "B"].dt.day_of_week.tolist() == [1] * 52
    assert base.plan.by_month == pytest.approx(13 / 65)
    told = [each for each in simulate(base).assumptions if each.key.startswith("simulation.plan.by_")]
    assert [each.text("en")[:5] for each in told] == ["20.0%", "80.0%"]
    assert all("{" not in each.text(language) for each in told for language in LANGUAGES)


def test_a_batch_on_the_first_among_daily_invoices_stays_on_it():
    """A fifth of what is billed goes out on the first open day: it is still in its month."""
    daily = pd.bdate_range("2023-01-02", "2025-12-31")
    found, base = comes_back(company(A=pd.Index(np.concatenate([daily, np.repeat(opened(MONTHS).to_numpy(), 6)]))))
    assert base.plan.by_month == 1
    by_month = found.dt.to_period("M").value_counts()
    assert by_month.min() >= 6 + 18
    assert by_month.max() <= 6 + 24


def test_less_than_a_year_repeats_whole_months():
    """Billed on the 1st from September on: four months of it, each again every four months; a month end likewise."""
    for days in (MONTHS[-4:], MONTHS[-4:] + pd.offsets.MonthEnd(0)):
        found, base = comes_back(company(A=days))
        assert (base.plan.billing.months, base.plan.by_month) == (4, 1)
        assert found.dt.to_period("M").tolist() == pd.period_range("2026-01", "2026-12", freq="M").tolist()
        assert found.dt.day.isin([1, 2, 3, 4] if days[0].day == 1 else [27, 28, 29, 30, 31]).all()


@pytest.mark.parametrize(
    ("sold_on", "today", "months"),
    [
        (pd.date_range("2025-01-02", "2025-12-31"), "2025-12-31", 12),  # the 2nd is the first open day
        (pd.date_range("2025-01-31", "2025-12-31", freq="ME"), "2025-12-31", 12),
        (pd.date_range("2025-09-20", "2025-12-31"), "2025-12-31", 3),
        (pd.date_range("2025-09-20", "2025-12-19"), "2025-12-19", 3),
        (pd.date_range("2025-09-20", "2025-12-18"), "2025-12-18", 2),
        (pd.date_range("2020-01-01", "2025-12-18"), "2025-12-18", 12),
        (pd.date_range("2025-12-10", "2025-12-18"), "2025-12-18", 1),
        ([], "2025-12-18", 1),
    ],
)
def test_whole_months(sold_on, today, months):
    assert whole_months(numbers(*sold_on), day_number(pd.Timestamp(today))) == months


def test_the_same_day_of_another_month_by_hand():
    """France: 1 November is closed, 2025-11-03 the first open day of its month; 2026-11-02 that of the year after."""
    calendar = business_calendar("FR", *numbers("2024-01-01", "2029-01-01"))
    billing = BillingDays(np.array([True]), 12, calendar)
    days = numbers("2025-11-03", "2025-02-28", "2027-02-26", "2024-02-29", "2025-11-17", "2025-12-30")
    expected = numbers("2026-11-02", "2026-02-27", "2028-02-29", "2025-02-28", "2026-11-16", "2026-12-30")
    assert billing.later(days, 12).tolist() == expected.tolist()
    every = BillingDays(np.array([True]), 12, EVERY_DAY)
    assert every.later(numbers("2024-02-29", "2025-01-31", "2025-03-20"), 1).tolist() == (
        numbers("2024-03-31", "2025-02-28", "2025-04-20").tolist()
    )


@pytest.mark.parametrize("name", ["first", "fifteenth open", "month end"])
def test_sales_that_come_back_on_their_days_are_no_risk(name):
    """Each month is as the year before: no chance, and the least level."""
    risk = prepare(company(A=BILLED[name](MONTHS))).sales_risk
    assert risk.level == LEAST_LEVEL
    assert risk.noise < 0.35  # a holiday may move one into the next week


def test_chance_is_one_time():
    """Every open day alike is the measure itself; half as often again is not reached by who is billed at random."""
    rng = np.random.default_rng(3)
    today = day_number(pd.Timestamp("2025-12-31"))
    customer, issued = np.repeat(np.arange(200), 40), today - rng.integers(0, 365, 8000)
    follow = follow_month(customer, issued, np.ones(8000), 200, calendar=EVERY_DAY, today=today)
    assert follow.mean() < 0.02


def test_years_ahead_turn_on_the_same_date():
    for today, ends in (("2025-12-31", (365, 730, 1096)), ("2027-02-28", (366, 731, 1096)), ("2025-06-15", (365,))):
        number = day_number(pd.Timestamp(today))
        for year, end in enumerate(ends, 1):
            assert years_ahead(np.array([end, end + 1]), number).tolist() == [year, year + 1]
    assert years_ahead(np.array([1]), 20_000).tolist() == [1]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["2025-08-31", "2025-06-10"]), st.booleans())
def test_the_future_changes_nothing_to_the_bit(seed, day, monthly):
    invoices = random_invoices(seed, invoices=150)
    if monthly:
        term = invoices["due_on"] - invoices["issued_on"]
        invoices["issued_on"] = invoices["issued_on"].dt.to_period("M").dt.start_time
        invoices["due_on"] = invoices["issued_on"] + term
    ledger = from_frame(invoices)
    plans = [prepare(each, day).plan for each in (ledger, future_changed(ledger, day))]
    for name in ("customer", "issue", "due", "amount"):
        np.testing.assert_array_equal(getattr(plans[0], name), getattr(plans[1], name))
    assert plans[0].by_month == plans[1].by_month
    assert (plans[0].issue >= 1).all()


def stopped():
    """Daily invoices for two years, none any more after September 2025."""
    invoices = random_invoices(3, invoices=4000)
    return from_frame(invoices[invoices["issued_on"] <= "2025-09-30"], until="2025-12-31")


def test_a_dso_of_sales_that_a_stopped_file_repeats_is_missing_and_says_why():
    """92 days without a sale, which come back 364 days later: from then on none is told, nor 5 earlier.

    The first thirty days with a tenth of the usual invoices may hold three days of these.
    """
    base = prepare(stopped(), "2025-12-31")
    assert base.past.edge is not None
    simulation = simulate(base, Policy("faster", faster_invoicing_days=5))
    for name, advance in (("today", 0), ("faster", 5)):
        for frame in (simulation.daily, simulation.methods):
            dso = frame.loc[frame["policy"] == name, "dso"].to_numpy()
            told = np.flatnonzero(~np.isnan(dso))
            assert told[0] == 90
            assert 364 - 92 - 3 <= told[-1] + advance <= 364 - 92
    assert simulation.summary[["dso_start", "dso_end", "dso_gained"]].isna().all(axis=None)
    said = {each.key: each for each in simulation.assumptions}
    assert base.past.edge.key in said
    assert "2026-09-2" in said["simulation.plan.edge"].text("en")
    assert "/09/2026" in said["simulation.plan.edge"].text("fr")

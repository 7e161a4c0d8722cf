"""How far sales may be from the plan, learnt from the past, and what it adds to the band: by hand and by draws."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, future_changed, random_invoices

from arlib.schema import day_number
from arlib.simulation import forecast_cash, prepare, simulate
from arlib.simulation.outlook.by_week import ByWeek
from arlib.simulation.sales.risk import LEAST_LEVEL, SalesRisk, estimate_sales_risk, sales_variance

DAY = pd.Timestamp("2025-12-31")
YEAR = 364


def weekly(amounts):
    """Known sales of one invoice a week, the last one on the day asked."""
    issued = day_number(DAY) - 7 * np.arange(len(amounts))[::-1]
    return pd.DataFrame({"issued": issued, "amount": np.asarray(amounts, dtype=float)})


def risk_of(amounts, period=YEAR):
    first = pd.DataFrame({"issued": [day_number(DAY) - 7 * len(amounts) + 1], "amount": [0.0]})  # the first week whole
    return estimate_sales_risk(pd.concat([first, weekly(amounts)]), DAY, period)


def test_a_year_that_comes_back_higher_is_a_level_and_no_chance():
    """52 weeks of 10, then 52 of 12: 2 more a week on 10, 20 %; no week differs from the next."""
    risk = risk_of([10.0] * 52 + [12.0] * 52)
    assert (risk.level, risk.noise, risk.weekly, risk.weeks) == (pytest.approx(0.2), pytest.approx(0), 12, 52)


def test_years_that_rise_and_fall_do_not_cancel_out():
    """10 a week, 12, then 10 again: 2 more and 2 less on the 11 that were repeated on average, 18 % both times."""
    assert risk_of([10.0] * 52 + [12.0] * 52 + [10.0] * 52).level == pytest.approx(2 / 11)


def test_growth_is_carried_on_as_far_as_chance_does_not_make_it():
    """52 weeks of 12 on 10, without any chance: all of it. With too short a past, or no sales before: none."""
    for later, growth in ((12.0, 0.2), (8.0, -0.2)):
        risk = risk_of([10.0] * 52 + [later] * 52)
        assert (risk.growth, risk.carried) == (pytest.approx(growth), pytest.approx(growth))
    assert risk_of([10.0] * 20 + [15.0] * 20, period=280).carried == 0
    assert risk_of([10.0] * 52 + [12.0] * 12).carried == 0  # a quarter of a year is not told yet


def test_the_more_chance_the_less_is_carried_on():
    """11 on 10, four weeks d above it and four below: 52 weeks of chance are √52 × that of a week, on the 520 repeated.

    A chance as large as years differ by, 5 %, carries half: √52 × noise × 10 = 26, so that a week's is 36 % of 10.
    """
    swing = np.where(np.arange(52) // 4 % 2, 1.0, -1.0)
    risks = [risk_of(np.concatenate([np.full(52, 10.0), 11 + size * swing])) for size in (0.5, 1.0, 2.0, 4.0)]
    kept = [risk.carried / risk.growth for risk in risks]
    assert kept == sorted(kept, reverse=True)
    noise = np.array([risk.noise for risk in risks])
    assert kept == pytest.approx(1 / (1 + (noise / (26 / 10 / np.sqrt(52))) ** 2))


@pytest.mark.parametrize(("later", "carried"), [(100.0, 1.0), (1.0, -0.5)])
def test_never_more_than_doubled_nor_less_than_halved(later, carried):
    assert risk_of([10.0] * 52 + [later] * 52).carried == pytest.approx(carried)


def grown(sold, days=728):
    """The regular ledger over two years of 364 days, the second one sold for another amount."""
    invoices = regular(days)
    invoices["amount"] = np.where(pd.to_datetime(invoices["issued_on"]) > DAY - pd.Timedelta(days=364), sold, 100.0)
    return invoices


@pytest.mark.parametrize(("sold", "key"), [(130.0, "simulation.sales_rose"), (70.0, "simulation.sales_fell")])
def test_growth_carried_on_is_said_and_how_to_have_it_otherwise(sold, key):
    base = prepare(from_frame(grown(sold)), DAY, horizon=30)
    told = {each.key: each for each in simulate(base).assumptions}
    assert told[key].text("en").count("30.0%") == 2  # told, and all of it carried on
    assert told[key].text("fr").count("30,0\u00a0%") == 2
    assert "0% repeats" in told["simulation.sales_otherwise"].text("en")
    asked = {each.key: each for each in simulate(base, sales_growth=0.25).assumptions}
    assert "25.0%" in asked["simulation.sales_growth"].text("en")
    assert not {key, "simulation.sales_otherwise"} & set(asked)


def test_one_level_of_sales_whoever_asks():
    """100 a day for a year, 130 in the next: 169 a day to come, once; 130 where a growth of none is asked for.

    Asked for, growth counts from the 130 on and once more for each year: 143, then 157.3 in the second year.
    """
    base = prepare(from_frame(grown(130.0)), DAY, horizon=730)
    assert base.plan.level == pytest.approx(1.3)
    daily = simulate(base).daily["sales"].to_numpy()
    assert daily[[1, 200, 500]] == pytest.approx(169.0)
    assert simulate(base, sales_growth=0).daily["sales"].to_numpy()[[1, 500]] == pytest.approx(130.0)
    assert simulate(base, sales_growth=0.1).daily["sales"].to_numpy()[[1, 500]] == pytest.approx([143.0, 157.3])
    ahead = forecast_cash(base.ledger, DAY, weeks=8).weekly
    assert ahead["expected"].to_numpy()[5:] == pytest.approx(7 * 169.0, rel=1e-3)  # paid 30 days later: all of it new
    assert ahead.equals(forecast_cash(base, weeks=8).weekly)
    assert {each.key for each in forecast_cash(base).notes} >= {"simulation.sales_rose"}


def test_a_plan_that_is_given_is_at_no_other_level():
    """31 days of January for 3,100; February comes back as it was, 130 a day."""
    plan = pd.DataFrame({"month": ["2026-01"], "amount": [3100.0]})
    base = prepare(from_frame(grown(130.0)), DAY, horizon=59, sales=plan)
    sales = simulate(base).daily["sales"].to_numpy()
    assert sales[1:32].sum() == pytest.approx(3100.0)
    assert sales[32:60] == pytest.approx(130.0)
    assert base.plan.level == 1


def test_billing_once_a_month_is_compared_with_the_same_month():
    """1,000 on the last open day of each month, then 1,200: 20 %, though weeks 364 days apart hold one or none."""
    days = pd.bdate_range(DAY - pd.DateOffset(months=36), DAY, freq="BME")
    lately = days > DAY - pd.DateOffset(months=12)
    invoices = pd.DataFrame(
        {
            "customer_id": "A",
            "issued_on": days,
            "due_on": days + pd.Timedelta(days=30),
            "amount": np.where(lately, 1200.0, 1000.0),
        }
    )
    paid = invoices["due_on"]
    base = prepare(from_frame(invoices.assign(paid_on=paid.where(paid <= DAY))), DAY, horizon=364)
    assert base.plan.by_month == 1
    assert base.sales_risk.growth == pytest.approx(0.2)
    assert 1.15 < base.plan.level <= 1.2


def test_less_counts_as_more_does_and_the_same_is_never_taken_for_certain():
    assert risk_of([10.0] * 52 + [8.0] * 52).level == pytest.approx(0.2)
    assert risk_of([10.0] * 104).level == LEAST_LEVEL


def test_a_season_that_comes_back_is_no_risk():
    season = 10 + 5 * np.sin(2 * np.pi * np.arange(52) / 52)
    risk = risk_of(np.tile(season, 3))
    assert (risk.level, risk.noise) == (LEAST_LEVEL, pytest.approx(0))


def test_the_chance_of_a_week_is_recovered():
    """Weeks of 100 ± 30 drawn apart: what comes less what is repeated has √2 times that, 42 %."""
    noise = [risk_of(np.random.default_rng(seed).normal(100, 30, 156)).noise for seed in range(20)]
    assert np.sqrt(np.mean(np.square(noise))) == pytest.approx(0.3 * np.sqrt(2), rel=0.1)


def test_what_slips_into_the_next_week_adds_up_less():
    """40 invoiced every fourth week, a week later in every other month of the second year: on 10 a week, −4 then +4.

    From a week to the next these change by 4, 8 and 4 in eight weeks: √((16 + 64 + 16) / 8 / 2) = 2.45 by weeks alone.
    """
    first, second = np.tile([0, 40, 0, 0], 13), np.tile([0, 40, 0, 0, 0, 0, 40, 0], 7)[:52]
    assert risk_of(np.concatenate([first, second])).noise < 0.6 * 2.45


def test_a_history_shorter_than_a_year_is_compared_with_its_own_first_half():
    risk = risk_of([10.0] * 20 + [15.0] * 20, period=280)
    assert (risk.level, risk.weeks) == (pytest.approx(0.5), 20)


@pytest.mark.parametrize("amounts", [[], [10.0], [10.0, 12.0], [10.0, -30.0, 5.0], [0.0] * 60])
def test_a_history_that_tells_nothing_is_no_certainty(amounts):
    sales = weekly(amounts)
    risk = estimate_sales_risk(sales, DAY, YEAR if len(amounts) > 52 else 7)
    assert risk.level >= LEAST_LEVEL
    assert risk.noise > 0
    assert risk.weekly >= 0


@settings(max_examples=25)
@given(st.lists(st.floats(1, 1e6), min_size=8, max_size=160), st.floats(0.01, 1000))
def test_amounts_in_another_unit_change_no_share(amounts, factor):
    one, other = risk_of(amounts), risk_of(np.array(amounts) * factor)
    assert (other.level, other.noise) == (pytest.approx(one.level), pytest.approx(one.noise, abs=1e-6))
    assert other.weekly == pytest.approx(one.weekly * factor)


def regular(days=900):
    """100 invoiced every day to one customer, each invoice paid exactly 30 days later."""
    issued = DAY - pd.to_timedelta(np.arange(days), unit="D")
    due = issued + pd.Timedelta(days=30)
    paid = due.where(due <= DAY)
    return pd.DataFrame({"customer_id": "A", "issued_on": issued, "due_on": due, "amount": 100.0, "paid_on": paid})


@pytest.fixture(scope="module")
def base():
    return prepare(from_frame(regular()), DAY, horizon=300)


def flat(days=301, deposit=0.0):
    """What 100 a day from day 1 on brings, part of it paid at once and the rest 28 days later; billed by day."""
    day, first = np.arange(days), 7 * np.arange((days - 1) // 7 + 1)[:, None]
    billed = 100.0 * np.clip(np.minimum(day + 1, first + 7) - np.maximum(first, 1), 0, None)
    later = np.pad(billed, ((0, 0), (28, 0)))[:, :days]
    weeks = ByWeek(
        billed, deposit * billed + (1 - deposit) * later, np.zeros_like(billed), np.zeros((2, 5, days)), np.zeros(days)
    )
    return weeks, np.where(day > 0, 100.0, 0.0), np.full(days, 2800.0 * (1 - deposit))


def prepared(monkeypatch, risk, days=300):
    """A ledger of 100 a day, and of no more weeks to come than `flat` has."""
    base = prepare(from_frame(regular()), DAY, horizon=days)
    monkeypatch.setitem(base.__dict__, "sales_risk", risk)
    monkeypatch.setitem(base.__dict__, "sold_by_week", base.sold_by_week[: days // 7 + 1])
    return base


def test_variances_by_hand(monkeypatch):
    """Level 10 %, chance 50 % of a week of 700: 0.25 × 700 = 175 a unit sold by whole weeks; day 202 ends week 28.

    Owed: the last four weeks, 2,800. Received: weeks 1 to 24 and the six days of week 0. DSO: 2,800 on 9,000 is r; each
    of the four newest weeks counts 1 − r, the eight before them and six days of one more, −r; a level moves receivable
    and sales alike and leaves the DSO where it is.
    """
    base = prepared(monkeypatch, SalesRisk(0.1, 0.5, 700.0, 52))
    found = sales_variance(base, *flat())
    r = 2800 / 9000
    assert found.receivable[202] == pytest.approx(175 * 2800 + 280**2)
    assert found.cash[202] == pytest.approx(175 * 17_400 + 1740**2)
    assert found.sold[202] == pytest.approx(175 * 20_200 + 2020**2)
    weeks = 4 * (700 * (1 - r)) ** 2 + 8 * (700 * r) ** 2 + (600 * r) ** 2
    assert found.ratio[202] == pytest.approx(175 / 700 * weeks)
    assert [found.receivable[0], found.cash[0], found.sold[0], found.ratio[0]] == [0, 0, 0, 0]
    assert found.cash[20] == 0  # nothing to come is paid yet


def test_of_a_sale_owed_by_a_part_it_is_the_square_that_counts(monkeypatch):
    """A deposit of 70 %: 30 % of each sale is owed, and its variance is 9 % of that of all of it."""
    base = prepared(monkeypatch, SalesRisk(0.1, 0.5, 700.0, 52))
    found = sales_variance(base, *flat(deposit=0.7))
    assert found.receivable[202] == pytest.approx(0.09 * (175 * 2800 + 280**2))
    assert found.sold[202] == pytest.approx(175 * 20_200 + 2020**2)


def test_who_buys_counts_where_some_invoices_are_paid_and_others_are_not(monkeypatch):
    """Of two weeks of 700, half is paid on the last day: each adds 175 × 700 × ½ × ½ to what is owed and received.

    As 1,400 invoices of 1 that come by chance would: 175 a unit, of 700 owed in all, 175 × 700. What is sold and the
    window of the DSO do not change.
    """
    base = prepared(monkeypatch, SalesRisk(0.0, 0.5, 700.0, 52))
    weeks, billed, owed = flat()
    apart = np.full(301, 2 * 700 * 0.25)
    plain, found = (sales_variance(base, each, billed, owed) for each in (weeks, replace(weeks, apart=apart)))
    for name in ("receivable", "cash", "ratio"):
        assert getattr(found, name) - getattr(plain, name) == pytest.approx(np.full(301, 175 * 350.0))
    assert (found.sold == plain.sold).all()


def test_a_second_year_repeats_a_plan_two_years_old(monkeypatch):
    """Day 500: what is owed comes from a plan two years old, and the level counts twice."""
    base = prepared(monkeypatch, SalesRisk(0.1, 0.0, 700.0, 52), 600)
    found = sales_variance(base, *flat(601))
    assert found.receivable[500] == pytest.approx(560**2)
    assert found.sold[500] == pytest.approx((0.1 * (365 * 100 + 2 * 135 * 100)) ** 2, rel=0.02)  # by whole weeks


@pytest.mark.parametrize("deposit", [0.0, 0.3, 0.7])
def test_variances_agree_with_draws(monkeypatch, deposit):
    """20,000 draws of the sales of each week: standard deviations within 3 %, of the DSO itself 4 %."""
    risk = SalesRisk(0.08, 0.3, 700.0, 52)
    base = prepared(monkeypatch, risk)
    weeks, billed, owed = flat(deposit=deposit)
    found = sales_variance(base, weeks, billed, owed)
    rng = np.random.default_rng(4)
    sd = risk.noise * np.sqrt(risk.weekly / base.sold_by_week)
    factor = 1 + rng.normal(0, risk.level, (20_000, 1)) + rng.normal(0, sd, (20_000, len(sd)))
    for day in (20, 60, 100, 250):
        sold, before = factor @ weeks.billed[:, day], factor @ weeks.billed[:, max(day - 90, 0)]
        received = factor @ weeks.received[:, day]
        of_owed = sold - received + (owed[day] - weeks.billed[:, day].sum() + weeks.received[:, day].sum())
        of_window = sold - before + 100 * max(90 - day, 0)
        assert np.sqrt(found.receivable[day]) == pytest.approx(of_owed.std(), rel=0.03)
        assert np.sqrt(found.cash[day]) == pytest.approx(received.std(), rel=0.03)
        dso = of_owed / of_window * 90
        assert np.sqrt(found.ratio[day]) * 90 / 9000 == pytest.approx(dso.std(), rel=0.04)


def test_the_band_holds_it(base):
    """The widest part of it far ahead, where each invoice is paid to the day; none on the day asked."""
    daily = simulate(base).daily
    spread = (daily["receivable_high"] - daily["receivable_low"]).to_numpy()
    assert spread[0] == 0
    assert (np.diff(spread[:31]) >= -1e-6).all()
    risk = base.sales_risk
    assert risk.level == LEAST_LEVEL
    assert spread[200] >= 2 * 1.28 * risk.level * 3000
    for measure in ("dso", "cash_cumulated"):
        assert (daily[f"{measure}_high"] >= daily[measure]).all()
        assert (daily[f"{measure}_low"] <= daily[measure]).all()


def test_it_is_said_in_both_languages(base):
    told = next(each for each in simulate(base).assumptions if each.key == "simulation.band_sales")
    assert "5.0% a year" in told.text("en")
    assert "5,0\u00a0% par an" in told.text("fr")


@settings(max_examples=10)
@given(st.integers(0, 1000))
def test_the_future_changes_nothing_to_the_bit(seed):
    ledger = from_frame(random_invoices(seed, invoices=150))
    bases = [prepare(each, "2025-06-30", horizon=30) for each in (ledger, future_changed(ledger, "2025-06-30"))]
    assert bases[0].sales_risk == bases[1].sales_risk
    assert bases[0].plan.level == bases[1].plan.level

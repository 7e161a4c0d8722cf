"""The cash forecast: what is expected by week and month, the band, promises, disputes, sales to come."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices, undated
from small import ledger_of, scaled, shuffled

from arlib.behaviour import payment_laws
from arlib.errors import ArlibError
from arlib.ledger import Ledger, open_items
from arlib.schema import day_number, day_numbers
from arlib.simulation.base import prepare
from arlib.simulation.forecast import forecast_cash
from arlib.simulation.forecast.cash import Cash, Periods, cash_of, paced
from arlib.simulation.forecast.claims import PLANNED, Claims
from arlib.simulation.forecast.experience import Experience, PastCash, PastClosings, _experience, quarter_end
from arlib.simulation.forecast.notes import _lumpy
from arlib.simulation.forecast.outlook import Outlook
from arlib.simulation.forecast.promises import Promises
from arlib.simulation.forecast.quantiles import cash_quantile, student_factor

DAY = "2025-06-30"
MONEY = ("expected", "p10", "p50", "p90", "contractual", "from_open", "from_future")


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return from_frame(random_invoices(1))


# Four invoices paid ten days late in 2024, which are the law; three open on 2024-06-30: one overdue, one due in the
# first week, one in the fifth.
HAND = """
customer_id issued_on  due_on     amount paid_on
A           2024-01-01 2024-01-31 100    2024-02-10
A           2024-02-01 2024-03-02 100    2024-03-12
B           2024-01-15 2024-02-14 100    2024-02-24
B           2024-02-15 2024-03-16 100    2024-03-26
A           2024-05-01 2024-05-31 10     -
A           2024-06-04 2024-07-04 20     -
B           2024-06-30 2024-07-30 40     -
"""


def by_hand(**others) -> pd.DataFrame:
    ledger = from_text(HAND, until="2024-06-30")
    return forecast_cash(ledger, "2024-06-30", future_sales=False, **others).weekly


def test_the_calendar_of_due_dates_has_what_is_overdue_in_the_first_week():
    weekly = by_hand()
    assert weekly["contractual"].tolist() == [30, 0, 0, 0, 40, *[0] * 8]
    assert weekly["contractual_cumulated"].tolist() == [30, 30, 30, 30, 70, *[70] * 8]
    assert (weekly["starts_on"][0], weekly["ends_on"][0]) == (pd.Timestamp("2024-07-01"), pd.Timestamp("2024-07-07"))


def test_what_is_open_is_paid_by_the_laws_given_that_it_is_unpaid():
    """A young ledger has no earlier closings, so that nothing but the laws, asked item by item here, can count."""
    ledger = from_text(HAND, until="2024-06-30")
    laws, opened = payment_laws(ledger, "2024-06-30"), open_items(ledger, "2024-06-30")
    customer = laws.customers.get_indexer(pd.Index(opened["customer_id"]))
    unpaid = laws.given_unpaid(customer, day_numbers(opened["due_on"]), 7 * np.arange(1, 14))
    paid = opened["open_amount"].to_numpy() @ (1 - unpaid)
    assert by_hand()["expected_cumulated"].to_numpy() == pytest.approx(paid)


def test_weeks_months_customers_and_sources_add_up(ledger):
    """On 2025-01-31, the first month has 28 days: it ends with the fourth week."""
    found = forecast_cash(ledger, "2025-01-31")
    weekly, month = found.weekly, found.monthly.iloc[0]
    assert month["ends_on"] == weekly["ends_on"][3] == pd.Timestamp("2025-02-28")
    for name in ("contractual", "expected", "p10", "p50", "p90"):
        assert month[name] == pytest.approx(weekly[f"{name}_cumulated"][3])
    assert weekly["expected"].cumsum().to_numpy() == pytest.approx(weekly["expected_cumulated"].to_numpy())
    assert (weekly["from_open"] + weekly["from_future"]).to_numpy() == pytest.approx(weekly["expected"].to_numpy())
    by_week = found.by_customer.groupby("week")[["expected", "from_open", "from_future"]].sum()
    for name in by_week:
        assert by_week[name].to_numpy() == pytest.approx(weekly[name].to_numpy())
    opened = open_items(ledger, "2025-01-31")["open_amount"]
    assert found.by_customer.drop_duplicates("customer_id")["open_amount"].sum() == pytest.approx(
        opened[opened > 0].sum()
    )


def test_the_band_is_in_order_and_never_more_than_what_is_owed(ledger):
    weekly = forecast_cash(ledger, DAY, future_sales=False).weekly
    for suffix in ("", "_cumulated"):
        low, middle, high = (weekly[f"{name}{suffix}"].to_numpy() for name in ("p10", "p50", "p90"))
        assert (low >= 0).all()
        assert (low <= middle).all()
        assert (middle <= high).all()
        assert (high <= open_items(ledger, DAY)["open_amount"].clip(lower=0).sum() + 0.005).all()
    assert (weekly["from_future"] == 0).all()


def test_the_first_week_is_the_same_by_itself_and_since_the_day(ledger):
    first = forecast_cash(ledger, DAY).weekly.iloc[0]
    assert first["p10"] == first["p10_cumulated"]
    assert first["p90"] == first["p90_cumulated"]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1000))
def test_the_future_changes_nothing_to_the_bit(seed):
    ledger = from_frame(random_invoices(seed))
    told, untold = (forecast_cash(each, DAY) for each in (ledger, future_changed(ledger, DAY)))
    for name in ("weekly", "monthly", "by_customer"):
        pd.testing.assert_frame_equal(getattr(told, name), getattr(untold, name), check_exact=True)
    assert [str(note) for note in told.notes] == [str(note) for note in untold.notes]


def test_amounts_scale_order_does_not_matter_and_nothing_is_written(ledger):
    before = ledger.items.copy(), ledger.matches.copy()
    weekly = forecast_cash(ledger, DAY).weekly
    larger, mixed = forecast_cash(scaled(ledger, 100.0), DAY).weekly, forecast_cash(shuffled(ledger, 3), DAY).weekly
    for name in MONEY:
        assert larger[name].to_numpy() == pytest.approx(100 * weekly[name].to_numpy(), rel=1e-6)
        assert mixed[name].to_numpy() == pytest.approx(weekly[name].to_numpy(), rel=1e-6)
    pd.testing.assert_frame_equal(before[0], ledger.items)
    pd.testing.assert_frame_equal(before[1], ledger.matches)


def claims(*rows: tuple[int, float, int]) -> Claims:
    """Claims of customers, amounts and items, due and booked on day 0."""
    customer, amount, item = (np.array(column) for column in zip(*rows, strict=True))
    nothing = np.zeros(len(rows), dtype=np.int64)
    return Claims.of(customer, nothing, nothing, amount.astype(float), item)


def test_the_spread_is_between_chance_and_one_bet():
    """3 and 4 of one customer, paid with 1/2 each: alone (9 + 16) / 4 = 6.25, as one bet (1.5 + 2)² = 12.25.

    The geometric mean of the variances is √76.5625 = 8.75.
    """
    periods = Periods.ending(0, np.array([7]))
    cash = cash_of(claims((0, 3, 1), (0, 4, 2)), 1, periods, lambda part: np.full((len(part.amount), 1), 0.5))
    assert cash.expected.tolist() == [3.5, 3.5]
    assert cash.alone.tolist() == [6.25, 6.25]
    assert cash.spread == pytest.approx(np.sqrt([8.75, 8.75]))
    apart = cash_of(claims((0, 3, 1), (1, 4, 2)), 2, periods, lambda part: np.full((len(part.amount), 1), 0.5))
    assert apart.spread == pytest.approx(np.sqrt([6.25, 6.25]))  # two customers: chance alone


def test_a_planned_invoice_may_not_come_at_all():
    """One of 10, sure to be paid if it comes: as a Poisson number of such, the variance is 100."""
    periods = Periods.ending(0, np.array([7]))
    sure, only_planned = (
        cash_of(claims((0, 10, item)), 1, periods, lambda part: np.ones((len(part.amount), 1))) for item in (1, PLANNED)
    )
    assert sure.alone.tolist() == [0, 0]
    assert only_planned.alone.tolist() == [100, 100]


def test_a_faster_pace_never_pays_more_than_all():
    assert paced(np.array([0.5, 0.9, 1.0]), np.array([1.2, 1.0, 1.0])) == pytest.approx([0.6, 1.0, 1.0])


def quantile(mean: float, deviation: float, share: float) -> float:
    return float(cash_quantile(np.array([mean]), np.array([deviation]), share)[0])


def test_percentiles_of_many_payments_are_those_of_a_gamma():
    """Mean 20, standard deviation 2: a tenth of a chi-square of 200 degrees; its printed tables beside.

    A hundred payments of one size would have this spread: that none comes has a chance of exp(-100).
    """
    found = [quantile(20.0, 2.0, share) for share in (0.1, 0.5, 0.9)]
    assert found == pytest.approx([17.4835, 19.9334, 22.6021], rel=1e-4)
    assert (quantile(0.0, 0.0, 0.9), quantile(5.0, 0.0, 0.1)) == (0, 5)


def test_a_week_of_one_payment_or_none_may_bring_nothing():
    """Mean 1, standard deviation 1: none with a chance of exp(-1), 36.8 %; mean 1 and 0.66: exp(-2.296), 10.07 %."""
    assert (quantile(1.0, 1.0, 0.1), quantile(1.0, 1.0, 0.367)) == (0, 0)
    assert quantile(1.0, 1.0, 0.369) > 0
    assert quantile(1.0, 0.66, 0.1) == 0
    assert quantile(1.0, 0.65, 0.1) > 0
    assert (quantile(1e-9, 1e3, 0.9), quantile(1e9, 1e-3, 0.5)) == (0, pytest.approx(1e9))


@given(ratio=st.floats(0.01, 3.0))
def test_percentiles_have_the_mean_and_the_deviation_asked(ratio):
    shares = (np.arange(4000) + 0.5) / 4000
    found = cash_quantile(np.full(4000, 10.0), np.full(4000, 10.0 * ratio), shares)
    assert (np.diff(found) >= 0).all()
    assert found.mean() == pytest.approx(10, rel=0.01)
    assert found.std() == pytest.approx(10 * ratio, rel=0.05)


def test_a_deviation_learnt_from_little_goes_further_out():
    """The 90th percentile of Student laws in the printed tables: 1.397 for 8 degrees, 1.325 for 20; normal 1.2816."""
    assert student_factor(np.array([8.0, 20.0])) == pytest.approx([1.397 / 1.2816, 1.325 / 1.2816], rel=5e-4)


def outlook(told: float) -> Outlook:
    """A week and its total: 80 expected of what is open, deviation 10; 100 of sales to come, sure but for the level."""
    weeks, nothing = np.ones(1), np.zeros((1, 2))
    experience = Experience(weeks, 2 * weeks, 2 * weeks, np.array([told]), np.nan)
    opened = Cash(np.full((1, 2), 80.0), np.full(2, 100.0), np.full((1, 2), 10.0))
    ahead = Cash(np.full((1, 2), 100.0), np.zeros(2), nothing)
    return Outlook(Periods.ending(0, np.array([7])), opened, ahead, experience, 0.1, 0.25, np.inf)


@pytest.mark.parametrize(
    ("told", "never", "student"), [(0, 20, 1.397 / 1.2816), (1, 10, 1.383 / 1.2816), (12, 20 / 13, 1.325 / 1.2816)]
)
def test_the_deviation_adds_what_closings_taught_and_what_they_did_not(told, never, student):
    """Errors twice the spread: 20; sales 10 % of 100; never paid 25 % of 80, less as closings tell of it."""
    expected = np.sqrt(20**2 + 10**2 + never**2) * student
    assert outlook(told).deviation == pytest.approx([expected, expected], rel=5e-4)


def test_what_closings_taught_is_drawn_to_the_laws():
    """Two closings, 110 and 130 in for 100 expected: (240 + 12 × 100) / (200 + 12 × 100) = 1440 / 1400.

    Errors beyond that pace, 100 × 1440 / 1400 = 102.857: 7.143 and 27.143, in spreads of 10: squares 0.5102 and 7.3673.
    With two closings at which the spread was right: √((7.8776 + 2) / (2 + 2)).
    """
    past = [PastCash(np.full(2, 100.0), np.full(2, 10.0), np.array([paid])) for paid in (110.0, 130.0)]
    found = _experience(past, np.ones((2, 1), dtype=bool))
    assert found.pace == pytest.approx([1440 / 1400])
    assert found.week_spread == pytest.approx([np.sqrt((0.5102 + 7.3673 + 2) / 4)], rel=1e-4)
    assert found.missed == pytest.approx((7.142857 + 27.142857) / 240)


def test_a_closing_whose_week_has_not_ended_tells_nothing():
    past = [PastCash(np.full(2, 100.0), np.full(2, 10.0), np.array([900.0]))]
    found = _experience(past, np.zeros((1, 1), dtype=bool))
    assert (found.pace.tolist(), found.week_spread.tolist(), found.closings) == ([1], [1], 0)


def test_quarters_end_on_their_last_day():
    days = pd.Series(pd.to_datetime(["2024-03-31", "2024-04-01", "2024-02-29", "2024-12-31"]))
    ends = quarter_end(day_numbers(days)).astype("datetime64[D]").astype(str).tolist()
    assert ends == ["2024-03-31", "2024-03-31", "2023-12-31", "2024-12-31"]


def test_months_beyond_the_weeks_are_paid_as_the_laws_say(ledger):
    """Four weeks asked, six months: closings tell of the first four weeks alone, and the pace after them is the laws'.

    The laws are asked here item by item, as of the end of the second month and of the sixth.
    """
    found = forecast_cash(ledger, DAY, weeks=4, months=6, future_sales=False).monthly
    laws, opened = payment_laws(ledger, DAY), open_items(ledger, DAY)
    opened = opened[opened["open_amount"] > 0]
    customer = laws.customers.get_indexer(pd.Index(opened["customer_id"]))
    days = day_numbers(found["ends_on"]) - day_number(pd.Timestamp(DAY))
    unpaid = opened["open_amount"].to_numpy() @ laws.given_unpaid(customer, day_numbers(opened["due_on"]), days)
    assert found["expected"].to_numpy()[2:] == pytest.approx(-np.diff(unpaid)[1:], abs=0.01 * unpaid[0])
    assert found["p10"].le(found["expected"]).all()
    assert (found["expected_cumulated"] <= opened["open_amount"].sum() + 0.005).all()


def test_the_band_of_months_beyond_the_weeks_is_no_narrower_than_the_last_total(ledger):
    """Of 13 weeks asked and a year of months: the farther, the more of the cash is of sales not made."""
    monthly = forecast_cash(ledger, DAY).monthly
    half = (monthly["p90_cumulated"] - monthly["p10_cumulated"]).to_numpy() / 2
    assert (np.diff(half) > 0).all()
    share = half / monthly["from_future"].cumsum().to_numpy()
    assert share[-1] > 0.05 * 1.28  # a level known to 5 % at best, 1.28 deviations to each side


def promises(**columns) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_a_kept_promise_comes_on_its_day_and_is_taken_off_the_oldest_debts():
    """A owes 10 (oldest) and 20; 15 promised for the second week, all of it kept: 15 are left to A's law."""
    table = promises(customer_id=["A"], amount=[15.0], promised_on=["2024-07-10"])
    without, with_one = by_hand(), by_hand(promises=Promises(table, kept_share=1.0))
    assert with_one["promised"].tolist() == [0, 15, *[0] * 11]
    law = with_one["expected"] - with_one["promised"]
    only_half_of_20 = by_hand_without_first(5)
    assert law.to_numpy() == pytest.approx(only_half_of_20.to_numpy())
    assert with_one["expected"][1] > without["expected"][1]


def by_hand_without_first(paid: float) -> pd.Series:
    """What the laws bring where the 10 of A is settled by its promise and 20 is only 20 - paid; B as it was."""
    ledger = from_text(HAND, until="2024-06-30")
    laws, opened = payment_laws(ledger, "2024-06-30"), open_items(ledger, "2024-06-30")
    customer = laws.customers.get_indexer(pd.Index(opened["customer_id"]))
    unpaid = laws.given_unpaid(customer, day_numbers(opened["due_on"]), 7 * np.arange(14))
    left = opened["open_amount"].map({10.0: 0.0, 20.0: 20.0 - paid, 40.0: 40.0}).to_numpy()
    return pd.Series(-np.diff(left @ unpaid))


def test_promises_beyond_what_is_owed_past_or_made_later_are_told():
    table = promises(
        customer_id=["A", "B", "B"],
        amount=[500.0, 40.0, 40.0],
        promised_on=["2024-07-10", "2024-06-20", "2024-07-20"],
        made_on=["2024-06-25", "2024-06-01", "2024-07-05"],
    )
    ledger = from_text(HAND, until="2024-06-30")
    found = forecast_cash(ledger, "2024-06-30", future_sales=False, promises=table)
    notes = " ".join(str(note) for note in found.notes)
    assert "470.00 is promised beyond" in notes  # A owes 30
    assert "1 promise whose day has passed" in notes
    # B's promise of 40 for June 20th was not kept: (0 + 5 × 0.7) / 6 = 58.3 % of what A promised
    assert found.weekly["promised"].sum() == pytest.approx(30 * 3.5 / 6)


def test_what_is_disputed_comes_after_the_day_it_is_held_until(ledger):
    disputed = replace(ledger, items=ledger.items.assign(disputed=True))
    weekly = forecast_cash(disputed, DAY, future_sales=False, disputes_held_until="2025-07-15").weekly
    as_the_rest = forecast_cash(ledger, DAY, future_sales=False).weekly
    assert weekly["expected"].tolist()[:2] == [0, 0]
    assert weekly["expected_cumulated"].to_numpy()[2:] == pytest.approx(
        as_the_rest["expected_cumulated"].to_numpy()[2:]
    )
    assert weekly["disputed"].to_numpy() == pytest.approx(weekly["from_open"].to_numpy())


def test_a_prepared_ledger_is_forecast_with_its_own_plan(ledger):
    halved = prepare(ledger, DAY, season=dict.fromkeys(range(1, 13), 0.5))
    plain = prepare(ledger, DAY)
    half, whole = (forecast_cash(base).weekly["from_future"].to_numpy() for base in (halved, plain))
    assert half == pytest.approx(whole / 2, abs=0.5)
    with pytest.raises(ArlibError, match="prepared on 2025-06-30"):
        forecast_cash(plain, "2025-07-01")
    with pytest.raises(ArlibError, match="prepared on 2025-06-30"):
        forecast_cash(plain, months=36)


def test_without_recent_sales_none_are_made_up():
    """Three weeks of sales are known by the day: repeated, one invoice would come back every three weeks."""
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on
        A           2024-06-05 2024-06-10 100    2024-06-15
        A           2024-06-08 2024-06-14 100    2024-06-19
        A           2024-06-20 2024-06-25 100    -
    """)
    found = forecast_cash(ledger, "2024-06-25")
    assert (found.weekly["from_future"] == 0).all()
    assert any("fewer than four weeks of sales are known" in str(note) for note in found.notes)


def test_where_the_sales_of_the_file_stop_none_are_to_come():
    """A sale every two or three days up to December 31st, payments going on: silent on February 15th, not on 10th."""
    ledger = from_frame(random_invoices(1).assign(paid_on=lambda rows: rows["due_on"] + pd.Timedelta(days=9)))
    going_on = replace(ledger, covers=(ledger.covers[0], pd.Timestamp("2026-03-31")))
    sold, stopped = (forecast_cash(going_on, day) for day in ("2026-01-10", "2026-02-15"))
    assert sold.weekly["from_future"].sum() > 0
    assert (stopped.weekly["from_future"] == 0).all()
    assert stopped.weekly["from_open"].sum() > 0
    told = " ".join(str(note) for note in stopped.notes)
    assert "those of the file stop or thin out before 2026-02-15 (0 invoices and credit notes in the last 30" in told


@pytest.mark.parametrize(
    ("table", "day", "why"),
    [
        (HAND, "2025-12-31", r"3 items are open \(70.00\), no payment is expected. No sales to come"),
        (HAND.split("A           2024-02", maxsplit=1)[0], "2024-12-31", r"0 items are open \(0.00\)"),
    ],
    ids=["sales stopped", "one paid invoice"],
)
def test_a_sentence_stands_where_nothing_at_all_is_expected(table, day, why):
    with pytest.raises(ArlibError, match=f"nothing to forecast from {day} on: {why}"):
        forecast_cash(from_text(table, until=day), day)


def test_weeks_whose_mean_is_above_their_band_are_told():
    """Of three weeks the second expects 5 and brings nothing in nine cases of ten; the third expects nothing."""
    outlook = SimpleNamespace(
        expected=np.array([100.0, 5.0, 0.0, 105.0]), band=(None, None, np.array([120.0, 0, 0, 9]))
    )
    basis = SimpleNamespace(outlook=outlook, experience=SimpleNamespace(pace=np.ones(3)))
    assert [each.text("en")[:51] for each in _lumpy(basis)] == ["1 week expects more on average than their P90 (week"]
    assert "(week 2)" in str(_lumpy(basis)[0])
    outlook.expected = np.array([100.0, 0.0, 0.0, 105.0])
    assert _lumpy(basis) == []


def test_the_day_of_the_next_payment_is_the_first_likely_one():
    """A and B pay ten days late, always: B's invoice due on July 30th is expected on August 9th, a Friday."""
    ledger = from_text(HAND, until="2024-06-30")
    found = forecast_cash(ledger, "2024-06-30", future_sales=False).by_customer.set_index("customer_id")
    assert found.loc["B", "next_expected_on"].iloc[0] == pd.Timestamp("2024-08-09")


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        ("1 to 52 weeks", {"weeks": 0}),
        ("1 to 36 months", {"months": 37}),
        ("need a customer_id", {"promises": promises(who=["A"])}),
        ("rows 1, 2", {"promises": promises(customer_id=["A", "A"], amount=[0, 5], promised_on=["2024-07-10", "x"])}),
        ("does not have: Z", {"promises": promises(customer_id=["Z"], amount=[5], promised_on=["2024-07-10"])}),
        ("does not have: 99", {"promises": promises(item_id=[99], amount=[5], promised_on=["2024-07-10"])}),
    ],
)
def test_what_cannot_be_used_is_said(wanted, asked):
    with pytest.raises(ArlibError, match=wanted):
        by_hand(**asked)


def test_a_share_of_200_percent_is_refused():
    with pytest.raises(ArlibError, match="from 0 to 1"):
        Promises(promises(), kept_share=2.0)


def test_a_ledger_without_a_payment_says_nothing():
    with pytest.raises(ArlibError, match="payment"):
        forecast_cash(from_frame(random_invoices(1).assign(paid_on=pd.NaT)))


def test_the_notes_speak_both_languages(ledger):
    for note in forecast_cash(ledger, DAY).notes:
        assert note.text("en") != note.text("fr")


def test_months_follow_the_calendar(ledger):
    monthly = forecast_cash(ledger, DAY).monthly
    assert monthly["ends_on"].dt.is_month_end.all()
    assert len(monthly) == 12
    assert day_number(monthly["starts_on"][1]) == day_number(monthly["ends_on"][0]) + 1


def test_a_day_after_the_ledger_is_told_up_to_a_long_weekend_and_then_refused():
    ledger = from_text(HAND, until="2024-06-30")
    found = forecast_cash(ledger, "2024-07-04")
    assert any("The ledger ends on 2024-06-30" in str(note) for note in found.notes)
    for ask in (forecast_cash, prepare):
        for day in ("2024-07-05", "2023-12-31"):
            with pytest.raises(ArlibError, match="from 2024-01-01 to 2024-06-30 and tells nothing of"):
                ask(ledger, day)


def test_a_file_without_invoice_dates_says_so_first():
    found = forecast_cash(undated(random_invoices(3)), "2025-06-30")
    assert "does not date its invoices" in str(found.notes[0])
    assert (found.weekly["from_future"] > 0).all()


def test_what_a_list_of_paid_invoices_lacks_is_told_and_teaches_nothing():
    """What was unpaid at its end is missing from its last weeks, which seem all paid, and early."""
    invoices = random_invoices(3, customers=20, invoices=3000, days=1000)
    whole, paid = (from_frame(each) for each in (invoices, invoices[invoices["paid_on"].notna()]))
    of_whole, of_paid = ([str(note) for note in forecast_cash(each).notes] for each in (whole, paid))
    assert not any("only what was paid by its end" in note for note in of_whole)
    assert "holds around 2025-12-31 only what was paid by its end" in of_paid[0]
    assert any("At 6 earlier closings" in note for note in of_whole)
    before = PastClosings(paid, day_number("2025-12-31"), 4).before(day_number("2025-12-31"))
    assert before.closings < PastClosings(whole, day_number("2025-12-31"), 4).before(day_number("2025-12-31")).closings


def test_an_opening_paid_before_any_invoice_is_no_earlier_closing():
    """The closings of July to September have the laws of June 30th, when no invoice had been paid yet."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | opening | 2024-01-01 | 2024-01-01 |    100 |
        A        | payment | 2024-01-10 |            |   -100 | 1
        A        | invoice | 2024-06-01 | 2024-07-01 |    100 |
        A        | payment | 2024-08-10 |            |   -100 | 3
        A        | invoice | 2024-10-01 | 2024-11-01 |    100 |
        """,
        covers=("2024-01-01", "2024-10-15"),
    )
    notes = forecast_cash(ledger).notes
    assert any("too young" in str(note) for note in notes)

"""The two readings of 45 days end of month: the handbook's figures for each way of invoicing within the month."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, future_changed, random_invoices
from small import known_by, shuffled

from arlib.errors import ArlibError
from arlib.simulation.base import prepare
from arlib.simulation.levers.end_of_month import _issues, _spread, end_of_month_readings
from arlib.simulation.policies.policy import Policy
from arlib.simulation.simulate import simulate
from arlib.terms import END_OF_MONTH_45, END_OF_MONTH_THEN_45

MONTH_ENDS = pd.date_range("2021-01-31", "2022-12-31", freq="ME")


def invoiced_on(days, *, amount=100.0):
    """A ledger of one customer invoiced on these days at 45 days end of month, paid three days late."""
    issued = pd.Series(days)
    due = issued + pd.Timedelta(days=45) + pd.offsets.MonthEnd(0)
    paid = due + pd.Timedelta(days=3)
    invoices = pd.DataFrame({"customer_id": "A", "issued_on": issued, "due_on": due, "amount": amount, "paid_on": paid})
    return from_frame(invoices.assign(paid_on=paid.where(paid <= "2022-12-31")), until="2022-12-31")


def granted(readings):
    """Days granted, by invoicing and reading."""
    return readings.set_index(["invoicing", "reading"])["days_granted"]


@pytest.fixture(scope="module")
def daily():
    """Readings of a company that invoiced the same every day of 2021 and 2022, asked at the end of 2022."""
    return end_of_month_readings(invoiced_on(pd.date_range("2021-01-01", "2022-12-31")))


def test_a_company_that_invoices_every_day_is_granted_the_same_by_both_readings(daily):
    """Handbook K5: invoices on every day of 2023, 59.72 days (A: end of month, then 45) and 59.76 (B)."""
    found = granted(daily)
    assert found["as_now", "before_days"] == pytest.approx(59.72, abs=0.006)
    assert found["as_now", "after_days"] == pytest.approx(59.76, abs=0.006)
    assert found["spread", "before_days"] == pytest.approx(59.72, abs=0.05)
    assert found["spread", "after_days"] == pytest.approx(59.76, abs=0.05)


def test_a_company_that_invoices_at_month_end_is_granted_14_to_17_days_apart(daily):
    """Handbook K5: A always 45 days, B 59 to 62; DSO and cash follow."""
    for readings in (daily, end_of_month_readings(invoiced_on(MONTH_ENDS))):
        found = readings.set_index(["invoicing", "reading"])
        assert found.loc[("month_end", "before_days"), "days_granted"] == 45
        assert 59 <= found.loc[("month_end", "after_days"), "days_granted"] <= 62
        assert 14 <= found.loc[("month_end", "after_days"), "days_apart"] <= 17
        dso = found["dso"].loc["month_end"]
        assert 14 <= dso["after_days"] - dso["before_days"] <= 17
        cash = found["cash"].loc["month_end"]
        assert cash["before_days"] > cash["after_days"]


def test_who_already_invoices_at_month_end_changes_nothing_by_invoicing_then():
    found = end_of_month_readings(invoiced_on(MONTH_ENDS)).set_index(["invoicing", "reading"])
    columns = ["days_granted", "dso", "receivable", "cash"]
    assert found.loc["month_end", columns].to_numpy() == pytest.approx(found.loc["as_now", columns].to_numpy())


def test_on_the_first_the_readings_change_places(daily):
    """Issued on the 1st, A grants the rest of the month and 45 days; B ends with the next month.

    By hand over 2023: A 28 to 31 days less one and 45 = 30.42 − 1 + 45 = 74.42; B 1st + 45 days is the 14th to 17th of
    the next month, completed: the rest of two months less one, from 31 + 28 − 1 = 58 to 61.
    """
    found = granted(daily)
    assert found["first", "before_days"] == pytest.approx(74.42, abs=0.1)
    assert 58 <= found["first", "after_days"] <= 61


def test_on_the_fifteenth_by_hand(daily):
    """The 15th of each month of 2023, for what was sold since the 15th before.

    A: the rest of the month and 45 days. B: 15 January and 45 days is 1 March, so 31 March; and so on, in `late`.
    """
    ends = ("03-31", "04-30", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31")
    issued = pd.to_datetime([f"2023-{month:02}-15" for month in range(1, 13)])
    late = pd.to_datetime([*(f"2023-{day}" for day in ends), "2024-01-31"])
    sold = np.array([15, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30])  # days sold since the 15th before, or 1 January
    early = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) - 15 + 45
    found = granted(daily)
    assert found["fifteenth", "before_days"] == pytest.approx(np.average(early, weights=sold), abs=0.05)
    assert found["fifteenth", "after_days"] == pytest.approx(np.average((late - issued).days, weights=sold), abs=0.05)


@pytest.mark.parametrize(
    ("day", "invoicing"), [(0, "first"), (14, "fifteenth"), (27, None)], ids=["the 1st", "the 15th", "the 28th"]
)
def test_who_invoices_on_one_day_of_the_month_still_does(day, invoicing):
    """A year of whole weeks later the 1st would be the last day of the month before: a month less is granted.

    The 28th of February is its last day, which it stays: of the horizon's 2023 as of 2022.
    """
    days = pd.date_range("2021-01-01", "2022-12-31", freq="MS") + pd.Timedelta(days=day)
    base = prepare(invoiced_on(days))
    issue = _issues(base.plan, base.as_of)["as_now"]
    assert set((base.as_of + pd.to_timedelta(issue[issue <= 365], unit="D")).day) == {day + 1}
    if invoicing:
        found = granted(end_of_month_readings(base))
        assert found["as_now"].to_dict() == pytest.approx(found[invoicing].to_dict())


@pytest.mark.parametrize("invoices", [random_invoices(5, days=200), random_invoices(5)], ids=["young", "years"])
def test_as_now_is_what_simulate_says_of_the_terms(invoices):
    base = prepare(from_frame(invoices), "2025-12-31")
    readings = end_of_month_readings(base).set_index(["invoicing", "reading"]).loc["as_now"]
    summary = simulate(base, [Policy("A", END_OF_MONTH_THEN_45), Policy("B", END_OF_MONTH_45)]).summary
    summary = summary.set_index("policy")
    for name, reading in (("A", "before_days"), ("B", "after_days")):
        for figure in ("cash", "cash_gained"):
            assert readings.loc[reading, figure] == pytest.approx(summary.loc[name, figure], abs=0.005)


def test_no_invoice_is_lost_or_moved_by_more_than_a_month():
    """To the end of its month or the next 1st or 15th: 30 days later at most; within its month when spread."""
    base = prepare(from_frame(random_invoices(5)), "2025-12-31")
    moves = {name: issue - base.plan.issue for name, issue in _issues(base.plan, base.as_of).items()}
    assert not moves["as_now"].any()
    for name in ("month_end", "first", "fifteenth"):
        assert moves[name].min() == 0
        assert 20 < moves[name].max() <= 30
    assert np.abs(moves["spread"]).max() <= 30


def test_a_day_in_the_middle_of_a_month_sends_nothing_out_before_tomorrow():
    base = prepare(from_frame(random_invoices(5)), "2025-11-20")
    assert all((issue >= 1).all() for issue in _issues(base.plan, base.as_of).values())


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 200), st.floats(0, 1e6)), min_size=1, max_size=60))
def test_spread_keeps_the_month_the_order_and_evens_out_the_days(invoices):
    """No day of a month bills more than an even share of it and its largest invoice."""
    issued = np.array([19358 + day for day, _ in invoices])  # from 2023-01-01
    amount = np.array([amount for _, amount in invoices])
    days = _spread(issued, amount, np.argsort(issued, kind="stable"))
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    assert (months == issued.astype("datetime64[D]").astype("datetime64[M]")).all()
    order = np.argsort(issued, kind="stable")
    assert (np.diff(days[order]) >= 0).all()
    for month in np.unique(months):
        mine = months == month
        by_day = np.bincount(days[mine] - days[mine].min(), amount[mine])
        assert by_day.max() <= amount[mine].sum() / 28 + 2 * amount[mine].max() + 0.01


def test_the_order_of_rows_never_matters():
    """Invoices of one day, of several customers and amounts, in another order of the file; fifteen alike a month."""
    days = pd.Series(pd.date_range("2024-01-15", "2025-12-31", freq="MS") + pd.Timedelta(days=9))
    alike = pd.DataFrame({"customer_id": "Z", "issued_on": days.repeat(15), "amount": 100.0})
    alike["due_on"] = alike["issued_on"] + pd.Timedelta(days=30)
    alike["paid_on"] = (alike["due_on"] + pd.Timedelta(days=3)).where(lambda paid: paid <= "2025-12-31")
    one_day = random_invoices(3, invoices=600)
    one_day["issued_on"] = one_day["issued_on"].dt.to_period("W").dt.start_time
    ledger = from_frame(pd.concat([one_day, alike], ignore_index=True))
    plain = end_of_month_readings(prepare(ledger, horizon=200)).drop(columns="sentence")
    for seed in (1, 2):
        other = end_of_month_readings(prepare(shuffled(ledger, seed), horizon=200)).drop(columns="sentence")
        pd.testing.assert_frame_equal(other, plain, rtol=1e-9)


def test_cash_that_only_waits_for_its_invoice_is_said(daily):
    """Invoiced on the next 1st, the 2nd to the last of 31 days wait 30 to 1 days: 465 in all, 435 of 30 and 378 of 28.

    So 7 × 465 + 4 × 435 + 378 = 5,373 days over 365 invoices, 14.72 on average; at month end 0 to 30, likewise.
    """
    found = daily.set_index(["invoicing", "reading"])
    later = found["days_later"].groupby("invoicing").first()
    assert later["as_now"] == 0
    assert later["spread"] == pytest.approx(0, abs=0.5)
    assert later["first"] == pytest.approx(5373 / 365, abs=0.05)
    assert later["month_end"] == pytest.approx((7 * 465 + 4 * 435 + 378) / 365, abs=0.05)
    for (invoicing, _), told in found["sentence"].items():
        waits = "days later than now on average" in told.text("en")
        assert waits == (invoicing in {"month_end", "first", "fifteenth"})
    assert "elle est encaissée plus tard" in found.loc[("first", "before_days"), "sentence"].text("fr")


def test_days_are_those_of_the_terms():
    ledger = invoiced_on(MONTH_ENDS)
    found = end_of_month_readings(prepare(ledger), days=30).set_index(["invoicing", "reading"])
    assert found.loc[("month_end", "before_days"), "days_granted"] == 30
    assert 30 <= found.loc[("month_end", "after_days"), "days_granted"] <= 34
    assert str(found.loc[("month_end", "after_days"), "terms"]) == "30 days, then end of month"


def test_every_sentence_reads_in_both_languages(daily):
    for told in daily["sentence"]:
        assert not any("{" in told.text(language) or "nan" in told.text(language) for language in ("en", "fr"))
    texts = [told.text("fr") for told in daily["sentence"]]
    assert any("facturé le dernier jour du mois" in text for text in texts)


def test_the_future_changes_nothing_to_the_bit():
    ledger, day = from_frame(random_invoices(11, invoices=250)), "2025-06-30"
    plain = end_of_month_readings(prepare(ledger, day, horizon=120)).drop(columns="sentence")
    for other in (future_changed(ledger, day), known_by(ledger, day)):
        again = end_of_month_readings(prepare(other, day, horizon=120)).drop(columns="sentence")
        pd.testing.assert_frame_equal(again, plain, check_exact=True)


def test_what_cannot_be_asked_is_said():
    asleep = from_frame(random_invoices(5), until="2027-12-31")
    with pytest.raises(ArlibError, match="No invoice is expected within 365 days"):
        end_of_month_readings(asleep, "2027-12-31")
    with pytest.raises(ArlibError, match="prepared on 2022-12-31"):
        end_of_month_readings(prepare(invoiced_on(MONTH_ENDS)), "2022-06-30")
    with pytest.raises(ArlibError, match="Terms of 400 days"):
        end_of_month_readings(invoiced_on(MONTH_ENDS), days=400)

"""What a simulation says first where a ledger tells too little: too young, asleep, or without history of some."""

import numpy as np
import pandas as pd
import pytest
from paid_invoices import from_frame, random_invoices
from small import sample_ledger

from arlib.errors import ArlibError
from arlib.measures import dso_history
from arlib.simulation.base import prepare
from arlib.simulation.fates import unknown_share
from arlib.simulation.levers.target import target_dso
from arlib.simulation.outlook.by_customer import simulate_by_customer
from arlib.simulation.policies.policy import Policy
from arlib.simulation.simulate import simulate
from arlib.terms import NET_30

DAY = pd.Timestamp("2025-12-31")


def every_day(first, last, *, days=10, amount=100.0, paid=lambda day: day <= DAY, customer="A"):
    """An invoice a day, due after some days and paid when due, if it is paid and that is known by the day asked."""
    issued = pd.date_range(first, last)
    invoices = pd.DataFrame({"issued_on": issued, "customer_id": customer, "amount": amount})
    invoices["due_on"] = issued + pd.Timedelta(days=days)
    known = np.array([paid(day) for day in issued]) & (invoices["due_on"] <= DAY)
    return invoices.assign(paid_on=invoices["due_on"].where(known))


@pytest.fixture(scope="module")
def young():
    """200 days of sales on ten days; one invoice of four is never paid: all that is known stops at 189 days late."""
    return from_frame(every_day(DAY - pd.Timedelta(days=199), DAY, paid=lambda day: day.day_of_year % 4 > 0))


def first_sentence(simulation, row=0):
    return simulation.summary["sentence"].iloc[row].text("en")


def test_no_dso_is_told_where_what_becomes_of_invoices_is_not_known(young):
    """A quarter stays unpaid: over 5 %, from an age that a year ahead goes beyond, and sixty days do not."""
    base = prepare(young, DAY)
    assert unknown_share(base.cells, 365) == pytest.approx(0.25, abs=0.05)
    simulation = simulate(base, Policy("30", NET_30))
    today, tried = (simulation.summary["sentence"].iloc[row].text("en") for row in (0, 1))
    assert today.startswith("No DSO can be told over the 30 days up to 2026-12-31. What is known of payments stops")
    assert f"stops {base.laws.known_days} open days after the due date: 2" in today
    assert tried.startswith("30: the days of DSO gained cannot be told. What is known of payments stops")
    daily = simulation.daily
    assert daily.loc[daily["day"] > DAY, ["dso", "dso_low", "dso_high"]].isna().all(axis=None)
    assert daily.loc[daily["day"] == DAY, "dso"].notna().all()
    assert simulate_by_customer(base)["dso_end"].isna().all()
    assert any(told.key == "simulation.fates" for told in simulation.assumptions)
    assert "ne sait ni s'ils seront payés ni quand" in simulation.summary["sentence"].iloc[0].text("fr")
    with pytest.raises(ArlibError, match="no DSO"):
        target_dso(base, 20)
    near = simulate(prepare(young, DAY, horizon=60))
    assert near.summary["dso_month"].notna().all()
    assert any(told.key == "simulation.fates" for told in near.assumptions)


def test_a_young_ledger_whose_invoices_are_all_paid_has_a_dso():
    simulation = simulate(prepare(from_frame(every_day(DAY - pd.Timedelta(days=199), DAY)), DAY))
    assert simulation.summary["dso_month"].iloc[0] == pytest.approx(10, abs=0.1)
    assert not any(told.key == "simulation.fates" for told in simulation.assumptions)


def test_dso_is_compared_with_the_same_mean_of_the_ledger():
    """The mean of the thirty last daily DSOs of the ledger itself, on négoce 58.1 where the last day's is 62.6."""
    ledger = sample_ledger("negoce")
    simulation = simulate(prepare(ledger))
    days = pd.date_range(end=simulation.as_of, periods=30)
    mean = float(dso_history(ledger, days)["dso"].mean())
    row = simulation.summary.iloc[0]
    assert row["dso_month_start"] == pytest.approx(mean)
    assert abs(row["dso_start"] - mean) > 1
    assert first_sentence(simulation).startswith(f"DSO goes from {mean:.1f} days to {row['dso_month']:.1f}: the means")


def test_of_a_ledger_too_young_for_that_mean_the_days_own_is_told():
    """Sales of 100 days: ten of the last thirty days have 90 days of sales."""
    simulation = simulate(prepare(from_frame(every_day(DAY - pd.Timedelta(days=99), DAY)), DAY))
    assert np.isnan(simulation.summary["dso_month_start"].iloc[0])
    assert first_sentence(simulation).startswith("DSO was 10.0 days on 2025-12-31, of that day alone")


def test_nothing_to_simulate_is_refused():
    """One invoice, paid: nothing is owed, and nothing comes back."""
    rows = {"customer_id": ["A"], "issued_on": ["2025-01-05"], "due_on": ["2025-02-04"], "amount": [1000.0]}
    once = from_frame(pd.DataFrame(rows | {"paid_on": ["2025-02-10"]}), until="2025-02-10")
    base = prepare(once, "2025-02-10")
    for asked in (simulate, simulate_by_customer):
        with pytest.raises(ArlibError, match="nothing is owed, and no sale of the past comes back") as refused:
            asked(base)
        assert "rien à simuler" in refused.value.text("fr")


def test_what_is_open_alone_is_said_to_be_all_there_is():
    """Sales that stopped two years ago, one of them still open: its run-off is an answer, to a smaller question."""
    old = every_day("2023-11-01", "2023-12-31", paid=lambda day: day.day != 15)
    simulation = simulate(prepare(from_frame(old), DAY))
    assert first_sentence(simulation).startswith("No sale is expected by 2026-12-31")


def test_sales_that_come_back_from_before_a_silence_are_told_as_such():
    """Four invoices, the last nine months ago: too few for the file's edge to prove anything."""
    issued = pd.date_range("2025-01-01", "2025-04-01", freq="MS")
    few = pd.DataFrame({"issued_on": issued, "customer_id": "A", "amount": 100.0})
    few["due_on"] = few["paid_on"] = few["issued_on"] + pd.Timedelta(days=30)
    simulation = simulate(prepare(from_frame(few), DAY))
    assert simulation.base.past.edge is None
    assert first_sentence(simulation).startswith("No sale is known of the 90 days up to 2025-12-31")


def test_who_has_no_history_and_as_whom_each_pays():
    """A and B have paid, of two segments; D to I never yet: D to H of the segment of A, I of none."""
    first = DAY - pd.Timedelta(days=399)
    known = [every_day(first, DAY, customer=name) for name in "AB"]
    new = [every_day(DAY, DAY, customer=name) for name in "DEFGHI"]
    customers = pd.DataFrame({"customer_id": list("ABDEFGHI")})
    customers["name"] = ["Ada", "Bea", "Dora", None, "Flo", "Gil", "Hal", "Ida"]
    customers["segment"] = ["retail", "trade", *["retail"] * 5, None]
    told = [
        each.text("en")
        for each in simulate(prepare(from_frame(pd.concat(known + new), customers=customers), DAY)).assumptions
        if each.key.startswith("simulation.without_history")
    ]
    assert told == [
        "1 customer without history (Ida) pays as all customers together.",
        "5 customers without history (Dora, E, Flo and 2 others) pay as those of their segment.",
    ]


def test_invoicing_sooner_says_why_its_dso_may_rise():
    base = prepare(from_frame(random_invoices(5)), DAY)
    simulation = simulate(base, [Policy("sooner", faster_invoicing_days=10), Policy("30", NET_30)])
    assert "Invoicing sooner moves sales and receivable alike" in first_sentence(simulation, 1)
    assert "Invoicing sooner" not in first_sentence(simulation, 0) + first_sentence(simulation, 2)


def test_the_simulation_and_the_forecast_of_a_young_ledger_say_why_their_sales_differ(young):
    (told,) = (each for each in simulate(prepare(young, DAY)).assumptions if each.key == "simulation.sales_short")
    assert "The cash forecast, which looks less far ahead, repeats the last eight weeks" in told.text("en")

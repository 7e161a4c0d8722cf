"""The DSOs of a simulation: those of the ledger on the day asked, and of a ledger where what is simulated happens."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, random_invoices
from small import known_by, ledger_of, ledgers, of_items, sample_ledger

from arlib import measures as measured
from arlib.ledger import Ledger, balance, open_items
from arlib.measures.dso.standing import Standing
from arlib.simulation.base import prepare
from arlib.simulation.figures import methods
from arlib.simulation.policies.policy import Policy
from arlib.simulation.sales.past import NEVER, Flows, Past
from arlib.simulation.simulate import simulate
from arlib.terms import NET_30, PaymentTerms

OF_TOTALS = (
    *("dso", "average_balance_dso", "monthly_average_dso"),
    *("countback_dso", "daily_countback_dso"),
)
OF_PARTS = ("best_possible_dso", "delinquent_dso")


def flows_of(ledger: Ledger, day: str | pd.Timestamp, horizon: int = 0) -> Flows:
    """What a ledger goes on from, nothing happening after the day."""
    owed = balance(ledger, day)
    return Flows.of(Past.of(Standing.of(ledger, day)), np.zeros(horizon + 1), np.full(horizon + 1, owed))


def of_day_0(ledger: Ledger, day: str | pd.Timestamp) -> dict[str, float]:
    flows, opened = flows_of(ledger, day), open_items(ledger, day)
    owed, late = opened["open_amount"].where(opened["open_amount"] > 0, 0.0), opened["days_overdue"]
    parts = {"best_possible_dso": owed[late <= 0].sum(), "delinquent_dso": owed[late > 0].sum()}
    found = {name: float(getattr(methods, name)(flows)[0]) for name in OF_TOTALS}
    return found | {name: float(getattr(methods, name)(flows, np.array([amount]))[0]) for name, amount in parts.items()}


def of_ledger(ledger: Ledger, day: str | pd.Timestamp) -> dict[str, float]:
    return {name: float(getattr(measured, name)(ledger, day)) for name in (*OF_TOTALS, *OF_PARTS)}


@pytest.mark.parametrize("day", ["2024-02-29", "2024-06-30", "2025-03-17", "2025-12-31"])
@pytest.mark.parametrize("sample", ["negoce", "groupe"])
def test_the_day_asked_is_the_ledgers(sample, day):
    ledger = sample_ledger(sample)
    assert of_day_0(ledger, day) == pytest.approx(of_ledger(ledger, day), rel=1e-9, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(ledgers(), st.integers(-20, 600))
def test_the_day_asked_is_any_ledgers(ledger, after):
    """Credits, late bookings, ledgers that have not begun or have ended: the same figure, or none as there."""
    day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=after)
    assert of_day_0(ledger, day) == pytest.approx(of_ledger(ledger, day), rel=1e-9, abs=1e-9, nan_ok=True)


OPENED = """
    customer | kind     | issued     | due        | amount | pays
    A        | opening  | 2025-01-01 | 2025-01-20 | 900    |
    A        | invoice  | 2025-01-10 | 2025-02-10 | 1000   |
    A        | invoice  | 2025-02-15 | 2025-03-17 | 1200   |
    A        | payment  | 2025-02-20 |            | -900   | 1
    A        | invoice  | 2025-03-20 | 2025-04-20 | 1500   |
"""


@pytest.mark.parametrize("day", ["2025-03-31", "2025-04-01", "2025-04-15", "2025-05-31"])
def test_openings_are_the_balance_of_the_eve(day):
    """On 31 March: sales of 90 days 3,700; owed 900 on the eve of the year, 3,700 then: (900 + 3,700) / 2 / 3,700 × 90.

    55.95 days; counting back, all sales of the three months are owed: 90 days.
    """
    ledger = ledger_of(OPENED, covers=("2025-01-01", "2025-06-30"))
    found = of_day_0(ledger, day)
    assert found == pytest.approx(of_ledger(ledger, day), rel=1e-9, nan_ok=True)
    if day == "2025-03-31":
        assert found["average_balance_dso"] == pytest.approx(2300 / 3700 * 90)
        assert found["countback_dso"] == found["daily_countback_dso"] + 9 == 90  # the first sale is of 10 January


def test_a_ledger_without_openings_has_no_balance_of_the_eve():
    rows = [line for line in OPENED.splitlines() if "opening" not in line and "payment" not in line]
    ledger = ledger_of("\n".join(rows), covers=("2025-01-01", "2025-06-30"))
    found = of_day_0(ledger, "2025-03-31")
    assert found["dso"] == pytest.approx(90)
    assert np.isnan(found["average_balance_dso"])


@pytest.fixture(scope="module")
def history():
    return from_frame(random_invoices(7), until="2025-12-31")


def happened(ledger: Ledger, day: str, billed: np.ndarray, paid: np.ndarray) -> Ledger:
    """A ledger known on a day, after which one invoice is issued and one payment comes in each day."""
    known = known_by(ledger, day)
    dates = pd.Timestamp(day) + pd.to_timedelta(np.arange(1, len(billed)), unit="D")
    flows = {"invoice": billed[1:], "payment": -paid[1:]}
    made = [
        pd.DataFrame({"kind": kind, "issued_on": dates, "booked_on": dates, "due_on": dates, "amount": amounts})
        for kind, amounts in flows.items()
    ]
    items = pd.concat([known.items[["customer_id", *made[0].columns]], *made], ignore_index=True)
    items["customer_id"] = items["customer_id"].fillna("C1")
    items["item_id"] = np.arange(len(items)) + 1
    items = items[items["amount"] != 0]
    return of_items(items, ledger.matches.iloc[:0], covers=(ledger.covers[0], dates[-1]))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["2025-12-31", "2025-10-14", "2024-07-31"]), st.floats(0.3, 1.6))
def test_later_days_are_those_of_a_ledger_where_it_happens(history, seed, day, paid_share):
    """Days with and without sales, and payments that let the receivable grow, shrink and turn into a credit."""
    rng = np.random.default_rng(seed)
    billed = np.where(rng.random(401) < 0.6, rng.gamma(1.0, 3000.0, 401).round(2), 0.0)
    paid = (np.convolve(billed, np.ones(30) / 30)[:401] * paid_share * rng.random(401) * 2).round(2)
    billed[0] = paid[0] = 0.0
    flows = Flows.of(Past.of(Standing.of(history, day)), billed, balance(history, day) + np.cumsum(billed - paid))
    later = happened(history, day, billed, paid)
    for name in OF_TOTALS:
        found = getattr(methods, name)(flows)
        for ahead in (1, 17, 31, 59, 60, 90, 151, 250, 333, 365, 400):
            on = pd.Timestamp(day) + pd.Timedelta(days=ahead)
            expected = float(getattr(measured, name)(later, on))
            assert found[ahead] == pytest.approx(expected, abs=1e-6, nan_ok=True), (name, ahead)


def test_every_day_of_two_years_is_that_of_a_ledger_where_it_happens(history):
    """Leap days, month ends and the days after them: those a calendar gets wrong."""
    billed, paid = np.full(800, 700.0), np.full(800, 690.0)
    billed[0] = paid[0] = 0.0
    flows = Flows.of(
        Past.of(Standing.of(history, "2025-12-31")), billed, balance(history, "2025-12-31") + np.cumsum(billed - paid)
    )
    later = happened(history, "2025-12-31", billed, paid)
    dates = pd.Timestamp("2025-12-31") + pd.to_timedelta(np.arange(800), unit="D")
    known = measured.dso_history(later, list(dates))
    assert methods.dso(flows) == pytest.approx(known["dso"].to_numpy(), rel=1e-9)
    assert methods.countback_dso(flows) == pytest.approx(known["countback_dso"].to_numpy(), rel=1e-9)
    ends = [ahead for ahead, date in enumerate(dates) if date.day > 27 or date.day == 1]
    found = methods.monthly_average_dso(flows)
    for ahead in ends[::5]:
        assert found[ahead] == pytest.approx(float(measured.monthly_average_dso(later, dates[ahead]))), dates[ahead]


def test_credit_notes_that_exceed_a_days_invoices_are_counted_on_from():
    """Owed 100 on day 0. Back from it: 60, −20, 30, 50 a day: reached on the fourth day, the sales being 120 then.

    Owed 55, the first day is enough; owed 65, not two (40) nor three (70)… but three are.
    """
    past = Past(0, -4, np.array([10.0, 50.0, 30.0, -20.0, 60.0]), np.full(6, 0.0), None)
    for owed, days in ((100.0, 4), (55.0, 1), (65.0, 3), (130.0, 5)):
        assert methods.daily_countback_dso(Flows.of(past, np.zeros(1), np.array([owed])))[0] == days
    assert np.isnan(methods.daily_countback_dso(Flows.of(past, np.zeros(1), np.array([131.0])))[0])


def test_days_are_counted_in_cents():
    """0.70 and 0.10 add up to 0.7999… in binary: 0.80 owed are the sales of both days all the same."""
    flows = Flows.of(Past(0, -1, np.array([0.7, 0.1]), np.zeros(3), None), np.zeros(1), np.array([0.8]))
    assert methods.daily_countback_dso(flows)[0] == 2


def test_beyond_the_edge_of_a_file_only_what_is_simulated_counts(history):
    """Asked a year after the file ends, nothing is known of the day: a DSO comes once 90 simulated days have passed."""
    past = Past.of(Standing.of(history, "2026-12-31"))
    assert past.edge is not None
    flows = Flows.of(past, np.full(200, 100.0), np.full(200, 3000.0))
    assert np.isnan(methods.dso(flows)[:90]).all()
    assert methods.dso(flows)[90:] == pytest.approx(30.0)
    assert np.isnan(methods.countback_dso(flows)[:30]).all()
    assert methods.daily_countback_dso(flows)[30:] == pytest.approx(30.0)
    assert np.isnan(methods.average_balance_dso(flows)[:90]).all()
    undated = replace(flows, past=replace(past, first=NEVER))
    for name in OF_TOTALS:
        assert np.isnan(getattr(methods, name)(undated)).all(), name


POLICIES = [
    Policy("30", NET_30),
    Policy("reminders", lateness_factor=0.6),
    Policy("worse", lateness_factor=1.5),
    Policy("discount", PaymentTerms.parse("2/10 Net 30"), discount_adoption=0.5, deposit_share=0.2),
]


@pytest.mark.parametrize("day", ["2025-06-30", "2025-12-31"])
@pytest.mark.parametrize("sample", ["negoce", "groupe"])
def test_every_policy_starts_from_the_ledgers_figures(sample, day):
    """Whatever is tried, nothing of the day asked changes."""
    ledger = sample_ledger(sample)
    found = simulate(ledger, POLICIES, day, horizon=40).methods.groupby("policy", sort=False).first()
    expected = of_ledger(ledger, day)
    assert list(found.index) == ["today", *(policy.name for policy in POLICIES)]
    for _, row in found.drop(columns="day").iterrows():
        assert dict(row) == pytest.approx(expected, rel=1e-9, nan_ok=True)


def without_due_dates(share: float) -> Ledger:
    invoices = random_invoices(11)
    known = np.random.default_rng(2).random(len(invoices)) >= share
    return from_frame(invoices.assign(due_on=invoices["due_on"].where(known)))


@settings(max_examples=6, deadline=None)
@given(st.sampled_from([0.0, 0.3, 0.8]), st.sampled_from([None, 0.5, 1.5]))
def test_what_has_no_due_date_is_neither_due_nor_overdue(share, lateness):
    """The four parts of what is owed add up on every day; those without a due date are paid off in the end."""
    ledger = without_due_dates(share)
    base = prepare(ledger, "2025-12-31", horizon=200)
    policies = [] if lateness is None else [Policy("x", lateness_factor=lateness)]
    simulation = simulate(base, policies)
    split = measured.dso_split(ledger, "2025-12-31").set_index("part")["amount"]
    for curve in simulation.curves:
        assert curve.overdue[0] == pytest.approx(split["overdue"])
        assert curve.undated[0] == pytest.approx(split["no_due_date"])
        assert (np.diff(curve.undated) <= 1e-6).all()
        assert curve.undated[-1] <= 0.5 * curve.undated[0]
    found = simulation.methods.groupby("policy", sort=False).first()
    for name, expected in of_ledger(ledger, "2025-12-31").items():
        assert found[name].to_numpy() == pytest.approx(expected, rel=1e-9), name


def test_a_simulation_is_a_ledger_in_which_it_happens(history):
    """Its sales and its cash as invoices and payments of a ledger: its DSOs at month ends are that ledger's."""
    simulation = simulate(history, Policy("30", NET_30), "2025-10-14", sales_growth=0.1)
    for name, daily in simulation.daily.groupby("policy"):
        later = happened(history, "2025-10-14", daily["sales"].to_numpy(), daily["cash"].to_numpy())
        found = simulation.methods[simulation.methods["policy"] == name].set_index("day")
        for on in (*pd.date_range("2025-10-31", "2026-09-30", freq="ME"), pd.Timestamp("2026-03-15")):
            for method in OF_TOTALS:
                expected = float(getattr(measured, method)(later, on))
                assert found.loc[on, method] == pytest.approx(expected, abs=1e-3), (name, on, method)


def test_best_possible_and_delinquent_days_are_the_dso(history):
    """Without credits to apply or invoices without a due date, on every day of every policy."""
    every = simulate(history, POLICIES, "2025-10-14").methods
    parts = every["best_possible_dso"] + every["delinquent_dso"]
    assert parts.to_numpy() == pytest.approx(every["dso"].to_numpy())
    assert (every["delinquent_dso"] > -1e-9).all()
    assert (every["best_possible_dso"] > -1e-9).all()

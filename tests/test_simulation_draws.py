"""Draws of all invoices and of compressed ledgers against each other and the closed form, and what only they tell."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, random_invoices
from small import known_by, scaled, shuffled
from test_simulation import business_invoices, later_rewritten
from test_simulation_levers import DAY, punctual

from arlib.errors import ArlibError
from arlib.simulation.base import prepare
from arlib.simulation.draws import compressed
from arlib.simulation.draws import draws as drawing
from arlib.simulation.draws.draws import draw_simulation
from arlib.simulation.outlook.shocks import Shocks
from arlib.simulation.policies.policy import Policy
from arlib.simulation.results import BAND
from arlib.simulation.sales.risk import SalesRisk
from arlib.simulation.simulate import simulate
from arlib.terms import NET_60, PaymentTerms

TAKEN = PaymentTerms.parse("2/10 net 30")
PARTS = PaymentTerms.parse("30 % on order, balance 60 days")
POLICIES = [
    Policy("60", NET_60, follow_share=0.4),
    Policy("deposit", deposit_share=0.3),
    Policy("parts", PARTS),
    Policy("reminders", lateness_factor=0.6),
    Policy("later", lateness_factor=1.7, new_invoices_only=True),
    Policy("some", NET_60, customers=("C1", "C3", "C7"), amount_from=500.0),
    Policy("faster", faster_invoicing_days=10),
    Policy("reminders from March", lateness_factor=0.4, invoices_from="2026-03-02"),
    Policy("fewer reminders", lateness_factor=1.6, invoices_from="2026-02-02", customers=("C1", "C3", "C4", "C7")),
]
SOME = [POLICIES[0], POLICIES[2], POLICIES[5]]
SHARES = [  # of which it is drawn who does
    Policy("discount", TAKEN, discount_adoption=0.5),
    Policy("discount by customer", TAKEN, discount_adoption={"C1": 0.5, "C2": 1.0, "C5": 0.2}),
    Policy("debit", direct_debit_share=0.6, returned_share=0.2),
    Policy("lost", lost_sales_share=0.25),
]


def certain(base, common=0.0, own=0.0):
    """The same ledger, whose sales come as planned, and whose payments are shifted by so many days."""
    return replace(base, sales_risk=SalesRisk(0.0, 0.0, 0.0, 0), shocks=Shocks(common, own, 12))


EVERY_INVOICE, COMPRESSED = 10**9, -1  # the most invoices that are drawn one by one


def draw(base, policies=(), most=EVERY_INVOICE, one_by_one=20, **options):
    """Draws one way or the other, `one_by_one` invoices apart where the ledger is compressed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "EXACT", most)
        patch.setattr(compressed, "INVOICES", one_by_one)
        return draw_simulation(base, policies, **options)


both_ways = pytest.mark.parametrize("most", [EVERY_INVOICE, COMPRESSED])


def widths(drawn):
    """(…, days) width of the band that holds eight draws of ten, from (…, draws, days)."""
    low, high = np.quantile(drawn, (0.1, 0.9), axis=-2)
    return high - low


@pytest.fixture(scope="module", params=[random_invoices, business_invoices])
def base(request):
    ledger = from_frame(request.param(12, invoices=700, customers=30))
    return certain(prepare(ledger, DAY, horizon=120))


def test_draws_agree_with_the_closed_form(base):
    """1,500 draws without shocks: means within 1 %, standard deviations within 4 % on average and 13 % on any day.

    Where it is drawn who takes a discount, pays by direct debit or is lost, within 8 % and 16 %.
    """
    simulation = simulate(base, POLICIES + SHARES)
    draws = draw_simulation(base, POLICIES + SHARES, draws=1500, seed=1)
    days = 121
    for number, name in enumerate(draws.policies):
        daily = simulation.daily.iloc[number * days : (number + 1) * days]
        drawn = draws.receivable[number]
        assert drawn.mean(axis=0)[1:] == pytest.approx(daily["receivable"].to_numpy()[1:], rel=0.012), name
        if name == "discount by customer":  # the closed form takes a customer's share for certain
            continue
        spread = (daily["receivable"] - daily["receivable_low"]).to_numpy() / BAND
        ratio = np.log(spread[10:] / drawn.std(axis=0)[10:])
        of_shares = name in {policy.name for policy in SHARES}  # invoices of a week are taken to be alike
        assert abs(ratio.mean()) < (0.08 if of_shares else 0.04), name
        assert np.abs(ratio).max() < (0.16 if of_shares else 0.13), name


def test_draws_agree_with_shocks():
    prepared = prepare(from_frame(random_invoices(12, invoices=700, customers=30)), DAY, horizon=120)
    base = replace(prepared, sales_risk=SalesRisk(0.0, 0.0, 0.0, 0))
    simulation = simulate(base, POLICIES[:2])
    draws = draw_simulation(base, POLICIES[:2], draws=1500, seed=2)
    for number in range(3):
        daily = simulation.daily.iloc[number * 121 : (number + 1) * 121]
        spread = (daily["receivable"] - daily["receivable_low"]).to_numpy() / BAND
        ratio = np.log(spread[10:] / draws.receivable[number].std(axis=0)[10:])
        assert abs(ratio.mean()) < 0.05


def test_bands_agree_with_draws_of_uncertain_sales():
    """Standard deviations of what is owed and of the DSO, from the 30th day on: within 8 % on average.

    Were a sale that is owed by a part taken to be owed or not, a deposit of 70 % would have them 40 and 120 % too wide.
    """
    base = prepare(from_frame(random_invoices(12, invoices=1500, customers=30)), DAY, horizon=150)
    policies = [
        Policy("deposit", deposit_share=0.7),
        Policy("discount", TAKEN, discount_adoption=0.8),
        Policy("lost", lost_sales_share=0.2),
        Policy("60", NET_60),
    ]
    curves, draws = simulate(base, policies), draw(base, policies, draws=1000, seed=7)
    for number, curve in enumerate(curves.curves):
        daily = curves.daily.iloc[number * 151 : (number + 1) * 151]
        of_dso = (daily["dso_high"] - daily["dso"]).to_numpy() / BAND
        for spread, drawn in ((np.sqrt(curve.variance), draws.receivable), (of_dso, draws.dso)):
            ratio = np.log(spread[30:] / drawn[number].std(axis=0)[30:])
            assert abs(ratio.mean()) < 0.08, (draws.policies[number], ratio.mean())


@both_ways
def test_nothing_is_drawn_as_paid_on_a_closed_day(most):
    """What is owed changes on Saturdays and Sundays by what is issued then, whatever shifts are drawn."""
    ledger = from_frame(business_invoices(12, invoices=700, customers=30))
    base = certain(prepare(ledger, DAY, horizon=60), common=1.5, own=2.0)
    daily = simulate(base).daily
    closed = np.flatnonzero(daily["day"].dt.day_of_week >= 5)
    closed = closed[closed > 0]
    drawn = draw(base, most=most, draws=50, seed=3).receivable[0]
    assert np.diff(drawn, axis=1).std(axis=0).max() > 1
    changed = np.diff(drawn, axis=1)[:, closed - 1]
    issued = daily["sales"].to_numpy()[closed]
    assert changed == pytest.approx(np.broadcast_to(issued, changed.shape), abs=drawn.mean() * 1e-4)


@pytest.fixture(scope="module", params=[(random_invoices, 1.0, 1.0), (business_invoices, 4.0, 7.0)])
def uncertain(request):
    """Some 500 invoices of 30 customers, two of them much larger, sales and payments uncertain; and exact draws."""
    made, common, own = request.param
    invoices = made(12, invoices=1500, customers=30)
    invoices.loc[invoices["customer_id"].isin(["C1", "C2"]), "amount"] *= 4
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("arlib.simulation.base.estimate_shocks", lambda _: Shocks(common, own, 12))
        base = prepare(from_frame(invoices), DAY, horizon=180)
    return base, draw(base, SOME, draws=2000, seed=1)


@pytest.mark.parametrize("one_by_one", [100, 200])
def test_both_ways_of_drawing_agree(uncertain, one_by_one):
    """Means within 1 % and widths of bands within 12 %, of every quantity and, from the sixth day on, on every day.

    The share of the largest within 3 % and 15 %: who buys is drawn from gammas, of the others together from a normal.

    The same seed gives both the same shifts and the same sales, so that they differ by the rest alone.
    """
    base, exact = uncertain
    quick = draw(base, SOME, COMPRESSED, one_by_one, draws=2000, seed=1)
    assert quick.receivable.mean(axis=1) == pytest.approx(exact.receivable.mean(axis=1), rel=0.01)
    assert widths(quick.receivable)[:, 6:] == pytest.approx(widths(exact.receivable)[:, 6:], rel=0.12)
    assert widths(quick.dso)[:, 6:] == pytest.approx(widths(exact.dso)[:, 6:], rel=0.12)
    found, expected = (
        each.summary.query("quantity != 'peak_day'").set_index(["policy", "quantity"]) for each in (quick, exact)
    )
    far = (found["mean"] / expected["mean"] - 1).abs()
    shares = far.index.get_level_values("quantity") == "largest_share"
    assert far[~shares].max() < 0.01
    assert far[shares].max() < 0.03
    wider = ((found["high"] - found["low"]) / (expected["high"] - expected["low"]) - 1).abs()
    assert wider[~shares].max() < 0.12
    assert wider[shares].max() < 0.15


@pytest.mark.parametrize("one_by_one", [0, 100])
def test_compressed_draws_agree_with_the_closed_form(base, one_by_one):
    """On each day but the first five, widths of bands within 10 %, whatever is drawn by itself; means within 1 %.

    Means of weeks: where payments come on one weekday, shifts draw them apart, and the closed form's mean has none.
    """
    shaken = replace(base, shocks=Shocks(1.0, 1.0, 12))
    daily = simulate(shaken, SOME).daily
    expected, low, high = (
        daily[name].to_numpy().reshape(len(SOME) + 1, -1)
        for name in ("receivable", "receivable_low", "receivable_high")
    )
    drawn = draw(shaken, SOME, COMPRESSED, one_by_one, draws=3000, seed=3).receivable
    weeks = np.lib.stride_tricks.sliding_window_view
    found, means = (weeks(each[:, 6:], 7, axis=1).mean(axis=2) for each in (drawn.mean(axis=1), expected))
    assert found == pytest.approx(means, rel=0.01)
    assert widths(drawn)[:, 6:] == pytest.approx((high - low)[:, 6:], rel=0.1)


def test_compressed_draws_have_the_means_of_every_lever(base):
    """Of every policy, on each day: within a thousandth of the closed form but for what 400 draws leave to chance."""
    draws = draw(base, POLICIES + SHARES, COMPRESSED, 0, draws=400, seed=6).receivable
    expected = simulate(base, POLICIES + SHARES).daily["receivable"].to_numpy().reshape(draws.shape[0], -1)
    chance = 4 * draws.std(axis=1) / np.sqrt(draws.shape[1])
    assert (np.abs(draws.mean(axis=1) - expected) <= chance + expected / 1000).all()


def test_the_largest_invoice_is_drawn_as_paid_or_not():
    """Of a debt as large as all others, some draws owe all and some nothing: a normal would say half in most."""
    invoices = random_invoices(5, invoices=600, customers=20)
    due = pd.Timestamp(DAY) + pd.Timedelta(days=3)
    large = {"customer_id": "C3", "issued_on": pd.Timestamp(DAY), "due_on": due, "amount": 1e7, "paid_on": pd.NaT}
    base = certain(prepare(from_frame(pd.concat([invoices, pd.DataFrame([large])])), DAY, horizon=30))
    exact, quick = (draw(base, most=most, draws=2000, seed=4).receivable[0] for most in (EVERY_INVOICE, COMPRESSED))
    owed = (quick > 0.9e7).mean(axis=0)
    assert owed == pytest.approx((exact > 0.9e7).mean(axis=0), abs=0.05)
    assert 0.2 < owed[np.argmin(np.abs(owed - 0.5))] < 0.8  # on some day it is owed in part of the draws
    assert ((quick > 0.2e7) & (quick < 0.9e7)).mean() < 0.01


@both_ways
def test_what_is_certain_is_drawn_as_it_is(most):
    """Everybody pays on the due date: 3,000 owed each evening, of two customers the same shares."""
    base = certain(prepare(punctual(A=100.0, B=300.0), DAY, horizon=100))
    draws = draw(base, Policy("60", NET_60), most, draws=5)
    assert draws.receivable[0] == pytest.approx(12000, rel=1e-4)  # of variances that are none, rounding is left
    assert draws.receivable[1][:, 60:] == pytest.approx(24000, rel=1e-4)
    assert draws.largest == pytest.approx(1.0)
    assert draws.dso[0] == pytest.approx(30.0, rel=1e-4)
    peak = draws.summary.query("quantity == 'receivable_peak'").set_index("policy")
    assert peak.loc["60", ["mean", "low", "high"]].tolist() == pytest.approx([24000] * 3, rel=1e-4)
    day = draws.summary.query("quantity == 'peak_day'").set_index("policy")
    assert 30 + 29 <= day.loc["60", "low"] <= 100  # all as high from the 59th day on, but for a fraction of a cent


@both_ways
def test_the_share_of_the_ten_largest_by_hand(most):
    """Twelve customers of 100, 200 … 1,200 a day, all on time: ten of them owe 7,500 of each 7,800."""
    base = certain(prepare(punctual(**{f"C{number:02}": 100.0 * number for number in range(1, 13)}), DAY, horizon=40))
    assert draw(base, most=most, draws=3).largest == pytest.approx(7500 / 7800)


@both_ways
def test_the_same_seed_gives_the_same_draws_and_draws_are_shared(base, most):
    first, again, other = (draw(base, POLICIES[:1], most, draws=20, seed=seed) for seed in (5, 5, 6))
    assert (first.receivable == again.receivable).all()
    assert (first.receivable != other.receivable).any()
    same = draw(base, Policy("today's lateness", lateness_factor=1.0, deposit_share=1e-12), most, draws=20, seed=5)
    assert same.receivable[1] == pytest.approx(same.receivable[0], abs=0.001)


@both_ways
def test_the_peak_of_draws_is_above_that_of_the_mean(base, most):
    draws = draw(base, most=most, draws=300)
    peak = draws.summary.set_index("quantity").loc["receivable_peak", "mean"]
    assert peak > simulate(base).daily["receivable"].max()


def test_what_cannot_be_drawn_is_said(base):
    with pytest.raises(ArlibError, match="At least one draw"):
        draw_simulation(base, draws=0)
    with pytest.raises(ArlibError, match="same name"):
        draw_simulation(base, [POLICIES[0], POLICIES[0]])


def test_draws_tell_which_way_they_were_made(base):
    """By hand: open debts and the plan up to the last day are what is drawn."""
    invoices = len(base.opening.debts.amount) + int((base.plan.issue <= 120).sum())
    exact, quick = (draw(base, most=most, one_by_one=37, draws=2).note for most in (invoices, invoices - 1))
    assert f"Each of the {invoices} invoices open and to come was drawn by itself." in exact.text("en")
    assert f"Chacune des {invoices} factures ouvertes et à venir a été tirée" in exact.text("fr")
    assert "The 37 largest invoices were drawn one by one" in quick.text("en")
    assert "Les 37 plus grosses factures ont été tirées une par une" in quick.text("fr")
    assert f"{len(base.concerned)} clients" in quick.text("fr")


@both_ways
@settings(max_examples=4)
@given(st.integers(0, 10_000), st.sampled_from([random_invoices, business_invoices]))
def test_the_future_changes_no_draw(most, seed, made):
    ledger, day = from_frame(made(seed, invoices=150, customers=20)), "2025-06-30"
    policies = [Policy("x", NET_60, follow_share=0.6), Policy("y", NET_60, customers=("C1", "C2"))]
    plain, *others = (
        draw(prepare(each, day, horizon=60), policies, most, draws=10)
        for each in (ledger, later_rewritten(ledger, day), known_by(ledger, day))
    )
    for other in others:
        pd.testing.assert_frame_equal(other.summary, plain.summary, check_exact=True)
        assert (plain.receivable == other.receivable).all()
        assert (plain.dso == other.dso)[~np.isnan(plain.dso)].all()


@both_ways
def test_the_order_of_rows_changes_no_draw(most):
    """Invoices all issued on Mondays, several a day, some alike, in another order of the file."""
    invoices = random_invoices(4, invoices=300, customers=12)
    invoices["issued_on"] = invoices["issued_on"].dt.to_period("W").dt.start_time
    ledger = from_frame(pd.concat([invoices, invoices[::7]], ignore_index=True))
    plain, other = (
        draw(prepare(each, DAY, horizon=60), SOME, most, draws=20) for each in (ledger, shuffled(ledger, 1))
    )
    assert other.receivable == pytest.approx(plain.receivable, rel=1e-6)


@both_ways
@settings(max_examples=4)
@given(st.integers(0, 10_000), st.sampled_from([7.0, 1e6]))
def test_amounts_in_another_unit_change_no_day_and_no_share(most, seed, factor):
    ledger, policy = from_frame(random_invoices(seed, invoices=200, customers=12)), Policy("60", NET_60)
    plain, other = (
        draw(prepare(each, DAY, horizon=60), policy, most, draws=10) for each in (ledger, scaled(ledger, factor))
    )
    assert other.receivable == pytest.approx(plain.receivable * factor, rel=1e-6)
    assert other.largest == pytest.approx(plain.largest, rel=1e-6)


@both_ways
def test_a_ledger_without_debts_or_without_sales_is_drawn(most):
    """One invoice long paid and one owed for years: nothing is sold again, and what is owed stays or is paid."""
    rows = [("A", "2020-01-01", "2020-01-31", 100.0, "2020-02-03"), ("B", "2020-01-01", "2020-01-31", 50.0, None)]
    old = pd.DataFrame(rows, columns=["customer_id", "issued_on", "due_on", "amount", "paid_on"])
    owed = draw(prepare(from_frame(old), DAY, horizon=30), most=most, draws=5).receivable
    assert ((owed == 0) | (owed == 50)).all()
    with pytest.raises(ArlibError, match="nothing is owed"):
        draw(prepare(from_frame(old[:1]), DAY, horizon=30), most=most, draws=5)

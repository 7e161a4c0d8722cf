"""The levers: bridges add up, targets are reached, bars have both ends, the ranking can be re-performed."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, future_changed, random_invoices
from small import known_by, sample_ledger

from arlib.errors import ArlibError
from arlib.ledger import open_items
from arlib.simulation.base import prepare
from arlib.simulation.levers.bridge import lever_shares, policy_bridge
from arlib.simulation.levers.ranking import Effort, effort_ranking
from arlib.simulation.levers.target import target_dso
from arlib.simulation.levers.tornado import STEPS, tornado
from arlib.simulation.outlook.by_customer import simulate_by_customer
from arlib.simulation.policies.policy import TODAY, Policy
from arlib.simulation.simulate import simulate
from arlib.terms import NET_30, NET_45, PaymentTerms

DAY = "2025-12-31"
LANGUAGES = ("en", "fr")


@pytest.fixture(scope="module")
def base():
    customers = pd.DataFrame({"customer_id": [f"C{code}" for code in range(8)], "segment": [*list("aabbccd"), None]})
    return prepare(from_frame(random_invoices(5), customers=customers), DAY)


def summary(base, policy, **asked):
    """The figures of a policy alone."""
    return simulate(base, policy, **asked).summary.iloc[-1]


def without_sentences(frame):
    """A frame as it compares: sentences as their texts."""
    told = frame["sentence"].map(lambda sentence: sentence.text("fr"))
    return frame.assign(sentence=told.astype("str"))


POLICIES = [
    Policy("one", NET_30),
    Policy("date", NET_45, follow_share=0.6, faster_invoicing_days=7, invoices_from=pd.Timestamp("2026-03-01")),
    Policy("all", NET_30, follow_share=0.5, deposit_share=0.2, lateness_factor=0.7, lost_sales_share=0.05),
    Policy(
        "discount",
        PaymentTerms.parse("2/10 net 30"),
        discount_adoption=0.4,
        direct_debit_share=0.3,
        returned_share=0.1,
        segments=("a", "b"),
    ),
    Policy.together("both", Policy("x", NET_30, customers=("C1", "C2")), Policy("y", lateness_factor=0.5)),
]
IDS = [policy.name for policy in POLICIES]


@pytest.mark.parametrize("policy", POLICIES, ids=IDS)
def test_the_bridge_adds_up_to_the_whole_effect(base, policy):
    measures = ("dso_month", "receivable_end", "cash", "sales")
    bridge = policy_bridge(base, policy, measures=measures)
    today, then = summary(base, ()), summary(base, policy)
    assert len(bridge) == len(measures) * len(policy.levers)
    for measure in measures:
        steps = bridge[bridge["measure"] == measure]
        assert tuple(steps["lever"]) == policy.levers
        assert steps["before"].iloc[0] == today[measure]
        assert steps["after"].iloc[-1] == then[measure]
        assert steps["before"].iloc[1:].tolist() == steps["after"].iloc[:-1].tolist()
        assert steps["effect"].sum() == pytest.approx(then[measure] - today[measure], abs=0.005)


@pytest.mark.parametrize("policy", POLICIES, ids=IDS)
def test_the_shares_add_up_to_the_whole_effect(base, policy):
    shares = lever_shares(base, policy)
    today, then = summary(base, ()), summary(base, policy)
    for measure, effects in shares.groupby("measure")["effect"]:
        assert effects.sum() == pytest.approx(then[measure] - today[measure], abs=0.005)
    assert (shares["effect_least"] <= shares["effect"] + 1e-9).all()
    assert (shares["effect"] <= shares["effect_most"] + 1e-9).all()


def test_a_share_is_the_mean_over_all_orders(base):
    """Three levers moved in each of their six orders, one by one, by the levers of the policy themselves."""
    policy = Policy("x", NET_30, deposit_share=0.3, lateness_factor=0.5)
    effects = {lever: [] for lever in policy.levers}
    for order in permutations(policy.levers):
        values = [summary(base, policy.with_levers(order[:count]))["cash"] for count in range(4)]
        for lever, effect in zip(order, np.diff(values), strict=True):
            effects[lever].append(effect)
    shares = lever_shares(base, policy, measures=("cash",)).set_index("lever")
    for lever, found in effects.items():
        assert shares.loc[lever, "effect"] == pytest.approx(np.mean(found))
        assert shares.loc[lever, "effect_least"] == pytest.approx(min(found))
        assert shares.loc[lever, "effect_most"] == pytest.approx(max(found))


def test_a_modifier_says_what_it_takes_away(base):
    """Who follows 60 % of a shorter term gives back a part of what the term alone would bring."""
    bridge = policy_bridge(base, Policy("x", PaymentTerms(5), follow_share=0.6), measures=("receivable_end",))
    effect = bridge.set_index("lever")["effect"]
    assert effect["terms"] < 0 < effect["follow_share"] < -effect["terms"]


@settings(max_examples=8)
@given(
    st.integers(0, 30),
    st.floats(0, 1),
    st.integers(0, 30),
    st.floats(0, 0.5),
    st.floats(0.1, 2),
    st.integers(-30, 30),
)
def test_any_bridge_adds_up(base, days, follow, faster, deposit, lateness, more):  # noqa: PLR0917 - levers
    levers = {"faster_invoicing_days": faster, "deposit_share": deposit, "lateness_factor": lateness}
    policy = Policy("x", PaymentTerms(days), follow_share=follow, terms_days=more, **levers)
    today, then = summary(base, ()), summary(base, policy)
    for measure, effects in policy_bridge(base, policy).groupby("measure")["effect"]:
        assert effects.sum() == pytest.approx(then[measure] - today[measure], abs=0.005)


def test_days_added_to_the_terms_move_due_dates_and_never_before_the_issue(base):
    """With every customer at 30 days, 10 days more are 40 and 10 less 20; 60 less are on receipt."""
    invoices = random_invoices(7)
    invoices["paid_on"] += invoices["issued_on"] + pd.Timedelta(days=30) - invoices["due_on"]
    invoices["due_on"] = invoices["issued_on"] + pd.Timedelta(days=30)
    invoices["paid_on"] = invoices["paid_on"].where(invoices["paid_on"] <= DAY)
    base = prepare(from_frame(invoices), DAY)
    for added, days in ((10, 40), (-10, 20), (-60, 0)):
        moved, net = summary(base, Policy("x", terms_days=added)), summary(base, Policy("x", PaymentTerms(days)))
        assert moved["receivable_end"] == pytest.approx(net["receivable_end"])
        more = summary(base, Policy("x", PaymentTerms(days), terms_days=30))
        assert more["cash"] == pytest.approx(summary(base, Policy("x", PaymentTerms(days + 30)))["cash"])


@pytest.mark.parametrize("gained", [2.0, 15.0])
def test_a_target_that_is_found_is_reached_when_simulated_again(base, gained):
    today = summary(base, ())["dso_month"]
    target = today - gained
    found = target_dso(base, target, largest=2)
    assert set(found["scope"]) == {"all", "segment", "largest"}
    assert found["reachable"].any()
    assert not found["reachable"].all()
    shares = found["lever"].str.contains("share|factor")
    for row in found.itertuples():
        again = summary(base, row.policy)
        assert again["dso_month"] == row.dso_month
        assert again["cash_gained"] == row.cash_gained
        assert (row.dso_month <= target) == row.reachable
        assert np.isnan(row.needed) != row.reachable
    assert found.loc[shares & found["reachable"], "dso_month"].to_numpy() == pytest.approx(target, abs=0.05)


def test_one_day_less_does_not_reach_the_target(base):
    """Whole days are the fewest that reach it."""
    target = summary(base, ())["dso_month"] - 3
    found = target_dso(base, target)
    whole = found[found["reachable"] & (found["lever"] == "terms_days") & (found["scope"] != "largest")]
    assert len(whole) >= 2
    for row in whole.itertuples():
        scope = (row.segment,) if row.scope == "segment" else None
        less = Policy("less", terms_days=int(row.needed) + 1, segments=scope)
        assert row.dso_month <= target < summary(base, less)["dso_month"]


def test_out_of_reach_is_said_with_the_best_there_is(base):
    """Lower than paying on time gives: a deposit can, lateness cannot."""
    best = summary(base, Policy("x", lateness_factor=0.0))
    found = target_dso(base, best["dso_month"] - 1).query("scope == 'all'").set_index("lever")
    lateness = found.loc["lateness_factor"]
    assert not lateness["reachable"]
    assert np.isnan(lateness["needed"])
    assert lateness["dso_month"] == pytest.approx(best["dso_month"])
    assert "out of reach of this lever alone" in lateness["sentence"].text("en")
    assert "hors d'atteinte" in lateness["sentence"].text("fr")
    assert 0 < found.loc["deposit_share", "needed"] < 1


def test_a_lever_that_does_not_lower_dso_is_said_so():
    """Everybody pays ten days early: collecting on the due date would be later."""
    invoices = random_invoices(5)
    paid = invoices["due_on"] - pd.Timedelta(days=10)
    paid = paid.where(paid > invoices["issued_on"], invoices["issued_on"])
    base = prepare(from_frame(invoices.assign(paid_on=paid.where(paid <= DAY))), DAY)
    found = target_dso(base, 5.0).query("scope == 'all'").set_index("lever").loc["direct_debit_share"]
    assert not found["reachable"]
    assert found["dso_month"] == found["dso_today"]
    assert "would not lower DSO" in found["sentence"].text("en")
    assert "n'abaisserait pas le DSO" in found["sentence"].text("fr")


def test_a_target_already_reached_needs_nothing(base):
    today = summary(base, ())
    found = target_dso(base, today["dso_month"] + 1)
    assert found["reachable"].all()
    assert (found["cash_gained"] == 0).all()
    assert found.groupby("lever")["needed"].first().to_dict() == {
        "terms_days": 0,
        "lateness_factor": 1,
        "faster_invoicing_days": 0,
        "deposit_share": 0,
        "direct_debit_share": 0,
    }
    assert all("nothing needs to change" in told.text("en") for told in found["sentence"])


def test_a_ledger_without_segments_is_asked_for_all_and_the_largest():
    base = prepare(from_frame(random_invoices(3)), DAY)
    found = target_dso(base, summary(base, ())["dso_month"] - 1, largest=3)
    assert set(found["scope"]) == {"all", "largest"}
    buys = pd.Series(base.plan.amount).where(base.plan.issue <= 365).groupby(base.plan.customer).sum()
    largest = base.laws.customers[buys.nlargest(3).index]
    policy = found.loc[found["scope"] == "largest", "policy"].iloc[0]
    assert set(policy.customers) == set(largest)


@pytest.mark.parametrize("policy", [TODAY, *POLICIES], ids=["today", *IDS])
def test_each_end_of_a_bar_is_the_lever_moved_so_far(base, policy):
    """The bars of a policy whose parts do not share a lever: what is simulated with `replace` of one field."""
    bars = tornado(base, policy)
    here = summary(base, policy if policy.levers else Policy("today again"))
    assert (bars["dso"] == here["dso_month"]).all()
    assert (bars["cash"] == here["cash_month"]).all()
    assert (bars["low"] <= 0).all()
    assert (bars["high"] >= 0).all()
    assert (bars["low"] < bars["high"]).all()
    width = (bars["dso_high"] - bars["dso_low"]).abs()
    assert width.is_monotonic_decreasing


def test_the_bars_of_today_are_their_policies(base):
    bars = tornado(base).set_index("lever")
    expected = {
        "terms_days": (Policy("x", terms_days=-5), Policy("x", terms_days=5), -5, 5),
        "lateness_factor": (Policy("x", lateness_factor=0.9), Policy("x", lateness_factor=1.1), -0.1, 0.1),
        "faster_invoicing_days": (Policy("x"), Policy("x", faster_invoicing_days=5), 0, 5),
        "deposit_share": (Policy("x"), Policy("x", deposit_share=0.1), 0, 0.1),
        "direct_debit_share": (Policy("x"), Policy("x", direct_debit_share=0.1), 0, 0.1),
    }
    assert set(bars.index) == {*expected, "sales_growth"}
    for lever, (low, high, less, more) in expected.items():
        bar = bars.loc[lever]
        assert (bar["low"], bar["high"]) == pytest.approx((less, more))
        for end, policy in (("low", low), ("high", high)):
            again = summary(base, policy)
            assert bar[f"dso_{end}"] == pytest.approx(again["dso_month"])
            assert bar[f"cash_{end}"] == pytest.approx(again["cash_month"])
    for end, moved in (("low", -0.1), ("high", 0.1)):
        growth = base.plan.level - 1 + moved
        assert bars.loc["sales_growth", f"cash_{end}"] == summary(base, (), sales_growth=growth)["cash_month"]
    terms, lateness = bars.loc["terms_days"], bars.loc["lateness_factor"]
    assert terms["dso_low"] < terms["dso"] < terms["dso_high"]
    assert lateness["dso_low"] < lateness["dso"] < lateness["dso_high"]


def test_what_is_followed_is_moved_from_nothing_to_all_where_there_is_a_change(base):
    policy = Policy("x", PaymentTerms(5), follow_share=0.6)
    bar = tornado(base, policy).set_index("lever").loc["follow_share"]
    assert (bar["low"], bar["high"]) == pytest.approx((-0.6, 0.4))
    assert bar["dso_low"] == pytest.approx(summary(base, ())["dso_month"])
    assert bar["dso_high"] == pytest.approx(summary(base, Policy("x", PaymentTerms(5)))["dso_month"])
    assert "follow_share" not in set(tornado(base, Policy("x", lateness_factor=0.5))["lever"])


def test_in_a_policy_of_parts_those_that_set_the_lever_are_moved(base):
    """x sets the terms of C1 and C2, y the lateness of all: lateness is moved in y alone, a deposit in both."""
    x, y = Policy("x", NET_30, customers=("C1", "C2")), Policy("y", lateness_factor=0.5)
    bars = tornado(base, Policy.together("both", x, y), steps={"lateness_factor": 0.1, "deposit_share": 0.2})
    bars = bars.set_index("lever")
    later = Policy.together("later", x, Policy("y", lateness_factor=0.6))
    assert bars.loc["lateness_factor", "dso_high"] == pytest.approx(summary(base, later)["dso_month"])
    deposit = Policy.together("deposit", x, y, Policy("z", deposit_share=0.2))
    assert bars.loc["deposit_share", "dso_high"] == pytest.approx(summary(base, deposit)["dso_month"])


EFFORT = Effort(minutes_per_customer=60, minutes_per_invoice=6, hours_a_day=8)


@pytest.mark.parametrize("factor", [0.0, 0.5])
def test_the_ranking_is_re_performed_customer_by_customer(base, factor):
    ranking = effort_ranking(base, lateness_factor=factor, effort=EFFORT)
    assert set(ranking["customer_id"]) == set(base.laws.customers[base.concerned])
    again = simulate_by_customer(base, Policy("x", lateness_factor=factor))
    gained = again[again["policy"] == "x"].set_index("customer_id")["cash_gained"]
    by_customer = ranking.set_index("customer_id")
    assert by_customer["cash_freed"].to_dict() == pytest.approx(gained[by_customer.index].to_dict(), abs=0.005)
    whole = summary(base, Policy("x", lateness_factor=factor))["cash_gained"]
    assert ranking["cash_freed"].sum() == pytest.approx(whole, abs=0.01)
    first = ranking.iloc[0]
    alone = summary(base, Policy("x", lateness_factor=factor, customers=(first["customer_id"],)))
    assert first["cash_freed"] == pytest.approx(alone["cash_gained"], abs=0.005)


def test_effort_is_what_is_assumed_of_a_customer_and_of_each_of_its_invoices(base):
    """60 minutes and 6 an invoice, in days of 480: 45 invoices are 330 minutes, 0.6875 day."""
    assert EFFORT.days(np.array([0.0, 45.0])).tolist() == [0.125, 0.6875]
    ranking = effort_ranking(base, effort=EFFORT).set_index("customer_id")
    opened = open_items(base.ledger, DAY).groupby("customer_id").size()
    names = pd.Series(base.laws.customers[base.plan.customer[base.plan.issue <= 365]])
    invoices = opened.add(names.value_counts(), fill_value=0)
    assert ranking["invoices"].to_dict() == invoices.astype(int).to_dict()
    assert ranking["effort_days"].to_numpy() == pytest.approx((60 + 6 * ranking["invoices"].to_numpy()) / 480)
    per_day = ranking["cash_freed"] / ranking["effort_days"]
    assert ranking["cash_freed_per_day"].to_numpy() == pytest.approx(per_day.to_numpy())
    assert ranking["cash_freed_per_day"].is_monotonic_decreasing
    assert ranking["cash_freed_cumulated"].iloc[-1] == pytest.approx(ranking["cash_freed"].sum())
    assert ranking["effort_days_cumulated"].is_monotonic_increasing
    assert "60.0 minutes a customer and 6.0 minutes an invoice" in EFFORT.sentence().text("en")


def test_a_customer_who_pays_on_time_frees_nearly_nothing():
    """C1 pays every invoice on its due date: what its law lets be late is its neighbours' (two invoices of 30)."""
    invoices = random_invoices(5)
    due = invoices["due_on"].where(invoices["due_on"] <= DAY)
    invoices["paid_on"] = invoices["paid_on"].where(invoices["customer_id"] != "C1", due)
    freed = effort_ranking(prepare(from_frame(invoices), DAY)).set_index("customer_id")["cash_freed"]
    assert 0 <= freed["C1"] < 0.02 * freed.max()


def test_steps_are_those_given(base):
    """Sales lost are a lever too, moved where it is asked for."""
    bars = tornado(base, steps={"lost_sales_share": 0.05}).set_index("lever").loc["lost_sales_share"]
    assert (bars["low"], bars["high"]) == (0, 0.05)
    assert bars["cash_high"] == pytest.approx(summary(base, Policy("x", lost_sales_share=0.05))["cash_month"])


def test_every_sentence_reads_in_both_languages(base):
    policy = POLICIES[2]
    frames = [
        policy_bridge(base, policy),
        lever_shares(base, policy),
        tornado(base, policy),
        effort_ranking(base),
        effort_ranking(base, lateness_factor=0.5),
        *(target_dso(base, target) for target in (5.0, 30.0, 500.0)),
    ]
    for frame in frames:
        for told in frame["sentence"]:
            assert not any("{" in told.text(language) or "nan" in told.text(language) for language in LANGUAGES)


ASKED = {
    "bridge": lambda base: policy_bridge(base, POLICIES[2]),
    "shares": lambda base: lever_shares(base, POLICIES[1]),
    "tornado": tornado,
    "ranking": effort_ranking,
    "target": lambda base: target_dso(base, 30.0, largest=2),
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_the_future_changes_nothing_to_the_bit(asked):
    ledger, day = from_frame(random_invoices(11, invoices=250)), "2025-06-30"
    plain = without_sentences(asked(prepare(ledger, day, horizon=120)))
    for other in (future_changed(ledger, day), known_by(ledger, day)):
        again = without_sentences(asked(prepare(other, day, horizon=120)))
        pd.testing.assert_frame_equal(again, plain, check_exact=True)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda base: policy_bridge(base, TODAY), "sets no lever"),
        (lambda base: policy_bridge(base, POLICIES[0], measures=("dso",)), "not figures of the summary"),
        (lambda base: lever_shares(base, Policy("x")), "sets no lever"),
        (lambda base: policy_bridge(base, Policy("x", NET_30, segments=("none",))), "no customer has: none"),
        (lambda base: tornado(base, steps={"terms": 5}), "cannot be moved by steps: terms"),
        (lambda base: tornado(base, steps=dict(STEPS) | {"terms_days": 2.5}), "in whole days above 0"),
        (lambda base: tornado(base, steps={"deposit_share": 0}), "is a share above 0"),
        (lambda base: target_dso(base, -1), "number of days, 0 or more"),
        (lambda base: target_dso(base, float("nan")), "number of days, 0 or more"),
        (lambda base: target_dso(base, 40, largest=0), "at least one"),
        (lambda base: effort_ranking(base, lateness_factor=1.0), "to below 1"),
        (lambda _: Effort(minutes_per_customer=-1), "minutes are 0 or more"),
        (lambda _: Effort(0, 0), "not all 0"),
        (lambda _: Effort(hours_a_day=25), "at most 24 hours"),
    ],
)
def test_what_cannot_be_asked_is_said(base, made, said):
    with pytest.raises(ArlibError, match=said):
        made(base)


def test_a_ledger_asleep_has_no_dso_to_reach():
    base = prepare(from_frame(random_invoices(5), until="2027-12-31"), "2027-12-31")
    with pytest.raises(ArlibError, match="There is no DSO over the 30 days up to"):
        target_dso(base, 40)


def test_too_many_levers_for_all_their_orders(base):
    terms = PaymentTerms.parse("2/10 net 30")
    policy = Policy(
        "x",
        terms,
        terms_days=5,
        follow_share=0.5,
        faster_invoicing_days=3,
        discount_adoption=0.1,
        deposit_share=0.1,
        direct_debit_share=0.1,
        lateness_factor=0.5,
        lost_sales_share=0.1,
    )
    with pytest.raises(ArlibError, match="at most 8"):
        lever_shares(base, policy)
    assert len(policy_bridge(base, policy, measures=("cash",))) == 9


def test_a_day_of_terms_is_a_day_of_dso_whatever_the_last_day_is():
    """On the sample, whose due dates are ends of months: the DSO of 31 December moves by 2.8 days more down than up."""
    bar = tornado(prepare(sample_ledger("negoce")), steps={"terms_days": 5}).iloc[0]
    for end in ("low", "high"):
        assert abs(bar[f"dso_{end}"] - bar["dso"]) == pytest.approx(5, abs=1)


def test_the_dso_of_levers_is_the_mean_of_the_last_days(base):
    policy = POLICIES[0]
    daily = simulate(base, policy).daily.set_index("policy")["dso"]
    for name in ("today", policy.name):
        mean = daily.loc[name].to_numpy()[-30:].mean()
        assert summary(base, policy if name != "today" else ())["dso_month"] == pytest.approx(mean)
    bridge = policy_bridge(base, policy)
    assert bridge["measure"].drop_duplicates().tolist() == ["dso_month", "receivable_end", "cash_month"]
    assert bridge["after"].iloc[len(policy.levers) - 1] == pytest.approx(mean)
    assert "DSO of the last 30 days" in bridge["sentence"].iloc[0].text("en")

"""Policies: what cannot be built, whom they are for, what they do together, and their files."""

import copy
import json
import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices
from test_terms_parsing import all_terms

from arlib.errors import ArlibError
from arlib.simulation.assumptions import assumptions
from arlib.simulation.backtest.backtest import backtest_simulation
from arlib.simulation.base import prepare
from arlib.simulation.draws.draws import draw_simulation
from arlib.simulation.levers.target import target_dso
from arlib.simulation.policies.adoption import worthwhile_adoption
from arlib.simulation.policies.files import policies_text, read_policies, write_policies
from arlib.simulation.policies.policy import LEVERS, TODAY, Policy
from arlib.simulation.policies.scope import (
    customers_in_scope,
    invoices_in_scope,
    reminders_of_opening,
    treatments,
)
from arlib.simulation.simulate import simulate
from arlib.terms import END_OF_MONTH_45, NET_30, NET_45, NET_60, ON_RECEIPT, Discount, DueRule, PaymentTerms
from arlib.words import LANGUAGES

DAY = "2025-12-31"
EARLY = PaymentTerms.parse("2/10 net 30")
CUSTOMERS = pd.DataFrame(
    {
        "customer_id": [f"C{code}" for code in range(8)],
        "segment": list("aabbccdd"),
        "country": ["FR", "FR", "DE", "DE", "FR", "IT", None, "DE"],
    }
)


@pytest.fixture(scope="module")
def base():
    return prepare(from_frame(random_invoices(5), customers=CUSTOMERS), DAY)


def names(base, chosen):
    return list(base.laws.customers[chosen])


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Policy("x", deposit_share=1.2), "its share of the deposit to 1.2: it goes from 0 to 1"),
        (lambda: Policy("x", direct_debit_share=float("nan")), "goes from 0 to 1"),
        (lambda: Policy("x", returned_share="all"), "goes from 0 to 1"),
        (lambda: Policy("x", lost_sales_share=True), "goes from 0 to 1"),
        (lambda: Policy("x", lateness_factor=3.5), "goes from 0 to 3"),
        (lambda: Policy("x", yearly_cost=-1.0), "an amount, 0 or more"),
        (lambda: Policy("x", cost_per_invoice=float("inf")), "an amount, 0 or more"),
        (lambda: Policy("x", amount_from=-5), "an amount, 0 or more"),
        (lambda: Policy("x", amount_from=100, amount_below=100), "no amount is both"),
        (lambda: Policy("x", amount_below=0), "no amount is both"),
        (lambda: Policy("x", faster_invoicing_days=2.5), "0 to 90 days"),
        (lambda: Policy("x", terms_days=91), "from -90 to 90"),
        (lambda: Policy("x", NET_30, discount_adoption=0.5), "does not grant|do not grant"),
        (lambda: Policy("x", discount_adoption=0.5), "do not grant"),
        (lambda: Policy("x", EARLY, discount_adoption=2.0), "its share that takes the discount to 2.0"),
        (lambda: Policy("x", EARLY, discount_adoption={"C1": 0.5, "C2": -1}), "goes from 0 to 1"),
        (lambda: Policy("x", net_discount(), discount_adoption=0.5), "without tax"),
        (lambda: Policy("x", PaymentTerms.parse("2/10 net 5"), discount_adoption=0.5), "5 days after the invoice"),
        (lambda: Policy("x", discounted(ON_RECEIPT, 30), discount_adoption=0.5), "30 days after the invoice falls due"),
        (lambda: Policy("x", discounted(PaymentTerms(0, "after_days"), 8), discount_adoption=1.0), "8 days after"),
        (lambda: Policy("x", credit_stop="yes"), "yes or no"),
        (lambda: Policy("x", countries="FR"), "are several names"),
        (lambda: Policy("x", customers=5), "are several names"),
        (lambda: Policy("x", customers=(5,)), "are several names"),
        (lambda: Policy(None), "name of its own.*None"),
        (lambda: Policy("x", parts=5), "something else than plain policies"),
        (lambda: Policy("x", invoices_from=5), "5"),
        (lambda: Policy("x", NET_30, parts=(Policy("y", NET_45),)), "made of others"),
        (lambda: Policy("x", parts=("y",)), "something else than plain policies"),
        (lambda: Policy("today", parts=(Policy("y", NET_45),)), "name of its own"),
        (lambda: Policy("x", NET_30).with_levers(["delay"]), "called delay"),
    ],
)
def test_what_cannot_be_built_says_why(made, said):
    with pytest.raises(ArlibError, match=said) as told:
        made()
    assert told.value.text("fr") != told.value.text("en")


def discounted(terms, days):
    return replace(terms, discounts=(Discount(0.05, DueRule(days)),))


@pytest.mark.parametrize("terms", [PaymentTerms(10), PaymentTerms(30), PaymentTerms(10, "after_days"), END_OF_MONTH_45])
def test_a_discount_may_be_granted_until_the_due_date(terms):
    assert Policy("x", discounted(terms, 10), discount_adoption=0.5).terms == discounted(terms, 10)
    Policy("x", discounted(terms, 90))  # nobody is said to take it


def net_discount():
    return PaymentTerms(30, discounts=(type(EARLY.discounts[0])(0.02, EARLY.discounts[0].until, "net"),))


def test_a_policy_is_a_value():
    one = Policy("x", EARLY, customers=["C1"], discount_adoption={"C1": 0.5}, invoices_from="2026-02-01")
    other = Policy("x", EARLY, customers=("C1",), discount_adoption={"C1": 0.5}, invoices_from="2026-02-01")
    assert one == other
    assert hash(one) == hash(other)
    with pytest.raises(TypeError):
        one.discount_adoption["C1"] = 1.0


def test_what_only_costs_or_only_says_how_changes_nothing():
    for policy in (TODAY, Policy("x", follow_share=0.5), Policy("x", yearly_cost=10), Policy("x", returned_share=0.1)):
        assert not policy.changes
    for lever, value in {"terms_days": 5, "deposit_share": 0.1, "lateness_factor": 0.5, "credit_stop": True}.items():
        assert Policy("x", **{lever: value}).changes
        assert Policy("x", **{lever: value}).levers == (lever,)


def test_levers_are_kept_by_name_for_the_same_invoices():
    whole = Policy(
        "x", EARLY, segments=("a",), discount_adoption=0.5, deposit_share=0.2, invoices_from="2026-03-01", yearly_cost=9
    )
    assert whole.levers == ("terms", "discount_adoption", "deposit_share", "yearly_cost")
    kept = whole.with_levers(["deposit_share", "discount_adoption"])
    assert kept == Policy("x", segments=("a",), deposit_share=0.2, invoices_from="2026-03-01")
    assert whole.with_levers(whole.levers) == whole
    assert not whole.with_levers([]).levers
    both = Policy.together("both", whole, Policy("y", NET_45, lateness_factor=0.5))
    assert both.levers == ("terms", "discount_adoption", "deposit_share", "lateness_factor", "yearly_cost")
    assert both.with_levers(["lateness_factor"]).levers == ("lateness_factor",)
    assert both.yearly_costs == 9


def test_customers_and_segments_are_a_union_that_countries_narrow(base):
    """C7 is in Germany, like C2 and C3 of segment b; C4 of segment c is in France and C5 in Italy; C6 is nowhere."""
    for scope, theirs in (
        ({"customers": ("C7",), "segments": ("b", "c")}, "23457"),
        ({"countries": ("DE",)}, "237"),
        ({"segments": ("b", "c"), "countries": ("DE",)}, "23"),
        ({"customers": ("C7", "C0"), "segments": ("c",), "countries": ("DE", "IT")}, "57"),
        ({"segments": ("d",), "countries": ("FR",)}, ""),
    ):
        policy = Policy("x", NET_30, **scope)
        assert names(base, customers_in_scope(base, policy)) == [f"C{each}" for each in theirs], scope
    assert customers_in_scope(base, TODAY).all()
    assert not customers_in_scope(base, Policy("x", customers=())).any()
    (read,) = read_policies('{"name": "x", "segments": ["b", "c"], "countries": ["DE"], "terms": "30 days"}')
    assert names(base, customers_in_scope(base, read)) == ["C2", "C3"]


def test_amounts_and_days_narrow_a_scope(base):
    policy = Policy("x", NET_30, countries=("DE",), amount_from=500, amount_below=2000, invoices_from="2026-03-01")
    plan = base.plan
    german = np.isin(base.laws.customers[plan.customer], ["C2", "C3", "C7"])
    march = plan.issue >= 60  # 31 days of January and 28 of February come before
    expected = german & (plan.invoiced >= 500) & (plan.invoiced < 2000) & march
    assert expected.any()
    np.testing.assert_array_equal(invoices_in_scope(base, policy), expected)


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (Policy("x", customers=("C1", "who")), "does not have: who"),
        (Policy("x", segments=("z",)), "no customer has: z"),
        (Policy("x", NET_30, countries=("US",)), "no customer has: US"),
        (Policy("x", EARLY, discount_adoption={"nobody": 1.0}), "does not have: nobody"),
        (Policy.together("t", Policy("x", NET_30), Policy("y", NET_45, segments=("z",))), "no customer has: z"),
    ],
)
def test_unknown_names_are_told(base, policy, said):
    for asked in (invoices_in_scope, treatments):
        with pytest.raises(ArlibError, match=said):
            asked(base, policy)


def test_parts_that_meet_are_merged_lever_by_lever(base):
    """Everybody: 2/10 net 30, half take it, 30 % on order. Segment b: net 45, nothing of 2/10 net 30 is left."""
    all_ = Policy("all", EARLY, discount_adoption=0.5, follow_share=0.8, deposit_share=0.3, cost_per_invoice=2)
    some = Policy("some", NET_45, segments=("b",), lateness_factor=0.5)
    made = {treated.policy.terms: treated for treated in treatments(base, Policy.together("t", all_, some))}
    assert set(made) == {EARLY, NET_45}
    assert made[EARLY].policy == Policy("t", EARLY, discount_adoption=0.5, follow_share=0.8, deposit_share=0.3)
    assert made[NET_45].policy == Policy("t", NET_45, deposit_share=0.3, lateness_factor=0.5)
    in_b = np.isin(base.laws.customers[base.plan.customer], ["C2", "C3"])
    np.testing.assert_array_equal(made[NET_45].chosen, in_b)
    np.testing.assert_array_equal(made[EARLY].chosen, ~in_b)


def test_a_later_start_is_for_later_invoices_alone(base):
    """From April on b pays at 45 days; what A brings forward still begins on the first day of A."""
    early = Policy("A", faster_invoicing_days=10, invoices_from="2026-02-01")
    late = Policy("B", NET_45, invoices_from="2026-04-01")
    made = treatments(base, Policy.together("t", early, late))
    issue = base.plan.issue
    february, april = issue >= 32, issue >= 91
    for treated in made:
        both = treated.policy.terms == NET_45
        np.testing.assert_array_equal(treated.chosen, april if both else february & ~april)
        assert treated.policy.invoices_from == pd.Timestamp("2026-02-01")
    assert len(made) == 2


def test_a_credit_stop_is_a_deposit_of_all(base):
    stop = Policy("s", segments=("a",), credit_stop=True)
    debit = Policy("d", EARLY, discount_adoption=0.2, deposit_share=0.1, direct_debit_share=0.5, returned_share=0.1)
    by_terms = treatments(base, Policy.together("t", debit, stop))
    stopped = next(treated for treated in by_terms if treated.policy.credit_stop)
    assert stopped.paid_by == (1.0, 0.0, 0.0, 0.0)
    # 10 % on order; 20 % of the other 90; half of what is left, a tenth of it returned: 0.72 × 0.5 × 0.9 = 0.324
    others = next(treated for treated in by_terms if not treated.policy.credit_stop)
    assert others.paid_by == pytest.approx((0.1, 0.18, 0.324, 0.396))


def test_a_discount_by_customer_parts_each_invoice_between_who_takes_it_and_who_does_not(base):
    policy = Policy("x", EARLY, segments=("a", "b"), discount_adoption={"C0": 1.0, "C2": 0.25})
    taking, others = treatments(base, policy)
    who = base.laws.customers[base.plan.customer]
    np.testing.assert_array_equal(taking.chosen, np.select([who == "C0", who == "C2"], [1.0, 0.25], 0.0))
    np.testing.assert_array_equal(taking.chosen + others.chosen, np.isin(who, ["C0", "C1", "C2", "C3"]))
    assert (taking.policy.discount_adoption, others.policy.discount_adoption) == (1.0, 0.0)


def some_policies():
    share = st.floats(0, 1)
    shares = dict.fromkeys(["follow_share", "deposit_share", "direct_debit_share", "returned_share"], share)
    names_ = st.none() | st.lists(st.sampled_from(["C0", "C3", "C5"]), min_size=1, max_size=2).map(tuple)
    cents = st.integers(0, 10**6).map(lambda amount: amount / 100)
    plain = st.builds(
        Policy,
        st.text(min_size=1).filter(lambda name: name.strip() and name != "today"),
        st.none() | all_terms().filter(lambda terms: not terms.discounts),
        customers=names_,
        segments=st.none() | st.just(("a", "d")),
        countries=st.none() | st.just(("DE",)),
        amount_from=st.none() | cents,
        amount_below=st.none() | cents.map(lambda amount: amount + 20_000),
        terms_days=st.integers(-90, 90),
        invoices_from=st.none() | st.dates(pd.Timestamp("2025-01-01").date(), pd.Timestamp("2027-01-01").date()),
        faster_invoicing_days=st.integers(0, 90),
        lateness_factor=st.floats(0, 3),
        lost_sales_share=share,
        new_invoices_only=st.booleans(),
        credit_stop=st.booleans(),
        cost_per_invoice=st.floats(0, 1e9),
        yearly_cost=st.floats(0, 1e9),
        **shares,
    )
    adopting = st.builds(
        Policy,
        st.just("x"),
        st.just(EARLY),
        discount_adoption=share | st.dictionaries(st.sampled_from(["C1", "C4"]), share),
    )
    one = plain | adopting
    together = st.lists(one, min_size=1, max_size=4).map(lambda parts: Policy.together("several", *parts))
    return one | together


@settings(max_examples=60, deadline=None)
@given(st.lists(some_policies(), max_size=3), st.sampled_from(["json", "yaml"]))
def test_policies_come_back_from_their_text(policies, kind):
    text = policies_text(policies, kind)
    assert read_policies(text if "\n" in text and text.strip() != "[]" else text + "\n") == tuple(policies)


@settings(max_examples=60, deadline=None)
@given(some_policies())
def test_treatments_cover_what_a_policy_changes_once(base, policy):
    made = treatments(base, policy)
    covered = sum((treated.chosen.astype(float) for treated in made), np.zeros(len(base.plan.issue)))
    changed = [invoices_in_scope(base, part) for part in policy.parts or (policy,) if part.changes]
    expected = np.logical_or.reduce(changed) if changed else np.zeros(len(covered), dtype=bool)
    np.testing.assert_allclose(covered, expected, atol=1e-12)
    for treated in made:
        assert sum(treated.paid_by) == pytest.approx(1)
        assert min(treated.paid_by) >= -1e-12
        assert not treated.policy.parts
        assert treated.policy.customers is None


def test_reminders_reach_what_is_open_unless_they_are_not_to(base):
    some = Policy("a", segments=("a",), lateness_factor=0.5)
    np.testing.assert_array_equal(reminders_of_opening(base, some).lateness, [0.5, 0.5, 1, 1, 1, 1, 1, 1])
    new = Policy("n", lateness_factor=0.5, new_invoices_only=True)
    large = Policy("l", lateness_factor=0.5, amount_from=100)
    assert reminders_of_opening(base, Policy.together("t", new, large)).none


def test_a_ledger_asleep_has_no_invoices_to_change():
    asleep = prepare(from_frame(random_invoices(5), until="2027-12-31"), "2027-12-31")
    assert treatments(asleep, Policy.together("t", Policy("x", NET_60), Policy("y", NET_45, amount_from=5))) == []


def test_a_file_is_written_and_read_by_its_ending(tmp_path):
    policies = (Policy("été", EARLY, customers=("007",), discount_adoption={"007": 0.5}), Policy("b", NET_60))
    for ending in ("json", "yaml", "yml"):
        write_policies(policies, tmp_path / f"p.{ending}")
        assert read_policies(tmp_path / f"p.{ending}") == policies
        assert read_policies(str(tmp_path / f"p.{ending}")) == policies
    assert json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))[1] == {"name": "b", "terms": "60 days"}
    with pytest.raises(ArlibError, match="JSON or YAML"):
        write_policies(policies, tmp_path / "p.csv")
    with pytest.raises(ArlibError, match="no text file"):
        read_policies(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- name: x\n  delay: 3\n", 'key "delay", which no policy has'),
        ('{"name": "x", "name": "y"}', '"name" stands twice'),
        ("- name: x\n  terms: net 30\n  terms: net 45\n", '"terms" stands twice'),
        ("- &a {name: x}\n- *a\n", "neither JSON nor YAML"),
        ("- !!python/object/apply:os.getcwd []\n", "neither JSON nor YAML"),
        ('[{"name": "x"', "neither JSON nor YAML"),
        ("- ? [1]\n  : 2\n", "neither JSON nor YAML"),
        ("[" * 50_000, "neither JSON nor YAML"),
        ("- 4\n", "number 1 of the list is not a policy"),
        ("- name: x\n  customers: [007]\n", r'gives "\[7\]" as its customers'),
        ("- name: x\n  customers: C1\n", 'gives "C1" as its customers'),
        ("- name: x\n  terms: 30 lunes\n", '"30 lunes" are not understood'),
        ("- name: x\n  terms: 30\n", 'gives "30" as its payment terms'),
        ("- name: x\n  invoices_from: 01/02/2026\n", "01/02/2026"),
        ('{"name": "x", "deposit_share": NaN}', "goes from 0 to 1"),
        ("- name: x\n  deposit_share: '0.3'\n", "goes from 0 to 1"),
        ("- terms: net 30\n", "name of its own"),
        ("- name: x\n  parts: [{name: y, parts: [{name: z}]}]\n", "plain policies"),
    ],
)
def test_a_text_that_cannot_be_read_says_why(text, said):
    with pytest.raises(ArlibError, match=said):
        read_policies(text)


def test_everything_wrong_in_a_file_is_told_at_once():
    text = "- name: x\n  delay: 3\n  customers: [1]\n- name: y\n  deposit_share: 2\n- 5\n"
    with pytest.raises(ArlibError) as told:
        read_policies(text)
    assert len(told.value.problems) == 4


def test_days_are_read_as_yaml_writes_them():
    (policy,) = read_policies("name: x\nterms: 45 days\ninvoices_from: 2026-02-01\n")
    assert policy == Policy("x", NET_45, invoices_from="2026-02-01")


def test_who_gains_by_a_discount_takes_it():
    """2/10 by I2: 2/98 × 365 / 20 = 37.24 % for who pays on day 30; 2/98 × 365 / 50 = 14.90 % on day 60; day 9, free.

    One invoice of 100 on the first of each month of 2025, always paid after the same number of days.
    """
    issued = pd.date_range("2024-07-01", "2025-09-01", freq="MS")
    parts = [
        pd.DataFrame({"customer_id": name, "issued_on": issued, "amount": 100.0}).assign(
            due_on=issued + pd.Timedelta(days=30), paid_on=issued + pd.Timedelta(days=days)
        )
        for name, days in {"thirty": 30, "sixty": 60, "nine": 9}.items()
    ]
    base = prepare(from_frame(pd.concat(parts), until=DAY), DAY)
    discount = EARLY.discounts[0]
    free, both, all_ = (dict.fromkeys(who, 1.0) for who in (["nine"], ["nine", "thirty"], ["nine", "sixty", "thirty"]))
    for rate, expected in {0.0: all_, 0.148: all_, 0.150: both, 0.372: both, 0.373: free, 2.0: free}.items():
        assert worthwhile_adoption(base, discount, rate) == expected
    with pytest.raises(ArlibError, match="from 0 to 2"):
        worthwhile_adoption(base, discount, 5)


def test_a_customer_with_one_invoice_not_yet_paid_takes_no_discount():
    table = """
    customer_id issued_on  due_on     amount paid_on
    A           2025-06-01 2025-07-01 100    2025-07-10
    A           2025-07-01 2025-07-31 100    2025-08-10
    B           2025-12-20 2026-01-19 100    -
    """
    base = prepare(from_text(table, until=DAY), DAY)
    assert "B" in base.laws.customers[base.plan.customer]
    assert worthwhile_adoption(base, EARLY.discounts[0], 0.1) == {"A": 1.0}  # 2/98 × 365 / 29.5 = 25 %, above 10 %
    assert "taken on 0.0%" in told_of(base, Policy("x", EARLY, discount_adoption={}))


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 1000))
def test_the_future_changes_nothing_to_the_bit(seed):
    ledger = from_frame(random_invoices(seed), until="2025-12-31")
    day = "2025-08-31"
    one, other = prepare(ledger, day), prepare(future_changed(ledger, day), day)
    policy = Policy.together("t", Policy("x", NET_45), Policy("y", EARLY, amount_from=900, discount_adoption=0.5))
    for mine, theirs in zip(treatments(one, policy), treatments(other, policy), strict=True):
        assert mine.policy == theirs.policy
        np.testing.assert_array_equal(mine.chosen, theirs.chosen)
    assert worthwhile_adoption(one, EARLY.discounts[0], 0.2) == worthwhile_adoption(other, EARLY.discounts[0], 0.2)


def test_every_lever_is_told_in_both_languages(base):
    values = {
        "terms": EARLY,
        "discount_adoption": {"C0": 0.5},
        "credit_stop": True,
        "lateness_factor": 0.8,
        "faster_invoicing_days": 5,
        "terms_days": -5,
        "cost_per_invoice": 2.5,
        "yearly_cost": 1000.0,
    }
    whole = Policy("x", **(dict.fromkeys(LEVERS, 0.25) | values), invoices_from="2026-02-01")
    assert whole.levers == LEVERS
    for policy in (whole, Policy.together("t", whole, Policy("y", NET_45, lateness_factor=0.5, amount_from=10))):
        for language in LANGUAGES:
            texts = [sentence.text(language) for sentence in assumptions(base, (policy,), 0.0, 365)]
            assert all(texts)
    text = told_of(base, whole)
    for told in ("−5 days", "5 days earlier", "2.50 per invoice", "1,000 a year", "80.0% of today's", "2026-02-01"):
        assert told in text
    theirs = (base.plan.issue >= 32) & (np.maximum(base.plan.issue - 5, 32) <= 365)
    taken = base.plan.amount[theirs & (base.plan.customer == 0)].sum() / base.plan.amount[theirs].sum() / 2
    assert f"taken on {taken:.1%}" in text


def told_of(base, policy):
    """What is said of a policy."""
    said = (
        sentence for sentence in assumptions(base, (policy,), 0.0, 365) if sentence.values.get("name") == policy.name
    )
    return next(said).text("en")


def test_a_policy_for_nobody_is_told(base):
    policy = Policy("x", NET_60, amount_from=1e12)
    assert not treatments(base, policy)
    assert "no invoice issued by 2026-12-31 is for it" in told_of(base, policy)


def one_a_day(late, **amounts):
    """An invoice a day of 2024 and 2025 for each customer, at 30 days, all paid so many days late."""
    issued = pd.date_range("2024-01-01", DAY)
    made = pd.concat(
        [pd.DataFrame({"customer_id": name, "issued_on": issued, "amount": each}) for name, each in amounts.items()]
    )
    due = made["issued_on"] + pd.Timedelta(days=30)
    paid = due + pd.Timedelta(days=late)
    return made.assign(due_on=due, paid_on=paid.where(paid <= DAY))


@pytest.fixture(scope="module")
def ten_late():
    return prepare(from_frame(one_a_day(10, A=100.0)), DAY, horizon=120)


def by_policy(simulation, column):
    """(policies, days) a column of `daily`."""
    return simulation.daily[column].to_numpy().reshape(len(simulation.policies), -1)


def test_a_part_that_only_says_how_much_is_followed_or_returned_counts_where_another_changes_dates(ten_late):
    """60 days of which customers follow nothing is today's; all debited and half returned is the mean of both.

    At 60 days or by direct debit, 100 a day are owed on 60 + 10 and 30 days: from 40 days on, something changes.
    """
    policies = (
        Policy.together("60, not followed", Policy("60", NET_60), Policy("how", follow_share=0.0)),
        Policy.together("debit, half returned", Policy("d", direct_debit_share=1.0), Policy("r", returned_share=0.5)),
        Policy("60", NET_60),
        Policy("debit", direct_debit_share=1.0),
        Policy.together("only how", Policy("f", follow_share=0.5), Policy("r", returned_share=0.5)),
    )
    today, followed, returned, later, debit, only = by_policy(simulate(ten_late, policies), "receivable")
    np.testing.assert_allclose(followed, today)
    np.testing.assert_allclose(returned, (today + debit) / 2)
    np.testing.assert_array_equal(only, today)
    assert (today[-1], later[-1], debit[-1]) == pytest.approx((4000, 7000, 3000), abs=0.01)
    assert not treatments(ten_late, policies[-1])


def test_terms_of_a_later_part_bring_their_own_follow_share(base):
    before = Policy.together("t", Policy("how", follow_share=0.2), Policy("60", NET_60))
    after = Policy.together("t", Policy("60", NET_60), Policy("how", segments=("a",), follow_share=0.2))
    assert [each.policy for each in treatments(base, before)] == [Policy("t", NET_60)]
    assert {each.policy for each in treatments(base, after)} == {
        Policy("t", NET_60),
        Policy("t", NET_60, follow_share=0.2),
    }


def test_reminders_that_start_later_change_nothing_before(ten_late):
    """All pay 10 days late. Reminders of 1 March bring that to 0 from day 60 on, whatever was issued before.

    On day 60, that due on it is paid, and what is due on days 50 to 59 and late by then: 11 invoices of 100; one a day
    again after it, as before. Without a start what is open today, due since day -10, is all paid on day 1. For new
    invoices only, that of day 60 falls due on day 90: on days 90 to 99 two are paid, that and one 10 days late.
    """
    march = Policy("march", lateness_factor=0.0, invoices_from="2026-03-01", yearly_cost=365.0)
    plain = Policy("plain", lateness_factor=0.0, invoices_from="2026-01-01")
    never = Policy("never", lateness_factor=0.0, invoices_from="2031-01-01", yearly_cost=365.0)
    new = Policy("new", lateness_factor=0.0, invoices_from="2026-03-01", new_invoices_only=True)
    simulation = simulate(ten_late, [march, plain, never, new])
    cash = by_policy(simulation, "cash")
    np.testing.assert_allclose(cash[1], np.where(np.arange(121) == 60, 1100, cash[0]))
    np.testing.assert_allclose(cash[4], np.where((np.arange(121) >= 90) & (np.arange(121) < 100), 200, cash[0]))
    assert cash[2][1] == pytest.approx(1100)
    np.testing.assert_array_equal(cash[3], cash[0])
    # a year's 365 is one a day: of days 60 to 120, and of none
    assert simulation.summary["action_cost"].tolist() == pytest.approx([0, 61, 0, 0, 0])
    assert "invoices to come only" in told_of(ten_late, new)
    assert "what was issued before included" in told_of(ten_late, march)
    assert "what is open today included" in told_of(ten_late, plain)


def test_a_policy_that_reaches_nothing_says_so_in_its_own_line(ten_late):
    """Sales of 100 a day over 120 days: a start on day 91 is for 30 of them, a quarter, whatever comes afterwards."""
    policies = [
        Policy("late", NET_60, invoices_from="2026-06-15", yearly_cost=365.0),
        Policy("large", NET_60, amount_from=100.01),
        Policy("quarter", NET_60, invoices_from="2026-04-01"),
        Policy("open", lateness_factor=0.5),
    ]
    simulation = simulate(ten_late, policies)
    _, late, large, quarter, open_ = simulation.summary["sentence"]
    for told in (late, large):
        assert "reaches nothing by 2026-04-30" in told.text("en")
        assert "DSO" not in told.text("en")
        assert "n'atteint rien d'ici le 30/04/2026" in told.text("fr")
    for told in (quarter, open_):
        assert "reaches nothing" not in told.text("en")
    said = [str(each) for each in simulation.assumptions]
    assert any(each.startswith("late: no invoice issued by 2026-04-30 is for it") for each in said)
    assert any(each.startswith("quarter, for the invoices to come of 1 customer (25.0% of sales)") for each in said)


def test_amounts_are_those_invoices_were_made_out_for():
    """300 invoices of exactly 1,000 and credit notes of 0.2 % of them: some 998 come back of each, all of 1,000."""
    rng = np.random.default_rng(0)
    issued = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 365, 300)), unit="D")
    due = issued + pd.Timedelta(days=30)
    paid = pd.Series(due + pd.Timedelta(days=5))
    made = pd.DataFrame({"customer_id": "A", "issued_on": issued, "due_on": due, "amount": 1000.0})
    ledger = from_frame(made.assign(paid_on=paid.where(paid <= DAY)))
    credit = ledger.items.iloc[[0]].assign(
        item_id=10**6, kind="credit_note", amount=-600.0, due_on=pd.NaT, booked_on=pd.Timestamp("2025-12-30")
    )
    credit["issued_on"] = credit["booked_on"]
    base = prepare(replace(ledger, items=pd.concat([ledger.items, credit], ignore_index=True)), DAY)
    np.testing.assert_allclose(base.plan.amount, 998, atol=0.1)
    np.testing.assert_array_equal(base.plan.invoiced, 1000)
    assert invoices_in_scope(base, Policy("x", NET_60, amount_from=1000)).all()
    assert not invoices_in_scope(base, Policy("x", NET_60, amount_below=1000)).any()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda base: simulate(base.ledger, horizon=10.5), "cannot be 10.5"),
        (lambda base: simulate(base.ledger, horizon="a"), "cannot be a"),
        (lambda base: simulate(base, horizon=True), "cannot be True"),
        (lambda base: simulate(base, horizon=0), "cannot be 0"),
        (lambda base: simulate(base, horizon=366), "prepared on"),
        (lambda base: simulate(base, "net 60"), "'net 60' is none"),
        (lambda base: simulate(base, [None]), "None is none"),
        (lambda base: simulate(base, 5), "5 is none"),
        (lambda base: simulate(base, None), "None is none"),
        (lambda base: simulate(base, sales_growth="a"), "cannot be a"),
        (lambda base: simulate(base, sales_growth=float("nan")), "from -1 to 10"),
        (lambda base: target_dso(base, "45"), "cannot be 45"),
        (lambda base: target_dso(base, 45, largest=1.5), "1.5"),
        (lambda base: draw_simulation(base, draws=2.5), "2.5"),
        (lambda base: backtest_simulation(base.ledger, horizon=10.5), "cannot be 10.5"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(ten_late, asked, said):
    with pytest.raises(ArlibError, match=said) as told:
        asked(ten_late)
    assert told.value.text("fr") != told.value.text("en")


def test_a_policy_is_copied_and_pickled():
    one = Policy("x", EARLY, discount_adoption={"C1": 0.5})
    for other in (copy.deepcopy(one), copy.copy(one), pickle.loads(pickle.dumps(one))):  # noqa: S301 - its own bytes
        assert other == one
        assert other.discount_adoption == {"C1": 0.5}
    assert "{'C1': 0.5}" in repr(one)

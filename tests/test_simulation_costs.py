"""What policies cost and what the law says of them: by hand, and by the identities that hold whatever the ledger."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, future_changed, random_invoices
from small import sample_ledger
from test_simulation_levers import LEVERS, policy_of, punctual

from arlib import read_ledger
from arlib.errors import ArlibError
from arlib.law.latest import latest_due
from arlib.schema import day_number
from arlib.simulation.base import prepare
from arlib.simulation.figures.costs import Costs
from arlib.simulation.figures.legal import breaches
from arlib.simulation.outlook.expected import Dues
from arlib.simulation.policies.policy import Policy
from arlib.simulation.simulate import simulate
from arlib.terms import END_OF_MONTH_45, END_OF_MONTH_THEN_45, NET_30, NET_60, PaymentTerms
from arlib.terms.parts import Instalment
from arlib.terms.rule import DueRule

DAY = "2025-12-31"


@pytest.fixture(scope="module")
def base():
    return prepare(from_frame(random_invoices(5)), DAY)


def days(*dates: str) -> np.ndarray:
    return np.array([day_number(pd.Timestamp(date)) for date in dates])


def test_the_latest_due_date_is_that_of_the_most_generous_reading():
    """1 January: 2 March at 60 days, 28 February (end of the month 45 days on), 17 March (45 days from the 31st).

    16 January: 17 March, 31 March, 17 March. 31 January: 1 April, 31 March, 17 March; 31 March in a leap year.
    """
    issued = days("2026-01-01", "2026-01-16", "2026-01-31", "2028-01-31")
    assert latest_due(issued).tolist() == days("2026-03-17", "2026-03-31", "2026-04-01", "2028-03-31").tolist()


def test_a_breach_begins_the_day_after():
    """Issued on 31 January, 1 April is lawful and 2 April is not, for 10 invoices of 50 of which 4 of 20 are taken off;

    one issued on 1 January is due a day late; what is issued on the day after the last one is not looked at.
    """
    today = days("2026-01-01")[0]
    issued = days(*["2026-01-31"] * 3, "2026-01-01", "2026-02-01") - today
    due = days("2026-04-01", "2026-04-02", "2026-04-02", "2026-03-18", "2027-01-01") - today
    dues = Dues(issued, due, np.array([5.0, 50, -20, 500, 9]), np.array([1.0, 10, -4, 100, 9]))
    assert breaches(dues, latest_due(today + np.arange(31)) - today) == (106, 530)


@given(st.integers(0, 40_000))
def test_no_term_the_law_allows_is_a_breach(day):
    issued = np.array([day])
    for terms in (NET_30, NET_60, END_OF_MONTH_45, END_OF_MONTH_THEN_45):
        assert terms.due_days(issued) <= latest_due(issued)
    assert latest_due(issued) - day <= 45 + 31  # issued on the 1st of a month of 31 days: 45 days after its end


def test_what_falls_due_too_late_is_counted(base):
    """At 90 days every invoice of the year is; at 45 days end of month none; today's terms give 60 days at most."""
    policies = [Policy("90", PaymentTerms(90)), Policy("45", END_OF_MONTH_THEN_45), Policy("60", NET_60)]
    some = Policy("C1", PaymentTerms(90), customers=("C1",))
    summary = simulate(base, [*policies, some]).summary.set_index("policy")
    plan = base.plan
    issued = plan.issue <= 365
    theirs = issued & (base.laws.customers[plan.customer] == "C1")
    assert summary.loc["90", "illegal_invoices"] == issued.sum()
    assert summary.loc["90", "illegal_amount"] == pytest.approx(plan.amount[issued].sum(), abs=0.01)
    assert (summary.loc[["today", "45", "60"], ["illegal_invoices", "illegal_amount"]] == 0).all(axis=None)
    assert summary.loc["C1", "illegal_invoices"] == theirs.sum()
    assert summary.loc["C1", "illegal_amount"] == pytest.approx(plan.amount[theirs].sum(), abs=0.01)


def test_i6_financing_half_of_what_is_owed():
    """10,958,904 − 5,479,452 owed in two: 219 k to 329 k a year at 4 % to 6 % (I6); a fifth of that over 73 days."""
    assert Costs(0.04).financing(5_479_452, 365) == pytest.approx(219_178, abs=0.5)
    assert Costs(0.06).financing(5_479_452, 365) == pytest.approx(328_767, abs=0.5)
    assert Costs(0.06).financing(5_479_452, 73) == pytest.approx(328_767 / 5, abs=0.5)


def test_financing_costs_nothing_at_a_rate_of_0_and_is_not_known_without_one(base):
    free = simulate(base, Policy("30", NET_30), costs=Costs(financing_rate=0.0)).summary
    assert (free[["financing_cost", "financing_gained", "net_gained"]] == 0).all(axis=None)
    unknown = simulate(base, Policy("30", NET_30)).summary
    assert unknown[["financing_cost", "financing_gained", "net_gained"]].isna().all(axis=None)
    assert unknown["cash_gained"].equals(free["cash_gained"])


@pytest.mark.parametrize("share", [-0.01, 1.01, 2.0, 200, float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["financing_rate", "loss_share", "margin_share"])
def test_shares_beyond_bounds_are_refused_with_a_sentence(name, share):
    with pytest.raises(ArlibError, match=r"0 to 1 \(5% is 0\.05\)") as refused:
        Costs(**{name: share})
    assert "de 0 à 1" in refused.value.text("fr")


def test_the_action_costs_by_the_year_and_by_the_invoice(base):
    """73 days of 1,000 a year are 200; 2 for each invoice of C1 and 3 of C1 and C2; costs alone move nothing."""
    ones = Policy("C1", customers=("C1",), lateness_factor=0.8, cost_per_invoice=2, yearly_cost=1000)
    both = Policy("C2", customers=("C1", "C2"), cost_per_invoice=3)
    policies = [ones, Policy.together("both", ones, both), Policy("bare", cost_per_invoice=1)]
    simulation = simulate(base, policies, horizon=73)
    customer = base.laws.customers[base.plan.customer[base.plan.issue <= 73]]
    first, second = (customer == "C1").sum(), (customer == "C2").sum()
    assert first
    assert second
    expected = [0.0, 200 + 2 * first, 200 + 2 * first + 3 * (first + second), len(customer)]
    assert simulation.summary["action_cost"].tolist() == expected
    assert simulation.summary["cash_gained"].iloc[3] == 0


def test_net_gained_is_what_is_saved_less_what_is_spent(base):
    """Discounts and a tenth of sales lost with a margin of 30 %, bad debt of 60 % of what is never paid."""
    policies = [
        Policy("discount", PaymentTerms.parse("2/10 Net 30"), discount_adoption=0.4, yearly_cost=365.0),
        Policy("deposit", deposit_share=0.5, lost_sales_share=0.1),
    ]
    simulation = simulate(base, policies, costs=Costs(0.08, loss_share=0.6, margin_share=0.3))
    today, discount, deposit = simulation.summary.to_dict("records")
    billed = today["sales"]
    paid = billed - today["never_paid"]  # who never pays takes no discount
    assert discount["discounts"] == pytest.approx(0.02 * 0.4 * paid, rel=0.03)  # some are issued too late to be paid
    assert discount["action_cost"] == pytest.approx(365)
    assert deposit["lost_sales"] == pytest.approx(0.1 * billed)
    assert deposit["margin_lost"] == pytest.approx(0.03 * billed)
    assert deposit["bad_debt"] == pytest.approx(0.5 * 0.9 * today["bad_debt"])  # half is received before it can be lost
    for row in (discount, deposit):
        financed = (today["receivable_average"] - row["receivable_average"]) * 0.08
        spent = row["discounts"] + row["action_cost"] + row["margin_lost"] + row["bad_debt"] - today["bad_debt"]
        assert row["financing_gained"] == pytest.approx(financed)
        assert row["net_gained"] == pytest.approx(financed - spent)
    assert today["net_gained"] == 0


def test_what_is_not_known_is_asked_for_only_where_it_is_needed(base):
    """A ledger without write-offs tells no loss share: terms change nothing of what is never paid, a deposit does."""
    assert np.isnan(base.loss_share)
    policies = [
        Policy("30", NET_30),
        Policy("deposit", deposit_share=0.5),
        Policy("lost", NET_30, lost_sales_share=0.1),
    ]
    summary = simulate(base, policies, costs=Costs(0.05)).summary
    assert summary["bad_debt"].isna().all()
    assert summary["net_gained"].notna().tolist() == [True, True, False, False]
    told = [sentence.text("en") for sentence in summary["sentence"]]
    assert ["missing" in text for text in told] == [False, False, True, True]
    assert "missing: the share lost of invoices never paid." in told[2]
    assert "missing: the margin on lost sales, the share lost" in told[3]


def test_the_loss_share_is_the_ledgers_own_where_it_has_one():
    """Two invoices of 100 a year old: one written off, one still open: half of what is so late is lost."""
    invoices = random_invoices(3, invoices=200)
    old = pd.DataFrame(
        {
            "customer_id": "C1",
            "issued_on": pd.Timestamp("2024-01-10"),
            "due_on": pd.Timestamp("2024-02-10"),
            "amount": 100.0,
            "paid_on": [pd.Timestamp("2025-03-01"), pd.NaT],
            "settled_by": ["write_off", None],
        }
    )
    recent = invoices[(invoices["due_on"] > "2025-01-01") | invoices["paid_on"].notna()].assign(settled_by="payment")
    base = prepare(from_frame(pd.concat([recent, old], ignore_index=True)), DAY)
    summary = simulate(base).summary
    assert base.loss_share == 0.5
    assert summary["bad_debt"].iloc[0] == pytest.approx(0.5 * summary["never_paid"].iloc[0])


def test_the_sentence_tells_days_cash_costs_and_the_law(base):
    policies = [
        Policy("90", PaymentTerms(90)),
        Policy("30", NET_30, yearly_cost=50.0),
        Policy("as now", cost_per_invoice=0),
    ]
    simulation = simulate(base, policies, costs=Costs(0.05))
    rows = simulation.summary.set_index("policy")
    told = {name: (sentence.text("en"), sentence.text("fr")) for name, sentence in rows["sentence"].items()}
    assert "DSO goes from" in told["today"][0]
    assert "Le DSO passe de" in told["today"][1]
    assert f"{-rows.loc['90', 'dso_gained']:.1f} more than under today's terms" in told["90"][0]
    assert f"Cash: {-rows.loc['90', 'cash_gained']:,.0f} less has come in than under today's terms" in told["90"][0]
    assert f"Cash freed: {rows.loc['30', 'cash_gained']:,.0f} more has come in than under" in told["30"][0]
    assert "Trésorerie" in told["30"][1]
    assert ("French law allows between companies" in told["today"][0], "law" in told["as now"][0]) == (True, False)
    assert "fall due later than the law allows" in told["90"][0]
    assert "au-delà de ce que la loi permet" in told["90"][1]
    assert f"{rows.loc['30', 'dso_gained']:.1f} fewer than under today's terms" in told["30"][0]
    assert "It costs 50 for the action itself." in told["30"][0]
    assert f"In all, it gains {rows.loc['30', 'net_gained']:,.0f}." in told["30"][0]
    assert "law" not in told["30"][0]  # as today
    assert "as under today's terms. As much cash has come in as under today's terms" in told["as now"][0]


def test_a_file_whose_sales_stop_gives_no_days_and_says_why():
    """Asked half a year after its last sale: what is owed is not known, and no day of DSO is invented."""
    base = prepare(from_frame(random_invoices(5), until="2026-06-30"), "2026-06-30", horizon=60)
    simulation = simulate(base, Policy("30", NET_30))
    assert (
        simulation.methods.drop(columns=["policy", "day", "countback_dso", "daily_countback_dso"]).isna().iloc[0].all()
    )
    assert simulation.summary["dso_end"].isna().all()
    today, tried = (sentence.text("en") for sentence in simulation.summary["sentence"])
    assert "No DSO can be told over the 30 days up to 2026-08-29." in today
    assert "30: the days of DSO gained cannot be told." in tried
    assert str(base.past.edge) in today


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_the_future_changes_nothing_to_the_bit(seed):
    ledger = from_frame(random_invoices(seed, invoices=150))
    policies = [Policy("30", NET_30, cost_per_invoice=1), Policy("deposit", deposit_share=0.3, lost_sales_share=0.1)]
    found = []
    for known in (ledger, future_changed(ledger, "2025-09-30")):
        simulation = simulate(prepare(known, "2025-09-30", horizon=120), policies, costs=Costs(0.05, 0.5, 0.3))
        found.append((simulation.methods, simulation.summary.drop(columns="sentence"), simulation.summary["sentence"]))
    pd.testing.assert_frame_equal(found[0][0], found[1][0], check_exact=True)
    pd.testing.assert_frame_equal(found[0][1], found[1][1], check_exact=True)
    assert [told.text("fr") for told in found[0][2]] == [told.text("fr") for told in found[1][2]]


def test_the_samples_answer_in_both_languages():
    base = prepare(sample_ledger("negoce"), horizon=120)
    summary = simulate(base, Policy("30", NET_30), costs=Costs(0.05)).summary
    for sentence in summary["sentence"]:
        assert not re.search(r"\bnan\b", sentence.text("en"))
        assert "–" not in sentence.text("fr")


def test_a_list_without_invoice_dates_tells_nothing_of_dso_nor_of_the_law():
    """Each invoice counts from its due date there: nobody knows how long it was granted."""
    rows = random_invoices(4, invoices=200).dropna(subset="paid_on")
    columns = {"customer_id": "customer number", "due_on": "due date", "amount": "amount", "paid_on": "payment date"}
    listed = rows[[*columns]].rename(columns=columns).assign(**{"invoice number": range(len(rows))})
    simulation = simulate(read_ledger(listed, currency="EUR"), Policy("30", NET_30), "2025-06-30", horizon=200)
    assert simulation.methods.drop(columns=["policy", "day"]).isna().all(axis=None)
    assert simulation.summary[["dso_end", "illegal_invoices", "illegal_amount"]].isna().all(axis=None)
    said = ["whether the law allows" in told.text("en").lower() for told in simulation.summary["sentence"]]
    assert said == [True, False]  # once


def test_invoicing_sooner_saves_the_financing_of_what_waits_to_be_invoiced():
    """100 a day at 30 days, ten days sooner: the invoices of days 1 to 11 go out on day 1 and are paid on day 31.

    Today 100 come in that day: from then on 1,000 more have come, on 335 of the 366 evenings. At 5 % that is
    1,000 × 335 ÷ 366 × 5 % = 45.77. The receivable is higher on days 1 to 30, and then what it was.
    """
    base = prepare(punctual(A=100.0), DAY)
    summary = simulate(base, Policy("x", faster_invoicing_days=10), costs=Costs(0.05)).summary.set_index("policy")
    assert summary.loc["x", "cash_gained"] == pytest.approx(1000, abs=0.01)
    assert summary.loc["x", "financing_gained"] == pytest.approx(1000 * 335 / 366 * 0.05, abs=0.01)
    assert summary.loc["x", "receivable_average"] > summary.loc["today", "receivable_average"]
    assert "delivered and not paid, invoiced or not, costs 46 less" in summary.loc["x", "sentence"].text("en")
    assert "livré et non payé, facturé ou non, coûte 46 de moins" in summary.loc["x", "sentence"].text("fr")


@settings(max_examples=25, deadline=None)
@given(LEVERS, st.sampled_from([0.0, 0.07]))
def test_where_invoicing_is_not_moved_what_is_financed_is_what_is_owed(base, levers, growth):
    policy = policy_of("x", {name: value for name, value in levers.items() if name != "faster_invoicing_days"})
    summary = simulate(base, policy, sales_growth=growth, horizon=200, costs=Costs(0.06)).summary
    owed = summary["receivable_average"].to_numpy() * 0.06 * 200 / 365
    assert summary["financing_cost"].to_numpy() == pytest.approx(owed)
    assert summary["financing_gained"].to_numpy() == pytest.approx(owed[0] - owed)


def test_an_invoice_of_which_a_part_is_too_late_is_counted_once_and_what_is_paid_with_the_order_is_not(base):
    """40 % at 90 days and the rest at 30; three instalments, two of them too late; half with the order at 90 days."""
    late = Instalment(DueRule(90), share=0.4)
    policies = [
        Policy("first late", PaymentTerms(30, instalments=(late,))),
        Policy("two late", PaymentTerms(80, instalments=(Instalment(DueRule(30), share=0.5), late))),
        Policy("deposit", PaymentTerms(90), deposit_share=0.5),
        Policy("stop", PaymentTerms(90), credit_stop=True),
    ]
    summary = simulate(base, policies).summary.set_index("policy")
    issued = base.plan.issue <= 365
    billed = base.plan.amount[issued].sum()
    assert summary["illegal_invoices"].tolist() == [0, *[issued.sum()] * 3, 0]
    assert summary["illegal_amount"].to_numpy() == pytest.approx([0, 0.4 * billed, 0.5 * billed, 0.5 * billed, 0])


def test_an_invoice_for_less_than_the_first_instalment_has_nothing_on_the_next(base):
    """1,000 at 30 days and the rest at 90: too late for what is beyond 1,000, on the invoices for more."""
    terms = PaymentTerms(90, instalments=(Instalment(DueRule(30), amount=1000.0),))
    row = simulate(base, Policy("x", terms)).summary.iloc[1]
    amount = base.plan.amount[base.plan.issue <= 365]
    assert row["illegal_invoices"] == (amount > 1000).sum()
    assert row["illegal_amount"] == pytest.approx(np.maximum(amount - 1000, 0).sum(), abs=0.01)


def test_what_an_action_costs_follows_what_is_issued_and_when_it_starts(base):
    """Invoices that go out sooner are within the year sooner; lost sales are no work; from day 74 of 365 on."""
    start = pd.Timestamp(DAY) + pd.Timedelta(days=74)
    policies = [
        Policy("sooner", faster_invoicing_days=20, cost_per_invoice=1.0),
        Policy("lost", lost_sales_share=0.25, cost_per_invoice=1.0),
        Policy("from", lateness_factor=0.9, invoices_from=start, yearly_cost=365.0),
    ]
    cost = simulate(base, policies).summary.set_index("policy")["action_cost"]
    assert cost["sooner"] == (base.plan.issue <= 385).sum()
    assert cost["lost"] == pytest.approx(0.75 * (base.plan.issue <= 365).sum())
    assert cost["from"] == pytest.approx(365 - 73)


def test_dates_change_nothing_of_what_is_never_paid(base):
    """Shorter terms, direct debits, discounts and earlier invoices make nobody pay who never would."""
    policies = [
        Policy("30", NET_30, faster_invoicing_days=15),
        Policy("debit", direct_debit_share=0.8),
        Policy("discount", PaymentTerms.parse("2/10 Net 30"), discount_adoption=0.7),
    ]
    simulation = simulate(base, policies, costs=Costs(0.05, loss_share=0.6))
    never = simulation.summary["never_paid"]
    assert never[0] > 0
    assert never.to_numpy() == pytest.approx(never[0])
    for curve in simulation.curves[1:]:
        assert curve.overdue[-1] > 0


@pytest.mark.parametrize("horizon", [1, 10, 30, 365])
def test_the_dso_of_the_month_is_the_mean_of_its_days(base, horizon):
    simulation = simulate(base, Policy("x", NET_30), horizon=horizon)
    by_policy = simulation.daily.groupby("policy", sort=False)
    for (_, daily), row in zip(by_policy, simulation.summary.itertuples(), strict=True):
        lasting = daily.iloc[1:].tail(30)
        assert row.dso_month == pytest.approx(lasting["dso"].mean())
        assert (row.dso_month_low, row.dso_month_high) == pytest.approx(
            (lasting["dso_low"].mean(), lasting["dso_high"].mean())
        )
    gained = simulation.summary["dso_month"].iloc[0] - simulation.summary["dso_month"]
    assert (simulation.summary["dso_gained"] == gained).all()
    assert f"the means of the {min(horizon, 30)} day" in simulation.summary["sentence"][0].text("en")

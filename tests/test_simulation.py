"""The simulation: against exact draws of its own laws, and by the identities that hold whatever the ledger."""

import numpy as np
import pandas as pd
import pytest
from holidays import country_holidays
from hypothesis import example, given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, large_and_small, random_invoices
from small import known_by

from arlib.behaviour.due_weekdays import DueWeekdays
from arlib.errors import ArlibError
from arlib.ledger import Ledger, balance, open_items
from arlib.measures import dso
from arlib.schema import day_number, day_numbers
from arlib.simulation.base import prepare
from arlib.simulation.flows import Moved, gather
from arlib.simulation.forecast import forecast_cash
from arlib.simulation.outlook.lines import lines_of
from arlib.simulation.outlook.shocks import Shocks, estimate_shocks, law_error
from arlib.simulation.policies.policy import TODAY, Policy
from arlib.simulation.sales.plan import years_ahead
from arlib.simulation.sales.risk import SalesRisk
from arlib.simulation.simulate import simulate
from arlib.terms import END_OF_MONTH_45, NET_30, NET_45, NET_60, ON_RECEIPT, PaymentTerms

DAY = "2025-12-31"


@pytest.fixture(scope="module")
def ledger():
    return from_frame(random_invoices(5))


@pytest.fixture(scope="module")
def base(ledger):
    return prepare(ledger, DAY)


def of(simulation, name):
    return simulation.daily[simulation.daily["policy"] == name].reset_index(drop=True)


def business_invoices(seed, **size):
    """`random_invoices` paid on open days of France: a third of the customers on Fridays only, a third on Tuesdays."""
    invoices = random_invoices(seed, **size)
    run = invoices["customer_id"].str[1:].astype(int) % 3
    paid, closed = invoices["paid_on"], sorted(country_holidays("FR", years=range(2023, 2027)))
    weekday = paid.dt.day_of_week
    wait = np.select([run == 0, run == 1], [(4 - weekday) % 7, (1 - weekday) % 7], 0)
    moved = (paid + pd.to_timedelta(wait, unit="D")).dropna().to_numpy().astype("datetime64[D]")
    moved = pd.Series(np.busday_offset(moved, 0, "forward", holidays=closed), paid.dropna().index)
    invoices["paid_on"] = moved.reindex(paid.index).astype("datetime64[s]")
    return invoices.assign(paid_on=invoices["paid_on"].where(invoices["paid_on"] <= DAY))


EVERY_DAY, BUSINESS_DAYS = random_invoices, business_invoices
BEFORE = 200  # days before the day asked from which payments are drawn


def drawn_receivable(base, terms, draws, seed):
    """(draws, days) receivable, by drawing the day of payment of every invoice, one by one, with both shocks."""
    rng = np.random.default_rng(seed)
    laws, plan, today = base.laws, base.plan, day_number(base.as_of)
    size, days = len(laws.customers), base.horizon + 1
    shift = rng.normal(0, base.shocks.common, (draws, 1)) + rng.normal(0, base.shocks.own, (draws, size))
    shift = np.floor(shift + rng.random((draws, size))).astype(int)  # a part of a day is that chance of a whole one
    changes = np.zeros((draws, days))
    after = np.arange(-BEFORE, days + BEFORE)

    def pay(amount, customer, earliest, unpaid, after):
        day = np.append(after, 10_000)[np.searchsorted(1 - unpaid, rng.random(draws))]
        day = np.maximum(day + shift[:, customer], earliest)
        np.add.at(changes, (np.flatnonzero(day < days), day[day < days]), -amount)

    opened = open_items(base.ledger, DAY)
    changes[:, 0] = opened["open_amount"].sum()
    customer = laws.customers.get_indexer(opened["customer_id"])
    ahead = np.arange(1, days + BEFORE)
    left = laws.given_unpaid(customer, day_numbers(opened["due_on"]), ahead)
    for amount, who, unpaid in zip(opened["open_amount"], customer, left, strict=True):
        pay(amount, who, 1, unpaid, ahead)
    due = plan.due if terms is None else terms.due_days(plan.issue + today) - today
    left = laws.unpaid_on(plan.customer, due + today, after + today)
    opens = laws.calendar.day(laws.calendar.rank(plan.issue + today)) - today
    for invoice in np.flatnonzero(plan.issue < days):
        changes[:, plan.issue[invoice]] += plan.amount[invoice]
        pay(plan.amount[invoice], plan.customer[invoice], opens[invoice], left[invoice], after)
    return np.cumsum(changes, axis=1)


@pytest.mark.parametrize("made", [EVERY_DAY, BUSINESS_DAYS])
@pytest.mark.parametrize("terms", [None, ON_RECEIPT, PaymentTerms(33)])
@pytest.mark.parametrize("shocks", [Shocks(0.0, 0.0, 12), Shocks(2.0, 4.0, 12)])
def test_closed_form_agrees_with_exact_draws(monkeypatch, made, terms, shocks):
    """4,000 draws, every day from the tenth: means within 1 %, standard deviations within 4 %, 2 % on average.

    Means are compared without shocks: the expectation is that of the laws, which already hold past shocks. With them,
    standard deviations are within 11 %: they are taken on three nodes, and the concentration under today's terms.
    """
    monkeypatch.setattr("arlib.simulation.base.estimate_shocks", lambda _: shocks)
    monkeypatch.setattr("arlib.simulation.base.estimate_sales_risk", lambda *_: SalesRisk(0.0, 0.0, 0.0, 0))
    base = prepare(from_frame(made(12, invoices=700, customers=30)), DAY, horizon=150)
    assert base.laws.calendar.weekends_closed == (made is BUSINESS_DAYS)
    expected = of(simulate(base, [Policy("tried", terms)], horizon=150), "tried")
    draws = drawn_receivable(base, terms, 4000, seed=3)
    if shocks.own == 0:
        assert draws.mean(axis=0)[10:] == pytest.approx(expected["receivable"].to_numpy()[10:], rel=0.01)
    spread = (expected["receivable"] - expected["receivable_low"]) / 1.2815515655446004
    ratio = np.log(spread.to_numpy()[10:] / draws.std(axis=0)[10:])
    assert abs(ratio.mean()) < 0.02
    assert np.abs(ratio).max() < np.log(1.11 if shocks.own else 1.04)


@pytest.fixture(scope="module")
def business():
    return prepare(from_frame(business_invoices(5)), DAY)


def test_nothing_is_paid_on_closed_days(business):
    """Weekends, and the nine French holidays of 2026 that fall on none, written down from a calendar on the wall."""
    days = ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "11-11", "12-25"]
    holidays = pd.to_datetime([f"2026-{day}" for day in days])
    for _, daily in simulate(business, POLICIES).daily.groupby("policy"):
        cash = daily.set_index("day")["cash"].iloc[1:]
        closed = (cash.index.day_of_week > 4) | cash.index.isin(holidays)
        assert closed.sum() == 104 + len(holidays)
        assert cash[closed].abs().max() < 1e-6
        assert cash[~closed].min() > 0


def test_customers_keep_their_weekdays_whatever_the_terms():
    """A third of the customers pay on Fridays, a third on Tuesdays: three days more to pay change no weekday's part."""
    base = prepare(from_frame(business_invoices(12, invoices=700, customers=30)), DAY)
    fridays = tuple(f"C{code}" for code in range(0, 30, 3))
    daily = simulate(base, [Policy(str(days), PaymentTerms(days), customers=fridays) for days in (30, 32, 33)]).daily
    daily = daily[daily["day"] > "2026-03-01"]
    parts = daily.groupby(["policy", daily["day"].dt.day_of_week])["cash"].sum().unstack()
    parts = parts.div(parts.sum(axis=1), axis=0)
    assert parts.loc["32"].to_numpy() == pytest.approx(parts.loc["30"].to_numpy(), abs=0.025)
    assert parts.loc["33"].to_numpy() == pytest.approx(parts.loc["30"].to_numpy(), abs=0.025)
    assert parts.loc["30", [1, 4]].sum() > 0.45  # two days of five


@settings(max_examples=15)
@given(
    st.integers(0, 10_000),
    st.sampled_from([random_invoices, business_invoices]),
    st.sampled_from([None, ON_RECEIPT, NET_45, END_OF_MONTH_45]),
    st.floats(0, 1),
    st.integers(0, 90),
)
def test_no_invoice_is_paid_before_its_issue_and_none_is_lost(seed, made, terms, follow_share, faster):
    """The invoices issued from some day on bring nothing before it, however payments are shifted; and on every day

    what was owed at first and billed since is what is owed and what was paid.
    """
    base = prepare(from_frame(made(seed, invoices=60)), DAY, horizon=400)
    policy = Policy("x", terms, follow_share=follow_share, faster_invoicing_days=faster)
    late = gather(base.plan, base.laws, base.plan.issue >= 100)
    sales = moved_cells(base, late, policy, 0.05).sales(400, base.shocks.reach)
    for shift in (-0.7 * base.shocks.reach, 0.0, 0.7 * base.shocks.reach):
        assert np.abs(sales.paid(shift)[: 100 - faster]).max() < 1e-6
        assert np.diff(sales.paid(shift)).min(initial=0) > -1e-6
    assert np.abs(sales.variance()[: 100 - faster]).max() < 1e-6
    billed = np.cumsum(moved_cells(base, base.cells, policy, 0.05).sales(400, 0).billed)
    daily = of(simulate(base, [policy], sales_growth=0.05), "x")
    owed = balance(base.ledger, DAY) + (billed if policy.changes else np.cumsum(today_billed(base)))
    assert (daily["receivable"] + daily["cash_cumulated"]).to_numpy() == pytest.approx(owed, abs=0.005)


def moved_cells(base, cells, policy, growth):
    """Cells issued and due as a policy of one due date says."""
    (line,) = lines_of(policy, day_number(base.as_of), cells.issue, cells.due, cells.written)
    factor = (1 + growth) ** years_ahead(cells.issue, day_number(base.as_of)).astype(float) / base.plan.level
    return Moved(cells, factor, line.issue, line.counted_from, contractual=line.due)


def today_billed(base):
    return moved_cells(base, base.cells, TODAY, 0.05).sales(400, 0).billed


def test_all_that_the_laws_expect_is_paid_in_the_end(business):
    """Three years on, all that is issued in the first is paid but for what the law of its due date never pays."""
    plan, laws, today = business.plan, business.laws, day_number(business.as_of)
    first = plan.issue <= 365
    customer, amount, issue, due = (each[first] for each in (plan.customer, plan.amount, plan.issue, plan.due))
    follows = due + 0.37 * (issue + 60 - due)  # in proportion between two days
    for policy, dates in zip((TODAY, *POLICIES[:2]), (due, issue, follows), strict=True):
        whole = np.floor(dates).astype(int)
        for_ever = [laws.unpaid_on(customer, day + today, np.array([today + 3000]))[:, 0] for day in (whole, whole + 1)]
        expected = amount / plan.level @ (1 - for_ever[0] - (dates - whole) * (for_ever[1] - for_ever[0]))
        sales = moved_cells(business, gather(plan, laws, first), policy, 0.0).sales(1098, 0)
        assert sales.paid()[-1] == pytest.approx(expected)


POLICIES = [
    Policy("on receipt", ON_RECEIPT),
    Policy("60", NET_60, follow_share=0.37),
    Policy("some", END_OF_MONTH_45, customers=("C1", "C3"), invoices_from=pd.Timestamp("2026-03-01")),
    Policy("faster", faster_invoicing_days=12),
]


def test_what_is_owed_is_what_was_owed_and_billed_less_what_was_paid(base):
    """Trap of every simulation: on each day, receivable(t) = receivable(0) + billed(0..t) − cash(0..t), to the cent."""
    simulation = simulate(base, POLICIES, sales_growth=0.1)
    plan, repeated = base.plan, base.plan.amount / base.plan.level
    billed = np.cumsum(np.bincount(plan.issue[plan.issue <= 365], repeated[plan.issue <= 365] * 1.1, 366))
    billed[365] += 0.1 * 1.1 * repeated[plan.issue == 365].sum()  # day 365 opens the second year of growth
    for name in ("today", "on receipt", "60", "some"):
        daily = of(simulation, name)
        owed = daily["receivable"].iloc[0] + billed - daily["cash"].cumsum()
        assert daily["receivable"].to_numpy() == pytest.approx(owed.to_numpy(), abs=0.005)


def test_cash_never_comes_before_it_is_issued_nor_is_taken_back(base):
    for name in ("today", *(policy.name for policy in POLICIES)):
        daily = of(simulate(base, POLICIES), name)
        assert (daily["cash"] > -1e-6).all()
        assert daily["receivable"].min() > 0


def test_the_first_day_is_the_ledgers(ledger, base):
    today = of(simulate(base), "today").iloc[0]
    assert today["receivable"] == pytest.approx(balance(ledger, DAY), abs=0.005)
    assert today["dso"] == pytest.approx(float(dso(ledger, DAY)))
    assert today["day"] == pd.Timestamp(DAY)
    assert today["receivable_low"] == today["receivable"] == today["receivable_high"]


def test_shorter_terms_free_cash_early(base):
    simulation = simulate(base, [Policy("30", NET_30), Policy("15", PaymentTerms(15)), Policy("60", NET_60)])
    end = simulation.summary.set_index("policy")
    order = ["15", "30", "60"]
    assert end.loc[order, "receivable_end"].is_monotonic_increasing
    assert end.loc[order, "dso_gained"].is_monotonic_decreasing
    for shorter, longer in (("15", "30"), ("30", "60")):
        ahead = of(simulation, shorter)["cash_cumulated"] - of(simulation, longer)["cash_cumulated"]
        assert ahead.min() > -1e-6
        assert ahead.iloc[90] > 0
    owed = {name: days["receivable"].tail(30).mean() for name, days in simulation.daily.groupby("policy")}
    assert end["cash_gained"].to_dict() == pytest.approx({name: owed["today"] - left for name, left in owed.items()})


def test_customers_who_follow_nothing_pay_as_today(base):
    simulation = simulate(base, [Policy("ignored", NET_60, follow_share=0.0), Policy("half", NET_60, follow_share=0.5)])
    today, ignored = of(simulation, "today"), of(simulation, "ignored")
    assert ignored["cash"].to_numpy() == pytest.approx(today["cash"].to_numpy(), abs=1e-6)
    gained = simulate(base, [Policy("half", NET_60, follow_share=0.5), Policy("whole", NET_60)]).summary["cash_gained"]
    assert 0.3 < gained[1] / gained[2] < 0.7


def test_who_follows_nothing_pays_as_today_however_early_it_is_invoiced():
    """Invoices at 60 days, paid 0 to 20 days late: sent out 20 days earlier, they are paid on the same days."""
    rng = np.random.default_rng(3)
    issued = pd.Timestamp(DAY) - pd.to_timedelta(rng.integers(0, 720, 500), unit="D")
    due = issued + pd.Timedelta(days=60)
    paid = due + pd.to_timedelta(rng.integers(0, 21, 500), unit="D")
    invoices = pd.DataFrame({"customer_id": "A", "issued_on": issued, "due_on": due, "amount": 100.0, "paid_on": paid})
    base = prepare(from_frame(invoices.assign(paid_on=paid.where(paid <= DAY))), DAY)
    policies = [Policy(f"{share:.0%}", faster_invoicing_days=20, follow_share=share) for share in (0.0, 0.5, 1.0)]
    simulation = simulate(base, policies)
    cash = [of(simulation, name)["cash"].to_numpy() for name in ("today", "0%", "50%", "100%")]
    assert cash[1] == pytest.approx(cash[0], abs=1e-6)
    assert cash[3][:-20][85:] == pytest.approx(cash[0][20:][85:])  # past the backlog, each day's cash comes 20 sooner
    gained = simulation.summary["cash_gained"].to_numpy()
    assert gained[1] == pytest.approx(0, abs=1e-6)
    assert 0 < gained[2] < gained[3]


def test_one_policy_needs_no_list(base):
    alone = simulate(base, Policy("60", NET_60)).daily
    pd.testing.assert_frame_equal(alone, simulate(base, [Policy("60", NET_60)]).daily, check_exact=True)


def test_what_was_tried_before_changes_nothing_and_is_not_worked_out_again(business, monkeypatch):
    """Payments by the weekday of the due date are kept from one policy to the next: seven weekdays, then no more."""
    fresh = prepare(business.ledger, DAY)
    policies = [Policy(str(days), PaymentTerms(days)) for days in range(40, 47)]
    for policy in reversed(policies):
        simulate(fresh, policy)
    with monkeypatch.context() as patched:
        patched.setattr(DueWeekdays, "steps", None)
        with pytest.raises(TypeError):
            simulate(fresh, Policy("some", NET_60, customers=("C1",)))
        again = simulate(fresh, [*policies, Policy("later", PaymentTerms(75), follow_share=0.3)])
    for policy in policies:
        alone = of(simulate(prepare(business.ledger, DAY), policy), policy.name)
        pd.testing.assert_frame_equal(of(again, policy.name), alone, check_exact=True)


def test_what_is_prepared_is_simulated_to_its_own_horizon(ledger):
    prepared = prepare(ledger, DAY, horizon=180)
    assert len(of(simulate(prepared), "today")) == 181
    assert len(of(simulate(prepared, horizon=90), "today")) == 91
    assert len(of(simulate(ledger, as_of=DAY), "today")) == 366


def test_a_customer_credited_more_than_it_was_invoiced_buys_nothing_back():
    """A: invoiced 1,000, credited 1,500; B: invoiced 400, credited 100: A's invoices come back for 0, B's for 300."""
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on    kind
        A           2025-11-06 2025-12-03 600    2025-12-03 invoice
        A           2025-11-07 2025-12-04 400    2025-12-04 invoice
        A           2025-11-08 -          -1500  -          credit_note
        B           2025-11-08 2025-12-05 400    2025-12-05 invoice
        B           2025-11-09 -          -100   -          credit_note
        """)
    plan = prepare(ledger, DAY, horizon=60).plan
    names = pd.Index(["A", "B"])[plan.customer]
    first = plan.issue <= plan.period
    assert plan.amount[first & (names == "A")] == pytest.approx([0, 0])
    assert plan.amount[first & (names == "B")] == pytest.approx([300])


@pytest.mark.parametrize("policy", [TODAY, Policy("same"), Policy("nobody", NET_60, customers=())])
def test_a_policy_that_changes_nothing_is_today_exactly(base, policy):
    simulation = simulate(base, [policy])
    columns = simulation.daily.columns.drop("policy")
    again = of(simulation, policy.name)[columns]
    pd.testing.assert_frame_equal(again, of(simulation, "today")[columns], check_exact=True)
    assert (simulation.summary["policy"] == "today").sum() == 1


def test_written_terms_keep_the_end_of_the_month():
    """Invoices of every day at 45 days end of month: next year's fall due on month ends too, not 364 days later."""
    issued = pd.date_range("2024-01-01", DAY)
    due = (issued + pd.Timedelta(days=45)) + pd.offsets.MonthEnd(0)
    invoices = pd.DataFrame(
        {"customer_id": "A", "issued_on": issued, "due_on": due, "amount": 100.0, "terms": "45 jours fin de mois"}
    )
    invoices["paid_on"] = invoices["due_on"].where(invoices["due_on"] <= DAY)
    base = prepare(from_frame(invoices), DAY)
    due_on = pd.Timestamp(DAY) + pd.to_timedelta(base.plan.due, unit="D")
    assert due_on.is_month_end.all()
    assert base.plan.by_terms == 1
    cash = of(simulate(base), "today").set_index("day")["cash"]
    assert set(cash[cash > 500].index) <= set(pd.date_range(DAY, "2026-12-31", freq="ME"))


def test_faster_invoicing_sends_the_backlog_out_on_the_first_day(base):
    plan = base.plan
    summary = simulate(base, [Policy("faster", faster_invoicing_days=12)]).summary.set_index("policy")
    brought = plan.amount[(plan.issue > 365) & (plan.issue <= 377)].sum()
    assert summary.loc["faster", "sales"] - summary.loc["today", "sales"] == pytest.approx(brought)
    assert summary.loc["faster", "cash_gained"] > 0


def test_a_year_of_history_comes_back_on_the_same_weekday_net_of_credit_notes():
    invoices = random_invoices(2)
    notes = invoices.head(20).assign(
        kind="credit_note", amount=-50.0, paid_on=pd.NaT, issued_on="2025-11-03", due_on=pd.NaT
    )
    ledger = from_frame(pd.concat([invoices.assign(kind="invoice"), notes]))
    base = prepare(ledger, DAY)
    first = base.plan.issue <= 364
    recent = invoices[invoices["issued_on"] > "2025-01-01"]
    assert base.plan.amount[first].sum() / base.plan.level == pytest.approx(recent["amount"].sum() - 1000)
    again = pd.Timestamp(DAY) + pd.to_timedelta(base.plan.issue[first], unit="D")
    assert sorted(again) == sorted(recent["issued_on"] + pd.Timedelta(days=364))


def test_less_than_a_year_is_repeated_and_said():
    base = prepare(from_frame(random_invoices(4, days=100, invoices=150)), DAY)
    assert base.plan.period == 98
    told = simulate(base).assumptions[0]
    assert told.key == "simulation.sales_short"
    assert "last 14 weeks" in told.text("en")
    assert "14 dernières semaines" in told.text("fr")


def test_the_dso_is_missing_while_its_window_begins_before_the_ledger():
    """Sales from 2025-11-22 on, 40 days of them: 90 days of sales are there on the 50th day, and not before.

    All is paid when due, five days later, so that what becomes of an invoice is known however young the ledger is.
    """
    invoices = pd.DataFrame({"issued_on": pd.date_range(end=DAY, periods=40), "customer_id": "A", "amount": 100.0})
    invoices["due_on"] = invoices["issued_on"] + pd.Timedelta(days=5)
    invoices["paid_on"] = invoices["due_on"].where(invoices["due_on"] <= DAY)
    daily = of(simulate(prepare(from_frame(invoices), DAY)), "today")
    missing = daily["dso"].isna().to_numpy()
    assert missing[:50].all()
    assert not missing[50:].any()


def test_every_assumption_reads_in_both_languages(base):
    for told in simulate(base, POLICIES).assumptions:
        assert "{" not in told.text("en") + told.text("fr")
    texts = [told.text("fr") for told in simulate(base, POLICIES).assumptions]
    assert any("à réception" in text.lower() for text in texts)


def test_planted_shocks_are_recovered():
    """Every payment of a month moves by 6 days (sd), every customer's by 9 of its own, chance adds 5."""
    rng = np.random.default_rng(0)
    months, customers, each = 60, 40, 4
    common, own = rng.normal(0, 6, months), rng.normal(0, 9, (customers, months))
    customer, month, _ = np.indices((customers, months, each)).reshape(3, -1)
    due = (np.datetime64("2019-01") + month).astype("datetime64[D]") + 14
    late = 20 + common[month] + own[customer, month] + rng.normal(0, 5, len(month))
    invoices = pd.DataFrame(
        {
            "customer_id": customer.astype(str),
            "issued_on": due - 30,
            "due_on": due,
            "amount": 100.0,
            "paid_on": due + np.rint(late).astype(int),
        }
    )
    shocks = estimate_shocks(prepare(from_frame(invoices), DAY).laws.evidence)
    assert shocks.common == pytest.approx(6, abs=1.2)
    assert shocks.own == pytest.approx(9, abs=0.5)


@pytest.mark.parametrize(("days", "said"), [(10, "later"), (-10, "sooner"), (0, None)])
def test_it_is_said_when_money_comes_later_than_invoices_do(days, said):
    """Who pays large invoices otherwise than small ones: in the simulation's assumptions and in the forecast's."""
    ledger, last = from_frame(large_and_small(days)), "2025-10-31"  # the last day with sales
    told = [*simulate(prepare(ledger, last)).assumptions, *forecast_cash(ledger, last).notes]
    found = [each for each in told if each.key.startswith("simulation.money_")]
    assert [each.key for each in found] == ([f"simulation.money_{said}"] * 2 if said else [])
    assert all(f"days {said} than shown" in each.text("en") for each in found)


def quarters_late(days_late, customers=1, step=91):
    """A ledger of one invoice a customer and quarter, late by so many days, the last quarter known for 90 days."""
    due = pd.Timestamp("2026-06-30") - pd.to_timedelta(90 + step * (np.arange(len(days_late))[::-1] + 0.5), unit="D")
    due = due.normalize()
    frame = pd.DataFrame({"issued_on": due - pd.Timedelta(days=30), "due_on": due, "amount": 100.0})
    frame["paid_on"] = due + pd.to_timedelta(days_late, unit="D")
    whose = [frame.assign(customer_id=f"C{number}") for number in range(customers)]
    return from_frame(pd.concat(whose), until="2026-06-30")


def test_how_far_earlier_laws_missed_by_hand():
    """Three quarters 10 days late, then one of 13: errors of the third and fourth 0 and 3; no chance; √(9 / 2)."""
    evidence = prepare(quarters_late([10, 10, 10, 13]), "2026-06-30").laws.evidence
    assert law_error(evidence) == (pytest.approx(np.sqrt(4.5)), 2)
    shocks = estimate_shocks(evidence)
    assert shocks.common >= shocks.missed == pytest.approx(np.sqrt(4.5))
    told = [each.text("en") for each in simulate(prepare(quarters_late([10, 10, 10, 13]), "2026-06-30")).assumptions]
    assert any("missed the mean lateness of the quarter that followed by 2.1 days" in each for each in told)


def test_of_customers_that_differ_by_chance_laws_miss_nothing():
    """30 customers, lateness drawn anew each quarter, sd 9 days: mean errors of 9 / √30 are what chance makes."""
    rng = np.random.default_rng(3)
    missed = []
    for _ in range(20):
        days = rng.normal(20, 9, (30, 10)).round()
        ledgers = pd.concat(
            [
                quarters_late(row).items.query("kind == 'invoice'").assign(customer_id=f"C{n}")
                for n, row in enumerate(days)
            ]
        )
        frame = ledgers[["customer_id", "issued_on", "due_on", "amount"]].assign(
            paid_on=(ledgers["due_on"] + pd.to_timedelta(days.ravel(), unit="D")).to_numpy()
        )
        found, quarters = law_error(prepare(from_frame(frame, until="2026-06-30"), "2026-06-30").laws.evidence)
        assert quarters == 8
        missed.append(found**2)
    assert np.mean(missed) < 1.5  # negative ones count as 0; chance not taken off would leave 81 / 30 = 2.7 and more


def test_too_short_a_history_tells_nothing_of_earlier_laws():
    assert law_error(prepare(quarters_late([10, 10]), "2026-06-30").laws.evidence) == (
        pytest.approx(np.nan, nan_ok=True),
        0,
    )


def test_without_shocks_in_the_ledger_the_least_ones_are_kept():
    rng = np.random.default_rng(1)
    invoices = random_invoices(1, invoices=800)
    due = invoices["due_on"]
    invoices["paid_on"] = due + pd.to_timedelta(rng.integers(0, 10, len(due)), unit="D")
    shocks = estimate_shocks(prepare(from_frame(invoices, until="2026-06-30"), "2026-06-30").laws.evidence)
    assert shocks.common == 1
    assert shocks.own < 1.5


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda _: Policy(""), "name of its own"),
        (lambda _: Policy("today", NET_30), "name of its own"),
        (lambda _: Policy("x", follow_share=1.2), "from 0 to 1"),
        (lambda _: Policy("x", faster_invoicing_days=-1), "0 to 90 days"),
        (lambda _: Policy("x", "30 jours"), "PaymentTerms, not 30 jours"),
        (lambda _: Policy("x", NET_30, customers="C1"), "are several names"),
        (lambda _: Policy("x", NET_30, segments="PME"), "are several names"),
        (lambda base: simulate(base, [Policy("x", NET_30, customers=("C1", "who"))]), "does not have: who"),
        (lambda base: simulate(base, [Policy("x", NET_30, segments=("none",))]), "no customer has: none"),
        (lambda base: simulate(base, [Policy("x", NET_30), Policy("x", NET_45)]), "same name"),
        (lambda base: simulate(base, horizon=400), "for 365 days"),
        (lambda base: simulate(base, as_of="2025-06-30"), "prepared on 2025-12-31"),
        (lambda base: simulate(base, sales_growth=20.0), "growth of sales"),
        (lambda base: simulate(base.ledger, horizon=0), "from 1 to 1098 days"),
    ],
)
def test_what_cannot_be_asked_is_said(base, made, said):
    with pytest.raises(ArlibError, match=said):
        made(base)


@pytest.mark.parametrize("horizon", [1, 1098])
def test_the_shortest_and_the_longest_horizon(ledger, horizon):
    daily = of(simulate(ledger, [Policy("x", NET_60)], DAY, horizon=horizon), "x")
    assert len(daily) == horizon + 1
    assert daily.drop(columns="policy").notna().all(axis=None)
    assert daily["receivable_high"].max() < 3 * daily["receivable"].max()


def test_a_ledger_asleep_runs_off_without_sales():
    ledger = from_frame(random_invoices(5), until="2027-12-31")
    simulation = simulate(ledger, [Policy("x", NET_60)], "2027-12-31")
    today = of(simulation, "today")
    assert today["dso"].isna().all()
    assert (today["cash"] >= 0).all()
    assert simulation.assumptions[0].values["sales"] == 0


def test_segments_choose_customers():
    customers = pd.DataFrame({"customer_id": [f"C{code}" for code in range(8)], "segment": list("aabbccdd")})
    base = prepare(from_frame(random_invoices(5), customers=customers), DAY)
    by_segment = simulate(base, [Policy("x", NET_60, segments=("b", "d"))])
    by_customer = simulate(base, [Policy("x", NET_60, customers=("C2", "C3", "C6", "C7"))])
    pd.testing.assert_frame_equal(by_segment.daily, by_customer.daily)
    told = next(sentence for sentence in by_segment.assumptions if sentence.key == "simulation.policy")
    assert "4 customers" in told.text("en")


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.floats(0.1, 100), st.sampled_from([NET_45, END_OF_MONTH_45, ON_RECEIPT]))
def test_neither_order_nor_unit_nor_future_matters(seed, scale, terms):
    invoices = random_invoices(seed, invoices=80)
    invoices["amount"] = invoices["amount"].round()
    ledger = from_frame(invoices)
    items = ledger.items.copy()
    policies = [Policy("x", terms, follow_share=0.6)]
    plain = simulate(ledger, policies, "2025-09-30", horizon=120).daily
    money = [name for name in plain if name.startswith(("receivable", "cash"))]
    shuffled = simulate(from_frame(invoices.sample(frac=1, random_state=1)), policies, "2025-09-30", horizon=120).daily
    assert shuffled[money].to_numpy() == pytest.approx(plain[money].to_numpy(), rel=1e-6, abs=0.005)
    scale = round(scale, 2)
    larger = from_frame(invoices.assign(amount=(invoices["amount"] * scale).round(2)))
    scaled = simulate(larger, policies, "2025-09-30", horizon=120).daily
    assert scaled[money].to_numpy() == pytest.approx(plain[money].to_numpy() * scale, rel=1e-6, abs=0.01)
    changed = simulate(future_changed(ledger, "2025-09-30"), policies, "2025-09-30", horizon=120).daily
    pd.testing.assert_frame_equal(changed, plain, check_exact=True)
    pd.testing.assert_frame_equal(ledger.items, items)


def later_rewritten(ledger, day):
    """Another future: customers and disputes of it, one customer sorted before all others, other dates and amounts."""
    changed = future_changed(ledger, day)
    items = changed.items.copy()
    after = (items["booked_on"] > day).to_numpy()
    items.loc[after, "disputed"] = True
    items.loc[after, "customer_id"] = "A new one"
    more = items[after].assign(customer_id="D", item_id=items["item_id"].max() + 1 + np.arange(after.sum()))
    names = pd.DataFrame({"customer_id": ["A new one", "D"], "segment": None})
    customers = pd.concat([ledger.customers, names], ignore_index=True).astype(ledger.customers.dtypes)
    items = pd.concat([items, more], ignore_index=True)
    matches = changed.matches[changed.matches["matched_on"] <= day]
    return Ledger(items, matches, customers, ledger.controls, ledger.currency, ledger.covers)


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.sampled_from([random_invoices, business_invoices]))
@example(93, random_invoices)
def test_the_future_changes_nothing_to_the_bit(seed, made):
    ledger, day = from_frame(made(seed, invoices=150, customers=20)), "2025-06-30"
    policies = [Policy("x", NET_45, follow_share=0.6), Policy("y", ON_RECEIPT, customers=("C1", "C2"))]
    plain = simulate(ledger, policies, day, horizon=120)
    for other in (later_rewritten(ledger, day), known_by(ledger, day)):
        again = simulate(other, policies, day, horizon=120)
        pd.testing.assert_frame_equal(again.daily, plain.daily, check_exact=True)
        pd.testing.assert_frame_equal(again.summary, plain.summary, check_exact=True)
        assert [told.text("en") for told in again.assumptions] == [told.text("en") for told in plain.assumptions]

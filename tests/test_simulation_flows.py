"""Flows: against the same sums made invoice by invoice, day by day, from the laws; and by what cannot be otherwise."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices
from small import known_by

from arlib.ledger import open_items
from arlib.schema import day_number, day_numbers
from arlib.simulation.base import prepare
from arlib.simulation.flows import Moved, gather
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.flows.concentrated import concentration
from arlib.simulation.flows.opening import Reminders
from arlib.simulation.flows.stretched import late_moved, stretched

DAY, HORIZON, REACH = "2025-12-31", 120, 6


def on_fridays(seed, **size):
    """`random_invoices` paid on the next Friday: weekends are closed, and weekdays of due dates tell."""
    invoices = random_invoices(seed, **size)
    wait = (4 - invoices["paid_on"].dt.day_of_week) % 7
    paid = invoices["paid_on"] + pd.to_timedelta(wait, unit="D")
    return invoices.assign(paid_on=paid.where(paid <= DAY))


MADE = {"every day": random_invoices, "fridays": on_fridays}


@pytest.fixture(scope="module", params=MADE)
def base(request):
    made = prepare(from_frame(MADE[request.param](3, invoices=300, customers=12)), DAY, horizon=HORIZON)
    assert made.laws.calendar.weekends_closed == (request.param == "fridays")
    return made


def all_of(base):
    return np.ones(len(base.plan.issue), dtype=bool)


def one_by_one(base, issue, counted, asked, lateness):
    """Expected paid and overdue, and the variance of what is paid, by the end of each day, invoice by invoice.

    `counted` are whole days. The law's mass on d > 0 open days after the due date is moved to d × lateness.
    """
    agenda, laws, days = Agenda.of(base.laws), base.laws, np.arange(HORIZON + 1)
    paid, variance, overdue = np.zeros((3, HORIZON + 1))
    each = (base.plan.customer, base.plan.amount, issue, counted, asked)
    for who, amount, issued, from_day, due in zip(*each, strict=True):
        mass = laws.payments_on(np.array([who]), agenda.weekday(np.array([from_day])))[0]
        late = np.where(laws.days > 0, laws.days * lateness, laws.days)
        rank = agenda.rank(np.array([from_day]))[0]
        opens = agenda.open_day(np.array([issued]))[0]
        share = np.zeros(HORIZON + 1)
        for part, weight in ((np.floor(late), 1 - late % 1), (np.floor(late) + 1, late % 1)):
            paid_on = np.maximum(agenda.day(rank + part.astype(np.int64)), opens)
            share += (mass * weight) @ (paid_on[:, None] <= days)
        paid += amount * share
        variance += amount**2 * share * (1 - share)
        overdue += amount * (1 - share) * ((due < days) & (issued <= days))
    return paid, variance, overdue


@pytest.mark.parametrize("lateness", [0.0, 0.35, 1.0, 2.0])
@pytest.mark.parametrize(("granted", "sooner"), [(None, 0), (0, 0), (45, 10), (-20, 0)])
def test_sums_are_those_of_the_invoices(base, lateness, granted, sooner):
    """Variances too, but for a factor that shares what falls between two days: then they are between theirs."""
    plan = base.plan
    issue = np.maximum(plan.issue - sooner, 1)
    due = plan.due - (plan.issue - issue) if granted is None else issue + granted
    paid, variance, overdue = one_by_one(base, issue, due, due, lateness)
    cells = gather(plan, base.laws, all_of(base))
    issued = np.maximum(cells.issue - sooner, 1)
    counted = cells.due - (cells.issue - issued) if granted is None else issued + granted
    moved = Moved(cells, np.ones(len(issued)), issued, counted.astype(float), lateness)
    sales = moved.sales(HORIZON, REACH)
    assert sales.paid() == pytest.approx(paid, abs=1e-6)
    assert sales.overdue == pytest.approx(overdue, abs=1e-6)
    if lateness != 0.35:
        assert sales.variance() == pytest.approx(variance, abs=1e-6 * variance.max())
    seen = issue <= HORIZON
    assert np.cumsum(sales.billed)[-1] == pytest.approx(plan.amount[seen].sum())
    fallen = np.maximum(issue, due) <= HORIZON
    assert sales.due[-1] == pytest.approx(plan.amount[fallen].sum())


def test_who_pays_as_before_is_overdue_by_the_new_date(base):
    """Asked 20 days sooner and paid on the same days: the same cash, and more of it overdue meanwhile."""
    plan, cells = base.plan, gather(base.plan, base.laws, all_of(base))
    _, _, overdue = one_by_one(base, plan.issue, plan.due, plan.due - 20, 1.0)
    ones, counted = np.ones(len(cells.issue)), cells.due.astype(float)
    before = Moved(cells, ones, cells.issue, counted).sales(HORIZON, REACH)
    after = Moved(cells, ones, cells.issue, counted, contractual=cells.due - 20).sales(HORIZON, REACH)
    assert after.paid() == pytest.approx(before.paid())
    assert after.overdue == pytest.approx(overdue)
    assert (after.overdue >= before.overdue - 1e-6).all()
    assert after.overdue.sum() > 1.5 * before.overdue.sum()


def test_between_two_days_the_amount_is_shared(base):
    cells = gather(base.plan, base.laws, all_of(base))
    ones = np.ones(len(cells.issue))

    def counted_from(days):
        return Moved(cells, ones, cells.issue, cells.due + days).sales(HORIZON, REACH)

    shared, on, after = (counted_from(days) for days in (2.25, 2.0, 3.0))
    assert shared.paid(1.5) == pytest.approx(0.75 * on.paid(1.5) + 0.25 * after.paid(1.5), abs=1e-6)
    assert shared.variance() == pytest.approx(0.75 * on.variance() + 0.25 * after.variance(), abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_selections_add_up_and_variances_go_with_shares_and_squares_of_parts(seed):
    base = prepare(from_frame(random_invoices(seed, invoices=60)), DAY, horizon=HORIZON)
    rng = np.random.default_rng(seed)
    share = rng.random(len(base.plan.issue)).round(1)

    def today(cells):
        moved = Moved(cells, np.ones(len(cells.issue)), cells.issue, cells.due.astype(float))
        return moved.sales(HORIZON, REACH)

    whole = today(gather(base.plan, base.laws, all_of(base)))
    both = today(gather(base.plan, base.laws, share)) + today(gather(base.plan, base.laws, 1 - share))
    part = today(gather(base.plan, base.laws, all_of(base), np.full(len(share), 0.3)))
    for name in ("billed", "due", "overdue", "payments", "spread"):
        scale = np.abs(getattr(whole, name)).max()
        assert getattr(both, name) == pytest.approx(getattr(whole, name), abs=1e-9 * scale)
        assert getattr(part, name) == pytest.approx(
            getattr(whole, name) * (0.09 if name == "spread" else 0.3), abs=1e-9 * scale
        )
    assert (whole - both).paid() == pytest.approx(np.zeros(HORIZON + 1), abs=1e-6)
    cells = gather(base.plan, base.laws, share)
    assert cells.invoices.sum() == pytest.approx(share.sum())
    far = np.array([base.plan.due.max() + 3000])
    never = base.laws.unpaid_on(base.plan.customer, base.plan.due + day_number(DAY), far + day_number(DAY))[:, 0]
    assert cells.never.sum() == pytest.approx((share * base.plan.amount) @ never, rel=1e-9)


def from_tomorrow(lateness):
    """Reminders of what is open that begin on the day after the one asked."""
    return Reminders(lateness, np.zeros(len(lateness), dtype=np.int64))


def test_lateness_made_shorter_by_hand():
    """Due date in column 2. Of 8 paid 3 days late, at half, 1.5 days: 4 on day 1 and 4 on day 2.

    Reminded from the fifth day after the due date on, 10 days late become 4 + 6 / 2, and at none at all, 5. Reminders
    of before the due date halve all lateness.
    """
    by_day = np.array([[5.0, 0, 7, 0, 0, 8]])
    assert late_moved(np.array([-2, 3, 4, 5, 10]), np.array(4), 0.5).tolist() == [-2, 3, 4, 5, 7]
    assert late_moved(np.array([3, 5, 10]), np.array(4), 0.0).tolist() == [3, 5, 5]
    assert late_moved(np.array([-1, 0, 4]), np.array(-3), 0.5).tolist() == [-1, 0, 2]
    assert stretched(by_day, 2, 0.5)[0] == pytest.approx([5, 0, 7, 4, 4])
    assert stretched(by_day, 2, 0.0)[0] == pytest.approx([5, 0, 15])
    assert stretched(by_day, 2, 2.0)[0] == pytest.approx([5, 0, 7, 0, 0, 0, 0, 0, 8])


def opened_one_by_one(base, lateness):
    """Expected paid, its variance and what is overdue of the open items, one by one, under reminders."""
    agenda, days = Agenda.of(base.laws), np.arange(HORIZON + 1)
    items = open_items(base.ledger, DAY)
    items = items[items["open_amount"] > 0]
    due = day_numbers(items["due_on"]) - day_number(base.as_of)
    who = base.laws.customers.get_indexer(items["customer_id"])
    ahead = np.arange(1, 800)
    left = base.laws.given_unpaid(who, day_numbers(items["due_on"]), ahead)
    paid, variance, overdue = np.zeros((3, HORIZON + 1))
    today = int(agenda.last_rank(np.zeros(1, dtype=int))[0])
    for amount, falls, unpaid in zip(items["open_amount"], due, left, strict=True):
        mass = -np.diff(unpaid, prepend=1.0)
        rank = agenda.last_rank(ahead) - today
        wait = max(int(agenda.rank(np.array([falls]))[0]) - today, 0)
        moved = np.where(rank > wait, wait + (rank - wait) * lateness, rank)
        moved = np.maximum(moved, 1)
        share = np.zeros(HORIZON + 1)
        for part, weight in ((np.floor(moved), 1 - moved % 1), (np.floor(moved) + 1, moved % 1)):
            share += (mass * weight) @ (agenda.day(part.astype(np.int64) + today)[:, None] <= days)
        paid += amount * share
        variance += amount**2 * share * (1 - share)
        overdue += amount * (1 - share) * (falls < days)
    return paid, variance, overdue


@pytest.mark.parametrize("lateness", [0.0, 0.6, 1.0, 2.0])
def test_the_opening_runs_off_item_by_item_and_under_reminders(base, lateness):
    paid, variance, overdue = opened_one_by_one(base, lateness)
    moved = base.opening.moved(from_tomorrow(np.full(len(base.laws.customers), lateness)))
    within = slice(0, HORIZON + 1)
    assert moved.paid[within] == pytest.approx(paid)
    assert moved.overdue[within] == pytest.approx(overdue)
    if lateness != 0.6:
        assert moved.variance[within] == pytest.approx(variance, abs=1e-6 * variance.max())


def test_what_customers_owe_adds_up(base):
    chosen = np.arange(len(base.laws.customers)) % 3 == 0
    some, others = base.opening.of(chosen), base.opening.of(~chosen)
    for name in ("paid", "variance", "overdue"):
        whole = getattr(base.opening, name)
        assert getattr(some, name) + getattr(others, name) == pytest.approx(whole, abs=1e-9 * whole.max())
    half = base.opening.moved(from_tomorrow(np.where(chosen, 0.5, 1.0)))
    assert half.paid == pytest.approx(some.moved(0.5).paid + others.paid)
    curves = base.opening.debts.curves(np.flatnonzero(chosen))
    assert curves.sum(axis=0) == pytest.approx(some.paid)


def test_what_is_overdue_today_is_the_ledgers(base):
    items = open_items(base.ledger, DAY)
    late = items[(items["open_amount"] > 0) & (items["days_overdue"] > 0)]
    assert base.opening.overdue[0] == pytest.approx(late["open_amount"].sum())


def test_an_item_late_by_two_days_by_hand():
    """Four invoices paid 10 open days after a Monday, one open, due on Monday 29 December, 2 open days ago.

    The tenth open day after it is 13 January (1 January is closed), 8 open days from the 31st. With half the lateness
    from today on, 4 open days: 7 January. Two pseudo-invoices of a portfolio that is this customer change nothing.
    """
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on
        A           2025-01-02 2025-01-13 100    2025-01-27
        A           2025-06-02 2025-06-16 100    2025-06-30
        A           2025-08-01 2025-09-01 100    2025-09-15
        A           2025-09-01 2025-10-06 100    2025-10-20
        A           2025-11-21 2025-12-29 100    -
        """)
    base = prepare(ledger, DAY, horizon=30)
    assert base.laws.calendar.weekends_closed
    assert base.opening.paid[[12, 13]] == pytest.approx([0, 100], abs=1e-3)
    sooner = base.opening.moved(from_tomorrow(np.array([0.5])))
    assert sooner.paid[[6, 7]] == pytest.approx([0, 100], abs=1e-3)
    assert sooner.overdue[[0, 6, 7]] == pytest.approx([100, 100, 0], abs=1e-3)


def test_a_shock_of_one_customer_is_a_shock_of_all_where_there_is_one():
    base = prepare(from_frame(on_fridays(1, customers=1)), DAY, horizon=90)
    assert base.concentration[10:] == pytest.approx(1, rel=0.05)


def test_the_smaller_customers_are_taken_together(monkeypatch):
    """60 customers, none large: with 20 of them one by one, what is left of their own shocks is that of all, about."""
    base = prepare(from_frame(random_invoices(2, customers=60, invoices=3000)), DAY, horizon=90)
    monkeypatch.setattr("arlib.simulation.flows.concentrated.LARGEST", 20)
    fewer = concentration(base.laws, base.plan, base.opening, base.shocks.own, base.horizon)
    ratio = fewer[5:] / base.concentration[5:]
    assert ratio.mean() == pytest.approx(1, abs=0.1)
    assert ratio == pytest.approx(1, abs=0.35)
    assert (ratio != 1).all()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(list(MADE)), st.sampled_from([0.4, 1.0, 1.7]))
def test_the_future_changes_nothing_to_the_bit(seed, made, lateness):
    ledger, day = from_frame(MADE[made](seed, invoices=150, customers=20)), "2025-06-30"

    def flows(known):
        base = prepare(known, day, horizon=60)
        cells = gather(base.plan, base.laws, base.plan.amount > 500)
        moved = Moved(cells, np.ones(len(cells.issue)), cells.issue, cells.due + 0.4, lateness)
        sales = moved.sales(60, 3)
        opening = base.opening.moved(from_tomorrow(np.full(len(base.laws.customers), lateness)))
        return [
            *(sales.paid(shift) for shift in (-2.2, 0.0, 1.0)),
            *(sales.variance(), sales.overdue, sales.due, base.concentration),
            *(opening.paid, opening.variance, opening.overdue),
        ]

    plain = flows(ledger)
    for other in (future_changed(ledger, day), known_by(ledger, day)):
        for one, again in zip(plain, flows(other), strict=True):
            np.testing.assert_array_equal(one, again)

"""Invoices that go out earlier fall due by the terms written on them, and not on their old date less as many days."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, future_changed, random_invoices
from small import known_by, sample_ledger

from arlib.schema import day_number
from arlib.simulation.base import prepare
from arlib.simulation.draws.draws import draw_simulation
from arlib.simulation.outlook.by_customer import simulate_by_customer
from arlib.simulation.outlook.lines import lines_of
from arlib.simulation.outlook.shocks import Shocks
from arlib.simulation.outlook.written import WrittenTerms, days_vary
from arlib.simulation.policies.policy import TODAY, Policy
from arlib.simulation.sales.risk import SalesRisk
from arlib.simulation.simulate import simulate
from arlib.terms import END_OF_MONTH_45, END_OF_MONTH_THEN_45, NET_30, ON_RECEIPT, PaymentTerms

DAY = "2025-12-31"
WRITTEN = ["45 days end of month", "net 30", "end of month, then 30 days", "as usual", None]


def days(*dates):
    return np.array([day_number(pd.Timestamp(date)) for date in dates])


def dated(seed, *, explained=0.9):
    """Invoices with terms of all kinds, most of them due by these, asked on the last day of 2025."""
    invoices, rng = random_invoices(seed), np.random.default_rng(seed)
    lateness = invoices["paid_on"] - invoices["due_on"]
    invoices["terms"] = rng.choice(np.array(WRITTEN, dtype=object), len(invoices))
    for text, terms in zip(WRITTEN[:3], (END_OF_MONTH_45, NET_30, PaymentTerms(30, "before_days")), strict=True):
        theirs = (invoices["terms"] == text) & (rng.random(len(invoices)) < explained)
        invoices.loc[theirs, "due_on"] = terms.due_dates(invoices.loc[theirs, "issued_on"])
    paid = (invoices["due_on"] + lateness).clip(lower=invoices["issued_on"])
    return from_frame(invoices.assign(paid_on=paid.where(paid <= DAY)))


@pytest.fixture(scope="module")
def base():
    return prepare(dated(5), DAY)


def test_due_dates_by_hand():
    """At 45 days end of month: 10 February gives 27 March, so 31 March; 7 February 24 March, so 31 March still.

    15 January gives 1 March, so 31 March; 12 January 26 February, so the 28th. Others have the days they had.
    """
    issued = days("2026-02-10", "2026-02-07", "2026-01-15", "2026-01-12", "2026-01-12")
    written = WrittenTerms((END_OF_MONTH_45,), np.array([0, 0, 0, 0, -1]))
    due = days("2026-03-31", "2026-03-31", "2026-03-31", "2026-02-28", "2026-02-11")
    assert written.due_days(issued, np.full(5, 30)).tolist() == due.tolist()
    assert written[np.array([3, 4])].due_days(issued[3:], np.full(2, 30)).tolist() == due[3:].tolist()


def test_which_terms_grant_days_that_vary():
    fixed = [ON_RECEIPT, NET_30, PaymentTerms.parse("2/10 net 30")]
    varying = [END_OF_MONTH_45, END_OF_MONTH_THEN_45, PaymentTerms(30, day_of_month=10)]
    assert not any(days_vary(terms) for terms in fixed)
    assert all(days_vary(terms) for terms in varying)


def test_what_goes_out_sooner_is_due_by_its_terms(base):
    """Each invoice of the plan: by its written terms where they date it, its own days after it otherwise."""
    plan, today = base.plan, day_number(base.as_of)
    assert set(plan.written.terms) == {END_OF_MONTH_45, PaymentTerms(30, "before_days")}
    (line,) = lines_of(Policy("x", faster_invoicing_days=12), today, plan.issue, plan.due, plan.written)
    assert (line.issue == np.maximum(plan.issue - 12, 1)).all()
    for place, terms in enumerate(plan.written.terms):
        theirs = plan.written.place == place
        assert theirs.any()
        assert (line.due[theirs] + today == terms.due_days(line.issue[theirs] + today)).all()
    others = plan.written.place < 0
    assert (line.due - line.issue == plan.due - plan.issue)[others].all()
    (same,) = lines_of(TODAY, today, plan.issue, plan.due, plan.written)
    assert (same.due == plan.due).all()


def test_cells_hold_each_invoice_once_with_what_dates_it(base):
    plan, cells = base.plan, base.cells
    for name in ("issue", "due"):
        assert (getattr(cells, name)[cells.cell] == getattr(plan, name)).all()
    assert (cells.written.place[cells.cell] == plan.written.place).all()
    assert cells.billed.sum() == pytest.approx(plan.amount.sum())


def test_end_of_month_stays_the_end_of_the_month():
    """Invoiced every day at 45 days end of month: three days sooner, all that is due is due on a last day of a month.

    No due date is later than the law allows, and none than under today's terms.
    """
    issued = pd.Series(pd.date_range("2024-01-01", DAY))
    due = END_OF_MONTH_45.due_dates(issued)
    invoices = pd.DataFrame({"customer_id": "A", "issued_on": issued, "due_on": due, "amount": 100.0})
    invoices = invoices.assign(terms="45 days end of month", paid_on=due.where(due <= DAY))
    simulation = simulate(prepare(from_frame(invoices), DAY), Policy("x", faster_invoicing_days=3))
    dues = simulation.curves[1].dues
    due_on = pd.Timestamp(DAY) + pd.to_timedelta(dues.due[dues.invoices > 0], unit="D")
    assert due_on.is_month_end.all()
    summary = simulation.summary.set_index("policy")
    assert (summary["illegal_invoices"] == 0).all()
    assert summary.loc["x", "cash_gained"] > 0


def test_three_days_sooner_break_no_law_on_the_sample():
    """Its terms are days end of month: moved back by three days, due dates of the 28th would be beyond the law."""
    summary = simulate(prepare(sample_ledger("negoce")), Policy("x", faster_invoicing_days=3)).summary
    assert summary["illegal_invoices"].tolist() == [0, 0]
    assert summary["overdue_end"][1] == pytest.approx(summary["overdue_end"][0], rel=0.1)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 60), st.sampled_from([None, "2026-03-01"]), st.sampled_from([0.0, 0.4, 1.0]))
def test_parts_add_up_and_nothing_falls_due_later(base, faster, start, follow):
    policy = Policy("x", faster_invoicing_days=faster, invoices_from=start, follow_share=follow)
    simulation = simulate(base, policy)
    told = simulate_by_customer(base, policy).groupby("policy", sort=False)[["cash", "receivable_end"]].sum()
    expected = simulation.summary.set_index("policy")[["cash", "receivable_end"]]
    assert told.to_numpy() == pytest.approx(expected.to_numpy(), abs=0.005)
    plan = base.plan
    (line,) = lines_of(policy, day_number(base.as_of), plan.issue, plan.due, plan.written)
    assert (line.due <= plan.due).all()
    assert (line.due >= np.minimum(plan.due, line.issue)).all()


def test_draws_agree(monkeypatch):
    """The receivable of the last day: the mean of 600 draws, within four of its standard errors; without shocks."""
    monkeypatch.setattr("arlib.simulation.base.estimate_shocks", lambda _: Shocks(0.0, 0.0, 12))
    monkeypatch.setattr("arlib.simulation.base.estimate_sales_risk", lambda *_: SalesRisk(0.0, 0.0, 0.0, 0))
    base = prepare(dated(5), DAY)
    policy = Policy("x", faster_invoicing_days=20)
    drawn = draw_simulation(base, policy, draws=600, seed=1).summary.set_index(["policy", "quantity"])
    expected = simulate(base, policy).summary.set_index("policy")["receivable_end"]
    for name in ("today", "x"):
        row = drawn.loc[(name, "receivable_end")]
        error = (row["high"] - row["low"]) / 2.56 / 600**0.5
        assert row["mean"] == pytest.approx(expected[name], abs=4 * error)


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 1000))
def test_the_future_changes_nothing_to_the_bit(seed):
    ledger, day = dated(seed), "2025-06-30"

    def asked(known):
        simulation = simulate(prepare(known, day, horizon=60), Policy("x", faster_invoicing_days=9))
        return simulation.summary.drop(columns="sentence")

    plain = asked(ledger)
    for other in (future_changed(ledger, day), known_by(ledger, day)):
        pd.testing.assert_frame_equal(asked(other), plain, check_exact=True)

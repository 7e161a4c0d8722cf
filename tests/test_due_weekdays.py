"""The laws by the weekday of the due date, against their formula worked out a day at a time."""

import numpy as np
import pandas as pd
import pytest
from paid_invoices import from_frame, random_invoices

from arlib.behaviour import payment_laws
from arlib.behaviour.survival import DAYS, FIRST_DAY, LAST_DAY
from arlib.calendar import weekday
from arlib.samples.business_days import business_day_from
from arlib.simulation import prepare

DAY = "2025-12-31"


def on_open_days(invoices):
    """The same invoices, paid on the next weekday that is no French public holiday."""
    paid = pd.to_datetime(invoices["paid_on"])
    later = paid.map(lambda day: pd.Timestamp(business_day_from(day.date())), na_action="ignore")
    return invoices.assign(paid_on=later.where(later <= DAY))


@pytest.fixture(scope="module", params=[1, 2, 3])
def laws(request):
    return payment_laws(from_frame(on_open_days(random_invoices(request.param, invoices=200))), DAY)


def by_formula(laws, customer, due_weekday):
    """What is unpaid on each day: the hazard is (paid + s × prior) / (at risk + s), s = 10 × √(prior unpaid before)."""
    due_weekdays, evidence = laws.due_weekdays, laws.evidence
    law = laws.unpaid[customer]
    prior = -np.diff(law, prepend=1.0)
    first_open = due_weekday if due_weekday < 5 else 0
    on = (first_open + DAYS) % 5
    prior[1:] *= laws.weekday_factor[customer, on[1:]]
    prior *= (1 - law[-1]) / prior.sum()
    mine = (evidence.customer == customer) & (weekday(evidence.due) == due_weekday)
    late, paid, weight = evidence.open_days_late[mine], evidence.paid[mine], due_weekdays.weight[mine]
    counted = paid | (late >= FIRST_DAY)
    left, unpaid = 1.0, np.empty(len(DAYS))
    for place, day in enumerate(DAYS):
        before = prior[place:].sum() + law[-1]
        late_here = np.clip(late, FIRST_DAY, LAST_DAY)
        happened = weight[counted & paid & (late_here == day) & (late <= LAST_DAY)].sum()
        at_risk = weight[counted & (late_here >= day)].sum()
        weighs = 10 * np.sqrt(before)
        left *= 1 - (happened + weighs * prior[place] / before) / (at_risk + weighs)
        unpaid[place] = left
    return unpaid


def test_laws_are_their_formula_worked_out_a_day_at_a_time(laws):
    assert laws.calendar.weekends_closed
    customer, due_weekday = np.divmod(np.arange(7 * len(laws.customers)), 7)
    found = laws.due_weekdays.unpaid_by(customer, due_weekday)
    expected = [by_formula(laws, *each) for each in zip(customer, due_weekday, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_steps_are_the_laws_on_the_days_anything_is_paid(laws):
    """To the bit, whoever is asked about beside; before the first of these days nothing is paid."""
    due_weekdays, some = laws.due_weekdays, np.arange(0, len(laws.customers), 3)
    assert 0 < len(due_weekdays.paying) < len(DAYS)
    for day in range(7):
        steps = due_weekdays.steps(some, day)
        assert (steps[:, 0] == 1).all()
        unpaid = due_weekdays.unpaid_by(np.arange(len(laws.customers)), np.full(len(laws.customers), day))
        assert np.array_equal(steps[:, due_weekdays.passed], unpaid[some])
        changes = np.diff(unpaid, axis=1, prepend=1.0).any(axis=0)
        assert np.isin(np.flatnonzero(changes), due_weekdays.paying).all()


def test_where_every_day_is_open_one_law_stands_for_all_weekdays():
    laws = payment_laws(from_frame(random_invoices(4)), DAY)
    who = np.arange(len(laws.customers))
    assert not laws.calendar.weekends_closed
    for day in (0, 6):
        assert np.array_equal(laws.due_weekdays.steps(who, day)[:, laws.due_weekdays.passed], laws.unpaid)


def test_laws_of_which_nothing_is_paid_within_the_grid_bring_nothing():
    """The only payments come two years after their due dates: no law expects any, and no cash is simulated."""
    late = random_invoices(5, invoices=20).assign(due_on=pd.Timestamp("2022-03-31"))
    invoices = late.assign(issued_on=pd.Timestamp("2022-03-01"), paid_on=pd.Timestamp("2025-09-30"))
    laws = payment_laws(from_frame(invoices), DAY)
    assert len(laws.due_weekdays.paying) == 0
    assert (laws.due_weekdays.unpaid_by(np.zeros(7, dtype=int), np.arange(7)) == 1).all()
    base = prepare(from_frame(invoices), DAY)
    assert not base.opening.paid.any()

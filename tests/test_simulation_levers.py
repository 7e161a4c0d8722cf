"""Each lever of a policy, on ledgers in which everybody pays on the same day after the due date: all is known by hand.

One invoice of 100 a day, at 30 days, to customers who always pay the same days late, on any day of the week. So 30 and
the days late are the invoices open each evening, 3,000 where all pay on time; payments are the billing of as long ago.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, random_invoices

from arlib.ledger import balance
from arlib.simulation.base import prepare
from arlib.simulation.policies.policy import Policy
from arlib.simulation.simulate import simulate
from arlib.terms import NET_30, NET_45, NET_60, ON_RECEIPT, PaymentTerms
from arlib.terms.parts import Discount, Instalment
from arlib.terms.rule import DueRule

DAY = "2025-12-31"
SETTLED = 120  # from that day on nothing of the change from today's terms is left


def punctual(late=0, **amounts):
    """A ledger of an invoice a day for each customer, at 30 days, all paid the same days late."""
    issued = pd.date_range("2024-01-01", DAY)
    rows = [
        pd.DataFrame({"customer_id": name, "issued_on": issued, "amount": amount}) for name, amount in amounts.items()
    ]
    invoices = pd.concat(rows)
    due = invoices["issued_on"] + pd.Timedelta(days=30)
    paid = due + pd.Timedelta(days=late)
    customers = pd.DataFrame({"customer_id": list(amounts)})
    customers["segment"] = "s" + customers["customer_id"]
    customers["country"] = customers["customer_id"].map({"A": "FR", "B": "DE"})
    return from_frame(invoices.assign(due_on=due, paid_on=paid.where(paid <= DAY)), customers=customers)


@pytest.fixture(scope="module")
def on_time():
    return prepare(punctual(A=100.0), DAY)


@pytest.fixture(scope="module")
def ten_late():
    return prepare(punctual(late=10, A=100.0), DAY)


@pytest.fixture(scope="module")
def two():
    return prepare(punctual(A=100.0, B=1000.0), DAY)


def daily(base, policy, **options):
    simulation = simulate(base, [policy], **options)
    frame = simulation.daily[simulation.daily["policy"] == policy.name].reset_index(drop=True)
    assert_identities(base, simulation)
    return frame


def assert_identities(base, simulation):
    """On each day, what was owed and billed is what is owed, what was paid and what was granted; overdue is owed."""
    for _, frame in simulation.daily.groupby("policy"):
        known = balance(base.ledger, base.as_of) + frame["sales"].cumsum()
        told = frame["receivable"] + frame["cash"].cumsum() + frame["discounts"].cumsum()
        assert told.to_numpy() == pytest.approx(known.to_numpy(), abs=0.005)
        assert frame["receivable"].iloc[0] == pytest.approx(balance(base.ledger, base.as_of), abs=0.005)
        assert (frame["overdue"] <= frame["receivable"] - base.opening.unapplied + 0.005).all()
        assert frame["overdue"].min() > -0.005
        assert frame["cash"].min() > -0.005
        assert (frame["receivable_low"] <= frame["receivable"] + 1e-6).all()
        assert (frame["receivable_high"] >= frame["receivable"] - 1e-6).all()


def settled(frame, name):
    """The value of a column once nothing is left of the change, where it is the same each day."""
    values = frame[name].to_numpy()[SETTLED:]
    assert values == pytest.approx(values[0], abs=0.01)
    return values[0]


def curve(base, policy, **options):
    return simulate(base, [policy], **options).curves[1]


@pytest.mark.parametrize(
    ("policy", "owed", "received"),
    [
        (Policy("same", NET_30), 3000, 100),
        (Policy("60", NET_60), 6000, 100),
        # 30 % with the order, the rest at 30 days: 30 × 70
        (Policy("deposit", deposit_share=0.3), 2100, 100),
        (Policy("stop", credit_stop=True), 0, 100),
        # half of the billing is paid on the 10th day less 2 %: 10 × 50 + 30 × 50
        (Policy("discount", PaymentTerms.parse("2/10 net 30"), discount_adoption=0.5), 2000, 99),
        (Policy("all take it", PaymentTerms.parse("2/10 net 30"), discount_adoption=1.0), 1000, 98),
        # the deposit comes first, half of the rest takes the discount: 10 × 35 + 30 × 35
        (Policy("both", PaymentTerms.parse("2/10 net 30"), discount_adoption=0.5, deposit_share=0.3), 1400, 99.3),
        # 30 % at 30 days, the balance at 60: 30 × 30 + 60 × 70
        (Policy("parts", PaymentTerms(60, instalments=(Instalment(DueRule(30), share=0.3),))), 5100, 100),
        # 40 on receipt, the balance at 30 days: 30 × 60
        (Policy("amount", PaymentTerms(30, instalments=(Instalment(DueRule(0), amount=40.0),))), 1800, 100),
        # nothing is left for a balance
        (Policy("all", PaymentTerms(90, instalments=(Instalment(DueRule(15), amount=400.0),))), 1500, 100),
        (Policy("lost", lost_sales_share=0.2), 2400, 80),
        (Policy("nobody follows", NET_60, follow_share=0.0), 3000, 100),
        (Policy("half follow", NET_60, follow_share=0.5), 4500, 100),
        (Policy("debit", direct_debit_share=1.0), 3000, 100),
        (Policy("reminders", lateness_factor=0.5), 3000, 100),
        (
            Policy.together("lost and deposit", Policy("a", lost_sales_share=0.2), Policy("b", deposit_share=0.5)),
            1200,
            80,
        ),
        (Policy.together("the last one counts", Policy("a", NET_60), Policy("b", PaymentTerms(15))), 1500, 100),
    ],
    ids=lambda value: value.name if isinstance(value, Policy) else "",
)
def test_what_is_owed_where_all_pay_on_time(on_time, policy, owed, received):
    frame = daily(on_time, policy)
    assert settled(frame, "receivable") == pytest.approx(owed, abs=0.01)
    assert settled(frame, "cash") == pytest.approx(received, abs=0.01)
    late = frame["overdue"].abs().max()
    assert late == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(
    ("policy", "owed", "overdue"),
    [
        (Policy("same", NET_30), 4000, 900),  # nine are past due each evening: the tenth is paid that day
        (Policy("60", NET_60), 7000, 900),
        (Policy("earlier and not followed", PaymentTerms(15), follow_share=0.0), 4000, 2400),  # paid 25 days after due
        (Policy("later and not followed", NET_60, follow_share=0.0), 4000, 0),
        (Policy("debit", direct_debit_share=1.0), 3000, 0),
        (Policy("returned", direct_debit_share=1.0, returned_share=0.1), 3100, 90),
        (Policy("half by debit", direct_debit_share=0.5, returned_share=0.2), 3600, 540),
        (Policy("on time", lateness_factor=0.0), 3000, 0),
        (Policy("half as late", lateness_factor=0.5), 3500, 400),
        (Policy("twice as late", lateness_factor=2.0), 5000, 1900),
        (
            Policy("a quarter", lateness_factor=0.25),
            3250,
            150,
        ),  # 2.5 days: half of them on the 2nd day, half on the 3rd
        (Policy("deposit", deposit_share=0.5), 2000, 450),
        (Policy("discount", PaymentTerms.parse("2/10 net 30"), discount_adoption=0.5), 2500, 450),
        (Policy("stop", credit_stop=True, lateness_factor=2.0), 0, 0),
        (Policy("parts", PaymentTerms(30, instalments=(Instalment(DueRule(0), share=0.5),))), 2500, 900),
    ],
    ids=lambda value: value.name if isinstance(value, Policy) else "",
)
def test_what_is_owed_where_all_pay_ten_days_late(ten_late, policy, owed, overdue):
    frame = daily(ten_late, policy)
    assert settled(frame, "receivable") == pytest.approx(owed, abs=0.01)
    assert settled(frame, "overdue") == pytest.approx(overdue, abs=0.01)


def test_deposits_come_on_the_day_of_issue(on_time):
    """The first thirty days: 100 of what is open, and the deposit of what is sold that day."""
    frame = daily(on_time, Policy("x", deposit_share=0.3))
    assert frame["cash"].to_numpy()[1:31] == pytest.approx(130, abs=0.01)
    assert curve(on_time, Policy("x", deposit_share=0.3)).deposits[1:] == pytest.approx(30)


def test_a_discount_is_granted_when_it_is_taken(on_time):
    """What is sold on day 1 is paid on day 11: from then on 0.02 × 50 a day."""
    taken = Policy("x", PaymentTerms.parse("2/10 net 30"), discount_adoption=0.5)
    assert daily(on_time, taken)["discounts"].tolist() == pytest.approx([0.0] * 11 + [1.0] * 355)


def test_the_first_discount_is_the_one_taken(on_time):
    terms = PaymentTerms(60, discounts=(Discount(0.03, DueRule(8)), Discount(0.01, DueRule(30))))
    frame = daily(on_time, Policy("x", terms, discount_adoption=1.0))
    assert settled(frame, "receivable") == pytest.approx(800)
    assert settled(frame, "discounts") == pytest.approx(3)


def test_the_discount_is_taken_by_those_who_do(two):
    """B takes it for three quarters of its billing, A never: 30 × 100 + 10 × 750 + 30 × 250."""
    frame = daily(two, Policy("x", PaymentTerms.parse("2/10 net 30"), discount_adoption={"B": 0.75}))
    assert settled(frame, "receivable") == pytest.approx(18000, abs=0.01)
    assert settled(frame, "discounts") == pytest.approx(15)


def test_instalments_by_amount_owe_no_more_than_the_invoice(two):
    """400 on receipt and the rest at 30 days: nothing of A's 100 is left, 600 of B's."""
    frame = daily(two, Policy("x", PaymentTerms(30, instalments=(Instalment(DueRule(0), amount=400.0),))))
    assert settled(frame, "receivable") == pytest.approx(18000, abs=0.01)


@pytest.mark.parametrize(
    ("scope", "owed"),
    [
        ({}, 66000),
        ({"customers": ("B",)}, 63000),
        ({"segments": ("sA",)}, 36000),
        ({"countries": ("DE",)}, 63000),
        ({"customers": ("A",), "countries": ("DE",)}, 33000),
        ({"customers": ("A", "B"), "countries": ("DE",)}, 63000),
        ({"amount_from": 100.01}, 63000),
        ({"amount_from": 100.0}, 66000),
        ({"amount_below": 1000.0}, 36000),
        ({"customers": ("A",), "amount_from": 500.0}, 33000),
    ],
    ids=str,
)
def test_a_policy_is_for_those_in_its_scope(two, scope, owed):
    """60 days instead of 30 for A's 100 a day, B's 1,000, both or neither."""
    assert settled(daily(two, Policy("x", NET_60, **scope)), "receivable") == pytest.approx(owed, abs=0.02)


def test_parts_are_each_for_their_own(two):
    """A at 60 days, B with half of it paid with the order and lost sales of a tenth: 6,000 + 30 × 0.9 × 500."""
    both = Policy.together(
        "x",
        Policy("a", NET_60, customers=("A",)),
        Policy("b", deposit_share=0.5, lost_sales_share=0.1, amount_from=500.0),
    )
    frame = daily(two, both)
    assert settled(frame, "receivable") == pytest.approx(6000 + 13500, abs=0.02)
    assert settled(frame, "sales") == pytest.approx(1000)
    assert curve(two, both).lost[1:] == pytest.approx(100)


def test_a_policy_begins_on_its_first_day(on_time):
    """From day 60 on at 60 days: what is sold on the 59th is paid on the 89th, on the 60th on the 120th."""
    start = pd.Timestamp(DAY) + pd.Timedelta(days=60)
    frame = daily(on_time, Policy("x", NET_60, invoices_from=start))
    cash = np.full(366, 100.0)
    cash[0], cash[90:120] = 0.0, 0.0
    assert frame["cash"].to_numpy() == pytest.approx(cash, abs=0.01)


def test_reminders_reach_what_is_open_unless_they_are_for_new_invoices(ten_late):
    """Half as late. What is past due for 0 to 9 days would be paid in 10 to 1 days, and is in 5, 4.5, 4…

    So by day 5 all ten of these are paid, and on day 6 what is due on day 1 is, 5 days after.
    """
    whole = daily(ten_late, Policy("x", lateness_factor=0.5))
    assert whole["cash_cumulated"].iloc[5] == pytest.approx(1000, abs=0.01)
    assert whole["cash"].to_numpy()[6:] == pytest.approx(100, abs=0.01)
    new = daily(ten_late, Policy("x", lateness_factor=0.5, new_invoices_only=True))
    cash = np.full(366, 100.0)
    cash[0], cash[36:41] = 0.0, 200.0  # sold on day 1, due on day 31, paid on day 36 beside the last of what was open
    assert new["cash"].to_numpy() == pytest.approx(cash, abs=0.01)


@pytest.mark.parametrize("factor", [0.0, 0.3, 1.7, 3.0])
def test_nothing_of_what_is_open_is_paid_by_the_end_of_the_day_asked(ten_late, factor):
    frame = daily(ten_late, Policy("x", lateness_factor=factor))
    assert frame["cash_cumulated"].iloc[0] == 0


def test_lines_and_invoices_are_counted_once(on_time):
    parts = PaymentTerms(60, instalments=(Instalment(DueRule(30), share=0.3), Instalment(DueRule(45), share=0.3)))
    made = curve(on_time, Policy("x", parts, deposit_share=0.1, lost_sales_share=0.5))
    assert made.billed[1:] == pytest.approx(50)
    assert made.invoices[1:] == pytest.approx(0.5)
    assert made.lost[1:] == pytest.approx(50)
    issued = made.dues.issue <= 365
    assert made.dues.invoices[issued].sum() == pytest.approx(365 / 2)
    assert made.dues.amount[issued].sum() == pytest.approx(0.9 * 50 * 365)
    granted = {gap: made.dues.amount[issued & (made.dues.due - made.dues.issue == gap)].sum() for gap in (30, 45, 60)}
    assert list(granted.values()) == pytest.approx([0.9 * 50 * 365 * share for share in (0.3, 0.3, 0.4)])


def test_due_dates_of_some_replace_todays(two):
    made = curve(two, Policy("x", NET_60, customers=("B",)))
    issued = made.dues.issue <= 365
    gap = (made.dues.due - made.dues.issue)[issued]
    amount, invoices = made.dues.amount[issued], made.dues.invoices[issued]
    assert [amount[gap == days].sum() for days in (30, 60)] == pytest.approx([100 * 365, 1000 * 365])
    assert [invoices[gap == days].sum() for days in (30, 60)] == pytest.approx([365, 365])


def test_what_is_paid_with_the_order_is_never_lost():
    """Two in a hundred invoices are never paid. Who never pays honours no direct debit and takes no discount either."""
    base = prepare(from_frame(random_invoices(3)), DAY)
    today, *tried = simulate(
        base,
        [
            Policy("deposit", deposit_share=0.25),
            Policy("stop", credit_stop=True),
            Policy("debit", direct_debit_share=0.5, returned_share=0.4),
            Policy("discount", PaymentTerms.parse("2/10 net 30"), discount_adoption=0.6),
            Policy("sooner", ON_RECEIPT, faster_invoicing_days=20),
            Policy("lost", lost_sales_share=0.1),
        ],
    ).curves
    assert today.never.sum() > 0
    shares = [each.never.sum() / today.never.sum() for each in tried]
    assert shares == pytest.approx([0.75, 0.0, 1.0, 1.0, 1.0, 0.9])


TERMS = [
    None,
    ON_RECEIPT,
    NET_45,
    PaymentTerms.parse("45 days end of month"),
    PaymentTerms.parse("30 % on order, balance 60 days"),
]
DISCOUNTS = [PaymentTerms.parse("2/10 net 30"), PaymentTerms.parse("3/8 1/20 net 60")]
SHARES = st.sampled_from([0.0, 0.1, 0.37, 1.0])
LEVERS = st.fixed_dictionaries(
    {"terms": st.sampled_from(TERMS + DISCOUNTS)},
    optional={
        "customers": st.sampled_from([("C1",), ("C0", "C2", "C5")]),
        "amount_from": st.sampled_from([200.0, 900.0]),
        "amount_below": st.sampled_from([1500.0, 4000.0]),
        "follow_share": SHARES,
        "invoices_from": st.sampled_from([pd.Timestamp("2026-02-10"), pd.Timestamp("2026-05-01")]),
        "faster_invoicing_days": st.sampled_from([0, 7]),
        "discount_adoption": st.one_of(SHARES, st.dictionaries(st.sampled_from(["C1", "C2", "C3"]), SHARES)),
        "deposit_share": SHARES,
        "direct_debit_share": SHARES,
        "returned_share": SHARES,
        "lateness_factor": st.sampled_from([0.0, 0.5, 1.0, 2.3]),
        "new_invoices_only": st.booleans(),
        "credit_stop": st.booleans(),
        "lost_sales_share": SHARES,
    },
)


def policy_of(name, levers):
    if levers["terms"] not in DISCOUNTS:
        levers = {key: value for key, value in levers.items() if key != "discount_adoption"}
    return Policy(name, **levers)


@pytest.fixture(scope="module")
def varied():
    return prepare(from_frame(random_invoices(5)), DAY)


@settings(max_examples=60, deadline=None)
@given(st.lists(LEVERS, min_size=1, max_size=3), st.sampled_from([0.0, 0.07]))
def test_whatever_the_policy_what_is_owed_adds_up(varied, parts, growth):
    """And what is overdue is owed, no payment is taken back, and neutral levers are today's."""
    whole = Policy.together("x", *(policy_of(str(number), levers) for number, levers in enumerate(parts)))
    simulation = simulate(varied, [whole], sales_growth=growth)
    assert_identities(varied, simulation)
    if not whole.changes:
        today, tried = (frame.drop(columns="policy") for _, frame in simulation.daily.groupby("policy", sort=False))
        pd.testing.assert_frame_equal(today, tried.reset_index(drop=True), check_exact=True)
    for made in simulation.curves:
        assert min(made.variance.min(), made.never.min(), made.lost.min(), made.discounts.min()) > -1e-6

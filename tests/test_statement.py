"""The statement of account: by hand to the cent, ties to the balance on any day, nothing later known."""

import dataclasses

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import future_changed
from small import ledger_of, ledgers, of_items, scaled, shuffled

from arlib.collection.statement import statement
from arlib.errors import ArlibError
from arlib.ledger import balance, open_items

DAY = "2025-06-30"
# Line 2 is paid in part by line 4; line 5 is matched with nothing; line 7 comes after the day.
ACCOUNT = """
customer | kind        | issued     | due        | amount  | pays | disputed
A        | invoice     | 2024-05-02 | 2024-06-01 | 1000.10 |      |
A        | invoice     | 2025-03-01 | 2025-03-31 | 500.00  |      |
A        | payment     | 2024-06-05 |            | -700.10 | 1    |
A        | payment     | 2025-04-10 |            | -200.25 | 2    |
A        | payment     | 2025-05-15 |            | -50.00  |      |
A        | invoice     | 2025-06-01 | 2025-07-01 | 80.00   |      | x
A        | payment     | 2025-07-02 |            | -300.00 | 1    |
B        | invoice     | 2025-06-01 | 2025-07-01 | 9999.00 |      |
"""


def account(**options):
    return statement(ledger_of(ACCOUNT, covers=("2024-01-01", "2025-12-31")), "A", DAY, **options)


def test_by_hand():
    """Since 1 July 2024 (a year): 1,000.10 − 700.10 = 300.00 brought forward.

    1 March + 500.00 = 800.00; 10 April − 200.25 = 599.75; 15 May − 50.00 = 549.75; 1 June + 80.00 = 629.75.
    Open: 300.00 due 1 June 2024, 394 days late; 299.75 due 31 March 2025, 91 days late; 80.00 due tomorrow; less 50.
    """
    found = account()
    assert found.since == pd.Timestamp("2024-07-01")
    assert found.brought_forward == 300.00
    assert found.movements["balance"].tolist() == [800.00, 599.75, 549.75, 629.75]
    assert found.movements["debit"].sum() == 580.00
    assert found.movements["credit"].sum() == 250.25
    assert found.open_items["open_amount"].tolist() == [300.00, 299.75, 80.00]
    assert found.open_items["days_overdue"].tolist() == [394, 91, -1]
    assert found.unapplied["open_amount"].tolist() == [-50.00]
    aging = found.aging.set_index("bucket")["amount"]
    assert aging[aging != 0].to_dict() == {"not_due": 80.00, "91+": 599.75, "unapplied": -50.00}
    assert found.total == 629.75
    assert (found.overdue, found.disputed, found.credits) == (599.75, 80.00, 50.00)
    assert [note.key for note in found.notes] == ["statement.unapplied", "statement.disputed"]


def test_a_shorter_period_brings_more_forward():
    found = account(since="2025-05-01")
    assert found.brought_forward == 599.75
    assert found.movements["balance"].tolist() == [549.75, 629.75]


def test_a_period_before_the_ledger_begins_with_it_and_says_so():
    found = account(since="2020-01-01")
    assert found.since == pd.Timestamp("2024-01-01")
    assert (found.brought_forward, found.total) == (0.0, 629.75)
    assert [note.key for note in found.notes][:2] == ["statement.begins", "statement.nothing_before"]


def test_openings_are_brought_forward():
    """What the accounts open with on 1 January was owed on the eve; the invoice of that day is a movement."""
    opening = """
    customer | kind    | issued     | due        | amount | booked
    A        | opening | 2024-11-05 | 2024-12-05 | 120.00 | 2025-01-01
    A        | invoice | 2025-01-01 | 2025-01-31 | 30.00  | 2025-01-01
    """
    found = statement(ledger_of(opening, covers=("2025-01-01", "2025-12-31")), "A", "2025-03-31")
    assert found.brought_forward == 120.00
    assert found.movements["kind"].tolist() == ["invoice"]
    assert found.total == 150.00


def test_what_another_account_pays_is_a_movement():
    """The head office B pays 60 of 100 of its branch A: A owes 40, and B nothing."""
    items = pd.DataFrame(
        {
            "item_id": [1, 2],
            "customer_id": ["A", "B"],
            "kind": ["invoice", "payment"],
            "booked_on": pd.to_datetime(["2025-01-10", "2025-02-10"]),
            "issued_on": pd.to_datetime(["2025-01-10", "2025-02-10"]),
            "amount": [100.0, -60.0],
        }
    )
    matches = pd.DataFrame(
        {"debit_id": [1], "credit_id": [2], "amount": [60.0], "matched_on": ["2025-02-10"], "method": ["official"]}
    )
    ledger = of_items(items, matches, covers=("2025-01-01", "2025-03-31"))
    branch, office = statement(ledger, "A"), statement(ledger, "B")
    assert branch.movements[["kind", "balance"]].to_numpy().tolist() == [["invoice", 100.0], ["other_account", 40.0]]
    assert office.movements["balance"].tolist() == [-60.0, 0.0]
    assert (branch.total, office.total) == (40.0, 0.0)
    assert branch.movements["label"].tolist()[1] == "B"


def test_a_customer_nobody_knows_names_those_near():
    customers = pd.DataFrame({"customer_id": ["A"], "name": ["Boulangerie Hervé"]})
    ledger = ledger_of("customer|kind|issued|due|amount\nA|invoice|2025-01-01|2025-01-31|1")
    ledger = dataclasses.replace(ledger, customers=customers)
    with pytest.raises(ArlibError, match=r"A \(Boulangerie Hervé\)"):
        statement(ledger, "boulangerie herve")
    with pytest.raises(ArlibError, match="none of its 1 customer is near"):
        statement(ledger, "Zzz 42")
    with pytest.raises(ArlibError, match="none of its 1 customer is near"):
        statement(ledger, "")


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ArlibError, match="earlier first day"):
        account(since="2025-07-01")


def test_a_customer_without_a_movement():
    ledger = ledger_of(ACCOUNT, covers=("2024-01-01", "2025-12-31"))
    found = statement(ledger, "B", "2025-01-31")
    assert (found.total, found.brought_forward, len(found.movements), len(found.open_items)) == (0.0, 0.0, 0, 0)
    assert found.aging["amount"].eq(0).all()


@settings(max_examples=20, deadline=None)
@given(ledgers(), st.integers(0, 500), st.integers(0, 300))
def test_it_ties_on_any_day(ledger, after, before):
    day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=after)
    since = max(day - pd.Timedelta(days=before), pd.Timestamp("2022-01-01"))
    customers = sorted(ledger.customers["customer_id"])
    found = {name: statement(ledger, name, day, since=since) for name in customers}
    opened = open_items(ledger, day).groupby("customer_id")["open_amount"].sum()
    for name, each in found.items():
        last = each.movements["balance"].iloc[-1] if len(each.movements) else each.brought_forward
        parts = each.open_items["open_amount"].sum() + each.unapplied["open_amount"].sum()
        for total in (last, parts, each.aging["amount"].sum(), opened.get(name, 0.0)):
            assert total == pytest.approx(each.total, abs=0.004)
    assert sum(each.total for each in found.values()) == pytest.approx(balance(ledger, day), abs=0.004)


@settings(max_examples=20, deadline=None)
@given(ledgers(), st.integers(0, 450))
def test_nothing_later_is_known_and_the_order_of_rows_does_not_matter(ledger, after):
    day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=after)
    name = ledger.customers["customer_id"].iloc[0]
    found = statement(ledger, name, day)
    for other in (future_changed(ledger, str(day.date())), shuffled(ledger, 7)):
        same = statement(other, name, day)
        for frame in ("movements", "open_items", "unapplied", "aging"):
            pd.testing.assert_frame_equal(getattr(found, frame), getattr(same, frame), check_exact=True)
        assert (found.total, found.brought_forward) == (same.total, same.brought_forward)
    larger = statement(scaled(ledger, 4), name, day)
    assert larger.total == pytest.approx(4 * found.total, abs=0.02)

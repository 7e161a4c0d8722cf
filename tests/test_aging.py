"""The aged balance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, scaled, shuffled

from arlib import ArlibError, aged_balance, aged_balance_history, balance, open_items

DAYS = pd.date_range("2023-01-01", "2024-06-30", freq="29D")


@pytest.mark.parametrize(
    ("late", "bucket"),
    [
        *((-5, "not_due"), (0, "not_due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60")),
        *((61, "61-90"), (90, "61-90"), (91, "91+"), (4000, "91+")),
    ],
)
def test_bounds_are_inclusive_on_both_sides(late, bucket):
    """The bands of the French statutory table (handbook G11, traps 9 and 11)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-01-01 | 2024-01-31 | 100.00
        """
    )
    aged = aged_balance(ledger, pd.Timestamp("2024-01-31") + pd.Timedelta(days=late)).iloc[0]
    assert aged[bucket] == 100.0
    assert aged["total"] == 100.0
    assert aged[["not_due", "1-30", "31-60", "61-90", "91+"]].sum() == 100.0


INSTALMENTS = """
    customer | kind    | issued     | due        | amount
    A        | invoice | 2019-10-27 | 2019-11-26 | 27000.00
    A        | invoice | 2019-10-27 | 2019-12-26 | 27000.00
    A        | invoice | 2019-10-27 | 2020-01-25 | 36000.00
    """


def test_each_instalment_is_aged_from_its_own_due_date():
    """27,000 overdue by two days and 63,000 not due on 28 November; by issue, 90,000 of one age (handbook G4)."""
    ledger = ledger_of(INSTALMENTS)
    by_due = aged_balance(ledger, "2019-11-28").iloc[0]
    assert (by_due["1-30"], by_due["not_due"]) == (27000.0, 63000.0)
    by_issue = aged_balance(ledger, "2019-11-28", basis="issued").iloc[0]
    assert by_issue["31-60"] == 90000.0


def test_a_statement_of_a_past_day_by_the_months_of_issue():
    """149,000 = 100,000 + 50,000 - 1,000 unapplied at 2019-04-30, though matched in May (handbook G9)."""
    invoices = "\n".join("A | invoice | 2019-03-15 | 2019-03-15 | 10000.00 |" for _ in range(5))
    ledger = ledger_of(
        f"""customer | kind | issued | due | amount | pays
        {invoices}
        A | invoice | 2019-04-10 | 2019-04-10 | 100000.00 |
        A | payment | 2019-02-05 |            |  -1000.00 | 1
        A | payment | 2019-05-20 |            | -49000.00 | 1,2,3,4,5"""
    )
    aged = aged_balance(ledger, "2019-04-30", basis="issued", bounds=(30, 60)).iloc[0]
    # The payment of February was matched with an invoice of March: on 30 April it has reduced it.
    assert (aged["0-30"], aged["31-60"], aged["unapplied"], aged["total"]) == (100000.0, 49000.0, 0.0, 149000.0)


def test_missing_due_dates_and_unapplied_credits_have_columns_of_their_own():
    """Nothing is dropped and nothing is silently current (traps 10 and 12)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due | amount
        A        | invoice | 2024-01-01 |     | 100.00
        A        | payment | 2024-01-05 |     | -30.00
        """
    )
    aged = aged_balance(ledger, "2024-06-30").iloc[0]
    assert (aged["no_due_date"], aged["unapplied"], aged["total"]) == (100.0, -30.0, 70.0)
    assert aged[["not_due", "1-30", "31-60", "61-90", "91+"]].sum() == 0.0


@given(ledgers())
def test_parts_add_up_to_the_balance_and_to_what_is_open_of_each_bucket(ledger):
    history = aged_balance_history(ledger, DAYS)
    columns = ["not_due", "1-30", "31-60", "61-90", "91+", "no_due_date", "unapplied"]
    assert history["total"].tolist() == pytest.approx([balance(ledger, day) for day in DAYS], abs=0.01)
    for _, row in history.iloc[::4].iterrows():
        assert row[columns].tolist() == pytest.approx(_by_hand(ledger, row["as_of"]), abs=0.01)


def _by_hand(ledger, day):
    """The buckets of one day from the open items of that day, one at a time."""
    sums = dict.fromkeys(["not_due", "1-30", "31-60", "61-90", "91+", "no_due_date", "unapplied"], 0.0)
    for item in open_items(ledger, day).itertuples():
        late = item.days_overdue
        if item.open_amount < 0:
            name = "unapplied"
        elif np.isnan(late):
            name = "no_due_date"
        else:
            name = next(n for n, last in zip(sums, (0, 30, 60, 90, np.inf), strict=False) if late <= last)
        sums[name] += item.open_amount
    return list(sums.values())


@given(ledgers())
def test_groups_add_up_to_the_whole(ledger):
    whole = aged_balance_history(ledger, DAYS).set_index("as_of")
    parts = aged_balance_history(ledger, DAYS, by="customer_id").drop(columns="customer_id").groupby("as_of").sum()
    assert np.allclose(parts, whole, atol=0.02)


@given(ledgers(), st.integers(0, 9))
def test_order_future_and_scale(ledger, seed):
    day = "2023-09-30"
    aged = aged_balance(ledger, day)
    pd.testing.assert_frame_equal(aged_balance(shuffled(ledger, seed), day), aged)
    pd.testing.assert_frame_equal(aged_balance(known_by(ledger, day), day), aged)
    numbers = aged.select_dtypes("number")
    assert np.allclose(aged_balance(scaled(ledger, 7), day).select_dtypes("number"), numbers * 7, atol=0.01)


def test_groups_of_nothing_are_left_out_and_the_largest_comes_first():
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount  | pays
        A        | invoice | 2024-01-01 | 2024-01-31 |   10.00 |
        B        | invoice | 2024-01-01 | 2024-01-31 |   90.00 |
        C        | invoice | 2024-01-01 | 2024-01-31 |   50.00 |
        C        | payment | 2024-01-20 |            |  -50.00 | 3
        """
    )
    assert aged_balance(ledger)["customer_id"].tolist() == ["B", "A"]
    assert aged_balance(ledger)["name"].tolist() == ["Client B", "Client A"]


@pytest.mark.parametrize("bounds", [(), (30, 30), (0, 30), (60, 30)])
def test_bounds_that_do_not_increase_are_refused(bounds):
    with pytest.raises(ArlibError, match="increasing bounds"):
        aged_balance(ledger_of(INSTALMENTS), bounds=bounds)
    with pytest.raises(ArlibError, match="basis"):
        aged_balance(ledger_of(INSTALMENTS), basis="posted")


def test_custom_bounds_leave_nothing_out_and_the_last_one_is_open():
    """An item older than the last bound asked (trap 11)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2020-01-01 | 2020-01-31 | 100.00
        A        | invoice | 2024-01-01 | 2024-01-31 |  10.00
        """
    )
    aged = aged_balance(ledger, "2024-02-10", bounds=(15, 45)).iloc[0]
    assert aged[["not_due", "1-15", "16-45", "46+", "total"]].tolist() == [0.0, 10.0, 0.0, 100.0, 110.0]


@given(ledgers())
def test_the_ledger_is_not_written_and_no_date_is_no_row(ledger):
    before = ledger.items.copy(), ledger.matches.copy()
    aged_balance(ledger, "2023-12-31")
    assert aged_balance_history(ledger, []).empty
    pd.testing.assert_frame_equal(ledger.items, before[0])
    pd.testing.assert_frame_equal(ledger.matches, before[1])


def test_a_column_the_aged_balance_has_itself_is_no_group():
    with pytest.raises(ArlibError, match="cannot be grouped by total"):
        aged_balance(ledger_of(INSTALMENTS), by="total")

"""The ledger and what is open on a day."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, of_items, scaled, shuffled

from arlib import ArlibError, balance, open_items
from arlib.ledger import as_day, group_codes, movements


def test_an_invoice_paid_later_is_still_open_in_between():
    """An invoice of 30 April paid on 30 June is open on 31 May (handbook G2).

    customer | kind    | issued     | due        | amount  | pays
    A        | invoice | 2020-04-30 | 2020-05-30 | 1000.00 |
    A        | payment | 2020-06-30 |            | -1000.00| 1
    """
    ledger = ledger_of(test_an_invoice_paid_later_is_still_open_in_between.__doc__.split("\n\n")[1])
    assert open_items(ledger, "2020-05-31")["open_amount"].tolist() == [1000.0]
    assert open_items(ledger, "2020-05-31")["days_overdue"].tolist() == [1]
    assert open_items(ledger, "2020-05-31")["days_open"].tolist() == [31]
    assert open_items(ledger, "2020-06-30").empty
    assert open_items(ledger, "2020-04-29").empty


def test_the_date_of_the_payment_counts_not_the_date_of_its_matching():
    """Paid on 1 January, matched by a clerk later: open at 31 December, closed on 1 January (handbook G3)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount  | pays
        A        | invoice | 2016-12-30 | 2016-12-30 |  500.00 |
        A        | payment | 2017-01-01 |            | -500.00 | 1
        """
    )
    assert balance(ledger, "2016-12-31") == 500.0
    assert len(open_items(ledger, "2016-12-31")) == 1
    assert open_items(ledger, "2017-01-01").empty


def test_payments_before_and_after_the_invoice_leave_the_published_rest():
    """10,000 due 2017-02-28, paid 1,500, 1,000 and 2,000: 5,500 open, 35 days overdue on 2017-04-04 (handbook G1)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount   | pays
        A        | invoice | 2016-11-30 | 2017-02-28 | 10000.00 |
        A        | payment | 2016-11-09 |            | -1500.00 | 1
        A        | payment | 2016-11-30 |            | -1000.00 | 1
        A        | payment | 2017-01-30 |            | -2000.00 | 1
        """
    )
    opened = open_items(ledger, "2017-04-04").iloc[0]
    assert opened["open_amount"] == 5500.0
    assert opened["days_overdue"] == 35
    # Until the invoice is booked, the early payment is a credit nobody has applied.
    assert open_items(ledger, "2016-11-20")["open_amount"].tolist() == [-1500.0]


def test_a_credit_note_larger_than_what_remains_keeps_its_negative_rest():
    """100 invoiced, 60 paid, a credit note of 100: a line of -60 remains (handbook G6)."""
    ledger = ledger_of(
        """
        customer | kind        | issued     | due        | amount  | pays
        A        | invoice     | 2024-01-01 | 2024-01-31 |  100.00 |
        A        | payment     | 2024-02-01 |            |  -60.00 | 1
        A        | credit_note | 2024-02-10 |            | -100.00 | 1
        """
    )
    assert open_items(ledger, "2024-02-10")["open_amount"].tolist() == [-60.0]


@given(ledgers(), st.integers(0, 540))
def test_what_is_open_adds_up_to_the_balance_on_any_day(ledger, days):
    day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=days)
    assert open_items(ledger, day)["open_amount"].sum() == pytest.approx(balance(ledger, day), abs=0.005)


@given(ledgers(), st.integers(0, 540))
def test_the_future_never_changes_what_was_open(ledger, days):
    day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=days)
    pd.testing.assert_frame_equal(open_items(known_by(ledger, day), day), open_items(ledger, day))


@given(ledgers(), st.integers(0, 10))
def test_the_order_of_rows_never_matters(ledger, seed):
    other = open_items(shuffled(ledger, seed), "2023-12-31").sort_values("item_id", ignore_index=True)
    pd.testing.assert_frame_equal(other, open_items(ledger, "2023-12-31").sort_values("item_id", ignore_index=True))


@given(ledgers())
def test_amounts_scale_and_the_ledger_is_not_written(ledger):
    before = ledger.items.copy(), ledger.matches.copy()
    tenfold = open_items(scaled(ledger, 10), "2023-12-31")
    once = open_items(ledger, "2023-12-31")
    pd.testing.assert_series_equal(tenfold["open_amount"], (once["open_amount"] * 10).round(2))
    pd.testing.assert_frame_equal(ledger.items, before[0])
    pd.testing.assert_frame_equal(ledger.matches, before[1])


@given(ledgers(), st.integers(0, 540))
def test_portions_open_on_a_day_add_up_to_the_balance_and_all_of_them_to_the_items(ledger, days):
    day = pd.Timestamp("2023-01-01") + pd.Timedelta(days=days)
    moved = movements(ledger)
    until = (day - pd.Timestamp("1970-01-01")).days
    sides = (moved.debits, moved.credits)
    opened = [side.amount[(side.since <= until) & (until < side.until)].sum() for side in sides]
    assert sum(opened) == pytest.approx(balance(ledger, day), abs=0.005)
    amounts = sum(np.bincount(side.item, side.amount, len(ledger.items)) for side in sides)
    assert amounts == pytest.approx(ledger.items["amount"].to_numpy(), abs=0.005)
    assert all((np.diff(side.group) >= 0).all() for side in (moved.debits, moved.credits))


INVOICE_AND_PAYMENT = """
    customer | kind    | issued     | due        | amount  | pays
    A        | invoice | 2024-01-10 | 2024-02-09 |  100.00 |
    A        | payment | 2024-02-20 |            |  -60.00 | 1
    """


@pytest.mark.parametrize(
    ("table", "column", "value", "says"),
    [
        ("items", "item_id", [1, 1], "share their item_id"),
        ("items", "kind", ["invoice", "gift"], "unknown kind"),
        ("items", "booked_on", [pd.NaT, pd.Timestamp("2024-02-20")], "no booking date"),
        ("items", "amount", [100.0, float("nan")], "no amount"),
        ("items", "customer_id", ["A", "Z"], "not in the customers table"),
        ("matches", "credit_id", [9], "does not exist"),
        ("matches", "debit_id", [2], "do not join a debit and a credit"),
        ("matches", "method", ["guessed"], "unknown method"),
        ("matches", "matched_on", [pd.Timestamp("2024-02-19")], "before both their movements were booked"),
        ("matches", "amount", [60.01], "settled for more than their amount"),
    ],
)
def test_a_ledger_that_contradicts_itself_cannot_be_built(table, column, value, says):
    sound = ledger_of(INVOICE_AND_PAYMENT)
    frames = {"items": sound.items, "matches": sound.matches}
    frames[table] = frames[table].assign(**{column: value})
    with pytest.raises(ArlibError, match=says):
        type(sound)(**frames, customers=sound.customers, controls=sound.controls, currency="EUR", covers=sound.covers)


def test_the_day_asked_is_the_last_of_the_ledger_where_none_is_given():
    ledger = ledger_of(INVOICE_AND_PAYMENT)
    assert ledger.day() == pd.Timestamp("2024-02-20")
    assert balance(ledger) == 40.0


@pytest.mark.parametrize("text", ["31/02/2024", "05/04/2013", "soon", "", None])
def test_what_is_no_day_is_refused_in_a_sentence(text):
    with pytest.raises(ArlibError, match="is not a date"):
        as_day(text)


def test_groups_are_columns_of_items_or_customers():
    ledger = ledger_of(INVOICE_AND_PAYMENT)
    assert group_codes(ledger, "name")[1]["name"].tolist() == ["Client A"]
    assert group_codes(ledger, "kind")[1]["kind"].tolist() == ["invoice", "payment"]
    with pytest.raises(ArlibError, match="have a column"):
        group_codes(ledger, "colour")


def test_kept_columns_of_the_file_stay_on_the_items():
    sound = ledger_of(INVOICE_AND_PAYMENT)
    kept = of_items(sound.items.assign(Commercial=["Anne", "Paul"]), sound.matches)
    assert open_items(kept)["Commercial"].tolist() == ["Anne"]


def test_several_columns_group_together():
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        B        | invoice | 2024-01-01 | 2024-01-31 | 1.00
        A        | payment | 2024-01-02 |            | -2.00
        B        | payment | 2024-01-03 |            | -3.00
        A        | payment | 2024-01-04 |            | -4.00
        """
    )
    codes, groups = group_codes(ledger, ["kind", "customer_id"])
    assert groups.to_numpy().tolist() == [["invoice", "B"], ["payment", "A"], ["payment", "B"]]
    assert codes.tolist() == [0, 1, 2, 1]
    whole, one = group_codes(ledger, None)
    assert (whole.tolist(), one.shape) == ([0, 0, 0, 0], (1, 0))
    with pytest.raises(ArlibError, match="twice"):
        group_codes(ledger, ["kind", "kind"])

"""The aged balance."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import known_by, ledger_of, ledgers, of_items, sample_ledger, scaled, shuffled

from arlib import ArlibError, balance, open_items
from arlib.ledger import Ledger
from arlib.measures.aging import aged_balance, aged_balance_history

DAYS = pd.date_range("2023-01-01", "2024-06-30", freq="29D")
BUCKETS = ["not_due", "1-30", "31-60", "61-90", "91+"]


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


# ---- Section G of the handbook, and the traps that concern ageing ----


def test_a_paid_part_leaves_the_rest_in_the_bucket_of_its_due_date():
    """10,000 due 2017-02-28, 4,500 paid: 5,500, 35 days overdue, in 31-60 and not in the last bucket (handbook G1)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount   | pays
        A        | invoice | 2016-11-30 | 2017-02-28 | 10000.00 |
        A        | payment | 2016-11-09 |            | -1500.00 | 1
        A        | payment | 2016-11-30 |            | -1000.00 | 1
        A        | payment | 2017-01-30 |            | -2000.00 | 1
        """
    )
    aged = aged_balance(ledger, "2017-04-04").iloc[0]
    assert (aged["31-60"], aged["total"]) == (5500.0, 5500.0)


def test_what_is_paid_later_was_open_at_a_past_day():
    """Paid on 30 June, open at 31 May (handbook G2); paid on 1 January, open at 31 December (G3; traps 13 and 23)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount   | pays
        A        | invoice | 2020-04-30 | 2020-04-30 |  1000.00 |
        A        | payment | 2020-06-30 |            | -1000.00 | 1
        B        | invoice | 2016-12-30 | 2016-12-30 |   500.00 |
        B        | payment | 2017-01-01 |            |  -500.00 | 3
        """
    )
    assert aged_balance(ledger, "2020-05-31")[["customer_id", "31-60"]].to_numpy().tolist() == [["A", 1000.0]]
    assert aged_balance(ledger, "2016-12-31")[["customer_id", "1-30"]].to_numpy().tolist() == [["B", 500.0]]
    assert aged_balance(ledger, "2017-01-01").empty


PAID_INSTALMENTS = """
    customer | kind        | issued     | due        | amount  | pays
    A        | invoice     | 2024-01-01 | 2024-01-31 |   30.00 |
    A        | invoice     | 2024-01-01 | 2024-02-29 |   50.00 |
    A        | invoice     | 2024-01-01 | 2024-03-31 |   20.00 |
    A        | payment     | 2024-01-15 |            |  -40.00 | 1,2
    """


def test_a_row_an_instalment():
    """100 in 30/50/20, 40 paid on the oldest terms: nothing, 40 and 20 remain (handbook G5; trap 38)."""
    ledger = ledger_of(PAID_INSTALMENTS)
    ledger = of_items(ledger.items.assign(document_id="F1"), ledger.matches)
    aged = aged_balance(ledger, "2024-03-10", by=["document_id", "due_on"]).set_index(["document_id", "due_on"])
    assert aged["total"].to_dict() == {("F1", "2024-02-29"): 40.0, ("F1", "2024-03-31"): 20.0}
    assert (aged.loc[("F1", "2024-02-29"), "1-30"], aged.loc[("F1", "2024-03-31"), "not_due"]) == (40.0, 20.0)


def test_a_credit_note_larger_than_the_rest_stays_as_a_credit():
    """100 invoiced, 40 paid, a credit note of 100: a line of -40 (handbook G6; trap 14), no debt below zero."""
    ledger = ledger_of(f"{PAID_INSTALMENTS.rstrip()}\n    A | credit_note | 2024-02-01 | | -100.00 | 2,3")
    for net_credits in (False, True):
        aged = aged_balance(ledger, "2024-02-01", net_credits=net_credits).iloc[0]
        assert (aged["unapplied"], aged["total"], aged[BUCKETS].abs().sum()) == (-40.0, -40.0, 0.0)


def test_a_revaluation_is_owed_in_the_currency_of_the_accounts_alone():
    """100 USD at 0.90, revalued at 0.95: +5 in the company's currency, nothing in dollars (handbook G7; trap 16)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-12-01 | 2024-12-31 |  90.00
        A        | other   | 2024-12-31 | 2024-12-31 |   5.00
        """
    )
    ledger = of_items(ledger.items.assign(currency="USD", currency_amount=[100.0, 0.0]), ledger.matches)
    assert aged_balance(ledger, "2024-12-31").iloc[0][["not_due", "total"]].tolist() == [95.0, 95.0]
    dollars = aged_balance(ledger, "2024-12-31", by="currency", document_currency=True).iloc[0]
    assert dollars[["currency", "not_due", "total"]].tolist() == ["USD", 100.0, 100.0]


def test_a_match_made_in_may_leaves_the_statement_of_april_as_it_was():
    """100,000 of 1 month, 50,000 of 2, -1,000 unapplied: 149,000 at 2019-04-30 (handbook G9).

    Here the match itself is dated in May, as that software dates it; dated by the books, as above, the early payment
    has reduced an invoice of March. Both make 149,000.
    """
    invoices = "\n".join("A | invoice | 2019-03-15 | 2019-03-15 | 10000.00 |" for _ in range(5))
    ledger = ledger_of(
        f"""customer | kind | issued | due | amount | pays
        {invoices}
        A | invoice | 2019-04-10 | 2019-04-10 | 100000.00 |
        A | payment | 2019-02-05 |            |  -1000.00 | 1
        A | payment | 2019-05-20 |            | -49000.00 | 1,2,3,4,5"""
    )
    ledger = of_items(ledger.items, ledger.matches.assign(matched_on=pd.Timestamp("2019-05-20")))
    aged = aged_balance(ledger, "2019-04-30", basis="issued", bounds=(30, 60)).iloc[0]
    assert (aged["0-30"], aged["31-60"], aged["unapplied"], aged["total"]) == (100000.0, 50000.0, -1000.0, 149000.0)
    netted = aged_balance(ledger, "2019-04-30", basis="issued", bounds=(30, 60), net_credits=True).iloc[0]
    assert (netted["0-30"], netted["31-60"], netted["unapplied"]) == (100000.0, 49000.0, 0.0)
    assert balance(ledger, "2019-05-20") == 100000.0


def test_a_match_counts_from_the_later_of_its_accounting_dates():
    """Items of 15 December and 15 January matched with a payment of 10 February: open until then (handbook G12)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount  | pays
        A        | invoice | 2020-12-15 | 2020-12-15 |   60.00 |
        A        | invoice | 2021-01-15 | 2021-01-15 |   40.00 |
        A        | payment | 2021-02-10 |            | -100.00 | 1,2
        """
    )
    totals = aged_balance_history(ledger, ["2020-12-31", "2021-02-09", "2021-02-10"])["total"]
    assert totals.tolist() == [60.0, 100.0, 0.0]


def test_what_is_matched_before_it_is_booked_waits_for_the_books():
    """A payment of 25 January booked on 5 February settles nothing at 31 January (trap 13)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | booked     | due        | amount  | pays
        A        | invoice | 2024-01-01 | 2024-01-01 | 2024-01-10 |  100.00 |
        A        | payment | 2024-01-25 | 2024-02-05 |            | -100.00 | 1
        """
    )
    history = aged_balance_history(ledger, ["2024-01-31", "2024-02-05"])
    assert history[["1-30", "unapplied", "total"]].to_numpy().tolist() == [[100.0, 0.0, 100.0], [0.0, 0.0, 0.0]]


def test_a_cheque_dated_later_has_paid_nothing_yet():
    """A post-dated cheque is not deducted before its day, not even where credits are netted (trap 17)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount  | pays
        A        | invoice | 2024-01-01 | 2024-01-31 |  100.00 |
        A        | payment | 2024-03-15 |            | -100.00 | 1
        A        | invoice | 2024-04-01 | 2024-05-01 |   70.00 |
        """
    )
    aged = aged_balance(ledger, "2024-02-29", net_credits=True).iloc[0]
    assert aged[["1-30", "not_due", "unapplied", "total"]].tolist() == [100.0, 0.0, 0.0, 100.0]


def test_an_invoice_settled_by_a_bill_is_owed_until_the_bill_is_cashed():
    """The bill (account 413) takes the invoice's place and its own due date (trap 18)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount  | pays
        A        | invoice | 2024-01-01 | 2024-01-31 |  100.00 |
        A        | bill    | 2024-02-01 |            | -100.00 | 1
        A        | bill    | 2024-02-01 | 2024-03-31 |  100.00 |
        A        | payment | 2024-03-31 |            | -100.00 | 3
        """
    )
    history = aged_balance_history(ledger, ["2024-01-31", "2024-02-29", "2024-03-31"])
    assert history["not_due"].tolist() == [100.0, 100.0, 0.0]
    assert history["total"].tolist() == [100.0, 100.0, 0.0]


def test_a_transfer_to_doubtful_customers_is_neither_paid_nor_new():
    """411 to 416: by account the debt moves, its age and the total stay (trap 19)."""
    ledger = ledger_of(
        """
        customer | kind     | issued     | due        | amount  | pays
        A        | invoice  | 2024-01-01 | 2024-01-31 |  100.00 |
        A        | transfer | 2024-03-10 |            | -100.00 | 1
        A        | transfer | 2024-03-10 | 2024-01-31 |  100.00 |
        """
    )
    ledger = of_items(ledger.items.assign(account=["411000", "411000", "416000"]), ledger.matches)
    before, after = (aged_balance(ledger, day, by="account") for day in ("2024-03-09", "2024-03-10"))
    assert before[["account", "31-60"]].to_numpy().tolist() == [["411000", 100.0]]
    assert after[["account", "31-60"]].to_numpy().tolist() == [["416000", 100.0]]


def test_a_retention_guarantee_is_not_overdue_before_its_release():
    """Retention (4117) ages from its release where that is known; else it has no date to age from (trap 21)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2023-01-01 | 2024-01-01 |  50.00
        A        | invoice | 2023-01-01 |            |  30.00
        """
    )
    history = aged_balance_history(ledger, ["2023-12-31", "2024-01-02"])
    assert history[["not_due", "1-30", "no_due_date"]].to_numpy().tolist() == [[50.0, 0.0, 30.0], [0.0, 50.0, 30.0]]


def test_a_refund_of_a_credit_note_leaves_nothing_open():
    """A payment on a credit note counts on what it pays back, and is no debt of its own (trap 15)."""
    ledger = ledger_of(
        """
        customer | kind        | issued     | due | amount | pays
        A        | payment     | 2024-02-01 |     |  40.00 |
        A        | credit_note | 2024-01-10 |     | -40.00 | 1
        """
    )
    history = aged_balance_history(ledger, ["2024-01-31", "2024-02-01"])
    assert history[["unapplied", "total"]].to_numpy().tolist() == [[-40.0, -40.0], [0.0, 0.0]]


def test_an_invoice_of_ten_days_not_due_yet_is_not_due():
    """Current means not due, never young (trap 8), and has its own column (handbook G10, trap 10)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-01-01 | 2024-03-31 | 100.00
        A        | invoice | 2024-01-21 | 2024-01-21 |  10.00
        """
    )
    assert aged_balance(ledger, "2024-01-31").iloc[0][BUCKETS].tolist() == [100.0, 10.0, 0.0, 0.0, 0.0]


# ---- How the balance is shown ----


def test_credits_pay_the_oldest_debts_of_their_customer():
    """A's 50 pay the 30 of 91+ and 20 of 1-30; B, who has no debt, keeps its credit; the total is the same."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-01-01 | 2024-01-31 |  30.00
        A        | invoice | 2024-05-01 | 2024-06-01 |  60.00
        A        | invoice | 2024-06-01 | 2024-07-31 |  80.00
        A        | payment | 2024-06-15 |            | -50.00
        B        | payment | 2024-06-15 |            | -20.00
        """
    )
    asked = ["not_due", "1-30", "91+", "unapplied", "total"]
    whole = aged_balance_history(ledger, ["2024-06-30"], net_credits=True)[asked].iloc[0].tolist()
    assert whole == [80.0, 40.0, 0.0, -20.0, 100.0]
    by_customer = aged_balance(ledger, "2024-06-30", net_credits=True)[asked].to_numpy().tolist()
    assert by_customer == [[80.0, 40.0, 0.0, 0.0, 120.0], [0.0, 0.0, 0.0, -20.0, -20.0]]


def test_a_credit_of_another_company_or_currency_pays_nothing():
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-01-01 | 2024-01-31 |  30.00
        A        | payment | 2024-01-15 |            | -30.00
        """
    )
    for apart in ({"entity": ["FR", "DE"]}, {"currency": ["EUR", "GBP"]}):
        other = of_items(ledger.items.assign(**apart), ledger.matches)
        assert aged_balance(other, net_credits=True).iloc[0][["not_due", "unapplied"]].tolist() == [30.0, -30.0]


TAXED = """
    customer | kind        | issued     | due        | amount  | pays
    A        | invoice     | 2024-01-01 | 2024-01-31 |  120.00 |
    A        | invoice     | 2024-01-01 | 2024-03-31 |   55.00 |
    B        | invoice     | 2024-01-01 | 2024-01-31 |   80.00 |
    A        | payment     | 2024-01-20 |            |  -60.00 | 1
    B        | credit_note | 2024-01-20 |            |  -24.00 |
    """


def taxed():
    """120 with 20 of tax, half paid; 55 with 5; 80 of no known tax; a credit note of 24 with 4."""
    ledger = ledger_of(TAXED)
    nets = [100.0, 50.0, np.nan, np.nan, -20.0]
    return of_items(ledger.items.assign(net_amount=nets), ledger.matches)


def test_net_of_tax_each_item_leaves_its_own_tax():
    """A: 60 of 120 left are 50 and 10 of tax, 55 are 50 and 5 (trap 1); B: 80 stay, the credit note is 20 and 4."""
    aged = aged_balance(taxed(), "2024-02-10", net_of_tax=True).set_index("customer_id")
    asked = ["not_due", "1-30", "unapplied", "tax", "total", "tax_unknown"]
    assert aged.loc["A", asked].tolist() == [50.0, 50.0, 0.0, 15.0, 115.0, 0.0]
    assert aged.loc["B", asked].tolist() == [0.0, 80.0, -20.0, -4.0, 56.0, 80.0]


def test_net_of_tax_credits_pay_debts_tax_included():
    """B's credit note of 24 pays 24 of 80, whose tax is unknown: 56 remain, none of it tax."""
    aged = aged_balance(taxed(), "2024-02-10", net_of_tax=True, net_credits=True).set_index("customer_id")
    assert aged.loc["B", ["1-30", "unapplied", "tax", "total", "tax_unknown"]].tolist() == [56.0, 0.0, 0.0, 56.0, 56.0]


@pytest.mark.parametrize("net", [-100.0, 120.01, np.nan])
def test_a_net_amount_that_cannot_be_is_no_tax(net):
    """Of the other sign, or above the amount: the item stays as it is, and is told."""
    ledger = ledger_of(TAXED)
    ledger = of_items(ledger.items.iloc[:1].assign(net_amount=net), ledger.matches.iloc[:0])
    aged = aged_balance(ledger, net_of_tax=True).iloc[0]
    assert aged[["not_due", "tax", "total", "tax_unknown"]].tolist() == [120.0, 0.0, 120.0, 120.0]


def test_what_is_disputed_stands_apart_when_asked():
    """Out of its bucket, in the total; a credit is not set against it, and is never disputed itself (trap 32)."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | disputed
        A        | invoice | 2024-01-01 | 2024-01-31 |  30.00 | yes
        A        | invoice | 2024-01-01 |            |  20.00 | yes
        A        | invoice | 2024-01-01 | 2024-01-31 |   5.00 |
        A        | payment | 2024-01-15 |            |  -9.00 | yes
        """
    )
    asked = ["1-30", "no_due_date", "disputed", "unapplied", "total"]
    aged = aged_balance(ledger, "2024-02-10", disputed_apart=True)
    assert aged[asked].iloc[0].tolist() == [5.0, 0.0, 50.0, -9.0, 46.0]
    netted = aged_balance(ledger, "2024-02-10", disputed_apart=True, net_credits=True)
    assert netted[asked].iloc[0].tolist() == [0.0, 0.0, 50.0, -4.0, 46.0]
    assert "disputed" not in aged_balance(ledger)
    assert aged_balance(ledger, by="disputed")["disputed"].tolist() == ["True", "False"]


def test_amounts_in_the_currency_of_the_document():
    """100 USD at 0.90 with 40 USD paid at the same rate: 60 USD; what is in euros, or in no currency, as it is."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2024-01-01 | 2024-01-31 |  90.00 |
        A        | payment | 2024-01-10 |            | -36.00 | 1
        B        | invoice | 2024-01-01 | 2024-01-31 |  70.00 |
        C        | invoice | 2024-01-01 | 2024-01-31 |  10.00 |
        """
    )
    currencies = {"currency": ["USD", "USD", "EUR", None], "currency_amount": [100.0, -40.0, np.nan, np.nan]}
    ledger = of_items(ledger.items.assign(**currencies), ledger.matches)
    asked = {"by": ["currency", "customer_id"], "document_currency": True}
    aged = aged_balance(ledger, "2024-02-10", **asked)
    shown = aged[["currency", "customer_id", "name", "1-30", "total"]].to_numpy().tolist()
    expected = [["EUR", "B", "Client B", 70.0, 70.0], ["USD", "A", "Client A", 60.0, 60.0]]
    assert shown == [*expected, ["", "C", "Client C", 10.0, 10.0]]
    unknown = of_items(ledger.items.assign(currency_amount=np.nan), ledger.matches)
    with pytest.raises(ArlibError, match=r"not known: 2 \(first: item 1\)"):
        aged_balance(unknown, **asked)
    with pytest.raises(ArlibError, match='Put "currency" among'):
        aged_balance(ledger, document_currency=True)


@pytest.mark.parametrize("name", ["total", "as_of", "1-30", "91+", "unapplied", "no_due_date"])
def test_a_column_the_aged_balance_has_itself_is_no_group(name):
    ledger = ledger_of(INSTALMENTS)
    ledger = of_items(ledger.items.assign(**{name: "x"}), ledger.matches)
    for by in (name, ["customer_id", name]):
        with pytest.raises(ArlibError, match=f"cannot be grouped by {re.escape(name)}"):
            aged_balance(ledger, by=by)
    for taken, asked in (("tax", {"net_of_tax": True}), ("disputed", {"disputed_apart": True})):
        with pytest.raises(ArlibError, match=f"cannot be grouped by {taken}"):
            aged_balance(ledger, by=taken, **asked)


# ---- Whatever the ledger, the day and the choices ----

FLAGS = ("net_credits", "net_of_tax", "disputed_apart")
choices = st.fixed_dictionaries(dict.fromkeys(FLAGS, st.booleans()))


def enriched(ledger, seed):
    """The ledger with companies, currencies, disputes and taxes drawn by chance, some of them unknown."""
    rng = np.random.default_rng(seed)
    count = len(ledger.items)
    currency, rate = rng.choice(["EUR", "USD"], count), rng.uniform(0.5, 2, count)
    amount = ledger.items["amount"]
    drawn = {
        "entity": rng.choice(["FR", "DE"], count),
        "currency": currency,
        "currency_amount": amount * np.where(currency == "EUR", 1, rate),
        "disputed": rng.random(count) < 0.3,
        "net_amount": amount * rng.choice([1 / 1.2, 1 / 1.055, 1.0, np.nan], count),
    }
    return of_items(ledger.items.assign(**drawn), ledger.matches, covers=ledger.covers)


@given(ledgers(), st.integers(0, 99), choices, st.sampled_from([None, "customer_id", ["entity", "kind"]]))
def test_parts_add_up_to_the_balance_whatever_is_asked(ledger, seed, flags, by):
    ledger = enriched(ledger, seed)
    history = aged_balance_history(ledger, DAYS, by=by, **flags)
    numbers = history.select_dtypes("number").drop(columns="tax_unknown", errors="ignore")
    assert np.allclose(numbers.drop(columns="total").sum(axis=1), history["total"], atol=0.001)
    totals = history.groupby("as_of")["total"].sum()
    assert totals.tolist() == pytest.approx([balance(ledger, day) for day in DAYS], abs=0.005)


@given(ledgers(), st.integers(0, 99), choices, st.booleans())
def test_each_choice_is_what_item_by_item_would_give(ledger, seed, flags, document_currency):
    """An oracle in plain loops over the open items of a day; with both flags, tax is split by bucket, not by item."""
    ledger = enriched(ledger, seed)
    flags["net_of_tax"] &= not flags["net_credits"]
    day = DAYS[seed % len(DAYS)]
    aged = aged_balance_history(ledger, [day], by="currency", document_currency=document_currency, **flags)
    for _, row in aged.iterrows():
        expected = by_item(ledger, day, row["currency"], flags, document_currency=document_currency)
        assert row[list(expected)].astype(float).to_dict() == pytest.approx(expected, abs=0.02)


def by_item(ledger, day, currency, flags, *, document_currency):
    """The columns of one currency on a day, an item at a time."""
    parts = dict.fromkeys([*BUCKETS, "no_due_date", "disputed", "unapplied", "tax"], 0.0)
    opened = open_items(ledger, day)
    opened = opened[opened["currency"] == currency].sort_values("due_on", na_position="last")
    left = opened["open_amount"].to_numpy().copy()
    rows = list(opened.itertuples())
    apart = [row.disputed and flags["disputed_apart"] and row.open_amount > 0 for row in rows]
    for credit, paying in enumerate(rows) if flags["net_credits"] else ():
        for debt, paid in enumerate(rows):
            same = (paying.customer_id, paying.entity) == (paid.customer_id, paid.entity)
            if left[credit] < 0 < left[debt] and same and not apart[debt]:
                amount = min(left[debt], -left[credit])
                left[debt] -= amount
                left[credit] += amount
    for row, rest, disputed in zip(rows, left, apart, strict=True):
        late = row.days_overdue
        if row.open_amount < 0:
            name = "unapplied"
        elif disputed:
            name = "disputed"
        elif np.isnan(late):
            name = "no_due_date"
        else:
            name = next(n for n, last in zip(BUCKETS, (0, 30, 60, 90, np.inf), strict=True) if late <= last)
        amount = rest * row.currency_amount / row.amount if document_currency else rest
        tax = amount * (1 - row.net_amount / row.amount) if row.net_amount == row.net_amount else 0.0
        parts[name] += amount - (tax if flags["net_of_tax"] else 0.0)
        parts["tax"] += tax
    kept = {"disputed": flags["disputed_apart"], "tax": flags["net_of_tax"]}
    return {name: amount for name, amount in parts.items() if kept.get(name, True)}


@given(ledgers(), st.integers(0, 99), choices)
def test_one_day_and_many_days_give_the_same(ledger, seed, flags):
    """Few days and many are added up in two ways."""
    ledger = enriched(ledger, seed)
    many = aged_balance_history(ledger, DAYS, by="customer_id", **flags)
    alone = pd.concat([aged_balance_history(ledger, [day], by="customer_id", **flags) for day in DAYS[::5]])
    chosen = many[many["as_of"].isin(DAYS[::5])]
    pd.testing.assert_frame_equal(alone.reset_index(drop=True), chosen.reset_index(drop=True), atol=0.011)


@given(ledgers(), st.integers(0, 99), choices)
def test_future_order_and_scale_whatever_is_asked(ledger, seed, flags):
    ledger, day, by = enriched(ledger, seed), "2023-09-30", ["entity", "customer_id"]
    aged = aged_balance(ledger, day, by=by, **flags)
    pd.testing.assert_frame_equal(aged_balance(shuffled(ledger, seed), day, by=by, **flags), aged, atol=0.011)
    pd.testing.assert_frame_equal(aged_balance(known_by(ledger, day), day, by=by, **flags), aged, atol=0.011)
    thrice = scaled(ledger, 3)
    thrice = of_items(thrice.items.assign(net_amount=ledger.items["net_amount"] * 3), thrice.matches)
    numbers = aged.select_dtypes("number")
    assert np.allclose(aged_balance(thrice, day, by=by, **flags).select_dtypes("number"), numbers * 3, atol=0.06)


def test_bounds_and_dates_beyond_any_life_cost_nothing():
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-01-01 | 9999-12-31 |  10.00
        A        | invoice | 2024-01-01 | 1900-01-01 |   5.00
        """
    )
    aged = aged_balance(ledger, "2024-01-31", bounds=(30, 10**12)).iloc[0]
    assert aged[["not_due", "31-1000000000000", "total"]].tolist() == [10.0, 5.0, 15.0]


def test_a_ledger_without_items_owes_nothing():
    sound = ledger_of(INSTALMENTS)
    empty = Ledger(sound.items.iloc[:0], sound.matches, sound.customers, sound.controls.iloc[:0], "EUR", sound.covers)
    for net_credits in (False, True):
        assert aged_balance_history(empty, DAYS[:2], net_credits=net_credits)["total"].tolist() == [0.0, 0.0]
        assert aged_balance(empty, net_credits=net_credits).empty


def test_one_day_or_one_bound_is_a_list_of_one():
    negoce = sample_ledger("negoce")
    day = "2024-06-30"
    pd.testing.assert_frame_equal(aged_balance_history(negoce, day), aged_balance_history(negoce, [day]))
    stamp = pd.Timestamp(day)
    pd.testing.assert_frame_equal(aged_balance_history(negoce, stamp), aged_balance_history(negoce, [stamp]))
    pd.testing.assert_frame_equal(aged_balance(negoce, day, bounds=30), aged_balance(negoce, day, bounds=(30,)))
    assert list(aged_balance_history(negoce, day, bounds=30.0))[1:4] == ["not_due", "1-30", "31+"]


@pytest.mark.parametrize("bounds", [(30.5, 60), "30", None, (30, None), (30, float("nan")), ()])
def test_bounds_are_whole_numbers(bounds):
    with pytest.raises(ArlibError, match="whole numbers"):
        aged_balance(sample_ledger("negoce"), bounds=bounds)

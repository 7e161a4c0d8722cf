"""Days to pay and days late: published examples, hand counts, real files, and what every measure owes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_invoices import from_frame, from_text, future_changed, random_invoices
from small import known_by, ledger_of, ledgers, sample_ledger, scaled, shuffled

from arlib.errors import ArlibError
from arlib.ledger import open_items
from arlib.measures.delays import (
    days_late,
    days_to_pay,
    delay_history,
    delay_history_by_payment_month,
    delay_profile,
    payment_profile,
    payment_survival,
    selection_bias,
    settlements,
    weighted_terms,
)
from arlib.readers import read_ledger

IBM = "ibm_late_payment/WA_Fn-UseC_-Accounts-Receivable.csv"


def paid_in(days, amounts=None, *, terms=30):
    """Invoices of one day at the same terms, each paid so many days after it, all known a year later."""
    issued = pd.Timestamp("2024-01-01")
    invoices = {
        "customer_id": "A",
        "issued_on": issued,
        "due_on": issued + pd.Timedelta(days=terms),
        "amount": 100.0 if amounts is None else amounts,
        "paid_on": issued + pd.to_timedelta(np.array(days, dtype="float64"), unit="D"),
    }
    return from_frame(pd.DataFrame(invoices, index=range(len(days))))


def test_f1_amount_weighted_days_to_pay():
    """F1: 1,000 paid in 15 days, 3,000 in 30, 2,000 in 45: (15,000 + 90,000 + 90,000) / 6,000 = 32.5."""
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on
        A           2024-01-01 2024-01-31 1000   2024-01-16
        A           2024-01-01 2024-01-31 3000   2024-01-31
        A           2024-01-01 2024-01-31 2000   2024-02-15
        """)
    row = days_to_pay(ledger).iloc[0]
    assert row["weighted_days"] == pytest.approx(32.5)
    assert row["mean_days"] == pytest.approx(30)
    assert (row["paid"], row["paid_amount"]) == (3, 6000)


def test_f3_simple_mean():
    """F3: paid in 28, 22, 15, 35, 20 days: 24 on average. Sorted 15 20 22 28 35: half by 22, nine tenths by 35."""
    row = days_to_pay(paid_in([28, 22, 15, 35, 20])).iloc[0]
    assert row["mean_days"] == pytest.approx(24)
    assert (row["median_days"], row["p90_days"]) == (22, 35)


def test_f4_days_paid_are_terms_and_days_late():
    """F4: weighted terms 25 and days late 5 are days paid 30. Terms 20 and 30, late 2 and 8, equal amounts."""
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on
        A           2024-01-01 2024-01-21 500    2024-01-23
        A           2024-01-01 2024-01-31 500    2024-02-08
        """)
    row = weighted_terms(ledger).iloc[0]
    figures = row[["closed_terms", "closed_days_late", "closed_days_to_pay"]].tolist()
    assert figures == pytest.approx([25, 5, 30])
    assert days_late(ledger).loc[0, "weighted_days"] == pytest.approx(5)


def test_three_weighted_terms_are_three_numbers():
    """1,000 at 30 days paid; 1,000 at 60 of which 400 are paid; 500 at 90 credited; 200 without a due date.

    Issued: (30,000 + 60,000 + 45,000) / 2,500 = 54. Open: 600 at 60. Closed: 1,000 at 30, paid in 40: 10 late.
    """
    ledger = ledger_of(
        """
        customer | kind        | issued     | due        | amount | pays
        A        | invoice     | 2024-01-01 | 2024-01-31 | 1000   |
        A        | invoice     | 2024-01-01 | 2024-03-01 | 1000   |
        A        | invoice     | 2024-01-01 | 2024-03-31 | 500    |
        A        | invoice     | 2024-01-01 |            | 200    |
        A        | payment     | 2024-02-10 |            | -1400  | 1,2
        A        | credit_note | 2024-02-10 |            | -500   | 3
        """
    )
    row = weighted_terms(ledger).iloc[0]
    assert row[["issued_terms", "open_terms", "closed_terms"]].tolist() == pytest.approx([54, 60, 30])
    assert row[["issued_amount", "open_amount", "closed_amount"]].tolist() == pytest.approx([2500, 600, 1000])
    assert row[["closed_days_to_pay", "closed_days_late"]].tolist() == pytest.approx([40, 10])
    assert row[["issued", "open", "closed", "undated"]].tolist() == [3, 1, 1, 1]


def test_g3_a_payment_counts_on_its_own_date():
    """G3: invoice of 2016-12-30 paid 2017-01-01 and matched later in 2017: open at the year's end, paid in 2 days."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2016-12-30 | 2016-12-30 | 100    |
        A        | payment | 2017-01-01 |            | -100   | 1
        """
    )
    assert settlements(ledger, "2016-12-31")["state"].tolist() == ["open"]
    row = settlements(ledger, "2017-01-01").iloc[0]
    assert (row["state"], row["settled_on"], row["days_late"]) == ("paid", pd.Timestamp("2017-01-01"), 2)


HEAD = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|"
    "EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
)


def fec(year, *lines):
    """A FEC of one customer from `journal,number,day,account,debit,credit,letter,lettered on`."""
    rows = [HEAD]
    for line in lines:
        journal, entry, day, account, debit, credit, letter, lettered = line.split(",")
        who = "DUR|Durand" if account == "411" else "|"
        rows.append(
            f"{journal}|Journal|{entry}|{day}|{account}000|Compte|{who}|P{entry}|{day}|Ecriture|{debit}|{credit}"
            f"|{letter}|{lettered}|{day}||"
        )
    return (f"123456789FEC{year}1231.txt", "\n".join(rows).encode())


def test_traps_22_and_23_accounting_dates_and_one_letter_used_twice():
    """Trap 23: invoices of 15 and 20 January are settled by the payment of 10 February, in 26 and 21 days; the day
    their letters were given, 20 December (DateLet), is never used. Trap 22: the same letter A in the next year is
    another group, paid in 19 days.
    """
    first = fec(
        2021,
        *("VE,1,20210115,411,500,0,A,20211220", "VE,1,20210115,707,0,500,,"),
        *("VE,2,20210120,411,300,0,A,20211220", "VE,2,20210120,707,0,300,,"),
        *("BQ,3,20210210,512,800,0,,", "BQ,3,20210210,411,0,800,A,20211220"),
    )
    second = fec(
        2022,
        *("VE,1,20220301,411,250,0,A,20221220", "VE,1,20220301,707,0,250,,"),
        *("BQ,2,20220320,512,250,0,,", "BQ,2,20220320,411,0,250,A,20221220"),
    )
    paid = settlements(read_ledger([first, second]))
    assert paid["state"].tolist() == ["paid"] * 3
    assert paid["settled_on"].dt.strftime("%Y-%m-%d").tolist() == ["2021-02-10", "2021-02-10", "2022-03-20"]
    assert paid["days_to_pay"].tolist() == [26, 21, 19]


def test_g12_the_later_of_the_two_accounting_dates():
    """G12: invoices of 2020-12-15 and 2021-01-15 settled on 2021-02-10: in 57 and 26 days."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2020-12-15 | 2021-01-14 | 100    |
        A        | invoice | 2021-01-15 | 2021-02-14 | 200    |
        A        | payment | 2021-02-10 |            | -300   | 1,2
        """
    )
    assert settlements(ledger)["days_to_pay"].tolist() == [57, 26]
    assert settlements(ledger)["days_late"].tolist() == [27, -4]


def test_what_becomes_of_an_invoice_adds_up_to_it():
    """1,000 paid 300, credited 200, written off 100, moved to a bill 150, open 250; a deposit pays on booking."""
    ledger = ledger_of(
        """
        customer | kind        | issued     | due        | amount | pays
        A        | invoice     | 2024-01-01 | 2024-01-31 | 1000   |
        A        | payment     | 2024-02-10 |            | -300   | 1
        A        | credit_note | 2024-02-11 |            | -200   | 1
        A        | write_off   | 2024-02-12 |            | -100   | 1
        A        | transfer    | 2024-02-13 |            | -150   | 1
        A        | payment     | 2024-02-20 |            | -80    | 7
        A        | invoice     | 2024-03-01 | 2024-03-31 | 80     |
        """
    )
    pieces = settlements(ledger)
    first = pieces[pieces["item_id"] == 1].set_index("state")
    assert first["amount"].to_dict() == {"paid": 300, "credited": 200, "written_off": 100, "moved": 150, "open": 250}
    assert first["days_to_pay"].dropna().to_dict() == {"paid": 40}
    assert first.loc["open", "settled_on"] is pd.NaT
    assert pieces.loc[pieces["item_id"] == 7, "days_to_pay"].tolist() == [0]


def test_partial_payments_have_a_last_day_and_a_mean_day():
    """100 paid 25 after 10 days and 75 after 30: done after 30, on average after (250 + 2,250) / 100 = 25.

    Beside it 300 paid after 20: means (30 + 20) / 2 = 25 and 22.5; by amount (3,000 + 6,000) / 400 = 22.5, and
    (2,500 + 6,000) / 400 = 21.25. Counted by the euro and nothing open, Kaplan-Meier's mean is the last.
    """
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2024-01-01 | 2024-01-31 | 100    |
        A        | invoice | 2024-01-01 | 2024-01-31 | 300    |
        A        | payment | 2024-01-11 |            | -25    | 1
        A        | payment | 2024-01-21 |            | -300   | 2
        A        | payment | 2024-01-31 |            | -75    | 1
        """
    )
    row = days_to_pay(ledger).iloc[0]
    assert (row["mean_days"], row["weighted_days"]) == pytest.approx((25, 22.5))
    assert (row["mean_payment_days"], row["weighted_payment_days"]) == pytest.approx((22.5, 21.25))
    assert row["with_open_weighted_mean_days"] == pytest.approx(21.25)
    before = days_to_pay(ledger, "2024-01-30").iloc[0]
    assert (before["paid"], before["open"], before["open_amount"]) == (1, 1, 75)


def test_a_rounding_written_off_leaves_an_invoice_paid_and_a_loss_does_not():
    """999.50 of 1,000 paid and 0.50 written off is paid; 100 of 1,000 paid and 900 written off is not."""
    ledger = ledger_of(
        """
        customer | kind      | issued     | due        | amount | pays
        A        | invoice   | 2024-01-01 | 2024-01-31 | 1000   |
        B        | invoice   | 2024-01-01 | 2024-01-31 | 1000   |
        A        | payment   | 2024-02-10 |            | -999.5 | 1
        A        | write_off | 2024-03-10 |            | -0.5   | 1
        B        | payment   | 2024-02-10 |            | -100   | 2
        B        | write_off | 2024-03-10 |            | -900   | 2
        """
    )
    table = days_late(ledger, by="customer_id").set_index("customer_id")
    assert table["paid"].tolist() == [1, 0]
    assert table["written_off"].tolist() == [0, 1]
    assert table.loc["A", "mean_days"] == 10
    assert np.isnan(table.loc["B", "with_open_median_days"])


def test_signed_and_late_only_are_four_figures():
    """Paid -10, 0, 6 and 20 days from the due date, for 100, 100, 100 and 700.

    Signed: 16 / 4 = 4; by amount (-1,000 + 600 + 14,000) / 1,000 = 13.6. Early as 0: 6.5; 14.6. Late only: 13;
    (600 + 14,000) / 800 = 18.25. Late: 2 of 4, 800 of 1,000; on the due date is not late.
    """
    ledger = paid_in([20, 30, 36, 50], [100, 100, 100, 700])
    row = days_late(ledger).iloc[0]
    assert (row["mean_days"], row["weighted_days"]) == pytest.approx((4, 13.6))
    assert (row["mean_days_beyond_terms"], row["weighted_days_beyond_terms"]) == pytest.approx((6.5, 14.6))
    assert (row["mean_days_when_late"], row["weighted_days_when_late"]) == pytest.approx((13, 18.25))
    assert (row["late"], row["late_amount"]) == (2, 800)
    assert (row["late_share"], row["late_amount_share"]) == pytest.approx((0.5, 0.8))


def test_trap_34_paid_invoices_alone_mislead():
    """Trap 34. Four invoices on 2024-01-01 at 30 days: paid on time, 10 late, 20 late; one open, 335 days late.

    Unpaid: 3/4 from day 0, 1/2 from day 10, 1/4 from day 20. Paid ones alone: 30 / 3 = 10 on average, half by 10,
    nine tenths by 20. With the open one: half by 10, nine tenths never; the first 180 days of each: (0 + 10 + 20 +
    180) / 4 = 52.5.
    """
    ledger = paid_in([30, 40, 50, np.nan])
    row = days_late(ledger).iloc[0]
    assert (row["mean_days"], row["median_days"], row["p90_days"]) == (10, 10, 20)
    assert (row["paid"], row["open"], row["with_open_median_days"]) == (3, 1, 10)
    assert row["with_open_mean_days"] == pytest.approx(52.5)
    assert np.isnan(row["with_open_p90_days"])
    assert row["note"].key == "delays.note"
    assert "90th" in str(row["note"])
    assert "90e centile" in row["note"].text("fr")
    said = str(selection_bias(row))
    assert said.startswith("3 paid invoices: 10.0 days")
    assert "1 unpaid invoice counted as not yet paid: 52.5 days" in said


def test_the_mean_is_not_given_beyond_what_is_followed():
    """The same, asked 100 days after the due date: nothing says what happens until day 180; until day 90 it does.

    With a horizon of 90: (0 + 10 + 20 + 90) / 4 = 30.
    """
    ledger = paid_in([30, 40, 50, np.nan])
    day = pd.Timestamp("2024-01-31") + pd.Timedelta(days=100)
    row = days_late(ledger, day).iloc[0]
    assert np.isnan(row["with_open_mean_days"])
    assert "180 days" in str(row["note"])
    assert "have not been followed for 180 days" in str(selection_bias(row))
    assert days_late(ledger, day, horizon=90).loc[0, "with_open_mean_days"] == pytest.approx(30)
    with pytest.raises(ArlibError, match="0 days ahead"):
        days_late(ledger, horizon=0)


def test_nothing_known_is_nan_with_its_reason():
    ledger = paid_in([30, 40])
    row = days_to_pay(ledger, "2020-01-01").iloc[0]
    assert (row["paid"], row["open"]) == (0, 0)
    assert row[["mean_days", "median_days", "with_open_mean_days"]].isna().all()
    assert str(selection_bias(row)) == "no invoice with the date to count from."
    assert days_to_pay(ledger, "2020-01-01", by="customer_id").empty
    assert settlements(ledger, "2020-01-01").empty
    assert str(selection_bias(days_to_pay(ledger).iloc[0])).startswith("2 invoices, all paid: 35.0 days")


def test_invoices_without_a_due_date_are_counted():
    ledger = ledger_of(
        """
        customer | kind        | issued     | due        | amount | pays
        A        | invoice     | 2024-01-01 |            | 1000   |
        A        | invoice     | 2024-01-01 | 2024-01-31 | 1000   |
        A        | invoice     | 2024-01-01 | 2024-01-31 | 1000   |
        A        | payment     | 2024-02-10 |            | -1000  | 1
        A        | credit_note | 2024-02-10 |            | -1000  | 2
        A        | opening     | 2024-01-01 | 2024-01-31 | 1000   |
        """
    )
    late, to_pay = days_late(ledger).iloc[0], days_to_pay(ledger).iloc[0]
    assert late[["paid", "open", "credited", "undated"]].tolist() == [0, 1, 1, 1]
    assert to_pay[["paid", "open", "credited", "undated"]].tolist() == [1, 1, 1, 0]


def test_invoices_issued_since_a_day():
    ledger = from_text("""
        customer_id issued_on  due_on     amount paid_on
        A           2024-01-01 2024-01-31 1000   2024-01-16
        A           2024-02-01 2024-03-02 1000   2024-02-11
        """)
    assert days_to_pay(ledger, issued_since="2024-02-01").loc[0, "mean_days"] == 10
    assert days_to_pay(ledger, issued_since="2024-01-01").loc[0, "mean_days"] == 12.5


def test_a_column_of_the_table_is_no_group():
    ledger = from_frame(random_invoices(1).assign(paid="x"))
    with pytest.raises(ArlibError, match="paid"):
        days_to_pay(ledger, by="paid")


def test_the_ibm_list(shared_data):
    """Known of this file (its README, and a spreadsheet of it): 35.6 % late, 36.5 % by value, -30 to 45 days late."""
    ledger = read_ledger(shared_data / IBM)
    raw = pd.read_csv(shared_data / IBM)
    row = days_late(ledger, "2014-01-31").iloc[0]
    assert row["late_share"] == pytest.approx(0.356, abs=5e-4)
    assert row["late_amount_share"] == pytest.approx(0.365, abs=5e-4)
    assert row["mean_days_beyond_terms"] == pytest.approx(raw["DaysLate"].mean())
    assert row["late"] == (raw["DaysLate"] > 0).sum()
    pieces = settlements(ledger, "2014-01-31")
    assert (pieces["days_late"].min(), pieces["days_late"].max()) == (-30, 45)
    to_pay = days_to_pay(ledger, "2014-01-31").iloc[0]
    assert to_pay["mean_days"] == pytest.approx(raw["DaysToSettle"].mean())
    weighted = (raw["DaysToSettle"] * raw["InvoiceAmount"]).sum() / raw["InvoiceAmount"].sum()
    assert to_pay["weighted_days"] == pytest.approx(weighted)
    then = days_to_pay(ledger, "2012-12-31").iloc[0]
    assert (then["open"], then["open_amount"]) == (99, pytest.approx(5725.06))
    assert then["with_open_mean_days"] > then["mean_days"]
    assert weighted_terms(ledger).loc[0, "issued_terms"] == pytest.approx(30)


def test_a_list_without_invoice_dates_gives_days_late_and_no_days_to_pay(shared_data):
    """Read with each invoice from its due date: counted from there, days to pay would be days late renamed."""
    path = shared_data / "highradius/closed_customers_half1.csv"
    ledger, raw = read_ledger(path), pd.read_csv(path)
    to_pay, late = days_to_pay(ledger, "2020-06-30").iloc[0], days_late(ledger, "2020-06-30").iloc[0]
    assert (to_pay["paid"], to_pay["undated"]) == (0, 14130)
    assert np.isnan(to_pay["mean_days"])
    assert late["paid"] == 14130
    assert late["mean_days"] == pytest.approx(raw["days_late"].mean())
    assert weighted_terms(ledger).loc[0, "undated"] == 14130


DAYS = st.integers(0, 500).map(lambda days: pd.Timestamp("2023-01-01") + pd.Timedelta(days=days))
MEASURES = (days_to_pay, days_late, weighted_terms, settlements)


def grouped(measure, ledger, day):
    return measure(ledger, day) if measure is settlements else measure(ledger, day, by="customer_id")


@settings(max_examples=30)
@given(ledgers(), DAYS)
def test_pieces_add_up_to_the_invoices_and_open_ones_to_the_open_items(ledger, day):
    pieces = settlements(ledger, day)
    items = ledger.items[(ledger.items["kind"] == "invoice") & (ledger.items["booked_on"] <= day)]
    assert pieces["amount"].sum() == pytest.approx(items["amount"].sum(), abs=0.01)
    opened = open_items(ledger, day).query("kind == 'invoice'")["open_amount"].sum()
    assert pieces.loc[pieces["state"] == "open", "amount"].sum() == pytest.approx(opened, abs=0.01)
    assert (pieces["settled_on"].isna() == (pieces["state"] == "open")).all()


@settings(max_examples=30)
@given(ledgers(), DAYS)
def test_parts_add_up(ledger, day):
    for measure, names in (
        (days_to_pay, ["paid", "paid_amount", "open", "open_amount", "credited", "written_off", "undated"]),
        (days_late, ["paid", "paid_amount", "open", "open_amount", "credited", "undated", "late", "late_amount"]),
        (weighted_terms, ["issued_amount", "open_amount", "closed_amount", "issued", "open", "closed", "undated"]),
    ):
        whole, parts = measure(ledger, day).iloc[0], measure(ledger, day, by="customer_id")
        assert parts[names].sum().tolist() == pytest.approx(whole[names].tolist(), abs=0.01)
    parts = days_to_pay(ledger, day, by="customer_id").fillna(0.0)
    whole = days_to_pay(ledger, day).iloc[0]
    if whole["paid"]:
        assert (parts["mean_days"] * parts["paid"]).sum() / whole["paid"] == pytest.approx(whole["mean_days"])
    counts = days_late(ledger, day).iloc[0][["paid", "open", "written_off", "credited", "undated"]].sum()
    assert counts == ((ledger.items["kind"] == "invoice") & (ledger.items["booked_on"] <= day)).sum()


@given(ledgers(), DAYS)
def test_days_to_pay_are_terms_and_days_late_for_every_customer(ledger, day):
    """F4, the identity, whatever the ledger."""
    table = weighted_terms(ledger, day, by="customer_id")
    expected = table["closed_terms"] + table["closed_days_late"]
    assert table["closed_days_to_pay"].tolist() == pytest.approx(expected.tolist(), nan_ok=True)


@settings(max_examples=20)
@given(ledgers(), st.integers(0, 5))
def test_the_order_of_rows_never_matters(ledger, seed):
    other = shuffled(ledger, seed)
    for measure in MEASURES:
        keys = ["item_id", "settled_on", "amount", "state"] if measure is settlements else ["customer_id"]
        tables = (grouped(measure, each, ledger.covers[1]) for each in (ledger, other))
        pd.testing.assert_frame_equal(*(table.sort_values(keys, ignore_index=True) for table in tables))


@settings(max_examples=20)
@given(ledgers(), DAYS)
def test_the_future_never_changes_the_past_and_inputs_are_not_written(ledger, day):
    items, matches = ledger.items.copy(), ledger.matches.copy()
    known = known_by(ledger, day)
    for measure in MEASURES:
        ours = grouped(measure, ledger, day)
        if len(known.items):
            pd.testing.assert_frame_equal(ours, grouped(measure, known, day))
    pd.testing.assert_frame_equal(ledger.items, items)
    pd.testing.assert_frame_equal(ledger.matches, matches)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_future_of_nonsense_changes_nothing(measure):
    ledger = from_frame(random_invoices(5))
    day = "2025-03-31"
    pd.testing.assert_frame_equal(grouped(measure, ledger, day), grouped(measure, future_changed(ledger, day), day))


@settings(max_examples=30)
@given(ledgers(), st.sampled_from([2.0, 10.0]))
def test_amounts_scale_and_days_do_not(ledger, factor):
    other = scaled(ledger, factor)
    for measure in MEASURES:
        ours, others = (grouped(measure, each, ledger.covers[1]) for each in (ledger, other))
        for name in ours.select_dtypes("number"):
            times = factor if name == "amount" or name.endswith("_amount") else 1
            assert others[name].tolist() == pytest.approx((ours[name] * times).tolist(), nan_ok=True), name


@given(st.lists(st.integers(-30, 120), min_size=1, max_size=30), st.data())
def test_without_open_invoices_both_figures_agree(days, data):
    amounts = data.draw(st.lists(st.integers(1, 10**6), min_size=len(days), max_size=len(days)))
    ledger = paid_in([30 + day if day > -30 else 0 for day in days], np.array(amounts) / 100)
    for measure in (days_to_pay, days_late):
        row = measure(ledger).iloc[0]
        assert row["with_open_mean_days"] == pytest.approx(row["mean_days"])
        assert row["with_open_weighted_mean_days"] == pytest.approx(row["weighted_days"])
        assert (row["with_open_median_days"], row["with_open_p90_days"]) == (row["median_days"], row["p90_days"])


@given(st.lists(st.integers(0, 120), min_size=1, max_size=20), st.integers(0, 10))
def test_an_open_invoice_never_makes_the_mean_shorter(days, still_open):
    paid = days_to_pay(paid_in(days)).iloc[0]
    both = days_to_pay(paid_in([*days, *[np.nan] * still_open])).iloc[0]
    assert both["mean_days"] == pytest.approx(paid["mean_days"])
    assert both["with_open_mean_days"] >= paid["mean_days"] - 1e-9


SEEN = """
customer | kind    | issued     | due        | amount | pays
A        | invoice | 2024-01-01 | 2024-01-31 | 100    |
A        | invoice | 2024-02-01 | 2024-03-02 | 100    |
A        | payment | 2024-02-10 |            | -100   | 1
"""


@pytest.mark.parametrize("measure", [days_to_pay, days_late])
def test_nobody_has_seen_what_is_unpaid_after_the_last_day(measure):
    """A year after the ledger's end the open invoice was not seen unpaid for a year: the figures are those of the end.

    One is paid 10 days late; the other is 8 days late and open on 10 March.
    """
    ledger = ledger_of(SEEN, covers=("2024-01-01", "2024-03-10"))
    last, later = measure(ledger, "2024-03-10"), measure(ledger, "2025-03-10")
    pd.testing.assert_frame_equal(later.drop(columns="note"), last.drop(columns="note"))
    assert last["note"].iloc[0] is None
    assert later["note"].iloc[0].text("en") == "the ledger ends on 2024-03-10, and the figures are those of that day."
    assert "10/03/2024" in later["note"].iloc[0].text("fr")


def test_a_list_of_paid_invoices_speaks_until_its_last_payment_and_others_do_not():
    """Both paid after the last day covered: 10 and 38 days late. With a third open, nothing after that day counts."""
    paid = SEEN + "A | payment | 2024-04-09 | | -100 | 2\n"
    whole = days_late(ledger_of(paid, covers=("2024-01-01", "2024-02-01")), "2024-12-31").iloc[0]
    assert (whole["paid"], whole["mean_days"]) == (2, 24.0)
    held = paid + "A | invoice | 2024-01-02 | 2024-02-01 | 50 |\n"
    cut = days_late(ledger_of(held, covers=("2024-01-01", "2024-03-10")), "2024-12-31").iloc[0]
    assert (cut["paid"], cut["open"], cut["mean_days"]) == (1, 2, 10.0)


def test_every_table_of_delays_stops_with_the_ledger():
    ledger = sample_ledger("negoce")
    last, later = ledger.covers[1], ledger.covers[1] + pd.Timedelta(days=365)
    for measure in (settlements, weighted_terms, delay_history_by_payment_month, payment_profile, payment_survival):
        pd.testing.assert_frame_equal(measure(ledger, later), measure(ledger, last))
    for measure in (delay_history, delay_profile):
        told, known = measure(ledger, later), measure(ledger, last)
        pd.testing.assert_frame_equal(told.drop(columns="note"), known.drop(columns="note"))
        assert all("31/12/2025" in note.text("fr") for note in told["note"])

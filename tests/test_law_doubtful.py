"""The doubtful debts of a closing: H8 and H8b of the handbook, and the chain from the closing before, by hand."""

import numpy as np
import pandas as pd
import pytest
from small import known_by, ledger_of, shuffled
from test_risk_provisions import with_net
from test_risk_provisions_individual import doubtful, owing

from arlib.errors import ArlibError
from arlib.law.doubtful import doubtful_debts

LAST, CLOSING = "2023-12-31", "2024-12-31"


def test_h8_five_doubtful_customers():
    """H8 (Gualino): VAT 20 %; net bases and impairments."""
    lines = doubtful(customer_id=list("ABCDE"), rate=[0.60, 0.30, 0.70, 0.75, 0.85])
    told = doubtful_debts(owing(12_000, 9_000, 4_500, 8_400, 30_000), doubtful=lines, vat_rate=0.2).debts
    assert told["net"].tolist() == [10_000, 7_500, 3_750, 7_000, 25_000]
    assert told["impairment"].tolist() == [6_000, 2_250, 2_625, 5_250, 21_250]


def test_h8b_is_flawed():
    """H8b: 18,000 with tax at 20 % is 3,000; the page prints 7,500, which is 50 % of 15,000."""
    told = doubtful_debts(owing(18_000), doubtful=doubtful(customer_id=["A"], rate=[0.2]), vat_rate=0.2).debts
    assert told["impairment"].tolist() == [3_000]
    assert told["impairment"].tolist() != [7_500]
    half = doubtful_debts(owing(18_000), doubtful=doubtful(customer_id=["A"], rate=[0.5]), vat_rate=0.2).debts
    assert half["impairment"].tolist() == [7_500]


@pytest.fixture
def ledger():
    """Four debts of 2023, VAT 20 %. In 2024 A pays 3,000 of 12,000, B all of its debt; C and D pay nothing."""
    table = ledger_of(
        """
        customer | kind    | issued     | due        | amount | pays
        A        | invoice | 2023-03-01 | 2023-04-30 |  12000 |
        B        | invoice | 2023-03-01 | 2023-04-30 |   6000 |
        C        | invoice | 2023-03-01 | 2023-04-30 |   2400 |
        D        | invoice | 2024-03-01 | 2024-04-30 |   1200 |
        A        | payment | 2024-06-01 |            |  -3000 | 1
        B        | payment | 2024-06-01 |            |  -6000 | 2
        """,
        covers=("2023-01-01", "2025-06-30"),
    )
    return with_net(table, 1 / 1.2)


@pytest.fixture
def lines():
    """A: 40 % at the end of 2023, 75 % in 2024. B 50 %. C 30 % in 2023, nothing since. D 20 %, in 2024."""
    columns = ["customer_id", "rate", "reason", "known_on", "source"]
    rows = [
        ("A", 0.40, "Reorganisation", "2023-11-05", "BODACC"),
        ("A", 0.75, "Plan refused", "2024-10-02", "BODACC"),
        ("B", 0.50, "Bounced bill", "2023-10-01", "Bank"),
        ("C", 0.30, "Dispute in court", "2023-09-01", "Lawyer"),
        ("D", 0.20, "Bounced bill", "2024-09-01", None),
    ]
    return pd.DataFrame(rows, columns=columns)


def test_the_adjustment_from_the_closing_before(ledger, lines):
    """At the end of 2023: A 40 % of 10,000, B 50 % of 5,000, C 30 % of 2,000: 4,000, 2,500 and 600 in 491.

    At the end of 2024: A 75 % of 7,500 is 5,625, a charge of 1,625; B is paid, 2,500 released; C stays at
    600; D 20 % of 1,000, a charge of 200. 7,100 + 1,825 - 2,500 = 6,425.
    """
    before = doubtful_debts(ledger, LAST, doubtful=lines)
    assert before.debts["impairment"].tolist() == [4_000, 2_500, 600]
    assert before.debts["charge"].tolist() == [4_000, 2_500, 600]
    for told in (
        doubtful_debts(ledger, CLOSING, doubtful=lines, previous=before.debts),
        doubtful_debts(ledger, CLOSING, doubtful=lines, previous_closing=LAST),
    ):
        of = told.debts.set_index("customer_id")
        assert of["net"].to_dict() == {"A": 7_500, "C": 2_000, "D": 1_000, "B": 0}
        assert of["previous"].to_dict() == {"A": 4_000, "C": 600, "D": 0, "B": 2_500}
        assert of["charge"].to_dict() == {"A": 1_625, "C": 0, "D": 200, "B": 0}
        assert of["reversal"].to_dict() == {"A": 0, "C": 0, "D": 0, "B": 2_500}
        assert of.loc["A", ["reason", "source"]].tolist() == ["Plan refused", "BODACC"]
        assert of.loc["B", ["reference", "reason"]].tolist() == ["F2", "Bounced bill"]
        assert "7,100.00 before, charged 1,825.00, released 2,500.00, 6,425.00 now" in str(told.notes[0])
        assert "1 debt names no source" in str(told.notes[1])
        booked = told.entries.groupby("account")[["debit", "credit"]].sum()
        assert booked.loc[["68174", "78174"]].to_numpy().tolist() == [[1_825, 0], [0, 2_500]]
        assert told.entries["debit"].sum() == told.entries["credit"].sum()


def test_a_debt_listed_no_more_is_released_and_said_to_be_owed(ledger, lines):
    before = doubtful_debts(ledger, LAST, doubtful=lines).debts
    told = doubtful_debts(ledger, CLOSING, doubtful=lines[lines["customer_id"] != "C"], previous=before).debts
    released = told[told["item_id"].isna()].set_index("customer_id")
    assert released["reversal"].to_dict() == {"B": 2_500, "C": 600}
    assert "Owed still" in released.loc["C", "note"]
    assert "Nothing of it is owed" in released.loc["B", "note"]


def test_a_line_without_a_date_is_not_of_the_closing_before(ledger):
    """Else the first list would find its own amounts already there, and charge nothing."""
    told = doubtful_debts(ledger, CLOSING, doubtful=doubtful(customer_id=["A"], rate=[0.5]), previous_closing=LAST)
    assert told.debts[["previous", "charge"]].to_numpy().tolist() == [[0, 3_750]]
    assert "1 line without a date counts for this closing only" in str(told.notes[0])


def test_two_debts_under_one_reference_share_what_stood_there():
    """100 over nets of 100 and 200: 33.33 and 66.67."""
    ledger = ledger_of(
        "customer|kind|issued|due|amount\nA|invoice|2024-01-05|2024-02-04|100\nA|invoice|2024-01-05|2024-02-04|200",
        covers=("2024-01-01", CLOSING),
    )
    last = pd.DataFrame({"customer_id": ["A"], "reference": ["F"], "impairment": [100.0]})
    same = type(ledger)(
        ledger.items.assign(reference="F"), ledger.matches, ledger.customers, ledger.controls, "EUR", ledger.covers
    )
    lines = doubtful(customer_id=["A"], rate=[0.5])
    told = doubtful_debts(same, doubtful=lines, previous=last, vat_rate=0.0).debts
    assert told["previous"].tolist() == [33.33, 66.67]
    other = doubtful_debts(same, doubtful=lines, previous=last.assign(reference=np.nan), vat_rate=0.0).debts
    assert other["previous"].tolist() == [0, 0, 100]  # of no known reference: released, and charged anew


def test_what_cannot_be_is_refused(ledger, lines):
    last = pd.DataFrame({"customer_id": ["A"], "reference": ["F1"], "impairment": [1.0]})
    asked = (
        {"previous": last, "previous_closing": LAST},
        {"previous_closing": CLOSING},
        {"previous": last.drop(columns="impairment")},
        {"previous": last.assign(impairment="much")},
        {"previous": last, "doubtful": doubtful(customer_id=["A"], rate=[0.5], previous=[3.0])},
        {"doubtful": pd.concat([lines, lines])},
    )
    for wrong in asked:
        with pytest.raises(ArlibError):
            doubtful_debts(ledger, CLOSING, **({"doubtful": lines} | wrong))


def test_the_future_and_the_order_change_nothing(ledger, lines):
    told = doubtful_debts(ledger, "2024-05-31", doubtful=lines, previous_closing=LAST)
    assert told.debts["rate"].tolist() == [0.4, 0.5, 0.3]
    for same in (known_by(ledger, "2024-05-31"), shuffled(ledger, 4)):
        again = doubtful_debts(same, "2024-05-31", doubtful=lines, previous_closing=LAST)
        by = ["customer_id", "reference"]
        pd.testing.assert_frame_equal(
            again.debts.sort_values(by, ignore_index=True), told.debts.sort_values(by, ignore_index=True)
        )
    assert doubtful_debts(ledger, "2024-05-31").debts.empty

"""Findings and proof."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import ledger_of, ledgers, shuffled

from arlib import Ledger, check, proof, read_ledger
from arlib.checks.findings import COLUMNS

SOUND = """
    customer | kind    | issued     | due        | amount  | pays
    A        | invoice | 2024-01-10 | 2024-02-09 |  100.00 |
    A        | payment | 2024-02-20 |            | -100.00 | 1
    B        | invoice | 2024-02-10 | 2024-03-11 |   50.00 |
    """


@given(ledgers(), st.integers(0, 540))
def test_the_four_ways_to_the_balance_are_one_number_on_any_day(ledger, days):
    lines = proof(ledger, pd.Timestamp("2023-01-01") + pd.Timedelta(days=days))
    assert lines["line"].tolist() == ["accounts", "items", "open_items", "buckets"]
    assert lines["ties"].all()


def test_the_proof_fails_when_the_accounts_say_otherwise():
    sound = ledger_of(SOUND)
    controls = sound.controls.assign(amount=sound.controls["amount"] + 0.01)
    lines = proof(Ledger(sound.items, sound.matches, sound.customers, controls, "EUR", sound.covers))
    assert lines["ties"].tolist() == [True, False, False, False]
    assert lines["difference"].tolist() == [0.0, -0.03, -0.03, -0.03]


def test_nothing_is_found_in_a_sound_ledger():
    found = check(ledger_of(SOUND))
    assert found.empty
    assert tuple(found.columns) == COLUMNS


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        ("due_before_issue", "C | invoice | 2024-01-10 | 2024-01-09 | 70.00 |"),
        ("far_date", "C | invoice | 2004-01-10 | 2004-02-09 | 70.00 |"),
        ("far_date", "C | invoice | 2024-01-10 | 2042-02-09 | 70.00 |"),
        ("old_credit", "C | payment | 2023-01-10 | | -70.00 |"),
    ],
)
def test_each_wrong_row_is_found_and_no_other(key, lines):
    found = check(ledger_of(SOUND + lines))
    assert found["check"].tolist() == [key]
    row = found.iloc[0]
    assert (row["item_id"], row["customer_id"], abs(row["amount"])) == (4, "C", 70.0)
    assert check(ledger_of(SOUND + lines), language="fr")["meaning"].iloc[0] != row["meaning"]


def test_a_document_that_stands_twice_is_found_once():
    sound = ledger_of(SOUND)
    twice = pd.concat([sound.items, sound.items.iloc[[2]].assign(item_id=9)])
    found = check(Ledger(twice, sound.matches, sound.customers, sound.controls, "EUR", sound.covers))
    assert (found["check"].tolist(), found["item_id"].tolist()) == (["duplicate"], [9])


def test_an_open_letter_and_an_assumed_due_date_are_found_where_something_is_open():
    text = (
        "Client;Date;Type;Débit;Crédit;Lettrage\n"
        "A;01/01/2024;Facture;100;;AA\nA;02/01/2024;Règlement;;40;AA\n"
        "B;01/01/2024;Facture;30;;AB\nB;02/01/2024;Règlement;;30;AB\n"
        "C;01/01/2024;Facture;5;;\n"
    )
    found = check(read_ledger(("list.csv", text.encode())))
    by_check = found.groupby("check")["amount"].sum().to_dict()
    assert by_check == {"partial_matching": 60.0, "assumed_due_date": 65.0}


@given(ledgers(), st.integers(0, 9))
def test_findings_and_proof_do_not_depend_on_the_order_of_rows_and_write_nothing(ledger, seed):
    before = ledger.items.copy()
    other = shuffled(ledger, seed)
    pd.testing.assert_frame_equal(proof(other), proof(ledger))
    one, two = (check(each).sort_values(["check", "item_id"], ignore_index=True) for each in (ledger, other))
    pd.testing.assert_frame_equal(one, two)
    pd.testing.assert_frame_equal(ledger.items, before)


def test_findings_of_a_past_day_hold_nothing_booked_later():
    ledger = ledger_of(SOUND + "C | invoice | 2024-03-10 | 2024-03-09 | 70.00 |")
    assert check(ledger, "2024-03-09").empty
    assert check(ledger, "2024-03-10")["check"].tolist() == ["due_before_issue"]

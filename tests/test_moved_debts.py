"""Debts moved to 416, 413 or another customer are as old as what they were (traps 18 and 19), and are told.

The first cases are an audit's: F1 of 10 January 2025, 1,200 with tax at 20 %, due 9 February, moved to 416 on 1
December; F2 of 10 May, 600, accepted as a bill (413) on 20 November. By 31 December F1 is 325 days late, F2 205.
"""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fec import fec, said

from arlib import (
    aged_balance,
    days_to_pay,
    doubtful_debts,
    late_penalties,
    limitation_dates,
    open_items,
    payment_delay_table,
    proof,
    read_ledger,
    true_dso,
    vat_on_bad_debts,
)
from arlib.behaviour.evidence import payment_evidence
from arlib.ledger import known_by
from arlib.measures.delays import settlements

ALL = ("411", "413", "416")
CLOSING = "2025-12-31"


def sold(number, day, customer, piece, net, letter="", account="411000"):  # noqa: PLR0917 - a line of a book
    """An invoice with tax at 20 %."""
    tax = round(net * 0.2, 2)
    return (
        f"VE|{number}|{day}|{account}|{customer}|{piece}|{day}|{net + tax:.2f}||{letter}".replace(".", ","),
        f"VE|{number}|{day}|707000||{piece}|{day}||{net:.2f}|".replace(".", ","),
        f"VE|{number}|{day}|445710||{piece}|{day}||{tax:.2f}|".replace(".", ","),
    )


def moved(number, day, customer, piece, amount, letters=("", ""), accounts=("411000", "416000")):  # noqa: PLR0917
    """An entry that moves a debt; its letters on the account left, and on the one entered."""
    money = f"{amount:.2f}".replace(".", ",")
    return (
        f"OD|{number}|{day}|{accounts[1]}|{customer}|{piece}|{day}|{money}||{letters[1]}",
        f"OD|{number}|{day}|{accounts[0]}|{customer}|{piece}|{day}||{money}|{letters[0]}",
    )


def paid(number, day, customer, amount, letter="", account="411000"):  # noqa: PLR0917
    money = f"{amount:.2f}".replace(".", ",")
    return (
        f"BQ|{number}|{day}|{account}|{customer}|V{number}|{day}||{money}|{letter}",
        f"BQ|{number}|{day}|512000|||{day}|{money}||",
    )


END = ("OD|99|20251231|607000||||1,00||", "OD|99|20251231|401000|||||1,00|")
AUDIT = (
    *sold(1, "20250110", "C1", "F1", 1000.0, "AAA"),
    *moved(2, "20251201", "C1", "DOUT", 1200.0, ("AAA", "")),
    *sold(3, "20250510", "C2", "F2", 500.0, "AAB"),
    *moved(4, "20251120", "C2", "LCR", 600.0, ("AAB", ""), ("411000", "413000")),
    *sold(5, "20251215", "C2", "F3", 50.0),
    *END,
)


@pytest.fixture
def audit():
    return read_ledger(fec(*AUDIT), accounts=ALL)


def day(text):
    return pd.Timestamp(text)


def test_a_moved_debt_keeps_its_number_its_dates_and_its_tax(audit):
    opened = open_items(audit).set_index("reference")
    assert opened.loc["F1", ["kind", "account", "net_amount"]].tolist() == ["transfer", "416000", 1000.0]
    assert opened.loc["F1", ["issued_on", "due_on"]].tolist() == [day("2025-01-10"), day("2025-02-09")]
    assert opened["days_overdue"].to_dict() == {"F1": 325, "F2": 205, "F3": -14}
    assert opened["due_source"].tolist() == ["default"] * 3  # assumed of the invoice, it still is
    assert audit.items.set_index("item_id").loc[opened.loc["F1", "origin_id"], "kind"] == "invoice"
    assert "2 debts moved to another account (413, 416), 1,800.00 in all" in said(audit)
    assert proof(audit)["ties"].dropna().all()


def test_ages_limitation_vat_and_table_are_those_of_the_invoice(audit):
    assert aged_balance(audit).set_index("customer_id").loc["C1", "91+"] == 1200.0
    table = payment_delay_table(audit, CLOSING)
    of = table.invoices.set_index("reference")
    assert of.loc["F1", ["days_late", "band", "part", "terms"]].tolist() == [325, "91+", "A", "legal"]
    assert table.unpaid.set_index("band").loc["91+", ["number", "amount"]].tolist() == [2, 1800.0]
    assert table.late.set_index("band").loc["91+", ["number", "amount"]].tolist() == [2, 1800.0]
    ends = limitation_dates(audit).rows.set_index("reference")["limitation_on"]
    assert ends["F1"] == day("2030-02-09")
    evidence = pd.DataFrame({"customer_id": ["C1"], "document": ["judgment"], "dated_on": ["2025-11-15"]})
    vat = vat_on_bad_debts(audit, evidence=evidence).items.set_index("reference")
    assert vat.loc["F1", ["net", "vat"]].tolist() == [1000.0, 200.0]


def test_penalties_go_on_after_the_move(audit):
    told = late_penalties(audit)
    of = told.invoices.set_index("reference")
    assert of["days_late"].to_dict() == {"F1": 325, "F2": 205}
    assert of["open_amount"].to_dict() == {"F1": 1200.0, "F2": 600.0}
    assert of["indemnity"].tolist() == [40.0, 40.0]
    assert told.excluded.empty
    assert not any(note.key == "law.penalty.moved" for note in told.notes)


def test_it_is_not_paid_on_the_day_of_the_move(audit):
    assert settlements(audit)["state"].tolist() == ["open"] * 3
    stayed = read_ledger(fec(*STAYED))
    assert float(true_dso(audit)) == pytest.approx(float(true_dso(stayed)))
    pd.testing.assert_frame_equal(days_to_pay(audit), days_to_pay(stayed))
    evidence = payment_evidence(audit)
    assert (evidence.open.tolist(), sorted(evidence.days_late)) == ([True] * 3, [-14, 205, 325])


STAYED = (
    *sold(1, "20250110", "C1", "F1", 1000.0),
    *sold(3, "20250510", "C2", "F2", 500.0),
    *sold(5, "20251215", "C2", "F3", 50.0),
    *END,
)


def test_what_left_the_accounts_asked_for_is_said_and_how_to_read_it():
    ledger = read_ledger(fec(*AUDIT))
    for notes in (payment_delay_table(ledger, CLOSING).notes, limitation_dates(ledger).notes):
        (note,) = [str(note) for note in notes if note.key == "law.moved_out"]
        assert "1,800.00 left by" in note
        assert "413: 600.00, 416: 1,200.00" in note
        assert "accounts: 411, 413, 416" in note
    before = payment_delay_table(ledger, "2025-11-30")
    assert "413: 600.00)" in " ".join(str(note) for note in before.notes)
    assert not any(
        note.key == "law.moved_out" for note in limitation_dates(read_ledger(fec(*AUDIT), accounts=ALL)).notes
    )


LIST = pd.DataFrame({"customer_id": ["C1"], "rate": [0.6], "reason": ["Liquidation"], "known_on": ["2025-06-01"]})


@pytest.mark.parametrize("letters", [("AAA", ""), ("", "")])
def test_a_debt_moved_out_of_sight_keeps_what_stands_in_491(letters):
    """60 % of 1,000 at 30 September; on 1 December the debt goes to 416, which is not read: 600 stays."""
    lines = (*sold(1, "20250110", "C1", "F1", 1000.0, letters[0]), *moved(2, "20251201", "C1", "D", 1200.0, letters))
    ledger = read_ledger(fec(*lines, *sold(3, "20250110", "C2", "F2", 10.0, "B"), *END))
    told = doubtful_debts(ledger, CLOSING, doubtful=LIST, previous_closing="2025-09-30")
    assert told.debts[["previous", "impairment", "charge", "reversal"]].to_numpy().tolist() == [[600.0, 600.0, 0, 0]]
    assert told.entries.empty
    assert {"law.doubtful.moved_away", "law.moved_out"} <= {note.key for note in told.notes}
    again = doubtful_debts(ledger, CLOSING, doubtful=LIST, previous=told.debts)
    assert again.debts["impairment"].tolist() == [600.0]


def test_the_part_of_a_debt_that_was_moved_keeps_its_part_of_491():
    """900 of 1,200 moved: 450 of 600 is kept, and the 300 that are left have 150."""
    lines = (*sold(1, "20250110", "C1", "F1", 1000.0, "A"), *moved(2, "20251201", "C1", "F1", 900.0, ("A", "")))
    told = doubtful_debts(read_ledger(fec(*lines, *END)), doubtful=LIST, previous_closing="2025-09-30").debts
    assert told[["amount", "previous", "impairment", "reversal"]].to_numpy().tolist() == [
        [300.0, 150.0, 150.0, 0.0],
        [0.0, 450.0, 450.0, 0.0],
    ]


def test_what_the_last_list_moved_to_416_is_not_moved_again():
    """Either all its entries were posted or none: what carries 491 carries 416. A new debt is moved."""
    lines = (*sold(1, "20250110", "C1", "F1", 1000.0), *sold(2, "20251101", "C1", "F9", 100.0), *END)
    ledger = read_ledger(fec(*lines))
    first = doubtful_debts(ledger, "2025-09-30", doubtful=LIST)
    assert first.entries["account"].tolist() == ["416", "411", "68174", "491"]
    for past in ({"previous_closing": "2025-09-30"}, {"previous": first.debts}):
        told = doubtful_debts(ledger, CLOSING, doubtful=LIST, **past)
        assert told.debts.set_index("reference")["transfer"].to_dict() == {"F1": 0.0, "F9": 120.0}
        assert told.entries["reference"].unique().tolist() == ["F9"]
        assert "law.doubtful.not_moved" in [note.key for note in told.notes]
    bare = first.debts[["customer_id", "reference", "impairment"]]
    assert doubtful_debts(ledger, CLOSING, doubtful=LIST, previous=bare).debts["transfer"].tolist() == [0.0, 120.0]


def test_a_whole_balance_moved_without_letters_is_the_oldest_debts():
    """1,800 moved in one line: F1 of January and F2 of May, a row each; 700 received there pays F1 first."""
    lines = (
        *sold(1, "20250110", "C1", "F1", 1000.0),
        *sold(2, "20250510", "C1", "F2", 500.0),
        *sold(3, "20251210", "C1", "F3", 50.0),
        *sold(4, "20250110", "C2", "F4", 50.0, "Z"),
        *moved(5, "20251201", "C1", "SOLDE", 1800.0, ("", "B")),
        *paid(6, "20251220", "C1", 700.0, "B", "416000"),
        *END,
    )
    ledger = read_ledger(fec(*lines), accounts=ALL)
    opened = open_items(ledger, "2025-12-15").set_index("reference")
    assert opened["open_amount"].to_dict() == {"F3": 60.0, "F4": 60.0, "F1": 1200.0, "F2": 600.0}
    assert opened.loc["F2", ["due_on", "net_amount"]].tolist() == [day("2025-06-09"), 500.0]
    left = open_items(ledger).set_index("reference")["open_amount"].to_dict()
    assert left == {"F3": 60.0, "F4": 60.0, "F1": 500.0, "F2": 600.0}
    assert "They are taken to move the customer's oldest open debts" in said(ledger)
    assert proof(ledger)["ties"].dropna().all()


def test_a_part_keeps_its_share_of_the_tax_and_the_rest_stays():
    lines = (*sold(1, "20250110", "C1", "F1", 1000.0, "A"), *moved(2, "20251201", "C1", "F1", 300.0, ("A", "")))
    ledger = read_ledger(fec(*lines, *END), accounts=ALL)
    opened = open_items(ledger)
    assert opened[["open_amount", "days_overdue"]].to_numpy().tolist() == [[900.0, 325], [300.0, 325]]
    assert ledger.items.loc[ledger.items["kind"] == "transfer", "net_amount"].dropna().tolist() == [250.0]
    assert payment_delay_table(ledger, CLOSING).unpaid.set_index("band").loc["91+", "number"] == 1  # one invoice
    assert late_penalties(ledger).invoices[["open_amount", "indemnity"]].to_numpy().tolist() == [[1200.0, 40.0]]


def test_a_bill_that_goes_unpaid_to_416_and_back_is_still_the_invoice():
    lines = (
        *sold(1, "20250110", "C1", "F1", 1000.0, "A"),
        *moved(2, "20250201", "C1", "LCR", 1200.0, ("A", "B"), ("411000", "413000")),
        *moved(3, "20250401", "C1", "IMP", 1200.0, ("B", "C"), ("413000", "416000")),
        *moved(4, "20250501", "C1", "RET", 1200.0, ("C", "D"), ("416000", "411000")),
        *paid(5, "20250601", "C1", 1200.0, "D"),
        *END,
    )
    ledger = read_ledger(fec(*lines), accounts=ALL)
    for at in ("2025-01-31", "2025-02-28", "2025-04-15", "2025-05-15"):
        assert open_items(ledger, at)[["reference", "due_on"]].to_numpy().tolist() == [["F1", day("2025-02-09")]]
    assert settlements(ledger)[["state", "settled_on", "days_late"]].to_numpy().tolist() == [
        ["paid", day("2025-06-01"), 112]
    ]
    assert settlements(known_by(ledger, "2025-04-15"))["state"].tolist() == ["open"]
    assert settlements(ledger, "2025-04-15")["state"].tolist() == ["open"]


def test_a_bill_keeps_the_maturity_its_file_gives():
    """The bill of 20 November is due on 15 January: another promise, of the invoice of May."""
    name, content = fec(*AUDIT)
    head, *rows = content.decode().splitlines()
    dues = ["20260115" if "\t413000\t" in row else "20250609" if "\tF2\t" in row else "" for row in rows]
    dated = "\r\n".join([f"{head}\tDateEcheance", *map("\t".join, zip(rows, dues, strict=True))])
    ledger = read_ledger((name, dated.encode()), accounts=ALL)
    bill = open_items(ledger).set_index("reference").loc["F2"]
    assert bill[["kind", "due_on", "due_source"]].tolist() == ["bill", day("2026-01-15"), "file"]
    assert bill[["issued_on", "net_amount"]].tolist() == [day("2025-05-10"), 500.0]
    assert settlements(ledger).set_index("reference")["state"].to_dict() == {"F1": "open", "F2": "moved", "F3": "open"}


def test_a_debt_that_changes_customer_keeps_its_age():
    """Accounts of their own: 411DUR becomes 416DUR, another customer by its number."""
    lines = (*sold(1, "20250110", "", "F1", 1000.0, "A", "411DUR"), *sold(2, "20250310", "", "F2", 10.0, "", "411MAR"))
    lines += moved(3, "20251201", "", "F1", 1200.0, ("A", ""), ("411DUR", "416DUR"))
    opened = open_items(read_ledger(fec(*lines, *END), accounts=ALL)).set_index("customer_id")
    assert opened.loc["416DUR", ["reference", "days_overdue"]].tolist() == ["F1", 325]


def test_an_origin_nobody_knows_is_said():
    ledger = read_ledger(
        fec(*sold(1, "20250110", "C2", "F1", 1000.0, "A"), *moved(2, "20251201", "C1", "D", 50.0), *END), accounts=ALL
    )
    assert "1 debt moved to another account (416), 50.00 in all, whose invoice is not in this file" in said(ledger)
    assert open_items(ledger).set_index("kind").loc["transfer", "issued_on"].tolist()[0] == day("2025-12-01")


def test_an_advance_set_against_an_invoice_moves_no_debt():
    lines = (
        *sold(1, "20250110", "C1", "F1", 1000.0, "A"),
        "BQ|2|20250105|419100|C1|AC|20250105||1200,00|B",
        "BQ|2|20250105|512000|||20250105|1200,00||",
        *moved(3, "20250111", "C1", "F1", 1200.0, ("A", "B"), ("411000", "419100")),
        *END,
    )
    ledger = read_ledger(fec(*lines), accounts=("411", "4191"))
    assert open_items(ledger).empty
    assert "origin_id" not in ledger.items


def test_years_are_chained_before_debts_are_followed():
    first = fec(
        *sold(1, "20240110", "C1", "F1", 1000.0), "OD|9|20241231|607000||||1,00||", "OD|9|20241231|401000|||||1,00|"
    )
    second = fec(
        "AN|1|20250101|411000|C1|F1|20240110|1200,00||A",
        "AN|1|20250101|120000|||||1200,00|",
        *moved(2, "20251201", "C1", "F1", 1200.0, ("A", "")),
        *END,
    )
    ledger = read_ledger([first, ("123456789FEC20251231.txt", second[1])], accounts=ALL)
    assert open_items(ledger)[["kind", "days_overdue"]].to_numpy().tolist() == [["transfer", 691]]  # since 9 Feb. 2024


@st.composite
def debts(draw):
    """Invoices of two customers: what was paid before a move, whether it moves, and whether that is paid there."""
    rows = []
    for number in range(draw(st.integers(1, 6))):
        net = draw(st.integers(1, 400)) * 5.0
        before = draw(st.sampled_from([0.0, 0.25, 0.5, 1.0]))
        after = draw(st.sampled_from([0.0, 0.5, 1.0]))
        moves = draw(st.booleans()) and before < 1.0
        rows.append((f"C{draw(st.integers(1, 2))}", f"F{number}", draw(st.integers(1, 180)), net, before, after, moves))
    return rows


def books(rows, *, move):
    """The same invoices and payments in both books; in one, debts go to 416 in July, to be paid there in September."""
    lines, first = [], pd.Timestamp("2025-01-01")
    for number, (customer, piece, at, net, before, after, moves) in enumerate(rows):
        letter, there, gross = f"A{number}", f"D{number}", net * 1.2
        lines += sold(f"1{number}", f"{first + pd.Timedelta(days=at):%Y%m%d}", customer, piece, net, letter)
        early = round(gross * before, 2)
        rest = round(gross - early, 2)
        late = round(rest * after, 2)
        lines += paid(f"2{number}", "20250701", customer, early, letter) if early else ()
        lines += moved(f"3{number}", "20250715", customer, piece, rest, (letter, there)) if moves and move else ()
        where = (there, "416000") if moves and move else (letter, "411000")
        lines += paid(f"4{number}", "20250915", customer, late, *where) if late else ()
    return read_ledger(fec(*lines, *END), accounts=ALL)


def sorted_rows(frame, *columns):
    return frame[[*columns]].sort_values([*columns]).reset_index(drop=True).astype(object)


def sorted_evidence(ledger, at):
    told = payment_evidence(ledger, at)
    names = ("customer", "due", "days_late", "open_days_late", "paid", "open", "weight", "amount")
    return sorted_rows(pd.DataFrame({name: getattr(told, name) for name in names}), *names)


@settings(max_examples=15, deadline=None)
@given(debts(), st.sampled_from(["2025-07-14", "2025-07-20", "2025-09-20", CLOSING]))
def test_moving_a_debt_changes_nothing_of_it(rows, at):
    """Ages, penalties, the table, limitation, how long payments took and what a law is made of: all the same."""
    stayed, went = (books(rows, move=move) for move in (False, True))
    asked = (
        lambda each: sorted_rows(open_items(each, at), "reference", "issued_on", "due_on", "open_amount"),
        lambda each: aged_balance(each, at),
        lambda each: late_penalties(each, at).invoices.drop(columns="item_id"),
        lambda each: sorted_rows(limitation_dates(each, at).rows, "reference", "limitation_on", "open_amount"),
        lambda each: payment_delay_table(each, at).unpaid,
        lambda each: payment_delay_table(each, at).late,
        lambda each: sorted_rows(
            settlements(each, at).astype({"state": "str"}), "reference", "amount", "state", "settled_on"
        ),
        lambda each: days_to_pay(each, at),
        lambda each: sorted_evidence(each, at),
    )
    for of in asked:
        before, after = of(stayed), of(went)
        pd.testing.assert_frame_equal(before, after)
    assert proof(went, at)["ties"].dropna().all()

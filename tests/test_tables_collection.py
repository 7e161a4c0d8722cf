"""The tables of collection: what a person reads of worklists, plans of reminders, letters and matched receipts."""

import dataclasses
import re

import pandas as pd
import pytest
from small import ledger_of
from test_charts_collection import DAY, OWED, listed, matching
from test_letters import COMPANY, j9
from test_receipts import QUEMENIOU, VAUQUELAIN, bank, books
from test_tables import HOSTILE, Reader

from arlib.collection import compose_letters, dunning_plan, match_receipts
from arlib.ledger import balance, open_items
from arlib.show import tables
from arlib.words import LANGUAGES, label_keys, word

DISPUTED = """
customer | kind    | issued     | due        | amount | disputed
A        | invoice | 2025-05-01 | 2025-05-31 | 1000   |
B        | invoice | 2025-06-05 | 2025-07-05 | 2000   |
D        | invoice | 2025-05-01 | 2025-05-31 | 70     | x
"""


def plain(text):
    return re.sub(r"[\u00a0\u202f]", " ", text).replace("\u2060", "")


def read(html):
    seen = Reader(html)
    return [list(map(plain, row)) for row in seen.rows], plain(seen.text)


def planned():
    return dunning_plan(ledger_of(OWED, covers=("2025-01-01", DAY)), DAY)


def test_whom_to_contact_why_and_what_it_gains():
    """B for 172,000 euro-days × 10 % × 5 % ÷ 365 = 2.36, A for 90,000 × 25 % × 5 % ÷ 365 - 1 = 2.08, C for 0.62."""
    rows, text = read(tables.worklist_table(listed(), currency="EUR", rows=2))
    assert rows[0] == ["Rank", "Customer", "Channel", "To ask for", "Overdue", "Expected gain"]
    assert rows[1] == ["1", "Client B", "E-mail", "2,000.00", "0.00", "2.36"]
    assert rows[3] == ["2", "Client A", "Telephone", "1,000.00", "1,000.00", "2.08"]
    assert rows[4][0].startswith("1 invoice overdue for EUR 1,000.00, late by 30 days")
    assert rows[5] == ["", "1 other", "", "500.00", "500.00", "0.62"]
    assert rows[6] == ["", "Total", "", "3,500.00", "1,500.00", "5.05"]
    assert text.startswith("Whom to contact today, in the order of the expected gain (EUR). 3 customers to contact")


def test_the_telephone_is_a_column_where_it_is_known():
    found = listed()
    found = dataclasses.replace(found, contacts=found.contacts.assign(phone=["01 02", None, None]))
    rows, _ = read(tables.worklist_table(found, rows=2))
    assert rows[0][2:5] == ["Channel", "Telephone", "To ask for"]
    assert [rows[1][3], rows[3][3], rows[5][3]] == ["01 02", "–", ""]


def test_the_formula_opens_on_demand():
    html = tables.worklist_table(listed())
    folded = re.findall(r"<details><summary>How the gain is counted</summary>([^<]*)</details>", html)
    assert [plain(each).startswith("172,000.00 euro-days late expected in 90 days") for each in folded] == [
        True,
        False,
        False,
    ]


def test_queues_add_up_to_the_balance():
    rows, _ = read(tables.queues_table(listed(capacity=1), language="fr"))
    assert rows[1] == ["À contacter, dans la capacité ou au-delà", "3", "3", "3 500,00"]
    assert rows[-1] == ["Total", "", "3", "3 500,00"]
    assert balance(ledger_of(OWED, covers=("2025-01-01", DAY)), DAY) == 3500


def test_past_orders_beside_one_another():
    capture = pd.DataFrame({"rule": ["best", "worklist"], "share": [0.72, 0.643], "snapshots": 4, "customers": 866})
    rows, text = read(tables.worklist_capture_table(capture))
    assert rows[1:] == [["best possible", "72.0%"], ["this worklist", "64.3%"]]
    assert "at 4 past closings (866 customers in all)" in text


def test_letters_of_a_plan_with_their_reason():
    """A is 30 days overdue on a Monday: the first reminder was to go out 5 days after 31 May, a Thursday."""
    rows, text = read(tables.dunning_table(planned(), currency="EUR", rows=1))
    assert rows[0] == ["Day", "Customer", "Level", "Channel", "Items", "Asked for", "Still unpaid by then"]
    assert rows[1][1] in {"Client A", "Client B"}
    assert "first 1 of" in text


def test_levels_add_up_and_say_what_is_assumed():
    plan = planned()
    rows, text = read(tables.dunning_levels_table(plan))
    assert int(rows[-1][1]) == len(plan.actions)
    assert "10.0% of what would still be unpaid 14 days later" in text


def test_what_is_held_back_and_what_goes_out_are_all_that_is_open():
    """D's dispute of 70 is held back; B's notice before the due date goes out."""
    ledger = ledger_of(DISPUTED, covers=("2025-01-01", DAY))
    plan = dunning_plan(ledger, DAY)
    rows, _ = read(tables.dunning_stopped_table(plan))
    assert ["in dispute: settle it first", "1", "1", "70.00"] in rows
    out = plan.items.drop_duplicates("item_id")["open_amount"].sum()
    assert out + float(rows[-1][-1].replace(",", "")) == open_items(ledger, DAY)["open_amount"].sum() == 3070


def test_receipts_by_class_and_reason():
    """250.25 names its invoice, 433.67 is an item of the payer; 77.77 is nobody's; 761.69 in all."""
    rows, text = read(tables.matching_table(matching((77.77, "INCONNU", "RIEN"))))
    assert rows[0] == ["Class", "Reason", "Receipts", "Amount"]
    assert rows[1][0] == "matched by itself"
    assert rows[2][0] == ""
    assert {tuple(row[2:]) for row in rows[1:3]} == {("1", "250.25"), ("1", "433.67")}
    assert rows[3] == ["without a proposal", "No customer is recognised.", "1", "77.77"]
    assert rows[4] == ["Total", "", "3", "761.69"]
    assert text.startswith("Receipts by what becomes of them (EUR).")


def test_amounts_of_several_currencies_have_no_sum():
    rows, _ = read(tables.matching_table(matching((77.77, "INCONNU", "RIEN", "2025-03-10", "CHF"))))
    assert rows[0][2] == "Currency"
    assert rows[-1] == ["Total", "", "", "3", ""]


def test_a_proposal_says_why_and_what_the_bank_wrote():
    """1,000 of a payer that owes 871.90 twice: nothing fits."""
    found = match_receipts(books(), bank((1000.0, VAUQUELAIN, HOSTILE)))
    html = tables.proposals_table(found)
    rows, _ = read(html)
    assert "img" not in Reader(html).tags
    assert rows[1][2] == "Garage Vauquelain SARL"
    assert float(rows[1][-2].replace(",", "")) == 871.90
    assert rows[-1][0].startswith("Nothing fits: the oldest debts of the payer first, as a last resort. The bank says:")
    assert HOSTILE in rows[-1][0]


def test_the_items_of_one_receipt_have_one_reason():
    proposals = matching().proposals
    two = proposals.iloc[[0, 0]].assign(item_id=[1, 2])
    rows, _ = read(tables.proposals_table(matching(), two))
    assert [len(row) for row in rows] == [7, 7, 7, 1]


def test_receipts_without_a_proposal_are_listed_the_largest_first():
    found = matching((10.0, HOSTILE, "RIEN"), (77.77, "INCONNU", HOSTILE), (-5.0, QUEMENIOU, "REJET"))
    html = tables.unmatched_table(found)
    rows, _ = read(html)
    assert "img" not in Reader(html).tags
    amounts = [row[3] for row in rows[1:] if len(row) > 1]
    assert amounts == ["77.77", "10.00"]


def test_a_letter_as_it_will_be_written():
    """J9: 12,000 owed, 344.10 of interest and 40: 12,384.10; the day asked is a Saturday, it goes out on Monday."""
    ledger, plan = j9()
    letters = compose_letters(ledger, plan, company=COMPANY)
    rows, text = read(tables.letter_preview(letters[0]))
    assert rows[-1][-1].startswith("12 384,10 €")
    assert "Mise en demeure · 17 février 2025" in text
    assert all(plain(paragraph.splitlines()[0]) in text for paragraph in letters[0].after)
    assert all(f"⚠ {plain(note.text('fr'))}" in text for note in letters[0].notes)


def test_texts_of_files_stay_text():
    found = listed()
    worked = dataclasses.replace(found, contacts=found.contacts.assign(name=HOSTILE, reason=HOSTILE, formula=HOSTILE))
    ledger, plan = j9()
    hostile = dataclasses.replace(compose_letters(ledger, plan, company=COMPANY)[0], customer_name=HOSTILE)
    hostile = dataclasses.replace(hostile, recipient=(HOSTILE,), subject=HOSTILE, before=(HOSTILE,), email=HOSTILE)
    called = planned()
    called = dataclasses.replace(called, actions=called.actions.assign(name=HOSTILE, level_label=HOSTILE))
    for html in (tables.worklist_table(worked), tables.letter_preview(hostile), tables.dunning_table(called)):
        seen = Reader(html)
        assert "img" not in seen.tags
        assert HOSTILE in seen.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_there_is_nothing_it_is_said(language):
    found, plan, receipts = listed(), planned(), matching()
    bare = dataclasses.replace(found, contacts=found.contacts.head(0), queues=found.queues.head(0))
    frames = ("actions", "items", "stopped", "load", "expected")
    still = dataclasses.replace(plan, **{name: getattr(plan, name).head(0) for name in frames})
    none = dataclasses.replace(receipts, proposals=receipts.proposals.head(0), unmatched=receipts.unmatched.head(0))
    made = {
        "worklist": tables.worklist_table(bare, language=language),
        "queues": tables.queues_table(bare, language=language),
        "dunning": tables.dunning_table(still, language=language),
        "dunning_levels": tables.dunning_levels_table(still, language=language),
        "stopped": tables.dunning_stopped_table(still, language=language),
        "matching": tables.matching_table(none, language=language),
        "proposals": tables.proposals_table(none, language=language),
        "unmatched": tables.unmatched_table(none, language=language),
    }
    for name, html in made.items():
        assert word(f"table.{name}.none", language) in Reader(html).text


def test_every_code_has_its_words():
    """Queues, reasons to hold an item back, reasons of matchings and of receipts without one."""
    keys = set(label_keys())
    for prefix, words in (("receipts.why.", "charts.receipts."), ("dunning.stop.", "table.stopped.")):
        codes = {key.removeprefix(prefix) for key in keys if key.startswith(prefix)}
        shown = {code for code in codes if not code.startswith("returned")}
        assert {code for code in shown if words + code not in keys} <= {"no_level"}

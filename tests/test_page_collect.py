"""The page of collection: what it shows is what the functions give; nothing is sent, and nothing booked unasked."""

import io
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from small import ledger_of
from test_receipts import QUEMENIOU, VAUQUELAIN, bank, books
from visiting import FakeVisit, clicked

import arlib as ar
from arlib.apps.answers import Answers
from arlib.apps.pages.collect import CollectPage
from arlib.apps.pages.collect.desk import Desk, accepted_rows
from arlib.apps.parts.panels import empty
from arlib.collection import ContactLog, read_contact_log, read_scenarios
from arlib.words import LANGUAGES, say, word

HOSTILE = '<img src=x onerror=alert(1)>=cmd|"/C calc"!A1\u202egpj'

OWED = """
customer | kind    | issued     | due        | amount
A        | invoice | 2025-05-01 | 2025-05-31 | 1000
A        | invoice | 2025-04-01 | 2025-05-01 | 300
B        | invoice | 2025-03-01 | 2025-03-31 | 2000
C        | invoice | 2025-06-20 | 2025-12-31 | 500
A        | payment | 2025-04-01 |            | -10
"""
DAY = "2025-06-30"


@pytest.fixture(scope="module")
def negoce():
    ledger = ar.load_sample("negoce")
    return Answers(ledger, ledger.day())


def small():
    ledger = ledger_of(OWED, covers=("2025-01-01", DAY))
    return Answers(ledger, ledger.day())


def opened(answers, language="en", **asked):
    visit = FakeVisit(language=language)
    page = CollectPage(visit)
    visit.open(page, answers, **asked)
    visit.do_waiting()
    return visit, page, page._made[asked.get("part", "today")]


def press(visit, button):
    button.click()
    visit.do_waiting()


def keys(table):
    return [row["key"] for row in table.shown["rows"]]


def texts(widget):
    """Everything a page writes as HTML."""
    found = [widget.value] if type(widget).__name__ == "HTML" else []
    return found + [text for child in getattr(widget, "children", ()) for text in texts(child)]


def saved(button):
    """The file that a button makes: its name and its bytes."""
    return button._make()


def receipts_of(rows, name="bank.csv"):
    """Receipts as a bank's site exports them."""
    table = rows.rename(
        columns={"received_on": "Date", "amount": "Montant", "payer": "Donneur d'ordre", "remittance": "Libellé"}
    )
    return name, table.drop(columns="currency").to_csv(index=False, sep=";").encode()


def at_the_bank(*rows):
    """The part of receipts over the small books, with a bank file: of rows, or of a frame of them."""
    ledger = books()
    visit, page, part = opened(Answers(ledger, ledger.day()), part="receipts")
    part._receive(*receipts_of(rows[0] if isinstance(rows[0], pd.DataFrame) else bank(*rows)))
    visit.do_waiting()
    assert visit.told == []
    return visit, page, part


# ---- today


def test_the_list_is_the_worklist_of_seven_hours(negoce):
    visit, _, part = opened(negoce)
    found = ar.worklist(negoce.ledger, negoce.as_of, capacity={"minutes": 420})
    assert keys(part._table) == found.contacts["customer_id"].tolist()
    assert part._table.shown["totals"][4] == f"{found.contacts['chased'].sum():,.2f}"
    assert f"{ar.balance(negoce.ledger, negoce.as_of):,.2f}" in part._queues.value
    phone = found.contacts["phone"].iloc[0]
    assert part._table.shown["rows"][0]["cells"][2][0].replace("\u00a0", " ") == phone
    clicked(part._table, {"kind": "open", "key": keys(part._table)[1]})
    assert visit.gone == [("customers", {"customer": keys(part._table)[1]})]


def test_a_limit_is_written_in_the_address_and_counts(negoce):
    visit, _, part = opened(negoce)
    part._limits["contacts"].value = "3"
    part._limits["minutes"].value = ""
    visit.do_waiting()
    assert visit.asked == [{"contacts": "3"}, {"minutes": "none"}]
    assert keys(part._table) == ar.worklist(negoce.ledger, negoce.as_of, capacity=3).contacts["customer_id"].tolist()
    part._limits["calls"].value = "many"
    assert [error.sentence.key for error in visit.told] == ["app.collect.limit.wrong"]
    assert part._limits["calls"].value == ""


def test_an_address_written_by_hand_is_as_usual():
    nonsense = {"contacts": "<b>", "minutes": "1e9", "list.page": "-4", "list.sort": "?", "part": "sent"}
    _, page, part = opened(small(), **(nonsense | {"part": "today"}))
    assert (part._limits["minutes"].value, page._tabs.here) == ("420", "today")
    visit = FakeVisit()
    page = CollectPage(visit)
    visit.open(page, small(), part="sent", receipt="x", letter="nobody", on="31/02", scenario="theirs", horizon="0")
    for part in ("calendar", "drafts", "receipts"):
        visit.ask(part=part)
        visit.do_waiting()
    assert visit.told == []


def test_a_contact_noted_leaves_the_list_and_comes_back_when_taken_back():
    visit, _, part = opened(small())
    assert keys(part._table) == ["B", "A"]
    clicked(part._table, {"kind": "act", "key": "A", "action": "done"})
    assert part._log._channel.value == ar.worklist(small().ledger).contacts.set_index("customer_id")["channel"]["A"]
    part._log._outcome.value = "unreachable"
    press(visit, part._log._buttons["enter"])
    assert keys(part._table) == ["B"]
    assert part._log.form.layout.display == "none"
    assert word("card.queue.cooled_down") in part._queues.value
    press(visit, part._log._buttons["take_back"])
    assert keys(part._table) == ["B", "A"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_log_saved_today_is_read_again_tomorrow(language):
    visit, _, part = opened(small(), language)
    for customer, outcome in (("A", "promised"), ("B", "disputed"), ("B", "none")):
        part._log.write(customer, "formal_notice" if customer == "A" else "other")
        part._log._outcome.value, part._log._note.value = outcome, HOSTILE
        press(visit, part._log._buttons["enter"])
    name, content = saved(part._log._save)
    again = read_contact_log((name, content)).table
    assert again.drop(columns="note").equals(part.desk.log.table.drop(columns="note"))
    assert set(again["outcome"]) == {"promised", "disputed", "none"}
    assert set(again["channel"]) == {"formal_notice", "other"}
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s", "d"}


def test_a_log_from_a_file_counts_and_that_of_another_company_is_refused():
    visit, _, part = opened(small())
    part._log._receive("log.csv", b"customer;date;channel;outcome\nB;2025-06-28;phone;no answer\n")
    visit.do_waiting()
    log = ContactLog(pd.DataFrame({"customer_id": ["B"], "contacted_on": ["2025-06-28"], "channel": ["phone"]}))
    assert keys(part._table) == ar.worklist(small().ledger, log=log).contacts["customer_id"].tolist() == ["A"]
    visit.doing(part._log._receive)("log.csv", b"customer;date\nNobody;2025-06-28\n")
    assert [error.sentence.key for error in visit.told] == ["collection.log.other_ledger"]
    assert len(part.desk.past.table) == 1


# ---- the calendar of reminders


def test_the_calendar_is_the_plan_and_a_bar_shows_its_day(negoce):
    visit, _, part = opened(negoce, part="calendar")
    plan = ar.dunning_plan(negoce.ledger, negoce.as_of)
    assert part._table.shown["pager"] == f"1–50 of {len(plan.actions)}"
    assert part._table.shown["totals"] is None  # letters that repeat an invoice do not ask for it twice
    day = plan.days[3]
    clicked(part._chart, {"kind": "click", "datum": {"day": f"{day:%Y-%m-%d}", "channel": "E-mail"}})
    of_day = plan.actions[plan.actions["day"] == day]
    assert keys(part._table) == [f"{day:%Y-%m-%d} {customer}" for customer in of_day["customer_id"]][:50]
    clicked(part._table, {"kind": "open", "key": keys(part._table)[0]})
    assert visit.gone == [("customers", {"customer": of_day["customer_id"].iloc[0]})]
    press(visit, part._every)
    assert part._table.shown["pager"] == f"1–50 of {len(plan.actions)}"


def test_another_scenario_and_another_horizon(negoce):
    visit, _, part = opened(negoce, part="calendar")
    part._scenario.value, part._horizon.value = "key_accounts", "14"
    visit.do_waiting()
    plan = ar.dunning_plan(negoce.ledger, negoce.as_of, scenarios=read_scenarios("key_accounts"), horizon=14)
    assert part._table.shown["pager"].endswith(f"of {len(plan.actions)}")
    name, content = saved(part._save)
    assert (name, read_scenarios(content.decode())) == ("key_accounts.yaml", read_scenarios("key_accounts"))


def test_a_scenario_of_ones_own_and_one_that_is_none():
    visit, _, part = opened(small(), part="calendar")
    own = b"- name: mine\n  levels:\n    - {name: call, level: 1, offset: 1, channel: phone, template: reminder_1}\n"
    part._receive("mine.yaml", own)
    visit.do_waiting()
    assert visit.asked == [{"scenario": "own", "on": None}]
    assert {row["cells"][3][0] for row in part._table.shown["rows"]} == {"Telephone"}
    for wrong, key in ((own.replace(b"offset", b"ofset"), "dunning.file.key"), (b"\xff\xfe\x00", None), (b"", None)):
        told = len(visit.told)
        visit.doing(part._receive)("mine.yaml", wrong)
        error = visit.told[told]
        assert key is None or key in {problem.what.key for problem in error.problems}
    assert part._scenario.value == "own"


# ---- drafts


def test_the_drafts_are_the_letters_of_today(negoce):
    visit, _, part = opened(negoce, part="drafts")
    plan = ar.dunning_plan(negoce.ledger, negoce.as_of)
    letters = ar.compose_letters(negoce.ledger, plan, company=ar.Sender("x", language="en"))
    assert keys(part._table) == [letter.customer_id for letter in letters][:50]
    assert part._table.shown["pager"].endswith(f"of {len(letters)}")
    assert part._one.layout.display == "none"
    clicked(part._table, {"kind": "open", "key": letters[2].customer_id})
    assert visit.asked == [{"letter": letters[2].customer_id}]
    assert letters[2].subject in part._preview.value
    names = [saved(part._save[kind])[0].rpartition(".") for kind in ("docx", "eml")]
    assert names[0][0] == names[1][0]
    assert [name[-1] for name in names] == ["docx", "eml"]
    part._written.value = "fr"
    visit.do_waiting()
    assert {row["cells"][4][0] for row in part._table.shown["rows"]} == {"French"}


def test_the_zip_holds_what_would_be_written_and_who_writes(tmp_path):
    answers = small()
    visit, _, part = opened(answers, part="drafts")
    part._sender._fields["name"].value, part._sender._fields["iban"].value = "Brévailles & fils", "FR76 1"
    visit.do_waiting()
    name, content = saved(part._save["zip"])
    assert (name, visit.worked) == ("letters_2025-06-30.zip", ["archiving"])
    assert visit.shares[-1] == 1.0
    company = ar.Sender("Brévailles & fils", iban="FR76 1", language="en")
    letters = ar.compose_letters(answers.ledger, ar.dunning_plan(answers.ledger), company=company)
    written = ar.write_letters(letters, tmp_path).paths
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.namelist() == [path.name for path in written]
    drafts = [path for path in written if path.suffix == ".eml"]
    assert drafts
    assert all(archive.read(path.name) == path.read_bytes() for path in drafts)


# ---- receipts


def test_without_a_bank_file_it_is_said_what_to_do(negoce):
    _, _, part = opened(negoce, part="receipts")
    assert part._reading.value == empty(say("app.collect.receipts.none"), "en")
    assert (part.grid.layout.display, part._buttons["sample"].layout.display) == ("none", "")
    _, _, part = opened(small(), part="receipts")
    assert part._buttons["sample"].layout.display == "none"


def test_the_samples_statement_accepted_is_the_ledger_of_the_function(negoce):
    visit, page, part = opened(negoce, part="receipts")
    press(visit, part._buttons["sample"])
    before, receipts = ar.load_sample_receipts()
    answers = Answers(visit.replaced[0], visit.replaced[0].day())
    visit.open(page, answers, part="receipts")
    visit.do_waiting()
    matching = ar.match_receipts(before, receipts)
    assert part._proposals.shown["pager"].endswith(f"of {matching.proposals['receipt_id'].nunique()}")
    assert part._rest.shown["pager"].endswith(f"of {len(matching.unmatched)}")
    press(visit, part._buttons["accept_sure"])
    booked = matching.accepted()
    for ledger in (before, booked):
        assert f"{ar.balance(ledger):,.2f}" in part._booking._about.value
    press(visit, part._booking._book)
    assert visit.replaced[1].items.equals(booked.items)
    assert visit.replaced[1].matches.equals(booked.matches)


def test_a_receipt_accepted_refused_decided_later_and_one_way_instead_of_another():
    """871.90 twice of one payer: a person says which; 433.67 fits in one way only."""
    visit, _, part = at_the_bank((871.90, VAUQUELAIN, "VIREMENT"), (433.67, QUEMENIOU, "VIREMENT"))
    ids = keys(part._proposals)
    clicked(part._proposals, {"kind": "open", "key": ids[0]})
    assert visit.asked == [{"receipt": ids[0]}]
    part._one._option.value = 1
    press(visit, part._one._buttons["take"])
    assert visit.asked[-1] == {"receipt": ids[1]}, "the next one comes before the visitor"
    assert accepted_rows(part._matching, part.desk.decided)["item_id"].tolist() == [6]
    clicked(part._proposals, {"kind": "act", "key": ids[1], "action": "refuse"})
    assert dict(part.desk.decided) == {int(ids[0]): 1, int(ids[1]): -1}
    assert [row["actions"] for row in part._proposals.shown["rows"]] == [["refuse"], ["accept"]]
    press(visit, part._booking._book)
    booked = visit.replaced[0]
    assert ar.balance(booked) == round(ar.balance(books()) - 871.90, 2)
    assert 6 not in set(ar.open_items(booked)["item_id"])
    assert 5 in set(ar.open_items(booked)["item_id"])


def test_after_booking_what_was_refused_stays_so_and_going_back_brings_back_the_rest():
    visit, page, part = at_the_bank((871.90, VAUQUELAIN, "VIREMENT"), (433.67, QUEMENIOU, "VIREMENT"))
    before = part.answers
    first, second = keys(part._proposals)
    clicked(part._proposals, {"kind": "act", "key": first, "action": "refuse"})
    clicked(part._proposals, {"kind": "act", "key": second, "action": "accept"})
    press(visit, part._booking._book)
    visit.open(page, Answers(visit.replaced[0], visit.replaced[0].day()), part="receipts")
    visit.do_waiting()
    assert dict(part.desk.decided) == {int(first): -1}
    assert "433.67" in part._booking._done.value
    assert keys(part._proposals) == [first]
    visit.open(page, before, part="receipts")
    visit.do_waiting()
    assert dict(part.desk.decided) == {int(first): -1, int(second): 0}
    visit.open(page, small(), part="receipts")
    assert vars(part.desk) == vars(Desk()), "nothing of one ledger lies beside another"


def test_what_is_accepted_is_saved_and_a_text_is_no_formula():
    visit, _, part = at_the_bank((433.67, QUEMENIOU, "=HYPERLINK(1)"))
    press(visit, part._buttons["accept_sure"])
    name, content = saved(part._booking._save)
    assert name == "receipts_accepted_2025-06-30.xlsx"
    head, row = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()
    cells = {title.value: cell for title, cell in zip(head, row, strict=True)}
    assert (cells["Pays"].value, cells["Text of the bank"].value) == (433.67, "=HYPERLINK(1)")
    assert cells["Text of the bank"].data_type == "s"


@pytest.mark.parametrize("content", [b"", b"hello", b"Date;Montant\n31/02/2024;x\n", b"\x00" * 40])
def test_a_file_that_is_no_bank_statement_is_told(content):
    visit, _, part = opened(small(), part="receipts")
    visit.doing(part._receive)("bank.csv", content)
    assert len(visit.told) == 1
    assert part.desk.receipts is None


def test_two_receipts_for_one_item_are_refused_before_they_are_booked():
    """Of 871.90 twice for two invoices of 871.90, the first is given what is proposed to the second."""
    later = bank((871.90, VAUQUELAIN, "VIREMENT B"), day="2025-05-10")
    _, _, part = at_the_bank(pd.concat([bank((871.90, VAUQUELAIN, "VIREMENT A")), later]))
    part.put(part.desk.deciding({1: 1, 2: 0}))
    assert "arlib-empty" in part._booking._about.value
    assert part._booking._book.disabled
    part.put(part.desk.deciding({2: 1}))
    assert not part._booking._book.disabled


# ---- everywhere


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["today", "calendar", "drafts", "receipts"])
def test_names_from_a_file_are_texts_everywhere(language, part):
    ledger = books()
    customers = ledger.customers.assign(name=HOSTILE, phone=HOSTILE, email=HOSTILE, address=HOSTILE)
    ledger = replace(ledger, customers=customers)
    visit, page, shown = opened(Answers(ledger, ledger.day()), language, part=part)
    if part == "receipts":
        shown._receive(*receipts_of(bank((433.67, QUEMENIOU, HOSTILE), (871.90, VAUQUELAIN, "X"))))
        visit.do_waiting()
        visit.ask(receipt=keys(shown._proposals)[0])
    if part == "drafts":
        visit.ask(letter=keys(shown._table)[0])
        assert all("/" not in name for name in zipfile.ZipFile(io.BytesIO(saved(shown._save["zip"])[1])).namelist())
    if part == "today":
        shown._log.write(keys(shown._table)[0], "phone")
    written = "".join(texts(page.box))
    assert "&lt;img" in written or part == "calendar"
    assert "<img" not in written


def test_a_ledger_on_which_nothing_is_owed():
    ledger = ledger_of(
        "customer | kind | issued | due | amount | pays\n"
        "A | invoice | 2025-01-01 | 2025-01-31 | 100 |\nA | payment | 2025-02-01 | | -100 | 1"
    )
    answers = Answers(ledger, ledger.day())
    for part, table, key in (
        ("today", "_table", "app.collect.today.nobody"),
        ("calendar", "_table", "app.collect.calendar.nothing"),
        ("drafts", "_table", "letters.export.nothing"),
    ):
        _, _, shown = opened(answers, part=part)
        assert getattr(shown, table).shown["empty"] == word(key)


def test_letters_noted_as_sent_are_proposed_no_more_and_can_be_taken_out_again(negoce):
    visit, page, part = opened(negoce, part="drafts")
    plan = ar.dunning_plan(negoce.ledger, negoce.as_of)
    written = plan.actions[(plan.actions["status"] != "planned") & plan.actions["channel"].isin(["email", "letter"])]
    press(visit, part._sent)
    log = part.desk.log
    assert set(log.table["customer_id"]) == set(written["customer_id"])
    assert len(log.table) == int(written["reminded"].sum())
    assert part._table.shown["empty"] == word("letters.export.nothing")
    visit.ask(part="today")
    again = read_contact_log(saved(page._made["today"]._log._save))
    tomorrow = ar.dunning_plan(negoce.ledger, negoce.as_of, log=again)
    assert not (tomorrow.actions["status"] != "planned").any()
    visit.ask(part="drafts")
    visit.do_waiting()
    press(visit, part._sent)
    assert part.desk.log is None
    assert part._table.shown["pager"].endswith(f"of {len(written)}")

"""The page of collection in a real browser: a collector's day, from the first call to the bank's file."""

import re
import zipfile

import pandas as pd
import pytest
from playwright.sync_api import Page, expect
from seen import WITHIN, settled

import arlib as ar
from arlib.words import number

pytestmark = pytest.mark.browser

PARTS = ("calendar", "drafts", "receipts", "today")


@pytest.fixture
def collect(voila_server, guarded_page: Page) -> Page:
    guarded_page.set_default_timeout(WITHIN)
    guarded_page.goto(f"{voila_server.address}#/collect?lang=en")
    settled(guarded_page)
    return guarded_page


def turn(page: Page, part: str) -> None:
    page.get_by_test_id(f"part-{part}").click()
    expect(page.get_by_test_id(f"part-{part}")).to_have_attribute("aria-current", "true", timeout=WITHIN)
    settled(page)


def saved(page: Page, button: str):
    with page.expect_download(timeout=WITHIN) as download:
        page.get_by_test_id(button).click()
    return download.value


def test_a_day_of_calls_reminders_and_letters(collect, tmp_path):
    """The figures are the functions'; the log saved is read back; a bar shows its day; the letters come as files."""
    ledger = ar.load_sample("negoce")
    found = ar.worklist(ledger, capacity={"minutes": 420})
    table = collect.get_by_test_id("worklist")
    expect(table.locator("tfoot")).to_contain_text(number(found.contacts["chased"].sum(), "en"), timeout=WITHIN)
    expect(collect.get_by_test_id("queues").locator("tfoot")).to_contain_text(number(ar.balance(ledger), "en"))
    first = found.contacts.iloc[0]
    table.get_by_role("button", name=re.compile("^Note")).first.press("Enter")
    expect(collect.get_by_test_id("log-who")).to_contain_text(first["name"], timeout=WITHIN)
    collect.get_by_label("Outcome", exact=True).select_option("promise to pay")
    collect.locator(".arlib-control-enter").click()
    expect(collect.get_by_test_id("contacts-noted")).to_contain_text(first["name"], timeout=WITHIN)
    settled(collect)
    path = tmp_path / "log.xlsx"
    saved(collect, "save-contact-log").save_as(path)
    log = ar.read_contact_log(path)
    assert log.table[["customer_id", "outcome"]].to_numpy().tolist() == [[first["customer_id"], "promised"]]
    turn(collect, "calendar")
    plan = ar.dunning_plan(ledger, log=log)
    dunning = collect.get_by_test_id("dunning")
    expect(dunning).to_contain_text(f"of {len(plan.actions)}", timeout=WITHIN)
    collect.locator("[data-testid=dunning-load] .mark-rect path").first.click()
    expect(collect).to_have_url(re.compile(r"on=2025-12-31"), timeout=WITHIN)
    expect(dunning).to_contain_text(f"of {int((plan.actions['day'] == plan.days[0]).sum())}", timeout=WITHIN)
    turn(collect, "drafts")
    collect.get_by_test_id("drafts").locator("tbody button").first.click()
    expect(collect.get_by_test_id("letter")).to_be_visible(timeout=WITHIN)
    expect(collect.locator(".arlib-control-close").first).to_be_focused()
    assert saved(collect, "save-docx").suggested_filename.endswith(".docx")
    path = tmp_path / "letters.zip"
    saved(collect, "save-zip").save_as(path)
    letters = ar.compose_letters(ledger, plan, company=ar.Sender("x"))
    assert len([name for name in zipfile.ZipFile(path).namelist() if name.endswith(".docx")]) == len(letters)


def test_the_banks_file_is_matched_decided_and_booked_and_undone(collect, tmp_path):
    """Nothing is booked before it is accepted; the balance afterwards is that of the function."""
    turn(collect, "receipts")
    bad = tmp_path / "photo.csv"
    bad.write_bytes(b"\x89PNG\r\n" + bytes(100))
    collect.get_by_test_id("bank_file").set_input_files(bad)
    expect(collect.get_by_test_id("notice")).to_contain_text("photo.csv", timeout=WITHIN)
    collect.locator(".arlib-control-sample").click()
    books, receipts = ar.load_sample_receipts()
    matching = ar.match_receipts(books, receipts)
    proposals = collect.get_by_test_id("proposals")
    count = matching.proposals["receipt_id"].nunique()
    expect(proposals).to_contain_text(f"of {count}", timeout=WITHIN)
    settled(collect)
    proposals.get_by_role("button", name=re.compile("^Refuse")).first.click()
    expect(collect.get_by_test_id("decided")).to_contain_text("1 refused", timeout=WITHIN)
    collect.locator(".arlib-control-accept-sure").click()
    after = number(ar.balance(matching.accepted()), "en")
    expect(collect.get_by_test_id("book-about")).to_contain_text(after, timeout=WITHIN)
    path = tmp_path / "accepted.xlsx"
    saved(collect, "save-accepted").save_as(path)
    assert len(pd.read_excel(path, engine="openpyxl")) == int(matching.proposals["automatic"].sum())
    collect.locator(".arlib-control-book").click()
    expect(collect.get_by_test_id("book-done")).to_contain_text(after, timeout=WITHIN)
    expect(collect.get_by_test_id("decided")).to_contain_text("1 refused", timeout=WITHIN)
    collect.get_by_role("button", name="Undo").click()
    expect(collect.get_by_test_id("book-about")).to_contain_text(after, timeout=WITHIN)

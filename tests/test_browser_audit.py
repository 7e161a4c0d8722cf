"""The client audit in a real browser: a file is dropped, read, checked, held against the law, and handed over."""

import re

import openpyxl
import pytest
from petit import HOSTILE, LEDGER
from playwright.sync_api import Page, expect
from seen import WITHIN, settled, upload

import arlib as ar
from arlib.words import number

pytestmark = pytest.mark.browser

OLD = f"{HOSTILE};F0;01/01/2023;31/01/2023;60,00;\n".encode()  # owed for more than a year: a finding
PARTS = ("findings", "law", "doubtful", "compared", "handover", "books")


def turn(page: Page, part: str) -> None:
    page.get_by_test_id(f"part-{part}").click()
    expect(page.get_by_test_id(f"part-{part}")).to_have_attribute("aria-current", "true", timeout=WITHIN)
    settled(page)


def test_a_file_is_dropped_read_checked_and_handed_over(voila_server, guarded_page: Page, tmp_path):
    """The figures are the functions'; what is brought is listed as text; the files are there on click."""
    page = guarded_page
    page.set_default_timeout(WITHIN)
    page.goto(f"{voila_server.address}#/audit?lang=en")
    settled(page)
    path = tmp_path / "client.csv"
    path.write_bytes(LEDGER + OLD)
    ledger = ar.read_ledger(path)
    upload(page, path)
    expect(page.get_by_test_id("audit-file")).to_contain_text(ledger.sources[0].sha256, timeout=WITHIN)
    settled(page)
    expect(page.get_by_test_id("audit-proof")).to_contain_text(number(ar.balance(ledger)))
    expect(page.get_by_test_id("audit-ties")).to_be_visible()
    page.locator(".arlib-control-see-findings").click()
    found = ar.check(ledger)
    first = found["check"].iloc[0]
    row = page.get_by_test_id("checks").locator("tbody .arlib-open").first
    expect(row).to_have_text(found["meaning"].iloc[0], timeout=WITHIN)
    row.press("Enter")
    expect(page.get_by_test_id("finding-rows")).to_be_visible(timeout=WITHIN)
    expect(page).to_have_url(re.compile(f"check={first}"))
    settled(page)
    expect(page.locator(".arlib-card-back")).to_be_focused()
    page.locator(".arlib-card-back").press("Enter")
    expect(row).to_be_focused(timeout=WITHIN)
    turn(page, "law")
    expect(page.get_by_test_id("limitation")).to_contain_text(HOSTILE)
    table = ar.payment_delay_table(ledger, ledger.day())
    expect(page.get_by_test_id("delay-unpaid")).to_contain_text(number(table.unpaid["amount"].iloc[-1]))
    turn(page, "handover")
    page.get_by_label("Client", exact=True).fill("Abeille")
    page.get_by_label("Client", exact=True).press("Tab")
    expect(page).to_have_url(re.compile("client=Abeille"), timeout=WITHIN)
    for section in ("simulation", "forecast", "scores"):
        page.locator(f".arlib-control-section-{section} input").uncheck()
        settled(page)
    with page.expect_download(timeout=2 * WITHIN) as download:
        page.get_by_test_id("save-workbook").click()
    download.value.save_as(tmp_path / "audit.xlsx")
    assert download.value.suggested_filename == f"Abeille audit-{ledger.day():%Y-%m-%d}.xlsx"
    sheets = openpyxl.load_workbook(tmp_path / "audit.xlsx", read_only=True).sheetnames
    assert "Findings" in sheets
    assert "Simulation" not in sheets

"""The customers in a real browser: from the list to a card and back by the keyboard, and files that travel."""

import csv
import io
import re

import pytest
from petit import HOSTILE, LEDGER
from playwright.sync_api import Page, expect
from seen import WITHIN, settled, upload

from arlib.collection import customer_card
from arlib.risk import credit_exposure, score_customers
from arlib.samples import load_sample
from arlib.words import number

pytestmark = pytest.mark.browser

CHARTS = ("card-balances", "card-delays", "card-law", "card-expected")


@pytest.fixture
def page(voila_server, guarded_page: Page) -> Page:
    guarded_page.set_default_timeout(WITHIN)
    guarded_page.goto(f"{voila_server.address}#/customers?lang=en")
    settled(guarded_page)
    return guarded_page


def test_from_the_list_to_a_card_and_back_by_the_keyboard(page):
    """The worst score first: its row opens with Enter, the card says what its function does, and Back leads back."""
    ledger = load_sample("negoce")
    table = page.get_by_test_id("customers")
    owed = credit_exposure(ledger)
    expect(table.locator("tfoot")).to_contain_text(number(owed["receivable"].sum(), "en"))
    heading = table.get_by_role("columnheader", name="Score")
    heading.get_by_role("button").click()
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending", timeout=WITHIN)
    scores = score_customers(ledger)
    row = table.locator("tbody tr").first
    expect(row.locator("td.figure").nth(3)).to_have_text(str(scores["score"].min()))
    key = row.get_attribute("data-key")
    row.locator("button").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"customer={key}"), timeout=WITHIN)
    expect(page.locator(".arlib-card-back")).to_be_focused(timeout=WITHIN)
    settled(page)
    card = customer_card(ledger, key)
    expect(page.get_by_test_id("card-name")).to_have_text(card.name)
    expect(page.locator(".tiles")).to_contain_text(f"{card.score['grade']} · {card.score['score']}")
    expect(page.get_by_test_id("items").locator("tfoot")).to_contain_text(number(card.account.total, "en"))
    expect(page.locator(".arlib-card-next")).to_contain_text(card.actions["reason"].iloc[0])
    for chart in CHARTS:
        expect(page.locator(f"[data-testid={chart}] svg")).to_be_visible(timeout=WITHIN)
    with page.expect_download() as saved:
        page.get_by_test_id("card-workbook").click()
    assert saved.value.suggested_filename == f"card-{key}-{card.as_of:%Y-%m-%d}.xlsx"
    page.locator(".arlib-card-back").press("Enter")
    expect(table.locator(f"[data-key='{key}'] button")).to_be_focused(timeout=WITHIN)
    expect(page).not_to_have_url(re.compile("customer="))
    assert_found_and_saved(page, scores)


def assert_found_and_saved(page: Page, scores) -> None:
    """A grade chosen, the file holds those customers and no others."""
    table = page.get_by_test_id("customers")
    table.get_by_test_id("filter-grade").select_option("E")
    expected = set(scores.loc[scores["grade"] == "E", "customer_id"])
    expect(table.get_by_test_id("pager")).to_contain_text(f"of {len(expected)}", timeout=WITHIN)
    with page.expect_download() as saved:
        page.get_by_test_id("customers-csv").click()
    content = saved.value.path().read_text("utf-8-sig")
    assert {row[0] for row in csv.reader(io.StringIO(content))} - {"Account"} == expected


def test_a_hostile_name_in_french_on_every_width(page, tmp_path):
    name = "<img src=x onerror=window.hacked=1>"
    path = tmp_path / "petit.csv"
    path.write_bytes(LEDGER.replace(HOSTILE.encode(), name.encode()))
    upload(page, path)
    page.evaluate("location.hash = '#/customers?lang=fr&day=2024-03-31'")
    expect(page.locator(".arlib-page")).to_have_attribute("lang", "fr", timeout=WITHIN)
    settled(page)
    expect(page.get_by_test_id("customers").locator("tfoot")).to_contain_text("1\u202f950,50", timeout=WITHIN)
    page.get_by_test_id("customers").get_by_text(name).click()
    expect(page.get_by_test_id("card-name")).to_have_text(name, timeout=WITHIN)
    settled(page)
    assert page.evaluate("window.hacked") is None
    page.evaluate("location.hash = '#/customers?lang=fr&day=2024-03-31&customer=personne'")
    expect(page.locator(".arlib-card-why")).to_contain_text("personne", timeout=WITHIN)
    page.go_back()
    expect(page.get_by_test_id("card-name")).to_have_text(name, timeout=WITHIN)

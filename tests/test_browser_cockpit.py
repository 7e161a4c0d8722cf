"""The start page and the cockpit in a real browser: a manager's way from the first figures to who made them."""

import re

import pytest
from petit import HOSTILE, LEDGER
from playwright.sync_api import Locator, Page, expect
from seen import WITHIN, settled, upload

from arlib.measures import aged_balance, concentration, dso_bridge, key_figures
from arlib.samples import load_sample
from arlib.words import Language, money, number

pytestmark = pytest.mark.browser

CHARTS = ("aged-history", "dso-history", "dso-bridge", "pareto")


@pytest.fixture
def visit(voila_server, guarded_page: Page) -> Page:
    guarded_page.set_default_timeout(WITHIN)
    guarded_page.goto(f"{voila_server.address}#/start?lang=en")
    settled(guarded_page)
    return guarded_page


def drawn(page: Page) -> None:
    settled(page)
    for chart in CHARTS:
        expect(page.locator(f"[data-testid={chart}] svg")).to_be_visible(timeout=WITHIN)


def age(page: Page, bucket: str) -> Locator:
    return page.locator(f"button[data-bucket='{bucket}']")


def debtors(page: Page) -> Locator:
    return page.get_by_test_id("debtors")


def test_from_the_start_page_to_who_made_the_figures(visit):
    """Each figure as its function gives it; each click is in the address, and can be undone."""
    ledger = load_sample("negoce")
    day = ledger.day()
    known = key_figures(ledger, day).set_index("measure")["value"]
    expect(visit.get_by_test_id("live-cockpit")).to_contain_text(money(known["balance"], "en", "EUR", 0))
    visit.get_by_role("button", name="Cockpit", exact=True).click()
    expect(visit.get_by_test_id("balance")).to_contain_text(money(known["balance"], "en", "EUR"), timeout=WITHIN)
    expect(visit.get_by_test_id("dso")).to_contain_text(number(known["dso"], "en", 1))
    drawn(visit)
    assert_an_age_is_picked_by_mouse_and_by_keyboard(visit, aged_balance(ledger, day))
    sentence = visit.get_by_test_id("bridge-sentence")
    expect(sentence).to_contain_text(str(dso_bridge(ledger, "2025-11-30", day).sentence))
    visit.locator(".arlib-control-since select").select_option(label="a year before")
    expect(sentence).to_contain_text(str(dso_bridge(ledger, "2024-12-31", day).sentence), timeout=WITHIN)
    visit.get_by_test_id("alerts").locator("tbody button").first.click()
    expect(visit).to_have_url(re.compile("#/collect"), timeout=WITHIN)
    visit.go_back()
    expect(sentence).to_be_visible(timeout=WITHIN)
    visit.get_by_test_id("pareto").locator("[role=button]").first.press("Enter")
    largest = str(concentration(ledger, day).groups["customer_id"].iloc[0])
    expect(visit).to_have_url(re.compile(f"#/customers.*customer={largest}"), timeout=WITHIN)


def assert_an_age_is_picked_by_mouse_and_by_keyboard(page: Page, aged) -> None:
    """The table below follows, and the address; picked again, it is given up."""
    expect(debtors(page).locator("tfoot")).to_contain_text(number(aged["total"].sum(), "en"))
    age(page, "31-60").click()
    expect(debtors(page).locator("tfoot")).to_contain_text(number(aged["31-60"].sum(), "en"), timeout=WITHIN)
    expect(age(page, "31-60")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("bucket=31-60"))
    age(page, "91+").focus()
    page.keyboard.press("Enter")
    expect(debtors(page).locator("tfoot")).to_contain_text(number(aged["91+"].sum(), "en"), timeout=WITHIN)
    expect(age(page, "91+")).to_be_focused()
    page.get_by_test_id("aged-history").locator("[role=button][aria-label*='1–30']").first.press("Enter")
    expect(age(page, "1-30")).to_have_attribute("aria-pressed", "true", timeout=WITHIN)
    age(page, "1-30").click()
    expect(debtors(page).locator("tfoot")).to_contain_text(number(aged["total"].sum(), "en"), timeout=WITHIN)
    expect(page).not_to_have_url(re.compile("bucket="))


def test_a_small_file_in_french_on_every_width_and_on_paper(visit, tmp_path):
    """Its figures are those counted by hand, and a customer's name that is a piece of HTML is a name."""
    path = tmp_path / "petit.csv"
    path.write_bytes(LEDGER.replace(HOSTILE.encode(), b"<img src=x onerror=window.hacked=1>"))
    upload(visit, path)
    expect(visit.get_by_test_id("live-cockpit")).to_contain_text("2,650", timeout=WITHIN)  # 1,950.50 and F6
    turn(visit, "cockpit", "fr", "2024-03-31")
    figures = {
        "balance": "1\u202f950,50",
        "dso": "54,0",
        "open_items": "3",
        "aged-not_due": "1\u202f250,50",
        "aged-1-30": "500,00",
        "aged-31-60": "200,00",
        "aged-total": "1\u202f950,50",
        "proof": "1\u202f950,50",
    }
    for name, figure in figures.items():
        expect(visit.get_by_test_id(name)).to_contain_text(figure, timeout=WITHIN)
    drawn(visit)
    expect(debtors(visit).get_by_text("<img src=x onerror=window.hacked=1>")).to_be_visible()
    assert visit.evaluate("window.hacked") is None
    assert visit.locator("table caption").count() == visit.locator("table").count()
    visit.emulate_media(media="print")
    expect(visit.get_by_test_id("balance")).to_be_visible()
    expect(visit.locator(".arlib-control-since")).to_be_hidden()


def turn(page: Page, to: str, language: Language, day: str) -> None:
    """Goes to an address of the visitor's own file, as a link of the page does."""
    page.evaluate(f"location.hash = '#/{to}?lang={language}&day={day}'")
    expect(page.locator(".arlib-page")).to_have_attribute("lang", language, timeout=WITHIN)

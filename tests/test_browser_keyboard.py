"""The keyboard reaches everything and is seen to; what was done is undone; a copied link reopens the same view."""

import re

import pytest
from conftest import Watch, close_page
from places import go
from playwright.sync_api import Browser, Page, expect
from seen import WITHIN, settled

pytestmark = pytest.mark.browser

STOPS = (  # in the order in which the tabulator comes to them
    ".arlib-tools",
    ".arlib-nav",
    ".arlib-control-source",
    ".arlib-upload",
    ".arlib-control-as-of",
    ".arlib-proof",
    ".arlib-buckets tbody",
    "[data-testid=aged-history] svg",
    "[data-testid=debtors] thead",
    "[data-testid=debtors] tbody",
    "[data-testid=pareto] svg",
)
FOCUSED = """stops => {
  const here = document.activeElement;
  const looks = [here, here.closest("label"), here.parentElement].filter(Boolean).map((each) => getComputedStyle(each));
  const isSeen = (look) => look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0;
  return {
    stop: stops.find((stop) => here.closest(stop)) ?? "",
    seen: looks.some((look) => isSeen(look) || look.boxShadow !== "none"),
    what: here.outerHTML.slice(0, 120),
  };
}"""


@pytest.fixture
def visit(voila_server, guarded_page: Page) -> Page:
    guarded_page.set_default_timeout(WITHIN)
    guarded_page.goto(f"{voila_server.address}#/cockpit?lang=en")
    settled(guarded_page)
    return guarded_page


def test_the_tabulator_comes_to_everything_in_its_order_and_is_seen(visit):
    visit.locator(".arlib-header h1 a").focus()
    met, unseen = [], []
    for _ in range(140):
        visit.keyboard.press("Tab")
        focused = visit.evaluate(FOCUSED, list(STOPS))
        if not focused["seen"]:
            unseen.append(focused["what"])
        if focused["stop"] and focused["stop"] not in met:
            met.append(focused["stop"])
        if len(met) == len(STOPS):
            break
    assert met == list(STOPS)
    assert unseen == []


def test_what_was_done_is_undone_by_the_button_and_by_going_back(visit):
    undo = visit.get_by_test_id("tool-undo")
    visit.locator("button[data-bucket='31-60']").click()
    expect(visit).to_have_url(re.compile("bucket=31-60"), timeout=WITHIN)
    settled(visit)
    undo.press("Enter")
    expect(visit).not_to_have_url(re.compile("bucket="), timeout=WITHIN)
    expect(visit.locator("button[data-bucket='31-60']")).to_have_attribute("aria-pressed", "false")
    go(visit, "customers")
    grade = visit.get_by_test_id("filter-grade")
    grade.select_option("E")
    expect(visit).to_have_url(re.compile("f.grade=E"), timeout=WITHIN)
    settled(visit)
    visit.go_back()
    expect(grade).to_have_value("", timeout=WITHIN)
    go(visit, "simulator")
    handle = visit.locator(".arlib-control-days [role=slider]")
    handle.press("ArrowRight")
    readout = visit.locator(".arlib-control-days .widget-readout")
    expect(readout).to_have_text("31", timeout=WITHIN)
    settled(visit)
    undo.click()
    expect(readout).to_have_text("30", timeout=WITHIN)


def test_a_copied_link_reopens_the_same_view_for_somebody_else(visit, browser: Browser):
    """The same page, customer, day and figures, in a browser that has never been here."""
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    go(visit, "customers", **{"f.grade": "E", "sort": "overdue", "day": "2025-09-30"})
    table = visit.get_by_test_id("customers")
    visit.get_by_test_id("tool-share").click()
    expect(visit.locator(".arlib-tool-said")).not_to_be_empty()
    link = visit.evaluate("navigator.clipboard.readText()")
    context = browser.new_context(locale="fr-FR")
    watch = Watch()
    watch.on(context)
    other = context.new_page()
    other.goto(link)
    other.bring_to_front()
    settled(other)
    assert other.get_by_test_id("customers").locator("table").inner_text() == table.locator("table").inner_text()
    assert other.get_by_test_id("filter-grade").input_value() == "E"
    close_page(other)
    context.close()
    watch.assert_clean()


def test_light_or_dark_is_remembered(visit):
    ground = "getComputedStyle(document.body).backgroundColor"
    theme = visit.get_by_test_id("tool-theme")
    theme.click()
    light = visit.evaluate(ground)
    theme.click()
    dark = visit.evaluate(ground)
    assert light != dark
    visit.reload()
    settled(visit)
    assert visit.evaluate(ground) == dark
    expect(theme).to_contain_text("dark")
    theme.click()

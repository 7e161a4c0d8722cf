"""Names that mean harm, on every page, in every chart and in every file made of them: they are names, and no more."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_names import LAST, NAMES, is_inert, ledger_of_names
from places import go, places
from playwright.sync_api import Page, expect
from seen import WITHIN, settled, upload, visible_texts

pytestmark = pytest.mark.browser

RUNS = """() => {
  const asked = ["href", "xlink:href", "src", "action", "formaction", "srcdoc"];
  const runs = ({ name, value }) => name.startsWith("on") || (asked.includes(name) && /^\\s*javascript:/i.test(value));
  return [...document.querySelectorAll(".arlib-page *, #vg-tooltip-element *")]
    .filter((each) => each.matches("img, iframe, object, embed, script") || [...each.attributes].some(runs))
    .map((each) => each.outerHTML.slice(0, 200));
}"""


@pytest.fixture
def visit(voila_server, guarded_page: Page, tmp_path: Path) -> Page:
    guarded_page.set_default_timeout(WITHIN)
    guarded_page.goto(f"{voila_server.address}#/start?lang=fr")
    settled(guarded_page)
    path = tmp_path / "clients=cmd.zip"
    path.write_bytes(ledger_of_names())
    upload(guarded_page, path)
    expect(guarded_page).to_have_url(re.compile("ledger=file-"), timeout=2 * WITHIN)
    settled(guarded_page)
    return guarded_page


def test_names_are_names_on_every_page_and_in_every_file(visit, tmp_path):
    kinds = set()
    for name, to, asked in places(f"{LAST[:30]} {len(NAMES) - 1}"):
        go(visit, to, lang="fr", **asked)
        expect(visit.get_by_test_id("notice")).to_be_hidden()
        point_at_charts(visit)
        assert visit.evaluate(RUNS) == [], name
        assert visit.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        if name in ("customers", "customer", "cockpit"):
            assert any(LAST in text for text in visible_texts(visit)), name
        for file, content in files(visit, tmp_path):
            is_inert(file, content)
            kinds.add(Path(file).suffix)
    assert visit.evaluate("window.hacked") is None
    assert kinds >= {".xlsx", ".csv", ".html", ".zip", ".json"}


def point_at_charts(page: Page) -> None:
    """A tooltip of each chart."""
    for drawing in page.locator(".arlib-drawing:visible").all():
        mark = drawing.locator("svg :is(.mark-rect, .mark-symbol, .mark-arc) path").first
        if mark.count():
            mark.dispatch_event("mousemove", {"bubbles": True})


def files(page: Page, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file that the page makes."""
    for button in page.locator(".arlib-download button:visible:enabled").all():
        with page.expect_download(timeout=2 * WITHIN) as download:
            button.click()
        path = folder / "download"
        download.value.save_as(path)
        yield download.value.suggested_filename, path.read_bytes()

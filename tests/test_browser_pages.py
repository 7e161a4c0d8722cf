"""Every page in a real browser, once in each language: what holds of all of them alike."""

import os
from pathlib import Path

import axe_playwright_python
import pytest
from petit import foreign_words
from places import go, places
from playwright.sync_api import Page, ViewportSize
from seen import WITHIN, settled, visible_texts

from arlib.samples import load_sample
from arlib.words import Language

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
WIDTHS = (390, 900, 1440)
CONTROLS = (".arlib-nav", ".arlib-tools", ".arlib-upload", ".arlib-download", "input", "select")
CUT = """() => [...document.querySelectorAll(".arlib-value")]
  .filter((figure) => figure.checkVisibility() && figure.scrollWidth > figure.clientWidth)
  .map((figure) => figure.textContent)"""
GRAVE = """async () => {
  const rows = { exclude: [["tbody tr:nth-child(n+5)"]] }; // the rows of a table are alike
  const { violations } = await axe.run(rows, { resultTypes: ["violations"], preload: false });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target} ${failureSummary}`));
}"""


@pytest.fixture
def screens(tmp_path: Path) -> Path:
    """Where pictures of the pages are put: `ARLIB_SCREENS`, which CI keeps, else a folder of the moment."""
    folder = Path(os.environ.get("ARLIB_SCREENS") or tmp_path).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def opened(page: Page, address: str, language: Language) -> Page:
    page.set_default_timeout(WITHIN)
    page.emulate_media(color_scheme="light" if language == "fr" else "dark")
    page.goto(f"{address}#/start?lang={language}")
    settled(page)
    page.evaluate(AXE.read_text("utf-8"))  # by the browser's driver, past the content policy, which stays as it is
    return page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_is_sound(voila_server, guarded_page: Page, screens: Path, language: Language):
    """Nothing grave for axe-core, in the light and in the dark; one language; no width at which it slides sideways."""
    page = opened(guarded_page, voila_server.address, language)
    foreign = foreign_words(language)
    for name, to, asked in places(load_sample("negoce").customers["customer_id"].iloc[0]):
        go(page, to, lang=language, **asked)
        assert page.evaluate(GRAVE) == [], name
        assert visible_texts(page) & foreign == set(), name
        assert page.get_by_test_id("notice").is_hidden(), name
        for width in WIDTHS:
            wide(page, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            assert page.evaluate(CUT) == [], name
            if width == WIDTHS[-1]:
                page.screenshot(path=screens / f"{name}-{language}.png", full_page=True)
        page.emulate_media(media="print")
        assert [control for control in CONTROLS if page.locator(f"{control}:visible").count()] == [], name
        page.emulate_media(media="screen")


def wide(page: Page, width: int) -> None:
    page.set_viewport_size(ViewportSize(width=width, height=900))
    settled(page)

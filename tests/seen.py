"""What the tests in a browser do alike: wait until a page is settled, send it a file, read what is on it."""

from pathlib import Path

from playwright.sync_api import Page, expect

from arlib.words import Language

WITHIN = 30_000  # ms, for two busy cores


def settled(page: Page) -> None:
    """Waits until nothing is being computed, drawn or still to come."""
    expect(page.locator(".arlib-page[data-settled=true][aria-busy=false]")).to_have_count(1, timeout=2 * WITHIN)
    expect(page.locator("[data-drawing]")).to_have_count(0, timeout=WITHIN)


def upload(page: Page, path: Path) -> None:
    page.get_by_test_id("upload").set_input_files(path)


def on_day(page: Page, day: str) -> None:
    """Types a day, as one does."""
    box = page.locator(".arlib-control-as-of input")
    box.fill(day)
    box.press("Tab")


def in_language(page: Page, language: Language) -> None:
    page.get_by_role("button", name=language.upper(), exact=True).click()
    expect(page.locator(".arlib-page")).to_have_attribute("lang", language, timeout=WITHIN)


def visible_texts(page: Page) -> set[str]:
    """Every piece of text a visitor sees, charts and controls included."""
    return set(
        page.evaluate(
            """() => {
              const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walker.nextNode()) {
                const text = walker.currentNode;
                if (text.parentElement.checkVisibility()) texts.push(text.data.trim());
              }
              return texts;
            }"""
        )
    )

"""The visit in a real browser: files good, bad and long, the language, what a reader who does not see is told."""

import re
from pathlib import Path

import pytest
from hostile_files import workbook, zipped
from petit import LEDGER, english_words
from playwright.sync_api import Page, expect
from seen import WITHIN, in_language, on_day, settled, upload, visible_texts

pytestmark = pytest.mark.browser

IBM = Path("ibm_late_payment") / "WA_Fn-UseC_-Accounts-Receivable.csv"


@pytest.fixture
def visit(voila_server, guarded_page: Page) -> Page:
    """The cockpit, opened in French by its address, with everything drawn."""
    guarded_page.set_default_timeout(WITHIN)
    guarded_page.goto(f"{voila_server.address}#/cockpit?lang=fr")
    settled(guarded_page)
    return guarded_page


def test_the_ibm_file_has_the_figures_of_its_own_documentation(visit, shared_data):
    """30 days net, cut at the end of 2012."""
    upload(visit, shared_data / IBM)
    expect(visit.locator(".arlib-control-source select")).to_contain_text(IBM.name, timeout=WITHIN)
    in_language(visit, "en")
    on_day(visit, "2012-12-31")
    figures = {
        "balance": "5,725.06",
        "dso": "26.8",
        "open_items": "99",
        "aged-not_due": "4,936.32",
        "aged-1-30": "788.74",
        "aged-total": "5,725.06",
        "proof": "5,725.06",
    }
    for name, figure in figures.items():
        expect(visit.get_by_test_id(name)).to_contain_text(figure, timeout=WITHIN)


def test_bad_files_are_explained_the_figures_stay_and_a_long_one_arrives_whole(visit, tmp_path):
    before = visit.get_by_test_id("balance").inner_text()
    bad = {
        "fevrier.csv": (LEDGER.replace(b"15/02/2024", b"31/02/2024"), ("ligne 4", "Date facture", "31/02/2024")),
        "photo.xlsx": (b"\x89PNG\r\n\x1a\n" + bytes(1000), ("image",)),
        "vide.csv": (b"", ("vide",)),
        "coupé.xlsx": (workbook()[:-40], ("abîmé",)),
        "dans un zip.zip": (zipped({"a.zip": zipped({"a.csv": LEDGER})}), ("archive",)),
        "programme.csv": (b"\x7fELF\x02\x01\x01\x00" + bytes(56), ("ni un texte ni un classeur",)),
        "session.csv": (b"<html><body><p>Session expired</p></body></html>", ("page web",)),
    }
    for name, (content, words) in bad.items():
        path = tmp_path / name
        path.write_bytes(content)
        upload(visit, path)
        for part in (name, *words):
            expect(visit.get_by_test_id("notice")).to_contain_text(part, timeout=WITHIN)
        assert visit.get_by_test_id("balance").inner_text() == before
    path = tmp_path / "long.csv"  # 5 MB, three slices: past the single message in which ipywidgets would send it
    path.write_bytes(LEDGER + b"Abeille;F9;01/03/2024;31/03/2024;0,01;\n" * 130_000)
    upload(visit, path)
    # 1,950.50 + 700.00 + 130,000 x 0.01 on the last day
    expect(visit.get_by_test_id("balance")).to_contain_text("3\u202f950,50", timeout=2 * WITHIN)
    expect(visit.get_by_test_id("notice")).to_be_hidden()


def test_french_and_english_do_not_mix_and_a_reader_who_does_not_see_is_told(visit):
    assert visible_texts(visit) & english_words() == set()
    assert visit.evaluate("document.documentElement.lang") == "fr"
    assert any(re.fullmatch(r"(janv|févr|avr|juil|sept|oct|nov|déc)\. 20\d\d", each) for each in visible_texts(visit))
    french = visit.get_by_test_id("balance").inner_text()
    for drawing in visit.locator(".arlib-drawing:visible").all():
        assert re.match(r"Courbes|Diagramme", drawing.get_attribute("aria-label"))
    for control in visit.locator(".arlib-page :is(select, input):visible").all():
        assert control.evaluate(
            "e => Boolean(e.getAttribute('aria-label') || [...(e.labels ?? [])].some(l => l.textContent.trim()))"
        )
    assert visit.get_by_role("heading", level=1).count() == 1
    assert visit.locator("table caption").count() == visit.locator("table").count()
    in_language(visit, "en")
    expect(visit.get_by_role("heading", level=1)).to_have_text("Receivables", timeout=WITHIN)
    expect(visit.get_by_test_id("balance")).to_contain_text("EUR", timeout=WITHIN)
    in_language(visit, "fr")
    settled(visit)
    assert visit.get_by_test_id("balance").inner_text() == french

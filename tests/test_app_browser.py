"""The app in a real browser: a manager's way through it, on the real IBM file and on a small file made here."""

import json
import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from test_apps import HOSTILE, LEDGER, english_words

pytestmark = pytest.mark.browser

IBM = Path("ibm_late_payment") / "WA_Fn-UseC_-Accounts-Receivable.csv"
WITHIN = 30_000  # ms, for two busy cores
WIDTHS = (390, 900, 1440)
UPPER = ("aged-history", "dso-history")
SIMULATED = ("dso-simulation", "cash-simulation")
LOWER = (*SIMULATED, "lever-bridge", "cash-gains", "cash-forecast")


@pytest.fixture
def app(voila_server, guarded_page: Page) -> Page:
    """The page, opened in French, with everything drawn."""
    guarded_page.set_default_timeout(WITHIN)
    guarded_page.goto(voila_server.address)
    expect(guarded_page.get_by_test_id("balance")).to_be_visible(timeout=WITHIN)
    drawn(guarded_page)
    return guarded_page


def drawn(page: Page) -> None:
    """Waits until every chart of the page is there and nothing is being computed, drawn or still to come.

    Without the latter, what comes above while a test looks below moves the page under it.
    """
    settled = page.locator(".arlib-page[data-settled=true][aria-busy=false]")
    expect(settled).to_have_count(1, timeout=2 * WITHIN)
    for chart in (*UPPER, *LOWER):
        expect(page.locator(f"[data-testid={chart}] svg")).to_be_visible(timeout=WITHIN)
    expect(page.locator("[data-drawing]")).to_have_count(0, timeout=WITHIN)


def upload(page: Page, path: Path) -> None:
    page.get_by_test_id("upload").set_input_files(path)


def on_day(page: Page, day: str, written: str) -> None:
    box = page.locator(".arlib-control-as-of input")
    box.fill(day)
    box.press("Tab")
    expect(page.get_by_test_id("about")).to_contain_text(written, timeout=WITHIN)


def in_language(page: Page, language: str) -> None:
    page.get_by_role("button", name=language, exact=True).click()
    expect(page.locator(".arlib-page")).to_have_attribute("lang", language.lower(), timeout=WITHIN)


def curve(page: Page, chart: str) -> str:
    """The lines of a chart, as the browser draws them."""
    paths = page.locator(f"[data-testid={chart}] svg path")
    return paths.evaluate_all("paths => paths.map(path => path.getAttribute('d')).join()")


def expect_figures(page: Page, figures: dict[str, str]) -> None:
    for name, figure in figures.items():
        expect(page.get_by_test_id(name)).to_contain_text(figure, timeout=WITHIN)


def visible_texts(page: Page) -> set[str]:
    """Every piece of text a visitor sees, charts and controls included."""
    return set(
        page.evaluate(
            """() => {
              const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walker.nextNode()) {
                const text = walker.currentNode;
                if (!text.parentElement.closest("script, style, noscript")) texts.push(text.data.trim());
              }
              return texts;
            }"""
        )
    )


def test_the_ibm_file_from_upload_to_slider(app, shared_data):
    upload(app, shared_data / IBM)
    expect(app.get_by_test_id("about")).to_contain_text(IBM.name, timeout=WITHIN)
    in_language(app, "EN")
    on_day(app, "2012-12-31", "2012-12-31")
    # The figures of the data set's own documentation: 30 days net, cut at the end of 2012.
    expect_figures(
        app,
        {
            "balance": "5,725.06",
            "dso": "26.8",
            "open_items": "99",
            "aged-not_due": "4,936.32",
            "aged-1-30": "788.74",
            "aged-total": "5,725.06",
            "proof": "5,725.06",
        },
    )
    drawn(app)
    assert_the_curves_follow_the_slider(app)


def assert_the_curves_follow_the_slider(page: Page, charts: Sequence[str] = SIMULATED) -> None:
    """Moved by keyboard; however often a chart is redrawn, one drawing of it is in the page, and the page stays put."""
    before = {chart: curve(page, chart) for chart in charts}
    handle = page.locator(".arlib-control-days [role=slider]")
    handle.focus()
    scrolled = page.evaluate("scrollY")
    step(page, "days", 5)
    expect(page.locator(".arlib-control-days .widget-readout")).to_have_text("35", timeout=WITHIN)
    expect_other_curves(page, before)
    for chart in before:
        expect(page.locator(f"[data-testid={chart}] .arlib-drawing")).to_have_count(1, timeout=WITHIN)
    assert page.evaluate("scrollY") == scrolled


def curves(page: Page) -> dict[str, str]:
    return {chart: curve(page, chart) for chart in SIMULATED}


def step(page: Page, control: str, steps: int) -> None:
    """Moves a slider by keyboard."""
    handle = page.locator(f".arlib-control-{control} [role=slider]")
    for _ in range(steps):
        handle.press("ArrowRight")


def expect_other_curves(page: Page, before: dict[str, str]) -> None:
    for chart, path in before.items():
        until = time.monotonic() + WITHIN / 1000
        while curve(page, chart) == path:
            assert time.monotonic() < until, f"{chart} did not follow the control"
            page.wait_for_timeout(50)


def expect_tried(page: Page, name: str) -> None:
    """What is tried is known by that name, its curves and its causes are drawn."""
    expect(page.locator(".arlib-policy-name input")).to_have_attribute("placeholder", name, timeout=WITHIN)
    expect(page.get_by_test_id("policies")).to_contain_text(name, timeout=WITHIN)
    drawn(page)


def test_every_lever_moves_the_curves_and_the_folded_ones_are_counted(app):
    expect(app.locator(".arlib-control-deposit")).to_be_hidden()
    app.locator(".arlib-fold").click()
    for control, steps in {"late-less": 4, "days-sooner": 5, "deposit": 4, "followed": 0}.items():
        expect(app.locator(f".arlib-control-{control}")).to_be_visible()
        if steps:
            before = curves(app)
            step(app, control, steps)
            expect_other_curves(app, before)
    for control in ("discount", "end-of-month", "segment"):
        before = curves(app)
        app.locator(f".arlib-control-{control} select").select_option(index=2)
        expect_other_curves(app, before)
    expect(app.locator(".arlib-fold")).to_contain_text("4 agissent", timeout=WITHIN)
    app.locator(".arlib-control-rate select").select_option(index=5)
    expect(app.get_by_test_id("policies")).to_contain_text("par an", timeout=WITHIN)
    drawn(app)
    app.locator(".arlib-fold").click()
    expect(app.locator(".arlib-control-deposit")).to_be_hidden()


def test_a_kept_policy_stays_is_saved_and_taken_up_again(app, tmp_path):
    """Its name is a piece of HTML: it is a name, in the page and in the file."""
    name = "<img src=x onerror=window.hacked=1>"
    step(app, "late-less", 4)
    expect_tried(app, "30 jours nets, retard −20\u00a0%")
    app.locator(".arlib-policy-name input").fill(name)
    app.locator(".arlib-keep").click()
    chip = app.locator(".arlib-chip")
    expect(chip).to_have_text(name, timeout=WITHIN)
    step(app, "days", 10)
    expect_tried(app, "40 jours nets, retard −20\u00a0%")
    expect(app.get_by_test_id("policies").locator("tbody th")).to_have_count(3)
    with app.expect_download() as download:
        app.get_by_test_id("save").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "politiques.json"
    assert json.loads(path.read_text("utf-8")) == [{"name": name, "terms": "30 days", "lateness_factor": 0.8}]
    chip.click()
    expect(chip).to_have_count(0, timeout=WITHIN)
    app.get_by_test_id("policies-file").set_input_files(path)
    expect(chip).to_have_text(name, timeout=WITHIN)
    expect(app.get_by_test_id("policies").locator("tbody th")).to_have_count(3, timeout=WITHIN)
    path.write_text('[{"name": "a", "acompte": 0.3}]', encoding="utf-8")
    app.get_by_test_id("policies-file").set_input_files(path)
    expect(app.get_by_test_id("notice")).to_contain_text("acompte", timeout=WITHIN)
    expect(chip).to_have_text(name)
    assert app.evaluate("window.hacked") is None


def test_the_forecast_and_the_simulation_say_how_they_did_on_the_past(app):
    for tested in ("tested-forecast", "tested-simulation"):
        place = app.get_by_test_id(tested)
        expect(place).to_contain_text(re.compile(r"1\d (clôtures|arrêtés)"), timeout=WITHIN)
        place.locator("summary").click()
        expect(place.locator("li").first).to_be_visible()
    expect(app.get_by_test_id("forecast-total")).to_contain_text("huit fois sur dix")
    weeks = app.get_by_text("Semaine par semaine, et de quoi c'est fait")
    weeks.click()
    expect(app.locator(".arlib-basis[open] table").first).to_be_visible()
    app.locator(".arlib-basis[open] summary").click()


def test_a_ledger_without_a_payment_says_so_below_too(app, tmp_path):
    path = tmp_path / "mars.csv"
    path.write_bytes(b"Client;Facture;Date facture;Montant\nA;1;01/03/2024;10,00\n")
    upload(app, path)
    expect(app.get_by_test_id("about")).to_contain_text("mars.csv", timeout=WITHIN)
    expect(app.locator(".arlib-page[data-settled=true][aria-busy=false]")).to_have_count(1, timeout=WITHIN)
    assert app.locator(".arlib-empty:visible").count() >= 3  # customers at risk, what if, forecast
    for chart in LOWER:
        expect(app.get_by_test_id(chart)).to_be_hidden()
    assert "en cours" not in app.locator(".arlib-lower").inner_text()


def test_a_small_file_shows_the_figures_counted_by_hand(app, tmp_path):
    """Also: a customer's name that is a piece of HTML is a name."""
    path = tmp_path / "petit.csv"
    path.write_bytes(LEDGER.replace(HOSTILE.encode(), b"<img src=x onerror=window.hacked=1>"))
    upload(app, path)
    expect(app.get_by_test_id("about")).to_contain_text("petit.csv", timeout=WITHIN)
    on_day(app, "2024-03-31", "31/03/2024")
    expect_figures(
        app,
        {
            "balance": "1\u202f950,50",
            "dso": "54,0",
            "open_items": "3",
            "aged-not_due": "1\u202f250,50",
            "aged-1-30": "500,00",
            "aged-31-60": "200,00",
        },
    )
    drawn(app)
    expect(app.get_by_text("Ce que l'on sait des règlements s'arrête à").first).to_be_visible(timeout=WITHIN)
    assert_the_curves_follow_the_slider(app, ["cash-simulation"])  # so few invoices tell no DSO to come
    expect(app.get_by_text("<img src=x onerror=window.hacked=1>").first).to_be_visible()
    assert app.evaluate("window.hacked") is None
    assert app.locator(".arlib-page img").count() == 0


def test_french_and_english_do_not_mix(app):
    drawn(app)
    assert visible_texts(app) & english_words() == set()
    assert app.evaluate("document.documentElement.lang") == "fr"
    assert any(re.fullmatch(r"(janv|févr|avr|juil|sept|oct|nov|déc)\. 20\d\d", text) for text in visible_texts(app))
    french = app.get_by_test_id("balance").inner_text()
    in_language(app, "EN")
    expect(app.get_by_role("heading", level=1)).to_have_text("Receivables", timeout=WITHIN)
    expect(app.get_by_test_id("balance")).to_contain_text("EUR", timeout=WITHIN)
    in_language(app, "FR")
    expect(app.get_by_role("heading", level=1)).to_have_text("Poste client", timeout=WITHIN)
    drawn(app)
    assert app.get_by_test_id("balance").inner_text() == french
    assert visible_texts(app) & english_words() == set()


def test_a_bad_file_is_explained_and_the_figures_stay(app, tmp_path):
    before = app.get_by_test_id("balance").inner_text()
    bad = {
        "fevrier.csv": (LEDGER.replace(b"15/02/2024", b"31/02/2024"), ("ligne 4", "Date facture", "31/02/2024")),
        "photo.xlsx": (b"\x89PNG\r\n\x1a\n" + bytes(1000), ("image",)),
        "vide.csv": (b"", ("vide",)),
    }
    for name, (content, words) in bad.items():
        path = tmp_path / name
        path.write_bytes(content)
        upload(app, path)
        for part in (name, *words):
            expect(app.get_by_test_id("notice")).to_contain_text(part, timeout=WITHIN)
        assert app.get_by_test_id("balance").inner_text() == before
    good = tmp_path / "petit.csv"
    good.write_bytes(LEDGER)
    upload(app, good)
    expect(app.get_by_test_id("about")).to_contain_text("petit.csv", timeout=WITHIN)
    expect(app.get_by_test_id("notice")).to_be_hidden()


def test_the_score_says_how_it_did_on_the_past_and_its_reasons_can_be_unfolded(app):
    """What a manager reads is in sight, the rest one click away; in French, then in English without another test."""
    tested, why = app.get_by_test_id("tested"), app.get_by_test_id("risk").locator("details").first
    expect(tested).to_contain_text(re.compile(r"Sur \d+ clôtures passées et \d"), timeout=WITHIN)
    for place in (tested, why):
        expect(place.locator("li").first).to_be_hidden()
        place.locator("summary").click()
        expect(place.locator("li").first).to_be_visible()
    expect(why).to_contain_text("Historique propre")
    in_language(app, "EN")
    expect(tested).to_contain_text(re.compile(r"Over \d+ past closings"), timeout=WITHIN)


def test_a_file_of_many_slices_arrives_whole(app, tmp_path):
    """5 MB, three slices: past the single message in which ipywidgets would send it."""
    path = tmp_path / "long.csv"
    path.write_bytes(LEDGER + b"Abeille;F9;01/03/2024;31/03/2024;0,01;\n" * 130_000)
    upload(app, path)
    expect(app.get_by_test_id("about")).to_contain_text("long.csv", timeout=60_000)
    # 1,950.50 + 700.00 + 130,000 x 0.01 on the last day
    expect(app.get_by_test_id("balance")).to_contain_text("3\u202f950,50", timeout=WITHIN)


def test_nothing_overflows_on_a_telephone_a_tablet_or_a_screen_and_paper_has_no_controls(app):
    for language in ("EN", "FR"):
        in_language(app, language)
        for width in WIDTHS:
            app.set_viewport_size({"width": width, "height": 900})
            app.wait_for_timeout(400)
            drawn(app)
            assert_fits(app, width)
    app.emulate_media(media="print")
    expect(app.get_by_test_id("balance")).to_be_visible()
    for control in ("source", "as-of", "days", "late-less", "language"):
        expect(app.locator(f".arlib-control-{control}")).to_be_hidden()


def assert_fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for chart in page.locator(".arlib-chart").all():
        place, svg = chart.bounding_box(), chart.locator("svg").bounding_box()
        assert svg["x"] + svg["width"] <= place["x"] + place["width"] + 1
    assert page.get_by_test_id("risk").evaluate("table => table.scrollWidth <= table.clientWidth")
    for value in page.locator(".arlib-value").all():
        assert value.evaluate("value => value.scrollWidth <= value.clientWidth")


def test_a_reader_who_does_not_see_is_told(app):
    for drawing in app.locator(".arlib-drawing").all():
        assert re.match(r"Courbes|Diagramme en", drawing.get_attribute("aria-label"))
    app.locator(".arlib-fold").click()
    named = ":is(.arlib-controls, .arlib-shelf)"
    for control in app.locator(f"{named} :is(select, input, [role=slider])").all():
        assert control.evaluate(
            "e => Boolean(e.getAttribute('aria-label') || [...(e.labels ?? [])].some(l => l.textContent.trim()))"
        )
    assert app.get_by_role("heading", level=1).count() == 1
    assert app.locator("table caption").count() == app.locator("table").count()

"""The simulator and the forecast in a real browser: sliders, segments, links, files, a bar that the tables follow."""

import json
import re
import time

import openpyxl
import pytest
from petit import english_words
from playwright.sync_api import Page, expect
from seen import WITHIN, settled, visible_texts

from arlib.samples import load_sample
from arlib.simulation import Costs, Policy, forecast_cash, prepare, simulate
from arlib.terms import PaymentTerms
from arlib.words import number

pytestmark = pytest.mark.browser

CURVES = ("dso-simulation", "cash-simulation")
HOSTILE = "<img src=x onerror=window.hacked=1>"


@pytest.fixture
def visit(voila_server, guarded_page: Page) -> Page:
    guarded_page.set_default_timeout(WITHIN)
    guarded_page.goto(f"{voila_server.address}#/simulator?lang=fr&rate=0.05")
    settled(guarded_page)
    return guarded_page


def drawn(page: Page, *charts: str) -> None:
    settled(page)
    for chart in charts:
        expect(page.locator(f"[data-testid={chart}] svg")).to_be_visible(timeout=WITHIN)


def curve(page: Page, chart: str) -> str:
    """The lines of a chart, as the browser draws them."""
    paths = page.locator(f"[data-testid={chart}] svg path")
    return paths.evaluate_all("paths => paths.map(path => path.getAttribute('d')).join()")


def curves(page: Page) -> dict[str, str]:
    return {chart: curve(page, chart) for chart in CURVES}


def expect_other_curves(page: Page, before: dict[str, str]) -> None:
    for chart, path in before.items():
        until = time.monotonic() + WITHIN / 1000
        while curve(page, chart) == path:
            assert time.monotonic() < until, f"{chart} did not follow the control"
            page.wait_for_timeout(50)


def step(page: Page, control: str, steps: int) -> None:
    """Moves a slider by keyboard."""
    handle = page.locator(f".arlib-control-{control} [role=slider]")
    handle.focus()
    for _ in range(steps):
        handle.press("ArrowRight")


def expect_results(page: Page, summary) -> None:
    row = summary.iloc[1]
    for name, figure, decimals in (
        ("dso", row["dso_month"], 1),
        ("receivable", row["receivable_end"], 0),
        ("cash", row["cash_gained"], 0),
        ("gained", row["financing_gained"], 0),
        ("breaches", row["illegal_invoices"], 0),
    ):
        expect(page.get_by_test_id(f"result-{name}")).to_contain_text(number(figure, "fr", decimals), timeout=WITHIN)


def test_levers_by_segment_follow_the_keyboard_and_a_link_reopens_them(visit):
    """Figures are those of `simulate`, whose policy the link holds."""
    base, costs = prepare(load_sample("negoce")), Costs(0.05)
    drawn(visit, *CURVES, "policies-chart", "lever-bridge", "cash-gains")
    expect_results(visit, simulate(base, Policy("30", PaymentTerms(30)), costs=costs).summary)
    before = curves(visit)
    scrolled = visit.evaluate("scrollY")
    step(visit, "days", 5)
    expect(visit.locator(".arlib-control-days .widget-readout")).to_have_text("35", timeout=WITHIN)
    expect_other_curves(visit, before)
    assert visit.evaluate("scrollY") == scrolled
    visit.locator(".arlib-control-segment select").select_option(label="GMS")
    expect(visit).to_have_url(re.compile("segment=GMS"), timeout=WITHIN)
    step(visit, "days", 10)
    expect(visit.get_by_test_id("apart")).to_contain_text("45 jours nets", timeout=WITHIN)
    rest = ("Collectivités", "Détaillants", "Restauration")
    parts = (Policy("a", PaymentTerms(35), segments=rest), Policy("b", PaymentTerms(45), segments=("GMS",)))
    told = simulate(base, Policy.together("mine", *parts), costs=costs).summary
    expect_results(visit, told)
    settled(visit)
    expect(visit).to_have_url(re.compile("days=35.*days%40GMS=45"))
    visit.goto(visit.url.replace("segment=GMS", "segment="))
    visit.reload()
    settled(visit)
    expect_results(visit, told)
    expect(visit.locator(".arlib-control-days .widget-readout")).to_have_text("35")
    assert visible_texts(visit) & english_words() == set()


def test_policies_are_kept_renamed_saved_and_taken_up_again(visit, tmp_path):
    """The name of one is a piece of HTML: it is a name, in the page, in the link and in the file."""
    step(visit, "late-less", 20)
    tried = visit.locator(".arlib-policy-name input")
    expect(tried).to_have_attribute("placeholder", "30 jours nets, retard −20\u00a0%", timeout=WITHIN)
    tried.fill("Plan A")
    visit.locator(".arlib-keep").click()
    name = visit.locator(".arlib-kept-name:visible input")
    expect(name).to_have_value("Plan A", timeout=WITHIN)
    name.fill(HOSTILE)
    name.press("Tab")
    expect(visit).to_have_url(re.compile("onerror"), timeout=WITHIN)
    step(visit, "days", 10)
    expect(visit.get_by_test_id("policies").locator("tbody th")).to_have_count(3, timeout=WITHIN)
    expect(visit.get_by_test_id("policies")).to_contain_text(HOSTILE)
    with visit.expect_download() as download:
        visit.get_by_test_id("save").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "politiques.json"
    assert json.loads(path.read_text("utf-8")) == [{"name": HOSTILE, "terms": "30 days", "lateness_factor": 0.8}]
    visit.locator(".arlib-kept-policy:visible .arlib-chip").click()
    expect(name).to_have_count(0, timeout=WITHIN)
    visit.get_by_test_id("policies-file").set_input_files(path)
    expect(name).to_have_value(HOSTILE, timeout=WITHIN)
    path.write_text('[{"name": "a", "acompte": 0.3}]', encoding="utf-8")
    visit.get_by_test_id("policies-file").set_input_files(path)
    expect(visit.get_by_test_id("notice")).to_contain_text("acompte", timeout=WITHIN)
    expect(name).to_have_value(HOSTILE)
    assert visit.evaluate("window.hacked") is None


def test_the_cash_to_come_week_by_week(visit, tmp_path):
    """A bar shows who pays in its week; its total is that of `forecast_cash`; promises count; all of it is a file."""
    ledger = load_sample("negoce")
    weekly = forecast_cash(ledger).weekly
    visit.get_by_role("link", name="Prévision", exact=True).click()
    drawn(visit, "cash-forecast", "cash-cumulated")
    expect(visit.get_by_test_id("forecast-total")).to_contain_text(number(weekly["expected"].sum(), "fr", 0))
    expect(visit.get_by_test_id("tested-forecast")).to_contain_text(re.compile(r"1\d (clôtures|arrêtés)"))
    visit.locator(".arlib-control-week select").select_option(index=3)
    total = visit.get_by_test_id("payers").locator("tfoot")
    expect(total).to_contain_text(number(weekly["expected"].iloc[2], "fr", 0), timeout=WITHIN)
    visit.locator("[data-testid=cash-forecast] svg .mark-rect path").nth(4).click()
    expect(visit).to_have_url(re.compile("week=5"), timeout=WITHIN)
    expect(total).to_contain_text(number(weekly["expected"].iloc[4], "fr", 0), timeout=WITHIN)
    with visit.expect_download() as download:
        visit.get_by_test_id("forecast-excel").click()
    download.value.save_as(tmp_path / "forecast.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "forecast.xlsx").worksheets[0]
    assert sheet["E6"].value == pytest.approx(weekly["expected"].iloc[0])
    path = tmp_path / "promesses.csv"
    path.write_text(
        f"Client;Montant;Promis pour le\n{ledger.customers['customer_id'].iloc[0]};50;15/01/2026\n", "utf-8"
    )
    visit.get_by_test_id("promises-file").set_input_files(path)
    expect(visit.get_by_test_id("promises")).to_contain_text("promesses.csv", timeout=WITHIN)
    settled(visit)
    assert visible_texts(visit) & english_words() == set()

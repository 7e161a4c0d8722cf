"""The parts of pages in a real browser, their Python in this process: no server, no kernel, a page of one widget.

A message of the browser goes to the widget's own handler; what the widget sends, or sets, comes back as it would.
"""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
from anywidget import AnyWidget
from playwright.sync_api import Page, expect

from arlib.apps.parts.chart_view import ChartEngine, ChartView
from arlib.apps.parts.download import Download
from arlib.apps.parts.page_link import stylesheet
from arlib.apps.parts.table_view import Action, TableState, TableView
from arlib.show.look import dressed
from arlib.show.tables import Field

pytestmark = pytest.mark.browser

PLACE = "http://127.0.0.1:9/"  # nothing listens there: every answer is this test's
HOSTILE = "<img src=x onerror=\"document.title='stolen'\"> =cmd|' /C calc'!A0"
RIGHT_TO_LEFT = "شركة \u202e(evil)\u202c الخليج"
LONG = "L" * 300

MODEL = """
globalThis.put = async (number, script, traits) => {
  const listeners = {};
  const emit = (event, ...values) => (listeners[event] ?? []).forEach((listen) => listen(...values));
  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt()).buffer);
  const model = {
    get: (name) => traits[name],
    on: (events, listen) => events.split(" ").forEach((event) => (listeners[event] ??= []).push(listen)),
    off: (events, listen) => {
      for (const event of events.split(" ")) listeners[event] = listeners[event].filter((each) => each !== listen);
    },
    async send(content) {
      const answer = JSON.parse(await globalThis.toPython(number, JSON.stringify(content)));
      for (const [name, value] of Object.entries(answer.traits)) {
        traits[name] = value;
        emit(`change:${name}`);
      }
      for (const [content, buffers] of answer.messages) emit("msg:custom", content, buffers.map(bytes));
    },
  };
  const { default: widget } = await import(script);
  const el = document.createElement("div");
  document.querySelector(".arlib-page").append(el);
  widget.render({ model, el });
};
"""


class Stage:
    """A page with widgets, whose messages are handed to them."""

    def __init__(self, page: Page) -> None:
        self._page, self._widgets, self._sent = page, [], []
        page.route(f"{PLACE}**", self._answer)
        page.expose_function("toPython", self._handle)
        page.goto(PLACE)

    def put(self, widget: AnyWidget) -> None:
        """Shows a widget below the others."""
        number = len(self._widgets)
        self._widgets.append(widget)
        widget.send = lambda content, buffers=(): self._sent.append((content, [bytes(each) for each in buffers]))
        self._page.evaluate(
            "([number, traits]) => globalThis.put(number, `/${number}.js`, traits)", [number, self._traits(widget)]
        )

    def _traits(self, widget: AnyWidget) -> dict[str, Any]:
        names = {name for name in widget.trait_names(sync=True) if not name.startswith("_")}
        names -= set(AnyWidget.class_trait_names())
        return json.loads(json.dumps({name: getattr(widget, name) for name in names}))

    def _handle(self, number: int, content: str) -> str:
        widget = self._widgets[number]
        before = self._traits(widget)
        self._sent.clear()
        widget._handle_custom_msg(json.loads(content), [])
        changed = {name: value for name, value in self._traits(widget).items() if value != before[name]}
        sent = [[content, [b64encode(part).decode() for part in parts]] for content, parts in self._sent]
        return json.dumps({"traits": changed, "messages": sent})

    def _answer(self, route: Any) -> None:
        name = route.request.url.removeprefix(PLACE)
        if name.endswith(".js"):
            script = self._widgets[int(name.removesuffix(".js"))]._esm
            return route.fulfill(body=str(script), content_type="text/javascript")
        head = "<meta charset=utf-8><title>parts</title><link rel=icon href='data:,'>"
        head += f"<style>{stylesheet()}</style><script>{MODEL}</script>"
        body = f"<!DOCTYPE html><html lang=en>{head}"
        return route.fulfill(body=f"{body}<body data-voila><main class=arlib-page></main>", content_type="text/html")


def customers() -> pd.DataFrame:
    """120 customers, three of whom have hostile names; each owes as many euros as its place."""
    names = [HOSTILE, RIGHT_TO_LEFT, LONG, *(f"Société {place}" for place in range(3, 120))]
    return pd.DataFrame(
        {
            "customer_id": [f"C{place}" for place in range(120)],
            "name": names,
            "grade": ["AB"[place % 2] for place in range(120)],
            "owed": [float(place) for place in range(120)],
            "why": [HOSTILE if place == 0 else None for place in range(120)],
        }
    )


class Customers:
    """A table of customers as a page holds it: what is wanted of it is shown."""

    def __init__(self) -> None:
        self.state, self.opened, self.acted, self.frame = TableState(), "", [], customers()
        self.table = TableView("customers", on_state=self._want, on_open=self._open, on_action=self._act)
        self._show()

    def _want(self, state: TableState) -> None:
        self.state = state
        self._show()

    def _open(self, key: str) -> None:
        self.opened = key
        self._show()

    def _act(self, key: str, action: str) -> None:
        self.acted.append((key, action))
        self._show()

    def _show(self) -> None:
        fields = [Field("name", "Client"), Field("grade", "Classe"), Field("owed", "Encours (EUR)", "money")]
        self.table.show(
            self.frame,
            fields,
            key="customer_id",
            state=self.state,
            caption="Clients",
            empty="",
            language="fr",
            filters={"grade": {"A": "paie à temps", "B": "paie tard"}},
            actions=[Action("call", "Appeler")],
            totals=["owed"],
            note="why",
            narrow=["owed"],
            opened=self.opened,
        )


def test_a_table_is_searched_sorted_filtered_paged_and_opened(guarded_page: Page) -> None:
    page, customers = guarded_page, Customers()
    Stage(page).put(customers.table)
    place = page.get_by_test_id("customers")
    first, pager = place.locator("tbody tr:not(.is-note) th").first, page.get_by_test_id("pager")
    expect(pager).to_have_text("1 à 50 sur 120")
    expect(first).to_have_text(HOSTILE)
    expect(place.locator("img")).to_have_count(0)

    place.get_by_role("button", name="Encours (EUR)").press("Enter")  # the largest first
    expect(first).to_have_text("Société 119")
    expect(place.get_by_role("columnheader", name="Encours (EUR)")).to_have_attribute("aria-sort", "descending")
    expect(place.get_by_role("button", name="Encours (EUR)")).to_be_focused()

    page.get_by_test_id("next").click()
    expect(pager).to_have_text("51 à 100 sur 120")
    page.get_by_test_id("filter-grade").select_option("paie tard")
    expect(pager).to_have_text("1 à 50 sur 60")
    # 1 + 3 + … + 119 = 60², whatever the page
    expect(place.locator("tfoot td").nth(1)).to_have_text("3\u202f600,00")

    page.get_by_test_id("search").press_sequentially("SOCIETE 11", delay=20)
    expect(pager).to_have_text("1 à 6 sur 6")  # 11, 111, 113, 115, 117, 119
    expect(page.get_by_test_id("search")).to_have_value("SOCIETE 11")
    page.get_by_role("button", name="Société 111", exact=True).press("Enter")
    expect(place.locator("[aria-current]")).to_contain_text("Société 111")
    expect(page.get_by_role("button", name="Société 111", exact=True)).to_be_focused()
    place.get_by_role("button", name="Appeler Société 11", exact=True).click()
    assert (customers.opened, customers.acted) == ("C111", [("C11", "call")])

    page.get_by_test_id("search").fill("personne")
    expect(place.locator(".arlib-empty")).to_be_visible()
    page.get_by_test_id("clear").click()
    expect(pager).to_have_text("1 à 50 sur 120")
    assert page.title() == "parts"


@pytest.mark.parametrize("width", [390, 1440])
def test_a_table_stays_within_its_page(guarded_page: Page, width: int) -> None:
    guarded_page.set_viewport_size({"width": width, "height": 900})
    Stage(guarded_page).put(Customers().table)
    expect(guarded_page.get_by_test_id("pager")).to_be_visible()
    assert guarded_page.evaluate("document.documentElement.scrollWidth") == width
    shown = guarded_page.get_by_test_id("customers").locator("thead th:visible").count()
    assert shown == (3 if width == 390 else 4)
    heights = guarded_page.locator("tbody tr:not(.is-note)").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert max(heights) < 110  # three hundred letters take three lines
    names = guarded_page.locator("tbody th bdi")
    assert names.nth(1).evaluate("name => getComputedStyle(name).unicodeBidi") == "isolate"
    scroll = guarded_page.locator(".arlib-data-scroll")
    scroll.evaluate("place => place.scrollTo(0, 400)")
    top = scroll.bounding_box()["y"]
    assert abs(guarded_page.locator("thead th").first.bounding_box()["y"] - top) < 2  # the headings stay in sight


def bars() -> alt.Chart:
    rows = pd.DataFrame(
        {"due_on": pd.to_datetime(["2024-01-31", "2024-02-29"]), "owed": [5, 7], "name": [HOSTILE, "B"]}
    )
    bar = alt.Chart(rows).mark_bar(size=30).encode(x="due_on:T", y="owed:Q", tooltip=["name", "owed"])
    return dressed(bar, "fr", finding="Dû", about="Barres.")


def test_marks_are_clicked_and_chosen_by_keyboard(guarded_page: Page) -> None:
    clicks: list[dict[str, Any]] = []
    chart = ChartView(name="owed", on_click=lambda datum: clicks.append(dict(datum)))
    chart.show(bars())
    stage = Stage(guarded_page)
    stage.put(ChartEngine())
    stage.put(chart)
    marks = guarded_page.get_by_test_id("owed").get_by_role("button")
    expect(marks).to_have_count(2)
    expect(marks.nth(1)).to_have_attribute("aria-label", "name: B; owed: 7")
    marks.nth(1).click()
    marks.nth(0).focus()
    for key in ("ArrowRight", "ArrowLeft", "Enter"):
        guarded_page.keyboard.press(key)
    expect(marks.nth(0)).to_be_focused()
    expect(guarded_page.locator("img")).to_have_count(0)
    told = [{name: each[name] for name in ("name", "owed", "due_on")} for each in clicks]
    assert told == [
        {"name": "B", "owed": 7, "due_on": "2024-02-29"},
        {"name": HOSTILE, "owed": 5, "due_on": "2024-01-31"},
    ]
    guarded_page.set_viewport_size({"width": 700, "height": 900})  # drawn anew, the mark keeps the focus
    expect(guarded_page.get_by_test_id("owed")).to_have_attribute("data-drawn", "2")
    expect(marks.nth(0)).to_be_focused()


def test_a_chart_without_clicks_is_no_stop_of_the_keyboard(guarded_page: Page) -> None:
    chart = ChartView(name="owed")
    chart.show(bars())
    stage = Stage(guarded_page)
    stage.put(ChartEngine())
    stage.put(chart)
    expect(guarded_page.locator("[data-testid=owed][data-drawn]")).to_be_visible()
    expect(guarded_page.get_by_test_id("owed").locator("[tabindex]")).to_have_count(0)


def test_a_wide_chart_is_drawn_narrower_for_paper(guarded_page: Page) -> None:
    guarded_page.set_viewport_size({"width": 1440, "height": 900})
    chart = ChartView(name="owed")
    chart.show(bars())
    stage = Stage(guarded_page)
    stage.put(ChartEngine())
    stage.put(chart)
    drawing = guarded_page.locator("[data-testid=owed][data-drawn] svg").first
    wide = drawing.bounding_box()["width"]
    for event, width in (("beforeprint", 900), ("afterprint", wide)):
        guarded_page.evaluate("event => dispatchEvent(new Event(event))", event)
        assert drawing.evaluate("svg => svg.viewBox.baseVal.width") == pytest.approx(width, abs=2)


def test_a_file_is_made_once_and_saved(guarded_page: Page) -> None:
    content, made = bytes(range(256)) * 20_000, []

    def make() -> tuple[str, bytes]:
        made.append(1)
        return "../balance âgée.bin", content

    button = Download(make, guard=lambda work: work)
    button.label = "Enregistrer"
    Stage(guarded_page).put(button)
    with guarded_page.expect_download() as saved:
        guarded_page.get_by_test_id("download").dblclick()
    assert saved.value.suggested_filename == "_balance âgée.bin"
    assert Path(saved.value.path()).read_bytes() == content
    assert made == [1]
    expect(guarded_page.get_by_test_id("download")).to_have_attribute("aria-disabled", "false")


def test_a_cut_connection_is_a_sentence(guarded_page: Page) -> None:
    guarded_page.clock.install()
    button = Download(lambda: ("a.bin", b"content"), guard=lambda work: work)
    button.label = "Enregistrer"
    Stage(guarded_page).put(button)
    button._send_slice = lambda *_: None  # nothing comes after the size
    guarded_page.get_by_test_id("download").click()
    guarded_page.wait_for_timeout(200)
    guarded_page.clock.fast_forward(61_000)
    expect(guarded_page.get_by_role("status")).to_contain_text("connection")
    expect(guarded_page.get_by_test_id("download")).to_have_attribute("aria-disabled", "false")


AXE_LIKE = """
() => [...document.querySelectorAll(".arlib-page *")].filter((each) => {
  if (!["BUTTON", "INPUT", "SELECT"].includes(each.tagName)) return false;
  const named = each.getAttribute("aria-label") || each.closest("label")?.textContent || each.textContent;
  return !named.trim();
}).length
"""


def test_every_control_has_a_name(guarded_page: Page) -> None:
    stage = Stage(guarded_page)
    stage.put(Customers().table)
    expect(guarded_page.get_by_test_id("pager")).to_be_visible()
    assert guarded_page.evaluate(AXE_LIKE) == 0


def luminance(colour: list[float]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


# What stands on what, and the contrast that WCAG 2.2 asks of it: text 4.5 (1.4.3), edges and marks 3 (1.4.11).
PAIRS = [
    *((ink, ground, 4.5) for ink in ("ink", "muted", "accent", "warn") for ground in ("paper", "card", "soft")),
    *((ink, "warn-soft", 4.5) for ink in ("ink", "muted", "warn")),
    ("accent-ink", "accent", 4.5),
    ("card", "good", 4.5),
    ("paper", "ink", 4.5),
    *((mark, ground, 3.0) for mark in ("edge", "good") for ground in ("paper", "card")),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("system", ["light", "dark"])
def test_both_themes_can_be_read_and_a_choice_outdoes_the_system(guarded_page: Page, theme: str, system: Any) -> None:
    guarded_page.emulate_media(color_scheme=system)
    Stage(guarded_page)
    colours = guarded_page.evaluate(
        """([theme, names]) => {
          document.documentElement.dataset.theme = theme;
          const page = document.querySelector(".arlib-page");
          return names.map((name) => {
            page.style.color = `var(--arlib-${name})`;
            return getComputedStyle(page).color.match(/\\d+/g).slice(0, 3).map((part) => part / 255);
          });
        }""",
        [theme, sorted({name for pair in PAIRS for name in pair[:2]})],
    )
    light = dict(zip(sorted({name for pair in PAIRS for name in pair[:2]}), map(luminance, colours), strict=True))
    assert (light["paper"] > 0.5) == (theme == "light")
    for over, ground, asked in PAIRS:
        darker, lighter = sorted((light[over], light[ground]))
        assert (lighter + 0.05) / (darker + 0.05) >= asked, (over, ground)

"""JupyterLab without internet: charts and tables are drawn there, and in the page a notebook is saved as."""

import base64
import re
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from conftest import Server, close_page, start
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from playwright.sync_api import Page, expect
from served import write_notebook
from traitlets.config import Config

from arlib.apps.server.folders import JUPYTER
from arlib.measures import aged_balance
from arlib.samples import load_sample
from arlib.words import number

pytestmark = pytest.mark.browser

TODAY = "2025-12-31"
NAME = "small.ipynb"
CELL = f"""
import arlib as ar

ar.charts.offline()
aged = ar.aged_balance(ar.load_sample("negoce"), "{TODAY}")
display(ar.charts.aged_balance_chart(aged, currency="EUR", language="fr"))
ar.tables.aged_balance_table(aged, currency="EUR", language="fr", rows=3)
"""
TITLE = "26\u00a0% de ce qui est dû est échu"
OUTSIDE = re.compile(r'(?:src|href)="(?!data:|#)|url\((?!["\']?(?:data:|#))|<script', re.IGNORECASE)


def total() -> str:
    return number(aged_balance(load_sample("negoce"), TODAY)["total"].sum(), "fr")


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """`arlib lab` on a folder with one notebook, without the tabs and settings of whoever runs the tests."""
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "jupyter"))
    for variable in ("JUPYTERLAB_WORKSPACES_DIR", "JUPYTERLAB_SETTINGS_DIR"):
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / "work").mkdir()
    write_notebook(tmp_path / "work" / NAME, CELL)
    running = start("lab", tmp_path / "lab.log", str(tmp_path / "work"))
    yield running
    running.stop()


def address(server: Server, path: str) -> str:
    parts = urlsplit(server.address)
    return f"{parts.scheme}://{parts.netloc}{path}?{parts.query}"


def test_lab_draws_saves_and_exports_without_internet(lab: Server, guarded_page: Page, tmp_path: Path) -> None:
    guarded_page.goto(address(lab, f"/lab/tree/{NAME}"))
    expect(guarded_page.get_by_role("button", name="| Idle")).to_be_visible(timeout=60_000)
    guarded_page.get_by_role("menuitem", name="Run", exact=True).click()
    guarded_page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    output = guarded_page.locator(".jp-OutputArea")
    expect(output.locator(".vega-embed svg.marks")).to_be_visible(timeout=60_000)
    expect(output.locator("svg.marks")).to_contain_text(TITLE)
    assert output.locator("svg.marks").bounding_box()["width"] > 500
    expect(output.locator("table.arlib-table tfoot, .arlib-table .is-total").last).to_contain_text(total())
    guarded_page.keyboard.press("Control+s")
    saved = tmp_path / "work" / NAME
    expect(guarded_page.locator(".jp-mod-dirty")).to_have_count(0)
    exported = guarded_page.request.get(address(lab, f"/nbconvert/html/{NAME}"))
    assert "image/svg+xml" in saved.read_text(encoding="utf-8")
    opened = guarded_page.context.new_page()
    close_page(guarded_page)
    assert_it_stands_alone(opened, exported.text())


def assert_it_stands_alone(page: Page, exported: str) -> None:
    """The chart is a picture with its description, the table is there, and nothing is asked of anybody."""
    assert OUTSIDE.search(exported) is None
    page.set_content(exported)
    picture = page.get_by_role("img", name=TITLE.replace("\u00a0", " "))
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 500
    expect(page.locator(".arlib-table")).to_contain_text(total())


def test_a_page_of_nbconvert_shows_charts_though_it_keeps_the_state_of_widgets(tmp_path: Path) -> None:
    """`nbconvert --execute` keeps it, and would show the widget, which no kernel draws."""
    notebook = nbformat.read(write_notebook(tmp_path / NAME, CELL), as_version=4)
    NotebookClient(notebook, timeout=120, store_widget_state=True).execute()
    assert notebook.metadata.widgets
    ours = HTMLExporter(template_name="arlib", extra_template_basedirs=[str(JUPYTER / "nbconvert" / "templates")])
    page, _ = ours.from_notebook_node(notebook)
    assert OUTSIDE.search(page) is None
    assert TITLE in drawn_in(page)
    del notebook.metadata["widgets"]  # as the option that the notebook on sharing names does
    page, _ = HTMLExporter(config=Config()).from_notebook_node(notebook)
    assert TITLE in drawn_in(page)


def drawn_in(page: str) -> str:
    """The text of the pictures in a page."""
    pictures = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    return "".join(base64.b64decode(picture).decode() for picture in pictures)

"""The server of the app: what it sends, what it refuses, and that nothing is left behind.

A notebook of its own, with one slider and one anywidget, stands for the app.
"""

import http.client
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from conftest import Server, close_page, start
from playwright.sync_api import Page, expect

from arlib.apps import server
from arlib.errors import ArlibError

pytestmark = pytest.mark.browser

CELL = """
import os, sys
import anywidget, ipywidgets, traitlets

class Counter(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
        const button = document.createElement("button");
        const show = () => { button.textContent = "clicks " + model.get("clicks"); };
        button.onclick = () => { model.set("clicks", model.get("clicks") + 1); model.save_changes(); };
        model.on("change:clicks", show); show(); el.append(button);
    } }'''
    clicks = traitlets.Int(0).tag(sync=True)

counter, slider = Counter(), ipywidgets.IntSlider(description="Delay", max=90)
heard, where = ipywidgets.Label("nothing yet"), ipywidgets.Label(
    f"{sys.executable} {os.environ['ARLIB_LANGUAGE']} {os.getpid()}")
slider.observe(lambda change: setattr(heard, "value", f"heard {change.new} days"), "value")
counter.observe(lambda change: setattr(heard, "value", f"heard click {change.new}"), "clicks")
ipywidgets.VBox([slider, counter, ipywidgets.Button(icon="check", description="OK"), heard, where])
"""


def write_notebook(path: Path, cell: str) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    write_notebook(folder / "page.ipynb", CELL)
    (folder / "customers.csv").write_text("secret", encoding="utf-8")
    (folder / "picture.png").write_bytes(b"secret")
    # Voilà would execute this file of the notebook's folder; ours must not.
    (folder / "voila.py").write_text("raise SystemExit('executed voila.py')", encoding="utf-8")
    started = start("app", folder / "server.log", str(folder / "page.ipynb"), "--language", "fr")
    yield started
    started.stop()


def get(running: Server, path: str, host: str | None = None) -> tuple[int, http.client.HTTPMessage, str]:
    connection = http.client.HTTPConnection(urlsplit(running.address).netloc, timeout=30)
    connection.request("GET", path, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read().decode("utf-8", "replace")


def open_page(page: Page, running: Server) -> None:
    page.goto(running.address)
    expect(page.get_by_role("slider")).to_be_visible(timeout=60_000)


def test_page_works_asks_nothing_outside_and_leaves_no_kernel(running: Server, guarded_page: Page) -> None:
    open_page(guarded_page, running)
    assert guarded_page.title() == "Poste client"
    assert guarded_page.locator("html").get_attribute("lang") == "fr"
    slider = guarded_page.get_by_role("slider", name="Delay")  # the name is given by the template's script
    slider.focus()
    slider.press("ArrowRight")
    expect(guarded_page.get_by_text("heard 1 days")).to_be_visible()
    guarded_page.get_by_role("button", name="clicks 0").click()
    expect(guarded_page.get_by_text("heard click 1")).to_be_visible()
    expect(guarded_page.get_by_role("main")).to_be_visible()
    expect(guarded_page.get_by_text(f"{sys.executable} fr")).to_be_visible()
    expect(guarded_page.locator("#loading")).to_have_count(0)
    close_page(guarded_page)
    assert_kernels(running, 0)


def test_each_visitor_has_a_kernel(running: Server, guarded_page: Page) -> None:
    open_page(guarded_page, running)
    second = guarded_page.context.new_page()
    open_page(second, running)
    labels = [page.get_by_text(sys.executable).inner_text() for page in (guarded_page, second)]
    assert labels[0] != labels[1]  # the process numbers differ
    close_page(second)
    assert_kernels(running, 1)


def assert_kernels(running: Server, expected: int) -> None:
    until = time.monotonic() + 15
    while (found := running.kernels()) != expected and time.monotonic() < until:
        time.sleep(0.1)
    assert found == expected


def test_files_of_the_folder_are_not_served(running: Server) -> None:
    for name in ("customers.csv", "picture.png", "page.ipynb", "voila.py", "..%2F..%2Fetc%2Fpasswd"):
        status, _, body = get(running, f"/voila/files/{name}")
        assert status == 403, name
        assert "secret" not in body


def test_a_foreign_host_is_refused(running: Server) -> None:
    assert get(running, "/", host="attacker.example")[0] == 403


def test_headers_keep_the_page_to_this_server(running: Server) -> None:
    status, headers, body = get(running, "/?template=lab&theme=dark")
    assert status == 200
    assert "connect-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "://" not in body.replace("http://www.w3.org/", "")
    assert "theme-dark" not in body


def test_a_failing_cell_is_told_to_the_log_and_not_to_the_visitor(tmp_path: Path) -> None:
    write_notebook(tmp_path / "fails.ipynb", "raise RuntimeError('the reason')")
    failing = start("app", tmp_path / "server.log", str(tmp_path / "fails.ipynb"), "--language", "fr")
    try:
        _, _, body = get(failing, "/")
    finally:
        failing.stop()
    assert "Rechargez la page" in body
    assert "the reason" not in body
    assert "the reason" in failing.log.read_text(encoding="utf-8")


def test_the_port_asked_for_is_taken(running: Server) -> None:
    with pytest.raises(ArlibError, match="Another program uses port"):
        server.free_port(urlsplit(running.address).port)


def test_a_free_port_is_found() -> None:
    assert server.free_port(0) > 0
    assert server.free_port(None) > 0


def test_a_missing_notebook_is_said(tmp_path: Path) -> None:
    with pytest.raises(ArlibError, match="There is no notebook"):
        server.serve(tmp_path / "absent.ipynb", ready=lambda _: None)


@pytest.mark.skipif(os.name != "posix", reason="Unix sockets")
def test_kernels_speak_over_sockets_only_where_the_path_fits() -> None:
    short = server.configuration(Path("page.ipynb"), 1, "en", Path("/run/arlib-12345678"))
    assert short["KernelManager"] == {"transport": "ipc"}
    long = server.configuration(Path("page.ipynb"), 1, "en", Path("/run") / ("folder" * 10))
    assert "KernelManager" not in long


def test_lab_opens_a_copy_of_the_notebooks_and_asks_nothing_outside(
    tmp_path: Path, guarded_page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Neither the workspaces nor the settings of whoever runs the tests: their open tabs would come back.
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "jupyter"))
    for variable in ("JUPYTERLAB_WORKSPACES_DIR", "JUPYTERLAB_SETTINGS_DIR"):
        monkeypatch.delenv(variable, raising=False)
    copy = tmp_path / "mine"
    running = start("lab", tmp_path / "lab.log", str(copy))
    try:
        guarded_page.goto(running.address)
        expect(guarded_page.locator(".jp-Launcher").first).to_be_visible(timeout=60_000)
        guarded_page.wait_for_timeout(1500)  # the question about Jupyter news comes after the launcher
        expect(guarded_page.get_by_text("Jupyter news")).to_have_count(0)
        close_page(guarded_page)
    finally:
        running.stop()
    assert (copy / "apps" / server.APP).is_file()


def test_lab_asks_no_news_no_updates_and_lists_no_registry(tmp_path: Path) -> None:
    arguments = server.lab_arguments(tmp_path, browser=False)
    assert arguments[0] == str(tmp_path)
    assert "--no-browser" in arguments
    assert {"--ServerApp.ip=127.0.0.1", "--LabApp.news_url=None", "--LabApp.extension_manager=readonly"} < set(
        arguments
    )

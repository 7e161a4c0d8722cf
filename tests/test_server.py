"""The server of the app: what it sends, what it refuses, and that nothing is left behind.

A notebook of its own, with one slider and one anywidget, stands for the app.
"""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import Server, Watch, close_page, start
from playwright.sync_api import Browser, Page, expect
from served import EVERYWHERE, ask, serving, wait_until

from arlib.apps import server
from arlib.apps.server import Serving
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


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "customers.csv").write_text("secret", encoding="utf-8")
    (folder / "picture.png").write_bytes(b"secret")
    # Voilà would execute this file of the notebook's folder; ours must not.
    (folder / "voila.py").write_text("raise SystemExit('executed voila.py')", encoding="utf-8")
    with serving(folder, "--language", "fr", cell=CELL) as started:
        yield started


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
    wait_until(lambda: running.kernels() == expected)
    assert running.kernels() == expected


def test_a_killed_kernel_is_said_within_ten_seconds_and_the_way_on_keeps_the_view(
    running: Server, browser: Browser
) -> None:
    context = browser.new_context(locale="fr-FR")  # unguarded: a request that is answered 404 is meant here
    page = context.new_page()
    page.goto(running.address + "#/customers?lang=fr")
    expect(page.get_by_role("slider")).to_be_visible(timeout=60_000)
    os.kill(running.kernel_processes()[0], signal.SIGKILL)
    lost = page.get_by_role("alert")
    expect(lost).to_contain_text("s'est arrêté", timeout=10_000)
    lost.get_by_role("link", name="Recharger la page").click()
    expect(page.get_by_role("slider")).to_be_visible(timeout=60_000)
    assert page.evaluate("location.hash") == "#/customers?lang=fr"
    expect(page.locator("#arlib-lost")).to_be_hidden()
    close_page(page)
    context.close()
    assert_kernels(running, 0)


def test_a_cut_connection_is_said_and_mends_by_itself(running: Server, browser: Browser) -> None:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    open_page(page, running)
    context.set_offline(True)
    expect(page.get_by_role("alert")).to_contain_text("connexion au serveur est coupée", timeout=10_000)
    context.set_offline(False)
    expect(page.locator("#arlib-lost")).to_be_hidden(timeout=20_000)
    page.get_by_role("slider").press("ArrowRight")
    expect(page.get_by_text("heard 1 days")).to_be_visible(timeout=20_000)
    close_page(page)
    context.close()
    assert_kernels(running, 0)


def test_a_server_that_stopped_is_said_in_the_language_of_the_page(tmp_path: Path, browser: Browser) -> None:
    with serving(tmp_path, cell=CELL) as stopping:
        page = browser.new_page(locale="en-GB")
        open_page(page, stopping)
    expect(page.get_by_role("alert")).to_contain_text("The connection to the server is cut", timeout=10_000)
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text("Load the page again")
    page.close()


def test_a_visitor_enters_with_the_token_and_opens_the_view_of_the_link(tmp_path: Path, browser: Browser) -> None:
    """Under a path, to anybody: the form is asked and answered, the page works, and what stood after # stays."""
    token = "a-token-that-nobody-guesses"  # noqa: S105
    options = ("--host", EVERYWHERE, "--base-path", "/ar/", "--token", token)
    with serving(tmp_path, *options, cell=CELL) as guarded:
        here = f"http://127.0.0.1:{urlsplit(guarded.address).port}/ar/"
        context = browser.new_context(locale="fr-FR", viewport={"width": 390, "height": 800})
        page = context.new_page()
        page.goto(here + "#/simulator?days=45")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Qui êtes-vous")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_label("Jeton").fill("not the token at all")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("n'est pas le jeton")
        watch = Watch()
        watch.on(context)
        page.get_by_label("Jeton").fill(token)
        page.get_by_role("button", name="Ouvrir la page").click()
        expect(page.get_by_role("slider")).to_be_visible(timeout=60_000)
        assert page.url == here + "#/simulator?days=45"
        page.get_by_role("slider").press("ArrowRight")
        expect(page.get_by_text("heard 1 days")).to_be_visible()
        close_page(page)
        assert_kernels(guarded, 0)
        context.close()
        watch.assert_clean()


def test_pages_around_the_app_can_be_read_by_everybody(running: Server, browser: Browser) -> None:
    """One heading, one main part, a language and a title; in the dark, text and ground are not the same."""
    page = browser.new_page(locale="en-GB", color_scheme="dark")
    page.goto(running.address + "nothing")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("link", name="Try again")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "There is nothing here" in page.title()
    ink, ground = page.evaluate(
        "() => [getComputedStyle(document.querySelector('h1')).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert ink != ground
    page.close()


def test_files_of_the_folder_are_not_served(running: Server) -> None:
    for name in ("customers.csv", "picture.png", "page.ipynb", "voila.py", "..%2F..%2Fetc%2Fpasswd"):
        for path in (f"/voila/files/{name}", f"/{name}", f"/files/{name}", f"/voila/static/..%2F{name}"):
            answer = ask(running, path)
            assert answer.status in {403, 404}, path
            assert "secret" not in answer.text


def test_a_foreign_host_is_refused(running: Server) -> None:
    for path in ("/", "/voila/static/voila.js"):
        assert ask(running, path, headers={"Host": "attacker.example"}).status == 403


def test_headers_keep_the_page_to_this_server(running: Server) -> None:
    page = ask(running, "/?template=lab&theme=dark")
    assert page.status == 200
    assert "connect-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "://" not in page.text.replace("http://www.w3.org/", "")
    assert "theme-dark" not in page.text


def test_a_failing_cell_is_told_to_the_log_and_not_to_the_visitor(tmp_path: Path) -> None:
    with serving(tmp_path, "--language", "fr", cell="raise RuntimeError('the reason')") as failing:
        body = ask(failing, "/").text
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
        server.serve(Serving(tmp_path / "absent.ipynb"), print)


def test_an_address_of_another_machine_is_said() -> None:
    with pytest.raises(ArlibError, match="This machine has no address 192"):
        server.free_port(None, "192.0.2.1")


@pytest.mark.skipif(os.name != "posix", reason="Unix sockets")
def test_kernels_speak_over_sockets_only_where_the_path_fits() -> None:
    short = settings_in(Path("/run/arlib-12345678"))
    assert short["KernelManager"] == {"transport": "ipc"}
    assert "KernelManager" not in settings_in(Path("/run") / ("folder" * 10))


def settings_in(private: Path) -> dict[str, dict[str, object]]:
    return server.configuration(Serving(Path("page.ipynb")), Path("page.ipynb"), 1, private)


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

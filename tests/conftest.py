"""What several tests share: the real data files, a browser, a server of the app, and no silent skip in CI."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import TextIO
from urllib.parse import urlsplit

import browser as system_browser
import psutil
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[1]
NO_SHARED_DATA = "the folder of real data files is absent"
STARTS_WITHIN = 60.0  # seconds, for a cold disk and two busy cores

settings.register_profile(
    "arlib", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
# By hand, and for a night: pytest --hypothesis-profile=long
settings.register_profile("long", settings.get_profile("arlib"), max_examples=500, derandomize=False)
settings.load_profile("arlib")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data files: `ARLIB_SHARED_DATA`, else `../shared/data` beside the checkout."""
    folder = Path(os.environ.get("ARLIB_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"{NO_SHARED_DATA}: {folder} (set ARLIB_SHARED_DATA)")
    return folder


@dataclass
class Server:
    """A running `arlib app`: its address, and what it has written to its log."""

    address: str
    process: "subprocess.Popen[str]"
    log: Path

    def kernels(self) -> int:
        """How many kernels this server, and no other, has running; one that waits for a visitor counts."""
        return len(self.kernel_processes())

    def kernel_processes(self) -> list[int]:
        """The numbers of their processes."""
        return [child.pid for child in psutil.Process(self.process.pid).children(recursive=True) if _is_kernel(child)]

    def stop(self) -> None:
        """Ends this server, and its kernels with it."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


def _is_kernel(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and "ipykernel_launcher" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # it ended between the two questions
        return False


def start(command: str, log: Path, *arguments: str, folder: Path = ROOT) -> Server:
    """Runs `arlib app` or `arlib lab` in a folder, on a free port, and waits for the address it prints."""
    line = [sys.executable, "-m", "arlib", command, "--no-browser", "--port", "0", *arguments]
    process = subprocess.Popen(
        line, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    )
    server = Server("", process, log)
    try:
        server.address = _printed_address(process, log)
    finally:
        if not server.address:
            server.stop()
    if not server.address:
        pytest.fail(f"arlib {command} printed no address:\n{log.read_text(encoding='utf-8')}")
    return server


def _printed_address(process: "subprocess.Popen[str]", log: Path) -> str:
    """The first address among what the process prints, all of which goes on to the log."""
    lines: Queue[str] = Queue()
    assert process.stdout is not None
    Thread(target=_copy, args=(process.stdout, log, lines), daemon=True).start()
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            found = re.search(r"http://\S+:\d+/\S*", lines.get(timeout=0.2))
        except Empty:
            continue
        if found:
            return found.group().rstrip(",")
    return ""


def _copy(output: TextIO, log: Path, lines: "Queue[str]") -> None:
    with log.open("w", encoding="utf-8", buffering=1) as written:
        for line in output:
            written.write(line)
            lines.put(line)


@pytest.fixture(scope="session")
def voila_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, served as `arlib app --language fr` serves it, for the whole run."""
    server = start("app", tmp_path_factory.mktemp("app") / "server.log", "--language", "fr")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's browser, headless."""
    found = system_browser.find()
    if found is None:
        pytest.fail("no browser: run `python tests/browser.py --install`")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=system_browser.launch_arguments())
        yield opened
        opened.close()


@dataclass
class Watch:
    """What a page did that it must not: requests that left the machine, failed requests, errors of its console."""

    outside: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def on(self, context: BrowserContext) -> None:
        """Records everything the pages of this context do from now on."""
        context.on("request", lambda request: self._request(request.url))
        context.on("response", lambda answer: self._status(answer.status, answer.url))
        context.on("page", self.page)

    def page(self, page: Page) -> None:
        """Records sockets and errors of one page."""
        page.on("websocket", lambda socket: self._request(socket.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob", "about"} and parts.hostname not in {"127.0.0.1", "localhost"}:
            self.outside.append(url)

    def _status(self, status: int, url: str) -> None:
        if status >= 400:
            self.failed.append(f"{status} {url}")

    def assert_clean(self) -> None:
        """Fails on anything recorded."""
        assert self.outside == [], "requests left this machine"
        assert self.failed == [], "requests failed"
        assert self.errors == [], "errors in the browser's console"


@pytest.fixture
def guarded_page(browser: Browser) -> Iterator[Page]:
    """A page that fails its test, at the end, on any outside request, failed request or console error."""
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900}, accept_downloads=True)
    watch = Watch()
    watch.on(context)
    page = context.new_page()
    yield page
    for opened in context.pages:
        close_page(opened)
    context.close()
    watch.assert_clean()


def close_page(page: Page) -> None:
    """Closes a page as a person does: only then does it end its kernel."""
    if not page.is_closed():
        with page.expect_event("close", timeout=10_000):
            page.close(run_before_unload=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Under CI, names the tests that were skipped without leave."""
    for reason in _forbidden_skips(terminalreporter):
        terminalreporter.write_line(f"FAILED in CI, where no test may be skipped: {reason}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Under CI, a run with a test skipped for another reason than the absent data files fails."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and exitstatus == pytest.ExitCode.OK and _forbidden_skips(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _forbidden_skips(reporter: pytest.TerminalReporter) -> list[str]:
    if os.environ.get("CI", "").lower() not in {"1", "true"}:
        return []
    reports = reporter.stats.get("skipped", [])
    reasons = [f"{report.nodeid}: {report.longrepr[2] if report.longrepr else ''}" for report in reports]
    return [reason for reason in reasons if NO_SHARED_DATA not in reason]

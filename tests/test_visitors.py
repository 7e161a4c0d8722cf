"""Twenty visitors at once on a small machine: all are served, each their own page, within a bound of memory."""

import asyncio
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from conftest import Server, close_page, start
from playwright.sync_api import Browser, Page, expect
from served import ask, awaited, channels, connects, is_whole, kernel_of, wait_until

pytestmark = pytest.mark.browser

VISITORS = 20
MOST_MEMORY = 260  # MB each visitor's kernel takes: what the README says, and what a server is sized by
MOST_SERVER = 400  # MB the server itself takes with all of them
CROWD = ThreadPoolExecutor(VISITORS)  # all of them wait at once
LONGEST = 150  # s the last of them waits where other programs take the machine as well; alone it is 35 s
WITHIN = 40_000  # ms, for two busy cores


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Server]:
    """The app itself, with room for those of the test and no more."""
    running = start("app", tmp_path / "server.log", "--language", "fr", "--visitors", str(VISITORS), "--warm", "1")
    yield running
    running.stop()


async def visit(running: Server) -> tuple[str, bool]:
    """A visitor who is no browser: takes the whole page, and asks its kernel something over its socket."""
    page = await asyncio.get_running_loop().run_in_executor(CROWD, ask, running, "/")
    assert page.status == 200, page.text[-500:]
    assert is_whole(page.text)
    assert "application/vnd.jupyter.widget-view+json" in page.text, "the notebook did not run to its end"
    kernel = kernel_of(page.text)
    return kernel, await connects(channels(running, "/", kernel))


def test_twenty_visitors_at_once_are_all_served(app: Server) -> None:
    async def all_at_once() -> list[tuple[str, bool]]:
        return await asyncio.gather(*(visit(app) for _ in range(VISITORS)))

    began = time.monotonic()
    visits = awaited(all_at_once())
    took = time.monotonic() - began
    assert all(answered for _, answered in visits)
    assert len({kernel for kernel, _ in visits}) == VISITORS, "two visitors were given one kernel"
    assert app.kernels() == VISITORS
    kernels = [memory(process) for process in app.kernel_processes()]
    assert max(kernels) < MOST_MEMORY, kernels
    assert memory(app.process.pid) < MOST_SERVER
    assert took < LONGEST, f"the last of {VISITORS} visitors waited {took:.0f} s"
    assert ask(app, "/").status == 503  # one more is asked to come back


def memory(process: int) -> float:
    """Megabytes a process takes that others do not share with it, and its part of those they do."""
    found = psutil.Process(process).memory_full_info()
    return getattr(found, "pss", found.rss) / 1e6


def ledger(customer: str, amount: str) -> bytes:
    return (
        f"Client;Facture;Date facture;Date échéance;Montant TTC\n{customer};1;10/01/2024;09/02/2024;{amount}\n".encode()
    )


def test_two_visitors_see_each_their_own_ledger(voila_server: Server, browser: Browser, tmp_path: Path) -> None:
    """Each uploads theirs; then each sees what they are owed, and nowhere in the page anything of the other's."""
    owned = {"abeille": ("1111,00", r"1\D?111 dus"), "zenith": ("2222,00", r"2\D?222 dus")}
    contexts = [browser.new_context(locale="fr-FR") for _ in owned]
    pages: dict[str, Page] = {}
    for (customer, (amount, _)), context in zip(owned.items(), contexts, strict=True):
        page = pages[customer] = context.new_page()
        page.goto(voila_server.address + "#/start?lang=fr")
        expect(page.locator(".arlib-page")).to_be_visible(timeout=WITHIN)
        path = tmp_path / f"{customer}.csv"
        path.write_bytes(ledger(customer, amount))
        page.get_by_test_id("upload").set_input_files(path)
    for customer, page in pages.items():
        (own, other) = sorted(owned, key=lambda name: name != customer)
        expect(page.locator("body")).to_contain_text(re.compile(owned[own][1]), timeout=WITHIN)
        assert not re.search(owned[other][1], page.content())
        assert f"{own}.csv" in page.content()
        assert other not in page.content()
    for page in pages.values():
        close_page(page)
    assert wait_until(lambda: voila_server.kernels() <= 1), "only the page that waits for the next visitor stays"
    for context in contexts:
        context.close()

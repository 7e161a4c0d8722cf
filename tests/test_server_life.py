"""From the first visitor to the last kernel: warm pages, limits, the log, and nothing left behind."""

import asyncio
import errno
import os
import re
import signal
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from conftest import Server
from served import (
    ANSWERS,
    Answer,
    ask,
    awaited,
    channels,
    connects,
    is_whole,
    kernel_of,
    serving,
    wait_until,
    write_notebook,
)
from tornado.websocket import websocket_connect

from arlib.apps import server
from arlib.apps.parts.notice import explained
from arlib.apps.parts.upload import Upload
from arlib.apps.server import Serving
from arlib.errors import ArlibError


def process_of(page: Answer) -> int:
    """The number of the process behind a page of the small notebook, which says it."""
    found = re.search(r"(\d+) (?:en|fr) \d+", page.text)
    assert found, page.text[-3000:]
    return int(found.group(1))


# A label's text reaches a page over its socket; this one also prints it, in the page itself.
PRINTS = ANSWERS + "\nprint(heard.value)"


RAN = "\nopen('ran', 'w').close()"  # in the notebook's folder


def farewell(running: Server, page: Answer) -> int:
    xsrf = page.cookies().partition("_xsrf=")[2]
    path = f"/voila/api/shutdown/{kernel_of(page.text)}"
    return ask(running, path, form={"_xsrf": xsrf}, headers={"Cookie": page.cookies()}).status


def test_a_warm_page_is_there_at_once_and_for_one_visitor_only(tmp_path: Path) -> None:
    with serving(tmp_path, cell="import time\ntime.sleep(5)\n" + PRINTS, warm=1) as running:
        assert wait_until(lambda: running.kernels() == 1)
        time.sleep(8)  # it has run
        began = time.monotonic()
        first = ask(running, "/")
        took = time.monotonic() - began
        assert is_whole(first.text)
        assert took < 3, "the notebook alone takes five seconds"
        second = ask(running, "/")  # no page waits yet: one of its own is begun
        assert process_of(first) != process_of(second)
        assert kernel_of(first.text) != kernel_of(second.text)
        assert wait_until(lambda: running.kernels() == 3), "another page should wait for the next visitor"
        assert farewell(running, first) == farewell(running, second) == 204
        assert wait_until(lambda: running.kernels() == 1, 5)


def test_a_warm_page_is_never_stale_nor_dead(tmp_path: Path) -> None:
    with serving(tmp_path, cell=PRINTS + RAN, warm=1) as running:
        assert wait_until((tmp_path / "ran").exists, 30)
        time.sleep(1)  # and the page is made
        waiting = running.kernel_processes()[0]
        os.kill(waiting, signal.SIGKILL)
        assert wait_until(lambda: not psutil.pid_exists(waiting))
        page = ask(running, "/")
        assert is_whole(page.text)
        assert process_of(page) != waiting
        assert wait_until(lambda: running.kernels() == 2)
        write_notebook(tmp_path / "page.ipynb", "print('as it is now')")
        assert "as it is now" in ask(running, "/").text


def test_a_kernel_that_dies_while_its_page_is_made_is_said_in_the_page(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--language", "fr", cell=RAN + "\nimport time\ntime.sleep(60)") as running,
        ThreadPoolExecutor() as visitor,
    ):
        coming = visitor.submit(ask, running, "/")
        assert wait_until((tmp_path / "ran").exists, 30)
        os.kill(running.kernel_processes()[0], signal.SIGKILL)
        page = coming.result(30)
        assert "Un incident s&#39;est produit sur le serveur" in page.text
        assert "exception" not in page.text.lower()
        assert wait_until(lambda: "KernelDiedError" in running.log.read_text("utf-8"))
        assert running.kernels() == 0


def test_places_are_counted_and_given_back(tmp_path: Path) -> None:
    with serving(tmp_path, "--visitors", "2", "--language", "fr") as running:
        first, _ = ask(running, "/"), ask(running, "/")
        full = ask(running, "/")
        assert (full.status, full.headers["Retry-After"]) == (503, "30")
        assert "accueille 2 visiteurs à la fois" in full.text
        assert '<html lang="fr">' in full.text
        assert full.text.count("</h1>") == full.text.count("</main>") == 1
        assert farewell(running, first) == 204
        assert is_whole(ask(running, "/").text)
        assert "places are taken" in running.log.read_text("utf-8")


def test_a_visitor_who_leaves_before_the_page_is_there_leaves_no_kernel(tmp_path: Path) -> None:
    with serving(tmp_path, cell="import time\ntime.sleep(30)") as running:

        async def leave() -> None:
            host, _, port = running.address.removeprefix("http://").strip("/").partition(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await reader.readuntil(b"</head>")  # the page begins before its kernel
            assert await asyncio.to_thread(wait_until, lambda: running.kernels() == 1)
            writer.close()

        awaited(leave())
        assert wait_until(lambda: running.kernels() == 0, 8)


def test_a_page_that_vanished_ends_after_a_while_and_an_open_one_does_not(tmp_path: Path) -> None:
    """Idle after three seconds; the one whose socket is open is not."""
    with serving(tmp_path, "--idle", "0.05") as running:

        async def stay() -> None:
            open_, closed = [await asyncio.to_thread(ask, running, "/") for _ in range(2)]
            socket = await websocket_connect(channels(running, "/", kernel_of(open_.text)))
            assert await connects(channels(running, "/", kernel_of(closed.text)))
            assert await asyncio.to_thread(wait_until, lambda: running.kernels() == 1, 20)
            await asyncio.sleep(4)
            assert running.kernels() == 1
            socket.close()
            assert await asyncio.to_thread(wait_until, lambda: running.kernels() == 0, 20)

        awaited(stay())


def test_a_page_that_waits_is_not_idle(tmp_path: Path) -> None:
    with serving(tmp_path, "--idle", "0.05", cell=RAN, warm=1) as running:
        assert wait_until((tmp_path / "ran").exists, 30)
        waiting = running.kernel_processes()
        time.sleep(6)
        assert running.kernel_processes() == waiting


def test_a_kernel_that_was_killed_is_gone_for_good(tmp_path: Path) -> None:
    """Started again it would have lost the visitor's ledger, and the page would not know."""
    with serving(tmp_path, cell=PRINTS) as running:
        page = ask(running, "/")
        os.kill(process_of(page), signal.SIGKILL)
        path = f"/api/kernels/{kernel_of(page.text)}"
        assert wait_until(lambda: ask(running, path).status == 404, 4)
        assert running.kernels() == 0
        assert "A visitor's kernel died" in running.log.read_text("utf-8")


def test_nothing_of_a_visit_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not where the kernel writes what is temporary, nor in the folder of the person, nor after the server."""
    temporary, home = tmp_path / "t", tmp_path / "home"
    temporary.mkdir()
    home.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setenv("HOME", str(home))
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    cell = "import tempfile\nopen(tempfile.mkstemp(prefix='ledger-')[1], 'w').write('secret')"
    with serving(tmp_path, cell=cell) as running:
        kept, killed = ask(running, "/"), ask(running, "/")
        assert len(list(temporary.rglob("ledger-*"))) == 2
        assert farewell(running, kept) == 204
        assert wait_until(lambda: len(list(temporary.rglob("ledger-*"))) == 1)
        os.kill(running.kernel_processes()[0], signal.SIGKILL)
        assert wait_until(lambda: not list(temporary.rglob("ledger-*")))
        assert wait_until(lambda: not list(temporary.rglob(f"*{kernel_of(killed.text)}*")))
    assert list(temporary.iterdir()) == []
    assert [path for path in home.rglob("*") if path.is_file()] == []


@pytest.mark.skipif(os.name != "posix" or not Path("/proc").is_dir(), reason="limits of memory are kept on Linux only")
def test_memory_beyond_the_limit_is_an_error_in_the_kernel_and_not_its_end(tmp_path: Path) -> None:
    cell = """
import numpy, os
try:
    numpy.ones(400_000_000 // 8)
    print("taken")
except MemoryError:
    print("refused", os.environ["ARLIB_UPLOAD_MB"])
"""
    with serving(tmp_path, "--memory", "350", "--upload", "7", cell=cell) as running:
        assert "refused 7" in ask(running, "/").text


def test_the_code_a_visitor_is_told_is_in_the_log_with_its_reason_and_no_data(tmp_path: Path) -> None:
    """What a widget logs is in no output of a cell: Jupyter would lose it."""
    cell = """
import re
from arlib.apps.parts.notice import explained

def read(customer):
    raise LookupError(f"{customer} owes {1200 + 36}")

try:
    read("Dupont SA")
except LookupError as error:
    print("told", explained(error).values["code"])
"""
    log = tmp_path / "arlib.log"
    with serving(tmp_path, "--log", str(log), cell=cell) as running:
        told = re.search(r"told ([0-9A-F]{6})", ask(running, "/?who=Dupont").text)
        assert told
        assert wait_until(lambda: log.is_file() and told.group(1) in log.read_text("utf-8"))
        written = log.read_text("utf-8")
        assert "LookupError" in written
        assert "in read" in written
        assert "Dupont" not in written.replace('read("Dupont SA")', "")
        assert "1236" not in written
    with serving(tmp_path, cell=cell) as running:  # without a file: where the server was started
        told = re.search(r"told ([0-9A-F]{6})", ask(running, "/").text)
        assert told
        assert wait_until(lambda: told.group(1) in running.log.read_text("utf-8"))


def test_a_log_or_a_folder_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = write_notebook(tmp_path / "page.ipynb", ANSWERS)
    with pytest.raises(ArlibError, match=r"arlib\.log cannot be written: No such file"):
        server.serve(Serving(notebook, port=0, log=tmp_path / "absent" / "arlib.log"), print)

    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    with pytest.raises(ArlibError, match="No temporary folder can be written: No space left on device"):
        server.serve(Serving(notebook, port=0), print)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disque de la machine qui sert cette page est plein"),
        (MemoryError(), "plus de mémoire que le serveur n'en laisse"),
        (OSError(errno.EIO, "Input/output error"), "n'est pas arrivé entier"),
    ],
)
def test_a_full_disk_or_memory_is_said_to_who_sends_a_file(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def write(self, _: bytes) -> None:
            raise error

        def close(self) -> None:
            pass

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    upload, told = Upload(lambda *_: pytest.fail("nothing arrived"), language="fr"), []
    upload.send = lambda content, **_: told.append(content)
    upload._on_message(upload, {"kind": "begin", "turn": 1, "name": "a.csv", "size": 3}, [])
    upload._on_message(upload, {"kind": "slice", "turn": 1, "at": 0}, [b"abc"])
    assert [answer["kind"] for answer in told] == ["taken", "refused"]
    assert said in told[1]["text"]
    upload.close()


def test_memory_that_is_short_is_said_and_not_logged_as_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    assert "--memory" in explained(MemoryError()).text("en")
    assert caplog.records == []


def test_the_server_ends_at_once_and_takes_everything_with_it(tmp_path: Path) -> None:
    """Also in the middle of a cell, and with a page still to come."""
    with serving(tmp_path, cell="import time\ntime.sleep(60)", warm=1) as running:
        assert wait_until(lambda: running.kernels() == 1)
        kernel = psutil.Process(running.kernel_processes()[0])
        began = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
        assert time.monotonic() - began < 5
        assert not kernel.is_running()
        assert "Traceback" not in running.log.read_text("utf-8")
        assert "ERROR" not in running.log.read_text("utf-8")

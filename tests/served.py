"""What the tests of the server share: a small notebook in place of the app, and clients that are no browser."""

import asyncio
import http.client
import json
import re
import time
import urllib.parse
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from conftest import Server, start
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what the door is for
PATIENCE = 120.0  # seconds, for a machine where twenty kernels start


def awaited(work: Coroutine):
    """What a coroutine gives, in a thread of its own: the driver of the browser keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


# One widget that says in which process and folder it is, and answers what it is asked.
ANSWERS = """
import os, sys, tempfile
import ipywidgets

heard = ipywidgets.Label(f"{os.getpid()} {os.environ['ARLIB_LANGUAGE']} {os.environ['ARLIB_UPLOAD_MB']}")
heard
"""


def write_notebook(path: Path, cell: str) -> Path:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    return path


@contextmanager
def serving(folder: Path, *options: str, cell: str = ANSWERS, warm: int = 0) -> Iterator[Server]:
    """The small notebook, served for as long as the block lasts; without a warm kernel unless one is asked for."""
    notebook = write_notebook(folder / "page.ipynb", cell)
    started = start("app", folder / "server.log", str(notebook), "--warm", str(warm), *options)
    try:
        yield started
    finally:
        started.stop()


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    def cookies(self) -> str:
        """What a browser would send back."""
        return "; ".join(given.partition(";")[0] for given in self.headers.get_all("Set-Cookie", []))


def ask(
    server: Server,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    method: str | None = None,
) -> Answer:
    """One request to a server of this machine, whatever name it printed; no redirect is followed."""
    port = urllib.parse.urlsplit(server.address).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    body = urllib.parse.urlencode(form) if form is not None else None
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
    connection.request(method or ("POST" if form is not None else "GET"), path, body, {**kind, **(headers or {})})
    answer = connection.getresponse()
    return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))


def kernel_of(page: str) -> str:
    """The id of the kernel a page speaks to."""
    found = re.search(r'"kernelId": "([0-9a-f-]{36})"', page)
    assert found, page[:2000]
    return found.group(1)


def is_whole(page: str) -> bool:
    return "voila_finish()" in page and page.rstrip().endswith("</html>")


async def connects(url: str, headers: Mapping[str, str] | None = None, **options: object) -> bool:
    """Whether a kernel answers on a page's socket."""
    try:
        socket = await websocket_connect(
            HTTPRequest(url, headers=dict(headers or {}), connect_timeout=PATIENCE, **options)
        )
    except Exception:  # noqa: BLE001 - refused, in whatever way
        return False
    header = {"msg_id": "1", "username": "", "session": "s", "msg_type": "kernel_info_request", "version": "5.3"}
    asked = {"header": header, "parent_header": {}, "metadata": {}, "content": {}, "channel": "shell", "buffers": []}
    await socket.write_message(json.dumps(asked))
    while True:
        said = await asyncio.wait_for(socket.read_message(), PATIENCE)
        if said is None or json.loads(said)["header"]["msg_type"] == "kernel_info_reply":
            socket.close()
            return said is not None


def channels(server: Server, base: str, kernel: str) -> str:
    port = urllib.parse.urlsplit(server.address).port
    return f"ws://127.0.0.1:{port}{base}api/kernels/{kernel}/channels?session_id=s"


def wait_until(true: Callable[[], bool], within: float = 15.0) -> bool:
    until = time.monotonic() + within
    while not true() and time.monotonic() < until:
        time.sleep(0.1)
    return true()

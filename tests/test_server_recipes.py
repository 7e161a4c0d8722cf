"""The recipes, run: nginx with TLS and single sign-on in front of the server, a service of systemd, a JupyterHub."""

import http.client
import os
import re
import runpy
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import Server, start
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

from arlib import cli
from arlib.apps import server
from arlib.apps.server.serving import free_port

RECIPES = Path(server.__file__).parents[1] / "recipes"
NAME = "ar.example.com"
ANNE, BRUNO = ({"Cookie": f"sso={name}"} for name in ("anne", "bruno"))


class SignOn(BaseHTTPRequestHandler):
    """A single sign-on that believes its cookie, in place of oauth2-proxy."""

    def do_GET(self) -> None:
        found = re.search(r"sso=(\w+)", self.headers.get("Cookie", ""))
        self.send_response(202 if found else 401)
        if found:
            self.send_header("X-Auth-Request-User", found.group(1))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def sign_on() -> Iterator[int]:
    asked = ThreadingHTTPServer(("127.0.0.1", 0), SignOn)
    Thread(target=asked.serve_forever, daemon=True).start()
    yield asked.server_port
    asked.shutdown()


@dataclass
class Proxy:
    """nginx as the recipe has it, on a port of its own."""

    port: int
    certificate: Path
    behind: Server

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    def ask(self, path: str, headers: dict[str, str], host: str = NAME) -> Answer:
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=60, context=self.context())
        connection.request("GET", path, headers={"Host": f"{host}:{self.port}", **headers})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))

    def connects(self, kernel: str, headers: dict[str, str]) -> bool:
        socket = f"wss://localhost:{self.port}/ar/api/kernels/{kernel}/channels?session_id=s"
        named = {"Host": f"{NAME}:{self.port}", "Origin": f"https://{NAME}:{self.port}", **headers}
        return awaited(connects(socket, named, ca_certs=str(self.certificate)))


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory, sign_on: int) -> Iterator[Proxy]:
    """The recipe, with other ports and a certificate made for this test, in front of the command it names."""
    program = shutil.which("nginx", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed: the recipe is not tried (Debian: apt install nginx-light)")
    folder = tmp_path_factory.mktemp("nginx")
    recipe = (RECIPES / "nginx.conf").read_text("utf-8")
    command = re.search(r"^#\s+arlib app (.+)$", recipe, re.MULTILINE)
    assert command
    options = re.sub(r"--no-browser|--port \d+", "", command.group(1)).split()
    with serving(folder, *options) as behind:
        certificate, key = certified(folder)
        port, plain = free_port(0), free_port(0)
        settings = recipe.replace("443 ssl", f"127.0.0.1:{port} ssl").replace(
            "listen 80;", f"listen 127.0.0.1:{plain};"
        )
        settings = settings.replace("127.0.0.1:8866", urlsplit(behind.address).netloc)
        settings = settings.replace("127.0.0.1:4180", f"127.0.0.1:{sign_on}")
        settings = re.sub(r"ssl_certificate \S+;", f"ssl_certificate {certificate};", settings)
        settings = re.sub(r"ssl_certificate_key \S+;", f"ssl_certificate_key {key};", settings)
        kept = "".join(f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            f"{user} daemon off; pid {folder}/pid; error_log stderr; events {{}}\n"
            f"http {{ access_log {folder}/access.log; {kept}\n{settings}\n}}",
            encoding="utf-8",
        )
        with (folder / "nginx.log").open("w") as log:
            line = [program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
            running = subprocess.Popen(line, stdout=log, stderr=log)
            try:
                assert wait_until((folder / "pid").exists), (folder / "nginx.log").read_text("utf-8")
                yield Proxy(port, certificate, behind)
            finally:
                running.terminate()
                running.wait(10)


def certified(folder: Path) -> tuple[Path, Path]:
    """A certificate and its key, of nobody else."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    asked = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", f"subjectAltName=DNS:localhost,DNS:{NAME}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*asked.split(), *names], check=True, capture_output=True)
    return certificate, key


def test_a_page_comes_through_nginx_with_its_files_and_its_socket(nginx: Proxy) -> None:
    page = nginx.ask("/ar/", ANNE)
    assert page.status == 200, page.text
    assert is_whole(page.text)
    assert page.headers["Strict-Transport-Security"]
    for file in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert nginx.ask(file, ANNE).status == 200, file
    kernel = kernel_of(page.text)
    assert nginx.connects(kernel, ANNE)
    assert nginx.ask(f"/ar/api/kernels/{kernel}", BRUNO).status == 404
    assert not nginx.connects(kernel, BRUNO), "a visitor reached the page of another"


def test_nginx_lets_nobody_in_who_is_not_signed_on(nginx: Proxy) -> None:
    page = nginx.ask("/ar/", {})
    assert (page.status, page.headers["Location"].partition("?")[2]) == (302, "rd=/ar/")
    forged = {"X-Remote-User": "anne", "X-Auth-Request-User": "anne"}
    for path in ("/ar/", "/ar/voila/static/voila.js", "/ar/api/kernels/11111111-1111-1111-1111-111111111111"):
        assert nginx.ask(path, forged).status == 302, path
    assert not nginx.connects("11111111-1111-1111-1111-111111111111", forged)


def test_nginx_replaces_the_name_a_visitor_writes_for_themselves(nginx: Proxy) -> None:
    kernel = kernel_of(nginx.ask("/ar/", ANNE).text)
    assert nginx.ask(f"/ar/api/kernels/{kernel}", {**BRUNO, "X-Remote-User": "anne"}).status == 404


def test_nobody_comes_round_nginx_without_a_name(nginx: Proxy) -> None:
    for path in ("/ar/", "/ar/voila/static/voila.js"):
        answer = ask(nginx.behind, path, headers={"Accept-Language": "fr"})
        assert answer.status == 403
        assert "Vous n&#39;êtes pas connecté" in answer.text
    assert nginx.ask("/ar/", ANNE, host="attacker.example").status == 403


def options_of_app(capsys: pytest.CaptureFixture[str]) -> set[str]:
    with pytest.raises(SystemExit):
        cli.main(["app", "--help"])
    return set(re.findall(r"--[a-z-]+", capsys.readouterr().out))


def test_the_service_of_systemd_is_one_and_names_options_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (RECIPES / "arlib.service").read_text("utf-8")
    command = re.search(r"^ExecStart=(.*?[^\\])$", text, re.MULTILINE | re.DOTALL)
    assert command
    assert set(re.findall(r"--[a-z-]+", command.group(1))) <= options_of_app(capsys)
    sections = re.findall(r"^\[(\w+)\]$", text, re.MULTILINE)
    assert sections == ["Unit", "Service", "Install"]
    if shutil.which("systemd-analyze"):
        unit = tmp_path / "arlib.service"
        unit.write_text(text.replace("/opt/arlib/bin/arlib", sys.executable), encoding="utf-8")
        said = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
        assert "arlib.service" not in said.stderr, said.stderr
        assert said.returncode == 0


def test_every_recipe_names_options_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    known = options_of_app(capsys)
    for recipe in RECIPES.iterdir():
        if recipe.is_file():
            commands = re.findall(r"arlib app [^\n]*", recipe.read_text("utf-8"))
            for command in commands:
                assert set(re.findall(r"--[a-z-]+", command)) <= known, recipe.name


def configured(recipe: str) -> Any:
    """What a configuration file of Jupyter sets."""
    c = SimpleNamespace(Spawner=SimpleNamespace(environment={"LANG": "C"}), ServerProxy=SimpleNamespace())
    runpy.run_path(str(RECIPES / recipe), init_globals={"get_config": lambda: c})
    return c


def test_on_a_hub_each_person_has_their_own_page_and_a_token_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawner = configured("jupyterhub_config.py").Spawner
    anne, bruno = (spawner.environment["ARLIB_TOKEN"](None) for _ in range(2))
    assert anne != bruno
    assert spawner.environment["LANG"] == "C"
    monkeypatch.setenv("ARLIB_TOKEN", anne)
    entry = configured("jupyter_server_config.py").ServerProxy.servers["arlib"]
    base = "/user/anne/arlib/"
    assert spawner.default_url == "/arlib/"
    program, app, *options = (part.format(port=0, base_url="/user/anne/") for part in entry["command"])
    assert (program, app) == ("arlib", "app")
    notebook = write_notebook(tmp_path / "page.ipynb", ANSWERS)
    running = start("app", tmp_path / "server.log", str(notebook), *options)
    try:
        shown = {**entry["request_headers_override"], "Host": "hub.example.com"}
        page = ask(running, base, headers=shown)
        assert is_whole(page.text)
        socket = channels(running, base, kernel_of(page.text))
        assert awaited(connects(socket, {**shown, "Origin": "https://hub.example.com"}))
        assert ask(running, base, headers={"Host": "hub.example.com"}).status == 401
        assert not awaited(connects(socket, {"Host": "hub.example.com"}))
        assert awaited(connects(socket, {**shown, "Origin": "https://attacker.example"})) is False
    finally:
        running.stop()

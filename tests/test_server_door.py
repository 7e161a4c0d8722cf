"""Who is let in: nothing is served to whoever has no token, gives another name, or comes round the proxy."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from conftest import Server
from served import EVERYWHERE, Answer, ask, awaited, channels, connects, is_whole, kernel_of, serving, wait_until
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from arlib.apps.server import Serving
from arlib.apps.server.door import Door, Refusal
from arlib.errors import ArlibError

TOKEN = "a-token-that-nobody-guesses"  # noqa: S105 - of these tests
HERE = Serving(Path("page.ipynb"))
BASE = "/ar/"


def request(host: str = "127.0.0.1:8866", *, peer: str = "127.0.0.1", **headers: str) -> HTTPServerRequest:
    class Connection:
        context = type("Context", (), {"remote_ip": peer, "protocol": "http"})()

    named = {"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    asked = RequestStartLine("GET", "/", "HTTP/1.1")
    return HTTPServerRequest(headers=HTTPHeaders(named), connection=Connection(), start_line=asked)


@pytest.mark.parametrize(
    ("host", "refusal"),
    [
        ("127.0.0.1:8866", None),
        ("localhost", None),
        ("[::1]:8866", None),
        ("attacker.example", Refusal.NAME),
        ("192.168.1.5", Refusal.NAME),
        ("127.0.0.1.attacker.example", Refusal.NAME),
        ("localhost.attacker.example", Refusal.NAME),
        ("AR.example.com", None),
    ],
)
def test_a_server_for_this_machine_answers_to_its_own_names(host: str, refusal: Refusal | None) -> None:
    door = Door(replace(HERE, names=("ar.example.com",)), 8866)
    assert door.refusal(request(host)) is refusal


@pytest.mark.parametrize(
    ("host", "refusal"), [("192.168.1.5:8866", None), ("localhost", None), ("attacker.example", Refusal.NAME)]
)
def test_a_server_for_others_answers_to_numbers_too(host: str, refusal: Refusal | None) -> None:
    """A page elsewhere can have its name point here, but no name of its own is a number."""
    assert Door(replace(HERE, host=EVERYWHERE, user_header="X-User"), 1).refusal(request(host, X_User="a")) is refusal


def test_whoever_others_can_reach_asks_for_a_token() -> None:
    assert HERE.checked().token == ""
    made = replace(HERE, host=EVERYWHERE).checked().token
    assert len(made) >= 32
    assert made != replace(HERE, host=EVERYWHERE).checked().token
    assert replace(HERE, host=EVERYWHERE, token=TOKEN).checked().token == TOKEN
    assert replace(HERE, host=EVERYWHERE, user_header="X-User").checked().token == ""


def test_a_token_is_shown_in_full_or_not_at_all() -> None:
    door = Door(replace(HERE, token=TOKEN), 8866)
    assert door.refusal(request(Authorization=f"token {TOKEN}")) is None
    for wrong in (f"token {TOKEN[:-1]}", "token ", f"Basic {TOKEN}", TOKEN, "token é"):
        assert door.refusal(request(Authorization=wrong)) is Refusal.TOKEN, wrong


def test_a_cookie_is_good_where_it_was_given_and_nowhere_else() -> None:
    door, other = Door(replace(HERE, token=TOKEN), 8866), Door(replace(HERE, token=TOKEN), 8866)
    cookie = f"{door.cookie_name}={door.cookie()}"
    assert door.refusal(request(Cookie=cookie)) is None
    assert other.refusal(request(Cookie=cookie)) is Refusal.TOKEN  # the same server started again
    assert door.visitor(request(Cookie=cookie)) != door.visitor(request(Cookie=f"{door.cookie_name}={door.cookie()}"))
    for wrong in (cookie[:-1], f"{door.cookie_name}=", f"{door.cookie_name}={TOKEN}", 'a="'):
        assert door.refusal(request(Cookie=wrong)) is Refusal.TOKEN, wrong


def test_only_a_proxy_of_this_machine_says_who_asks() -> None:
    door = Door(replace(HERE, host=EVERYWHERE, user_header="X-Remote-User"), 8866)
    assert door.refusal(request(X_Remote_User="anne")) is None
    assert door.visitor(request(X_Remote_User="anne")) == "anne"
    assert door.refusal(request()) is Refusal.PROXY
    assert door.refusal(request(X_Remote_User=" ")) is Refusal.PROXY
    assert door.refusal(request(peer="192.168.1.9", X_Remote_User="anne")) is Refusal.PROXY


def test_a_proxy_and_a_token_are_both_asked_for_where_both_are_set() -> None:
    """Other users of the server's machine can reach its port, but do not know the token."""
    door = Door(replace(HERE, user_header="X-Remote-User", token=TOKEN), 8866)
    assert door.refusal(request(X_Remote_User="anne")) is Refusal.TOKEN
    assert door.refusal(request(X_Remote_User="anne", Authorization=f"token {TOKEN}")) is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"base_path": "/a b/"}, "cannot be part of an address"),
        ({"base_path": "/a?b/"}, "cannot be part of an address"),
        ({"token": "short"}, "too short"),
        ({"visitors": 0}, "--visitors is too small"),
        ({"warm": -1}, "--warm is too small"),
        ({"memory": 10}, "--memory is too small"),
    ],
)
def test_what_cannot_be_is_said_at_the_start(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ArlibError, match=said):
        replace(HERE, **changes).checked()


@pytest.mark.parametrize("given", ["ar", "/ar", "ar/", "/ar/"])
def test_a_path_is_taken_however_it_is_written(given: str) -> None:
    assert replace(HERE, base_path=given).checked().base_path == BASE
    assert HERE.checked().base_path == "/"


def test_the_address_is_one_others_can_open() -> None:
    served = replace(HERE, host=EVERYWHERE, base_path=BASE, token=TOKEN).checked()
    address = urlsplit(served.address(8866))
    assert address.hostname not in {EVERYWHERE, None}
    assert (address.port, address.path, address.query) == (8866, BASE, f"token={TOKEN}")
    assert replace(HERE, host="::1").address(1) == "http://[::1]:1/"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Served to others under a path, with the token that was made for it."""
    with serving(tmp_path_factory.mktemp("guarded"), "--host", EVERYWHERE, "--base-path", BASE) as started:
        yield started


@pytest.fixture(scope="module")
def token(guarded: Server) -> str:
    found = re.search(r"token=([\w-]{32})$", guarded.address)
    assert found, guarded.address
    return found.group(1)


@pytest.fixture(scope="module")
def cookies(guarded: Server, token: str) -> str:
    """What a browser holds after its visitor has opened the address that was printed."""
    entered = ask(guarded, f"{BASE}?token={token}&print=1")
    assert (entered.status, entered.headers["Location"]) == (303, f"{BASE}?print=1")  # the token is no more in it
    given = entered.headers["Set-Cookie"]
    assert "HttpOnly" in given
    assert "SameSite=Lax" in given
    assert f"Path={BASE}" in given
    return entered.cookies()


@pytest.fixture(scope="module")
def page(guarded: Server, cookies: str) -> Answer:
    """The page of who holds these cookies."""
    return ask(guarded, BASE, headers={"Cookie": cookies})


def test_who_has_entered_gets_a_page_and_its_socket(guarded: Server, cookies: str) -> None:
    """Its files too; and it can say farewell, which needs the second cookie (voila #1458)."""
    page = ask(guarded, BASE, headers={"Cookie": cookies})
    assert page.status == 200
    assert is_whole(page.text)
    kernel, held = kernel_of(page.text), {"Cookie": f"{cookies}; {page.cookies()}"}
    assert awaited(connects(channels(guarded, BASE, kernel), held))
    for file in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert file.startswith(BASE)
        assert ask(guarded, file, headers=held).status == 200, file
        assert ask(guarded, file).status == 403, file
    ending = f"{BASE}voila/api/shutdown/{kernel}"
    xsrf = page.cookies().partition("_xsrf=")[2]
    assert ask(guarded, ending, form={}, headers=held).status == 403
    assert ask(guarded, ending, form={"_xsrf": xsrf}, headers=held).status == 204
    assert wait_until(lambda: guarded.kernels() == 0, 5)


@pytest.mark.parametrize(
    "path",
    [
        "api/kernels/{kernel}",
        "api/kernels/{kernel}/channels",
        "voila/api/shutdown/{kernel}",
        "voila/static/voila.js",
        "voila/templates/arlib/static/style.css",
        "voila/templates/arlib/static/page.js",
        "voila/labextensions/anywidget/package.json",
        "voila/api/themes/@jupyterlab/theme-light-extension/index.css",
        "voila/files/picture.png",
        "login/../voila/static/voila.js",
        "picture.png",
        "login?next=//attacker.example/",
        "nothing",
    ],
)
def test_nothing_is_served_without_the_token(guarded: Server, page: Answer, path: str) -> None:
    asked = BASE + path.format(kernel=kernel_of(page.text))
    for headers in ({}, {"Cookie": "arlib-1=x"}, {"Authorization": "token wrong"}, {"Upgrade": "websocket"}):
        for method in ("GET", "POST", "DELETE", "HEAD"):
            answer = ask(guarded, asked, headers=headers, method=method)
            assert answer.status == (401 if path.startswith("login?") else 403), (method, headers)
            assert "Location" not in answer.headers
            assert "the token you were given" in answer.text or method == "HEAD"


def test_no_socket_is_opened_without_the_token(guarded: Server, page: Answer) -> None:
    assert not awaited(connects(channels(guarded, BASE, kernel_of(page.text))))


def test_outside_the_base_path_nobody_is_told_anything(guarded: Server, cookies: str) -> None:
    assert ask(guarded, "/").status == 403
    assert ask(guarded, "/", headers={"Cookie": cookies}).status == 404
    assert ask(guarded, f"{BASE}nothing", headers={"Cookie": cookies}).status == 404


@pytest.mark.parametrize(
    ("wanted", "title"), [("fr-FR,fr;q=0.9,en;q=0.8", "Qui êtes-vous"), ("en-GB", "Who are you"), ("de", "Who are")]
)
def test_the_token_is_asked_for_politely_in_the_visitors_language(guarded: Server, wanted: str, title: str) -> None:
    page = ask(guarded, BASE, headers={"Accept-Language": wanted})
    assert page.status == 401
    assert title in page.text
    assert f'<html lang="{"fr" if "fr" in wanted else "en"}">' in page.text
    assert page.text.count("</h1>") == page.text.count("</main>") == 1
    assert not re.search(r'(?:src|href)="[^"d]', page.text)  # nothing is fetched that would be refused
    assert page.headers["Content-Security-Policy"]


def test_a_wrong_token_is_said_and_the_right_one_opens(guarded: Server, token: str) -> None:
    wrong = ask(guarded, f"{BASE}login", form={"token": "wrong"}, headers={"Accept-Language": "fr"})
    assert wrong.status == 401
    assert "Ce n&#39;est pas le jeton" in wrong.text
    assert "Set-Cookie" not in wrong.headers
    right = ask(guarded, f"{BASE}login", form={"token": f" {token}\n"})
    assert (right.status, right.headers["Location"]) == (303, BASE)
    assert ask(guarded, f"{BASE}nothing", headers={"Cookie": right.cookies()}).status == 404


def test_a_cookie_is_for_encrypted_lines_where_the_proxy_has_one(guarded: Server, token: str) -> None:
    entered = ask(guarded, f"{BASE}?token={token}", headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in entered.headers["Set-Cookie"]


def test_one_visitor_does_not_reach_the_kernel_of_another(guarded: Server, token: str) -> None:
    """Even knowing its id, which is nowhere but in the other's page."""
    anne, bruno = (ask(guarded, f"{BASE}?token={token}").cookies() for _ in range(2))
    kernel = kernel_of(ask(guarded, BASE, headers={"Cookie": anne}).text)
    path = f"{BASE}api/kernels/{kernel}"
    assert ask(guarded, path, headers={"Cookie": anne}).status == 200
    assert ask(guarded, path, headers={"Cookie": bruno}).status == 404
    assert not awaited(connects(channels(guarded, BASE, kernel), {"Cookie": bruno}))
    assert awaited(connects(channels(guarded, BASE, kernel), {"Cookie": anne}))


def test_a_page_elsewhere_cannot_open_the_socket(guarded: Server, cookies: str, page: Answer) -> None:
    socket = channels(guarded, BASE, kernel_of(page.text))
    assert not awaited(connects(socket, {"Cookie": cookies, "Origin": "https://attacker.example"}))
    assert not awaited(connects(socket, {"Cookie": cookies, "Host": "attacker.example"}))
    ours = f"http://{urlsplit(socket).netloc}"
    assert awaited(connects(socket, {"Cookie": cookies, "Origin": ours}))


@pytest.mark.usefixtures("page")
def test_the_token_is_in_neither_the_log_nor_a_kernel(guarded: Server, token: str) -> None:
    kernels = psutil.Process(guarded.process.pid).children(recursive=True)
    assert kernels
    assert not [process for process in kernels if token in str(process.environ())]
    written = guarded.log.read_text("utf-8").replace(guarded.address, "")
    assert token not in written

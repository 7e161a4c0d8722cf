"""A file that is made when it is asked for and sent in slices, each asked for by the browser."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from visiting import FakeVisit, clicked

from arlib.apps.parts.download import SLICE, Download, safe_name
from arlib.errors import ArlibError
from arlib.words import say


class Browser:
    """A button and what its page receives."""

    def __init__(self, content: bytes = b"", name: str = "book.xlsx", error: Exception | None = None) -> None:
        self.visit, self.made, self.sent = FakeVisit(), 0, []
        self._file, self._error = (name, content), error
        self.button = Download(self._make, guard=self.visit.doing)
        self.button.send = lambda content, buffers=(): self.sent.append((content, b"".join(buffers)))

    def _make(self) -> tuple[str, bytes]:
        self.made += 1
        if self._error is not None:
            raise self._error
        return self._file

    def ask(self, kind: str, turn: str = "1", **values: Any) -> None:
        """Sends a message of the browser."""
        clicked(self.button, {"kind": kind, "turn": turn, **values})

    def whole(self) -> bytes:
        """Fetches a file that has been made as the browser does."""
        size, received = self.sent[-1][0]["size"], b""
        while len(received) < size:
            self.ask("more", at=len(received))
            received += self.sent[-1][1]
        self.ask("done")
        return received


@pytest.mark.parametrize("size", [0, 1, SLICE, SLICE + 1, 3 * SLICE])
def test_a_file_arrives_whole_whatever_its_size(size):
    content = bytes(place % 251 for place in range(1000)) * (size // 1000 + 1)
    browser = Browser(content[:size])
    browser.ask("make")
    assert browser.sent == [({"kind": "made", "turn": "1", "name": "book.xlsx", "size": size}, b"")]
    assert browser.whole() == content[:size]
    assert max(len(part) for _, part in browser.sent) <= SLICE


def test_nothing_is_made_before_the_click_nor_kept_after():
    browser = Browser(b"content")
    assert browser.made == 0
    browser.ask("make")
    browser.whole()
    sent = len(browser.sent)
    browser.ask("more", at=0)
    assert (browser.made, len(browser.sent)) == (1, sent)


def test_a_double_click_makes_one_file():
    browser = Browser(b"content")
    browser.ask("make")
    browser.ask("make")
    assert (browser.made, len(browser.sent)) == (1, 1)
    browser.ask("make", turn="2")
    assert browser.made == 2


@pytest.mark.parametrize("at", [-1, 7, 8, None, "0", 1.5])
def test_a_slice_that_is_not_there_is_not_sent(at):
    browser = Browser(b"content")
    browser.ask("make")
    browser.ask("more", at=at)
    browser.ask("more", turn="other", at=0)
    assert len(browser.sent) == 1


@pytest.mark.parametrize("error", [ArlibError(say("app.start.none")), ZeroDivisionError()])
def test_what_goes_wrong_is_told_and_the_button_released(error):
    browser = Browser(error=error)
    browser.ask("make")
    assert browser.visit.told == [error]
    assert browser.sent == [({"kind": "failed", "turn": "1"}, b"")]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("balance âgée 2024-12-31.xlsx", "balance âgée 2024-12-31.xlsx"),
        ("../../etc/passwd", "_._etc_passwd"),
        ("C:\\clients\\a.csv", "C_clients_a.csv"),
        ("a\nb\x00c.csv", "a_b_c.csv"),
        ("invoice\u202excod.exe", "invoice_xcod.exe"),
        ("con.csv", "_con.csv"),
        ("  .hidden. ", "hidden"),
        ("", "arlib"),
        ("x" * 300 + ".xlsx", "x" * 115 + ".xlsx"),
    ],
)
def test_a_name_is_safe_on_every_disk(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=200))
def test_a_safe_name_is_one_part_of_a_path_and_stays_safe(name):
    safe = safe_name(name)
    assert 1 <= len(safe) <= 121
    assert not set(safe) & set('/\\:*?"<>|\n\r\0')
    assert safe not in (".", "..")
    assert safe_name(safe) == safe


def test_it_speaks_the_language_of_the_page():
    button = Download(lambda: ("", b""), guard=FakeVisit().doing, language="fr")
    assert button.words["lost"].startswith("La connexion")
    button.speak("en")
    assert button.words["lost"].startswith("The connection")

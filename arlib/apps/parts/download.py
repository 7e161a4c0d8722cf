"""A file from the kernel to the visitor's disk, made when it is asked for and put together in the browser.

It travels in slices that the browser asks for one by one, so that no limit of a websocket is met, and lies neither on
the server's disk nor at an address.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from arlib.words import Language, word

SLICE = 2 * 1024 * 1024  # bytes a message
_LONGEST = 120  # characters of a name: disks take 255 bytes

Make = Callable[[], tuple[str, bytes]]
Guard = Callable[[Callable[[], None]], Callable[[], None]]

# What Windows, macOS or Linux refuse in a name, line ends, and marks that would show an ending it does not have.
_REFUSED = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


class Download(anywidget.AnyWidget):
    """A button that has a file made and saves it on the visitor's disk.

    Attributes:
        label: of the button.
        name: what tests call it.
        disabled: whether there is nothing to save now.
        words: what it says, in the language of the page.
    """

    _esm = Path(__file__).with_name("download.js")

    label = traitlets.Unicode().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    disabled = traitlets.Bool(default_value=False).tag(sync=True)
    words: "traitlets.Dict[str, str]" = traitlets.Dict().tag(sync=True)

    def __init__(self, make: Make, *, guard: Guard, name: str = "download", language: Language = "en") -> None:
        """A button without a label yet.

        Args:
            make: the name of the file and its bytes; called at each click.
            guard: what tells the visitor of what goes wrong in it: `visit.doing`.
            name: what tests call it.
            language: of what it says by itself.
        """
        self._make = make
        self._guard = guard
        self._turn = ""
        self._content: bytes | None = None
        super().__init__(name=name)
        self.speak(language)
        self.on_msg(self._on_message)

    def speak(self, language: Language) -> None:
        """Say what goes wrong on the way in this language from now on."""
        self.words = {"lost": word("app.download.lost", language)}

    def _on_message(self, _: object, content: Mapping[str, Any], __: object) -> None:
        turn = str(content.get("turn"))
        match content.get("kind"):
            case "make" if turn != self._turn:
                self._turn, self._content = turn, None
                self._guard(self._made)()
            case "more" if turn == self._turn and self._content is not None:
                self._send_slice(self._content, content.get("at"))
            case "done" if turn == self._turn:
                self._content = None

    def _made(self) -> None:
        turn = self._turn
        try:
            name, made = self._make()
        except BaseException:
            self.send({"kind": "failed", "turn": turn})
            raise
        self._content = made
        self.send({"kind": "made", "turn": turn, "name": safe_name(name), "size": len(made)})

    def _send_slice(self, made: bytes, at: object) -> None:
        if isinstance(at, int) and 0 <= at < len(made):
            self.send({"kind": "slice", "turn": self._turn, "at": at}, buffers=[memoryview(made)[at : at + SLICE]])


def safe_name(name: str) -> str:
    """A name of a file that every disk takes, with its ending: no path, no control character, not too long."""
    plain = _REFUSED.sub("_", name).strip(" .")
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        return plain[:_LONGEST] or "arlib"
    return f"{stem[: _LONGEST - len(ending) - 1].rstrip(' .')}.{ending}" if len(ending) < _LONGEST else plain[:_LONGEST]

"""A file from the browser to the kernel, of any size up to a limit, in slices the kernel acknowledges.

ipywidgets' own upload sends a file in one message and dies silently above 10 MB; this one needs no server setting.
What is received lies in a private temporary file until its last slice, then is read and deleted.
"""

import errno
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import anywidget
import traitlets

from arlib.words import Language, Sentence, has_word, say, word

MEGABYTE = 1024 * 1024
_WORDS = ("choose", "hint", "progress", "too_big", "lost")

Receive = Callable[[str, bytes], None]


@dataclass
class _Arrival:
    """A file on its way in."""

    turn: int
    name: str
    size: int
    file: IO[bytes]
    received: int = 0


class Upload(anywidget.AnyWidget):
    """A button and a drop area for one file.

    Attributes:
        limit: largest size taken, in bytes; checked in the browser, and here, where nobody can talk round it.
        words: what it says, in the language of the page.
        name: what tests call it; a label `app.<name>.choose` or `.hint` stands in place of that of `app.upload`.
    """

    _esm = Path(__file__).with_name("upload.js")

    limit = traitlets.Int().tag(sync=True)
    words: "traitlets.Dict[str, str]" = traitlets.Dict().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, receive: Receive, *, language: Language = "en", limit: int = 200 * MEGABYTE, name: str = "upload"
    ) -> None:
        """`receive` is called with the name and the bytes of each file, once it is whole."""
        self._receive = receive
        self._arrival: _Arrival | None = None
        self._limit = limit  # the one that counts: what the browser is told can be changed there
        super().__init__(limit=limit, name=name)
        self.speak(language)
        self.on_msg(self._on_message)

    def speak(self, language: Language) -> None:
        """Say everything in this language from now on."""
        self._language = language
        limit = round(self.limit / MEGABYTE)
        values: dict[str, dict[str, object]] = {
            "too_big": {"limit": limit, "name": "{name}"},  # the browser knows which file
            "hint": {"limit": limit},
        }
        self.words = {key: word(self._label(key), language, **values.get(key, {})) for key in _WORDS}

    def _label(self, key: str) -> str:
        own = f"app.{self.name}.{key}"
        return own if has_word(own) else f"app.upload.{key}"

    def close(self) -> None:
        """Leave the page, and leave nothing of a half-received file."""
        self._drop()
        super().close()

    def _on_message(self, _: object, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        turn = content.get("turn")
        try:
            whole = self._take(content, buffers)
        except (ValueError, OSError, TypeError, KeyError, MemoryError) as error:
            self._drop()
            self.send({"kind": "refused", "turn": turn, "text": _why_not(error).text(self._language)})
            return
        self.send({"kind": "taken", "turn": turn})
        if whole:
            self._receive(*whole)

    def _take(self, content: Mapping[str, Any], buffers: Sequence[Any]) -> tuple[str, bytes] | None:
        """One message of the browser; the name and bytes of the file with its last one.

        Raises:
            ValueError: the message does not follow the one before, or the file is larger than said or allowed.
        """
        match content["kind"]:
            case "begin":
                self._begin(int(content["turn"]), str(content["name"]), int(content["size"]))
            case "slice":
                self._add(self._coming(content), int(content["at"]), buffers[0] if buffers else b"")
            case "end":
                return self._finish(self._coming(content))
        return None

    def _begin(self, turn: int, name: str, size: int) -> None:
        self._drop()
        if not 0 <= size <= self._limit:
            raise ValueError(size)
        # Without a name where the system allows it, readable by this user alone, gone with the process at the latest.
        file = tempfile.TemporaryFile(prefix="arlib-")  # noqa: SIM115 - closed by _drop, after the last slice
        self._arrival = _Arrival(turn, Path(name.replace("\\", "/")).name, size, file)

    def _coming(self, content: Mapping[str, Any]) -> _Arrival:
        if self._arrival is None or self._arrival.turn != content["turn"]:
            raise ValueError(content["turn"])
        return self._arrival

    def _add(self, arrival: _Arrival, at: int, part: Any) -> None:  # noqa: ANN401 - bytes or a view of them
        if at != arrival.received or at + len(part) > arrival.size:
            raise ValueError(at)
        arrival.file.write(part)
        arrival.received += len(part)

    def _finish(self, arrival: _Arrival) -> tuple[str, bytes]:
        if arrival.received != arrival.size:
            raise ValueError(arrival.received)
        arrival.file.seek(0)
        content = arrival.file.read()
        self._drop()
        return arrival.name, content

    def _drop(self) -> None:
        if self._arrival is not None:
            self._arrival.file.close()
            self._arrival = None


def _why_not(error: Exception) -> Sentence:
    """What a visitor is told when a file could not be taken."""
    if isinstance(error, MemoryError):
        return say("app.notice.memory")
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return say("app.upload.full")
    return say("app.upload.refused")

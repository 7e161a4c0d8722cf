"""The line to the browser: stylesheet, language, address, the sign that work goes on, and what is on the screen."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from arlib.progress import Progress

_PARTS = Path(__file__).parent
_APPS = _PARTS.parent
_BASE = _APPS / "jupyter" / "voila" / "templates" / "arlib" / "static" / "style.css"
_UNKNOWN = -1.0  # how far work is that does not say it
_SEEN = 0.02  # a bar that moves less than that is not sent


def stylesheet() -> str:
    """The look of every page: the base, then what parts and pages add to it."""
    own = sorted([*_PARTS.glob("*.css"), *_APPS.glob("visit/*.css"), *_APPS.glob("pages/*/*.css")])
    return "\n".join(path.read_text(encoding="utf-8") for path in (_BASE, *own))


class PageLink(anywidget.AnyWidget):
    """The page's line to the browser; it brings the stylesheet along, so that JupyterLab shows what Voilà does.

    Attributes:
        language: of the page, for screen readers and hyphenation.
        title: in the browser's tab.
        address: what comes after `#`; outside Voilà, where the address is somebody else's, it is not written.
        steps: how many addresses the visitor could go back over; one more for each that is not to replace the last.
        busy: what is being done, shown while it lasts; empty when nothing is.
        progress: how far that is, 0 to 1; below where it does not say.
        working_text: what to say while an answer is late and nothing is known of it.
        settled: whether nothing more is to come of itself.
    """

    _esm = _PARTS / "page_link.js"

    _css = traitlets.Unicode().tag(sync=True)
    language = traitlets.Unicode("en").tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    address = traitlets.Unicode().tag(sync=True)
    steps = traitlets.Int().tag(sync=True)
    busy = traitlets.Unicode().tag(sync=True)
    progress = traitlets.Float(_UNKNOWN).tag(sync=True)
    working_text = traitlets.Unicode().tag(sync=True)
    settled = traitlets.Bool(default_value=False).tag(sync=True)

    @traitlets.default("_css")
    def _joined(self) -> str:
        return stylesheet()

    def __init__(self, **traits: Any) -> None:  # noqa: ANN401 - traitlets has no types
        super().__init__(**traits)
        # Messages are answered in turn: an echo says that what the visitor did before it has been dealt with.
        self._on_message("ping", lambda content: self.send({"kind": "pong", "turn": content.get("turn")}))

    def when_shown(self, begin: Callable[[str], None]) -> None:
        """Call `begin` with the address once the page is on the screen: what comes later than the first figures."""
        self._on_message("shown", lambda content: begin(str(content.get("address", ""))))

    def when_turned(self, turn: Callable[[str, bool], None]) -> None:
        """Call `turn` with the address the visitor has gone to, and whether the browser says it already.

        It does for back, forward, and an address written by hand; it does not for a link of the page.
        """
        self._on_message("turned", lambda content: turn(str(content.get("address", "")), bool(content.get("written"))))

    def when_rested(self, rest: Callable[[], None]) -> None:
        """Call `rest` once the visitor has done nothing for a second: what comes next is another doing."""
        self._on_message("rest", lambda _: rest())

    def when_drawn(self, work: Callable[[], None]) -> None:
        """Call `work` each time what was sent before `ask_drawn` is on the screen: what nothing should wait for."""
        self._on_message("drawn", lambda _: work())

    def ask_drawn(self, quiet: int = 0) -> None:
        """Have the browser say, once, when it has drawn what was sent and was not asked again for some milliseconds."""
        self.send({"kind": "drawn", "quiet": quiet})

    def write(self, address: str, *, anew: bool) -> None:
        """Write an address; anew where the visitor can come back to the one before."""
        if address == self.address:
            self.send({"kind": "written"})  # by hand, it may read otherwise and stand for the same
            return
        with self.hold_sync():
            self.address = address
            self.steps += anew

    @contextmanager
    def working(self, what: str) -> Iterator[Progress]:
        """Show `what` for as long as the work inside takes; how far it is, once it says so."""
        before = self.busy, self.progress
        self._say(what, _UNKNOWN)
        try:
            yield self._follow
        finally:
            self._say(*before)

    def _follow(self, share: float) -> None:
        if not 0 <= share - self.progress < _SEEN:
            self.progress = share

    def _say(self, busy: str, progress: float) -> None:
        with self.hold_sync():
            self.busy, self.progress = busy, progress

    def _on_message(self, kind: str, work: Callable[[Mapping[str, Any]], None]) -> None:
        def on_message(_: object, content: Mapping[str, Any], __: object) -> None:
            if content.get("kind") == kind:
                work(content)

        self.on_msg(on_message)

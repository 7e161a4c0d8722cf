"""The page as a whole: its stylesheet, its language, the sign that work goes on, and the moment it is first shown."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anywidget
import traitlets

_HERE = Path(__file__).parent


class PageLink(anywidget.AnyWidget):
    """The page's line to the browser; it brings the stylesheet along, so that JupyterLab shows what Voilà does.

    Attributes:
        language: of the page, for screen readers and hyphenation.
        busy: what is being done, shown while it lasts; empty when nothing is.
        settled: whether nothing more is to come of itself.
    """

    _esm = _HERE / "page.js"
    _css = _HERE / "jupyter" / "voila" / "templates" / "arlib" / "static" / "style.css"

    language = traitlets.Unicode("en").tag(sync=True)
    busy = traitlets.Unicode().tag(sync=True)
    settled = traitlets.Bool(default_value=False).tag(sync=True)

    def when_shown(self, begin: Callable[[], None]) -> None:
        """Call `begin` once the page is on the screen: what comes later than the first figures."""
        self._on_message("shown", begin)

    def when_drawn(self, work: Callable[[], None]) -> None:
        """Call `work` each time what was sent before `ask_drawn` is on the screen: what nothing should wait for."""
        self._on_message("drawn", work)

    def ask_drawn(self, quiet: int = 0) -> None:
        """Have the browser say, once, when it has drawn what was sent and was not asked again for some milliseconds."""
        self.send({"kind": "drawn", "quiet": quiet})

    def _on_message(self, kind: str, work: Callable[[], None]) -> None:
        def on_message(_: object, content: Mapping[str, Any], __: object) -> None:
            if content.get("kind") == kind:
                work()

        self.on_msg(on_message)

    @contextmanager
    def working(self, what: str) -> Iterator[None]:
        """Show `what` for as long as the work inside takes."""
        before, self.busy = self.busy, what
        try:
            yield
        finally:
            self.busy = before

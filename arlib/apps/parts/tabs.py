"""The line of the page's parts: buttons, of which one is where the visitor is."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets


class Tabs(anywidget.AnyWidget):
    """A button a part.

    Attributes:
        parts: name and label of each.
        here: the name of the one shown.
        label: what the line is called, for who does not see it.
    """

    _esm = Path(__file__).with_name("tabs.js")

    parts: "traitlets.List[Sequence[str]]" = traitlets.List().tag(sync=True)
    here = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, choose: Callable[[str], None]) -> None:
        """`choose` is called with the name of the part whose button is pressed."""
        super().__init__()

        def on_message(_: object, content: Mapping[str, Any], __: object) -> None:
            choose(str(content.get("part", "")))

        self.on_msg(on_message)

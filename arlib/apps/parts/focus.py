"""Where the keyboard is when a card opens, and when it closes."""

from pathlib import Path

import anywidget
import traitlets


class Focus(anywidget.AnyWidget):
    """Moves the focus to a card when it opens, and back to the row it was opened from when it closes.

    Attributes:
        opened: the customer whose card is open; empty for none.
    """

    _esm = Path(__file__).with_name("focus.js")

    opened = traitlets.Unicode().tag(sync=True)

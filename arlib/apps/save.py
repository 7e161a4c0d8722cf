"""A file from the page to the visitor's disk, made in the browser."""

from pathlib import Path

import anywidget
import traitlets


class Save(anywidget.AnyWidget):
    """A button that saves a text as a file.

    Attributes:
        label: of the button.
        file: the name of the file.
        content: what is in it: small, it travels to the page each time it changes.
    """

    _esm = Path(__file__).with_name("save.js")

    label = traitlets.Unicode().tag(sync=True)
    file = traitlets.Unicode().tag(sync=True)
    content = traitlets.Unicode().tag(sync=True)

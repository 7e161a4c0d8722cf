"""What a visitor can do on every page: undo, copy the link, print, choose light or dark, choose the language."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from arlib.words import LANGUAGES, Language, word

_WORDS = ("undo", "share", "shared", "print", "theme", "light", "dark", "auto", "language")


class ToolBar(anywidget.AnyWidget):
    """A row of buttons; all but undo and the language are the browser's own affair.

    Attributes:
        words: what it says, in the language of the page.
        language: the one chosen.
        languages: those to choose from.
        undoable: whether there is something to undo.
    """

    _esm = Path(__file__).with_name("tool_bar.js")

    words: "traitlets.Dict[str, str]" = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode().tag(sync=True)
    languages: "traitlets.List[str]" = traitlets.List([str(each) for each in reversed(LANGUAGES)]).tag(sync=True)
    undoable = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, undo: Callable[[], None], speak: Callable[[str], None]) -> None:
        """`undo` and `speak`, with a language, are called when their buttons are clicked."""
        super().__init__()

        def on_message(_: object, content: Mapping[str, Any], __: object) -> None:
            if content.get("kind") == "undo":
                undo()
            elif content.get("kind") == "language":
                speak(str(content.get("language")))

        self.on_msg(on_message)

    def speak(self, language: Language) -> None:
        """Say everything in this language from now on."""
        self.words = {key: word(f"app.tool.{key}", language) for key in _WORDS}
        self.language = language

"""What a visitor is told when something cannot be done: a sentence in the page, never silence."""

import logging
import secrets
from collections.abc import Callable
from html import escape
from typing import ParamSpec

import ipywidgets as widgets

from arlib.errors import ArlibError
from arlib.words import Language, Sentence, say, word

P = ParamSpec("P")

_log = logging.getLogger(__name__)


class Notice:
    """A place for one message, hidden while there is none.

    Attributes:
        box: the place.
    """

    def __init__(self, language: Language) -> None:
        self._language = language
        self._message: ArlibError | Sentence | None = None
        self._text = widgets.HTML()
        self._close = widgets.Button(description="×").add_class("arlib-notice-close")
        self._close.on_click(lambda _: self.clear())
        self.box = widgets.Box([self._text, self._close]).add_class("arlib-notice")
        self._draw()

    def show(self, message: ArlibError | Sentence) -> None:
        """Tell this, in place of what was told before."""
        self._message = message
        self._draw()

    def clear(self) -> None:
        """Nothing to tell any more."""
        self._message = None
        self._draw()

    def speak(self, language: Language) -> None:
        """Say it in this language from now on."""
        self._language = language
        self._draw()

    def _draw(self) -> None:
        self.box.layout.display = "none" if self._message is None else ""
        self._close.tooltip = word("app.notice.close", self._language)
        if self._message is None:
            self._text.value = ""
            return
        title = escape(word("app.notice.title", self._language))
        lines = [f"<li>{escape(line)}</li>" for line in self._message.text(self._language).splitlines()]
        kept = escape(word("app.notice.kept", self._language))
        self._text.value = (
            f'<div role="alert" data-testid="notice"><strong>{title}</strong>'
            f"<ul>{''.join(lines)}</ul><p>{kept}</p></div>"
        )


def guarded(work: Callable[P, None], notice: Notice) -> Callable[P, None]:
    """`work` for a control: what it raises is told in the page instead of vanishing, as a widget's errors do."""

    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            work(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the last place where anybody would learn of it
            notice.show(explained(error))

    return run


def explained(error: Exception) -> ArlibError | Sentence:
    """What a visitor is told of an error: a sentence where there is one, else a code, logged with the reason."""
    if isinstance(error, ArlibError):
        return error
    if isinstance(error, MemoryError):
        return say("app.notice.memory")
    code = secrets.token_hex(3).upper()
    _log.error("unexpected error %s", code, exc_info=error)
    return say("app.notice.unexpected", code=code)

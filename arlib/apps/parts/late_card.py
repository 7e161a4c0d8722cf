"""A card that is filled once the rest of its page is there."""

from collections.abc import Callable, Hashable

import ipywidgets as widgets

from arlib.apps.answers import Answers
from arlib.apps.parts.panels import card, empty, heading, section, title_place
from arlib.apps.visit.page import Visit, Why
from arlib.errors import ArlibError
from arlib.words import Language

Draw = Callable[[Language], None]
_Wanted = tuple[Answers, Language, *tuple[Hashable, ...]]


class LateCard:
    """A heading, and what comes below it once it is computed, or the sentence that says why it does not.

    While it waits it keeps its place and shows nothing: figures of another ledger or day are never in sight. What it
    shows already is not drawn again.

    Attributes:
        box: all of it.
    """

    def __init__(self, visit: Visit, name: str, *parts: widgets.Widget, wide: bool = False) -> None:
        """`name` is that of the labels `app.section.<name>` and `app.busy.<name>`."""
        self._visit = visit
        self._name = name
        self._title, self._why = title_place(), widgets.HTML()
        self._body = section(*parts)
        self._drawn: _Wanted | tuple[()] = ()
        self.box = card(self._title, self._why, self._body, wide=wide)

    def speak(self, language: Language) -> None:
        """Write the heading in a language."""
        self._title.value = heading(f"app.section.{self._name}", language)

    def show(self, draw: Draw, answers: Answers, *asked: Hashable) -> None:
        """Have `draw` fill it, unless it did for these answers, this language and what is asked of it.

        Later for other answers; at once where only what is asked of the card is another.
        """
        wanted: _Wanted = (answers, self._visit.language, *asked)
        if wanted == self._drawn:
            return
        if wanted[:2] == self._drawn[:2]:
            self._fill(draw, wanted)
            return
        self._drawn = ()
        self._why.value = ""  # which may be that of another ledger
        self._body.layout.display = ""
        self._body.add_class("is-waiting")
        self._visit.later(self._name, lambda _: self._fill(draw, wanted), lambda why: self._say_why_not(why, wanted))

    def _fill(self, draw: Draw, wanted: _Wanted) -> None:
        try:
            draw(wanted[1])
        except ArlibError as error:
            self._say_why_not(error, wanted)
            return
        self._why.value = ""
        self._body.layout.display = ""
        self._body.remove_class("is-waiting")
        self._drawn = wanted

    def _say_why_not(self, why: Why, wanted: _Wanted) -> None:
        self._why.value = empty(why, wanted[1])
        self._body.layout.display = "none"
        self._drawn = wanted

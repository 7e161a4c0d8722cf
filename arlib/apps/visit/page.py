"""What the visit asks of a page, and what a page may ask of the visit: all that one knows of the other."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import ClassVar, ParamSpec, Protocol

import ipywidgets as widgets

from arlib.apps.answers import Answers
from arlib.apps.visit.choices import Asked
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.progress import Progress
from arlib.words import Language, Sentence

P = ParamSpec("P")

Why = ArlibError | Sentence


class Visit(Protocol):
    """What a page may ask of the visit it is part of.

    Attributes:
        language: that of every page now.
    """

    @property
    def language(self) -> Language:
        """The language of every page now."""

    def ask(self, **changes: str | None) -> None:
        """Has the page asked otherwise: it is written in the address, can be undone, and is shown.

        None stands for as usual. Every control of a page comes here, and is set by `Page.show`.
        """

    def go(self, page: str, **asked: str) -> None:
        """Opens another page, asked this and nothing else; as it was where this is nothing."""

    def replace(self, ledger: Ledger) -> None:
        """Has another ledger in place of the one shown, on the same day, for every page; can be undone."""

    def later(
        self, name: str, work: Callable[[Progress], None], why_not: Callable[[Why], None], *, first: bool = False
    ) -> None:
        """Has a part of the page on the screen computed once what came before is drawn.

        `app.busy.<name>` says meanwhile what is done. What goes wrong is handed to `why_not`, to be told in the
        part's place. What waits is forgotten when the visitor turns to another page, ledger, day or language.
        """

    def doing(self, work: Callable[P, None]) -> Callable[P, None]:
        """`work` for a control of a page: what goes wrong is told, with a code where it is nobody's fault."""

    def working(self, name: str) -> AbstractContextManager[Progress]:
        """Shows `app.busy.<name>` for as long as the work inside takes, with a bar once it says how far it is."""


class Page(Protocol):
    """A page of the visit: its controls and panels over the functions that notebooks call.

    Made with the visit, once, when it is first opened: `Page(visit)`. It holds no choice of the visitor: those are
    in what it was asked.

    Attributes:
        name: in the address, and in the labels `app.page.<name>` and `app.page.<name>.about`.
        box: all of it.
    """

    name: ClassVar[str]
    box: widgets.Box

    def speak(self, language: Language) -> None:
        """Writes what does not depend on the ledger in a language; called before the first `show`."""

    def show(self, answers: Answers, asked: Asked) -> None:
        """Shows a ledger's answers, and sets every control, as asked; whatever it draws already may stay.

        What is slow comes by `Visit.later`. `answers` is another value for another ledger or day, and `asked` may
        hold anything, from an address written by hand: what it does not understand is as usual.

        Raises:
            ArlibError: nothing of it can be shown on this ledger; the visit says why in its place.
        """

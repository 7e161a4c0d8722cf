"""What the parts of the page share: a box, the ledger and what was asked, and what is computed once, later."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import ipywidgets as widgets

from arlib.apps.answers import Answers
from arlib.apps.pages.collect.desk import Desk, Desks
from arlib.apps.parts import panels
from arlib.apps.visit.choices import NOTHING, Asked
from arlib.apps.visit.page import Visit, Why
from arlib.progress import Progress, unseen
from arlib.words import Language

T = TypeVar("T")


class Part:
    """One part of the page: today's list, the calendar, the drafts, or the receipts.

    Attributes:
        box: all of it.
        grid: what shows a ledger's answers; hidden until there are some, so that it never shows those of another.
    """

    def __init__(self, visit: Visit, desks: Desks) -> None:
        self.box = widgets.Box().add_class("arlib-section")
        self.grid = panels.grid()
        self._whole = widgets.HTML()
        self.box.children = (self._whole, self.grid)
        self.visit, self.desks = visit, desks
        self._answers: Answers | None = None
        self._drawn: Answers | None = None
        self.asked: Asked = NOTHING
        self._quiet = False
        self._known: WeakKeyDictionary[Answers, set[Hashable]] = WeakKeyDictionary()

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger."""
        raise NotImplementedError

    def draw(self) -> None:
        """Draw everything of the ledger, as asked."""
        raise NotImplementedError

    def show(self, answers: Answers, asked: Asked) -> None:
        """Show a ledger's answers, and set every control, as asked."""
        self._answers, self.asked = answers, asked
        with self._silence():
            self.draw()

    @property
    def language(self) -> Language:
        """Of the page."""
        return self.visit.language

    @property
    def answers(self) -> Answers:
        """Those shown; nothing is asked of a part before it is shown some."""
        if self._answers is None:
            raise RuntimeError
        return self._answers

    @property
    def desk(self) -> Desk:
        """What lies beside the ledger shown."""
        return self.desks.beside(self.answers.ledger)

    def put(self, desk: Desk) -> None:
        """Have another desk beside the ledger shown, and show it."""
        self.desks.put(self.answers.ledger, desk)
        self.again()

    def again(self) -> None:
        """Show the same once more: what lies beside the ledger has changed."""
        self.show(self.answers, self.asked)

    def choice(self, name: str, known: tuple[str, ...]) -> str:
        """What was asked under a name; the first of those known where it is none of them."""
        found = self.asked.get(name, "")
        return found if found in known else known[0]

    def once(self, name: str, key: Hashable, compute: Callable[[Progress], T], draw: Callable[[T], None]) -> None:
        """Have something computed under `app.busy.<name>`, then drawn; drawn at once where it is known already."""
        answers, place = self.answers, ("collect", name, self.language, key)
        known = self._known.setdefault(answers, set())

        def work(progress: Progress) -> None:
            found = answers.once(place, lambda: compute(progress))
            known.add(place)
            with self._silence():
                draw(found)
            self._drawn, self._whole.value, self.grid.layout.display = answers, "", ""

        if place in known:
            work(unseen)
        else:
            self._whole.value = ""  # which may be of another ledger
            self.grid.layout.display = "" if self._drawn is answers else "none"
            self.visit.later(name, work, self._tell)

    def heard(self, work: Callable[[Any], None]) -> Callable[[Any], None]:
        """`work` with the new value of a control that the visitor has moved; not where the page has set it."""
        done = self.visit.doing(work)

        def on_change(change: Any) -> None:  # noqa: ANN401 - what traitlets sends
            if not self._quiet:
                done(change["new"])

        return on_change

    def pressed(self, work: Callable[[], None]) -> Callable[[Any], None]:
        """`work` for a button."""
        done = self.visit.doing(work)
        return lambda _: done()

    def _tell(self, why: Why) -> None:
        """Say why nothing can be shown."""
        self._drawn, self._whole.value, self.grid.layout.display = None, panels.empty(why, self.language), "none"

    @contextmanager
    def _silence(self) -> Iterator[None]:
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

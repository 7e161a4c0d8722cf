"""A visit for the tests of pages: it keeps what a page asks of it, and does what comes later when it is told to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ParamSpec

from arlib.apps.answers import Answers
from arlib.apps.visit.choices import Choices
from arlib.apps.visit.page import Page, Why
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.progress import Progress
from arlib.words import Language, has_word

P = ParamSpec("P")


@dataclass
class Waiting:
    """A piece of work for later."""

    work: Callable[[Progress], None]
    why_not: Callable[[Why], None]


@dataclass
class FakeVisit:
    """A visit with one page: `FakeVisit()`, then `visit.open(CustomersPage(visit), answers, q="dupont")`.

    Attributes:
        language: of the page.
        asked: what the page has had itself asked, in order.
        gone: the pages it has opened, with what they are asked.
        replaced: the ledgers it has put in place of the one shown.
        waiting: what is to be done later, by name, in order.
        told: the errors of controls, arlib's own or not: ipywidgets would swallow them.
        worked: the names of what was shown as being done.
        shares: how far it said that it was.
    """

    language: Language = "en"
    asked: list[dict[str, str | None]] = field(default_factory=list)
    gone: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    replaced: list[Ledger] = field(default_factory=list)
    waiting: dict[str, Waiting] = field(default_factory=dict)
    told: list[Exception] = field(default_factory=list)
    worked: list[str] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    _page: Page | None = None
    _answers: Answers | None = None
    _choices: Choices = field(default_factory=Choices)

    def open(self, page: Page, answers: Answers, /, **asked: str) -> None:
        """Shows a page as the visit does when it is first opened, or with another ledger."""
        if page is not self._page:
            self._choices = Choices(page=page.name)
            page.speak(self.language)
        self._page, self._answers = page, answers
        self._choices = self._choices.asking(page.name, asked)
        self.waiting.clear()
        page.show(answers, self._choices.here)

    def ask(self, **changes: str | None) -> None:
        """Has the page asked otherwise, and shown."""
        self.asked.append(changes)
        assert self._page is not None, "a page asks of a visit that has not opened it"
        assert self._answers is not None
        before = self._choices
        self._choices = before.asking(before.page, changes)
        if self._choices != before:
            self._page.show(self._answers, self._choices.here)

    def go(self, page: str, **asked: str) -> None:
        """Keeps which page is opened."""
        self.gone.append((page, asked))

    def replace(self, ledger: Ledger) -> None:
        """Keeps the ledger."""
        self.replaced.append(ledger)

    def later(
        self, name: str, work: Callable[[Progress], None], why_not: Callable[[Why], None], *, first: bool = False
    ) -> None:
        """Keeps the work; the newest of a name counts."""
        assert has_word(f"app.busy.{name}"), f"no label app.busy.{name}"
        self.waiting.pop(name, None)
        new = {name: Waiting(work, why_not)}
        self.waiting = {**new, **self.waiting} if first else {**self.waiting, **new}

    def do_waiting(self) -> list[str]:
        """Does all that was left for later, and what that leaves in turn; the names of it, in order."""
        done = []
        while self.waiting:
            name = next(iter(self.waiting))
            waiting = self.waiting.pop(name)
            done.append(name)
            try:
                waiting.work(self.shares.append)
            except ArlibError as error:
                waiting.why_not(error)
        return done

    def doing(self, work: Callable[P, None]) -> Callable[P, None]:
        """`work`, whose errors are kept."""

        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            try:
                work(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - as the visit does, which tells them all
                self.told.append(error)

        return run

    @contextmanager
    def working(self, name: str) -> Iterator[Progress]:
        """Keeps what is shown as being done."""
        assert has_word(f"app.busy.{name}"), f"no label app.busy.{name}"
        self.worked.append(name)
        yield self.shares.append


def clicked(widget: object, content: dict[str, object]) -> None:
    """Hands a widget of `arlib.apps.parts` a message, as the browser sends it."""
    widget._handle_custom_msg(content, [])  # type: ignore[attr-defined]  # what ipywidgets calls on a message

"""The visit: one address, one navigation, one ledger; it turns the pages and tells what goes wrong."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import ParamSpec

import ipywidgets as widgets

from arlib.apps.parts.chart_view import ChartEngine
from arlib.apps.parts.later import Later
from arlib.apps.parts.notice import Notice, explained, guarded
from arlib.apps.parts.page_link import PageLink
from arlib.apps.parts.panels import empty
from arlib.apps.visit.choices import START, UPLOADED, Choices
from arlib.apps.visit.header import PAGES, Header
from arlib.apps.visit.ledger_choice import SAMPLES, LedgerChoice
from arlib.apps.visit.moment import Moment, Past
from arlib.apps.visit.page import Page, Why
from arlib.apps.visit.tool_bar import ToolBar
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.progress import Progress
from arlib.readers import read_ledger
from arlib.words import LANGUAGES, Language, say, word

P = ParamSpec("P")

Work = Callable[[Progress], None]

_QUIET = 300  # ms without a move of a slider before what explains its curves is drawn
_MARK = 8  # characters of a file's SHA-256 by which an address knows it
_LASTING = ("simulator",)  # what is tried is tried on the next ledger too; a customer or a bucket is not


class OpenVisit:
    """One visitor's visit: it holds what is chosen and the ledger, and has the page on the screen show them.

    Whatever goes wrong is told in the page, which keeps the ledger and the figures it had.

    Attributes:
        box: the widget of the whole page; it keeps the rest alive.
    """

    def __init__(self, language: Language) -> None:
        self._moment = Moment(Choices(language=language))
        self._past = Past()
        self._pages: dict[str, Page] = {}
        self._shown: dict[str, tuple[object, ...]] = {}
        self._spoken: dict[str, Language] = {}
        self._begun = self._completing = False
        self._link = PageLink()
        self._notice = Notice(language)
        self._later = Later(self._link, self._notice)
        self._header = Header(ToolBar(self.doing(self._undo), self.doing(self._speak)))
        self._ledger = LedgerChoice(self.doing(self._open), self.doing(self._receive), self.doing(self._move))
        self._about, self._empty = widgets.HTML(), widgets.HTML()
        self._stage = widgets.Box().add_class("arlib-stage")
        parts = [
            self._header.box,
            self._ledger.box,
            self._about,
            self._notice.box,
            self._empty,
            self._stage,
            ChartEngine(),
        ]
        self.box = widgets.Box([*parts, self._link]).add_class("arlib-page")
        guarded(self._begin, self._notice)()
        self._link.when_shown(self.doing(self._come))
        self._link.when_turned(self.doing(self._follow))
        self._link.when_rested(self._past.rest)

    # ---- what a page may ask: see Visit

    @property
    def language(self) -> Language:
        """The language of every page now."""
        return self._moment.choices.language

    def ask(self, page: str, changes: Mapping[str, str | None]) -> None:
        """See `Visit.ask`, of this page."""
        self._choose(self._moment.choices.asking(page, changes))

    def go(self, page: str, **asked: str) -> None:
        """See `Visit.go`."""
        self._choose(self._moment.choices.going(page, asked))

    def replace(self, ledger: Ledger) -> None:
        """See `Visit.replace`."""
        with self.working("computing"):
            self._turn(self._moment.with_ledger(ledger))

    def later(self, page: str, name: str, work: Work, why_not: Callable[[Why], None], *, first: bool) -> None:
        """See `Visit.later`, of this page: what is not on the screen is shown anew when it comes again."""
        if page != self._moment.choices.page:
            self._shown.pop(page, None)
            return

        def run() -> None:
            with self.working(name) as progress:
                try:
                    work(progress)
                except Exception as error:  # noqa: BLE001 - the other parts are none the less right
                    why_not(explained(error))

        self._later.put(name, run, first=first)

    def doing(self, work: Callable[P, None]) -> Callable[P, None]:
        """See `Visit.doing`."""

        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            self._link.settled = False
            self._notice.clear()
            try:
                work(*args, **kwargs)
            finally:
                self._later.begin(quiet=_QUIET)

        return guarded(run, self._notice)

    def working(self, name: str) -> AbstractContextManager[Progress]:
        """See `Visit.working`."""
        return self._link.working(word(f"app.busy.{name}", self.language))

    # ---- what a visitor does

    def _begin(self) -> None:
        """The start page of a sample: shown before anybody has come, so that the first figures are there at once."""
        try:
            self._moment = self._moment.chosen(self._moment.choices)
        finally:
            self._draw()

    def _come(self, address: str) -> None:
        """The visitor comes, with an address or without."""
        self._begun = True
        self._follow(address, written=True)
        self._past.clear()  # what was shown before anybody came is nothing to go back to
        self._draw_head()

    def _follow(self, address: str, written: bool) -> None:  # noqa: FBT001 - said by the browser, beside the address
        """The visitor has gone to an address, which the browser may say already: then it is completed in its place."""
        here = self._moment.choices
        choices = Choices.of_address(address, here) if address.strip("#") else here
        known = choices.page in (START, *PAGES) and (choices.source in SAMPLES or choices.of_file)
        self._completing = written
        try:
            self._choose(choices if known else here)
        finally:
            self._completing = False
            self._write_address(anew=False)

    def _speak(self, language: str) -> None:
        known = next((each for each in LANGUAGES if each == language), self.language)
        self._choose(replace(self._moment.choices, language=known))

    def _open(self, source: str) -> None:
        asked = {page: here for page, here in self._moment.choices.asked.items() if page in _LASTING}
        self._choose(replace(self._moment.choices, source=source, as_of=None, asked=asked))

    def _move(self, as_of: date | None) -> None:
        self._choose(replace(self._moment.choices, as_of=as_of))

    def _receive(self, name: str, content: bytes) -> None:
        """Read the file a visitor has sent; the ledger before stays when it cannot be read."""
        with self.working("reading") as progress:
            ledger = read_ledger((name, content), progress=progress)
            source = f"{UPLOADED}-{hashlib.sha256(content).hexdigest()[:_MARK]}"
            choices = self._moment.choices
            if source != choices.source:  # else it is the file of the link, which says what of it to show
                asked = {page: here for page, here in choices.asked.items() if page in _LASTING}
                choices = replace(choices, as_of=None, asked=asked)
            self._turn(replace(self._moment, choices=choices).with_file(source, name, ledger))

    def _undo(self) -> None:
        if self._past:
            self._show(self._past.back())
            self._write_address(anew=False)

    # ---- from one moment to the next

    def _choose(self, choices: Choices) -> None:
        before = self._moment.choices
        opened = choices.source != before.source
        if choices == before:
            self._draw()
        elif opened or choices.as_of != before.as_of:
            with self.working("reading" if opened else "computing"):
                try:
                    self._turn(self._moment.chosen(choices))
                except Exception:
                    self._draw_head()  # the controls go back to what is shown
                    raise
        else:
            self._turn(self._moment.chosen(choices))

    def _turn(self, moment: Moment) -> None:
        """Go on to another moment, which can be undone."""
        before = self._moment
        self._show(moment)
        doing = moment.choices.changed(before.choices)
        if doing or moment.answers is not before.answers:
            self._write_address(anew=self._past.leave(before, doing) and not self._completing)
            self._draw_head()

    def _show(self, moment: Moment) -> None:
        """Show a moment, all of it or nothing: a page never holds figures of two ledgers or of two days."""
        before, self._moment = self._moment, moment
        try:
            self._draw()
        except Exception:
            self._moment = before
            self._shown.clear()
            self._draw()
            raise

    # ---- what is on the screen

    def _draw(self) -> None:
        choices, answers = self._moment.choices, self._moment.answers
        self._draw_head()
        self._say_empty("" if answers else empty(say(self._why_empty), choices.language))
        if answers is None and choices.page != START:
            self._only(None)
            return
        page = self._page(choices.page)
        self._only(page)
        if self._spoken.get(page.name) != choices.language or answers is None:  # without answers it shows no figure
            page.speak(choices.language)
            self._spoken[page.name] = choices.language
        shown = (answers, choices.here, choices.language)
        if answers is not None and self._shown.get(page.name) != shown:
            self._forget()
            self._shown.pop(page.name, None)
            try:
                page.show(answers, choices.here)
            except ArlibError as error:
                self._only(None)
                self._say_empty(empty(error, choices.language))
                return
            self._shown[page.name] = shown

    def _draw_head(self) -> None:
        choices = self._moment.choices
        self._notice.speak(choices.language)
        self._link.language = choices.language
        title = word(f"app.page.{choices.page}", choices.language)
        self._link.title = f"{title} – {word('app.title', choices.language)}"
        self._link.working_text = word("app.busy.computing", choices.language)
        self._header.show(choices, undoable=bool(self._past))
        self._ledger.show(choices, self._moment.files)
        self._about.value = self._moment.about
        self._about.layout.display = "" if self._about.value else "none"

    def _say_empty(self, why: str) -> None:
        self._empty.value = why
        self._empty.layout.display = "" if why else "none"

    def _page(self, name: str) -> Page:
        if name not in self._pages:
            module = import_module(f"arlib.apps.pages.{name}")
            page: Page = getattr(module, f"{name.capitalize()}Page")(OwnVisit(self, name))
            page.box.add_class("arlib-turned")
            self._pages[name] = page
            self._stage.children = (*self._stage.children, page.box)
        return self._pages[name]

    def _only(self, page: Page | None) -> None:
        """One page is on the screen; what the one before was still to show, it will when it comes again."""
        for other in self._pages.values():
            hidden = other is not page
            if hidden and other.box.layout.display != "none":
                self._forget(other)
            other.box.layout.display = "none" if hidden else ""

    def _forget(self, page: Page | None = None) -> None:
        if self._later.clear() and page is not None:
            self._shown.pop(page.name, None)

    def _write_address(self, *, anew: bool) -> None:
        if self._begun:
            self._link.write(self._moment.choices.address(), anew=anew)

    @property
    def _why_empty(self) -> str:
        return "app.start.file_of_link" if self._moment.choices.of_file else "app.start.none"


class OwnVisit:
    """The visit as one page knows it: what that page asks is asked of it, whichever page is on the screen."""

    def __init__(self, visit: OpenVisit, page: str) -> None:
        self._visit, self._page = visit, page
        self.go, self.replace, self.doing, self.working = visit.go, visit.replace, visit.doing, visit.working

    @property
    def language(self) -> Language:
        """See `Visit.language`."""
        return self._visit.language

    def ask(self, **changes: str | None) -> None:
        """See `Visit.ask`."""
        self._visit.ask(self._page, changes)

    def later(self, name: str, work: Work, why_not: Callable[[Why], None], *, first: bool = False) -> None:
        """See `Visit.later`."""
        self._visit.later(self._page, name, work, why_not, first=first)

"""The page of a company's receivables: from a ledger to its figures, its risks, and what other terms would change."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import ParamSpec

import ipywidgets as widgets

from arlib.apps import panels
from arlib.apps.answers import Answers
from arlib.apps.chart_view import ChartEngine
from arlib.apps.choices import UPLOADED, Choices
from arlib.apps.controls import Controls, Offer
from arlib.apps.figures_view import FiguresView
from arlib.apps.forecast_view import ForecastView
from arlib.apps.later import Later
from arlib.apps.notice import Notice, explained, guarded
from arlib.apps.page import PageLink
from arlib.apps.shelf import Doings, policies_of
from arlib.apps.trial_view import TrialView
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.readers import read_ledger
from arlib.samples import load_sample
from arlib.words import LANGUAGES, Language, Sentence, say, word

P = ParamSpec("P")
Show = Callable[[Answers, Language], None]
ShowWhyNot = Callable[[ArlibError | Sentence, Language], None]

_FIRST_YEAR = 1900  # while a year is being typed, 0002 and 0020 come by
_QUIET = 300  # ms without a move of a slider before what explains its curves is drawn


def poste_client(language: Language | None = None) -> widgets.Box:
    """The page, to be the last value of a notebook's cell; in the server's language unless one is given."""
    served = os.environ.get("ARLIB_LANGUAGE", "en")
    known: Language = next((known for known in LANGUAGES if known == served), "en")
    return PosteClient(language or known).page


class PosteClient:
    """The page: it holds the visitor's choices and ledger, and redraws what a choice touches.

    Whatever goes wrong is told in the page, which keeps the ledger and the figures it had.

    Attributes:
        page: the widget of the whole page; it keeps the rest alive.
    """

    def __init__(self, language: Language) -> None:
        self._answers: Answers | None = None
        self._uploaded: Ledger | None = None
        self._begun = False
        self._notice = Notice(language)
        self._link = PageLink(language=language)
        self._title = widgets.HTML()
        self._later = Later(self._link, self._notice)
        doings = Doings(self._doing(self._keep), self._doing(self._remove), self._doing(self._load))
        on_change, receive = self._doing(self._change), self._doing(self._receive)
        self._controls = Controls(Choices(language=language), on_change, receive, doings)
        self._figures = FiguresView()
        self._trial = TrialView(self._controls)
        self._forecast = ForecastView()
        self._empty = widgets.HTML()
        header = widgets.Box([self._title, self._controls.header]).add_class("arlib-header")
        parts = [header, self._controls.source, self._notice.box, self._empty]
        self._lower = widgets.Box().add_class("arlib-lower")
        parts += [self._figures.first, self._figures.rest, self._lower, ChartEngine(), self._link]
        self.page = widgets.Box(parts).add_class("arlib-page")
        self._speak()
        self._show_parts()
        guarded(self._open, self._notice)(self._controls.choices.source)
        self._link.when_shown(self._doing(self._begin))

    def _doing(self, work: Callable[P, None]) -> Callable[P, None]:
        """`work` for a control: what goes wrong is told, and what comes later begins once the visitor rests."""

        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            self._link.settled = False
            try:
                work(*args, **kwargs)
            finally:
                self._later.begin(quiet=_QUIET)

        return guarded(run, self._notice)

    def _begin(self) -> None:
        """The page is on the screen with its first figures: compute the rest, once however often it is shown."""
        if not self._begun:
            self._begun = True
            self._lower.children = (self._trial.box, self._forecast.box)  # a hundred widgets more than the figures need
            self._draw_rest()

    def _change(self, before: Choices, after: Choices) -> None:
        self._notice.clear()
        if after.language != before.language:
            self._speak()
            self._draw()
        elif after.source != before.source:
            self._choose(before.source, after.source)
        elif after.as_of != before.as_of:
            self._move(after.as_of)
        else:
            self._draw_trial()

    def _keep(self, name: str) -> None:
        self._take_up(self._controls.choices.keeping(name))

    def _remove(self, name: str) -> None:
        self._take_up(self._controls.choices.without(name))

    def _load(self, name: str, content: bytes) -> None:
        """Keep the policies of a file a visitor has sent, in place of those kept."""
        self._take_up(self._controls.choices.with_kept(policies_of(name, content)))

    def _take_up(self, choices: Choices) -> None:
        """Have other policies kept."""
        self._notice.clear()
        self._controls.keep(choices)
        self._draw_trial()

    def _choose(self, before: str, source: str) -> None:
        """Open another ledger; where it cannot be, the choice goes back to the one that is shown."""
        try:
            self._open(source)
        except Exception:
            offered = self._controls.offered
            self._controls.offer(replace(offered, choices=offered.choices.with_source(before)))
            raise

    def _open(self, source: str) -> None:
        with self._working("reading"):
            uploaded = self._uploaded if source == UPLOADED else None
            ledger = load_sample(source) if uploaded is None else uploaded
            self._take(ledger, source, self._controls.offered.uploaded)

    def _receive(self, name: str, content: bytes) -> None:
        """Read the file a visitor has sent; the ledger before stays when it cannot be read."""
        self._notice.clear()
        with self._working("reading"):
            ledger = read_ledger((name, content))
            self._take(ledger, UPLOADED, name)
            self._uploaded = ledger

    def _take(self, ledger: Ledger, source: str, uploaded: str) -> None:
        """Show a ledger on its last day."""
        answers = Answers(ledger, ledger.day())
        choices = replace(self._controls.choices, source=source, as_of=answers.as_of.date())
        segments = tuple(sorted(ledger.customers["segment"].dropna().unique()))
        self._show(answers, Offer(choices, uploaded, segments))

    def _move(self, as_of: date | None) -> None:
        """Show another day of the same ledger."""
        if self._answers is None or (as_of is not None and as_of.year < _FIRST_YEAR):
            return
        ledger = self._answers.ledger
        day, (first, last) = ledger.day(as_of), ledger.covers
        if not first <= day <= last:
            raise ArlibError(say("app.outside", first=first, last=last))
        with self._working("computing"):
            self._show(Answers(ledger, day), self._controls.offered)

    def _show(self, answers: Answers, offered: Offer) -> None:
        """Show other figures, all of them or none: a page never holds figures of two ledgers or of two days."""
        kept = self._answers, self._controls.offered
        answers.prepare()
        self._answers = answers
        self._controls.offer(offered)
        try:
            self._draw()
        except Exception:
            self._answers, before = kept
            self._controls.offer(before)
            self._draw()
            raise

    def _speak(self) -> None:
        language = self._controls.choices.language
        self._link.language = language
        self._notice.speak(language)
        self._title.value = panels.title(language)
        self._empty.value = f'<p class="arlib-empty">{word("app.start.none", language)}</p>'
        self._trial.speak(language)
        self._forecast.speak(language)

    def _draw(self) -> None:
        self._show_parts()
        if self._answers is None:
            return
        choices = self._controls.choices
        self._figures.show_first(self._answers, self._controls.source_name, choices.language)
        if self._begun:
            self._draw_rest()

    def _draw_rest(self) -> None:
        self._later.clear()
        if self._answers is None:
            return
        language = self._controls.choices.language
        with self._working("computing"):
            self._figures.show_rest(self._answers, language)
            self._forecast.wait(language)
            self._trial.show_being_tested(language)
            self._draw_trial()
        self._put("forecasting", self._show_forecast, self._forecast.show_trouble)
        if self._answers.scored:
            self._put("testing", self._figures.show_test, self._figures.show_untested)
            self._put("testing_simulation", self._trial.show_test, self._trial.show_untested)

    def _draw_trial(self) -> None:
        if self._answers is None:
            return
        choices = self._controls.choices
        try:
            self._trial.show(self._answers, choices)
        except ArlibError as error:
            self._trial.show_trouble(error, choices.language)
            return
        self._put("detailing", self._explain, self._trial.show_unexplained, first=True)

    def _explain(self, answers: Answers, _: Language) -> None:
        self._trial.explain(answers, self._controls.choices)

    def _show_forecast(self, answers: Answers, language: Language) -> None:
        self._forecast.show(answers, language)
        self._put("testing_forecast", self._forecast.show_test, self._forecast.show_untested)

    def _put(self, what: str, show: Show, show_why_not: ShowWhyNot, *, first: bool = False) -> None:
        """Have a part of the page shown later; where it cannot be, that is told in its place: the rest is right."""

        def work() -> None:
            language = self._controls.choices.language
            if self._answers is None:
                return
            with self._working(what):
                try:
                    show(self._answers, language)
                except Exception as error:  # noqa: BLE001 - the other figures are none the less right
                    show_why_not(explained(error), language)

        self._later.put(what, work, first=first)

    def _show_parts(self) -> None:
        """Without a ledger, nothing but the sentence that says how to open one."""
        known = self._answers is not None
        self._empty.layout.display = "none" if known else ""
        for part in (self._figures.first, self._figures.rest, self._lower):
            part.layout.display = "" if known else "none"

    def _working(self, what: str) -> AbstractContextManager[None]:
        return self._link.working(word(f"app.busy.{what}", self._controls.choices.language))

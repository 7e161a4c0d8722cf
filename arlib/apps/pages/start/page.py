"""The start page: a card a page, with the question it answers and, once a ledger is open, one figure of it."""

from html import escape
from typing import ClassVar

import ipywidgets as widgets

from arlib.apps.answers import Answers
from arlib.apps.pages.start.figures import AT_ONCE, LATER, Live
from arlib.apps.parts.panels import card, empty, heading, note, section, title_place
from arlib.apps.visit.choices import Asked, Choices
from arlib.apps.visit.header import PAGES
from arlib.apps.visit.ledger_choice import SAMPLES
from arlib.apps.visit.page import Visit, Why
from arlib.show.tables import Html
from arlib.words import Language, word


class StartPage:
    """What the kit does in a sentence, its pages as cards, and how to begin.

    Attributes:
        name: in the address.
        box: all of it.
    """

    name: ClassVar[str] = "start"

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._what, self._how_title, self._how = widgets.HTML(), title_place(), widgets.HTML()
        self._cards = {page: PageCard(page, visit) for page in PAGES}
        cards = widgets.Box([each.box for each in self._cards.values()]).add_class("arlib-start-cards")
        self.box = section(self._what, cards, card(self._how_title, self._how)).add_class("arlib-start")

    def speak(self, language: Language) -> None:
        """Writes everything but the figures."""
        self._what.value = Html(f'<p class="arlib-start-what">{escape(word("app.start.what", language))}</p>')
        self._how_title.value = heading("app.start.how", language)
        self._how.value = _how_to_begin(language)
        for each in self._cards.values():
            each.speak(language)

    def show(self, answers: Answers, _: Asked) -> None:
        """Shows a figure of each page: those known at once, the others as they come."""
        for page, live in AT_ONCE.items():
            self._cards[page].show(live, answers)
        for page, (name, live) in LATER.items():
            self._cards[page].show_later(name, live, answers)


class PageCard:
    """A page as a card: its name, which opens it, its question, a figure of it.

    Attributes:
        box: all of it.
    """

    def __init__(self, page: str, visit: Visit) -> None:
        self._page, self._visit = page, visit
        self._open = widgets.Button().add_class("arlib-start-open")
        self._open.on_click(visit.doing(lambda _: visit.go(page)))
        self._question, self._figure = widgets.HTML(), widgets.HTML()
        self._shown: tuple[Answers, Language] | None = None
        self.box = card(self._open, self._question, self._figure).add_class("arlib-start-card")

    def speak(self, language: Language) -> None:
        """Write the name and the question; a figure in another language is none."""
        self._open.description = word(f"app.page.{self._page}", language)
        self._question.value = note(word(f"app.page.{self._page}.about", language))
        self._figure.value, self._shown = "", None

    def show(self, live: Live, answers: Answers) -> None:
        """Show a figure at once."""
        language = self._visit.language
        self._figure.value = Html(
            f'<p class="arlib-start-figure" data-testid="live-{self._page}">{escape(live(answers, language))}</p>'
        )
        self._shown = answers, language

    def show_later(self, name: str, live: Live, answers: Answers) -> None:
        """Show a figure once it is computed, unless it is there; why there is none where it cannot be.

        `app.busy.<name>` says meanwhile what is done.
        """
        wanted = answers, self._visit.language
        if self._shown == wanted:
            return
        self._shown = None
        self._figure.value = Html('<p class="arlib-start-figure">…</p>')

        def say_why_not(why: Why) -> None:
            self._figure.value = empty(why, wanted[1])
            self._shown = wanted

        self._visit.later(name, lambda _: self.show(live, answers), say_why_not)


def _how_to_begin(language: Language) -> Html:
    """A link a sample, what files are read, and where they stay."""
    samples = "".join(
        f'<li><a href="#{escape(Choices(language, page="cockpit", source=name).address())}" '
        f'data-testid="sample-{name}">{escape(word(f"app.source.{name}", language))}</a></li>'
        for name in SAMPLES
    )
    lines = {key: escape(word(f"app.start.{key}", language)) for key in ("sample", "file", "stays")}
    return Html(
        f"<p>{lines['sample']}</p><ul>{samples}</ul><p>{lines['file']}</p>{note(word('app.start.stays', language))}"
    )

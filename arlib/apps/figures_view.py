"""The figures of the page: widgets that show the answers of one ledger on one day."""

from collections.abc import Callable

import ipywidgets as widgets

from arlib.apps import panels, past_panels, risk_panels
from arlib.apps.answers import Answers
from arlib.apps.chart_view import ChartView
from arlib.errors import ArlibError
from arlib.show import charts
from arlib.show.tables import aged_balance_table
from arlib.words import Language, Sentence

_SECTIONS = tuple(f"app.section.{name}" for name in ("aged", "aged_history", "dso", "customers", "risk"))


class FiguresView:
    """The upper part of the page, in two times: what is quick to compute, then the rest.

    Attributes:
        first: proof, key figures and aged balance.
        rest: history, largest balances, customers at risk with the test of their scores on the past.
    """

    def __init__(self) -> None:
        self._about, self._proof, self._reading = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._cards, self._assumed = widgets.HTML(), widgets.HTML()
        self._aged, self._customers = widgets.HTML(), widgets.HTML()
        self._tested, self._risk = widgets.HTML(), widgets.HTML()
        self._aged_history = ChartView(name="aged-history")
        self._dso_history = ChartView(name="dso-history")
        self._headings = {key: widgets.HTML().add_class("arlib-heading") for key in _SECTIONS}
        self.first = section(self._about, self._proof, self._reading, self._cards, self._assumed)
        self.rest = widgets.Box(
            [
                self._card("app.section.aged", self._aged),
                self._card("app.section.aged_history", self._aged_history),
                self._card("app.section.dso", self._dso_history).add_class("is-wide"),
                self._card("app.section.customers", self._customers).add_class("is-wide"),
                self._card("app.section.risk", self._tested, self._risk).add_class("is-wide"),
            ]
        ).add_class("arlib-grid")

    def show_first(self, answers: Answers, name: str, language: Language) -> None:
        """Show what a visitor waits for."""
        currency = answers.ledger.currency
        for key, title in self._headings.items():
            title.value = panels.heading(key, language)
        self._about.value = panels.about(answers, name, language)
        self._proof.value = panels.proof_line(answers, language)
        self._reading.value = panels.reading(answers, language)
        self._cards.value = panels.cards(answers, language)
        self._assumed.value = panels.assumed_due(answers, language)
        self._aged.value = panels.aged_buckets(answers.aged, language, currency)

    def show_rest(self, answers: Answers, language: Language) -> None:
        """Show what may take a second longer; a part that has no answer says why, in its place."""
        currency = answers.ledger.currency
        self._aged_history.show(charts.aged_history_chart(answers.aged_history, language=language, currency=currency))
        self._dso_history.show(charts.dso_history_chart(answers.dso_history, language=language))
        largest = aged_balance_table(answers.aged, language=language, currency=currency)
        self._customers.value = f'<div class="arlib-scroll arlib-largest">{largest}</div>'
        self._risk.value = or_sentence(lambda: risk_panels.riskiest(answers, language), language)
        self._tested.value = past_panels.being_tested("tested", language) if answers.scored else ""

    def show_test(self, answers: Answers, language: Language) -> None:
        """Show how well the scores did on the past: it takes a while the first time."""
        self._tested.value = past_panels.tested("tested", answers.backtest(language).sentences, language)

    def show_untested(self, why: ArlibError | Sentence, language: Language) -> None:
        """Say in place of the test why there is none."""
        self._tested.value = past_panels.untested("tested", why, language)

    def _card(self, key: str, *parts: widgets.Widget) -> widgets.Box:
        return section(self._headings[key], *parts).add_class("arlib-card")


def section(*parts: widgets.Widget) -> widgets.Box:
    """Parts one under another, laid out by the stylesheet."""
    return widgets.Box(list(parts)).add_class("arlib-section")


def or_sentence(html: Callable[[], str], language: Language) -> str:
    """What `html` gives, or the sentence of the error that keeps it from giving anything."""
    try:
        return html()
    except ArlibError as error:
        return panels.empty(error, language)

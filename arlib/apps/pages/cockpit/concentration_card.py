"""On how few debtors the receivable rests."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import ipywidgets as widgets

from arlib.apps.answers import Answers
from arlib.apps.parts.chart_view import ChartView
from arlib.apps.parts.late_card import LateCard
from arlib.apps.parts.panels import note
from arlib.apps.visit.page import Visit
from arlib.measures import Concentration, concentration
from arlib.show import charts
from arlib.words import Language


class ConcentrationCard:
    """The sentence of the concentration and its chart, whose bars open the customers' cards.

    Attributes:
        box: all of it.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._found: Concentration | None = None
        self._sentence = widgets.HTML()
        self._chart = ChartView(name="pareto", on_click=visit.doing(self._open))
        self._card = LateCard(visit, "concentration", self._sentence, self._chart, wide=True)
        self.box = self._card.box

    def speak(self, language: Language) -> None:
        """Write the heading."""
        self._card.speak(language)

    def show(self, answers: Answers) -> None:
        """Show the concentration, once it is computed."""
        self._card.show(partial(self._draw, answers), answers)

    def _draw(self, answers: Answers, language: Language) -> None:
        found = answers.once("concentration", lambda: concentration(answers.ledger, answers.as_of))
        self._found = found
        self._sentence.value = note(found.sentence.text(language), name="concentration")
        self._chart.show(charts.pareto_chart(found.groups, language=language, currency=answers.ledger.currency))

    def _open(self, datum: Mapping[str, Any]) -> None:
        """Opens the customer whose bar was clicked; that of all others opens nothing."""
        place = datum.get("place")
        if self._found is not None and isinstance(place, int) and datum.get("others") is False:
            self._visit.go("customers", customer=str(self._found.groups["customer_id"].iloc[place]))

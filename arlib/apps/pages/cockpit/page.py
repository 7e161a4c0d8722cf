"""The cockpit: what is shown follows from the answers and from what is asked, nothing else."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

import ipywidgets as widgets

from arlib.apps.answers import Answers
from arlib.apps.pages.cockpit import standing
from arlib.apps.pages.cockpit.aged_bars import AgedBars
from arlib.apps.pages.cockpit.alerts_card import AlertsCard
from arlib.apps.pages.cockpit.asked import EVERY_AGE, CockpitAsked
from arlib.apps.pages.cockpit.concentration_card import ConcentrationCard
from arlib.apps.pages.cockpit.debtors import DebtorsCard
from arlib.apps.pages.cockpit.moved import MovedCard
from arlib.apps.parts.chart_view import ChartView
from arlib.apps.parts.late_card import LateCard
from arlib.apps.parts.panels import card, grid, heading, scrolled, section, title_place
from arlib.apps.parts.table_view import TableState
from arlib.apps.visit.choices import Asked
from arlib.apps.visit.page import Visit
from arlib.measures import dso_methods
from arlib.show import charts
from arlib.show.look import bucket_label, used_buckets
from arlib.show.tables import dso_methods_table
from arlib.words import Language, word


class CockpitPage:
    """What is owed, since when and by whom, how fast it is paid and why that moved, and what asks for attention.

    Attributes:
        name: in the address.
        box: all of it.
    """

    name: ClassVar[str] = "cockpit"

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._proof, self._cards = widgets.HTML(), widgets.HTML()
        self._aged_title, self._aged = title_place(), AgedBars(visit.doing(self._pick))
        self._debtors, self._moved = DebtorsCard(visit), MovedCard(visit)
        self._few, self._alerts = ConcentrationCard(visit), AlertsCard(visit)
        self._aged_history = ChartView(name="aged-history", on_click=visit.doing(self._pick_in_history))
        self._dso_history, self._methods = ChartView(name="dso-history"), widgets.HTML()
        self._history = LateCard(visit, "aged_history", self._aged_history)
        self._speed = LateCard(visit, "dso", self._dso_history, self._methods, wide=True)
        self._answers: Answers | None = None
        aged = grid(card(self._aged_title, self._aged), self._history.box)
        late = grid(self._speed.box, self._moved.box, self._few.box, self._alerts.box)
        self.box = section(self._proof, self._cards, aged, self._debtors.box, late)

    def speak(self, language: Language) -> None:
        """Writes the headings."""
        self._aged_title.value = heading("app.section.aged", language)
        for part in (self._debtors, self._history, self._speed, self._moved, self._few, self._alerts):
            part.speak(language)

    def show(self, answers: Answers, asked: Asked) -> None:
        """Shows the proof, the key figures, the ages and who owes; then the rest, as it comes."""
        looked = CockpitAsked.of(asked, used_buckets(answers.aged))
        self._answers = answers
        self._show_standing(answers)
        self._aged.chosen = looked.bucket
        self._debtors.show(answers, looked)
        self._history.show(partial(self._draw_history, answers), answers)
        self._speed.show(partial(self._draw_speed, answers), answers)
        self._moved.show(answers, looked)
        self._few.show(answers)
        self._alerts.show(answers, looked)

    def _show_standing(self, answers: Answers) -> None:
        language = self._visit.language
        proof, reading = standing.proof_line(answers, language), standing.reading(answers, language)
        self._proof.value = proof + reading
        self._cards.value = standing.key_figure_cards(answers, language) + standing.assumed_due(answers, language)
        self._aged.show(answers.aged, language, answers.ledger.currency)

    def _draw_history(self, answers: Answers, language: Language) -> None:
        standing.demand_past(answers.ledger)
        history, currency = answers.aged_history, answers.ledger.currency
        self._aged_history.show(charts.aged_history_chart(history, language=language, currency=currency))

    def _draw_speed(self, answers: Answers, language: Language) -> None:
        standing.demand_past(answers.ledger)
        self._dso_history.show(charts.dso_history_chart(answers.dso_history, language=language))
        methods = answers.once("dso_methods", lambda: dso_methods(answers.ledger, answers.as_of))
        table = scrolled(dso_methods_table(methods, language=language), name="dso-methods", look="arlib-methods")
        self._methods.value = standing.behind(word("app.dso.every", language), table)

    def _pick(self, bucket: str) -> None:
        """Has the debtors of an age listed, from the first on; of every age where none is picked."""
        self._visit.ask(bucket=bucket if bucket != EVERY_AGE else None, **TableState().asked())

    def _pick_in_history(self, datum: Mapping[str, Any]) -> None:
        if self._answers is None:
            return
        names = {bucket_label(each, self._visit.language): each for each in used_buckets(self._answers.aged)}
        if (bucket := names.get(str(datum.get("bucket")))) is not None:
            self._pick(bucket)

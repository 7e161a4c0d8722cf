"""Why DSO moved: since the last end of a month, or in a year."""

from typing import get_args

import ipywidgets as widgets
import pandas as pd

from arlib.apps.answers import Answers
from arlib.apps.pages.cockpit.asked import CockpitAsked, Since
from arlib.apps.pages.cockpit.standing import behind, demand_past
from arlib.apps.parts.chart_view import ChartView
from arlib.apps.parts.late_card import LateCard
from arlib.apps.parts.panels import controls, note, scrolled
from arlib.apps.visit.page import Visit
from arlib.measures import Bridge, dso_bridge
from arlib.measures.key_figures import year_before
from arlib.show import charts
from arlib.show.tables import dso_bridge_table
from arlib.words import Language, word

_CUSTOMERS = 10  # listed behind the chart


class MovedCard:
    """The bridge from one DSO to the other: its chart, its sentence with the figures, and who made it behind.

    Attributes:
        box: all of it.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._since = widgets.Dropdown(options=get_args(Since)).add_class("arlib-control-since")
        self._since.style.description_width = "initial"
        self._sentence, self._chart, self._tables = widgets.HTML(), ChartView(name="dso-bridge"), widgets.HTML()
        self._quiet = False
        self._since.observe(visit.doing(lambda change: self._choose(change["new"])), "value")
        parts = (controls(self._since), self._sentence, self._chart, self._tables)
        self._card = LateCard(visit, "moved", *parts, wide=True)
        self.box = self._card.box

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger."""
        self._card.speak(language)
        self._since.description = word("app.moved.since", language)

    def show(self, answers: Answers, asked: CockpitAsked) -> None:
        """Show why DSO moved since the day asked, once it is computed."""
        self._stand_at(asked.since)
        self._card.show(
            lambda language: self._draw(_bridge(answers, asked.since), answers, language), answers, asked.since
        )

    def _draw(self, bridge: Bridge, answers: Answers, language: Language) -> None:
        self._chart.show(charts.dso_bridge_chart(bridge, language=language))
        self._sentence.value = note(bridge.sentence.text(language), name="bridge-sentence")
        currency = answers.ledger.currency
        effects = scrolled(dso_bridge_table(bridge, language=language, currency=currency), name="bridge")
        customers = scrolled(dso_bridge_table(bridge, language=language, rows=_CUSTOMERS), name="bridge-customers")
        parts = {"app.moved.effects": effects, "app.moved.customers": customers} if len(bridge.groups) else {}
        self._tables.value = "".join(behind(word(key, language), shown) for key, shown in parts.items())

    def _stand_at(self, since: Since) -> None:
        """Set the control to what is asked, without asking again."""
        labels = {each: word(f"app.moved.since.{each}", self._visit.language) for each in get_args(Since)}
        self._quiet = True
        self._since.options = [(label, each) for each, label in labels.items()]
        self._since.value = since
        self._quiet = False

    def _choose(self, since: Since | None) -> None:
        if not self._quiet and since is not None:
            self._visit.ask(since=None if since == "month" else since)


def compared_day(answers: Answers, since: Since) -> pd.Timestamp:
    """The day before which nothing is explained."""
    return answers.compared_with if since == "month" else year_before(answers.as_of)


def _bridge(answers: Answers, since: Since) -> Bridge:
    demand_past(answers.ledger)
    start = compared_day(answers, since)
    return answers.once(("dso_bridge", since), lambda: dso_bridge(answers.ledger, start, answers.as_of))

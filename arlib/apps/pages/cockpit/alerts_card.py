"""The alerts as a table whose lines open the page that acts."""

import ipywidgets as widgets

from arlib.apps.answers import Answers
from arlib.apps.pages.cockpit.alerts import Alert, alerts_of
from arlib.apps.pages.cockpit.asked import OF_ALERTS, CockpitAsked
from arlib.apps.parts.late_card import LateCard
from arlib.apps.parts.panels import empty
from arlib.apps.parts.table_view import TableState, TableView
from arlib.apps.visit.page import Visit
from arlib.show.tables import Field
from arlib.words import Language, say, word


class AlertsCard:
    """What asks for attention, with the money at stake; each line opens the page that acts.

    Attributes:
        box: all of it.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._found: tuple[Alert, ...] = ()
        self._unknown = widgets.HTML()
        self._table = TableView("alerts", on_state=visit.doing(self._look), on_open=visit.doing(self._open))
        self._card = LateCard(visit, "alerts", self._table, self._unknown, wide=True)
        self.box = self._card.box.add_class("arlib-alerts")

    def speak(self, language: Language) -> None:
        """Write the heading."""
        self._card.speak(language)

    def show(self, answers: Answers, asked: CockpitAsked) -> None:
        """Show the alerts, once they are found."""
        self._card.show(lambda language: self._draw(answers, asked, language), answers, asked.alerts)

    def _draw(self, answers: Answers, asked: CockpitAsked, language: Language) -> None:
        alerts = answers.once(("alerts", language), lambda: alerts_of(answers, language))
        self._found = alerts.found
        currency = answers.ledger.currency
        stake = word("table.column.at_stake", language) + (f" ({currency})" if currency else "")
        self._table.show(
            answers.once(("alerts", "frame", language), lambda: alerts.frame(language)),
            [
                Field("text", word("app.alert.what", language)),
                Field("severity", word("app.alert.severity", language)),
                Field("amount", stake, "money"),
                Field("page", word("app.alert.page", language)),
            ],
            key="place",
            state=asked.alerts,
            caption=word("app.alert.caption", language),
            empty=say("app.alert.none"),
            language=language,
            note="told",
            narrow=["amount"],
        )
        self._unknown.value = "".join(empty(why, language) for why in alerts.unknown)

    def _look(self, state: TableState) -> None:
        self._visit.ask(**state.asked(OF_ALERTS))

    def _open(self, place: str) -> None:
        alert = self._found[int(place)]
        self._visit.go(alert.page, **alert.asked)

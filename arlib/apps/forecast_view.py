"""The cash to come: thirteen weeks with their band, what they are made of, and how such forecasts did on the past."""

import ipywidgets as widgets

from arlib.apps import forecast_panels, panels, past_panels
from arlib.apps.answers import Answers
from arlib.apps.chart_view import ChartView
from arlib.apps.figures_view import section
from arlib.errors import ArlibError
from arlib.show import charts
from arlib.words import Language, Sentence


class ForecastView:
    """The last part of the page, computed once all that was asked for is on the screen.

    Attributes:
        box: everything.
    """

    def __init__(self) -> None:
        self._title = widgets.HTML().add_class("arlib-heading")
        self._waiting, self._tested, self._totals, self._details = (widgets.HTML() for _ in range(4))
        self._chart = ChartView(name="cash-forecast")
        self.box = section(self._title, self._waiting, self._tested, self._totals, self._chart, self._details)
        self.box.add_class("arlib-card")

    def speak(self, language: Language) -> None:
        """Write the title in a language."""
        self._title.value = panels.heading("app.section.forecast", language)

    def wait(self, language: Language) -> None:
        """Say that it is being computed, in place of what is shown."""
        self._waiting.value = forecast_panels.being_computed(language)
        self._tested.value = ""
        self._shown(shown=False)

    def show(self, answers: Answers, language: Language) -> None:
        """Show the cash of the next weeks.

        Raises:
            ArlibError: no payment is known by the day.
        """
        forecast = answers.forecast
        currency = forecast.currency
        names = answers.ledger.customers.set_index("customer_id")["name"]
        self._totals.value = forecast_panels.totals(forecast.weekly, language, currency)
        self._chart.show(charts.cash_forecast_chart(forecast.weekly, language=language, currency=currency))
        self._details.value = forecast_panels.details(forecast, names, language)
        self._tested.value = past_panels.being_tested("tested-forecast", language)
        self._waiting.value = ""
        self._shown(shown=True)

    def show_trouble(self, why: ArlibError | Sentence, language: Language) -> None:
        """Say in place of the forecast why there is none."""
        self._waiting.value = panels.empty(why, language)
        self._tested.value = ""
        self._shown(shown=False)

    def show_test(self, answers: Answers, language: Language) -> None:
        """Show how well such forecasts did on the past."""
        self._tested.value = past_panels.tested("tested-forecast", answers.forecast_backtest.sentences, language)

    def show_untested(self, why: ArlibError | Sentence, language: Language) -> None:
        """Say in place of the test why there is none."""
        self._tested.value = past_panels.untested("tested-forecast", why, language)

    def _shown(self, *, shown: bool) -> None:
        for part in (self._totals, self._chart, self._details):
            part.layout.display = "" if shown else "none"

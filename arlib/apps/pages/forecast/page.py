"""The cash to come: weeks with their band, what they are made of, who pays in each, and how such forecasts did."""

from collections.abc import Callable
from typing import ClassVar

import ipywidgets as widgets

from arlib.apps.answers import Answers
from arlib.apps.pages.forecast import files, panels
from arlib.apps.pages.forecast.asked import ALL_WEEKS, FEWEST_WEEKS, MOST_WEEKS, USUAL_WEEKS, ForecastAsked
from arlib.apps.pages.forecast.drivers import items, late_of, payers
from arlib.apps.pages.forecast.promised import Promised
from arlib.apps.pages.forecast.week import WeekView
from arlib.apps.parts.chart_view import ChartView, Datum
from arlib.apps.parts.download import Download
from arlib.apps.parts.panels import card, controls, empty, grid, heading, section, title_place
from arlib.apps.parts.past_panels import About, being_tested, tested, untested
from arlib.apps.parts.upload import MEGABYTE, Upload
from arlib.apps.visit.choices import Asked
from arlib.apps.visit.page import Visit, Why
from arlib.errors import ArlibError
from arlib.progress import Progress
from arlib.show import charts
from arlib.simulation import CashForecast
from arlib.words import Language, say, word

_TESTED: About = "tested-forecast"
_HEADINGS = ("forecast", "forecast_cumulated", "forecast_week")

Drawn = tuple[Answers, Language, int, bool, Promised | None]


class ForecastPage:
    """The cash of the next weeks.

    Attributes:
        name: of the page.
        box: all of it.
    """

    name: ClassVar[str] = "forecast"
    box: widgets.Box

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._answers: Answers
        self._asked = ForecastAsked()
        self._promised: Promised | None = None
        self._forecast: CashForecast | None = None
        self._drawn: Drawn | None = None
        self._test_drawn: Drawn | None = None
        self._quiet = False
        self._weeks = widgets.IntSlider(min=FEWEST_WEEKS, max=MOST_WEEKS, continuous_update=False)
        self._sales = widgets.Dropdown()
        self._upload = Upload(visit.doing(self._receive), language=visit.language, limit=MEGABYTE, name="promises-file")
        self._forget = widgets.Button().add_class("arlib-button")
        self._forget.on_click(lambda _: visit.doing(self._drop_promises)())
        self._excel = Download(self._workbook, guard=visit.doing, name="forecast-excel", language=visit.language)
        self._csv = Download(self._weeks_csv, guard=visit.doing, name="forecast-csv", language=visit.language)
        self._waiting, self._tested, self._totals = (widgets.HTML() for _ in range(3))
        self._table, self._notes, self._promises = (widgets.HTML() for _ in range(3))
        self._chart = ChartView(name="cash-forecast", on_click=visit.doing(self._clicked))
        self._cumulated = ChartView(name="cash-cumulated")
        self._week = WeekView(visit)
        self._headings = {name: title_place() for name in _HEADINGS}
        self.box = self._laid_out()
        for name, control in {"weeks": self._weeks, "sales": self._sales}.items():
            control.add_class(f"arlib-control-{name}")
            control.style.description_width = "initial"
            control.observe(self._told(visit.doing(self._moved)), "value")

    def _laid_out(self) -> widgets.Box:
        asked = controls(self._weeks, self._sales)
        beside = widgets.Box([self._excel, self._csv, self._upload, self._forget]).add_class("arlib-shelf")
        titles = self._headings
        self._answered = [
            self._totals,
            grid(card(titles["forecast"], self._chart), card(titles["forecast_cumulated"], self._cumulated)),
            card(titles["forecast_week"], self._week.box),
            section(self._table, self._notes),
        ]
        top = section(asked, beside, self._promises, self._tested).add_class("arlib-card")
        return section(top, self._waiting, *self._answered).add_class("arlib-forecast")

    # ---- what the visit asks of it

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger in a language."""
        for name, title in self._headings.items():
            title.value = heading(f"app.section.{name}", language)
        self._weeks.description = word("app.control.weeks", language)
        self._sales.description = word("app.control.sales", language)
        self._forget.description = word("app.forecast.forget", language)
        self._excel.label, self._csv.label = word("app.forecast.excel", language), word("app.forecast.csv", language)
        for part in (self._upload, self._excel, self._csv):
            part.speak(language)
        self._week.speak(language)

    def show(self, answers: Answers, asked: Asked) -> None:
        """Show the cash of the weeks asked, once it is forecast; a week and its tables at once if it is already.

        Raises:
            ArlibError: no payment is known by the day.
        """
        language = self._visit.language
        self._answers, self._asked = answers, ForecastAsked.of(asked)
        if self._promised is not None and self._promised.ledger is not answers.ledger:
            self._promised = None
        self._stand(language)
        if self._drawn != self._wanted:
            self._waiting.value = panels.being_computed(self._asked.weeks, language)
            self._shown(shown=False)
            self._visit.later("forecasting", self._draw, self._why_not, first=True)
        else:
            self._show_week()
            self._test_later()

    @property
    def _wanted(self) -> Drawn:
        """What the figures on the screen are of."""
        asked = self._asked
        return self._answers, self._visit.language, asked.weeks, asked.future_sales, self._promised

    def _stand(self, language: Language) -> None:
        """Set every control to what is asked, without telling anybody."""
        counted = [(word(f"app.forecast.sales.{key}", language), key == "counted") for key in ("counted", "left_out")]
        self._quiet = True
        try:
            if list(self._sales.options) != counted:
                self._sales.options = counted
            self._sales.value, self._weeks.value = self._asked.future_sales, self._asked.weeks
        finally:
            self._quiet = False
        self._forget.layout.display = "" if self._promised else "none"
        self._promises.value = self._promised.told(language) if self._promised else ""

    # ---- what comes later

    def _draw(self, _: Progress) -> None:
        language, wanted = self._visit.language, self._wanted
        forecast = self._forecast = self._made()
        weekly, currency = forecast.weekly, forecast.currency
        self._totals.value = panels.totals(weekly, language, currency)
        self._chart.show(charts.cash_forecast_chart(weekly, language=language, currency=currency))
        self._cumulated.show(charts.cumulated_forecast_chart(weekly, language=language, currency=currency))
        self._table.value = panels.weeks(forecast, language)
        self._notes.value = panels.notes(forecast, language)
        self._drawn = wanted
        self._show_week()
        self._waiting.value = ""
        self._shown(shown=True)
        self._test_later()

    def _made(self) -> CashForecast:
        """The forecast, with the promises of a file where one was given."""
        answers, asked, promised = self._answers, self._asked, self._promised
        if promised is None:
            return answers.forecast(asked.weeks, future_sales=asked.future_sales)
        return promised.forecast(answers.as_of, asked.weeks, future_sales=asked.future_sales)

    def _why_not(self, why: Why) -> None:
        self._waiting.value = empty(why, self._visit.language)
        self._forecast, self._drawn, self._tested.value = None, None, ""
        self._shown(shown=False)

    def _test_later(self) -> None:
        """Have the test on the past shown, which takes a while the first time; once is enough."""
        wanted, language = (*self._wanted[:4], None), self._visit.language
        answers, asked = self._answers, self._asked
        if self._test_drawn == wanted:
            return
        self._tested.value = being_tested(_TESTED, language)

        def test(progress: Progress) -> None:
            found = answers.forecast_backtest(asked.weeks, future_sales=asked.future_sales, progress=progress)
            self._tested.value = tested(_TESTED, found.sentences, language)
            self._test_drawn = wanted

        def why_not(why: Why) -> None:
            self._tested.value = untested(_TESTED, why, language)

        self._visit.later("testing_forecast", test, why_not)

    def _show_week(self) -> None:
        if self._forecast is not None:
            self._week.show(self._answers, self._forecast, self._asked)

    def _shown(self, *, shown: bool) -> None:
        for part in (*self._answered, self._excel, self._csv):
            part.layout.display = "" if shown else "none"

    # ---- what the visitor does

    def _told(self, moved: Callable[[], None]) -> Callable[[object], None]:
        """What is done when a control moves, unless it is set to what is asked."""
        return lambda _: None if self._quiet else moved()

    def _moved(self) -> None:
        weeks = self._weeks.value
        self._visit.ask(
            weeks=None if weeks == USUAL_WEEKS else str(weeks), sales=None if self._sales.value else "0", week=None
        )

    def _clicked(self, datum: Datum) -> None:
        """A bar stands for its week: the same one again, for all weeks."""
        if self._forecast is None:
            return
        starts = self._forecast.weekly["starts_on"].dt.strftime("%Y-%m-%d").tolist()
        started = next((str(value)[:10] for value in datum.values() if str(value)[:10] in starts), None)
        if started is not None:
            week = starts.index(started) + 1
            self._week.ask(ALL_WEEKS if week == self._asked.week else week)

    def _receive(self, name: str, content: bytes) -> None:
        """Count the promises of a file; those before stay where it cannot be read or used."""
        promised = Promised.of_file(self._answers.ledger, name, content)
        with self._visit.working("forecasting"):
            promised.forecast(self._answers.as_of, self._asked.weeks, future_sales=self._asked.future_sales)
        self._promised = promised
        self._again()

    def _drop_promises(self) -> None:
        self._promised = None
        self._again()

    def _again(self) -> None:
        """Forecast anew: promises are no choice that an address could hold."""
        self._stand(self._visit.language)
        self._visit.later("forecasting", self._draw, self._why_not, first=True)

    def _workbook(self) -> tuple[str, bytes]:
        forecast, language = self._known(), self._visit.language
        with self._visit.working("writing_forecast"):
            names = self._answers.ledger.customers.set_index("customer_id")["name"]
            who = payers(forecast, names, ALL_WEEKS)
            what = items(late_of(self._answers, language), forecast, ALL_WEEKS)
            made = files.workbook(forecast, who, what, language)
        return f"{self._file_name(forecast)}.xlsx", made

    def _weeks_csv(self) -> tuple[str, bytes]:
        forecast = self._known()
        return f"{self._file_name(forecast)}.csv", files.weeks_csv(forecast, self._visit.language)

    def _known(self) -> CashForecast:
        if self._forecast is None:
            raise ArlibError(say("app.forecast.none"))
        return self._forecast

    def _file_name(self, forecast: CashForecast) -> str:
        return word("app.forecast.file", self._visit.language, day=f"{forecast.as_of:%Y-%m-%d}")

"""What the terms tried would change: widgets that show one simulation after another as a slider moves."""

import ipywidgets as widgets

from arlib.apps import panels
from arlib.apps.chart_view import ChartView
from arlib.apps.choices import TermsTried
from arlib.apps.figures_view import section
from arlib.errors import ArlibError
from arlib.show import charts
from arlib.simulation import SimulationBase, simulate
from arlib.words import Language


class TrialView:
    """The lower part of the page: results in figures, DSO and cash curves, and what they rest on.

    Attributes:
        box: everything, the controls of the terms among it.
    """

    def __init__(self, controls: widgets.Widget) -> None:
        self._title = widgets.HTML().add_class("arlib-heading")
        self._law, self._results, self._basis, self._trouble = (widgets.HTML() for _ in range(4))
        self._dso, self._cash = ChartView(name="dso-simulation"), ChartView(name="cash-simulation")
        self._headings = {
            "app.section.dso_simulation": widgets.HTML().add_class("arlib-heading"),
            "app.section.cash_simulation": widgets.HTML().add_class("arlib-heading"),
        }
        places = zip(self._headings.values(), (self._dso, self._cash), strict=True)
        self._curves = widgets.Box([section(*place).add_class("arlib-card") for place in places])
        self._curves.add_class("arlib-grid")
        tried = section(self._title, controls, self._law).add_class("arlib-card")
        self.box = section(tried, self._trouble, self._results, self._curves, self._basis)

    def speak(self, language: Language) -> None:
        """Write the titles in a language."""
        self._title.value = panels.heading("app.section.terms", language)
        for key, title in self._headings.items():
            title.value = panels.heading(key, language)

    def show(self, base: SimulationBase, tried: TermsTried, language: Language) -> None:
        """Simulate the terms tried and draw what comes out beside today's terms.

        Raises:
            ArlibError: the terms cannot be simulated on this ledger.
        """
        self._law.value = panels.law(tried, language)
        name = tried.label(language)
        simulation = simulate(base, [tried.policy(name)], horizon=base.horizon)
        currency = simulation.currency
        self._trouble.value = ""
        self._results.value = panels.results(simulation.summary, base.horizon, language, currency)
        self._dso.show(charts.dso_simulation_chart(simulation.daily, language=language))
        self._cash.show(charts.cash_simulation_chart(simulation.daily, language=language, currency=currency))
        self._basis.value = panels.basis(simulation.assumptions, language)
        self._shown(shown=True)

    def show_trouble(self, error: ArlibError, language: Language) -> None:
        """Say in place of the curves why there are none: a ledger without a payment yet, for instance."""
        self._law.value = ""
        self._trouble.value = panels.empty(error, language)
        self._shown(shown=False)

    def _shown(self, *, shown: bool) -> None:
        for part in (self._results, self._curves, self._basis):
            part.layout.display = "" if shown else "none"

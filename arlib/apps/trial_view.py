"""The simulator: what is tried beside today's terms and the policies kept, redrawn while a slider moves."""

import ipywidgets as widgets
import pandas as pd

from arlib.apps import panels, past_panels
from arlib.apps.answers import Answers
from arlib.apps.chart_view import ChartView
from arlib.apps.choices import Choices
from arlib.apps.controls import Controls
from arlib.apps.figures_view import section
from arlib.errors import ArlibError
from arlib.show import charts
from arlib.simulation import Policy, Simulation
from arlib.simulation.policies.scope import customers_in_scope
from arlib.words import Language, Sentence

_SECTIONS = tuple(
    f"app.section.{name}" for name in ("dso_simulation", "cash_simulation", "compared", "bridge", "gains")
)


class TrialView:
    """The lower part of the page, in two times: what follows the slider, then what explains it.

    Attributes:
        box: everything, the controls among it.
    """

    def __init__(self, controls: Controls) -> None:
        self._title = widgets.HTML().add_class("arlib-heading")
        self._law, self._elsewhere, self._results, self._compared = (widgets.HTML() for _ in range(4))
        self._tested, self._basis, self._trouble, self._unexplained = (widgets.HTML() for _ in range(4))
        self._dso, self._cash = ChartView(name="dso-simulation"), ChartView(name="cash-simulation")
        self._bridge, self._gains = ChartView(name="lever-bridge"), ChartView(name="cash-gains")
        self._headings = {key: widgets.HTML().add_class("arlib-heading") for key in _SECTIONS}
        tried = section(self._title, controls.levers.box, self._law, controls.shelf.box, self._elsewhere)
        self._curves = self._grid(self._card("dso_simulation", self._dso), self._card("cash_simulation", self._cash))
        self._table = self._card("compared", self._compared)
        self._causes = self._grid(self._card("bridge", self._bridge), self._card("gains", self._gains))
        self._answered = (self._results, self._curves, self._tested, self._table, self._causes, self._basis)
        self.box = section(tried.add_class("arlib-card"), self._trouble, *self._answered)
        self.box.children = (*self.box.children[:-1], self._unexplained, self._basis)

    def speak(self, language: Language) -> None:
        """Write the titles in a language."""
        self._title.value = panels.heading("app.section.terms", language)
        for key, title in self._headings.items():
            title.value = panels.heading(key, language)

    def show(self, answers: Answers, choices: Choices) -> None:
        """Simulate what is tried and draw what comes out beside today's terms and the policies kept.

        Raises:
            ArlibError: it cannot be simulated on this ledger.
        """
        language, base = choices.language, answers.base
        self._law.value = panels.law(choices.tried, language)
        others, troubles = _fitting(answers, choices.others)
        self._elsewhere.value = panels.elsewhere(troubles, language)
        simulation = answers.simulation([choices.policy, *others], choices.financing_rate)
        currency, summary = simulation.currency, simulation.summary
        self._trouble.value = ""
        self._results.value = panels.results(summary, base.horizon, language, currency)
        daily = _drawn(simulation)
        self._dso.show(charts.dso_simulation_chart(daily, language=language))
        self._cash.show(charts.cash_simulation_chart(daily, language=language, currency=currency))
        self._compared.value = panels.compared(summary, language, currency)
        self._basis.value = panels.basis(simulation.assumptions, language)
        self._shown(shown=True)

    def explain(self, answers: Answers, choices: Choices) -> None:
        """Show which levers bring what, and at which customers, of what is tried."""
        policy, language, currency = choices.policy, choices.language, answers.ledger.currency
        self._causes.layout.display = "" if policy.changes else "none"
        self._unexplained.value = ""
        if not policy.changes:
            return
        bridge = answers.bridge(policy)
        known = bridge.loc[bridge["measure"] == "dso_month", "effect"].notna().all()
        measure = "dso_month" if known else "receivable_end"
        name = policy.name
        self._bridge.show(
            charts.lever_bridge_chart(bridge, measure=measure, policy=name, language=language, currency=currency)
        )
        names = answers.ledger.customers.set_index("customer_id")["name"]
        gains = answers.by_customer(policy)
        self._gains.show(charts.cash_gains_chart(gains, policy=name, names=names, language=language, currency=currency))

    def show_unexplained(self, why: ArlibError | Sentence, language: Language) -> None:
        """Say in place of the causes why there are none."""
        self._causes.layout.display = "none"
        self._unexplained.value = panels.empty(why, language)

    def show_test(self, answers: Answers, language: Language) -> None:
        """Show how well such simulations did on the past: it takes a while the first time."""
        self._tested.value = past_panels.tested("tested-simulation", answers.simulation_backtest.sentences, language)

    def show_being_tested(self, language: Language) -> None:
        """Say that the test is on its way."""
        self._tested.value = past_panels.being_tested("tested-simulation", language)

    def show_untested(self, why: ArlibError | Sentence, language: Language) -> None:
        """Say in place of the test why there is none."""
        self._tested.value = past_panels.untested("tested-simulation", why, language)

    def show_trouble(self, error: ArlibError, language: Language) -> None:
        """Say in place of the curves why there are none: a ledger without a payment yet, for instance."""
        self._law.value = self._elsewhere.value = self._unexplained.value = ""
        self._trouble.value = panels.empty(error, language)
        self._shown(shown=False)

    def _shown(self, *, shown: bool) -> None:
        for part in self._answered:
            part.layout.display = "" if shown else "none"

    def _card(self, name: str, *parts: widgets.Widget) -> widgets.Box:
        return section(self._headings[f"app.section.{name}"], *parts).add_class("arlib-card")

    def _grid(self, *cards: widgets.Widget) -> widgets.Box:
        return widgets.Box(list(cards)).add_class("arlib-grid")


def _drawn(simulation: Simulation) -> pd.DataFrame:
    """The days that are drawn: the more policies, the fewer, so that curves follow the slider; the last one always."""
    daily = simulation.daily
    left = (daily["day"].iloc[-1] - daily["day"]).dt.days
    drawn: pd.DataFrame = daily[left % max(1, len(simulation.policies) // 2) == 0]
    return drawn


def _fitting(answers: Answers, policies: tuple[Policy, ...]) -> tuple[list[Policy], dict[str, ArlibError]]:
    """The policies that can be tried on this ledger, and why the others cannot: they name who is not in it."""
    fitting, troubles = [], {}
    for policy in policies:
        try:
            customers_in_scope(answers.base, policy)
        except ArlibError as error:
            troubles[policy.name] = error
        else:
            fitting.append(policy)
    return fitting, troubles

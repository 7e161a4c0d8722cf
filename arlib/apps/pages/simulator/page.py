"""The simulator: what is tried beside today's terms and the policies kept, redrawn while a slider moves."""

from collections.abc import Mapping
from typing import ClassVar

import ipywidgets as widgets
from altair.utils.schemapi import debug_mode

from arlib.apps.answers import Answers
from arlib.apps.pages.simulator import panels
from arlib.apps.pages.simulator.causes import Causes
from arlib.apps.pages.simulator.kept import Kept, Trial
from arlib.apps.pages.simulator.levers import LeverControls
from arlib.apps.pages.simulator.shelf import Doings, Shelf
from arlib.apps.pages.simulator.tried import Who
from arlib.apps.parts.chart_view import ChartView
from arlib.apps.parts.panels import basis, card, empty, heading, section
from arlib.apps.parts.past_panels import About, being_tested, tested, untested
from arlib.apps.visit.choices import Asked
from arlib.apps.visit.page import Visit, Why
from arlib.errors import ArlibError
from arlib.progress import Progress
from arlib.show import charts
from arlib.simulation import Policy, Simulation, policies_text
from arlib.simulation.policies.scope import customers_in_scope
from arlib.words import Language, word

_HEADINGS = ("terms", "dso_simulation", "cash_simulation", "compared")
_TESTED: About = "tested-simulation"


class SimulatorPage:
    """Policies side by side: levers by segment, curves with their band, euros gained, what the law does not allow.

    Attributes:
        name: of the page.
        box: all of it.
    """

    name: ClassVar[str] = "simulator"
    box: widgets.Box

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._trial = Trial()
        self._simulation: Simulation
        self._test_shown: tuple[Answers, Language] | None = None
        self._levers = LeverControls(visit.doing(self._moved))
        doings = Doings(
            keep=visit.doing(self._keep),
            rename=visit.doing(lambda before, name: self._take_up(self._trial.kept.renamed(before, name))),
            remove=visit.doing(lambda name: self._take_up(self._trial.kept.without(name))),
            load=visit.doing(lambda name, content: self._take_up(Kept.of_file(name, content))),
            save=self._save,
        )
        self._shelf = Shelf(doings, visit.doing, visit.language)
        self._headings = {name: widgets.HTML().add_class("arlib-heading") for name in _HEADINGS}
        self._law, self._apart, self._elsewhere, self._trouble = (widgets.HTML() for _ in range(4))
        self._results, self._tested, self._compared, self._basis = (widgets.HTML() for _ in range(4))
        self._dso, self._cash = ChartView(name="dso-simulation"), ChartView(name="cash-simulation")
        self._policies = ChartView(name="policies-chart")
        self._causes = Causes()
        self._more = widgets.Button().add_class("arlib-fold")
        self._more.add_class("arlib-more")
        self._more.on_click(lambda _: visit.doing(self._unfold)())
        self.box = self._laid_out()

    def _laid_out(self) -> widgets.Box:
        titles = self._headings
        tried = card(titles["terms"], self._levers.box, self._apart, self._law, self._shelf.box, self._elsewhere)
        curves = card(titles["dso_simulation"], self._dso), card(titles["cash_simulation"], self._cash)
        grid = widgets.Box(curves).add_class("arlib-grid")
        side_by_side = card(titles["compared"], self._policies, self._compared)
        causes = (self._causes.box, self._more, self._causes.more)
        self._answered = (self._results, grid, self._tested, side_by_side, *causes, self._basis)
        return section(tried.add_class("arlib-trial"), self._trouble, *self._answered).add_class("arlib-simulator")

    # ---- what the visit asks of it

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger in a language."""
        for name, title in self._headings.items():
            title.value = heading(f"app.section.{name}", language)
        self._shelf.speak(language)
        self._causes.speak(language)

    def show(self, answers: Answers, asked: Asked) -> None:
        """Simulate what is tried and draw what comes out beside today's terms and the policies kept.

        Raises:
            ArlibError: no payment is known by the day.
        """
        language = self._visit.language
        who = answers.once("simulator.who", lambda: Who.of(answers.base))
        self._trial = Trial.of(asked, who)
        policy = self._trial.policy(language)
        self._levers.show(self._trial, language)
        self._shelf.show(self._trial.kept, policy, language)
        self._law.value = panels.law(self._trial, language)
        self._apart.value = panels.apart(self._trial, language)
        more = "more" in asked
        self._more.description = f"{'▾' if more else '▸'}\u2002{word('app.simulator.more', language)}"
        try:
            self._draw(answers, policy, language)
        except ArlibError as error:
            self._trouble.value = empty(error, language)
            self._shown(shown=False)
            return
        self._explain_later(answers, policy, more=more)
        self._test_later(answers, language)

    # ---- what is drawn at once

    def _draw(self, answers: Answers, policy: Policy, language: Language) -> None:
        others, troubles = _fitting(answers, self._trial.others(language))
        self._elsewhere.value = panels.elsewhere(troubles, language)
        simulation = answers.simulation([policy, *others], self._trial.financing_rate)
        currency, daily = simulation.currency, simulation.daily
        self._trouble.value = ""
        self._results.value = panels.results(simulation.summary, answers.base.horizon, language, currency)
        with debug_mode(arg=False):  # tests look at each chart: here they follow a slider
            self._dso.show(charts.dso_simulation_chart(daily, language=language))
            self._cash.show(charts.cash_simulation_chart(daily, language=language, currency=currency))
        self._compared.value = panels.compared(simulation.summary, language, currency)
        self._simulation = simulation
        self._shown(shown=True)

    def _shown(self, *, shown: bool) -> None:
        for part in self._answered:
            part.layout.display = "" if shown else "none"

    # ---- what comes once the slider rests

    def _explain_later(self, answers: Answers, policy: Policy, *, more: bool) -> None:
        simulation, language = self._simulation, self._visit.language
        currency = simulation.currency
        self._causes.wait(changes=policy.changes, more=more)

        def why_not(why: Why) -> None:
            self._causes.why_not(why, language)

        def explain(_: Progress) -> None:
            self._policies.show(charts.policies_chart(simulation.summary, language=language, currency=currency))
            self._basis.value = basis(simulation.assumptions, language)
            if policy.changes:
                self._causes.explain(answers, policy, language)

        self._visit.later("detailing", explain, why_not)
        if more:
            self._visit.later("weighing", lambda _: self._causes.explain_more(answers, policy, language), why_not)

    def _test_later(self, answers: Answers, language: Language) -> None:
        """Have the test on the past shown, which takes a while the first time; once is enough."""
        if self._test_shown == (answers, language):
            return
        self._tested.value = being_tested(_TESTED, language)

        def test(progress: Progress) -> None:
            self._tested.value = tested(_TESTED, answers.simulation_backtest(progress).sentences, language)
            self._test_shown = (answers, language)

        def why_not(why: Why) -> None:
            self._tested.value = untested(_TESTED, why, language)

        self._visit.later("testing_simulation", test, why_not)

    # ---- what the visitor does

    def _moved(self, changes: Mapping[str, str | None]) -> None:
        self._visit.ask(**changes)

    def _unfold(self) -> None:
        opened = self._more.description.startswith("▾")
        self._visit.ask(more=None if opened else "1")

    def _keep(self, name: str) -> None:
        self._take_up(self._trial.kept.keeping(self._trial.policy(self._visit.language), name))

    def _take_up(self, kept: Kept) -> None:
        self._visit.ask(kept=kept.text)

    def _save(self) -> tuple[str, bytes]:
        """The file of the policies kept; of the one tried where none is."""
        language = self._visit.language
        policies = self._trial.kept.policies or (self._trial.policy(language),)
        return word("app.kept.file", language), policies_text(policies).encode()


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

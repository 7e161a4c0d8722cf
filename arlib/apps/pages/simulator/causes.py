"""What explains a policy: lever by lever, customer by customer, and which lever would move most from there."""

import ipywidgets as widgets

from arlib.apps.answers import Answers
from arlib.apps.parts.chart_view import ChartView
from arlib.apps.parts.panels import card, empty, grid, heading, section
from arlib.apps.visit.page import Why
from arlib.show import charts
from arlib.simulation import Policy, draw_simulation, tornado
from arlib.words import Language

_DRAWS = 200  # tell an eight-in-ten band to a few percent, in less than a second
_SEED = 1


class Causes:
    """Four charts that come once the slider rests; the last two only when they are asked for.

    Attributes:
        box: what is always explained.
        more: what is explained when it is asked for.
    """

    def __init__(self) -> None:
        self._bridge, self._gains = ChartView(name="lever-bridge"), ChartView(name="cash-gains")
        self._tornado, self._peak = ChartView(name="tornado"), ChartView(name="peak")
        charts_by_name = {"bridge": self._bridge, "gains": self._gains, "tornado": self._tornado, "peak": self._peak}
        self._headings = {name: widgets.HTML().add_class("arlib-heading") for name in charts_by_name}
        cards = {name: card(self._headings[name], chart) for name, chart in charts_by_name.items()}
        self._why_not = widgets.HTML()
        self._first = grid(cards["bridge"], cards["gains"])
        self.more = grid(cards["tornado"], cards["peak"])
        self.box = section(self._first, self._why_not)

    def speak(self, language: Language) -> None:
        """Write the titles in a language."""
        for name, title in self._headings.items():
            title.value = heading(f"app.section.{name}", language)

    def wait(self, *, changes: bool, more: bool) -> None:
        """Make room for what is still to come: nothing of a policy that changes nothing has a cause."""
        self._first.layout.display = "" if changes else "none"
        self.more.layout.display = "" if more else "none"
        self._why_not.value = ""

    def explain(self, answers: Answers, policy: Policy, language: Language) -> None:
        """Show which levers bring what, and at which customers."""
        currency = answers.ledger.currency
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

    def explain_more(self, answers: Answers, policy: Policy, language: Language) -> None:
        """Show which lever would move most from there, and what only draws tell: the highest receivable."""
        currency = answers.ledger.currency
        bars = answers.once(("tornado", policy), lambda: tornado(answers.base, policy))
        known = bars["dso"].notna().all()
        self._tornado.show(
            charts.tornado_chart(bars, measure="dso" if known else "cash", language=language, currency=currency)
        )
        drawn = answers.once(
            ("draws", policy), lambda: draw_simulation(answers.base, [policy], draws=_DRAWS, seed=_SEED).summary
        )
        self._peak.show(charts.draws_chart(drawn, "receivable_peak", language=language, currency=currency))

    def why_not(self, why: Why, language: Language) -> None:
        """Say in place of the causes why there are none."""
        self._first.layout.display = self.more.layout.display = "none"
        self._why_not.value = empty(why, language)

"""The calendar of reminders: what goes out each day of the coming weeks, at which level, and what is held back."""

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets
import pandas as pd

from arlib.apps.pages.collect.desk import Desks
from arlib.apps.pages.collect.part import Part
from arlib.apps.pages.collect.planned import (
    HORIZONS,
    OWN,
    SHIPPED,
    horizon_asked,
    plan_of,
    scenario_asked,
    scenarios_of,
)
from arlib.apps.parts import panels
from arlib.apps.parts.chart_view import ChartView
from arlib.apps.parts.download import Download
from arlib.apps.parts.table_view import TableState, TableView
from arlib.apps.parts.upload import MEGABYTE, Upload
from arlib.apps.visit.choices import Asked
from arlib.apps.visit.page import Visit
from arlib.collection import DunningPlan, read_scenarios, scenarios_text
from arlib.collection.dunning import level_label
from arlib.errors import ArlibError
from arlib.show import charts
from arlib.show.charts.dunning import channel_label
from arlib.show.tables import Field, dunning_levels_table, dunning_stopped_table
from arlib.words import Language, say, word

_TABLE = "plan."
_CARDS = ("load", "actions", "levels", "stopped", "scenario")
_STATUSES = ("due_today", "late", "planned")


class CalendarPart(Part):
    """Asked `scenario`, `horizon`, `on` (the day of a bar clicked), and what the table writes after `plan.`."""

    def __init__(self, visit: Visit, desks: Desks) -> None:
        super().__init__(visit, desks)
        self._scenario, self._horizon = widgets.Dropdown(), widgets.Dropdown()
        for name, control in {"scenario": self._scenario, "horizon": self._horizon}.items():
            control.add_class(f"arlib-control-{name}").style.description_width = "initial"
        self._scenario.observe(self.heard(lambda name: visit.ask(scenario=_unusual(name, SHIPPED))), "value")
        self._horizon.observe(
            self.heard(lambda days: visit.ask(horizon=_unusual(days, (*HORIZONS,)), on=None)), "value"
        )
        self._titles = {name: panels.title_place() for name in _CARDS}
        self._plan: DunningPlan | None = None
        self._chart = ChartView(name="dunning-load", on_click=visit.doing(self._clicked))
        self._every = widgets.Button().add_class("arlib-button").add_class("arlib-control-every-day")
        self._every.on_click(self.pressed(lambda: visit.ask(on=None)))
        self._table = TableView(
            "dunning",
            on_state=visit.doing(lambda state: visit.ask(**state.asked(_TABLE))),
            on_open=visit.doing(lambda row: visit.go("customers", customer=row.partition(" ")[2])),
        )
        self._levels, self._stopped, self._basis = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._upload = Upload(visit.doing(self._receive), limit=MEGABYTE, name="scenarios")
        self._save = Download(self._file, guard=visit.doing, name="save-scenarios")
        every = widgets.Box([self._every]).add_class("arlib-collect-buttons")
        first = panels.card(
            self._titles["load"], panels.controls(self._scenario, self._horizon), self._chart, self._basis, wide=True
        )
        self.grid.children = (
            first,
            panels.card(self._titles["actions"], every, self._table, wide=True),
            panels.card(self._titles["levels"], self._levels, wide=True),
            panels.card(self._titles["stopped"], self._stopped, wide=True),
            panels.card(self._titles["scenario"], self._upload, self._save, wide=True),
        )

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger."""
        for name, title in self._titles.items():
            title.value = panels.heading(f"app.collect.calendar.{name}", language)
        self._scenario.description = word("app.collect.scenario", language)
        self._horizon.description = word("app.collect.horizon", language)
        self._every.description = word("app.collect.calendar.every_day", language)
        self._save.label = word("app.collect.scenario.save", language)
        self._upload.speak(language)
        self._save.speak(language)

    def draw(self) -> None:
        """Draw the plan once it is known."""
        language, name, days = self.language, scenario_asked(self.asked, self.desks), horizon_asked(self.asked)
        names = (*SHIPPED, *((OWN,) if self.desks.scenarios else ()))
        self._scenario.options = [(word(f"app.collect.scenario.{each}", language), each) for each in names]
        self._horizon.options = [(word("app.collect.days", language, days=each), key) for key, each in HORIZONS.items()]
        self._scenario.value, self._horizon.value = name, str(days)
        scenarios, desk = scenarios_of(name, self.desks), self.desk
        self.once(
            "planning",
            (scenarios, days, desk.log),
            lambda _: plan_of(self.answers, desk, scenarios, days, language),
            self._draw_plan,
        )

    def _draw_plan(self, plan: DunningPlan) -> None:
        language, currency = self.language, self.answers.ledger.currency
        self._draw_actions(plan)
        if plan is self._plan:
            return
        self._plan = plan
        self._chart.show(charts.dunning_load_chart(plan, language=language))
        self._basis.value = panels.basis(plan.notes, language)
        levels = dunning_levels_table(plan, language=language, currency=currency)
        stopped = dunning_stopped_table(plan, language=language, currency=currency)
        self._levels.value = panels.scrolled(levels, name="dunning-levels")
        self._stopped.value = panels.scrolled(stopped, name="dunning-stopped")

    def _draw_actions(self, plan: DunningPlan) -> None:
        """What goes out, on the day of the bar clicked where one was."""
        language, on = self.language, self._day_asked(plan)
        rows = self.answers.once(("collect", "actions", plan, on), lambda: action_rows(plan, on))
        self._every.layout.display = "none" if on is None else ""
        key = "app.collect.calendar.on" if on is not None else "table.dunning"
        told = {} if on is None else {"day": on}
        self._table.show(
            rows,
            action_fields(language),
            key="row",
            state=TableState.of(self.asked, _TABLE),
            caption=word(key, language, **told),
            empty=say("app.collect.calendar.nothing"),
            language=language,
            filters=action_filters(plan, language),
            note="reason",
            narrow=["name", "day", "amount"],
        )

    def _day_asked(self, plan: DunningPlan) -> pd.Timestamp | None:
        days = {f"{each:%Y-%m-%d}": each for each in plan.days}
        return days.get(self.asked.get("on", ""))

    def _clicked(self, datum: Mapping[str, Any]) -> None:
        """Of the bar clicked, the table shows the day; what was sought in it does not count any more."""
        self.visit.ask(on=str(datum.get("day", ""))[:10] or None, **_as_usual(self.asked))

    def _receive(self, name: str, content: bytes) -> None:
        """The visitor's own scenarios.

        Raises:
            ArlibError: it is no text, or not one that holds scenarios: all that is wrong, by line.
        """
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as unreadable:
            raise ArlibError(say("app.collect.scenario.unreadable", name=name[:80])) from unreadable
        self.desks.scenarios = read_scenarios(f"{text}\n")
        self.visit.ask(scenario=OWN, on=None)
        self.again()

    def _file(self) -> tuple[str, bytes]:
        name = scenario_asked(self.asked, self.desks)
        return f"{name}.yaml", scenarios_text(scenarios_of(name, self.desks)).encode()


def action_rows(plan: DunningPlan, on: pd.Timestamp | None) -> pd.DataFrame:
    """The actions of a plan, or those of a day, each under a name of its own: its day and its customer."""
    actions = plan.actions if on is None else plan.actions[plan.actions["day"] == on]
    return actions.reset_index(drop=True).assign(
        row=actions["day"].dt.strftime("%Y-%m-%d").array + " " + actions["customer_id"].array,
        name=actions["name"].fillna(actions["customer_id"]).array,
    )


def action_fields(language: Language) -> list[Field]:
    """The columns of the plan."""
    return [
        Field("name", word("table.customer", language)),
        Field("day", word("table.column.day", language), "date"),
        Field("level", word("table.column.level", language)),
        Field("channel", word("table.column.channel", language)),
        Field("items", word("table.column.items", language), "count"),
        Field("amount", word("table.column.asked", language), "money"),
        Field("p_sent", word("table.column.p_sent", language), "percent"),
    ]


def action_filters(plan: DunningPlan, language: Language) -> dict[str, dict[str, str]]:
    """By which levels, channels and moments the plan can be filtered: those that it has."""
    levels = [level.name for scenario in plan.scenarios for level in scenario.used]
    channels = sorted(plan.actions["channel"].unique())
    return {
        "level": {name: level_label(name, language) for name in levels},
        "channel": {name: channel_label(name, language) for name in channels},
        "status": {name: word(f"app.collect.status.{name}", language) for name in _STATUSES},
    }


def _as_usual(asked: Asked) -> dict[str, str | None]:
    """What has the table stand as usual again."""
    return {name: None for name in asked if name.startswith(_TABLE)}


def _unusual(name: str, usual: tuple[str, ...]) -> str | None:
    """What the address says of a choice: nothing of the first."""
    return None if name == usual[0] else name

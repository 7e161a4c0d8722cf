"""The plan of reminders that the calendar shows and whose letters the drafts are: which scenarios, how far ahead."""

from collections.abc import Mapping

from arlib.apps.answers import Answers
from arlib.apps.pages.collect.desk import Desk, Desks
from arlib.apps.visit.choices import Asked
from arlib.collection import DunningPlan, Scenario, dunning_plan, read_scenarios
from arlib.words import Language

OWN = "own"
SHIPPED = ("standard", "key_accounts")
HORIZONS: Mapping[str, int] = {"30": 30, "14": 14, "60": 60}  # days ahead, the usual ones first


def scenario_asked(asked: Asked, desks: Desks) -> str:
    """Which scenarios are asked for, by name; the standard one where there are none of that name."""
    name = asked.get("scenario", "")
    known = (*SHIPPED, *((OWN,) if desks.scenarios else ()))
    return name if name in known else SHIPPED[0]


def horizon_asked(asked: Asked) -> int:
    """How many days ahead are asked for."""
    return HORIZONS.get(asked.get("horizon", ""), next(iter(HORIZONS.values())))


def scenarios_of(name: str, desks: Desks) -> tuple[Scenario, ...]:
    """The scenarios of a name."""
    return desks.scenarios if name == OWN else read_scenarios(name)


def plan_of(
    answers: Answers, desk: Desk, scenarios: tuple[Scenario, ...], days: int, language: Language
) -> DunningPlan:
    """The plan of the ledger's day, with what is known of contacts; made once."""
    key = ("collect", "plan", scenarios, days, desk.log, language)

    def made() -> DunningPlan:
        return dunning_plan(
            answers.ledger, answers.as_of, scenarios=scenarios, log=desk.log, horizon=days, language=language
        )

    return answers.once(key, made)

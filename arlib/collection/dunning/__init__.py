"""Dunning scenarios as data, and the plan they give: what goes out each day, what is kept back, and why."""

from arlib.collection.dunning.classes import customer_languages
from arlib.collection.dunning.effect import AssumedEffect
from arlib.collection.dunning.files import read_scenarios, scenarios_text, write_scenarios
from arlib.collection.dunning.plan import DunningPlan, dunning_plan
from arlib.collection.dunning.scenario import CustomerClass, Level, Scenario, StopRules
from arlib.collection.dunning.tables import level_label

__all__ = [
    "AssumedEffect",
    "CustomerClass",
    "DunningPlan",
    "Level",
    "Scenario",
    "StopRules",
    "customer_languages",
    "dunning_plan",
    "level_label",
    "read_scenarios",
    "scenarios_text",
    "write_scenarios",
]

"""Levers: what reaches a DSO, which moves most, whom to call first, what each brings, and when to invoice."""

from arlib.simulation.levers.bridge import lever_shares, policy_bridge
from arlib.simulation.levers.end_of_month import end_of_month_readings
from arlib.simulation.levers.ranking import Effort, effort_ranking
from arlib.simulation.levers.target import target_dso
from arlib.simulation.levers.tornado import STEPS, tornado

__all__ = [
    "STEPS",
    "Effort",
    "effort_ranking",
    "end_of_month_readings",
    "lever_shares",
    "policy_bridge",
    "target_dso",
    "tornado",
]

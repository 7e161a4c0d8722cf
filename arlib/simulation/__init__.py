"""What if the terms change: expected receivable, DSO and cash by day, with a band that is computed."""

from arlib.simulation.base import SimulationBase, prepare
from arlib.simulation.policy import TODAY, Policy
from arlib.simulation.simulate import Simulation, simulate

__all__ = ["TODAY", "Policy", "Simulation", "SimulationBase", "prepare", "simulate"]

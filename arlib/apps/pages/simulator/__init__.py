"""The page of what would change: policies tried, kept, and set side by side."""

from arlib.apps.pages.simulator.page import SimulatorPage

__all__ = ["SimulatorPage"]

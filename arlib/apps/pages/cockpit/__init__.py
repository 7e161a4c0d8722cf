"""The cockpit: what is owed, since when, by whom, and why it moved."""

from arlib.apps.pages.cockpit.page import CockpitPage

__all__ = ["CockpitPage"]

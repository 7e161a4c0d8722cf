"""The visit: what is the same on every page, and what a page and the visit know of one another."""

from arlib.apps.visit.choices import NOTHING, Asked
from arlib.apps.visit.page import Page, Visit, Why
from arlib.apps.visit.visit import OpenVisit

__all__ = ["NOTHING", "Asked", "OpenVisit", "Page", "Visit", "Why"]

"""The start page: what the kit does, its pages, and how to begin."""

from arlib.apps.pages.start.page import StartPage

__all__ = ["StartPage"]

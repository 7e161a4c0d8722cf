"""Whole pages that stand alone: one file, no script, nothing fetched, to be read on a screen or printed on A4."""

from arlib.show.pages.card import card_page
from arlib.show.pages.statement import statement_page

__all__ = ["card_page", "statement_page"]

"""Acting on what is owed: whom to contact today, which reminders go out, their drafts, and the bank's receipts."""

from arlib.apps.pages.collect.page import CollectPage

__all__ = ["CollectPage"]

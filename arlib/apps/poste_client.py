"""What Voilà serves: the pages of a company's receivables, under one address, over one ledger."""

import os

import ipywidgets as widgets

from arlib.apps.visit import OpenVisit
from arlib.words import LANGUAGES, Language


def poste_client(language: Language | None = None) -> widgets.Box:
    """The pages, to be the last value of a notebook's cell; in the server's language unless one is given."""
    served = os.environ.get("ARLIB_LANGUAGE", "en")
    known: Language = next((known for known in LANGUAGES if known == served), "en")
    return OpenVisit(language or known).box

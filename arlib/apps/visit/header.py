"""The head of every page: the name of the kit, the pages to turn to, the tools."""

from html import escape

import ipywidgets as widgets

from arlib.apps.visit.choices import START, Choices
from arlib.apps.visit.tool_bar import ToolBar
from arlib.words import Language, word

PAGES = ("cockpit", "customers", "simulator", "forecast", "collect", "audit")
"""The pages in the order of the walk, after the start page."""


class Header:
    """The name, the pages, the tools.

    Attributes:
        box: all of it.
    """

    def __init__(self, tools: ToolBar) -> None:
        self._tools = tools
        self._title, self._pages = widgets.HTML(), widgets.HTML()
        self.box = widgets.Box([self._title, tools, self._pages]).add_class("arlib-header")

    def show(self, choices: Choices, *, undoable: bool) -> None:
        """Say on which page the visitor is, in the language chosen, and where the others are."""
        language = choices.language
        self._tools.speak(language)
        self._tools.undoable = undoable
        name, subtitle = escape(word("app.title", language)), escape(word("app.subtitle", language))
        home = escape(choices.turned(START).address())
        self._title.value = f'<h1><a href="#{home}">{name}</a></h1><p>{subtitle}</p>'
        links = "".join(_link(page, choices, language) for page in (START, *PAGES))
        label = escape(word("app.nav", language))
        self._pages.value = f'<nav class="arlib-nav" aria-label="{label}" data-testid="nav">{links}</nav>'


def _link(page: str, choices: Choices, language: Language) -> str:
    here = ' aria-current="page"' if page == choices.page else ""
    address = escape(choices.turned(page).address())
    return f'<a href="#{address}" data-testid="nav-{page}"{here}>{escape(word(f"app.page.{page}", language))}</a>'

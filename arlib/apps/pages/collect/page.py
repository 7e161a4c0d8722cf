"""The page of collection: today's list, the calendar of reminders, their drafts, and the bank's receipts."""

from typing import ClassVar

import ipywidgets as widgets

from arlib.apps.answers import Answers
from arlib.apps.pages.collect.calendar import CalendarPart
from arlib.apps.pages.collect.desk import Desks
from arlib.apps.pages.collect.drafts import DraftsPart
from arlib.apps.pages.collect.part import Part
from arlib.apps.pages.collect.receipts import ReceiptsPart
from arlib.apps.pages.collect.today import TodayPart
from arlib.apps.parts.tabs import Tabs
from arlib.apps.visit.choices import Asked
from arlib.apps.visit.page import Visit
from arlib.words import Language, word

_PARTS: dict[str, type[Part]] = {
    "today": TodayPart,
    "calendar": CalendarPart,
    "drafts": DraftsPart,
    "receipts": ReceiptsPart,
}
_USUAL = "today"


class CollectPage:
    """See `Page`; it is asked its `part`, and what each part understands.

    Nothing is sent and nothing is posted: letters are files, and receipts make another ledger of this visit.
    """

    name: ClassVar[str] = "collect"

    def __init__(self, visit: Visit) -> None:
        self._visit, self._desks = visit, Desks()
        self._tabs = Tabs(visit.doing(lambda part: visit.ask(part=None if part == _USUAL else part)))
        self._place = widgets.Box().add_class("arlib-part")
        self._made: dict[str, Part] = {}
        self._language: Language = visit.language
        self.box = widgets.Box([self._tabs, self._place]).add_class("arlib-section").add_class("arlib-collect")

    def speak(self, language: Language) -> None:
        """See `Page.speak`."""
        self._language = language
        self._tabs.label = word("app.page.collect", language)
        self._tabs.parts = [(name, word(f"app.collect.part.{name}", language)) for name in _PARTS]
        for part in self._made.values():
            part.speak(language)

    def show(self, answers: Answers, asked: Asked) -> None:
        """See `Page.show`."""
        name = asked.get("part", _USUAL)
        name = name if name in _PARTS else _USUAL
        part = self._part(name)
        self._tabs.here = name
        self._place.children = (part.box,)
        part.show(answers, asked)

    def _part(self, name: str) -> Part:
        if name not in self._made:
            self._made[name] = _PARTS[name](self._visit, self._desks)
            self._made[name].speak(self._language)
        return self._made[name]

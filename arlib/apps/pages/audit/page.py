"""The audit of a client's books: a part at a time, from what was understood to what is handed over."""

from typing import ClassVar

import ipywidgets as widgets

from arlib.apps.answers import Answers
from arlib.apps.pages.audit.asked import PARTS, USUAL, AuditAsked, PartName
from arlib.apps.pages.audit.books import BooksPart
from arlib.apps.pages.audit.compared import ComparedPart
from arlib.apps.pages.audit.dossier import Dossiers
from arlib.apps.pages.audit.doubtful import DoubtfulPart
from arlib.apps.pages.audit.findings import FindingsPart
from arlib.apps.pages.audit.handover import HandoverPart
from arlib.apps.pages.audit.law import LawPart
from arlib.apps.pages.audit.part import Part
from arlib.apps.parts.tabs import Tabs
from arlib.apps.visit.choices import Asked
from arlib.apps.visit.page import Visit
from arlib.words import Language, word

_PARTS: dict[PartName, type[Part]] = {
    "books": BooksPart,
    "findings": FindingsPart,
    "law": LawPart,
    "doubtful": DoubtfulPart,
    "compared": ComparedPart,
    "handover": HandoverPart,
}


class AuditPage:
    """See `Page`; it is asked its `part`, a `check`, the `basis` of the statutory table, and what `AuditAsked` holds.

    Files brought beside the ledger, facts and an earlier export, belong to that ledger and to no address.
    """

    name: ClassVar[str] = "audit"

    def __init__(self, visit: Visit) -> None:
        self._visit, self._dossiers = visit, Dossiers()
        self._tabs = Tabs(visit.doing(self._turn))
        self._place = widgets.Box().add_class("arlib-part")
        self._made: dict[PartName, Part] = {}
        self._language: Language = visit.language
        self.box = widgets.Box([self._tabs, self._place]).add_class("arlib-section").add_class("arlib-audit")

    def speak(self, language: Language) -> None:
        """See `Page.speak`."""
        self._language = language
        self._tabs.label = word("app.page.audit", language)
        self._tabs.parts = [(name, word(f"app.audit.part.{name}", language)) for name in PARTS]
        for part in self._made.values():
            part.speak(language)

    def show(self, answers: Answers, asked: Asked) -> None:
        """See `Page.show`."""
        understood = AuditAsked.of(asked)
        part = self._part(understood.part)
        self._tabs.here = understood.part
        self._place.children = (part.box,)
        part.show(answers, understood)

    def _turn(self, name: str) -> None:
        """Turn to a part; the findings from their list on."""
        self._visit.ask(part=None if name == USUAL else name, check=None)

    def _part(self, name: PartName) -> Part:
        if name not in self._made:
            self._made[name] = _PARTS[name](self._visit, self._dossiers)
            self._made[name].speak(self._language)
        return self._made[name]

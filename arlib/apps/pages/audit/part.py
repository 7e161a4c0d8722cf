"""What the parts of the audit share: the ledger and what was asked, what was brought beside it, tables that ask."""

from collections.abc import Callable

import ipywidgets as widgets

from arlib.apps.answers import Answers
from arlib.apps.pages.audit.asked import AuditAsked
from arlib.apps.pages.audit.dossier import Dossier, Dossiers
from arlib.apps.parts.panels import section
from arlib.apps.parts.table_view import TableView
from arlib.apps.visit.page import Visit
from arlib.words import Language


class Part:
    """One part of the audit.

    Attributes:
        box: all of it.
        visit: what it asks.
    """

    def __init__(self, visit: Visit, dossiers: Dossiers) -> None:
        self.box = section()
        self.visit, self._dossiers = visit, dossiers
        self._shown: tuple[Answers, AuditAsked] | None = None

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger."""
        raise NotImplementedError

    def draw(self) -> None:
        """Show everything of the ledger, as asked; what is slow comes later."""
        raise NotImplementedError

    def show(self, answers: Answers, asked: AuditAsked) -> None:
        """Show a ledger's answers, and set every control, as asked."""
        self._shown = answers, asked
        self.draw()

    @property
    def language(self) -> Language:
        """Of the page."""
        return self.visit.language

    @property
    def answers(self) -> Answers:
        """Those shown; nothing is asked of a part before it is shown some."""
        return self._now[0]

    @property
    def asked(self) -> AuditAsked:
        """How they are looked at."""
        return self._now[1]

    @property
    def _now(self) -> tuple[Answers, AuditAsked]:
        if self._shown is None:
            raise RuntimeError
        return self._shown

    @property
    def dossier(self) -> Dossier:
        """What lies beside the ledger shown."""
        return self._dossiers.beside(self.answers.opened)

    def put(self, dossier: Dossier) -> None:
        """Have another dossier beside the ledger shown, and show it."""
        self._dossiers.put(self.answers.ledger, dossier)
        self.draw()

    def table(self, name: str, prefix: str, open_: Callable[[str], None] | None = None) -> TableView:
        """A table that asks the page how it is looked at; `open_` is called with the key of a row."""
        looked = self.visit.doing(lambda state: self.visit.ask(**state.asked(prefix)))
        return TableView(name, on_state=looked, on_open=None if open_ is None else self.visit.doing(open_))

    def open_customer(self, customer_id: str) -> None:
        """Turn to the card of a customer."""
        self.visit.go("customers", customer=customer_id)

    def button(self) -> widgets.Button:
        """A button without a label yet."""
        return widgets.Button().add_class("arlib-button")

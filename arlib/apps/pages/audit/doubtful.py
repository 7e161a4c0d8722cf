"""Doubtful debts (416, 491) and the VAT of debts that will not be paid, with facts from outside where there are."""

from dataclasses import replace
from functools import partial

import ipywidgets as widgets

from arlib.apps.pages.audit.dossier import Dossiers
from arlib.apps.pages.audit.law_panels import behind, notes
from arlib.apps.pages.audit.part import Part
from arlib.apps.parts.late_card import LateCard
from arlib.apps.parts.panels import card, empty, folded, heading, note, scrolled, title_place
from arlib.apps.parts.upload import MEGABYTE, Upload
from arlib.apps.visit.page import Visit
from arlib.law import DoubtfulDebts, doubtful_debts, vat_on_bad_debts
from arlib.risk import read_facts
from arlib.show.tables import Html, doubtful_table, frame_table, vat_table
from arlib.words import Language, say, word

_MOST = 50  # lines of a list; the workbook holds all
_LIMIT = 20 * MEGABYTE


class DoubtfulPart(Part):
    """A place for a file of facts, the doubtful debts, the VAT."""

    def __init__(self, visit: Visit, dossiers: Dossiers) -> None:
        super().__init__(visit, dossiers)
        self._title, self._told = title_place(), widgets.HTML()
        self._upload = Upload(visit.doing(self._receive), language=visit.language, limit=_LIMIT, name="facts-file")
        self._forget = self.button().add_class("arlib-control-forget-facts")
        self._forget.on_click(visit.doing(lambda _: self._drop()))
        shelf = widgets.Box([self._upload, self._forget]).add_class("arlib-shelf")
        self._doubtful, self._vat = widgets.HTML(), widgets.HTML()
        self._cards = {
            name: LateCard(visit, name, place, wide=True)
            for name, place in {"audit_doubtful": self._doubtful, "audit_vat": self._vat}.items()
        }
        self.box.children = (card(self._title, self._told, shelf), *(each.box for each in self._cards.values()))

    def speak(self, language: Language) -> None:
        """See `Part.speak`."""
        self._title.value = heading("app.section.audit_facts", language)
        self._forget.description = word("app.audit.forget_facts", language)
        self._upload.speak(language)
        for each in self._cards.values():
            each.speak(language)

    def draw(self) -> None:
        """See `Part.draw`."""
        dossier = self.dossier
        self._forget.layout.display = "" if dossier.facts else "none"
        self._told.value = self._facts_told()
        self._cards["audit_doubtful"].show(self._draw_doubtful, self.answers, dossier.facts)
        self._cards["audit_vat"].show(self._draw_vat, self.answers, dossier.facts)

    def _facts_told(self) -> Html:
        """Which facts count, and which lines of the file could not be used."""
        dossier, language = self.dossier, self.language
        if dossier.facts is None:
            return note(word("app.audit.facts.none", language), name="facts-told")
        rows = len(dossier.facts.rows)
        told = note(word("app.audit.facts.read", language, file=dossier.facts_file, rows=rows), name="facts-told")
        problems = [problem.text(language) for problem in dossier.facts.problems]
        return Html(told + folded(word("app.audit.facts.unused", language, rows=len(problems)), problems))

    def _receive(self, name: str, content: bytes) -> None:
        """Facts of a file; one that is not about this ledger is refused, and why is told."""
        with self.visit.working("reading"):
            facts = read_facts((name, content), customers=self.answers.ledger.customers)
            self.put(replace(self.dossier, facts_file=name, facts=facts))

    def _drop(self) -> None:
        self.put(replace(self.dossier, facts_file="", facts=None))

    def _draw_doubtful(self, language: Language) -> None:
        answers, facts = self.answers, self.dossier.facts
        compute = partial(doubtful_debts, answers.ledger, answers.as_of, facts=facts, language=language)
        found: DoubtfulDebts = answers.once(("audit", "doubtful", language, facts), compute)
        if found.debts.empty:
            told = empty(say("app.audit.none_doubtful"), language)
            self._doubtful.value = told + notes(found.notes, language)  # what left for accounts not read is in them
            return
        listed = doubtful_table(found, language=language, currency=answers.ledger.currency, rows=_MOST)
        caption = word("app.audit.entries", language)
        entries = scrolled(frame_table(found.entries, caption=caption, language=language, rows=_MOST), name="entries")
        shown = scrolled(listed, name="doubtful")
        rateless = found.debts["rate"].isna().all()
        told = note(word("app.audit.no_rates", language), name="no-rates") if rateless else Html("")
        self._doubtful.value = told + shown + behind(caption, entries) + notes(found.notes, language)

    def _draw_vat(self, language: Language) -> None:
        answers, facts = self.answers, self.dossier.facts
        compute = partial(vat_on_bad_debts, answers.ledger, answers.as_of, facts=facts, language=language)
        found = answers.once(("audit", "vat", language, facts), compute)
        if found.items.empty:
            self._vat.value = empty(say("app.audit.no_bad_debt"), language)
            return
        shown = vat_table(found, language=language, currency=answers.ledger.currency, rows=_MOST)
        self._vat.value = scrolled(shown, name="bad-debt-vat") + notes(found.notes, language)

"""What the law says of the books: the statutory table, terms against law, what lateness has earned, limitation."""

from functools import partial

import ipywidgets as widgets

from arlib.apps.pages.audit import files, law_panels
from arlib.apps.pages.audit.asked import LIMITATION, PENALTIES
from arlib.apps.pages.audit.dossier import Dossiers
from arlib.apps.pages.audit.part import Part
from arlib.apps.parts.chart_view import ChartView
from arlib.apps.parts.download import Download
from arlib.apps.parts.late_card import LateCard
from arlib.apps.parts.panels import controls, or_sentence
from arlib.apps.visit.page import Visit
from arlib.law import (
    Deadlines,
    LatePenalties,
    late_penalties,
    legal_due_dates,
    limitation_dates,
    terms_against_law,
)
from arlib.law.delay_table.result import Basis
from arlib.show import charts
from arlib.words import Language, say, word

_BASES: tuple[Basis, ...] = ("gross", "net")


class LawPart(Part):
    """Four cards, each filled as it is computed."""

    def __init__(self, visit: Visit, dossiers: Dossiers) -> None:
        super().__init__(visit, dossiers)
        self._quiet = False
        self._basis = widgets.Dropdown().add_class("arlib-control-basis")
        self._basis.style.description_width = "initial"
        chosen = visit.doing(lambda basis: visit.ask(basis=basis if basis == "net" else None))
        self._basis.observe(lambda change: None if self._quiet else chosen(change["new"]), "value")
        self._excel = Download(self._delay_file, guard=visit.doing, name="save-delays", language=visit.language)
        self._tables, self._terms, self._earned, self._halves, self._until = (widgets.HTML() for _ in range(5))
        self._chart = ChartView(name="penalties-chart")
        self._penalties = self.table("penalties", PENALTIES, self.open_customer)
        self._limitation = self.table("limitation", LIMITATION, self._open_debtor)
        above = controls(self._basis, self._excel).add_class("arlib-audit-controls")
        self._cards = {
            "delays": LateCard(visit, "audit_delays", above, self._tables, wide=True),
            "terms": LateCard(visit, "audit_terms", self._terms, wide=True),
            "earned": LateCard(
                visit, "audit_penalties", self._earned, self._chart, self._halves, self._penalties, wide=True
            ),
            "until": LateCard(visit, "audit_limitation", self._until, self._limitation, wide=True),
        }
        self.box.children = tuple(each.box for each in self._cards.values())

    def speak(self, language: Language) -> None:
        """See `Part.speak`."""
        self._basis.description = word("app.audit.basis", language)
        self._excel.label = word("app.audit.save.delays", language)
        self._excel.speak(language)
        for each in self._cards.values():
            each.speak(language)

    def draw(self) -> None:
        """See `Part.draw`."""
        asked = self.asked
        self._stand()
        self._cards["delays"].show(self._draw_delays, self.answers, asked.basis)
        self._cards["terms"].show(self._draw_terms, self.answers)
        self._cards["earned"].show(self._draw_penalties, self.answers, self.dossier, asked.tables[PENALTIES])
        self._cards["until"].show(self._draw_limitation, self.answers, asked.tables[LIMITATION])

    def _stand(self) -> None:
        """Set the choice of basis to what is asked, without telling anybody."""
        known = [(word(f"law.delay.basis.{basis}", self.language), basis) for basis in _BASES]
        self._quiet = True
        try:
            if list(self._basis.options) != known:
                self._basis.options = known
            self._basis.value = self.asked.basis
        finally:
            self._quiet = False

    # ---- the statutory table

    def _draw_delays(self, language: Language) -> None:
        answers, basis = self.answers, self.asked.basis
        self._tables.value = or_sentence(
            lambda: law_panels.delays(files.delay_table(answers, basis), language), language
        )

    def _delay_file(self) -> files.File:
        with self.visit.working("writing_delays"):
            return files.delays(self.answers, self.asked.basis, self.language)

    # ---- terms

    def _draw_terms(self, language: Language) -> None:
        answers = self.answers
        legal = answers.once(
            ("legal_due_dates", language), lambda: legal_due_dates(answers.ledger, answers.as_of, language=language)
        )
        against = answers.once(
            ("audit", "against", language),
            lambda: terms_against_law(answers.ledger, answers.as_of, legal=legal, language=language),
        )
        self._terms.value = law_panels.terms(legal, against, language, answers.ledger.currency)

    # ---- penalties

    def _penalties_of(self, language: Language) -> LatePenalties:
        answers, facts = self.answers, self.dossier.facts
        compute = partial(late_penalties, answers.ledger, answers.as_of, facts=facts, language=language)
        return answers.once(("audit", "penalties", language, facts), compute)

    def _draw_penalties(self, language: Language) -> None:
        answers, penalties = self.answers, self._penalties_of(language)
        currency = answers.ledger.currency
        self._earned.value = law_panels.earned(penalties, language, currency)
        self._chart.show(charts.penalties_chart(penalties, language=language, currency=currency))
        self._halves.value = law_panels.by_half_year(penalties, language, currency)
        rows = answers.once(
            ("audit", "penalty rows", language, self.dossier.facts), lambda: law_panels.customers_earning(penalties)
        )
        self._penalties.show(
            rows,
            law_panels.penalty_fields(rows, language),
            key="customer_id",
            state=self.asked.tables[PENALTIES],
            caption=word("table.law.caption.penalties", language) + (f" ({currency})" if currency else ""),
            empty=say("app.audit.no_penalty"),
            language=language,
            totals=("invoices", "interest", "indemnity", "due"),
            narrow=("due",),
        )

    # ---- limitation

    def _limitation_of(self, language: Language) -> Deadlines:
        answers = self.answers
        return answers.once(
            ("audit", "limitation", language),
            lambda: limitation_dates(answers.ledger, answers.as_of, language=language),
        )

    def _draw_limitation(self, language: Language) -> None:
        answers, until = self.answers, self._limitation_of(language)
        self._until.value = law_panels.barred(until, language, answers.ledger.currency)
        self._limitation.show(
            until.rows,
            law_panels.limitation_fields(until.rows, language),
            key="item_id",
            state=self.asked.tables[LIMITATION],
            caption=word("table.law.caption.limitation", language),
            empty=say("app.audit.nothing_owed"),
            language=language,
            filters={"status": law_panels.statuses(until.rows, language)},
            totals=("open_amount",),
            narrow=("open_amount", "limitation_on"),
        )

    def _open_debtor(self, item_id: str) -> None:
        rows = self._limitation_of(self.language).rows
        self.open_customer(str(rows.loc[rows["item_id"] == int(item_id), "customer_id"].iloc[0]))

"""The first part: what was understood, whether it ties, and how much was found."""

import ipywidgets as widgets
import pandas as pd

from arlib.apps.pages.audit import understood
from arlib.apps.pages.audit.dossier import Dossiers
from arlib.apps.pages.audit.part import Part
from arlib.apps.pages.cockpit.standing import assumed_due
from arlib.apps.parts.late_card import LateCard
from arlib.apps.parts.panels import card, figure_card, figure_cards, figure_line, grid, heading, note, title_place
from arlib.apps.visit.page import Visit
from arlib.show.tables import Html
from arlib.words import Language, number, word

SEVERITIES = ("error", "warning", "info")


class BooksPart(Part):
    """What was read and the proof at once, what was found a moment later."""

    def __init__(self, visit: Visit, dossiers: Dossiers) -> None:
        super().__init__(visit, dossiers)
        self._how, self._figures, self._proof, self._files, self._found = (widgets.HTML() for _ in range(5))
        self._titles = {name: title_place() for name in ("audit_proof", "audit_files")}
        self._see = self.button().add_class("arlib-control-see-findings")
        self._see.on_click(visit.doing(lambda _: visit.ask(part="findings")))
        self._findings = LateCard(visit, "checking", self._found, self._see, wide=True)
        proved = grid(
            card(self._titles["audit_proof"], self._proof),
            card(self._titles["audit_files"], self._files),
            self._findings.box,
        )
        self.box.children = (self._how, self._figures, proved)

    def speak(self, language: Language) -> None:
        """See `Part.speak`."""
        self._how.value = note(word("app.audit.how", language), name="audit-how")
        for name, title in self._titles.items():
            title.value = heading(f"app.section.{name}", language)
        self._see.description = word("app.audit.see_findings", language)
        self._findings.speak(language)

    def draw(self) -> None:
        """See `Part.draw`."""
        answers, language = self.answers, self.language
        self._figures.value = understood.figures(answers, language)
        self._proof.value = understood.proof(answers, language) + assumed_due(answers, language)
        self._files.value = understood.files(answers.ledger, language)
        self._findings.show(self._draw_found, answers)

    def _draw_found(self, language: Language) -> None:
        self._found.value = found(self.answers.findings(language), language)


def found(findings: pd.DataFrame, language: Language) -> Html:
    """How many findings there are of each severity, and by how many checks."""
    by_severity = findings.groupby("severity")
    rows, checks = by_severity["count"].sum().to_dict(), by_severity["check"].nunique().to_dict()
    return figure_cards(
        [
            figure_card(
                f"audit-{severity}",
                word(f"app.audit.severity.{severity}", language),
                number(rows.get(severity, 0), language, 0),
                [figure_line(word("app.audit.by_checks", language, checks=checks[severity]))]
                if severity in checks
                else (),
            )
            for severity in SEVERITIES
        ],
        name="audit-found",
    )

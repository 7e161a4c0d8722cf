"""What is handed over: one workbook that can be re-performed, one report that can be read, made on click."""

from collections.abc import Callable
from functools import partial
from typing import Any

import ipywidgets as widgets

from arlib.apps.pages.audit import files
from arlib.apps.pages.audit.asked import LONGEST_NAME, left_out
from arlib.apps.pages.audit.dossier import Dossiers
from arlib.apps.pages.audit.part import Part
from arlib.apps.parts.download import Download, Make
from arlib.apps.parts.panels import card, controls, grid, heading, note, title_place
from arlib.apps.visit.page import Visit
from arlib.export.workbook import SECTIONS
from arlib.words import Language, has_word, word

_NAMES = ("client", "author")
_CARDS = ("audit_names", "audit_workbook", "audit_report")


class HandoverPart(Part):
    """Whose books, by whom; the sections of the workbook; the files."""

    def __init__(self, visit: Visit, dossiers: Dossiers) -> None:
        super().__init__(visit, dossiers)
        self._quiet = False
        self._titles = {name: title_place() for name in _CARDS}
        self._abouts = {name: widgets.HTML() for name in (*_CARDS, "audit_table")}
        self._names = {name: widgets.Text(continuous_update=False) for name in _NAMES}
        for name, field in self._names.items():
            field.add_class(f"arlib-control-{name}").style.description_width = "initial"
            field.observe(self._heard(visit.doing(partial(self._named, name))), "value")
        self._sections = {key: widgets.Checkbox(indent=False) for key in SECTIONS}
        for key, box in self._sections.items():
            box.add_class(f"arlib-control-section-{key}")
            box.observe(self._heard(visit.doing(self._chosen)), "value")
        self._files = {
            "workbook": self._download("workbook", self._workbook),
            "html": self._download("report-html", partial(self._report, "html")),
            "pdf": self._download("report-pdf", partial(self._report, "pdf")),
            "delays": self._download("delays", self._delays),
        }
        self.box.children = (self._laid_out(),)

    def _laid_out(self) -> widgets.Box:
        titles, abouts = self._titles, self._abouts
        sections = widgets.Box(list(self._sections.values())).add_class("arlib-audit-sections")
        report = widgets.Box([self._files["html"], self._files["pdf"]]).add_class("arlib-audit-files")
        delays = widgets.Box([self._files["delays"]]).add_class("arlib-audit-files")
        parts: dict[str, tuple[widgets.Widget, ...]] = {
            "audit_names": (controls(*self._names.values()),),
            "audit_workbook": (sections, widgets.Box([self._files["workbook"]]).add_class("arlib-audit-files")),
            "audit_report": (report, abouts["audit_table"], delays),
        }
        return grid(*(card(titles[name], abouts[name], *parts[name], wide=name == "audit_names") for name in _CARDS))

    def _download(self, name: str, make: Make) -> Download:
        return Download(make, guard=self.visit.doing, name=f"save-{name}", language=self.visit.language)

    def speak(self, language: Language) -> None:
        """See `Part.speak`."""
        for name in _CARDS:
            self._titles[name].value = heading(f"app.section.{name}", language)
        for name, about in self._abouts.items():
            about.value = note(word(f"app.audit.about.{name}", language))
        for name, field in self._names.items():
            field.description = word(f"app.audit.{name}", language)
        for key, box in self._sections.items():
            box.description = section_label(key, language)
        for name, file in self._files.items():
            file.label = word(f"app.audit.save.{name}", language)
            file.speak(language)

    def draw(self) -> None:
        """See `Part.draw`."""
        asked = self.asked
        self._quiet = True
        try:
            self._names["client"].value, self._names["author"].value = asked.client, asked.author
            for key, box in self._sections.items():
                box.value = key not in asked.without
        finally:
            self._quiet = False

    def _heard(self, work: Callable[[Any], None]) -> Callable[[Any], None]:
        """`work` with the new value of a control that the visitor has moved; not where the page has set it."""
        return lambda change: None if self._quiet else work(change["new"])

    def _named(self, name: str, text: str) -> None:
        self.visit.ask(**{name: text.strip()[:LONGEST_NAME] or None})

    def _chosen(self, _: object) -> None:
        without = [key for key, box in self._sections.items() if not box.value]
        if len(without) == len(SECTIONS):
            self.draw()  # a workbook has at least one section
        else:
            self.visit.ask(without=left_out(without))

    def _workbook(self) -> files.File:
        with self.visit.working("writing_workbook") as progress:
            return files.workbook(self.answers, self.dossier, self.asked, self.language, progress)

    def _report(self, suffix: str) -> files.File:
        with self.visit.working("writing_report") as progress:
            return files.report(self.answers, self.dossier, self.asked, self.language, progress, suffix=suffix)

    def _delays(self) -> files.File:
        with self.visit.working("writing_delays"):
            return files.delays(self.answers, self.asked.basis, self.language)


def section_label(key: str, language: Language) -> str:
    """What a section of the workbook is called: as its sheet, where it has one of its name."""
    sheet = f"export.sheet.{key}"
    return word(sheet if has_word(sheet) else f"app.audit.book.{key}", language)

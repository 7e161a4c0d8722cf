"""The drafts of the letters that go out today: read here, saved as files, and sent by nobody but a person."""

from dataclasses import dataclass, replace
from functools import partial

import ipywidgets as widgets
import pandas as pd

from arlib.apps.pages.collect import letters as listed
from arlib.apps.pages.collect.desk import Desks
from arlib.apps.pages.collect.part import Part
from arlib.apps.pages.collect.planned import horizon_asked, plan_of, scenario_asked, scenarios_of
from arlib.apps.pages.collect.sender import SenderForm
from arlib.apps.parts import panels
from arlib.apps.parts.download import Download
from arlib.apps.parts.table_view import TableState, TableView
from arlib.apps.visit.page import Visit
from arlib.collection import DunningPlan, Letter, Sender, compose_letters
from arlib.export.letters import Names, letter_files, letters_archive
from arlib.show.tables import letter_preview
from arlib.words import LANGUAGES, Language, say, word

_TABLE = "drafts."
_EACH = "each"  # every letter in its customer's language
_CARDS = ("list", "letter", "sender")
_ENDINGS = ("docx", "eml")


@dataclass(frozen=True, eq=False)
class _Drafts:
    """The letters of a day, the rows that list them in the same order, and what a log would hold of them."""

    day: pd.Timestamp
    letters: tuple[Letter, ...]
    rows: pd.DataFrame
    sent: pd.DataFrame

    def of(self, customer: str) -> Letter | None:
        """The letter to a customer; none where there is none."""
        return next((letter for letter in self.letters if letter.customer_id == customer), None)


class DraftsPart(Part):
    """Asked `letter` (a customer), `written` (a language), `scenario` as the calendar, and the list after `drafts.`."""

    def __init__(self, visit: Visit, desks: Desks) -> None:
        super().__init__(visit, desks)
        self._drafts: _Drafts | None = None
        self._letter: Letter | None = None
        self._written = widgets.Dropdown().add_class("arlib-control-written")
        self._written.style.description_width = "initial"
        self._written.observe(self.heard(lambda name: visit.ask(written=None if name == _EACH else name)), "value")
        self._titles = {name: panels.title_place() for name in _CARDS}
        self._about, self._preview, self._sender_about = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._sender = SenderForm(self, self.again)
        self._table = TableView(
            "drafts",
            on_state=visit.doing(lambda state: visit.ask(**state.asked(_TABLE))),
            on_open=visit.doing(self._open),
        )
        self._save = {
            name: Download(partial(self._file, name), guard=visit.doing, name=f"save-{name}")
            for name in ("zip", *_ENDINGS)
        }
        self._close = widgets.Button().add_class("arlib-button").add_class("arlib-control-close")
        self._close.on_click(self.pressed(lambda: visit.ask(letter=None)))
        one = widgets.Box([self._close, *(self._save[name] for name in _ENDINGS)]).add_class("arlib-collect-buttons")
        self._sent = widgets.Button().add_class("arlib-button").add_class("arlib-control-sent")
        self._sent.on_click(self.pressed(self._note_sent))
        every = widgets.Box([self._save["zip"], self._sent]).add_class("arlib-collect-buttons")
        self._one = panels.card(self._titles["letter"], one, self._preview, wide=True)
        self._one.add_class("arlib-collect-open")
        self.grid.children = (
            self._one,
            panels.card(
                self._titles["list"], panels.controls(self._written), every, self._about, self._table, wide=True
            ),
            panels.card(self._titles["sender"], self._sender_about, self._sender.box, wide=True),
        )

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger."""
        for name, title in self._titles.items():
            title.value = panels.heading(f"app.collect.drafts.{name}", language)
        self._sender_about.value = panels.note(word("app.collect.sender.about", language))
        self._sender.speak(language)
        self._written.description = word("app.collect.drafts.written", language)
        self._close.description = word("app.collect.drafts.close", language)
        for name, save in self._save.items():
            save.label = word(f"app.collect.save.{name}", language)
            save.speak(language)

    def draw(self) -> None:
        """Draw the letters once they are composed."""
        language, written = self.language, self.choice("written", (_EACH, *LANGUAGES))
        names = {_EACH: word("app.collect.drafts.each", language)}
        names |= {each: word(f"app.collect.language.{each}", language) for each in LANGUAGES}
        self._written.options = [(name, each) for each, name in names.items()]
        self._written.value = written
        scenarios, days = scenarios_of(scenario_asked(self.asked, self.desks), self.desks), horizon_asked(self.asked)
        sender, desk, answers = self._sender.sender(language), self.desk, self.answers
        chosen: Language | None = next((each for each in LANGUAGES if each == written), None)
        self.once(
            "drafting",
            (scenarios, days, desk.log, sender, chosen),
            lambda _: self._composed(plan_of(answers, desk, scenarios, days, language), sender, chosen),
            self._draw_drafts,
        )

    def _composed(self, plan: DunningPlan, sender: Sender, language: Language | None) -> _Drafts:
        letters = compose_letters(self.answers.ledger, plan, company=sender, language=language)
        return _Drafts(plan.as_of, tuple(letters), listed.rows(letters), listed.log_rows(plan))

    def _draw_drafts(self, drafts: _Drafts) -> None:
        language, currency = self.language, self.answers.ledger.currency
        self._drafts, self._letter = drafts, drafts.of(self.asked.get("letter", ""))
        count = {"letters": len(drafts.letters), "gaps": int((drafts.rows["notes"] > 0).sum())}
        about = word("app.collect.drafts.about", language, **count)
        if self.desk.sent is not None:
            about = f"{about} {word('app.collect.drafts.noted', language, rows=len(self.desk.sent))}"
        if not self._sender.is_written:
            about = f"{about} {word('app.collect.sender.first', language)}"
        self._about.value = panels.note(about, name="drafts-about")
        self._table.show(
            drafts.rows,
            listed.fields(language),
            key="customer_id",
            state=TableState.of(self.asked, _TABLE),
            caption=word("app.collect.drafts.caption", language) + (f" ({currency})" if currency else ""),
            empty=say("letters.export.nothing"),
            language=language,
            filters=listed.filters(drafts.rows, language),
            totals=["total"],
            narrow=["name", "subject", "total"],
            opened=self._letter.customer_id if self._letter else "",
        )
        self._save["zip"].disabled = not drafts.letters
        noted = self.desk.sent is not None
        self._sent.description = word(f"app.collect.drafts.{'not_sent' if noted else 'sent'}", language)
        self._sent.disabled = drafts.sent.empty and not noted
        self._draw_letter(self._letter)

    def _draw_letter(self, letter: Letter | None) -> None:
        """The letter that is open, and what can be saved of it."""
        self._one.layout.display = "none" if letter is None else ""
        if letter is None:
            self._preview.value = ""
            return
        self._save["eml"].layout.display = "" if letter.channel == "email" else "none"
        self._preview.value = f'<div data-testid="letter" lang="{letter.language}">{letter_preview(letter)}</div>'

    def _note_sent(self) -> None:
        """Have the log hold the letters as sent, so that no plan proposes them again; or take them out of it."""
        if self._drafts is not None:
            self.put(replace(self.desk, sent=None if self.desk.sent is not None else self._drafts.sent))

    def _open(self, customer: str) -> None:
        self.visit.ask(letter=customer)
        self._close.focus()  # the letter stands above the list: brought before the visitor's eyes

    def _file(self, kind: str) -> tuple[str, bytes]:
        """All letters as one zip, or the open one in one form."""
        drafts = self._drafts
        if drafts is None:  # the buttons are shown with the letters
            raise RuntimeError
        if kind == "zip":
            with self.visit.working("archiving") as progress:
                made = letters_archive(drafts.letters, progress=progress)
            return f"{word('app.collect.drafts.file', self.language, day=f'{drafts.day:%Y-%m-%d}')}.zip", made
        if self._letter is None:  # its buttons are shown with it
            raise RuntimeError
        return next(each for each in letter_files(self._letter, Names()) if each[0].endswith(f".{kind}"))

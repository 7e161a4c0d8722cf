"""The log of contacts: what was read from a file, what is noted in the page, and both as a file for tomorrow."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import ipywidgets as widgets
import pandas as pd

from arlib.apps.pages.collect import files
from arlib.apps.pages.collect.desk import Contact
from arlib.apps.pages.collect.part import Part
from arlib.apps.parts import panels
from arlib.apps.parts.download import Download
from arlib.apps.parts.upload import MEGABYTE, Upload
from arlib.collection import ContactLog, read_contact_log
from arlib.collection.log import CHANNELS, COLUMNS, OUTCOMES
from arlib.show.tables import Field, Html, table
from arlib.words import Language, word

_LONGEST_NOTE = 500
_LIMIT = 20 * MEGABYTE
_SHOWN = 10


class ContactLogCard:
    """Notes a contact in a form, reads a log from a file, and hands it out.

    Attributes:
        form: where what came of one contact is written; hidden while none is.
        box: the rest.
    """

    def __init__(self, part: Part) -> None:
        self._part = part
        self._customer = ""
        self._who, self._noted = widgets.HTML(), widgets.HTML()
        self._channel, self._outcome = widgets.Dropdown(), widgets.Dropdown()
        self._note = widgets.Text(continuous_update=False)
        self._buttons = {name: widgets.Button().add_class("arlib-button") for name in ("enter", "cancel", "take_back")}
        work = {"enter": self._enter, "cancel": self._close, "take_back": self._take_back}
        for name, button in self._buttons.items():
            button.on_click(part.pressed(work[name]))
            button.add_class(f"arlib-control-{name}")
        for control in (self._channel, self._outcome, self._note):
            control.style.description_width = "initial"
        doing = part.visit.doing
        self._upload = Upload(doing(self._receive), limit=_LIMIT, name="contact_log")
        self._save = Download(self._file, guard=doing, name="save-contact-log")
        asked = panels.controls(self._channel, self._outcome, self._note)
        self.form = panels.section(self._who, asked, self._line("enter", "cancel")).add_class("arlib-collect-form")
        self.box = panels.section(self._noted, self._line("take_back", beside=self._save), self._upload)
        self._close()

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger."""
        for name, button in self._buttons.items():
            button.description = word(f"app.collect.log.{name}", language)
        self._channel.description = word("table.column.channel", language)
        self._outcome.description = word("card.line.outcome", language)
        self._note.description = word("app.collect.log.note", language)
        channel, outcome = self._channel.value, self._outcome.value
        self._channel.options = [(files.channel_word(name, language), name) for name in CHANNELS]
        self._outcome.options = [(files.outcome_word(name, language), name) for name in OUTCOMES]
        self._channel.value, self._outcome.value = channel or CHANNELS[0], outcome or OUTCOMES[0]
        self._upload.speak(language)
        self._save.speak(language)
        self._save.label = word("app.collect.log.save", language)

    def draw(self) -> None:
        """Show what is noted beside the ledger shown."""
        desk, language = self._part.desk, self._part.language
        if self._customer and self._customer not in self._names():
            self._close()
        self._draw_who()
        told = [panels.note(word("app.collect.log.empty", language))] if desk.log is None else []
        if desk.past is not None:
            told = [panels.note(word("app.collect.log.read", language, name=desk.log_name, rows=len(desk.past.table)))]
        if desk.sent is not None:
            told.append(panels.note(word("app.collect.drafts.noted", language, rows=len(desk.sent))))
        told += [_noted(desk.noted, self._names(), language)] if desk.noted else []
        self._noted.value = f'<div data-testid="contact-log">{"".join(told)}</div>'
        self._save.disabled = desk.log is None
        self._buttons["take_back"].disabled = not desk.noted

    def write(self, customer: str, channel: str) -> None:
        """Open the form for a customer, at the channel the list proposes."""
        self._customer, self._channel.value = customer, channel
        self._draw_who()
        self._outcome.value, self._note.value = OUTCOMES[0], ""
        self.form.layout.display = ""
        self._channel.focus()

    def _draw_who(self) -> None:
        if self._customer:
            title = word("app.collect.log.came", self._part.language, customer=self._names()[self._customer])
            self._who.value = f'<h3 dir="auto" data-testid="log-who">{escape(title)}</h3>'

    def _close(self) -> None:
        self._customer = ""
        self.form.layout.display = "none"

    def _enter(self) -> None:
        part, note = self._part, self._note.value.strip()[:_LONGEST_NOTE]
        contact = Contact(self._customer, part.answers.as_of, str(self._channel.value), str(self._outcome.value), note)
        self._close()
        part.put(replace(part.desk, noted=(*part.desk.noted, contact)))

    def _take_back(self) -> None:
        self._part.put(replace(self._part.desk, noted=self._part.desk.noted[:-1]))

    def _receive(self, name: str, content: bytes) -> None:
        """A file of past contacts; one that is not about this ledger is refused, and why is told."""
        part = self._part
        with part.visit.working("reading"):
            past = read_contact_log((name, content))
            past.contacts(part.answers.ledger, part.answers.as_of)
        part.put(replace(part.desk, log_name=name, past=past))

    def _file(self) -> tuple[str, bytes]:
        part, log = self._part, self._part.desk.log or ContactLog(pd.DataFrame(columns=list(COLUMNS)))
        return files.log_file(log, part.answers.ledger, part.answers.as_of, part.language)

    def _names(self) -> "pd.Series[str]":
        customers = self._part.answers.ledger.customers.set_index("customer_id")
        names: pd.Series[str] = customers["name"].fillna(pd.Series(customers.index, customers.index))
        return names

    def _line(self, *names: str, beside: widgets.Widget | None = None) -> widgets.Box:
        parts = [self._buttons[name] for name in names] + ([] if beside is None else [beside])
        return widgets.Box(parts).add_class("arlib-collect-buttons")


def _noted(noted: Sequence[Contact], names: "pd.Series[str]", language: Language) -> Html:
    """The last contacts of this visit, the newest first."""
    last = pd.DataFrame([vars(contact) for contact in noted[: -_SHOWN - 1 : -1]])
    written = last.assign(
        name=last["customer_id"].map(names),
        channel=[files.channel_word(name, language) for name in last["channel"]],
        outcome=[files.outcome_word(name, language) for name in last["outcome"]],
    )
    fields = [
        Field("name", word("table.customer", language)),
        Field("contacted_on", word("table.column.day", language), "date"),
        Field("channel", word("table.column.channel", language)),
        Field("outcome", word("card.line.outcome", language)),
        Field("note", word("app.collect.log.note", language)),
    ]
    caption = word("app.collect.log.noted", language, rows=len(noted))
    return panels.scrolled(table(written, fields, caption=caption, language=language), name="contacts-noted")

"""The bank's receipts: read from a file, matched with open items, accepted or refused by a person, then booked."""

from collections.abc import Mapping
from dataclasses import replace

import ipywidgets as widgets
import pandas as pd

from arlib.apps.pages.collect import bank_lines
from arlib.apps.pages.collect.booking import BookingCard
from arlib.apps.pages.collect.desk import PROPOSED, REFUSED, Desk, Desks
from arlib.apps.pages.collect.one_receipt import ReceiptCard
from arlib.apps.pages.collect.part import Part
from arlib.apps.parts import panels
from arlib.apps.parts.chart_view import ChartView
from arlib.apps.parts.table_view import Action, TableState, TableView
from arlib.apps.parts.upload import MEGABYTE, Upload
from arlib.apps.visit.page import Visit
from arlib.collection import ReceiptMatching, match_receipts
from arlib.readers import read_receipts
from arlib.samples import is_sample, load_sample_receipts
from arlib.show import charts
from arlib.words import Language, say, word

_PROPOSALS, _UNMATCHED = "match.", "rest."
_CARDS = ("file", "classes", "proposals", "book", "unmatched")
_LIMIT = 50 * MEGABYTE
_SAMPLE = "negoce"


class ReceiptsPart(Part):
    """Asked `receipt` (a number), and what its two tables write after `match.` and `rest.`."""

    def __init__(self, visit: Visit, desks: Desks) -> None:
        super().__init__(visit, desks)
        self._matching: ReceiptMatching | None = None
        self._shown: tuple[ReceiptMatching, Mapping[int, int], Language, pd.DataFrame] | None = None
        self._titles = {name: panels.title_place() for name in _CARDS}
        self._reading, self._basis, self._about = widgets.HTML(), widgets.HTML(), widgets.HTML()
        work = {"sample": self._open_sample, "accept_sure": self._accept_sure, "undecide_all": self._undecide_all}
        self._buttons = {name: widgets.Button().add_class("arlib-button") for name in work}
        for name, button in self._buttons.items():
            button.add_class(f"arlib-control-{name.replace('_', '-')}").on_click(self.pressed(work[name]))
        self._upload = Upload(visit.doing(self._receive), limit=_LIMIT, name="bank_file")
        self._chart = ChartView(name="receipts")
        self._one, self._booking = ReceiptCard(self, self._next), BookingCard(self)
        self._proposals = TableView(
            "proposals",
            on_state=visit.doing(lambda state: visit.ask(**state.asked(_PROPOSALS))),
            on_open=visit.doing(self._open),
            on_action=visit.doing(self._act),
        )
        self._rest = TableView("unmatched", on_state=visit.doing(lambda state: visit.ask(**state.asked(_UNMATCHED))))
        file = panels.card(self._titles["file"], self._reading, self._upload, self._buttons["sample"], wide=True)
        self.grid.children = self._laid_out()
        self.box.children = (file, *self.box.children)

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger."""
        for name, title in self._titles.items():
            title.value = panels.heading(f"app.collect.receipts.{name}", language)
        for name, button in self._buttons.items():
            button.description = word(f"app.collect.receipts.{name}", language)
        for each in (self._upload, self._one, self._booking):
            each.speak(language)

    def draw(self) -> None:
        """Draw what is known of the bank file; without one, what to do."""
        receipts, language = self.desk.receipts, self.language
        self._buttons["sample"].layout.display = "" if receipts is None and self._is_sample() else "none"
        self._reading.value = (
            panels.empty(say("app.collect.receipts.none"), language)
            if receipts is None
            else bank_lines.reading(receipts, language)
        )
        if receipts is None:
            self._matching, self.grid.layout.display = None, "none"
            return
        ledger = self.answers.ledger
        self.once("matching", receipts, lambda _: match_receipts(ledger, receipts), self._draw_matching)

    def _draw_matching(self, matching: ReceiptMatching) -> None:
        language = self.language
        if self._matching is not matching:
            self._chart.show(charts.receipts_chart(matching, language=language))
            self._basis.value = panels.basis(matching.notes, language)
        self._matching = matching
        self._one.draw(matching, self.asked.get("receipt", ""))
        self._booking.draw(matching)
        self._draw_proposals(matching)
        self._draw_rest(matching)

    def _draw_proposals(self, matching: ReceiptMatching) -> None:
        language, decided = self.language, self.desk.decided
        rows = self._rows(matching, decided)
        sure = bank_lines.undecided_sure(matching, decided)
        counts = rows["state"].value_counts()
        told = {state: int(counts.get(state, 0)) for state in bank_lines.STATES}
        self._about.value = panels.note(word("app.collect.receipts.about", language, **told), name="decided")
        self._buttons["accept_sure"].description = word("app.collect.receipts.accept_sure", language, rows=len(sure))
        self._buttons["accept_sure"].disabled = not len(sure)
        self._buttons["undecide_all"].disabled = not decided
        one = rows["currency"].nunique() == 1
        self._proposals.show(
            rows,
            bank_lines.proposal_fields(rows, language),
            key="receipt_id",
            state=TableState.of(self.asked, _PROPOSALS),
            caption=word("app.collect.receipts.caption", language) + (f" ({rows['currency'].iloc[0]})" if one else ""),
            empty=say("app.collect.receipts.no_proposal"),
            language=language,
            filters=bank_lines.proposal_filters(language),
            actions=[
                Action("accept", word("app.collect.accept", language), "can_accept"),
                Action("refuse", word("app.collect.refuse", language), "can_refuse"),
            ],
            totals=["received"] if one else [],
            note="told",
            narrow=["name", "received"],
            opened=self.asked.get("receipt", ""),
        )

    def _draw_rest(self, matching: ReceiptMatching) -> None:
        answers, language = self.answers, self.language
        key = ("collect", "unmatched", matching, language)
        rows = answers.once(key, lambda: bank_lines.unmatched_rows(matching, language))
        self._rest.show(
            rows,
            bank_lines.unmatched_fields(rows, language),
            key="receipt_id",
            state=TableState.of(self.asked, _UNMATCHED),
            caption=word("app.collect.receipts.rest", language),
            empty=say("app.collect.receipts.all_matched"),
            language=language,
            filters=bank_lines.unmatched_filters(language),
            note="told",
            narrow=["payer", "amount"],
        )

    def _rows(self, matching: ReceiptMatching, decided: Mapping[int, int]) -> pd.DataFrame:
        """The rows of proposals; the same frame until something else is decided."""
        language = self.language
        if self._shown is None or self._shown[:3] != (matching, decided, language):
            rows = bank_lines.proposal_notes(bank_lines.proposal_rows(matching, decided), language)
            self._shown = (matching, decided, language, rows)
        return self._shown[3]

    def _receive(self, name: str, content: bytes) -> None:
        """A bank file of the visitor's; another one before it, and what was decided of it, are put away."""
        with self.visit.working("reading"):
            receipts = read_receipts((name, content))
        self._take(replace(self.desk, receipts=receipts, decided={}, booked=None))

    def _take(self, desk: Desk) -> None:
        self._matching = None
        self.put(desk)
        if self.asked.get("receipt"):
            self.visit.ask(receipt=None)

    def _open_sample(self) -> None:
        """The sample's statement, beside its ledger as it was before these payments were booked."""
        with self.visit.working("reading"):
            ledger, receipts = load_sample_receipts()
        self.desks.put(ledger, replace(self.desk, receipts=receipts))
        self.visit.replace(ledger)

    def _open(self, receipt: str) -> None:
        self.visit.ask(receipt=receipt)
        self._one.focus()

    def _next(self, receipt: int) -> str | None:
        """The number of the next receipt, in the order of the rows, of which nothing is decided yet."""
        if self._matching is None:
            return None
        rows = self._rows(self._matching, self.desk.decided)
        place = int(rows.index[rows["receipt_id"] == receipt][0])
        left = rows.loc[(rows["state"] == bank_lines.OPEN) & (rows.index > place), "receipt_id"]
        return str(left.iloc[0]) if len(left) else None

    def _act(self, receipt: str, action: str) -> None:
        self.put(self.desk.deciding({int(receipt): PROPOSED if action == "accept" else REFUSED}))

    def _accept_sure(self) -> None:
        if self._matching is not None:
            sure = bank_lines.undecided_sure(self._matching, self.desk.decided)
            self.put(self.desk.deciding(dict.fromkeys(sure, PROPOSED)))

    def _undecide_all(self) -> None:
        self.put(replace(self.desk, decided={}))

    def _is_sample(self) -> bool:
        return self.answers.once(("collect", "is_sample"), lambda: is_sample(self.answers.ledger, _SAMPLE))

    def _laid_out(self) -> tuple[widgets.Box, ...]:
        decide = widgets.Box([self._buttons["accept_sure"], self._buttons["undecide_all"]])
        decide.add_class("arlib-collect-buttons")
        return (
            panels.card(self._titles["classes"], self._chart, self._basis, wide=True),
            panels.card(self._titles["book"], self._booking.box, wide=True),
            self._one.box,
            panels.card(self._titles["proposals"], self._about, decide, self._proposals, wide=True),
            panels.card(self._titles["unmatched"], self._rest, wide=True),
        )

"""What is accepted of a bank file: how much it is, what booking it changes, and the button that does."""

from dataclasses import dataclass

import ipywidgets as widgets
import pandas as pd

from arlib.apps.pages.collect import files
from arlib.apps.pages.collect.desk import Booked, accepted_rows
from arlib.apps.pages.collect.part import Part
from arlib.apps.parts import panels
from arlib.apps.parts.download import Download
from arlib.collection import ReceiptMatching
from arlib.errors import ArlibError
from arlib.ledger import Ledger, balance
from arlib.show.tables import Html
from arlib.words import Language, money, say, word


@dataclass(frozen=True, eq=False)
class Accepted:
    """The rows accepted, and the ledger with them."""

    rows: pd.DataFrame
    ledger: Ledger
    booked: Booked

    @classmethod
    def of(cls, matching: ReceiptMatching, rows: pd.DataFrame) -> "Accepted":
        """What the accepted rows come to, on the day of the matching.

        Raises:
            ArlibError: two receipts pay the same item beyond what is open of it.
        """
        ledger, day = matching.accepted(rows), matching.as_of
        amounts = matching.receipts.loc[
            matching.receipts["receipt_id"].isin(rows["receipt_id"]), ["amount", "currency"]
        ]
        sums = amounts["amount"].groupby(amounts["currency"].fillna("")).sum().round(2)
        booked = Booked(
            receipts=len(amounts),
            sums=tuple((str(currency), float(total)) for currency, total in sums.items()),
            day=day,
            before=balance(matching.ledger, day),
            after=balance(ledger, day),
        )
        return cls(rows, ledger, booked)


class BookingCard:
    """What is accepted, as a file, and the button that has it booked in the ledger of the visit.

    Attributes:
        box: all of it.
    """

    def __init__(self, part: Part) -> None:
        self._part = part
        self._matching: ReceiptMatching | None = None
        self._accepted: Accepted | None = None
        self._about, self._done = widgets.HTML(), widgets.HTML()
        self._book = widgets.Button().add_class("arlib-button").add_class("arlib-control-book")
        self._book.on_click(part.pressed(self._run))
        self._save = Download(self._file, guard=part.visit.doing, name="save-accepted")
        buttons = widgets.Box([self._book, self._save]).add_class("arlib-collect-buttons")
        self.box = panels.section(self._done, self._about, buttons)

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger."""
        self._book.description = word("app.collect.book", language)
        self._save.label = word("app.collect.save.accepted", language)
        self._save.speak(language)

    def draw(self, matching: ReceiptMatching) -> None:
        """Show what is accepted of a matching, and what was booked before."""
        part, self._matching, self._accepted = self._part, matching, None
        language, currency = part.language, matching.ledger.currency
        rows, booked = accepted_rows(matching, part.desk.decided), part.desk.booked
        self._done.value = _told("done", booked, currency, language) if booked else ""
        self._book.disabled = self._save.disabled = True
        if rows.empty:
            self._about.value = panels.empty(say("app.collect.book.nothing"), language)
            return
        try:
            self._accepted = Accepted.of(matching, rows)
        except ArlibError as error:
            self._about.value = panels.empty(error, language)
            return
        self._book.disabled = self._save.disabled = False
        self._about.value = _told("about", self._accepted.booked, currency, language)

    def _run(self) -> None:
        """Have what is accepted booked in the ledger of the visit; the same file stays beside it."""
        part, accepted = self._part, self._accepted
        if accepted is None:
            return
        part.desks.put(accepted.ledger, part.desk.after(accepted.booked))
        part.visit.replace(accepted.ledger)

    def _file(self) -> tuple[str, bytes]:
        if self._matching is None or self._accepted is None:  # the button is off then
            raise RuntimeError
        with self._part.visit.working("writing_accepted"):
            return files.matches_file(self._matching, self._accepted.rows, self._part.language)


def _told(name: str, booked: Booked, currency: str, language: Language) -> Html:
    """What was booked, or would be: how many receipts, how much, the balance before and after."""
    sums = ", ".join(money(amount, language, of or currency) for of, amount in booked.sums)
    before, after = (money(amount, language, currency) for amount in (booked.before, booked.after))
    told = {"receipts": booked.receipts, "sums": sums, "day": booked.day, "before": before, "after": after}
    return panels.note(word(f"app.collect.book.{name}", language, **told), name=f"book-{name}")

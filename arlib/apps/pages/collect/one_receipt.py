"""One receipt and all that it may pay: the proposal, the alternatives, and what a person decides."""

from collections.abc import Callable

import ipywidgets as widgets

from arlib.apps.pages.collect import bank_lines
from arlib.apps.pages.collect.desk import PROPOSED, REFUSED
from arlib.apps.pages.collect.part import Part
from arlib.apps.parts import panels
from arlib.collection import ReceiptMatching
from arlib.words import Language, word

_BUTTONS = ("take", "refuse", "undecide", "close")


class ReceiptCard:
    """The receipt that is open.

    Attributes:
        box: all of it; hidden while none is open.
    """

    def __init__(self, part: Part, after: Callable[[int], str | None]) -> None:
        """`after` is asked which receipt, by its number, comes before the visitor once one is decided."""
        self._part, self._after = part, after
        self._receipt: int | None = None
        self._title, self._text = panels.title_place(), widgets.HTML()
        self._option = widgets.Dropdown().add_class("arlib-control-option")
        self._option.style.description_width = "initial"
        self._buttons = {name: widgets.Button().add_class("arlib-button") for name in _BUTTONS}
        for name, button in self._buttons.items():
            button.add_class(f"arlib-control-{name}")
        self._buttons["take"].on_click(part.pressed(lambda: self._decide(self._option.value)))
        self._buttons["refuse"].on_click(part.pressed(lambda: self._decide(REFUSED)))
        self._buttons["undecide"].on_click(part.pressed(lambda: self._decide(None)))
        self._buttons["close"].on_click(part.pressed(lambda: part.visit.ask(receipt=None)))
        buttons = widgets.Box(list(self._buttons.values())).add_class("arlib-collect-buttons")
        self.box = panels.card(self._title, panels.controls(self._option), buttons, self._text, wide=True)
        self.box.add_class("arlib-collect-open")

    def speak(self, language: Language) -> None:
        """Write what does not depend on the ledger."""
        for name, button in self._buttons.items():
            button.description = word(f"app.collect.receipt.{name}", language)
        self._option.description = word("app.collect.receipt.option", language)
        self._title.value = panels.heading("app.collect.receipts.one", language)

    def draw(self, matching: ReceiptMatching, asked: str) -> None:
        """Show the receipt of this number, as far as there is something to decide of it."""
        known = {str(each): int(each) for each in matching.proposals["receipt_id"].unique()}
        self._receipt = known.get(asked)
        self.box.layout.display = "none" if self._receipt is None else ""
        if self._receipt is None:
            return
        language, options = self._part.language, bank_lines.choices_of(matching, self._receipt)["option"].unique()
        decided = self._part.desk.decided.get(self._receipt)
        self._option.options = [(bank_lines.option_label(int(each), language), int(each)) for each in options]
        self._option.value = decided if decided is not None and decided in options else PROPOSED
        self._buttons["undecide"].disabled = decided is None
        self._text.value = bank_lines.one_receipt(matching, self._receipt, language)

    def focus(self) -> None:
        """Bring the receipt before the visitor's eyes."""
        self._buttons["take"].focus()

    def _decide(self, option: int | None) -> None:
        """Decide of the receipt that is open, and go on to the next."""
        part, receipt = self._part, self._receipt
        if receipt is None:
            return
        part.put(part.desk.deciding({receipt: option}))
        if option is not None:
            part.visit.ask(receipt=self._after(receipt))

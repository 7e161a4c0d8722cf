"""One customer on a card: figures, what to do next, history, payment law, risk, open items, cash expected."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import ipywidgets as widgets

from arlib.apps.answers import Answers
from arlib.apps.pages.customers import items
from arlib.apps.parts.chart_view import ChartView
from arlib.apps.parts.download import Download
from arlib.apps.parts.panels import card as framed
from arlib.apps.parts.panels import controls, empty, folded, grid, heading, section, title_place
from arlib.apps.parts.table_rows import TableState
from arlib.apps.parts.table_view import TableView
from arlib.apps.visit.page import Visit, Why
from arlib.collection import CustomerCard, Statement
from arlib.errors import ArlibError
from arlib.export import write_customer_card
from arlib.show.charts import payment_law_chart
from arlib.show.look import Drawing
from arlib.show.pages import card_page
from arlib.show.pages.card import balances_drawn, cash_drawn, delays_drawn
from arlib.show.tables import Html
from arlib.show.tables.card import card_actions, card_contacts, card_section, card_tiles
from arlib.words import Language, Sentence, word

_CHARTS: dict[str, Callable[[CustomerCard], Drawing | Sentence]] = {
    "balances": balances_drawn,
    "delays": delays_drawn,
    "expected": cash_drawn,
}
_LISTS = ("owed", "exposure", "law", "score", "identity")
_DRAWN = ("balances", "delays", "law", "expected")
_SECTIONS = ("next", *_DRAWN, "owed", "exposure", "score", "items", "contacts", "identity")


class CardView:
    """The place of a card, with the way back to the list.

    Attributes:
        box: all of it.
    """

    def __init__(self, visit: Visit, on_items: Callable[[TableState], None], close: Callable[[], None]) -> None:
        self._visit = visit
        self._card: CustomerCard | None = None
        self._back = widgets.Button().add_class("arlib-button").add_class("arlib-card-back")
        self._back.on_click(visit.doing(lambda _: close()))
        self._title, self._why = widgets.HTML(), widgets.HTML().add_class("arlib-card-why")
        self._html = {name: widgets.HTML() for name in ("tiles", "next", "notes", "contacts", *_LISTS)}
        self._charts = {name: ChartView(name=f"card-{name}") for name in _DRAWN}
        self._missing = {name: widgets.HTML() for name in _DRAWN}
        self._items = TableView("items", on_state=visit.doing(on_items))
        self._files = {
            "workbook": Download(self._workbook, guard=visit.doing, name="card-workbook"),
            "page": Download(self._page, guard=visit.doing, name="card-page"),
        }
        self._headings = {name: title_place() for name in _SECTIONS}
        self._known = self._laid_out()
        top = controls(self._back, *self._files.values()).add_class("arlib-card-top")
        self.box = section(top, self._title, self._why, self._known).add_class("arlib-customer")

    def speak(self, language: Language) -> None:
        """Write what does not depend on the customer in a language."""
        self._back.description = word("app.customers.back", language)
        for name, file in self._files.items():
            file.label = word(f"app.customers.{name}", language)
            file.speak(language)
        for name, title in self._headings.items():
            title.value = heading(f"card.section.{name}", language, level=3)

    def show_waiting(self, account: Statement, answers: Answers, state: TableState) -> None:
        """Show whose card it is and the open items, while the rest is computed."""
        self._card = None
        self._begin(account.name, account.customer_id, account.language)
        self._why.value = empty(_computing(), account.language)
        self._only(self._items_card)
        items.show_items(self._items, items.opened(account), answers, state, account.language)

    def show(self, card: CustomerCard, answers: Answers, state: TableState) -> None:
        """Show a card, its open items as they are looked at."""
        if card is not self._card:
            self._draw(card)
        self._card = card
        rows = items.expected(items.opened(card.account), answers, card.language)
        items.show_items(self._items, rows, answers, state, card.language)

    def show_why_not(self, why: Why, language: Language) -> None:
        """Say in the card's place why there is none."""
        self._card = None
        self._begin("", "", language)
        self._why.value = empty(why, language)
        self._only()

    def _begin(self, name: str, customer_id: str, language: Language) -> None:
        account = word("app.customers.account", language, account=customer_id) if name != customer_id else ""
        self._title.value = items.card_title(name, account) if name else ""
        for file in self._files.values():
            file.disabled = True

    def _draw(self, card: CustomerCard) -> None:
        language = card.language
        self._begin(card.name, card.customer_id, language)
        self._why.value = ""
        for file in self._files.values():
            file.disabled = False
        self._html["tiles"].value = card_tiles(card)
        self._html["next"].value = _or_empty(card_actions(card), language)
        self._html["contacts"].value = _or_empty(card_contacts(card), language)
        self._html["notes"].value = folded(
            word("card.section.notes", language), (note.text(language) for note in card.notes)
        )
        for name in _LISTS:
            self._html[name].value = card_section(card, name)
        for name, draw in _CHARTS.items():
            self._show_drawn(name, draw(card), language)
        self._show_drawn("law", _law_drawn(card), language)
        self._only(*self._known.children)

    def _show_drawn(self, name: str, drawn: Drawing | Sentence, language: Language) -> None:
        """A chart, or the sentence that says why there is none."""
        chart, missing = self._charts[name], self._missing[name]
        told = isinstance(drawn, Sentence)
        missing.value = empty(drawn, language) if isinstance(drawn, Sentence) else ""
        chart.layout.display = "none" if told else ""
        if not isinstance(drawn, Sentence):
            chart.show(drawn)

    def _only(self, *shown: widgets.Widget) -> None:
        """These parts of the card are on the screen."""
        for part in self._known.children:
            part.layout.display = "" if part in shown else "none"

    def _laid_out(self) -> widgets.Box:
        drawn = {name: (self._charts[name], self._missing[name]) for name in _DRAWN}
        html, titles = self._html, self._headings
        self._items_card = framed(titles["items"], self._items)
        next_card = framed(titles["next"], html["next"]).add_class("arlib-card-next")
        return section(
            html["tiles"],
            next_card,
            grid(
                framed(titles["balances"], *drawn["balances"]),
                framed(titles["delays"], *drawn["delays"]),
                framed(titles["law"], *drawn["law"], html["law"]),
                framed(titles["score"], html["score"]),
                framed(titles["owed"], html["owed"]),
                framed(titles["exposure"], html["exposure"]),
            ),
            self._items_card,
            grid(
                framed(titles["expected"], *drawn["expected"]),
                framed(titles["identity"], html["identity"]),
                framed(titles["contacts"], html["contacts"], wide=True),
            ),
            html["notes"],
        )

    def _workbook(self) -> tuple[str, bytes]:
        card = self._shown()
        with self._visit.working("card_file"), TemporaryDirectory() as folder:
            made = write_customer_card(card, path=Path(folder) / "card.xlsx").read_bytes()
        return f"{_file_name(card)}.xlsx", made

    def _page(self) -> tuple[str, bytes]:
        card = self._shown()
        with self._visit.working("card_file"):
            return f"{_file_name(card)}.html", card_page(card).encode("utf-8")

    def _shown(self) -> CustomerCard:
        """The card on the screen.

        Raises:
            ArlibError: there is none, or not yet.
        """
        if self._card is None:
            raise ArlibError(_computing())
        return self._card


def _computing() -> Sentence:
    return Sentence("app.customers.computing")


def _or_empty(content: Html | Sentence, language: Language) -> Html:
    return empty(content, language) if isinstance(content, Sentence) else content


def _law_drawn(card: CustomerCard) -> Drawing | Sentence:
    """When the customer pays beside all customers, or why that is not known."""
    if card.laws is None:
        return card.missing["law"]
    names = {card.customer_id: card.name}
    return payment_law_chart(card.laws, card.customer_id, names=names, language=card.language)


def _file_name(card: CustomerCard) -> str:
    return word(
        "app.customers.card_file", card.language, account=card.customer_id[:40], day=card.as_of.date().isoformat()
    )

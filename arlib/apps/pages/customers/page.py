"""Customers: every one of them in a table with its risk, and each on a card."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd

from arlib.apps.answers import Answers
from arlib.apps.pages.customers.card_view import CardView
from arlib.apps.pages.customers.cards import cards_of
from arlib.apps.pages.customers.customer_list import csv_file, excel_file, show_list
from arlib.apps.pages.customers.rows import balances, scored
from arlib.apps.parts.download import Download
from arlib.apps.parts.focus import Focus
from arlib.apps.parts.panels import controls, empty, note, section
from arlib.apps.parts.past_panels import being_tested, tested, untested
from arlib.apps.parts.table_rows import TableState
from arlib.apps.parts.table_view import TableView
from arlib.apps.visit.choices import NOTHING, Asked
from arlib.apps.visit.page import Visit, Why
from arlib.collection import CustomerCard, statement
from arlib.errors import ArlibError
from arlib.progress import Progress
from arlib.risk.chain import later_in_words
from arlib.words import Language, say, word

MakeFile = Callable[[pd.DataFrame, Answers, TableState, Language], tuple[str, bytes]]

_ITEMS = "items."  # before what the table of open items is asked, in an address


class CustomersPage:
    """Who owes what, who will pay late, and all that is known of one of them.

    Asked: `customer`, whose card is open; how the table of customers is looked at (`TableState`), and with `items.`
    before it the table of the card's open items.
    """

    name: ClassVar[str] = "customers"

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._answers: Answers | None = None
        self._asked = NOTHING
        self._known: set[tuple[str, Language]] = set()  # what of these answers is computed
        self._made: CustomerCard | None = None
        self._table = TableView(
            "customers",
            on_state=visit.doing(lambda state: visit.ask(**state.asked())),
            on_open=visit.doing(self._open),
        )
        self._files = {
            name: Download(partial(self._list_file, make), guard=visit.doing, name=f"customers-{name}")
            for name, make in (("xlsx", excel_file), ("csv", csv_file))
        }
        self._start, self._tested = widgets.HTML(), widgets.HTML()
        self._card = CardView(visit, lambda state: visit.ask(**state.asked(_ITEMS)), self._close)
        self._focus = Focus()
        files = controls(*self._files.values()).add_class("arlib-list-files")
        self._list = section(self._start, self._tested, self._table, files).add_class("arlib-card")
        self._list.add_class("arlib-listed")
        self.box = section(self._list, self._card.box, self._focus).add_class("arlib-list-and-one")

    def speak(self, language: Language) -> None:
        """See `Page.speak`."""
        for name, file in self._files.items():
            file.label = word(f"app.customers.{name}", language)
            file.speak(language)
        self._card.speak(language)

    def show(self, answers: Answers, asked: Asked) -> None:
        """See `Page.show`."""
        if answers is not self._answers:
            self._known.clear()
            self._made = None
        self._answers, self._asked = answers, asked
        customer_id = asked.get("customer", "")
        self._list.layout.display = "none" if customer_id else ""
        self._card.box.layout.display = "" if customer_id else "none"
        self._focus.opened = customer_id
        if customer_id:
            self._show_card(answers, customer_id)
        else:
            self._show_list(answers)

    # ---- the list

    def _show_list(self, answers: Answers) -> None:
        """The balances at once, the scores once they are known, then how such scores did on the past."""
        language = self._visit.language
        if ("scored", language) in self._known:
            self._draw_scored(answers, language)
            return
        self._start.value = self._tested.value = ""
        show_list(self._table, balances(answers), answers, TableState.of(self._asked), language)
        self._visit.later("scoring", lambda _: self._score(answers, language), self._tell_unscored)

    def _score(self, answers: Answers, language: Language) -> None:
        scored(answers, language)
        self._known.add(("scored", language))
        self._draw_scored(answers, language)

    def _draw_scored(self, answers: Answers, language: Language) -> None:
        rows, scores = scored(answers, language), answers.scores(language)
        show_list(self._table, rows, answers, TableState.of(self._asked), language)
        if scores.empty:
            return
        later = later_in_words(int(scores["days_late"].iloc[0])).text(language)
        caption = word("app.customers.score", language, later=later, day=answers.compared_with)
        self._start.value = note(f"{scores['starting_point'].iloc[0]} {caption}")
        if answers.tested:
            self._draw_test(answers, language)
            return
        self._tested.value = being_tested("tested", language)
        self._visit.later("testing", partial(self._test, answers, language), partial(self._tell_untested, language))

    def _test(self, answers: Answers, language: Language, progress: Progress) -> None:
        answers.backtest(language, progress)
        self._draw_test(answers, language)

    def _draw_test(self, answers: Answers, language: Language) -> None:
        self._tested.value = tested("tested", answers.backtest(language).sentences, language)

    def _tell_unscored(self, why: Why) -> None:
        self._start.value = empty(why, self._visit.language)

    def _tell_untested(self, language: Language, why: Why) -> None:
        self._tested.value = untested("tested", why, language)

    def _list_file(self, make: MakeFile) -> tuple[str, bytes]:
        """All customers found, as a file."""
        answers, language = self._answers, self._visit.language
        if answers is None:
            raise ArlibError(say("app.customers.nobody"))
        rows = scored(answers, language) if ("scored", language) in self._known else balances(answers)
        with self._visit.working("customers_file"):
            return make(rows, answers, TableState.of(self._asked), language)

    # ---- the card

    def _open(self, customer_id: str) -> None:
        self._visit.ask(customer=customer_id, **self._items_as_usual())

    def _close(self) -> None:
        self._visit.ask(customer=None, **self._items_as_usual())

    def _items_as_usual(self) -> dict[str, str | None]:
        return {name: None for name in self._asked if name.startswith(_ITEMS)}

    def _show_card(self, answers: Answers, customer_id: str) -> None:
        """The account at once, the rest once what is asked of all customers is known; or why there is no card."""
        language = self._visit.language
        try:
            if ("cards", language) in self._known:
                self._draw_card(answers, customer_id, language)
                return
            account = statement(answers.ledger, customer_id, answers.as_of, language=language)
        except ArlibError as error:
            self._card.show_why_not(error, language)
            return
        self._card.show_waiting(account, answers, TableState.of(self._asked, _ITEMS))
        self._visit.later(
            "card",
            partial(self._make_cards, answers, customer_id, language),
            lambda why: self._card.show_why_not(why, language),
        )

    def _make_cards(self, answers: Answers, customer_id: str, language: Language, progress: Progress) -> None:
        cards_of(answers, language, progress)
        self._known.add(("cards", language))
        self._draw_card(answers, customer_id, language)

    def _draw_card(self, answers: Answers, customer_id: str, language: Language) -> None:
        made = self._made
        if made is None or (made.customer_id, made.language) != (customer_id, language):
            made = self._made = cards_of(answers, language).card(customer_id)
        self._card.show(made, answers, TableState.of(self._asked, _ITEMS))

"""A customer on one page: what it owes, how it pays, what to do next."""

from collections.abc import Iterator

from arlib.collection.card import CustomerCard
from arlib.schema import HALF_CENT
from arlib.show.charts.aging import aged_history_chart
from arlib.show.charts.delays import delay_history_chart
from arlib.show.charts.expected import customer_cash_chart
from arlib.show.look import Drawing
from arlib.show.pages.document import block, document, notes, paragraph, scrolled
from arlib.show.tables import Html
from arlib.show.tables.card import (
    FIGURES,
    card_actions,
    card_contacts,
    card_disputes,
    card_section,
    card_tiles,
)
from arlib.show.vega import drawing
from arlib.words import Sentence, say, word

_WIDTH = 470  # pixels of a chart before the page scales it


def card_page(card: CustomerCard) -> Html:
    """A customer card as a page that stands alone: one A4 page when printed, light or dark on a screen, no script.

    It is in the card's language, as its reasons are. What a file says (names, notes) is text whatever it holds.

    Args:
        card: as `arlib.customer_card` returns it.
    """
    about = word("export.about", card.language, day=card.as_of, currency=card.currency or "–")
    under = f"{word('card.title', card.language)} · {card.customer_id} · {about}"
    return document(card.name, under, _blocks(card), card.language)


def balances_drawn(card: CustomerCard) -> Drawing | Sentence:
    """What was owed by age over twelve months, or that nothing was."""
    if card.balances["total"].abs().max() < HALF_CENT:
        return say("card.nothing_owed")
    return aged_history_chart(card.balances, language=card.language, currency=card.currency)


def delays_drawn(card: CustomerCard) -> Drawing | Sentence:
    """How late its invoices of the last twelve months were paid, or why that is not known."""
    missing = card.missing.get("history")
    return missing or delay_history_chart(card.delays, basis="due", language=card.language)


def cash_drawn(card: CustomerCard) -> Drawing | Sentence:
    """The cash expected of it by week, or why none can be."""
    missing = card.missing.get("expected")
    return missing or customer_cash_chart(card.expected, language=card.language, currency=card.currency)


def _blocks(card: CustomerCard) -> Iterator[str]:
    yield card_tiles(card)
    yield _block(card, "next", card_actions(card), kind="next")
    yield _block(card, "balances", balances_drawn(card))
    yield _block(card, "delays", delays_drawn(card))
    for section in FIGURES:
        yield _block(card, section, card_section(card, section), kind="third")
    yield _block(card, "score", card_section(card, "score"))
    yield _block(card, "expected", cash_drawn(card))
    yield _block(card, "disputes", card_disputes(card))
    yield _block(card, "contacts", card_contacts(card))
    yield _block(card, "identity", card_section(card, "identity"))
    yield notes(card.notes, card.language, kind="half")


def _block(card: CustomerCard, section: str, content: Html | Drawing | Sentence, *, kind: str = "half") -> str:
    """A part of a card under its heading: a table, a chart, or the sentence that says why there is none."""
    return block(word(f"card.section.{section}", card.language), _written(card, content), kind=kind)


def _written(card: CustomerCard, content: Html | Drawing | Sentence) -> str:
    if isinstance(content, Sentence):
        return paragraph(content.text(card.language), "muted")
    if not isinstance(content, Html):
        return drawing(content, width=_WIDTH)
    return scrolled(content) if content.startswith("<table") else content

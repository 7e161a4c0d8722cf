"""The customers asked for: a card and a statement each."""

from arlib.collection import customer_card
from arlib.export.customer_card import card_sheets
from arlib.export.sheets import Book
from arlib.export.workbook.material import Material


def write_customer(book: Book, material: Material, customer_id: str, keys: "tuple[str, str]") -> None:
    """The card of a customer and the statement of its account."""
    card = customer_card(material.ledger, customer_id, material.as_of, facts=material.facts, language=material.language)
    card_sheets(book, card, card.account, keys)

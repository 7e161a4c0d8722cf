"""A statement of account as a page to print or to attach."""

from arlib.collection.statement import Statement
from arlib.show.pages.document import block, document, notes, scrolled
from arlib.show.tables import Html
from arlib.show.tables.statement import statement_aging_table, statement_items_table, statement_table
from arlib.words import Language, word


def statement_page(statement: Statement, language: Language | None = None) -> Html:
    """A statement of account as a page that stands alone: what is owed by age, what is open, what moved.

    What a file says (names, references) is text whatever it holds.

    Args:
        statement: as `arlib.statement` returns it.
        language: of labels and figures; the statement's own by default.
    """
    chosen = language or statement.language
    about = word("export.about", chosen, day=statement.as_of, currency=statement.currency or "–")
    under = f"{word('statement.title', chosen)} · {statement.customer_id} · {about}"
    tables = {
        "aging": statement_aging_table(statement, language=chosen),
        "items": statement_items_table(statement, language=chosen),
        "movements": statement_table(statement, language=chosen),
    }
    blocks = [
        block(word(f"statement.section.{name}", chosen), scrolled(each), kind="long") for name, each in tables.items()
    ]
    return document(statement.name, under, [*blocks, notes(statement.notes, chosen)], chosen)

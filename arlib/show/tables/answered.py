"""An answer, or the sentence that says why there is none: what stands in a page or a notebook for any ledger."""

from collections.abc import Callable
from html import escape
from typing import TypeVar

from arlib.errors import ArlibError
from arlib.show.tables.html import Html
from arlib.words import Language

T = TypeVar("T")


def answer_or_why(answer: Callable[[], T], *, language: Language = "en") -> T | Html:
    """What a call answers; where the ledger cannot tell, why, as a paragraph.

    Args:
        answer: the call, put off: `lambda: dso_bridge(ledger, …)`.
        language: of the sentence.
    """
    try:
        return answer()
    except ArlibError as error:
        return Html(f"<p>{escape(error.text(language))}</p>")

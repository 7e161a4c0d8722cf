"""The frame of a page that stands alone: its head, its look, its blocks."""

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path

from arlib.show.tables import Html
from arlib.words import Language, Sentence, word

# Nothing is fetched and no script runs, whatever a name from a file may hold.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@cache
def _style() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")


def document(title: str, under: str, blocks: Iterable[str], language: Language, *, style: str = "") -> Html:
    """A page: a title, a line under it, and blocks of HTML; `style` comes after that of all pages."""
    return Html(
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(title)}</title><style>{_style()}{style}</style></head><body><main>"
        f'<header><h1 dir="auto">{escape(title)}</h1><p dir="auto">{escape(under)}</p></header>'
        f"{''.join(blocks)}</main></body></html>"
    )


def block(heading: str, *content: str, kind: str = "") -> str:
    """A block of a page under a heading."""
    return f'<section class="{kind}"><h2>{escape(heading)}</h2>{"".join(content)}</section>'


def scrolled(table: Html) -> str:
    """A table that scrolls within its block where the page is narrow, by the keyboard too."""
    return f'<div class="wide" tabindex="0">{table}</div>'


def paragraph(text: str, kind: str = "") -> str:
    """A sentence of its own."""
    return f'<p class="{kind}" dir="auto">{escape(text)}</p>'


def notes(sentences: Sequence[Sentence], language: Language, *, kind: str = "") -> str:
    """What to know before reading, as a list; nothing without any."""
    if not sentences:
        return ""
    lines = "".join(f"<li>{escape(each.text(language))}</li>" for each in sentences)
    return block(word("card.section.notes", language), f"<ul>{lines}</ul>", kind=f"notes {kind}")

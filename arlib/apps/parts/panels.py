"""What the pages have in common, as HTML and as boxes: headings, cards, figures, notes; all text is escaped here."""

from collections.abc import Callable, Iterable
from html import escape

import ipywidgets as widgets

from arlib.errors import ArlibError
from arlib.show.tables import Html
from arlib.words import Language, Sentence, word

Change = tuple[str, str]
"""A change as it is written, and its direction: `up`, `down` or `same`."""


def heading(key: str, language: Language, level: int = 2) -> Html:
    """The title of a section: the label `key`."""
    return Html(f"<h{level}>{escape(word(key, language))}</h{level}>")


def empty(why: ArlibError | Sentence, language: Language) -> Html:
    """The sentence that stands where a part of a page has nothing to show: why, and what to do."""
    return Html(f'<p class="arlib-empty">{escape(why.text(language))}</p>')


def or_sentence(html: Callable[[], str], language: Language) -> str:
    """What `html` gives, or the sentence of the error that keeps it from giving anything."""
    try:
        return html()
    except ArlibError as error:
        return empty(error, language)


def note(text: str, *, name: str = "") -> Html:
    """A remark in small letters; `name` is what tests call it."""
    return Html(f'<p class="arlib-note"{_named(name)}>{escape(text)}</p>')


def warning(text: str, *, name: str = "") -> Html:
    """A line that must not be overlooked; `name` is what tests call it."""
    return Html(f'<p class="arlib-warning"{_named(name)}>{escape(text)}</p>')


def folded(summary: str, lines: Iterable[str]) -> Html:
    """Lines for whoever asks, behind their summary; nothing where there is none."""
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    if not listed:
        return Html()
    return Html(f'<details class="arlib-basis"><summary>{escape(summary)}</summary><ul>{listed}</ul></details>')


def basis(assumptions: Iterable[Sentence], language: Language) -> Html:
    """What a result rests on, for whoever asks."""
    return folded(word("app.basis", language), (sentence.text(language) for sentence in assumptions))


def scrolled(table: Html, *, name: str, look: str = "") -> Html:
    """A table that slides sideways where it is wider than its card.

    Args:
        table: of `arlib.show.tables`.
        name: what tests call it.
        look: a class of the page's own stylesheet.
    """
    classes = f"arlib-scroll {look}".rstrip()
    return Html(f'<div class="{escape(classes)}"{_named(name)}>{table}</div>')


def figure_card(name: str, title: str, value: str, below: Iterable[Html] = (), *, unit: str = "") -> Html:
    """One figure in a card.

    Args:
        name: what tests call it.
        title: what the figure is.
        value: the figure, as it is written.
        below: lines under it: `figure_line`, `figure_change`.
        unit: in small letters beside the figure.
    """
    small = f" <small>{escape(unit)}</small>" if unit else ""
    return Html(
        f'<section class="arlib-card arlib-figure"{_named(name)}><h3>{escape(title)}</h3>'
        f'<p class="arlib-value">{escape(value)}{small}</p>{"".join(below)}</section>'
    )


def figure_line(text: str) -> Html:
    """A line under a figure."""
    return Html(f"<p>{escape(text)}</p>")


def figure_change(change: Change, since: str) -> Html:
    """A line under a figure: how much it has changed, with an arrow, and since when."""
    written, direction = change
    return Html(f'<p><span class="arlib-change is-{escape(direction)}">{escape(written)}</span> {escape(since)}</p>')


def figure_cards(cards: Iterable[Html], *, name: str = "") -> Html:
    """Cards of figures beside one another, as many as the page is wide."""
    return Html(f'<div class="arlib-cards"{_named(name)}>{"".join(cards)}</div>')


def section(*parts: widgets.Widget) -> widgets.Box:
    """Parts one under another."""
    return widgets.Box(list(parts)).add_class("arlib-section")


def card(title: widgets.Widget, *parts: widgets.Widget, wide: bool = False) -> widgets.Box:
    """A section in a frame, under its title; a wide one takes the whole width of its grid."""
    framed = section(title, *parts).add_class("arlib-card")
    return framed.add_class("is-wide") if wide else framed


def grid(*cards: widgets.Widget) -> widgets.Box:
    """Cards two by two where the page is wide enough."""
    return widgets.Box(list(cards)).add_class("arlib-grid")


def controls(*parts: widgets.Widget) -> widgets.Box:
    """Controls beside one another, as many as there is room for; not printed."""
    return widgets.Box(list(parts)).add_class("arlib-controls")


def title_place() -> widgets.HTML:
    """Where a card's title is written, by `heading`."""
    return widgets.HTML().add_class("arlib-heading")


def _named(name: str) -> str:
    return f' data-testid="{escape(name)}"' if name else ""

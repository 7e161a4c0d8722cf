"""A letter as a person reads it before it is written to a file: who to whom, the text, the table, what to complete."""

from html import escape

from arlib.collection.letters import Letter, letter_table
from arlib.collection.letters.letter import clean_line, long_day
from arlib.show.tables.html import Html
from arlib.words import word


def letter_preview(letter: Letter) -> Html:
    """A letter as it will be written, in its own language, with what is to be completed below it.

    Args:
        letter: as `arlib.compose_letters` returns it; every text of it is shown as text.
    """
    channel = word(f"collection.channel.{letter.channel}", letter.language)
    about = [letter.level_label, long_day(letter.written_on, letter.language)]
    about[1:1] = [channel] if channel.casefold() != letter.level_label.casefold() else []
    parts = [
        _paragraph(" · ".join(about), "opacity:.7"),
        _paragraph("\n".join((letter.sender.name, *letter.sender.lines)), "font-weight:600"),
        _paragraph("\n".join((*letter.recipient, letter.email)).rstrip(), "margin-left:50%"),
        _paragraph(letter.subject, "font-weight:600"),
        *map(_paragraph, letter.before),
        *([_table(letter)] if letter.has_table else []),
        *map(_paragraph, letter.after),
        *(_paragraph(f"⚠ {note.text(letter.language)}", "opacity:.7") for note in letter.notes),
    ]
    return Html(f'<div class="arlib-letter" style="max-width:54em;padding:.2em .8em">{"".join(parts)}</div>')


def _paragraph(text: str, style: str = "") -> str:
    lines = "<br>".join(escape(clean_line(line)) for line in text.splitlines())
    return f'<p dir="auto" style="margin:.7em 0;{style}">{lines}</p>'


def _table(letter: Letter) -> str:
    """The items, and under them what is asked for."""
    laid = letter_table(letter)
    sides = ['class="figure"' if figure else 'dir="auto"' for figure in laid.is_figure]
    head = "".join(f"<th {side}>{escape(text)}</th>" for text, side in zip(laid.headings, sides, strict=True))
    rows = "".join(_row(cells, sides) for cells in laid.rows)
    span = len(laid.headings) - 1
    totals = "".join(
        f'<tr><td colspan="{span}" class="figure">{escape(label)}</td><td class="figure">{escape(amount)}</td></tr>'
        for label, amount in laid.totals
    )
    body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody><tfoot>{totals}</tfoot>"
    return f'<table class="arlib-table">{body}</table>'


def _row(cells: tuple[str, ...], sides: list[str]) -> str:
    told = "".join(f"<td {side}>{escape(cell)}</td>" for cell, side in zip(cells, sides, strict=True))
    return f"<tr>{told}</tr>"

"""A frame as an HTML table: figures in the language's form and flush right, every text of a file escaped.

The look comes from the page's stylesheet; in a notebook, from the few rules that go with it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import pandas as pd

from arlib.words import Language, Sentence, day, number, percent

Kind = Literal["text", "money", "days", "percent", "rate", "count", "date", "index"]

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")

# `:root` weighs as much as JupyterLab's own rules, which set every cell of a table flush right.
_NOTEBOOK_STYLE = """<style>
:root .arlib-table :is(td, th) { text-align: left; padding: .3em .8em; vertical-align: top }
:root .arlib-table .figure { text-align: right; font-variant-numeric: tabular-nums }
:root .arlib-table td.figure { white-space: nowrap }
:root .arlib-table tbody th:not(.figure) { min-width: 9em }
:root .arlib-table .is-sentence { min-width: 22em; max-width: 60em }
:root .arlib-table .is-note .is-sentence { min-width: 0 }
:root .arlib-table .is-note td { padding-top: 0; opacity: .75 }
:root .arlib-table .is-note div { max-width: 60em }
:root .arlib-table .is-total > * { font-weight: 600; border-top: 1px solid }
:root .arlib-table caption { text-align: left; padding: .3em .8em; opacity: .7 }
</style>"""


class Html(str):
    """HTML whose text from files is already escaped; notebooks show it as such."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f'{_NOTEBOOK_STYLE}<div style="overflow-x: auto">{self}</div>'


def in_lines(first: str, *others: str) -> Html:
    """A cell of several lines, those below the first in small letters."""
    return Html(escape(first) + "".join(f"<br><small>{escape(line)}</small>" for line in others))


@dataclass(frozen=True)
class Field:
    """One column of a table: where it comes from, its heading, and how its values are written."""

    column: str
    heading: str
    kind: Kind = "text"


def table(
    rows: pd.DataFrame,
    fields: Sequence[Field],
    *,
    caption: str,
    language: Language = "en",
    note: str | None = None,
    footer: Mapping[str, Any] | None = None,
    total: str | None = None,
) -> Html:
    """A frame as an HTML table.

    Args:
        rows: one row a line, holding every field's column; a missing value is a dash.
        fields: the columns to show; the first one heads its row.
        caption: what the table is, read first by a screen reader.
        language: of figures and dates.
        note: a column of sentences, each written under its line, across the table; where there is one.
        footer: values of a last line by column, a total for instance.
        total: a column of flags: which lines are themselves totals, and stand out.
    """
    head = "".join(f'<th scope="col"{_class(field)}>{escape(field.heading)}</th>' for field in fields)
    written = [[_cell(value, field.kind, language) for value in rows[field.column]] for field in fields]
    totals = [False] * len(rows) if total is None else rows[total].tolist()
    lines = [_line(cells, fields, total=is_total) for *cells, is_total in zip(*written, totals, strict=True)]
    if note is not None:
        lines = [line + _under(text, len(fields), language) for line, text in zip(lines, rows[note], strict=True)]
    body = "".join(lines)
    foot = ""
    if footer is not None:
        cells = [_cell(footer.get(field.column), field.kind, language) for field in fields]
        foot = f"<tfoot>{_line(cells, fields)}</tfoot>"
    return Html(
        f'<table class="arlib-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table>"
    )


def written(value: Any, kind: Kind, language: Language) -> str:  # noqa: ANN401 - whatever a frame holds
    """One value as a cell of its kind is written, escaped."""
    return _cell(value, kind, language)


def _under(note: Any, width: int, language: Language) -> str:  # noqa: ANN401 - a sentence, a text, or none
    """The line of a note, across so many columns; nothing without one."""
    if pd.isna(note):
        return ""
    return f'<tr class="is-note"><td colspan="{width}"><div>{_cell(note, "text", language)}</div></td></tr>'


def _line(cells: Sequence[str], fields: Sequence[Field], *, total: bool = False) -> str:
    first, *others = zip(cells, fields, strict=True)
    data = "".join(f"<td{_class(field)}>{cell}</td>" for cell, field in others)
    kind = ' class="is-total"' if total else ""
    return f'<tr{kind}><th scope="row"{_class(first[1])}>{first[0]}</th>{data}</tr>'


def _class(field: Field) -> str:
    return "" if field.kind == "text" else ' class="figure"'


def plain(value: Any, kind: Kind, language: Language) -> str:  # noqa: ANN401 - whatever a frame holds
    """One value as a cell of its kind is written, as text: not escaped."""
    if isinstance(value, Sentence):
        return value.text(language)
    if isinstance(value, str):
        return value
    return "–" if pd.isna(value) else _WRITERS[kind](value, language)


def _cell(value: Any, kind: Kind, language: Language) -> str:  # noqa: ANN401 - whatever a frame holds
    if isinstance(value, Html):
        return value
    text = plain(value, kind, language)
    if isinstance(value, Sentence):
        return f'<div class="is-sentence">{_text(text)}</div>'
    if isinstance(value, str):
        return _text(text)
    if kind == "money" and not pd.isna(value) and not round(value, 2):
        return f'<span class="is-zero">{escape(text)}</span>'
    return escape(text)


def _text(text: str) -> str:
    """A text, escaped; no line ends within a day such as 2026-01-07, where a hyphen would let it."""
    return _DAY.sub(r'<span style="white-space: nowrap">\g<0></span>', escape(text))


_WRITERS: Mapping[Kind, Callable[[Any, Language], str]] = {
    "text": lambda value, _: str(value),
    "money": number,
    "days": lambda value, language: number(value, language, 1),
    "percent": percent,
    "rate": lambda value, language: percent(value, language, 2),
    "count": lambda value, language: number(value, language, 0),
    "date": day,
    "index": lambda value, language: number(value, language, 4),
}

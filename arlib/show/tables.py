"""HTML tables a person reads: figures in the language's form and flush right, every text of a file escaped.

Each function takes a frame and returns `Html`, a string that notebooks show as a table and pages put where they like.
The look comes from the page's stylesheet; in a notebook, from the few rules that go with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import pandas as pd

from arlib.show.look import bucket_label, used_buckets
from arlib.words import Language, Sentence, day, money, number, percent, word

Kind = Literal["text", "money", "days", "percent", "count", "date"]

_NOTEBOOK_STYLE = """<style>
.arlib-table td, .arlib-table th { text-align: left; padding: .3em .8em; vertical-align: top }
.arlib-table .figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.arlib-table .is-total > * { font-weight: 600; border-top: 1px solid }
.arlib-table caption { text-align: left; padding: .3em .8em; opacity: .7 }
</style>"""


class Html(str):
    """HTML whose text from files is already escaped; notebooks show it as such."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return _NOTEBOOK_STYLE + str(self)


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
        note: a column of sentences, each written under its line, across the table.
        footer: values of a last line by column, a total for instance.
        total: a column of flags: which lines are themselves totals, and stand out.
    """
    head = "".join(f'<th scope="col"{_class(field)}>{escape(field.heading)}</th>' for field in fields)
    written = [[_cell(value, field.kind, language) for value in rows[field.column]] for field in fields]
    totals = [False] * len(rows) if total is None else rows[total].tolist()
    lines = [_line(cells, fields, total=is_total) for *cells, is_total in zip(*written, totals, strict=True)]
    if note is not None:
        notes = [_cell(text, "text", language) for text in rows[note]]
        under = f'<tr class="is-note"><td colspan="{len(fields)}">'
        lines = [f"{line}{under}<div>{text}</div></td></tr>" for line, text in zip(lines, notes, strict=True)]
    body = "".join(lines)
    foot = ""
    if footer is not None:
        cells = [_cell(footer.get(field.column), field.kind, language) for field in fields]
        foot = f"<tfoot>{_line(cells, fields)}</tfoot>"
    return Html(
        f'<table class="arlib-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table>"
    )


def aged_balance_table(aged: pd.DataFrame, *, language: Language = "en", currency: str = "", rows: int = 10) -> Html:
    """The groups that owe most, by age of the debt, with the total of all groups below.

    Args:
        aged: an aged balance, as `arlib.aged_balance` returns it, the largest total first.
        language: of the headings and figures.
        currency: named in the caption when given.
        rows: how many groups to list; the others are added up in a line of their own, so that the total ties.
    """
    group = str(aged.columns[0])
    buckets = [*used_buckets(aged, group), "total"]
    shown = aged.head(rows)
    if len(aged) > rows:
        others = word("table.others", language, rows=len(aged) - rows)
        rest = aged.iloc[rows:][buckets].sum().to_frame().T.assign(**{group: others})
        shown = pd.concat([shown, rest], ignore_index=True)
    named = shown["name"].fillna(shown[group]) if "name" in shown else shown[group]
    fields = [
        Field(group, word("table.customer" if group == "customer_id" else "table.group", language)),
        *(Field(bucket, bucket_label(bucket, language), "money") for bucket in buckets[:-1]),
        Field("total", word("table.total", language), "money"),
    ]
    total = {group: word("table.total", language)} | {bucket: aged[bucket].sum() for bucket in buckets}
    caption = word("table.aged_balance", language) + (f" ({currency})" if currency else "")
    return table(shown.assign(**{group: named}), fields, caption=caption, language=language, footer=total)


def key_figures_table(figures: pd.DataFrame, *, language: Language = "en") -> Html:
    """Key figures beside those of the month and the year before, each in its own unit."""
    written = figures.assign(measure=[measure_label(measure, language) for measure in figures["measure"]])
    moments = ("value", "previous_month", "previous_year")
    for moment in moments:
        written[moment] = [
            figure(value, unit, language) for value, unit in zip(figures[moment], figures["unit"], strict=True)
        ]
    fields = [
        Field("measure", word("table.measure", language)),
        *(Field(moment, word(f"table.{moment}", language), "count") for moment in moments),
    ]
    return table(written, fields, caption=word("table.key_figures", language), language=language)


def proof_table(proof: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Html:
    """The tie-out: how the balance came about, then each way of counting it, its difference and whether it ties."""
    total = proof["role"] == "total"
    results = [word("table.ties" if ties else "table.differs", language) for ties in proof["ties"].fillna(value=False)]
    differences = [number(difference, language) for difference in proof["difference"]]
    written = proof.assign(
        line=[proof_label(line, language) for line in proof["line"]],
        difference=pd.Series(differences, proof.index).where(total, ""),
        ties=pd.Series(results, proof.index).where(total, ""),
        total=total,
    )
    fields = [
        Field("line", word("table.line", language)),
        Field("amount", word("table.amount", language), "money"),
        Field("difference", word("table.difference", language), "count"),
        Field("ties", word("table.result", language)),
    ]
    caption = word("table.proof", language) + (f" ({currency})" if currency else "")
    return table(written, fields, caption=caption, language=language, total="total")


def proof_label(line: str, language: Language) -> str:
    """The name of one line of the proof."""
    return word(f"show.proof.{line}", language)


def figure(value: float, unit: str, language: Language = "en", currency: str = "") -> str:
    """A key figure in its unit: money without cents from a thousand on, days and percentages to one decimal."""
    if unit == "percent":
        return percent(value, language)
    if unit == "days":
        return number(value, language, 1)
    if unit == "count":
        return number(value, language, 0)
    return money(value, language, currency)


def measure_label(measure: str, language: Language) -> str:
    """The name of a key figure."""
    return word(f"show.measure.{measure}", language)


def _line(cells: Sequence[str], fields: Sequence[Field], *, total: bool = False) -> str:
    first, *others = zip(cells, fields, strict=True)
    data = "".join(f"<td{_class(field)}>{cell}</td>" for cell, field in others)
    kind = ' class="is-total"' if total else ""
    return f'<tr{kind}><th scope="row"{_class(first[1])}>{first[0]}</th>{data}</tr>'


def _class(field: Field) -> str:
    return "" if field.kind == "text" else ' class="figure"'


def _cell(value: Any, kind: Kind, language: Language) -> str:  # noqa: ANN401 - whatever a frame holds
    if isinstance(value, Sentence):
        return escape(value.text(language))
    if isinstance(value, str):
        return escape(value)
    if pd.isna(value):
        return "–"
    if kind == "money" and not round(value, 2):
        return f'<span class="is-zero">{escape(number(0, language))}</span>'
    return escape(_WRITERS[kind](value, language))


_WRITERS: Mapping[Kind, Callable[[Any, Language], str]] = {
    "text": lambda value, _: str(value),
    "money": number,
    "days": lambda value, language: number(value, language, 1),
    "percent": percent,
    "count": lambda value, language: number(value, language, 0),
    "date": day,
}

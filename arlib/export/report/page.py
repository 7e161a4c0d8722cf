"""A report as one HTML file: no script, nothing fetched, its charts drawn in it."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from html import escape
from pathlib import Path

from arlib.export.report.drawn import svg
from arlib.export.report.values import (
    Block,
    Decisions,
    Drawn,
    Listed,
    Part,
    Points,
    Report,
    Row,
    Section,
    Text,
    Tiles,
)
from arlib.progress import Progress, unseen
from arlib.show.pages.document import document, scrolled
from arlib.show.tables import Html
from arlib.words import Language, word


@cache
def _style() -> str:
    return Path(__file__).with_name("report.css").read_text(encoding="utf-8")


def report_page(report: Report, *, progress: Progress = unseen) -> Html:
    """A report as a page that stands alone; what a file says is text whatever it holds.

    Args:
        report: as `compose_report` returns it.
        progress: told the share done.
    """
    under = " · ".join(
        [word("report.under", report.language, day=report.as_of), *([report.client] if report.client else [])]
    )
    return document(report.title, under, _blocks(report, progress), report.language, style=_style())


def _blocks(report: Report, progress: Progress) -> Iterator[str]:
    language = report.language
    yield _facts(report)
    yield _contents(report)
    yield f'<section class="board" id="board">{_inside(report.board, language)}</section>'
    for place, part in enumerate(report.parts, start=1):
        yield _part(part, report.language)
        progress(place / len(report.parts))


def _facts(report: Report) -> str:
    facts = "".join(
        f'<div><dt>{escape(label)}</dt><dd dir="auto">{escape(text)}</dd></div>' for label, text in report.facts
    )
    mark = f'<p class="mark">{escape(word("report.confidential", report.language))}</p>' if report.confidential else ""
    return f'<dl class="facts">{facts}</dl>{mark}'


def _contents(report: Report) -> str:
    links = "".join(f'<li><a href="#{part.key}">{escape(part.title)}</a></li>' for part in report.parts)
    first = f'<li><a href="#board">{escape(report.board.title)}</a></li>'
    label = escape(word("report.contents", report.language))
    return f'<nav class="contents" aria-label="{label}"><ul>{first}{links}</ul></nav>'


def _part(part: Part, language: Language) -> str:
    sections = "".join(
        f'<section class="answer">{_inside(section, language, level=3)}</section>' for section in part.sections
    )
    return (
        f'<article id="{part.key}"><h2 class="act">{escape(part.title)}</h2>'
        f'<p class="about">{escape(part.about)}</p>{sections}</article>'
    )


def _inside(section: Section, language: Language, level: int = 2) -> str:
    blocks = "".join(_written(block, language) for block in section.blocks)
    return f"<h{level}>{escape(section.title)}</h{level}>{blocks}"


def _written(block: Block, language: Language) -> str:
    return _WRITERS[type(block)](block, language)


def _text(text: Text, _: Language, tag: str = "p") -> str:
    refs = "".join(f' <a class="ref" href="#{key}">{key}</a>' for key in text.figures)
    return f'<{tag} class="{text.kind}" dir="auto">{escape(text.text)}{refs}</{tag}>'


def _points(points: Points, language: Language) -> str:
    lines = "".join(_text(line, language, "li") for line in points.lines)
    return f"<ul>{lines}</ul>" if lines else ""


def _tiles(tiles: Tiles, _: Language) -> str:
    cells = "".join(
        f'<div><span>{escape(tile.label)} <a class="ref" href="#{tile.figure}">{tile.figure}</a></span>'
        f'<b class="{"warn" if tile.worse else ""}">{escape(tile.written)}</b>'
        f"{''.join(f'<small>{escape(line)}</small>' for line in tile.under)}</div>"
        for tile in tiles.tiles
    )
    return f'<div class="tiles">{cells}</div>'


def _drawn(drawn: Drawn, _: Language) -> str:
    return f'<figure><div class="chart" tabindex="0">{svg(drawn)}</div>{_call(drawn.call)}</figure>'


def _listed(listed: Listed, _: Language) -> str:
    return _anchored(scrolled(listed.table)) + _call(listed.call)


def _anchored(table: str) -> str:
    """The first table of figures is where references lead: a row headed F1 has that address."""
    before, mark, after = table.partition('<th scope="row">F1</th>')
    if not mark or 'href="#F1"' in table:
        return table
    rows = (mark + after).split('<th scope="row">F')
    anchored = [f'<th scope="row" id="F{row.partition("<")[0]}">F{row}' for row in rows[1:]]
    return before + "".join(anchored)


def _call(call: str) -> str:
    return f'<p class="call"><code>{escape(call)}</code></p>' if call else ""


def _decisions(proposed: Decisions, language: Language) -> str:
    lines = "".join(
        f'<li><b>{escape(each.title)}</b> <span class="stake">{escape(each.written)}</span>'
        f'<span dir="auto">{escape(each.text)} <a class="ref" href="#{each.figure}">{each.figure}</a></span></li>'
        for each in proposed.decisions
    )
    return f'<h3>{escape(word("report.decisions", language))}</h3><ol class="decisions">{lines}</ol>'


def _row(row: Row, language: Language) -> str:
    columns = (f"<div>{''.join(_written(block, language) for block in column.blocks)}</div>" for column in row.columns)
    return f'<div class="columns">{"".join(columns)}</div>'


_WRITERS: Mapping[type, Callable[..., str]] = {
    Text: _text,
    Points: _points,
    Tiles: _tiles,
    Drawn: _drawn,
    Listed: _listed,
    Decisions: _decisions,
    Row: _row,
}

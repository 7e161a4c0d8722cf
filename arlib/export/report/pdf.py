"""A report as a PDF: the same value laid out by Typst, which ships its typesetter and asks nothing of the machine.

What a report says goes in as data (JSON) and comes out as text: nothing a file holds is ever read as markup.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from arlib.export.report.drawn import FONTS, described, svg
from arlib.export.report.grid import Cell, grid_of
from arlib.export.report.values import (
    Block,
    Decisions,
    Drawn,
    Listed,
    Points,
    Report,
    Row,
    Section,
    Text,
    Tiles,
)
from arlib.progress import Progress, unseen
from arlib.words import word

_INK = "#1c2128"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_LONG = re.compile(r"\S{24}(?=\S)")  # letters without a place to break the line at
_BREAK = "\u200b"


def report_pdf(report: Report, *, progress: Progress = unseen) -> bytes:
    """A report as a PDF on A4: tagged, with bookmarks, its language and title told, nobody named in its properties.

    Args:
        report: as `compose_report` returns it.
        progress: told the share done.
    """
    import typst  # noqa: PLC0415 - 30 MB, needed only by whoever prints

    written = _Written(report, progress).document()
    compiler = typst.Compiler(font_paths=typst.Fonts(font_paths=[FONTS]), root=FONTS)
    compiled = compiler.compile(
        _template(),
        format="pdf",
        sys_inputs={"report": json.dumps(written)},
        timestamp=int(report.as_of.timestamp()),
        pdf_standards=["ua-1"],
    )
    progress(1.0)
    return bytes(compiled)  # type: ignore[arg-type]  # one PDF, not a list of pictures


@cache
def _template() -> bytes:
    return Path(__file__).with_name("report.typ").read_bytes()


class _Written:
    """A report as values of JSON."""

    def __init__(self, report: Report, progress: Progress) -> None:
        self._report, self._progress = report, progress
        self._parts: Mapping[type, Callable[[Any], dict[str, Any]]] = {
            Text: self._text,
            Points: lambda points: {"kind": "points", "lines": [self._text(line) for line in points.lines]},
            Tiles: self._tiles,
            Drawn: self._drawn,
            Listed: self._listed,
            Decisions: self._decisions,
            Row: self._row,
        }

    def document(self) -> dict[str, Any]:
        """All of it."""
        report, language = self._report, self._report.language
        parts = []
        for place, part in enumerate(report.parts, start=1):
            sections = [self._section(section) for section in part.sections]
            parts.append({"title": part.title, "about": part.about, "sections": sections})
            self._progress(0.9 * place / len(report.parts))
        return {
            "lang": language,
            "title": printable(report.title),
            "client": printable(report.client),
            "under": word("report.under", language, day=report.as_of),
            "confidential": word("report.confidential", language) if report.confidential else "",
            "contents": word("report.contents", language),
            "page": word("report.page", language),
            "facts": [[label, printable(text)] for label, text in report.facts],
            "board": self._section(report.board),
            "parts": parts,
            "keys": [traced.key for traced in report.figures],
        }

    def _section(self, section: Section) -> dict[str, Any]:
        return {"title": section.title, "blocks": [self._block(block) for block in section.blocks]}

    def _block(self, block: Block) -> dict[str, Any]:
        return self._parts[type(block)](block)

    def _text(self, text: Text) -> dict[str, Any]:
        return {"kind": text.kind, "text": printable(text.text), "refs": text.figures}

    def _tiles(self, tiles: Tiles) -> dict[str, Any]:
        cells = [
            {"label": tile.label, "value": tile.written, "under": tile.under, "ref": tile.figure, "worse": tile.worse}
            for tile in tiles.tiles
        ]
        return {"kind": "tiles", "tiles": cells}

    def _drawn(self, drawn: Drawn) -> dict[str, Any]:
        told = printable(described(drawn))
        picture = svg(drawn).replace("currentColor", _INK)
        return {"kind": "chart", "svg": _CONTROLS.sub("", picture), "alt": told, "call": drawn.call}

    def _listed(self, listed: Listed) -> dict[str, Any]:
        grid = grid_of(listed.table)
        lines = [{"kind": line.kind, "cells": [_cell(cell) for cell in line.cells]} for line in grid.lines]
        head = [_cell(cell) for cell in grid.head]
        caption = printable(grid.caption)
        return {
            "kind": "table",
            "caption": caption,
            "widths": grid.letters,
            "head": head,
            "lines": lines,
            "call": listed.call,
        }

    def _decisions(self, proposed: Decisions) -> dict[str, Any]:
        cells = [
            {"title": printable(each.title), "value": each.written, "text": printable(each.text), "ref": each.figure}
            for each in proposed.decisions
        ]
        return {"kind": "decisions", "title": word("report.decisions", self._report.language), "decisions": cells}

    def _row(self, row: Row) -> dict[str, Any]:
        return {"kind": "row", "columns": [[self._block(block) for block in column.blocks] for column in row.columns]}


def printable(text: str) -> str:
    """A text without what no font draws, that can be broken where it has no space for long."""
    return _LONG.sub(lambda found: found.group() + _BREAK, _CONTROLS.sub(" ", text))


def _cell(cell: Cell) -> dict[str, Any]:
    lines = [printable(line) for line in cell.lines]
    return {"lines": lines, "span": cell.span, "figure": cell.figure, "heading": cell.heading, "greyed": cell.greyed}

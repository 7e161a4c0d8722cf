"""A table of any length in the page: the kernel searches, sorts and pages it, and sends fifty rows of texts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import anywidget
import numpy as np
import pandas as pd
import traitlets
from numpy.typing import NDArray

from arlib.apps.parts.table_rows import NO_CHOICES, PAGE, Choices, TableRows, TableState
from arlib.show.tables import Field
from arlib.show.tables.columns import column_heading
from arlib.show.tables.html import plain
from arlib.words import Language, Sentence, word

__all__ = ["Action", "TableState", "TableView"]

_WORDS = ("search", "all", "none", "clear", "first", "previous", "next", "last", "actions", "pages")
_READ_AT_A_GLANCE = 12  # rows: so few need neither search nor filter
_LARGEST_FIRST = ("money", "days", "percent", "rate", "count", "index")


@dataclass(frozen=True)
class Action:
    """What can be done with a row.

    Attributes:
        name: given to `on_action`.
        label: of its button.
        where: a column of flags, which rows have the button; every row where empty.
    """

    name: str
    label: str
    where: str = ""


@dataclass(frozen=True, eq=False)
class _Shown:
    """What a table shows now, and how."""

    rows: TableRows
    state: TableState
    caption: str
    empty: str
    actions: Sequence[Action]
    totals: Sequence[str]
    note: str | None
    narrow: Sequence[str] | None
    opened: str

    @property
    def language(self) -> Language:
        return self.rows.language


class TableView(anywidget.AnyWidget):
    """A place in the page that shows one table at a time: searched, filtered, sorted, paged, its rows opened.

    It changes nothing by itself: what the visitor does is told to the page, which has it shown again. Give `show` the
    same frame each time, as `Answers.once` does: what was sorted once is kept.

    Attributes:
        name: what tests and stylesheets call it.
        shown: what the browser draws: texts only.
    """

    _esm = Path(__file__).with_name("table_view.js")

    name = traitlets.Unicode().tag(sync=True)
    shown: "traitlets.Dict[str, Any]" = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        name: str,
        *,
        on_state: Callable[[TableState], None],
        on_open: Callable[[str], None] | None = None,
        on_action: Callable[[str, str], None] | None = None,
    ) -> None:
        """An empty place; each callable is guarded by the page, by `visit.doing`.

        Args:
            name: what tests call it.
            on_state: called with how the visitor wants to look at it.
            on_open: called with the key of the row opened; without it rows do not open.
            on_action: called with the key of a row and the name of what is to be done with it.
        """
        super().__init__(name=name)
        self._on_state, self._on_open, self._on_action = on_state, on_open, on_action
        self._now: _Shown | None = None
        self.on_msg(self._on_message)

    def show(  # noqa: PLR0913 - what a table is made of, each with its default
        self,
        frame: pd.DataFrame,
        fields: Sequence[Field],
        *,
        key: str,
        state: TableState,
        caption: str,
        empty: Sentence | str,
        language: Language = "en",
        filters: Choices = NO_CHOICES,
        actions: Sequence[Action | tuple[str, str]] = (),
        totals: Sequence[str] = (),
        note: str | None = None,
        narrow: Sequence[str] | None = None,
        opened: str = "",
    ) -> None:
        """Show a frame as a state asks.

        Args:
            frame: one row a line; its own order is the usual one.
            fields: the columns shown, the first of which heads its row. Figures stay numbers: they sort as such.
            key: the column that names a row for `on_open` and `on_action`; it is searched too.
            state: how it is looked at: `TableState.of(asked)`.
            caption: what the table is, read first by a screen reader.
            empty: what stands in place of a frame without rows: why, and what to do.
            language: of figures and dates.
            filters: by column, shown or not, its values as texts with what they are called, in their order: a choice
                above the table, the texts of its cells, and the order it sorts by.
            actions: the buttons of each row.
            totals: columns whose sum over all rows found, not of one page, stands in a last line.
            note: a column of texts or sentences, each written under its row; where there is one.
            narrow: the columns still shown where the table is narrower than 480 pixels; all without it. The first is.
            opened: the key of the row that is open now.
        """
        self._now = _Shown(
            rows=self._rows(frame, fields, key, filters, language),
            state=state,
            caption=caption,
            empty=empty if isinstance(empty, str) else empty.text(language),
            actions=[action if isinstance(action, Action) else Action(*action) for action in actions],
            totals=totals,
            note=note,
            narrow=narrow,
            opened=opened,
        )
        self.shown = {**_view(self._now), "opens": self._on_open is not None}

    def _rows(
        self, frame: pd.DataFrame, fields: Sequence[Field], key: str, filters: Choices, language: Language
    ) -> TableRows:
        """Those shown already where nothing but the state is another, with what they have sorted."""
        rows = TableRows(frame, tuple(fields), key, filters, language)
        old = None if self._now is None else self._now.rows
        same = old is not None and old.frame is frame and _made_of(old) == _made_of(rows)
        return old if old is not None and same else rows

    def _on_message(self, _: object, content: Mapping[str, Any], __: object) -> None:
        if self._now is None:
            return
        kind, key = content.get("kind"), str(content.get("key"))
        is_shown = any(row["key"] == key for row in self.shown["rows"])
        if kind == "open" and is_shown and self._on_open is not None:
            self._on_open(key)
        elif kind == "act" and is_shown and self._on_action is not None:
            self._on_action(key, str(content.get("action")))
        elif (wanted := _wanted(self._now, content)) is not None:
            self._on_state(wanted)


def _made_of(rows: TableRows) -> tuple[object, ...]:
    """What a table's rows are made of beside the frame."""
    return rows.fields, rows.key, {column: dict(names) for column, names in rows.choices.items()}, rows.language


def _wanted(now: _Shown, content: Mapping[str, Any]) -> TableState | None:
    """The state that a message of the browser asks for; none where it makes no sense."""
    state, rows = now.state, now.rows
    match content:
        case {"kind": "search", "text": str(text)}:
            return replace(state, search=text.strip(), page=0)
        case {"kind": "page", "page": int(page)}:
            return replace(state, page=max(0, page))
        case {"kind": "sort", "column": str(column)}:
            kinds = {field.column: field.kind for field in rows.fields}
            again = column == state.sort
            largest_first = not state.descending if again else kinds.get(column) in _LARGEST_FIRST
            return replace(state, sort=column, descending=largest_first, page=0) if column in kinds else None
        case {"kind": "filter", "column": str(column), "value": str(value)} if column in rows.choices:
            return replace(state, filters=MappingProxyType({**state.filters, column: value}), page=0)
        case {"kind": "clear"}:
            none = MappingProxyType(dict.fromkeys({*state.filters, *rows.choices}, ""))
            return replace(state, search="", filters=none, page=0)
    return None


def _view(now: _Shown) -> dict[str, Any]:
    """Everything the browser draws, as texts."""
    rows, state, language = now.rows, now.state, now.language
    found = rows.found(state)
    last_page = max(0, (len(found) - 1) // PAGE)
    page = min(state.page, last_page)
    here = found[page * PAGE : (page + 1) * PAGE]
    counted = {"first": page * PAGE + 1, "last": page * PAGE + len(here), "rows": len(found)}
    return {
        "caption": now.caption,
        "empty": "" if len(rows.frame) else now.empty,
        "searched": len(rows.frame) > _READ_AT_A_GLANCE or len(found) < len(rows.frame),
        "words": {key: word(f"app.table.{key}", language) for key in _WORDS},
        "search": state.search,
        "filters": [_filter(now, column) for column in rows.choices],
        "columns": [_column(now, field) for field in rows.fields],
        "actions": [[action.name, action.label] for action in now.actions],
        "rows": _lines(now, here),
        "totals": _totals(now, found),
        "page": page,
        "last_page": last_page,
        "pager": word("app.table.pager", language, **counted) if len(here) else "",
    }


def _filter(now: _Shown, column: str) -> dict[str, Any]:
    rows = now.rows
    headings = {field.column: field.heading for field in rows.fields}
    choices = rows.choices[column]
    chosen = now.state.filters.get(column, "")
    return {
        "column": column,
        "label": headings.get(column) or column_heading(rows.frame, column, now.language),
        "choices": [[value, name] for value, name in choices.items()],
        "chosen": chosen if chosen in choices else "",
    }


def _column(now: _Shown, field: Field) -> dict[str, Any]:
    sorted_by = field.column == now.state.sort
    first = field.column == now.rows.fields[0].column
    return {
        "name": field.column,
        "heading": field.heading,
        "figure": field.kind != "text",
        "secondary": now.narrow is not None and not first and field.column not in now.narrow,
        "sort": ("descending" if now.state.descending else "ascending") if sorted_by else "none",
    }


def _lines(now: _Shown, places: NDArray[np.intp]) -> list[dict[str, Any]]:
    """The rows at these places of the frame: key, texts of the cells, note, and names of what can be done."""
    here = now.rows.frame.iloc[places]
    page = replace(now.rows, frame=here, _orders={}, _texts={})
    cells = [[_cell(value, field, now.language) for value in page.called(field.column)] for field in now.rows.fields]
    notes = [None] * len(here) if now.note is None else [_note(text, now.language) for text in here[now.note]]
    offered = [[action.where == "" or bool(on) for on in _flags(here, action)] for action in now.actions]
    keys = here[now.rows.key].astype("str")
    return [
        {
            "key": key,
            "cells": [column[place] for column in cells],
            "note": notes[place],
            "actions": [action.name for action, has in zip(now.actions, offered, strict=True) if has[place]],
            "opened": key == now.opened,
        }
        for place, key in enumerate(keys)
    ]


def _flags(here: pd.DataFrame, action: Action) -> "pd.Series[Any]":
    return here[action.where] if action.where else pd.Series(data=True, index=here.index)


def _cell(value: Any, field: Field, language: Language) -> list[str]:  # noqa: ANN401 - whatever a frame holds
    """The text of a cell and its class."""
    text = plain(value, field.kind, language)
    nothing = field.kind == "money" and text == plain(0.0, "money", language)
    return [text, "is-zero" if nothing else ""]


def _note(text: Any, language: Language) -> str | None:  # noqa: ANN401 - a sentence, a text, or none
    return None if pd.isna(text) or text == "" else plain(text, "text", language)


def _totals(now: _Shown, found: NDArray[np.intp]) -> list[str] | None:
    """The last line: the sums over all rows found, in their columns; none where no total is asked for."""
    if not now.totals or not len(found):
        return None
    sums = {column: now.rows.frame[column].iloc[found].sum(min_count=1) for column in now.totals}
    heads = word("table.total", now.language)
    cells = [
        plain(sums[field.column], field.kind, now.language) if field.column in sums else "" for field in now.rows.fields
    ]
    return [cells[0] or heads, *cells[1:]]

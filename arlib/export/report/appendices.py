"""What somebody else needs to do it again: figures and their items, assumptions, sources, the words used."""

from collections.abc import Callable, Iterable
from html import escape

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.export.report.draft import Draft
from arlib.export.report.values import Block, Listed, Part, Points, Section, Text, Traced
from arlib.show import tables
from arlib.show.tables import Field, Html
from arlib.words import Sentence, day

SHOWN_ITEMS = 5  # of a figure; the sheet of the workbook holds all
_GLOSSARY = (
    *("balance", "overdue", "overdue_share", "dso", "countback_dso", "best_possible_dso", "delinquent_dso"),
    *("days_late", "late_amount_rate", "collection_effectiveness", "value_of_a_day", "unapplied", "disputed"),
    *("aged_balance", "bridge", "provision", "forecast", "policy", "statutory", "penalty", "score"),
)


def appendices(draft: Draft) -> tuple[Part, ...]:
    """To be written last, when every figure has been named."""
    traced = tuple(draft.figures.values())
    return (
        _part(draft, "traced", (draft.section("traced", lambda _: _figures(draft, traced)), _items(draft, traced))),
        _part(draft, "basis", (draft.section("assumptions", _assumptions), draft.section("sources", _sources))),
        _part(draft, "glossary", (draft.section("glossary", _glossary),)),
    )


def _part(draft: Draft, key: str, sections: tuple[Section, ...]) -> Part:
    return Part(key, draft.word(f"report.appendix.{key}"), draft.word(f"report.about.{key}"), sections)


def _figures(draft: Draft, traced: Iterable[Traced]) -> tuple[Block, ...]:
    rows = pd.DataFrame(
        {
            "key": [each.key for each in traced],
            "label": [each.label for each in traced],
            "written": [each.written for each in traced],
            "items": pd.Series([each.count for each in traced], dtype="Int64"),
            "total": [each.total for each in traced],
            "sheet": [each.sheet or "–" for each in traced],
            "how": pd.Series([_how(each) for each in traced], dtype="object"),  # a column of texts would not stay HTML
        }
    )
    fields = [
        Field("key", draft.word("report.column.key")),
        Field("label", draft.word("report.column.figure")),
        Field("written", draft.word("report.column.value"), "count"),
        Field("items", draft.word("report.column.items"), "count"),
        Field("total", draft.word("report.column.sum"), "money"),
        Field("sheet", draft.word("report.column.sheet")),
    ]
    caption = draft.word("report.traced", day=draft.asked.as_of, currency=draft.unit)
    table = tables.table(rows, fields, caption=caption, language=draft.language, note="how")
    return draft.say("report.traced_note"), Listed(table)


def _how(traced: Traced) -> Html:
    """What a figure is of, and the call that gives it."""
    return Html(f"{escape(traced.rule)}<br><code>{escape(traced.call)}</code>")


def _items(draft: Draft, traced: Iterable[Traced]) -> Section:
    def build(_: Draft) -> tuple[Block, ...]:
        rows = pd.concat([_largest(each) for each in traced if each.items is not None], ignore_index=True)
        if rows.empty:
            return (draft.say("report.no_items"),)
        known = draft.asked.ledger.items.set_index("item_id")[
            ["customer_id", "reference", "kind", "issued_on", "due_on"]
        ]
        written = rows.join(known, on="item_id")
        written = written.assign(kind=[_kind(draft, each) for each in written["kind"]])
        fields = [
            Field("key", draft.word("report.column.key")),
            Field("customer_id", draft.word("export.column.customer_id")),
            Field("reference", draft.word("export.column.reference")),
            Field("kind", draft.word("export.column.kind")),
            Field("issued_on", draft.word("export.column.issued_on"), "date"),
            Field("due_on", draft.word("export.column.due_on"), "date"),
            Field("amount", draft.word("report.column.in_figure"), "money"),
        ]
        caption = draft.word("report.items", shown=SHOWN_ITEMS, currency=draft.unit)
        return (Listed(tables.table(written, fields, caption=caption, language=draft.language)),)

    return draft.section("items", build)


def _kind(draft: Draft, kind: object) -> str:
    return draft.word(f"export.kind.{kind}") if isinstance(kind, str) else "–"


def _largest(traced: Traced) -> pd.DataFrame:
    """The largest items of a figure, under its number."""
    items = traced.items if traced.items is not None else pd.DataFrame({"item_id": [], "amount": []})
    order = np.argsort(-items["amount"].abs().to_numpy("float64"), kind="stable")[:SHOWN_ITEMS]
    return items.iloc[order].astype({"item_id": "int64"}).assign(key=traced.key)


def _assumptions(draft: Draft) -> tuple[Block, ...]:
    """What the answers rest on, each said once; answers that could not be given rest on nothing."""
    notes = dict.fromkeys(draft.told(note, kind="note") for ask in _ASSUMED for note in _noted(ask, draft))
    warned = [draft.told(each) for source in draft.asked.ledger.sources for each in source.warnings]
    return Points(tuple(warned)), Points(tuple(notes))


def _noted(ask: "Callable[[Draft], Iterable[Sentence]]", draft: Draft) -> tuple[Sentence, ...]:
    try:
        return tuple(ask(draft))
    except ArlibError:
        return ()


_ASSUMED: tuple[Callable[[Draft], Iterable[Sentence]], ...] = (
    lambda draft: (draft.asked.bridge.note,) if draft.asked.bridge.note else (),
    lambda draft: draft.asked.worklist.notes[1:],
    lambda draft: draft.asked.doubtful_debts.notes,
    lambda draft: draft.asked.forecast.notes,
    lambda draft: draft.asked.terms_against_law.notes,
    lambda draft: draft.asked.simulation.assumptions,
    lambda draft: draft.asked.delay_table.notes,
    lambda draft: draft.asked.penalties.notes,
    lambda draft: draft.asked.limitation_dates.notes,
)


def _sources(draft: Draft) -> tuple[Block, ...]:
    sources = draft.asked.ledger.sources
    if not sources:
        return (draft.missing("report.no_source"),)
    rows = pd.DataFrame(
        {
            "name": [source.name for source in sources],
            "format": [source.format for source in sources],
            "sha256": [source.sha256 for source in sources],
        }
    )
    fields = [
        Field("name", draft.word("export.column.file")),
        Field("format", draft.word("report.column.format")),
        Field("sha256", draft.word("report.column.sha256")),
    ]
    table = tables.table(rows, fields, caption=draft.word("report.files"), language=draft.language)
    read = tuple(draft.told(each, kind="note") for source in sources for each in source.reading)
    return *_covered(draft), Listed(table), Points(read)


def _covered(draft: Draft) -> tuple[Text, ...]:
    first, last = draft.asked.ledger.covers
    told = {"first": day(first, draft.language), "last": day(last, draft.language)}
    return (draft.say("report.covers", **told, rows=len(draft.asked.ledger.items)),)


def _glossary(draft: Draft) -> tuple[Block, ...]:
    rows = pd.DataFrame(
        {
            "term": [draft.word(f"report.term.{term}") for term in _GLOSSARY],
            "formula": [draft.word(f"report.meaning.{term}") for term in _GLOSSARY],
        }
    )
    fields = [Field("term", draft.word("table.measure")), Field("formula", draft.word("report.column.formula"))]
    return (Listed(tables.table(rows, fields, caption=draft.word("report.terms"), language=draft.language)),)

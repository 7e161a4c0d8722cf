"""How fast receivables turn: what every DSO is made of, each as a formula over it, its history, why it moved."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.export.sheets import Book, Field, Live, fields_of, write_table
from arlib.export.workbook import charts
from arlib.export.workbook.material import Material
from arlib.measures import Bridge
from arlib.measures.dso import DAYS
from arlib.words import Sentence, say, word

_YEAR = 365
_OVERDUE = "(receivable-not_due-no_due_date-unapplied)"
_OF_AGES = ("receivable", "not_due", "no_due_date", "unapplied", "sales_90")
# Each method as a formula over names of the book; what is not here is not made of what the book holds.
_FORMULAS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "dso": ("=receivable/sales_90*days_90", "receivable", "sales_90"),
        "average_balance_dso": ("=(receivable_start+receivable)/2/sales_90*days_90", "receivable", "receivable_start"),
        "monthly_average_dso": ("=receivable_mean_13/sales_365*days_365", "receivable_mean_13", "sales_365"),
        "countback_dso": ("=SUM(countback_days)", "countback_days"),
        "best_possible_dso": ("=not_due/sales_90*days_90", "not_due", "sales_90"),
        "delinquent_dso": (f"={_OVERDUE}/sales_90*days_90", *_OF_AGES),
        "disputed_dso": ("=SUMIFS(items_open,items_disputed,1)/sales_90*days_90", "items_open", "sales_90"),
        "extended_dso": ("=not_due/sales_90*days_90-days_of_terms", "not_due", "sales_90", "days_of_terms"),
        "life_to_date_dso": ("=receivable/sales_life*days_life", "receivable", "sales_life", "days_life"),
    }
)
_NAMED = frozenset({"dso", *(name for name in _FORMULAS)})
_DRAWN = ("dso", "countback_dso", "best_possible_dso")


def write_dso(book: Book, material: Material) -> None:
    """The parts, then every method as a formula over them, then its history."""
    methods = material.methods
    _parts(book, material)
    page = book.pages["dso"]
    widths = (34, 12, 58, 46, 58)
    names = ("table.method", "table.days", "table.formula", "table.assumption", "table.remark")
    heads = [word(name, book.language).rstrip(".") for name in names]
    kinds = ("text", "days", "prose", "prose", "prose")
    fields = [
        Field(name, head, kind, width=width)
        for name, head, kind, width in zip(names, heads, kinds, widths, strict=True)
    ]
    empty = pd.DataFrame({name: pd.Series(dtype="object") for name in names})
    found = int(methods["days"].notna().sum())
    write_table(page, fields, empty, finding=say("export.dso.finding", methods=found), filtered=False)
    for line in methods.to_dict("records"):
        method, days = str(line["method"]), float(line["days"])
        texts = [_told([line["formula"]], book), _told([line["assumes"]], book)]
        texts.append(_told([line["differs"], line["note"]], book))
        lines = max(len(text) / (width - 2) for text, width in zip(texts, widths[2:], strict=True))
        formula, *used = _FORMULAS.get(method, ("",))
        figure = book.live(formula, days, *used) if formula else days
        page.line([_told([line["name"]], book), figure, *texts], kinds, height=int(lines) + 1)
        if not np.isnan(days):
            book.name(
                "dso_simple" if method == "dso" else f"dso_{method.removesuffix('_dso')}", page.cells(1, page.row - 1)
            )
    _history(book, material)


def write_bridge(book: Book, material: Material) -> None:
    """From the DSO at the end of the month before to that of the day, an effect a line; then customer by customer."""
    bridge = material.bridge
    if np.isnan(bridge.end - bridge.start):
        raise ArlibError(bridge.end.note or bridge.start.note or bridge.note or bridge.sentence)
    _effects(book, bridge)
    groups = bridge.groups
    columns = [str(name) for name in groups.columns]
    numeric = [name for name in columns if name not in ("customer_id", "name")]
    said: dict[str, Any] = {name: {"total": True, "width": 13} for name in numeric}
    write_table(book.pages["bridge_customers"], fields_of(groups, columns, book.language, **said), groups)


def _effects(book: Book, bridge: Bridge) -> None:
    page, language, effects = book.pages["bridge"], book.language, bridge.effects
    ends = [word("table.dso_on", language, day=end.inputs["as_of"]) for end in (bridge.start, bridge.end)]
    labels = [*(_capital(word(f"charts.effect.{effect}", language)) for effect in effects["effect"])]
    fields = [
        Field("line", word("table.effect", language), width=46),
        Field("days", word("table.days", language), "days", width=14),
        Field("amount", word("table.amount", language), "money", width=20),
        *(Field(name, word(f"export.bridge.{name}", language), "days", width=14) for name in ("base", "rise", "fall")),
    ]
    write_table(
        page,
        fields,
        effects.iloc[:0].assign(line="", base=0.0, rise=0.0, fall=0.0),
        finding=bridge.sentence,
        filtered=False,
    )
    first = page.row + 1
    page.line([ends[0], float(bridge.start), bridge.start.inputs["receivable"]], ["text", "days", "money"], ("strong",))
    reached = float(bridge.start)
    for label, days, amount in zip(labels, effects["days"], effects["amount"], strict=True):
        row, before = page.row + 1, reached
        reached += float(days)
        helpers = [
            Live(f"=MIN(SUM(B${first}:B{row - 1}),SUM(B${first}:B{row}))", min(before, reached)),
            Live(f"=MAX(B{row},0)", max(float(days), 0.0)),
            Live(f"=MAX(-B{row},0)", max(-float(days), 0.0)),
        ]
        page.line([label, float(days) + 0.0, float(amount) + 0.0, *helpers], ["text", "days", "money", *["days"] * 3])
    last = page.row
    sums = [Live(f"=SUM(B{first}:B{last})", float(bridge.end)), bridge.end.inputs["receivable"]]
    sums[1] = Live(f"=SUM(C{first}:C{last})", float(sums[1]))
    page.line([ends[1], *sums], ["text", "days", "money"], ("total",))
    check = book.live(f"=ROUND(B{page.row}-dso_simple,6)", 0.0, "dso_simple")
    page.line([word("export.bridge.check", language), check], ["text", "days"], ("note",))
    page.notes([sentence for sentence in (bridge.note, say("export.bridge.helpers")) if sentence is not None])
    charts.waterfall(book, page, first - 1, last, np.cumsum([float(bridge.start), *effects["days"]]))
    page.one_page()


def _parts(book: Book, material: Material) -> None:
    """What the methods are made of: what other sheets hold as formulas, what only the ledger holds as figures."""
    page, methods, language = book.pages["dso_parts"], material.methods, book.language
    fields = [
        Field("line", word("export.dso.part", language), width=58),
        Field("value", word("export.column.value", language), "money", width=20),
        Field("name", word("export.column.in_formulas", language), width=26),
        Field("left", "", "money", width=20),
        Field("counted", "", "days", width=16),
    ]
    write_table(page, fields[:3], pd.DataFrame(columns=["line", "value", "name"]), filtered=False)
    page.widths([field.width for field in fields])
    for name, value, kind in _given(material):
        if value is None or pd.isna(value):
            continue
        known = name in book.names
        cell = Live(f"={name}", float(value)) if known else float(value)
        page.line(
            [word(f"export.dso.{name}", language), cell, name], ["text", kind, "text"], () if known else ("given",)
        )
        if not known:
            book.name(name, page.cells(1, page.row - 1))
    page.notes([say("export.dso.given")])
    counted: dict[Any, Any] = dict(methods.loc["countback_dso"])
    if not pd.isna(counted["days"]) and "receivable" in book.names and counted["inputs"]["months"]:
        _countback(book, counted["inputs"], float(counted["days"]))


def _given(material: Material) -> Iterable[tuple[str, Any, str]]:
    """The parts by the names formulas use, with their kinds."""
    inputs = material.methods["inputs"]
    best, life = inputs["best_possible_dso"], inputs["life_to_date_dso"]
    balances = inputs["average_balance_dso"].get("balances") or [None]
    yield from (
        ("receivable", inputs["dso"].get("receivable"), "money"),
        *((name, best.get(name), "money") for name in ("not_due", "no_due_date", "unapplied")),
        ("sales_90", inputs["dso"].get("sales"), "money"),
        ("days_90", DAYS, "count"),
        ("sales_365", material.value_of_a_day.inputs.get("sales"), "money"),
        ("days_365", _YEAR, "count"),
        ("receivable_start", balances[0], "money"),
        ("receivable_mean_13", inputs["monthly_average_dso"].get("mean"), "money"),
        ("days_of_terms", inputs["extended_dso"].get("terms"), "days"),
        ("sales_life", life.get("sales"), "money"),
        ("days_life", life.get("days"), "count"),
    )


def _countback(book: Book, inputs: Mapping[str, Any], days: float) -> None:
    """Month by month back: what is left of the receivable, and the days each month's sales stand for."""
    page, language, months = book.pages["dso_parts"], book.language, int(inputs["months"])
    page.section(word("export.dso.countback", language))
    heads = [word(f"export.dso.{name}", language) for name in ("month", "sold", "days_of_month", "left", "counted")]
    for column, head in enumerate(heads):
        page.put(column, head, "text" if column == 0 else "money", "head")
    page.row += 1
    first, left = page.row, float(inputs["receivable"])
    day = pd.Timestamp(inputs["as_of"])
    for back, (sold, length) in enumerate(zip(inputs["sales"][:months], inputs["days"][:months], strict=True)):
        row = page.row + 1
        month = (day.to_period("M") - back).to_timestamp()
        part = min(left / sold, 1.0) if sold > 0 else 1.0
        remains = Live("=receivable" if not back else f"=D{row - 1}-B{row - 1}", left)
        counted = Live(f"=IF(B{row}>0,MIN(D{row}/B{row},1),1)*C{row}", part * length)
        page.line(
            [word("export.month", language, day=month), sold, length, remains, counted],
            ["text", "money", "count", "money", "days"],
        )
        left -= sold
    book.name("countback_days", page.cells(4, first, page.row - 1))
    page.line(
        [word("export.total", language), None, None, None, Live("=SUM(countback_days)", days)],
        ["text", "money", "count", "money", "days"],
        ("total",),
    )


def _history(book: Book, material: Material) -> None:
    """The DSOs of the month ends, the simple one as a formula, and how they moved."""
    history, page = material.dso_history, book.pages["dso_history"]
    said: dict[str, Any] = {
        "as_of": {"width": 14, "kind": "day"},
        "dso": {"formula": f"=B{{row}}/C{{row}}*{DAYS}"},
        "sales": {"heading": word("export.dso.sales_90", book.language), "width": 20},
        "receivable": {"width": 20},
    }
    said |= {name: {**said.get(name, {}), "width": 20} for name in history.columns if name.endswith("dso")}
    placed = write_table(page, fields_of(history, list(history.columns), book.language, **said), history)
    charts.lines(book, placed, "as_of", _DRAWN)
    page.one_page()


def _told(sentences: Sequence[Sentence | None], book: Book) -> str:
    return " ".join(sentence.text(book.language) for sentence in sentences if sentence is not None)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""What a column of a frame is called, how its figures are written, and what its codes mean, in both languages."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from arlib.show.charts.levers import WHOLE
from arlib.show.look import bucket_label
from arlib.show.tables.html import Kind
from arlib.show.tables.standing import figure
from arlib.words import MONTHS, Language, has_word, number, percent, word

# What the name of a column says of its figures: the endings all measures share.
_ENDINGS: tuple[tuple[str, Kind], ...] = (
    (r"^(reference|default|legal|floor|contract)_rate$|^points$", "rate"),
    (r"^skill(_|$)|^wape$|^total_error$|(^|_)coverage$|^limit_used$", "percent"),
    (r"_invoices$", "count"),
    (r"(^|_)days(_|$)|(^|_)dso(_|$)|_terms$", "days"),
    (r"(^|_)share$|_share_|(roll|loss)_rate$|^(low|high)$", "percent"),
    (r"^rate_(start|end)$|^(auc|brier|log_loss)(_|$)", "index"),
    (
        r"^p_|_probability$|(^|_)rate$|^quota$|^coverage|^(predicted|observed)$|^(late|portfolio|customer)_\d+$",
        "percent",
    ),
    (r"^(error|crps)(_|$)", "days"),
)
_SUFFIX = re.compile(r"(\w+)_(low|high|cumulated)")  # of a range, of a sum so far
_DRILL = re.compile(r"days_(\w+)")  # an effect, beside the groups of a bridge
_THRESHOLD = re.compile(r"(p_late|late|portfolio|customer)_(\d+)")  # a share of invoices so many days late
_NUMBERS_OF_THINGS = re.compile(r"_id$|^row$")  # names, whatever they are made of
_BRIDGE = "dso_start"  # the frame of a bridge's groups holds it: its change is in days, others' in money
_OF_LEVERS = ("low", "high", "needed")  # beside a lever: days, or a share
# What a column is where one of others stands beside it.
_BESIDE: Mapping[tuple[tuple[str, ...], frozenset[str]], Kind] = MappingProxyType(
    {
        (("change",), frozenset({_BRIDGE})): "days",
        (_OF_LEVERS, frozenset({"lever"})): "text",
        (("rate",), frozenset({"principal", "default_rate"})): "rate",
        (("low", "high"), frozenset({"expected", "mean"})): "money",
        (("error", "bias"), frozenset({"wape"})): "percent",
        (("error", "bias"), frozenset({"error_share"})): "money",  # in the unit of each measure
    }
)
_BUCKET = re.compile(r"\d+-\d+|\d+\+")
# Where the words for the codes of a column are; what has no word there stays as it is.
_CODES: Mapping[str, str] = MappingProxyType(
    {
        "at_start": "table.state",
        "bucket": "table.state",
        "part": "table.state",
        "state": "table.state",
        "role": "table.role",
        "trait": "table.trait",
        "kind": "export.kind",
        "due_source": "export.due_source",
        "severity": "export.severity",
        "effect": "charts.effect",
        "fact": "table.fact",
        "line": "show.proof",
        "measure": "show.measure",
        "method": "dso.name",
        "unit": "table.unit",
        "column": "table.column",
        "invoicing": "charts.invoicing",
        "lever": "simulation.lever.name",
        "offer": "simulation.financing.kind",
        "policy": "show.policy",
        "quantity": "charts.draws",
        "reading": "table.reading",
        "scope": "table.scope",
        "cause": "table.cause",
        "against": "table.model",
        "binding": "table.binding",
        "cover_state": "table.cover_state",
        "model": "table.model",
        "reason": "table.reason",
        "rule": "charts.rule",
        "trend": "table.trend",
        "verdict": "table.verdict",
        "status": "table.law_status",
        "law_status": "table.law_status",
        "basis": "table.law_basis",
        "buyer": "law.buyer",
        "deadline": "table.deadline",
        "procedure": "law.procedure",
        "channel": "collection.channel",
        "queue": "card.queue",
    }
)
# Where else they may be.
_ELSEWHERE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "kind": ("simulation.financing.kind",),
        "measure": ("simulation.lever.measure", "charts.simulation_backtest"),
        "model": ("charts.forecast",),
    }
)
_BANDS = ("from_value", "to_value")
_MOMENTS = ("value", "previous_month", "previous_year")  # key figures, each in a unit of its own


def column_kind(frame: pd.DataFrame, name: str) -> Kind:
    """How a column is written, by its type and, where that does not tell, by its name and those beside it."""
    column = frame[name]
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date"
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        return "text"
    if _NUMBERS_OF_THINGS.search(name):
        return "text"
    if pd.api.types.is_integer_dtype(column):
        return "count"
    beside = (kind for (names, marks), kind in _BESIDE.items() if name in names and marks & set(frame.columns))
    named = (kind for ending, kind in _ENDINGS if re.search(ending, name))
    return next(chain(beside, named), "money")


def column_heading(frame: pd.DataFrame, name: str, language: Language) -> str:
    """What a column is called; one the file brought keeps its own name."""
    effect = _DRILL.fullmatch(name)
    if effect and _BRIDGE in frame and has_word(f"charts.effect.{effect[1]}"):
        return _capital(word(f"charts.effect.{effect[1]}", language))
    threshold = _THRESHOLD.fullmatch(name)
    if threshold:
        return word(f"table.threshold.{threshold[1]}", language, days=int(threshold[2]))
    kind = column_kind(frame, name)
    known = next((key for key in _heading_keys(name, kind) if has_word(key)), None)
    if known is not None:
        return word(known, language)
    suffix = _SUFFIX.fullmatch(name)
    if suffix and (whole := column_heading(frame.assign(**{suffix[1]: 0.0}), suffix[1], language)) != suffix[1]:
        return word(f"table.suffix.{suffix[2]}", language, heading=whole)
    return _capital(bucket_label(name, language)) if kind == "money" and _is_bucket(name) else name


def _heading_keys(name: str, kind: Kind) -> Iterator[str]:
    """Where a heading may be: of the name and kind, the name, its two parts (`issued_terms`), the workbook's."""
    yield f"table.column.{name}.{kind}"
    yield f"table.column.{name}"
    for place in (place for place, letter in enumerate(name) if letter == "_"):
        yield f"table.column.{name[:place]}.{name[place + 1 :]}"
    yield f"export.column.{name}"


def column_cells(frame: pd.DataFrame, name: str, language: Language) -> "pd.Series[Any]":
    """The values of a column, with words for flags and for codes."""
    column = frame[name]
    if pd.api.types.is_bool_dtype(column):
        return column.astype("object").map(
            lambda flag: word("table.yes" if flag else "table.no", language), na_action="ignore"
        )
    for names, beside, write in _BY_ANOTHER:
        if name in names and beside in frame:
            written = [write(code, value, language) for code, value in zip(frame[beside], column, strict=True)]
            return pd.Series(written, frame.index, dtype="object")
    if name in _CODES or (name == "step" and column_kind(frame, name) == "text"):
        one = partial(_step, language=language) if name == "step" else partial(_code, name, language=language)
        return column.astype("object").map(one, na_action="ignore")
    return column


def _code(name: str, code: object, language: Language) -> object:
    keys = [f"{place}.{code}" for place in (_CODES[name], *_ELSEWHERE.get(name, ()))]
    keys += [f"risk.warning.{code}.name"] if name == "rule" else []
    known = next((key for key in keys if has_word(key)), None)
    if known is not None:
        return word(known, language)
    if _CODES[name] == "table.state" and _is_bucket(str(code)):
        return bucket_label(str(code), language)
    return word("table.cause.unknown", language) if (name, code) == ("cause", "") else code


def _move(lever: str, move: float, language: Language) -> str | None:
    """How far a lever is moved: in days, or in points of a share."""
    if np.isnan(move):
        return None
    return number(move, language, 0) if lever in WHOLE else percent(move, language)


def _told(fact: str, value: object, language: Language) -> object:
    """What a fact says; a rating stays as its agency writes it."""
    keys = (f"risk.facts.{fact}.{value}", f"table.told.{value}")
    known = next((key for key in keys if has_word(key)), None)
    return value if known is None else word(known, language)


def _step(step: str, language: Language) -> str:
    """`invoice_to_due` as `invoice → due date`."""
    points = step.split("_to_")
    known = all(has_word(f"table.step.{point}") for point in points)
    return " → ".join(word(f"table.step.{point}", language) for point in points) if known else step


def _end(trait: str, end: float, language: Language) -> str | None:
    """One end of a band of invoices: a weekday, a month, an amount or days."""
    if np.isnan(end):
        return None
    if trait.endswith("_weekday"):
        return word("table.weekdays", language).split()[int(end) - 1]
    if trait.endswith("_month"):
        return MONTHS[language][int(end) - 1]
    return number(end, language, 2 if trait == "amount" else 0)


def _is_bucket(name: str) -> bool:
    return has_word(f"show.bucket.{name}") or _BUCKET.fullmatch(name) is not None


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


# Columns written by what another says of their line: names, that other, how.
_BY_ANOTHER: tuple[tuple[tuple[str, ...], str, Callable[[Any, Any, Language], object]], ...] = (
    (_MOMENTS, "unit", lambda unit, value, language: figure(value, unit, language)),
    (_OF_LEVERS, "lever", _move),
    (("value",), "fact", _told),
    (_BANDS, "trait", _end),
)


def captioned(what: str, language: Language, currency: str = "", shown: Sequence[int] = ()) -> str:
    """A caption: what the table is, the currency of its amounts, and of how many lines (`shown`: so many, of all)."""
    parts = [currency] if currency else []
    if shown and shown[0] < shown[1]:
        parts.append(word("table.first_rows", language, shown=shown[0], rows=shown[1]))
    return what + (f" ({', '.join(parts)})." if parts else ".")

"""The key figures of a report: each traced to its items, with how it moved since last month and last year."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from arlib.export.report.draft import Draft
from arlib.export.report.values import Text, Tile
from arlib.measures import best_possible_dso, collection_effectiveness, countback_dso, delinquent_dso, dso
from arlib.measures.dso import DAYS
from arlib.measures.figure import Figure
from arlib.show.tables import measure_label
from arlib.words import Sentence

# Which way each of them should not move; neither way for what is neither good nor bad.
WORSE_UP = frozenset(
    {"overdue", "overdue_share", "dso", "countback_dso", "delinquent_dso", "days_late", "late_amount_rate"}
)
WORSE_DOWN = frozenset({"collection_effectiveness"})

Which = Callable[[pd.DataFrame], "pd.Series[bool]"]


def _debit(opened: pd.DataFrame) -> "pd.Series[bool]":
    return opened["open_amount"] > 0


def _all(opened: pd.DataFrame) -> "pd.Series[bool]":
    return opened["open_amount"] != 0


def _overdue(opened: pd.DataFrame) -> "pd.Series[bool]":
    return _debit(opened) & (opened["days_overdue"] > 0)


def _not_due(opened: pd.DataFrame) -> "pd.Series[bool]":
    return _debit(opened) & (opened["days_overdue"] <= 0)


def _disputed(opened: pd.DataFrame) -> "pd.Series[bool]":
    return _debit(opened) & opened["disputed"]


def _credit(opened: pd.DataFrame) -> "pd.Series[bool]":
    return opened["open_amount"] < 0


_ITEMS: Mapping[str, Which] = MappingProxyType(
    {
        "balance": _all,
        "open_items": _all,
        "customers_owing": _debit,
        "overdue": _overdue,
        "overdue_share": _overdue,
        "dso": _all,
        "countback_dso": _all,
        "best_possible_dso": _not_due,
        "delinquent_dso": _overdue,
        "disputed": _disputed,
        "unapplied": _credit,
    }
)
_FORMULAS: Mapping[str, Callable[[Draft], Figure]] = MappingProxyType(
    {
        "dso": lambda draft: dso(draft.asked.ledger, draft.asked.as_of),
        "countback_dso": lambda draft: countback_dso(draft.asked.ledger, draft.asked.as_of),
        "best_possible_dso": lambda draft: best_possible_dso(draft.asked.ledger, draft.asked.as_of),
        "delinquent_dso": lambda draft: delinquent_dso(draft.asked.ledger, draft.asked.as_of),
        "collection_effectiveness": lambda draft: collection_effectiveness(
            draft.asked.ledger, draft.asked.as_of - pd.Timedelta(days=DAYS), draft.asked.as_of
        ),
    }
)


class Moments(NamedTuple):
    """A key figure on the day, at the end of the month before, and a year before; nan where it is not known."""

    value: float
    previous_month: float
    previous_year: float
    unit: str


def moments(draft: Draft, measure: str) -> Moments:
    """A key figure and what it was before."""
    row = draft.asked.key_figures.loc[[measure]].iloc[0]
    return Moments(float(row["value"]), float(row["previous_month"]), float(row["previous_year"]), str(row["unit"]))


def measured(draft: Draft, measure: str) -> str:
    """The number of a key figure of the day, traced to the open items it is of."""
    value, _, _, unit = moments(draft, measure)
    opened = draft.asked.opened
    rule: Sentence | str = (
        draft.word(f"report.rule.{measure}") if measure not in _FORMULAS else _FORMULAS[measure](draft).formula
    )
    return draft.figure(
        measure,
        value,
        unit,
        call=draft.call("key_figures") + f'["{measure}"]',
        rule=rule,
        items=opened[_ITEMS[measure](opened)] if measure in _ITEMS else None,
        sheet="open_items" if measure in _ITEMS else "figures",
        label=measure_label(measure, draft.language),
    )


def missing_figure(draft: Draft, measure: str) -> Text | None:
    """Why a key figure has no value; none where it has one."""
    note = draft.asked.key_figures["note"].get(measure)
    return draft.told(note, kind="missing") if isinstance(note, Sentence) else None


def moved(draft: Draft, measure: str) -> Text:
    """A key figure in a sentence: what it is, and how it moved in a month and in a year; or why it is missing."""
    missing = missing_figure(draft, measure)
    if missing is not None:
        return missing
    value, _, _, unit = moments(draft, measure)
    told = {"measure": measure_label(measure, draft.language), "value": draft.written(value, unit)}
    changes = ", ".join(_changes(draft, measure))
    if not changes:
        return draft.say("report.stands", measured(draft, measure), **told)
    return draft.say("report.moved", measured(draft, measure), **told, changes=changes)


def tile(draft: Draft, measure: str) -> Tile:
    """A key figure to see first."""
    value, before, _, unit = moments(draft, measure)
    under = tuple(_changes(draft, measure)) or (draft.word("report.no_past"),)
    return Tile(
        label=measure_label(measure, draft.language),
        written=draft.written(value, unit),
        under=under if missing_figure(draft, measure) is None else (draft.word("report.not_measured"),),
        figure=measured(draft, measure),
        worse=_worse(measure, value, before),
    )


def _changes(draft: Draft, measure: str) -> list[str]:
    value, month, year, unit = moments(draft, measure)
    changes = (draft.change(value, month, unit, "month"), draft.change(value, year, unit, "year"))
    return [change for change in changes if change]


def _worse(measure: str, now: float, before: float) -> bool:
    """Whether it moved the wrong way in a month; unknown moves did not."""
    return (measure in WORSE_UP and now > before) or (measure in WORSE_DOWN and now < before)

"""The indicators to follow: each beside the best that this ledger itself has reached in a year."""

import numpy as np
import pandas as pd

from arlib.export.report.diagnose import oldest
from arlib.export.report.draft import Draft
from arlib.measures.aging import NO_DUE_DATE, NOT_DUE, TOTAL, UNAPPLIED
from arlib.schema import HALF_CENT
from arlib.show.look import bucket_label
from arlib.show.tables import measure_label
from arlib.words import month

_UNITS = {"dso": "days", "delinquent_dso": "days", "overdue_share": "percent", "oldest": "money", "unapplied": "money"}
_LEAST = 0.005


def targets(draft: Draft) -> pd.DataFrame:
    """One row an indicator, written: measure, now, month (that before), target, reached (when it was), gap.

    A target is the lowest value of the month ends of the last year: what the company has shown it can do.
    """
    history = _history(draft)
    rows = [_row(draft, name, history[name]) for name in _UNITS]
    return pd.DataFrame(rows, columns=["measure", "now", "month", "target", "reached", "gap"])


def _history(draft: Draft) -> pd.DataFrame:
    """The indicators at the month ends of a year and on the day; nan where one has no figure."""
    aged = draft.asked.aged_history.set_index("as_of")
    bucket, _ = oldest(draft)
    owed = aged[TOTAL] - aged[UNAPPLIED]
    overdue = owed - aged[NOT_DUE] - aged[NO_DUE_DATE]
    figures = draft.asked.dso_history.set_index("as_of")[["dso", "delinquent_dso"]]
    return figures.assign(
        overdue_share=overdue / owed.where(owed > HALF_CENT), oldest=aged[bucket], unapplied=-aged[UNAPPLIED]
    )


def _row(draft: Draft, name: str, values: "pd.Series[float]") -> tuple[str, ...]:
    unit = _UNITS[name]
    label = measure_label(name, draft.language) if name != "oldest" else _oldest_label(draft)
    now = float(values.get(draft.asked.as_of, np.nan))
    before = float(values.get(draft.asked.month_before, np.nan))
    known = values.dropna()
    if known.empty:
        return label, draft.written(now, unit), draft.written(before, unit), "–", "–", "–"
    best, on = float(known.min()), known.index[int(known.argmin())]
    gap = now - best
    written_gap = draft.word("report.reached") if not gap > _LEAST else draft.written(gap, unit)
    return (
        label,
        draft.written(now, unit),
        draft.written(before, unit),
        draft.written(best, unit),
        month(on, draft.language),
        written_gap,
    )


def _oldest_label(draft: Draft) -> str:
    label = bucket_label(oldest(draft)[0], draft.language)
    return draft.word("report.due_for", bucket=label)

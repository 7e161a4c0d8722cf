"""What a board page shows: the key figures of a day, with the month and the year before beside them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from arlib.ledger import Day, Ledger, open_items
from arlib.measures.aging import DISPUTED, NO_DUE_DATE, NOT_DUE, TOTAL, UNAPPLIED, aged_balance_history
from arlib.measures.concentration import concentration
from arlib.measures.delays import days_late
from arlib.measures.dso import DAYS, best_possible_dso, countback_dso, delinquent_dso, dso, dso_history
from arlib.measures.figure import Figure
from arlib.measures.flows import collection_effectiveness, late_amount_rate
from arlib.measures.working_capital import value_of_a_day
from arlib.schema import HALF_CENT
from arlib.words import Sentence

UNITS = {
    "balance": "money",
    "overdue": "money",
    "overdue_share": "percent",
    "dso": "days",
    "countback_dso": "days",
    "best_possible_dso": "days",
    "delinquent_dso": "days",
    "collection_effectiveness": "percent",
    "late_amount_rate": "percent",
    "days_late": "days",
    "sales_90": "money",
    "value_of_a_day": "money",
    "disputed": "money",
    "unapplied": "money",
    "top_10_share": "percent",
    "customers_owing": "count",
    "open_items": "count",
}
_TOP = 10
_FIGURES: Mapping[str, Callable[[Ledger, pd.Timestamp], Figure]] = MappingProxyType(
    {
        "dso": dso,
        "countback_dso": countback_dso,
        "best_possible_dso": best_possible_dso,
        "delinquent_dso": delinquent_dso,
        "sales_90": dso,
        "late_amount_rate": late_amount_rate,
        "value_of_a_day": value_of_a_day,
    }
)


def key_figures(ledger: Ledger, as_of: Day | None = None) -> pd.DataFrame:
    """The figures of a board page on a day, and what they were a month and a year before.

    One row a measure: `measure` (key), `value`, `unit` (money, days, percent as a share, count), `previous_month`
    (at the end of the month before), `previous_year` (same day a year before, a month's end with a month's end), `note`
    (why the value of the day is missing, else None). `overdue` is what is past its due date, disputed or not, credits
    not taken off, and `overdue_share` its share of what is owed before credits. Sales, DSOs and
    `collection_effectiveness` are of the 90 days up to the day; `late_amount_rate` and `value_of_a_day` of the year up
    to it; `days_late` of the invoices of that year, each euro counting one and open items as not yet paid. `disputed`
    is what the ledger's flag of today says of the day. The other measures are those of the functions of their names;
    `top_10_share` is in `concentration`. Before the ledger begins, and where a measure has no figure, the value is nan.
    """
    day = ledger.day(as_of)
    moments = {
        "value": day,
        "previous_month": day.replace(day=1) - pd.Timedelta(days=1),
        "previous_year": year_before(day),
    }
    figures = _figures(ledger, sorted(moments.values()))
    table = pd.DataFrame({"measure": list(UNITS), "unit": list(UNITS.values())})
    for name, moment in moments.items():
        table[name] = figures.loc[moment, list(UNITS)].to_numpy("float64")
    missing = zip(table["measure"], table["value"].isna(), strict=True)
    notes = [_reason(ledger, day, measure) if is_missing else None for measure, is_missing in missing]
    return table[["measure", "value", "unit", "previous_month", "previous_year"]].assign(
        note=pd.Series(notes, dtype="object")
    )


def year_before(day: pd.Timestamp) -> pd.Timestamp:
    """The same day a year before; the month's end of a month's end, be it 29 February."""
    before = day - pd.DateOffset(years=1)
    return before + pd.offsets.MonthEnd(0) if day.is_month_end else before


def _reason(ledger: Ledger, day: pd.Timestamp, measure: str) -> Sentence | None:
    """Why a measure has no figure on a day; asked only of one that has none, for each is measured again."""
    if measure == "days_late":
        late: Sentence | None = days_late(ledger, day, issued_since=year_before(day))["note"].iloc[0]
        return late
    if measure == "collection_effectiveness":
        return collection_effectiveness(ledger, day - pd.Timedelta(days=DAYS), day).note
    return _FIGURES[measure](ledger, day).note if measure in _FIGURES else None


def _figures(ledger: Ledger, days: list[pd.Timestamp]) -> pd.DataFrame:
    """One row a day, one column a measure; nan before the ledger begins."""
    aged = aged_balance_history(ledger, days).set_index("as_of")
    owed = aged[TOTAL] - aged[UNAPPLIED]
    overdue = owed - aged[NOT_DUE] - aged[NO_DUE_DATE]
    figures = dso_history(ledger, days).set_index("as_of").rename(columns={"sales": "sales_90"})
    figures = figures.assign(
        balance=aged[TOTAL],
        overdue=overdue.round(2) + 0.0,
        overdue_share=overdue / owed.where(owed > HALF_CENT),
        disputed=aged_balance_history(ledger, days, disputed_apart=True).set_index("as_of")[DISPUTED],
        unapplied=aged[UNAPPLIED],
    )
    others = pd.DataFrame([_of_a_day(ledger, day) for day in days], index=figures.index)
    return figures.join(others)[figures.index >= ledger.covers[0]].reindex(figures.index)


def _of_a_day(ledger: Ledger, day: pd.Timestamp) -> dict[str, float]:
    """The measures that are asked a day at a time."""
    debtors = concentration(ledger, day, counts=(_TOP,))
    return {
        "collection_effectiveness": collection_effectiveness(ledger, day - pd.Timedelta(days=DAYS), day),
        "late_amount_rate": late_amount_rate(ledger, day),
        "days_late": days_late(ledger, day, issued_since=year_before(day))["with_open_weighted_mean_days"].iloc[0],
        "value_of_a_day": value_of_a_day(ledger, day),
        "top_10_share": float(debtors.top["share"].iloc[0]) if debtors.owed else np.nan,
        "customers_owing": len(debtors.groups),
        "open_items": len(open_items(ledger, day)),
    }

"""What a board page shows: the key figures of a day, with the month and the year before beside them."""

from typing import Any

import pandas as pd

from arlib.ledger import Day, Ledger, open_items
from arlib.measures.aging import NO_DUE_DATE, NOT_DUE, TOTAL, UNAPPLIED, aged_balance_history
from arlib.measures.dso import dso_history
from arlib.schema import HALF_CENT

UNITS = {
    "balance": "money",
    "overdue": "money",
    "overdue_share": "percent",
    "dso": "days",
    "countback_dso": "days",
    "sales_90": "money",
    "unapplied": "money",
    "open_items": "count",
    "customers_owing": "count",
}


def key_figures(ledger: Ledger, as_of: Day | None = None) -> pd.DataFrame:
    """The figures of a board page on a day, and what they were a month and a year before.

    One row a measure: `measure` (key), `value`, `unit` (money, days, percent as a share, count), `previous_month`
    (at the end of the month before), `previous_year` (same day a year before). `overdue` is what is past its due
    date, credits not taken off; `overdue_share` its share of what is owed before credits. Before the ledger begins,
    and where a measure has no figure, the value is nan.
    """
    day = ledger.day(as_of)
    moments = {
        "value": day,
        "previous_month": day.replace(day=1) - pd.Timedelta(days=1),
        "previous_year": day - pd.DateOffset(years=1),
    }
    figures = _figures(ledger, sorted(moments.values()))
    table = pd.DataFrame({"measure": list(UNITS), "unit": list(UNITS.values())})
    for name, moment in moments.items():
        table[name] = figures.loc[moment, list(UNITS)].to_numpy("float64")
    return table[["measure", "value", "unit", "previous_month", "previous_year"]]


def _figures(ledger: Ledger, days: list[pd.Timestamp]) -> pd.DataFrame:
    """One row a day, one column a measure; nan before the ledger begins."""
    aged = aged_balance_history(ledger, days).set_index("as_of")
    owed = aged[TOTAL] - aged[UNAPPLIED]
    overdue = owed - aged[NOT_DUE] - aged[NO_DUE_DATE]
    figures = dso_history(ledger, days).set_index("as_of")[["dso", "countback_dso", "sales"]]
    figures = figures.rename(columns={"sales": "sales_90"}).assign(
        balance=aged[TOTAL],
        overdue=overdue.round(2) + 0.0,
        overdue_share=overdue / owed.where(owed > HALF_CENT),
        unapplied=aged[UNAPPLIED],
        open_items=[len(opened) for opened in (open_items(ledger, day) for day in days)],
        customers_owing=_owing(ledger, days),
    )
    return figures[figures.index >= ledger.covers[0]].reindex(figures.index)


def _owing(ledger: Ledger, days: list[pd.Timestamp]) -> "pd.Series[Any]":
    by_customer = aged_balance_history(ledger, days, by="customer_id")
    counts: pd.Series[Any] = (by_customer[TOTAL] >= HALF_CENT).groupby(by_customer["as_of"]).sum()
    return counts.reindex(pd.DatetimeIndex(days), fill_value=0)

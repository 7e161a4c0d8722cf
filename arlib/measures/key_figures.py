"""What a board page shows: the key figures of a day, with the month and the year before beside them."""

import numpy as np
import pandas as pd

from arlib.ledger import Day, Ledger, open_items
from arlib.measures.aging import NOT_DUE, TOTAL, UNAPPLIED, aged_balance_history
from arlib.measures.dso import countback_dso, dso
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
    days = {
        "value": day,
        "previous_month": (day.replace(day=1) - pd.Timedelta(days=1)),
        "previous_year": day - pd.DateOffset(years=1),
    }
    figures = {name: _figures(ledger, when) for name, when in days.items()}
    table = pd.DataFrame({"measure": list(UNITS), "unit": list(UNITS.values())})
    for name, values in figures.items():
        table[name] = table["measure"].map(values).astype("float64")
    return table[["measure", "value", "unit", "previous_month", "previous_year"]]


def _figures(ledger: Ledger, day: pd.Timestamp) -> dict[str, float]:
    if day < ledger.covers[0]:
        return dict.fromkeys(UNITS, np.nan)
    aged = aged_balance_history(ledger, [day]).iloc[0].drop("as_of").astype("float64")
    owed = aged[TOTAL] - aged[UNAPPLIED]
    overdue = owed - aged[NOT_DUE] - aged["no_due_date"]
    opened = open_items(ledger, day)
    by_customer = opened.groupby("customer_id")["open_amount"].sum()
    simple = dso(ledger, day)
    return {
        "balance": aged[TOTAL],
        "overdue": overdue,
        "overdue_share": overdue / owed if owed > HALF_CENT else np.nan,
        "dso": float(simple),
        "countback_dso": float(countback_dso(ledger, day)),
        "sales_90": simple.inputs["sales"],
        "unapplied": aged[UNAPPLIED],
        "open_items": len(opened),
        "customers_owing": int((by_customer >= HALF_CENT).sum()),
    }

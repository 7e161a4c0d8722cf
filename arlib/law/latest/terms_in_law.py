"""The longest payment terms French law allows, as dated data (`law/data/sector_terms.csv`), and as due dates."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, get_args

import numpy as np
import pandas as pd

from arlib.law.dated import Kind, completed, in_force, read_entries, shipped_entries
from arlib.readers.sources import Readable
from arlib.schema import Days
from arlib.terms import DueRule, EndOfMonth

GENERAL = "general"
ANY, PERIODIC, NOTHING_AGREED, AT_END_OF_MONTH = "any", "periodic", "nothing_agreed", "end_of_month"
READINGS: tuple[EndOfMonth, ...] = tuple(each for each in get_args(EndOfMonth) if each != "none")

_COLUMNS: Mapping[str, Kind] = {
    "rule": "text",
    "sector": "text",
    "invoices": "text",
    "days": "number",
    "end_of_month": "text",
    "period": "text",
    "counted_from": "text",
    "season_days": "number",
    "season_from": "number",
    "season_to": "number",
    "article": "text",
    "en": "text",
    "fr": "text",
}
_KEY = ("sector", "invoices")
_OPTIONAL = ("season_days", "season_from", "season_to")


def law_of_terms(own: Readable | None = None) -> pd.DataFrame:
    """The longest terms by sector, as shipped, completed by the user's own table of the same columns.

    One row a rule and period: rule, its code; sector (`general`: all others); invoices it is for: any, periodic,
    end_of_month (where written terms are), nothing_agreed; days, end_of_month, period and counted_from, as `DueRule`
    has them; season_days, which may count instead for invoices of the months season_from to season_to (empty: none);
    article; en and fr, the rule in words; and the columns of evidence of `law.dated`.

    Raises:
        ArlibError: the user's table has missing columns or cells that cannot be read, all of them named.
    """
    shipped = shipped_entries("sector_terms", _COLUMNS, key=_KEY, optional=_OPTIONAL)
    if own is None:
        return shipped
    return completed(shipped, read_entries(own, _COLUMNS, key=_KEY, optional=_OPTIONAL), key=_KEY)


def due_rule(entry: Any) -> DueRule:  # noqa: ANN401 - a row of `law_of_terms`
    """A rule of the table as one that dates."""
    counted = {"counted_from": entry.counted_from, "period": entry.period}
    return DueRule(int(entry.days), entry.end_of_month, **counted)


def readings(rule: DueRule) -> tuple[DueRule, ...]:
    """The ways in which a rule may be read: an end of month counted from the invoice has two, both lawful."""
    if rule.end_of_month == "none" or rule.counted_from != "invoice":
        return (rule,)
    return tuple(replace(rule, end_of_month=each) for each in READINGS)


def latest_due(issue: Days) -> Days:
    """The last due date that invoices of some days (day numbers) can be given in France, whatever their contract says.

    60 days after the invoice or, where the contract says so, 45 days end of month, which may be read as the end of the
    month 45 days after the invoice or as 45 days after the end of its month: the latest of the three, so that nothing
    is called a breach that a contract may allow. Summary invoices (45 days) and trades with shorter terms are not told
    apart: `legal_due_dates` does. Source: Code de commerce, L441-10 I, and the readings of the DGCCRF.
    """
    return np.asarray(np.maximum.reduce([rule.due_days(issue) for rule in _longest()]))


@cache
def _longest() -> tuple[DueRule, ...]:
    """The rules of terms agreed between companies, in every reading, as the last rows of the table have them."""
    entries = law_of_terms()
    last = in_force(entries, entries["valid_from"].max(), key=_KEY)
    agreed = last[(last["sector"] == GENERAL) & last["invoices"].isin((ANY, AT_END_OF_MONTH))]
    return tuple(reading for entry in agreed.itertuples() for reading in readings(due_rule(entry)))

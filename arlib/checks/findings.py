"""What looks wrong in a ledger that reads: findings as rows, each with its place and what it means."""

import numpy as np
import pandas as pd

from arlib.checks import accounts, amounts, credit, customers, cut_off, dates, documents, matching, numbering, terms
from arlib.checks.rule import Check, books_of
from arlib.ledger import Day, Ledger
from arlib.words import Language

COLUMNS = {
    "check": "str",
    "severity": "str",
    "item_id": "Int64",
    "customer_id": "str",
    "column": "str",
    "value": "str",
    "meaning": "str",
    "amount": "float64",
    "count": "int64",
    "file": "str",
    "row": "Int64",
}
_THEMES = (accounts, amounts, credit, customers, cut_off, dates, documents, matching, numbering, terms)
_RANK = {"error": 0, "warning": 1, "info": 2}


def checks() -> tuple[Check, ...]:
    """Every check, by theme."""
    return tuple(check for theme in _THEMES for check in vars(theme).values() if isinstance(check, Check))


def check(ledger: Ledger, as_of: Day | None = None, *, language: Language = "en") -> pd.DataFrame:
    """Everything that looks wrong on a day, as rows.

    One row a finding: `check` (key), `severity` (error, warning, info), `item_id`, `customer_id`, `column`, `value`
    as it stands, `meaning` (a sentence in the language), `amount` at stake, `count` of the movements behind it, `file`
    and `row` it was read from. What is about a customer, a series of numbers or a month has no `item_id`, or that of
    one movement that shows it; an `amount` that cannot be known is missing. Sorted by severity, then amount at stake.

    Looked at is what was booked by the day; dates that are wrong are looked for in all rows, since they decide what
    was. An empty frame means that nothing was found, not that nothing is wrong.
    """
    books = books_of(ledger, ledger.day(as_of))
    found = [(check, check.find(books[check.scope])) for check in checks()]
    frames = [_findings(check, rows, language) for check, rows in found if len(rows)]
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
    findings = pd.concat(frames, ignore_index=True)
    keys = (findings["row"].fillna(0), findings["check"], -findings["amount"].abs().fillna(0))
    order = np.lexsort((*keys, findings["severity"].map(_RANK)))
    return findings.iloc[order].reset_index(drop=True)


def _findings(check: Check, rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    """The rows one check found as findings; what a row is not about is missing."""
    shown = rows["value"] if "value" in rows else rows[check.column]
    dates_shown = pd.api.types.is_datetime64_any_dtype(shown)
    made = rows.reindex(columns=["item_id", "customer_id", "file", "row", "count"]).assign(
        check=check.key,
        severity=check.severity,
        column=rows.get("column", check.column),
        value=shown.dt.strftime("%Y-%m-%d") if dates_shown else shown.astype("str"),
        meaning=check.sentence(language),
        amount=rows["at_stake"] if "at_stake" in rows else rows["amount"],
    )
    return made.fillna({"count": 1})[list(COLUMNS)].astype(COLUMNS)

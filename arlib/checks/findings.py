"""What looks wrong in a ledger that reads: findings as rows, each with its place and what it means."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from arlib.ledger import Day, Ledger, settled_amounts
from arlib.schema import CREDIT_NOTE, HALF_CENT, INVOICE, OPENING
from arlib.words import Language, word

COLUMNS = ("check", "severity", "item_id", "customer_id", "column", "value", "meaning", "amount", "row")
_FAR = 3650  # days between a document and the middle of the ledger beyond which its date is doubtful
_OLD_CREDIT = 180  # days after which a credit nobody applied deserves a look


def check(ledger: Ledger, as_of: Day | None = None, *, language: Language = "en") -> pd.DataFrame:
    """Everything that looks wrong in what was booked by a day, as rows; dates far off, among all rows.

    One row a finding: `check` (key), `severity` (error, warning, info), `item_id`, `customer_id`, `column`, `value`
    as it stands, `meaning` (a sentence in the language), `amount` at stake, `row` of the source file. Sorted by
    severity, then amount at stake. An empty frame means that nothing was found, not that nothing is wrong.
    """
    day = ledger.day(as_of)
    left = (ledger.items["amount"] - settled_amounts(ledger, day)).round(2)
    items = ledger.items.assign(left=left)
    known = items[items["booked_on"] <= day]
    # A date far in the future is looked for among all rows: it is what keeps its row from being known.
    tests = {key: test(items if key == "far_date" else known, day) for key, (_, _, test) in _CHECKS.items()}
    found = [_findings(key, rows, language) for key, rows in tests.items() if len(rows)]
    if not found:
        return pd.DataFrame(columns=list(COLUMNS))
    rank = {"error": 0, "warning": 1, "info": 2}
    findings = pd.concat(found, ignore_index=True)
    order = np.lexsort((findings["row"], -findings["amount"].abs(), findings["severity"].map(rank)))
    return findings.iloc[order].reset_index(drop=True)


def _findings(key: str, rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Findings of one check; `rows` are items, whose `at_stake` is the amount where it is not the item's own."""
    severity, column, _ = _CHECKS[key]
    values = rows[column]
    dates = pd.api.types.is_datetime64_any_dtype(values)
    return pd.DataFrame(
        {
            "check": key,
            "severity": severity,
            "item_id": rows["item_id"],
            "customer_id": rows["customer_id"],
            "column": column,
            "value": values.dt.strftime("%Y-%m-%d") if dates else values.astype("str"),
            "meaning": word(f"check.{key}", language),
            "amount": rows["at_stake"] if "at_stake" in rows else rows["amount"],
            "row": rows["row"],
        },
        columns=list(COLUMNS),
    )


def _duplicates(items: pd.DataFrame, _day: pd.Timestamp) -> pd.DataFrame:
    sold = items[items["kind"].isin((INVOICE, CREDIT_NOTE)) & items["reference"].notna()]
    return sold[sold.duplicated(["entity", "customer_id", "reference", "amount", "issued_on", "due_on"])]


def _due_before_issue(items: pd.DataFrame, _day: pd.Timestamp) -> pd.DataFrame:
    return items[(items["amount"] > 0) & (items["due_on"] < items["issued_on"])]


def _far_dates(items: pd.DataFrame, _day: pd.Timestamp) -> pd.DataFrame:
    middle = pd.Timestamp(str(items["issued_on"].quantile(0.5)))
    late = (items["due_on"] - middle).abs().dt.days > _FAR
    return items[((items["issued_on"] - middle).abs().dt.days > _FAR) | late]


def _left_open(items: pd.DataFrame) -> pd.DataFrame:
    """Items with what is open of them on the day as the amount at stake."""
    left: pd.DataFrame = items[items["left"].abs() >= HALF_CENT]
    return left.assign(at_stake=left["left"])


def _partial_matching(items: pd.DataFrame, _day: pd.Timestamp) -> pd.DataFrame:
    opened = _left_open(items)
    return opened[opened["letter"].notna()] if "letter" in opened else opened.iloc[:0]


def _old_credits(items: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    opened = _left_open(items)
    age = (day - opened["booked_on"]).dt.days
    old: pd.DataFrame = opened[(opened["at_stake"] < 0) & (age > _OLD_CREDIT) & (opened["kind"] != OPENING)]
    return old


def _assumed_due_dates(items: pd.DataFrame, _day: pd.Timestamp) -> pd.DataFrame:
    opened = _left_open(items)
    return opened[(opened["due_source"] == "default") & (opened["at_stake"] > 0)]


_CHECKS: dict[str, tuple[str, str, Callable[[pd.DataFrame, pd.Timestamp], pd.DataFrame]]] = {
    "duplicate": ("warning", "reference", _duplicates),
    "due_before_issue": ("warning", "due_on", _due_before_issue),
    "far_date": ("error", "issued_on", _far_dates),
    "partial_matching": ("info", "letter", _partial_matching),
    "old_credit": ("info", "booked_on", _old_credits),
    "assumed_due_date": ("info", "due_on", _assumed_due_dates),
}

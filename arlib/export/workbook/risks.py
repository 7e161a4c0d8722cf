"""Who pays late and what may be lost: scores with their reasons, the provision matrix, doubtful debts."""

from typing import Any

import pandas as pd

from arlib.errors import ArlibError
from arlib.export.sheets import Book, fields_of, write_table
from arlib.export.workbook.material import Material
from arlib.risk import provision_total
from arlib.schema import HALF_CENT
from arlib.words import say, word

_SCORES = (
    *("customer_id", "name", "grade", "score", "p_late", "exposure", "overdue", "days_overdue", "expected_late"),
    *("change", "trend", "main_reasons"),
)
_MATRIX = (
    *("bucket", "gross", "credits", "tax", "covered", "exposure", "loss_rate", "factor", "applied_rate"),
    *("provision", "note"),
)
_DEBTS = (
    *("customer_id", "name", "reference", "due_on", "amount", "tax", "net", "rate", "impairment", "previous"),
    *("charge", "reversal", "reason", "note"),
)


def write_scores(book: Book, material: Material) -> None:
    """A customer a row, the largest expected late amount first, with the reasons of its score."""
    scores = material.scores
    plain = (scores["exposure"].clip(lower=0) * scores["p_late"] - scores["expected_late"]).abs() < HALF_CENT
    said: dict[str, Any] = {
        "grade": {"width": 10},
        "expected_late": {"total": True, "formula": "=MAX(F{row},0)*E{row}", "where": "plain"},
        "exposure": {"total": True},
        "overdue": {"total": True},
        "main_reasons": {"kind": "prose", "width": 90},
    }
    fields = fields_of(scores, _SCORES, book.language, **said)
    placed = write_table(
        book.pages["scores"], fields, scores.assign(plain=plain.fillna(value=False)), finding=_starting(scores)
    )
    book.name("risk_exposure", placed.cells("exposure"))
    book.name("risk_grade", placed.cells("grade"))
    placed.page.notes([say("export.scores.how", days=int(scores["days_late"].iloc[0]))] if len(scores) else [])


def write_provisions(book: Book, material: Material) -> None:
    """What can be lost of each age times its rate, and the total; then what is doubtful debt by debt."""
    matrix, language = material.provisions, book.language
    total = provision_total(matrix)
    rated = matrix["applied_rate"].notna()
    said: dict[str, Any] = {name: {"total": True} for name in ("gross", "credits", "tax", "covered")}
    said |= {
        "exposure": {"total": True, "formula": "=ROUND(SUM(B{row}:E{row}),2)", "where": "summed"},
        "factor": {"kind": "rate", "width": 12},
        "loss_rate": {"kind": "rate"},
        "applied_rate": {"kind": "rate", "formula": "=MIN(1,G{row}*H{row})", "where": "rated"},
        "provision": {"total": True, "formula": "=ROUND(F{row}*I{row},2)", "where": "rated"},
        "note": {"kind": "prose"},
    }
    fields = fields_of(matrix, _MATRIX, language, **said)
    written = matrix.assign(rated=rated, summed=_sums_up(matrix))
    finding = say("export.provisions.finding", provision=float(total), exposure=total.inputs["exposure"])
    placed = write_table(
        book.pages["provisions"], fields, written, finding=total.note if pd.isna(total) else finding, filtered=False
    )
    book.name("provision", placed.sum("provision"))
    book.name("provision_exposure", placed.sum("exposure"))
    placed.page.notes([total.formula, *([total.note] if total.note else []), say("export.provisions.how")])


def write_doubtful(book: Book, material: Material) -> None:
    """The doubtful debts one by one, and the entries they ask for."""
    doubtful, page = material.doubtful, book.pages["doubtful"]
    if doubtful.debts.empty:
        raise ArlibError(say("export.doubtful.none", day=material.as_of))
    said: dict[str, Any] = {
        name: {"total": True} for name in ("amount", "tax", "net", "impairment", "previous", "charge", "reversal")
    }
    said |= {"rate": {"kind": "rate"}, "reason": {"kind": "prose"}, "note": {"kind": "prose"}}
    write_table(page, fields_of(doubtful.debts, _DEBTS, book.language, **said), doubtful.debts)
    if len(doubtful.entries):
        page.section(word("export.doubtful.entries", book.language))
        sides: dict[str, Any] = {name: {"total": True} for name in ("debit", "credit")}
        entries = fields_of(doubtful.entries, list(doubtful.entries.columns), book.language, **sides)
        write_table(page, entries, doubtful.entries, filtered=False)
    page.notes(doubtful.notes)


def _sums_up(matrix: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows' exposures are the sum of their parts; that of credits above all a customer owes is nothing."""
    return (matrix[["gross", "credits", "tax", "covered"]].sum(axis=1) - matrix["exposure"]).abs() < HALF_CENT


def _starting(scores: pd.DataFrame) -> str:
    return "" if scores.empty else str(scores["starting_point"].iloc[0])

"""What is said of the VAT of debts: why, what is missing, what the rectified invoice must say, what is to be minded."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from arlib.law.deadlines.countdown import countdowns, statuses
from arlib.law.reasons import column_of, said, written_days
from arlib.law.vat.known import CASE, DOCUMENTS, ELIGIBLE, NO_DOCUMENT, ON_CERTIFICATE, PASSED, Known
from arlib.schema import NO_DAY, Codes, Flags, Floats, day_number, day_numbers, texts_by_code
from arlib.words import Language, Sentence, money, say, word

VatOnReceipts = bool | Iterable[str] | None

_NEEDED = {
    ELIGIBLE: ("judgment", "rectified_invoice"),
    ON_CERTIFICATE: ("certificate", "enforcement", "rectified_invoice"),
}
_FRENCH_RATES = np.array([0.2, 0.1, 0.055, 0.021, 0.085])
_ROUNDED = 0.0006  # what rounding to cents moves of a rate


def missing(status: "pd.Series[str]", known: Known, rows: Codes, language: Language) -> "pd.Series[str]":
    """The documents each debt still lacks, in a list."""
    has = known.documents[:, rows] != NO_DOCUMENT
    code = np.zeros(len(rows), dtype=np.intp)
    for place, name in enumerate(DOCUMENTS):
        needed = status.isin([each for each, documents in _NEEDED.items() if name in documents]).to_numpy()
        # A debt that a certificate and an enforcement prove lost needs no judgment.
        proven = has[DOCUMENTS.index("certificate")] & has[DOCUMENTS.index("enforcement")]
        code |= np.where(needed & ~has[place] & ~((name == "judgment") & proven), 1 << place, 0)
    lists = [
        "; ".join(
            word(f"law.vat.document.{name}", language) for place, name in enumerate(DOCUMENTS) if each >> place & 1
        )
        for each in range(1 << len(DOCUMENTS))
    ]
    return texts_by_code(lists, np.where(code == 0, -1, code), status.index)


@cache
def _wording() -> str:
    return (Path(__file__).parents[1] / "data" / "rectified_invoice.txt").read_text(encoding="utf-8").strip()


def wordings(items: pd.DataFrame, currency: str) -> "pd.Series[str]":
    """What the rectified invoice must say, in French whatever the language: it is a legal text."""
    wanted = items["status"].isin((ELIGIBLE, ON_CERTIFICATE))
    pairs = items.loc[wanted, ["net", "vat"]]
    texts = [
        _wording().format(net=money(net, "fr", currency), vat=money(vat, "fr", currency))
        for net, vat in zip(pairs["net"], pairs["vat"], strict=True)
    ]
    return pd.Series(texts, pairs.index, dtype="str").reindex(items.index)


def reasons(items: pd.DataFrame, case: Codes, day: pd.Timestamp, language: Language) -> "pd.Series[str]":
    """Why each debt has its status, and until when its VAT can be recovered."""
    event, ends = (day_numbers(items[name]) for name in ("event_on", "deadline_on"))
    columns = {"event": written_days(event, language), "last": written_days(ends, language)}
    parts = [
        (case == code, said(f"law.vat.case.{name}", language, case == code, columns)) for name, code in CASE.items()
    ]
    dated = ends != NO_DAY
    parts.append((dated, said("law.vat.until", language, dated, columns)))
    today = day_number(day)
    parts += countdowns(ends, today, statuses(ends, today, 0), language)
    late = items["status"].eq(PASSED).to_numpy()
    parts.append((late, said("law.vat.too_late", language, late, columns)))
    undated = items["status"].eq(ELIGIBLE).to_numpy() & ~dated
    parts.append((undated, said("law.vat.undated", language, undated, columns)))
    return column_of(parts, items.index)


def notes(items: pd.DataFrame, vat_on_receipts: VatOnReceipts, vat_rate: float | None) -> tuple[Sentence, ...]:
    """What was assumed of all debts, what is not known, and what is to be confirmed."""
    told = []
    if vat_on_receipts is None and len(items):
        told.append(say("law.vat.note.debits"))
    unknown = items["vat"].isna()
    if unknown.any():
        amount = float(items.loc[unknown, "amount"].sum())
        told.append(say("law.vat.note.unknown", debts=int(unknown.sum()), amount=amount))
    if vat_rate is not None:
        told.append(say("law.vat.note.assumed", rate=vat_rate))
    if items["deadline_on"].notna().any():
        told.append(say("law.vat.note.deadline"))
    mixed = items["status"].isin((ELIGIBLE, ON_CERTIFICATE)) & ~_usual(items["vat_rate"].to_numpy())
    if mixed.any():
        named = ", ".join(items.loc[mixed, "reference"].fillna("–").head(10))
        told.append(say("law.vat.note.mixed", debts=int(mixed.sum()), references=named))
    return tuple(told)


def _usual(rates: Floats) -> Flags:
    """Whether rates are those of one French rate alone, within what rounding to cents moves."""
    return np.asarray((np.abs(rates[:, None] - _FRENCH_RATES) < _ROUNDED).any(axis=1))

"""What a row of a list is (invoice, credit note, payment…), and which way it moves what the customer owes."""

import re
from typing import Any

import numpy as np
import pandas as pd

from arlib.schema import BILL, CREDIT_NOTE, INVOICE, KINDS, OPENING, PAYMENT, WRITE_OFF
from arlib.words import Sentence, bare, say

_REVERSAL = "reversal"  # a payment taken back: it raises what is owed
_REDUCING = (CREDIT_NOTE, PAYMENT, WRITE_OFF)
_WORDS = (
    (r"impaye|rejet|rejete|rembours\w*|refund|chargeback|bounced|returned", _REVERSAL),
    (r"(?:facture d )?avoir|credit (?:note|memo|invoice)|cr memo|note de credit|av|cn|nc", CREDIT_NOTE),
    (
        r"regl\w*|rgl?t|rg|reg|paiement|paid|pay|(?:invoice )?payment|pmt|encaiss\w*|enc|acompte|versement|deposit",
        PAYMENT,
    ),
    (
        r"virement|vir|wire|bank transfer|cheque|chq|check|prelevement|prlv|cash|especes|cb|carte|receipt|remise",
        PAYMENT,
    ),
    (r"report|a nouveau|nouveaux|ouverture|opening|ran", OPENING),
    (r"effet|traite|lcr|lettre de change|bill of exchange|bor", BILL),
    (r"perte|irrecouvrable|write off|bad debt", WRITE_OFF),
    (r"facture|fact|fac|fa|invoice|inv|vente|sale|ft", INVOICE),
)


def kind_of(written: str) -> str | None:
    """The kind a few words state, the first of them deciding, a reversal wherever it stands; None: not understood."""
    if written in KINDS:
        return written
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", bare(written).lower()).split())
    found = [(match.start(), kind) for words, kind in _WORDS if (match := re.search(rf"\b(?:{words})\b", plain))]
    return min(found, key=lambda pair: (pair[1] != _REVERSAL, pair[0]))[1] if found else None


def kinds_and_amounts(
    read: pd.DataFrame, amount: "pd.Series[Any]"
) -> tuple["pd.Series[Any]", "pd.Series[Any]", list[Sentence]]:
    """What each row is and what it adds to what is owed, and what to warn of.

    The type decides, else the words of the label or the reference, else the sign. Lists with one amount column
    often write credit notes and payments as plain positive amounts: where most of a kind are, all are turned.
    """
    by_columns = "debit" in read and "credit" in read
    typed = _understood(read["kind"]) if "kind" in read else pd.Series(pd.NA, read.index, dtype="str")
    worded = _worded(read[typed.isna()]).reindex(read.index)
    # A label names many things ("règlement F12"): it settles only what a negative amount is.
    kind = typed.fillna(worded.where((amount < 0) & worded.isin(_REDUCING)))
    kind = kind.fillna(worded.where((amount > 0) & (worded == _REVERSAL)))
    unsigned = kind.isna() & (amount < 0)
    kind = kind.fillna(pd.Series(np.where(amount < 0, PAYMENT if by_columns else CREDIT_NOTE, INVOICE), read.index))
    if not by_columns:
        amount = _turned(kind, amount)
    kind = kind.replace(_REVERSAL, PAYMENT)
    kind = kind.where(~((kind == INVOICE) & (amount < 0)), CREDIT_NOTE)
    return kind, amount, _warnings(read, typed, unsigned=0 if by_columns else int(unsigned.sum()))


def _understood(written: "pd.Series[Any]") -> "pd.Series[Any]":
    named = {text: kind_of(text) for text in written.dropna().unique()}
    return written.map(named).astype("str")


def _worded(read: pd.DataFrame) -> "pd.Series[Any]":
    """What the label of a row, or its journal, says it is."""
    worded = pd.Series(pd.NA, index=read.index, dtype="str")
    for name in [name for name in ("label", "journal") if name in read]:
        worded = worded.fillna(_understood(read[name]))
    return worded


def _turned(kind: "pd.Series[Any]", amount: "pd.Series[Any]") -> "pd.Series[Any]":
    """Amounts with the sign their kind gives them."""
    for reducing in _REDUCING:
        of_kind = kind == reducing
        if (amount[of_kind] > 0).sum() > (amount[of_kind] < 0).sum():
            amount = amount.where(~of_kind, -amount)
    return amount.where(kind != _REVERSAL, amount.abs())


def _warnings(read: pd.DataFrame, typed: "pd.Series[Any]", *, unsigned: int) -> list[Sentence]:
    warnings = [say("read.negative_rows", rows=unsigned)] if unsigned and "kind" not in read else []
    unknown = read.loc[typed.isna(), "kind"].dropna() if "kind" in read else pd.Series(dtype="str")
    if len(unknown):
        types = ", ".join(f"{text} ({count})" for text, count in unknown.value_counts().head(8).items())
        warnings.append(say("read.unknown_types", types=types))
    return warnings

"""What a row of a list is (invoice, credit note, payment…), and which way it moves what the customer owes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.readers.profiles import UNKNOWN, Profile
from arlib.readers.row_words import row_word
from arlib.schema import BILL, CREDIT_NOTE, INVOICE, KINDS, OPENING, PAYMENT, WRITE_OFF
from arlib.words import Sentence, bare, say

_REVERSAL = "reversal"  # a payment taken back: it raises what is owed
_BROUGHT = "brought forward"  # a label that says, as a whole, that its row is an opening balance
_REDUCING = (CREDIT_NOTE, PAYMENT, WRITE_OFF)
_REVERSING = r"(?i:impay|rejet|rembours|refund|chargeback|bounced|returned|r[uü]ckzahlung|r[uü]cklast)"
_OPENING = r"(?i:solde|nouveau|balance|brought|b[ /.]?[fd]\b|saldo|vortrag|ouverture|apertura|report)"
_WORDS = (
    (r"impaye|rejet|rejete|rembours\w*|refund|chargeback|bounced|returned|ruckzahlung|rucklastschrift", _REVERSAL),
    (
        (
            r"(?:facture d )?avoir|credit (?:note|memo|invoice)|cr memo|credmemo|note de credit|sales credit|gutschrift"
            r"|nota de credito|abono|nota di credito|creditnota|accreccredit|av|cn|nc"
        ),
        CREDIT_NOTE,
    ),
    (
        (
            r"regl\w*|rgl?t|rg|reg|paiement|paid|pay|(?:invoice )?payment|pmt|encaiss\w*|enc|acompte|versement|deposit"
            r"|overpayment|prepayment|zahlung\w*|pago|cobro|pagamento|incasso"
        ),
        PAYMENT,
    ),
    (
        r"virement|vir|wire|bank transfer|cheque|chq|check|prelevement|prlv|cash|especes|cb|carte|receipt|remise",
        PAYMENT,
    ),
    (r"report|a nouveau|nouveaux|ouverture|opening|ran|saldovortrag|apertura", OPENING),
    (r"effet|traite|lcr|lettre de change|bill of exchange|bor|wechsel", BILL),
    (r"perte|irrecouvrable|write off|bad debt", WRITE_OFF),
    (
        r"facture|fact|fac|fa|invoice|inv|vente|sale|ft|income|revenus?|recettes?|rechnung|factura|fattura|accrec",
        INVOICE,
    ),
)


@dataclass(frozen=True, eq=False)
class Kinds:
    """What each row is and what it adds to what is owed; what to warn of; and how amounts turned out to be written."""

    kind: "pd.Series[Any]"
    amount: "pd.Series[Any]"
    warnings: list[Sentence]
    decided: Mapping[str, Any]


def kind_of(written: str) -> str | None:
    """The kind a few words state, the first of them deciding, a reversal wherever it stands; None: not understood."""
    if written in KINDS:
        return written
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", bare(written).lower()).split())
    found = [(match.start(), kind) for words, kind in _WORDS if (match := re.search(rf"\b(?:{words})\b", plain))]
    return min(found, key=lambda pair: (pair[1] != _REVERSAL, pair[0]))[1] if found else None


def kinds_and_amounts(
    read: pd.DataFrame, amount: "pd.Series[Any]", profile: Profile = UNKNOWN, *, both_ways: bool = False
) -> Kinds:
    """What each row is and what it adds to what is owed.

    The type decides, by the profile's codes first; else the words of the label or the journal, else the sign. Lists
    with one amount column often write credit notes and payments as plain positive amounts: where most of a kind are,
    or the profile says so, all are turned.
    """
    typed = _typed(read, profile)
    worded = _worded(read, typed.isna() & (amount != 0), amount)
    below = amount < 0
    kind = typed.to_numpy(dtype=object)
    # A label names many things ("règlement F12"): it settles only what a negative amount is.
    believed = (below & worded.isin(_REDUCING)) | (~below & (worded == _REVERSAL)) | (worded == _BROUGHT)
    said = worded.notna() & typed.isna() & believed
    kind = np.where(said, worded.to_numpy(dtype=object), kind)
    unsaid = (typed.isna() & ~said).to_numpy()
    kind = np.where(unsaid, np.where(below, PAYMENT if both_ways else CREDIT_NOTE, INVOICE), kind)
    decided: dict[str, Any] = {}
    if not both_ways:
        amount, decided = _turned(kind, amount, profile)
    kind = np.where(kind == _REVERSAL, PAYMENT, np.where(kind == _BROUGHT, OPENING, kind))
    kind = np.where((kind == INVOICE) & (amount < 0).to_numpy(), CREDIT_NOTE, kind)
    unsigned = 0 if both_ways else int((unsaid & below.to_numpy()).sum())
    return Kinds(pd.Series(kind, read.index, dtype="str"), amount, _warnings(read, typed, unsigned=unsigned), decided)


def shapes(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Texts with every number written 0: far fewer distinct ones, with the same words."""
    return cells.str.replace(r"[0-9]+", "0", regex=True)


def _typed(read: pd.DataFrame, profile: Profile) -> "pd.Series[Any]":
    """The kind each row's type states, by the profile's codes first."""
    if "kind" not in read:
        return pd.Series(pd.NA, read.index, dtype="str")
    codes = {code.casefold(): kind for code, kind in profile.kinds.items()}
    named = {text: codes.get(text.casefold()) or kind_of(text) for text in read["kind"].dropna().unique()}
    return read["kind"].map(named).astype("str")


def _worded(read: pd.DataFrame, wanted: "pd.Series[bool]", amount: "pd.Series[Any]") -> "pd.Series[Any]":
    """What the label of a row, or its journal, says it is, where its type does not."""
    worded = pd.Series(pd.NA, index=read.index, dtype="str")
    for name in [name for name in ("label", "journal") if name in read]:
        cells = read.loc[wanted & worded.isna(), name].dropna()
        # Of a row that adds to what is owed, only a reversal or an opening is believed: most rows need no looking at.
        cells = cells[(amount[cells.index] < 0) | cells.str.contains(f"{_REVERSING}|{_OPENING}", regex=True)]
        shaped = shapes(cells)
        named = {text: _BROUGHT if row_word(text) == "opening" else kind_of(text) for text in shaped.unique()}
        worded[cells.index] = shaped.map(named).astype("str")
    return worded


def _turned(
    kind: npt.NDArray[np.object_], amount: "pd.Series[Any]", profile: Profile
) -> tuple["pd.Series[Any]", dict[str, Any]]:
    """Amounts with the sign their kind gives them, and which kinds are written positive, which with their sign."""
    positive: list[str] = []
    signed: list[str] = []
    for reducing in _REDUCING:
        of_kind = kind == reducing
        over, under = int((amount[of_kind] > 0).sum()), int((amount[of_kind] < 0).sum())
        said = reducing in profile.positive or (reducing not in profile.signed and over > under)
        if over or under:
            (positive if said else signed).append(reducing)
        if said:
            amount = amount.where(~of_kind, -amount)
    return amount.where(kind != _REVERSAL, amount.abs()), {"positive": positive, "signed": signed}


def _warnings(read: pd.DataFrame, typed: "pd.Series[Any]", *, unsigned: int) -> list[Sentence]:
    warnings = [say("read.negative_rows", rows=unsigned)] if unsigned and "kind" not in read else []
    unknown = read.loc[typed.isna(), "kind"].dropna() if "kind" in read else pd.Series(dtype="str")
    if len(unknown):
        types = ", ".join(f"{text} ({count})" for text, count in unknown.value_counts().head(8).items())
        warnings.append(say("read.unknown_types", types=types))
    return warnings

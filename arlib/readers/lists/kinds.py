"""What a row of a list is (invoice, credit note, payment…), and which way it moves what the customer owes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from arlib.readers.cells.columns import text_array
from arlib.readers.profiles import UNKNOWN, Profile
from arlib.readers.rows.row_words import row_word
from arlib.schema import (
    BILL,
    CREDIT_NOTE,
    INVOICE,
    KINDS,
    OPENING,
    PAYMENT,
    WRITE_OFF,
    Codes,
    Flags,
    texts_by_code,
)
from arlib.words import Sentence, bare, say

_REVERSAL = "reversal"  # a payment taken back: it raises what is owed
_BROUGHT = "brought forward"  # a label that says, as a whole, that its row is an opening balance
_REDUCING = (CREDIT_NOTE, PAYMENT, WRITE_OFF)
_CODE = {name: code for code, name in enumerate((*KINDS, _REVERSAL, _BROUGHT))}
_REDUCING_CODES = [_CODE[name] for name in _REDUCING]
_AS_ZERO = np.arange(256, dtype=np.uint8)  # every byte as itself, a digit as 0
_AS_ZERO[ord("0") : ord("9") + 1] = ord("0")
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
    below = (amount < 0).to_numpy()
    typed = _typed(read, profile)
    worded = _worded(read, (typed < 0) & (amount != 0).to_numpy(), below)
    # A label names many things ("règlement F12"): it settles only what a negative amount is.
    believed = (below & np.isin(worded, _REDUCING_CODES)) | (~below & (worded == _CODE[_REVERSAL]))
    said = (typed < 0) & (believed | (worded == _CODE[_BROUGHT]))
    unsaid = (typed < 0) & ~said
    by_sign = np.where(below, _CODE[PAYMENT if both_ways else CREDIT_NOTE], _CODE[INVOICE])
    kind: Codes = np.where(unsaid, by_sign, np.where(said, worded, typed))
    decided: dict[str, Any] = {}
    if not both_ways:
        amount, decided = _turned(kind, amount, profile)
    kind[kind == _CODE[_REVERSAL]] = _CODE[PAYMENT]
    kind[kind == _CODE[_BROUGHT]] = _CODE[OPENING]
    kind[(kind == _CODE[INVOICE]) & (amount < 0).to_numpy()] = _CODE[CREDIT_NOTE]
    unsigned = 0 if both_ways else int((unsaid & below).sum())
    warnings = _warnings(read, typed < 0, unsigned=unsigned)
    return Kinds(texts_by_code(tuple(_CODE), kind, read.index), amount, warnings, decided)


def shapes(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Texts with every digit written 0, missing ones empty: far fewer distinct ones, with the same words."""
    text = text_array(cells)
    _, ends, written = text.buffers()
    if written is None:
        return cells
    plain = pa.py_buffer(_AS_ZERO[np.frombuffer(written, dtype=np.uint8)])
    shaped = pa.LargeStringArray.from_buffers(len(text), ends, plain, offset=text.offset)
    return pd.Series(pd.array(shaped, dtype="str"), index=cells.index)


def _typed(read: pd.DataFrame, profile: Profile) -> Codes:
    """The kind each row's type states, by the profile's codes first; -1 for none."""
    if "kind" not in read:
        return np.full(len(read), -1, dtype=np.intp)
    known = {code.casefold(): kind for code, kind in profile.kinds.items()}
    codes, types = pd.factorize(read["kind"])
    named = [_CODE.get(known.get(text.casefold()) or kind_of(text) or "", -1) for text in types]
    return np.array([*named, -1], dtype=np.intp)[codes]


def _worded(read: pd.DataFrame, wanted: Flags, below: Flags) -> Codes:
    """What the label of a row, or its journal, says it is, where its type does not; -1 for nothing."""
    worded = np.full(len(read), -1, dtype=np.intp)
    for name in [name for name in ("label", "journal") if name in read]:
        places = np.flatnonzero(wanted & (worded < 0) & read[name].notna().to_numpy())
        codes, distinct = pd.factorize(shapes(read[name].iloc[places]))
        # Of a row that adds to what is owed, only a reversal or an opening is believed: most texts need no reading.
        told = (
            pd.Series(distinct, dtype="str").str.contains(f"{_REVERSING}|{_OPENING}", regex=True).to_numpy(dtype=bool)
        )
        looked_at = told | (np.bincount(codes, below[places], len(distinct)) > 0)
        named = np.full(len(distinct), -1, dtype=np.intp)
        for place in np.flatnonzero(looked_at):
            text = str(distinct[int(place)])
            named[place] = _CODE.get(_BROUGHT if row_word(text) == "opening" else kind_of(text) or "", -1)
        worded[places] = np.where(below[places] | told[codes], named[codes], -1)
    return worded


def _turned(kind: Codes, amount: "pd.Series[Any]", profile: Profile) -> tuple["pd.Series[Any]", dict[str, Any]]:
    """Amounts with the sign their kind gives them, and which kinds are written positive, which with their sign."""
    positive: list[str] = []
    signed: list[str] = []
    for reducing in _REDUCING:
        of_kind = kind == _CODE[reducing]
        if not of_kind.any():
            continue
        over, under = int((amount[of_kind] > 0).sum()), int((amount[of_kind] < 0).sum())
        said = reducing in profile.positive or (reducing not in profile.signed and over > under)
        if over or under:
            (positive if said else signed).append(reducing)
        if said:
            amount = amount.where(~of_kind, -amount)
    reversals = kind == _CODE[_REVERSAL]
    return amount.where(~reversals, amount.abs()), {"positive": positive, "signed": signed}


def _warnings(read: pd.DataFrame, untyped: Flags, *, unsigned: int) -> list[Sentence]:
    warnings = [say("read.negative_rows", rows=unsigned)] if unsigned and "kind" not in read else []
    unknown = read.loc[untyped, "kind"].dropna() if "kind" in read else pd.Series(dtype="str")
    if len(unknown):
        types = ", ".join(f"{text} ({count})" for text, count in unknown.value_counts().head(8).items())
        warnings.append(say("read.unknown_types", types=types))
    return warnings

"""What one bank file says: its statements and every movement on them, before receipts are told from the rest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from arlib.ledger import Source

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
# What banks write where there is none, or where it stands elsewhere.
_NO_REFERENCE = {"NOTPROVIDED", "NONREF", "NONE", "EREF", "KREF", "MREF", "MARF", "PREF", "EREF+", "KREF+", "MREF+"}
_AMOUNT = re.compile(r"\d{1,12}(?:[.,]\d*)?")
_CENTURY = 80  # two-digit years from 80 on are of the 1900s

TEXTS = ("payer", "payer_account", "remittance", "reference", "transaction_code")


class Statement(NamedTuple):
    """One statement; balances are signed, and missing where the file does not give them."""

    number: str | None
    bank_account: str | None
    currency: str | None
    opened_on: date | None = None
    opening: float = np.nan
    closed_on: date | None = None
    closing: float = np.nan


class Movement(NamedTuple):
    """One movement on an account: `amount` is what it does to the balance, `reversal` whether it undoes another."""

    statement: int
    row: int
    received_on: date
    value_on: date | None
    amount: float
    reversal: bool
    booked: bool = True
    payer: str | None = None
    payer_account: str | None = None
    remittance: str | None = None
    reference: str | None = None
    transaction_code: str | None = None


@dataclass(frozen=True, eq=False)
class Extract:
    """Statements and movements of one file, with the fields of `Statement` and `Movement` as columns.

    `statement` of a movement is the position of its statement. What was understood so far is in `source`.
    """

    source: Source
    statements: pd.DataFrame
    movements: pd.DataFrame


def statements_frame(statements: Sequence[Statement]) -> pd.DataFrame:
    """One row a statement."""
    frame = pd.DataFrame.from_records(list(statements), columns=list(Statement._fields))
    for name in ("opened_on", "closed_on"):
        frame[name] = days([getattr(statement, name) for statement in statements])
    return frame.astype({"number": "str", "bank_account": "str", "currency": "str", "opening": float, "closing": float})


def movements_frame(movements: Sequence[Movement]) -> pd.DataFrame:
    """One row a movement."""
    frame = pd.DataFrame.from_records(list(movements), columns=list(Movement._fields))
    for place, name in ((2, "received_on"), (3, "value_on")):
        frame[name] = days([movement[place] for movement in movements])
    kinds = {"statement": "int64", "row": "int64", "amount": "float64", "reversal": "bool", "booked": "bool"}
    return frame.astype(kinds | dict.fromkeys(TEXTS, "str"))


def days(values: Sequence[Any]) -> "pd.Series[Any]":
    """Dates, missing for None, as a column."""
    return pd.Series(np.array(values, dtype="datetime64[D]").astype("datetime64[s]"))


def plain_amount(text: str | None) -> float | None:
    """An amount as bank formats write it, `1234,56` or `1234.56`, without sign; None where it is not one."""
    written = (text or "").strip()
    return float(written.replace(",", ".")) if _AMOUNT.fullmatch(written) else None


def short_date(text: str) -> date | None:
    """The day `YYMMDD` stands for; None where there is no such day."""
    if not re.fullmatch(r"[0-9]{6}", text):
        return None
    year = int(text[:2])
    return day_of(year + (1900 if year >= _CENTURY else 2000), int(text[2:4]), int(text[4:]))


def day_of(year: int, month: int, day: int) -> date | None:
    """A day of the calendar; None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def reference_of(text: str | None) -> str | None:
    """A reference that says something: one letter, or what banks write where there is none, does not."""
    written = " ".join((text or "").split())
    bare = written.upper().replace(" ", "")
    return None if len(written) <= 1 or bare in _NO_REFERENCE else written


def account_of(text: str | None) -> str | None:
    """An account as its holder's books have it: an IBAN without spaces, any other number as it stands."""
    written = (text or "").strip()
    return written.replace(" ", "").upper() if is_iban(written) else written or None


def is_iban(text: str) -> bool:
    """Whether a text is written as an IBAN is."""
    return _IBAN.fullmatch(text.replace(" ", "").upper()) is not None


def joined(parts: Sequence[str], full: int) -> str | None:
    """Parts of one text cut at `full` characters: a full part goes on in the next one, a shorter one ends a word."""
    text = "".join(part if len(part) >= full else part + " " for part in parts)
    return " ".join(text.split()) or None

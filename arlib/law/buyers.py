"""What kind of buyer each customer is: a company, a public buyer or a consumer, each under a law of its own."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd

from arlib.errors import ArlibError
from arlib.law.named import by_customer
from arlib.law.rates import COMPANY, CONSUMER, PUBLIC
from arlib.ledger import Ledger
from arlib.readers.headings import plain
from arlib.words import say

KINDS = (COMPANY, PUBLIC, CONSUMER)
_SECTORS: Mapping[str, str] = {PUBLIC: "public_state", CONSUMER: CONSUMER}


class _Word(NamedTuple):
    """What a word of `buyers.csv` says of a customer: its kind, and the sector whose terms it has."""

    buyer: str
    sector: str


def buyers_of(ledger: Ledger, given: "Mapping[str, str] | pd.Series[Any] | None" = None) -> "pd.Series[str]":
    """Each customer's kind, aligned with `ledger.customers`: company, public or consumer.

    As given; else as its segment or its status says in a word of `buyers.csv`; else a company.

    Raises:
        ArlibError: a customer given is none of this ledger's, or a kind is none of the three.
    """
    kind = _said(ledger, "buyer").fillna(COMPANY)
    if given is None:
        return kind
    told = by_customer(ledger, given)
    unknown = sorted(set(map(str, told)) - set(KINDS))
    if unknown:
        raise ArlibError(say("law.buyer.unknown", kinds=", ".join(unknown)))
    return ledger.customers["customer_id"].map(told).astype("str").fillna(kind)


def buyer_sectors(ledger: Ledger, given: "Mapping[str, str] | pd.Series[Any] | None" = None) -> "pd.Series[str]":
    """The sector each customer's kind makes it: consumer, a public one, missing for companies; aligned likewise.

    A public buyer has 30 days (`public_state`) unless its segment or status is a word for one of another kind.

    Raises:
        ArlibError: as `buyers_of`.
    """
    kind, said = buyers_of(ledger, given), _said(ledger, "buyer")
    return _said(ledger, "sector").where(said == kind, kind.map(_SECTORS).astype("str"))


def _said(ledger: Ledger, what: str) -> "pd.Series[str]":
    """What the words of each customer's segment, else of its status, say of it; missing where they say nothing."""
    customers, known = ledger.customers, _words()
    found = pd.Series(None, customers.index, dtype="str")
    for column in ("status", "segment"):
        texts = customers[column]
        words = {text: known.get(plain(text)) for text in texts.dropna().unique()}
        values = {text: getattr(word, what) for text, word in words.items() if word is not None}
        found = texts.map(values).astype("str").fillna(found)
    return found


@cache
def _words() -> Mapping[str, _Word]:
    with Path(__file__).with_name("buyers.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return MappingProxyType({plain(row["word"]): _Word(row["buyer"], row["sector"]) for row in rows})

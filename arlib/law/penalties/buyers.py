"""Whose lateness the law on companies covers: what kind of buyer each customer is, and the rate its contract fixes."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.law.rates import COMPANY, CONSUMER, PUBLIC, check_rate
from arlib.ledger import Ledger
from arlib.readers.headings import plain
from arlib.risk.provisions.standing import check_customers
from arlib.schema import Floats
from arlib.words import say

KINDS = (COMPANY, PUBLIC, CONSUMER)


def buyers_of(ledger: Ledger, given: "Mapping[str, str] | pd.Series[Any] | None") -> "pd.Series[str]":
    """Each customer's kind, aligned with `ledger.customers`: company, public or consumer.

    As given; else as its segment or its status says in a word of `buyers.csv`; else a company.

    Raises:
        ArlibError: a customer given is none of this ledger's, or a kind is none of the three.
    """
    customers, known = ledger.customers, _words()
    kind = pd.Series(COMPANY, customers.index, dtype="str")
    for column in ("status", "segment"):
        texts = customers[column]
        said = texts.map({text: known.get(plain(text)) for text in texts.dropna().unique()})
        kind = said.astype("str").fillna(kind)
    if given is None:
        return kind
    told = _by_customer(ledger, given)
    unknown = sorted(set(map(str, told)) - set(KINDS))
    if unknown:
        raise ArlibError(say("law.buyer.unknown", kinds=", ".join(unknown)))
    return customers["customer_id"].map(told).astype("str").fillna(kind)


def contract_rates(ledger: Ledger, given: "float | Mapping[str, float] | pd.Series[Any] | None") -> Floats:
    """The yearly penalty rate each customer's contract fixes, aligned with `ledger.customers`; nan where it fixes none.

    Raises:
        ArlibError: a customer given is none of this ledger's, or a rate is no share.
    """
    customers = ledger.customers["customer_id"]
    if given is None:
        return np.full(len(customers), np.nan)
    if isinstance(given, int | float):
        return np.full(len(customers), check_rate(given))
    told = _by_customer(ledger, given).astype("float64")
    for rate in told.dropna().unique():
        check_rate(rate)
    return np.asarray(customers.map(told), dtype=np.float64)


def _by_customer(ledger: Ledger, given: "Mapping[str, Any] | pd.Series[Any]") -> "pd.Series[Any]":
    told = pd.Series(given, dtype="object") if isinstance(given, Mapping) else given
    check_customers(ledger, pd.Series(told.index, dtype="str"))
    return told


@cache
def _words() -> Mapping[str, str]:
    with Path(__file__).with_name("buyers.csv").open(encoding="utf-8", newline="") as table:
        return MappingProxyType({plain(row["word"]): row["buyer"] for row in csv.DictReader(table)})

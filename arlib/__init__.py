"""A company's receivables in Jupyter: what is owed, since when, by whom, and what if the terms change."""

from arlib.checks import check, proof
from arlib.errors import ArlibError
from arlib.ledger import Ledger, balance, open_items
from arlib.measures import (
    Figure,
    aged_balance,
    aged_balance_history,
    countback_dso,
    dso,
    dso_history,
    key_figures,
    month_ends,
)
from arlib.readers import read_ledger
from arlib.terms import END_OF_MONTH_45, END_OF_MONTH_THEN_45, NET_30, NET_45, NET_60, ON_RECEIPT, PaymentTerms

__all__ = [
    "END_OF_MONTH_45",
    "END_OF_MONTH_THEN_45",
    "NET_30",
    "NET_45",
    "NET_60",
    "ON_RECEIPT",
    "ArlibError",
    "Figure",
    "Ledger",
    "PaymentTerms",
    "aged_balance",
    "aged_balance_history",
    "balance",
    "check",
    "countback_dso",
    "dso",
    "dso_history",
    "key_figures",
    "month_ends",
    "open_items",
    "proof",
    "read_ledger",
]

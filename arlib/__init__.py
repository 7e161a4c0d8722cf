"""A company's receivables in Jupyter: what is owed, since when, by whom, and what if the terms change."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from arlib.behaviour import PaymentLaws, payment_laws
from arlib.checks import Restatement, check, compare_ledgers, proof
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
from arlib.readers import Profile, Receipts, profile_of, read_ledger, read_profile, read_receipts
from arlib.risk import score_customers
from arlib.samples import load_sample, samples_folder
from arlib.simulation import Policy, Simulation, simulate
from arlib.terms import END_OF_MONTH_45, END_OF_MONTH_THEN_45, NET_30, NET_45, NET_60, ON_RECEIPT, PaymentTerms

if TYPE_CHECKING:
    from arlib import apps
    from arlib.export import write_workbook
    from arlib.show import charts, tables

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
    "PaymentLaws",
    "PaymentTerms",
    "Policy",
    "Profile",
    "Receipts",
    "Restatement",
    "Simulation",
    "aged_balance",
    "aged_balance_history",
    "apps",
    "balance",
    "charts",
    "check",
    "compare_ledgers",
    "countback_dso",
    "dso",
    "dso_history",
    "key_figures",
    "load_sample",
    "month_ends",
    "open_items",
    "payment_laws",
    "profile_of",
    "proof",
    "read_ledger",
    "read_profile",
    "read_receipts",
    "samples_folder",
    "score_customers",
    "simulate",
    "tables",
    "write_workbook",
]

# What draws and writes loads Altair and openpyxl, which nobody who only measures should wait for.
_ON_DEMAND = {
    "apps": "arlib.apps",
    "charts": "arlib.show.charts",
    "tables": "arlib.show.tables",
    "write_workbook": "arlib.export",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module or a function
    if name not in _ON_DEMAND:
        raise AttributeError("module 'arlib' has no attribute " + repr(name))
    module = import_module(_ON_DEMAND[name])
    return getattr(module, name, module)


def __dir__() -> list[str]:
    return __all__

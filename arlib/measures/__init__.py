"""What the ledger says on any day: ageing, DSO and the key figures of a board page."""

from arlib.measures.aging import aged_balance, aged_balance_history
from arlib.measures.dso import Countback, count_back, countback_dso, dso, dso_history, month_ends, simple_days
from arlib.measures.figure import Figure
from arlib.measures.key_figures import key_figures

__all__ = [
    "Countback",
    "Figure",
    "aged_balance",
    "aged_balance_history",
    "count_back",
    "countback_dso",
    "dso",
    "dso_history",
    "key_figures",
    "month_ends",
    "simple_days",
]

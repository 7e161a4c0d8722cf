"""Days sales outstanding by every definition in use: each its own function, and all of them side by side.

Receivable and sales are made of the same items, so that the tax is on both sides or on neither, and are of one
perimeter: sales are invoices and credit notes by invoice date, credits not yet matched taken off the receivable.
"""

from arlib.measures.dso.balance import average_balance_dso, dso, life_to_date_dso, monthly_average_dso
from arlib.measures.dso.by_invoice import sales_weighted_dso, true_dso
from arlib.measures.dso.countback import Countback, count_back, countback_dso, daily_countback_dso
from arlib.measures.dso.countback_parts import countback_split
from arlib.measures.dso.edge import Edge
from arlib.measures.dso.history import dso_history, month_ends
from arlib.measures.dso.methods import dso_methods
from arlib.measures.dso.parts import (
    best_possible_dso,
    delinquent_dso,
    disputed_dso,
    dso_contributions,
    dso_split,
    extended_dso,
)
from arlib.measures.dso.standing import DAYS, simple_days

__all__ = [
    "DAYS",
    "Countback",
    "Edge",
    "average_balance_dso",
    "best_possible_dso",
    "count_back",
    "countback_dso",
    "countback_split",
    "daily_countback_dso",
    "delinquent_dso",
    "disputed_dso",
    "dso",
    "dso_contributions",
    "dso_history",
    "dso_methods",
    "dso_split",
    "extended_dso",
    "life_to_date_dso",
    "month_ends",
    "monthly_average_dso",
    "sales_weighted_dso",
    "simple_days",
    "true_dso",
]

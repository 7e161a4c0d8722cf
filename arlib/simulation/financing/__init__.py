"""What it costs to have cash earlier: cash discount, bills, factoring and overdraft on one scale, in money and a year.

Each offer is a value with a `cost` of so much money, so many days before the customer would really pay. A cost is
money, a rate is a share a year, cash is cash: three columns, never one under the name of another.
"""

from arlib.simulation.financing.break_even import discount_break_even, largest_discount
from arlib.simulation.financing.compared import financing_compared
from arlib.simulation.financing.cost import FinancingCost, compound_rate, simple_rate
from arlib.simulation.financing.offers import BillsDiscounting, CashDiscount, Factoring, Offer, Overdraft

__all__ = [
    "BillsDiscounting",
    "CashDiscount",
    "Factoring",
    "FinancingCost",
    "Offer",
    "Overdraft",
    "compound_rate",
    "discount_break_even",
    "financing_compared",
    "largest_discount",
    "simple_rate",
]

"""What is open on the day, and how it runs off: each customer's law, given that it is still unpaid today."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws
from arlib.behaviour.survival import LAST_DAY
from arlib.ledger import Ledger, open_items
from arlib.schema import Days, Floats
from arlib.simulation.plan import LEGAL_DAYS

_CHUNK = 8192  # items whose laws are held in memory at once


@dataclass(frozen=True, eq=False)
class Opening:
    """The receivable of the day and its expected run-off; day 0 is the day itself.

    Attributes:
        owed: what debits leave open.
        unapplied: credits not matched yet, negative: kept as they are.
        paid: (days,) expected payments by the end of each day.
        variance: (days,) variance of them, items independent of each other.
        by_customer: (customers, days) expected payments by the end of each day.
        items: open debits.
        without_due: of these, without a due date: taken as due 30 days after their issue.
        out_of_reach: amount more than a year late, of which no payment is expected.
        disputed: amount disputed, taken to be paid like the rest.
    """

    owed: float
    unapplied: float
    paid: Floats
    variance: Floats
    by_customer: Floats
    items: int
    without_due: int
    out_of_reach: float
    disputed: float


def run_off(ledger: Ledger, laws: PaymentLaws, days: int) -> Opening:
    """How the items open on the laws' day are paid, up to `days` days later."""
    opened = open_items(ledger, laws.as_of)
    amounts = opened["open_amount"]
    debits = opened[(amounts > 0).to_numpy()]
    debits = debits.assign(position=laws.customers.get_indexer(pd.Index(debits["customer_id"])))
    debits = debits.sort_values("position", kind="stable")
    age = _age(debits, laws.as_of)
    amount = debits["open_amount"].to_numpy()
    paid, variance = _expected(laws, debits["position"].to_numpy(), age, amount, np.arange(days + 1))
    return Opening(
        owed=float(amount.sum()),
        unapplied=float(amounts[amounts < 0].sum()),
        paid=paid.sum(axis=0),
        variance=variance,
        by_customer=paid,
        items=len(debits),
        without_due=int(debits["due_on"].isna().sum()),
        out_of_reach=float(amount[age >= LAST_DAY].sum()),
        disputed=float(amount[debits["disputed"].to_numpy()].sum()),
    )


def _age(debits: pd.DataFrame, day: pd.Timestamp) -> Days:
    """Days past the due date, or past 30 days after the issue or the booking where there is none."""
    issued = debits["issued_on"].fillna(debits["booked_on"])
    usual = (day - issued).dt.days - LEGAL_DAYS
    age: Days = debits["days_overdue"].fillna(usual).to_numpy().astype(np.int64)
    return age


def _expected(laws: PaymentLaws, customer: Days, age: Days, amount: Floats, days: Days) -> tuple[Floats, Floats]:
    """Expected payments by customer, and the variance of their total; the items are sorted by customer."""
    by_customer = np.zeros((len(laws.customers), len(days)))
    variance = np.zeros(len(days))
    for first in range(0, len(amount), _CHUNK):
        part = slice(first, first + _CHUNK)
        paid = 1 - laws.given_unpaid(customer[part], age[part], days)
        variance += (amount[part] ** 2) @ (paid * (1 - paid))
        starts = np.flatnonzero(np.diff(customer[part], prepend=-1))
        by_customer[customer[part][starts]] += np.add.reduceat(amount[part, None] * paid, starts, axis=0)
    return by_customer, variance

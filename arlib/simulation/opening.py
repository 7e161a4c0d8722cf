"""What is open on the day, and how it runs off: each customer's law, given that it is still unpaid today."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws
from arlib.ledger import Ledger, open_items
from arlib.measures.flows.disputes import disputed_on
from arlib.schema import NO_DAY, Codes, Days, Floats, day_number, day_numbers
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
        customers: positions of the customers who owe, sorted.
        items: open debits.
        without_due: of these, without a due date: taken as due 30 days after their issue.
        out_of_reach: amount as late as anything the laws know of or more: no payment of it is expected.
        disputed: amount disputed on the day, taken to be paid like the rest.
    """

    owed: float
    unapplied: float
    paid: Floats
    variance: Floats
    by_customer: Floats
    customers: Codes
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
    disputed = ledger.items["item_id"][disputed_on(ledger, laws.as_of)]
    due = _due(debits)
    amount = debits["open_amount"].to_numpy()
    paid, variance = _expected(laws, debits["position"].to_numpy(), due, amount, np.arange(days + 1))
    return Opening(
        owed=float(amount.sum()),
        unapplied=float(amounts[amounts < 0].sum()),
        paid=paid.sum(axis=0),
        variance=variance,
        by_customer=paid,
        customers=np.unique(debits["position"].to_numpy()),
        items=len(debits),
        without_due=int(debits["due_on"].isna().sum()),
        out_of_reach=float(amount[_open_days_late(laws, due) >= laws.known_days].sum()),
        disputed=float(amount[debits["item_id"].isin(disputed).to_numpy()].sum()),
    )


def _due(debits: pd.DataFrame) -> Days:
    """Day numbers of the due dates; 30 days after the issue or the booking where there is none."""
    due = day_numbers(debits["due_on"])
    issued = day_numbers(debits["issued_on"].fillna(debits["booked_on"]))
    return np.where(due == NO_DAY, issued + LEGAL_DAYS, due)


def _open_days_late(laws: PaymentLaws, due: Days) -> Days:
    today = np.array([day_number(laws.as_of)])
    return laws.calendar.last_rank(today) - laws.calendar.rank(due)


def _expected(laws: PaymentLaws, customer: Days, due: Days, amount: Floats, days: Days) -> tuple[Floats, Floats]:
    """Expected payments by customer, and the variance of their total; the items are sorted by customer."""
    by_customer = np.zeros((len(laws.customers), len(days)))
    variance = np.zeros(len(days))
    for first in range(0, len(amount), _CHUNK):
        part = slice(first, first + _CHUNK)
        paid = 1 - laws.given_unpaid(customer[part], due[part], days)
        variance += (amount[part] ** 2) @ (paid * (1 - paid))
        starts = np.flatnonzero(np.diff(customer[part], prepend=-1))
        by_customer[customer[part][starts]] += np.add.reduceat(amount[part, None] * paid, starts, axis=0)
    return by_customer, variance

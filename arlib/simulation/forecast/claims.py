"""What may be paid: invoices open on a closing and those issued after it, each with its customer and due date."""

from dataclasses import dataclass

import numpy as np

from arlib.behaviour import PaymentLaws, customers_of_items
from arlib.ledger import Ledger, open_amounts
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, day_number, day_numbers
from arlib.simulation.sales.dated import LEGAL_DAYS

_COLUMNS = ("customer", "due", "since", "amount", "item")
PLANNED = -1
LONGEST_WAIT = 365  # days: what is not expected to be paid within a year is not expected at all


@dataclass(frozen=True, eq=False)
class Claims:
    """Amounts that may be paid, sorted by customer; days are day numbers.

    Attributes:
        customer: (claims,) position in the laws' customers.
        due: (claims,) due date.
        since: (claims,) the day it is booked or issued on: no payment settles it before.
        amount: (claims,) above 0.
        item: (claims,) position in `ledger.items`; `PLANNED` for an invoice that is only expected.
    """

    customer: Codes
    due: Days
    since: Days
    amount: Floats
    item: Codes

    @classmethod
    def of(cls, customer: Codes, due: Days, since: Days, amount: Floats, item: Codes) -> "Claims":
        """Claims in any order, sorted."""
        order = np.argsort(customer, kind="stable")
        return cls(customer[order], due[order], since[order], amount[order], item[order])

    @classmethod
    def none(cls) -> "Claims":
        """No claim at all."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing, nothing, np.zeros(0), nothing)

    def taken(self, chosen: Codes | Flags | slice) -> "Claims":
        """Some of them, in their order."""
        return Claims(*(getattr(self, name)[chosen] for name in _COLUMNS))

    def worth(self, amount: Floats) -> "Claims":
        """The same claims with other amounts, those of nothing left out."""
        return Claims(self.customer, self.due, self.since, amount, self.item).taken(amount > 0)

    @property
    def planned(self) -> Flags:
        """(claims,) whether the invoice is only expected."""
        return np.asarray(self.item == PLANNED)


def open_claims(ledger: Ledger, laws: PaymentLaws) -> Claims:
    """The debits open at the end of the laws' day; due 30 days after their issue where they have no due date."""
    amount = open_amounts(ledger, laws.as_of)
    item = np.flatnonzero(amount > 0)
    customer = customers_of_items(ledger, laws.customers)
    return Claims.of(customer[item], due_days(ledger)[item], booking_days(ledger)[item], amount[item], item)


def due_days(ledger: Ledger) -> Days:
    """(items,) due dates; 30 days after the issue, or the booking, of what has none."""
    due, issued = day_numbers(ledger.items["due_on"]), day_numbers(ledger.items["issued_on"])
    issued = np.where(issued == NO_DAY, booking_days(ledger), issued)
    return np.where(due == NO_DAY, issued + LEGAL_DAYS, due)


def booking_days(ledger: Ledger) -> Days:
    """(items,) day numbers of the bookings."""
    return day_numbers(ledger.items["booked_on"])


def paid_by(laws: PaymentLaws, claims: Claims, closing: int, cuts: Days) -> Floats:
    """(claims, cuts) share of each claim expected to be paid after a closing and by the end of each later day.

    What is open at the closing is paid by its customer's law given that it is unpaid then; what comes later by the
    whole law, from its issue on: what would have been paid before is paid then.

    Args:
        laws: of the customers.
        claims: the claims.
        closing: day number of the closing.
        cuts: day numbers: (cuts,) the same for all claims, or (claims, cuts).
    """
    days = np.broadcast_to(cuts, (len(claims.due), cuts.shape[-1]))
    on = np.concatenate([np.full((len(days), 1), closing), days], axis=1)
    unpaid = laws.unpaid_on(claims.customer, claims.due, on)
    is_open = (claims.since <= closing)[:, None]
    paid = 1 - unpaid[:, 1:] / np.where(is_open, unpaid[:, :1], 1.0)
    return np.where(is_open | (cuts >= claims.since[:, None]), paid, 0.0)


def never_paid(laws: PaymentLaws, claims: Claims) -> float:
    """What of open claims is not expected within a year of the laws' day."""
    closing = day_number(laws.as_of)
    return float(claims.amount @ (1 - paid_by(laws, claims, closing, np.array([closing + LONGEST_WAIT]))[:, 0]))

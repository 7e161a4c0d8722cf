"""The truth behind a sample: customers with known habits, what happened on their accounts, what settled what.

Amounts are whole cents, so that the truth is exact. An allocation counts from the later of the days of its two
movements.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

Kind = Literal["invoice", "credit_note", "payment"]
Habit = Literal["each", "grouped"]
Story = Literal["steady", "worsening", "improving", "insolvent"]


@dataclass(frozen=True)
class DelayLaw:
    """How late a customer pays: days after the due date, of a known mean and spread.

    The delay is a gamma law of shape 4, shifted: skewed to the right, never earlier than two spreads below its
    mean. From `changes_on` the mean moves in a straight line to `mean_end` at the sample's last day, or on the day
    of insolvency, from which on nothing is paid. The payment is then booked on the first business day, which adds
    about a day.
    """

    story: Story
    mean_start: float
    mean_end: float
    spread: float
    changes_on: date | None = None
    insolvent_on: date | None = None

    def mean(self, day: date, last_day: date) -> float:
        """The mean delay of an invoice due on a day."""
        if self.changes_on is None or day <= self.changes_on:
            return self.mean_start
        until = self.insolvent_on or last_day
        elapsed = min((day - self.changes_on).days / (until - self.changes_on).days, 1.0)
        return self.mean_start + elapsed * (self.mean_end - self.mean_start)


@dataclass(frozen=True)
class Terms:
    """Payment terms: `days` after the invoice, then the end of that month if `end_of_month` (reading B)."""

    text: str
    days: int
    end_of_month: bool = False


@dataclass(frozen=True)
class Customer:
    """A customer of the sample, and the habits that make its movements."""

    code: str
    name: str
    segment: str
    region: str
    salesperson: str
    country: str
    siren: str
    email: str
    terms: Terms
    credit_limit: int | None
    invoices_a_year: float
    net_of_an_invoice: float
    first_day: date
    last_day: date
    habit: Habit
    means: str
    law: DelayLaw


@dataclass(frozen=True)
class Share:
    """The part of an invoice or credit note at one VAT rate; cents without tax, and cents of tax."""

    rate: int  # in thousandths: 200, 55, 0
    net: int
    tax: int


@dataclass(frozen=True)
class Movement:
    """A line of the customers' ledger. `cents` is signed, tax included: what is owed is positive."""

    number: int
    kind: Kind
    reference: str
    customer: str
    segment: str
    day: date
    due: date | None
    cents: int
    label: str = ""
    shares: tuple[Share, ...] = ()
    lettering: str = ""
    disputed: bool = False
    linked: bool = False
    entity: str = ""

    @property
    def net(self) -> int:
        """Signed cents without tax."""
        return sum(share.net for share in self.shares)


@dataclass(frozen=True)
class Allocation:
    """So many cents of a debit (by its number) are settled by a credit, from a day on."""

    debit: int
    credit: int
    cents: int
    day: date


@dataclass(frozen=True)
class History:
    """All that happened: movements in the order of the ledger, and which credit settled which debit."""

    movements: tuple[Movement, ...]
    allocations: tuple[Allocation, ...]
    customers: tuple[Customer, ...] = ()

    @cached_property
    def by_number(self) -> Mapping[int, Movement]:
        """The movements by their number."""
        return {movement.number: movement for movement in self.movements}

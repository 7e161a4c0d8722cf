"""What is put to the test: the payment law, the simple rates it must beat, and any other model of the same shape."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from arlib.behaviour import Evidence, PaymentLaws, customers_of_items
from arlib.ledger import Ledger
from arlib.schema import Codes, Days, Floats, day_number, day_numbers, sum_by_code

_CHUNK = 1024  # customers worked on at once: their grids stay in the processor's cache
FIRST_DAY = -60  # calendar days after the due date at which the simple rates begin; earlier payments count there


class Forecast(Protocol):
    """What a model, knowing a day's accounts and nothing later, expects of invoices."""

    def unpaid_on(self, items: Codes, on: Days) -> Floats:
        """(invoices, k) probability that an invoice is not paid at the end of a day, from before it is issued.

        Of an invoice it may use what is known when it is issued (customer, due date, amount), never its payment.

        Args:
            items: (invoices,) positions in `ledger.items`.
            on: (invoices, k) day numbers.
        """
        ...


Predictor = Callable[[Ledger, pd.Timestamp], Forecast]  # learns from what is known at the end of that day


@dataclass(frozen=True, eq=False)
class LawForecast:
    """The payment laws of a day as a forecast."""

    ledger: Ledger
    laws: PaymentLaws

    def unpaid_on(self, items: Codes, on: Days) -> Floats:
        """See `Forecast`."""
        return self.laws.unpaid_on(self._customer[items], _due(self.ledger, items), on)

    @cached_property
    def _customer(self) -> Codes:
        return customers_of_items(self.ledger, self.laws.customers)


@dataclass(frozen=True, eq=False)
class RateForecast:
    """The plain record of a group of invoices: the share not yet paid so many calendar days after the due date.

    Attributes:
        group: (customers,) the row of each customer in `unpaid`.
        unpaid: (groups, days) from 60 days before the due date on; the last day stands for all later ones.
    """

    ledger: Ledger
    customers: "pd.Index[str]"
    group: Codes
    unpaid: Floats

    def unpaid_on(self, items: Codes, on: Days) -> Floats:
        """See `Forecast`."""
        width = self.unpaid.shape[1]
        day = on - (_due(self.ledger, items) + FIRST_DAY)[:, None]
        shares = self.unpaid.ravel().take(self._group[items][:, None] * width + np.clip(day, 0, width - 1))
        return np.where(day < 0, 1.0, shares)

    @cached_property
    def _group(self) -> Codes:
        return self.group[customers_of_items(self.ledger, self.customers)]


@dataclass(frozen=True, eq=False)
class DueDateForecast:
    """Everybody pays on the due date."""

    ledger: Ledger

    def unpaid_on(self, items: Codes, on: Days) -> Floats:
        """See `Forecast`."""
        return (on < _due(self.ledger, items)[:, None]).astype(np.float64)


def rate_forecasts(
    ledger: Ledger, evidence: Evidence, last_day: int, *, prior: float = 0.0
) -> tuple[RateForecast, RateForecast]:
    """The plain records of all customers together, and of each customer, every invoice counting the same.

    Of the invoices due more than k days ago, the share not paid k days after the due date, open ones included: the
    record an attentive person keeps in a spreadsheet. Nothing is drawn towards the portfolio, nothing fades, no day
    is closed. A customer without such an invoice has the rate of all; no rate is above that of fewer days.

    Args:
        ledger: the ledger.
        evidence: what is known on the day.
        last_day: the last calendar day after the due date that is asked.
        prior: how many invoices of all customers are added to each one's own.
    """
    days, customers = last_day - FIRST_DAY + 1, len(evidence.customers)
    age = day_number(evidence.as_of) - evidence.due
    known = _lasting(evidence, age, days)
    late = _lasting(evidence, np.where(evidence.paid, np.minimum(evidence.days_late, age), age), days)
    whole = _shares(late.sum(axis=0), known.sum(axis=0), np.ones(days))
    own = np.empty_like(late)
    for first in range(0, customers, _CHUNK):
        part = slice(first, first + _CHUNK)
        own[part] = _shares(late[part] + prior * whole, known[part] + prior, whole)
    everybody = np.zeros(customers, dtype=np.intp)
    portfolio = RateForecast(ledger, evidence.customers, everybody, whole[None, :])
    return portfolio, RateForecast(ledger, evidence.customers, np.arange(customers), own)


def days_overdue(evidence: Evidence) -> Floats:
    """(customers,) how long the oldest open invoice is past its due date; 0 without any."""
    oldest = np.zeros(len(evidence.customers))
    late = evidence.open & (evidence.days_late > 0)
    np.maximum.at(oldest, evidence.customer[late], evidence.days_late[late])
    return oldest


def _lasting(evidence: Evidence, until: Days, days: int) -> Floats:
    """(customers, days) weight of the pieces of which a number is above each day of the grid."""
    size = len(evidence.customers)
    cell = evidence.customer * (days + 1) + np.clip(until - FIRST_DAY, 0, days)
    ending = sum_by_code(cell, evidence.weight, size * (days + 1)).reshape(size, days + 1)
    np.cumsum(ending[:, :0:-1], axis=1, out=ending[:, :0:-1])
    return ending[:, 1:]


def _shares(late: Floats, known: Floats, otherwise: Floats) -> Floats:
    """The share late where some are known; never above that of fewer days, which more invoices tell of."""
    some = known > 0
    shares = np.where(some, late / np.where(some, known, 1.0), otherwise)
    return np.asarray(np.minimum.accumulate(shares, axis=-1))


def _due(ledger: Ledger, items: Codes) -> Days:
    return day_numbers(ledger.items["due_on"].take(items))

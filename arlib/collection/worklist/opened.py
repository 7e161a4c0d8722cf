"""The open items of a day, what a contact may speak of among them, and what is expected of each."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws, customers_of_items
from arlib.ledger import Ledger, open_amounts
from arlib.measures.aging.ages import Ages
from arlib.measures.flows.disputes import disputed_on
from arlib.risk.backtest.capture import Snapshot, expected_late_euro_days
from arlib.risk.late import A_YEAR
from arlib.risk.provisions.exposure import exposures
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, day_number, day_numbers, sum_by_code
from arlib.simulation.forecast.claims import due_days


@dataclass(frozen=True, eq=False)
class Opened:
    """The debits open at the end of a day, sorted by customer, due date and item.

    Attributes:
        today: day number.
        customers: identifiers, sorted; of all who have items.
        item: (debts,) position in `ledger.items`.
        customer: (debts,) position in `customers`.
        due: (debts,) day number; 30 days after the issue where there is none.
        dated: (debts,) whether it has a due date.
        gross: (debts,) open amount.
        unpaid: (debts,) the same, less unmatched credits of its customer, oldest debts first.
        loss_base: (debts,) share of `unpaid` that could be lost: without tax and what is insured.
        disputed: (debts,) as far as the accounts tell.
        credits: (customers,) open credits, above 0.
    """

    today: int
    customers: "pd.Index[str]"
    item: Codes
    customer: Codes
    due: Days
    dated: Flags
    gross: Floats
    unpaid: Floats
    loss_base: Floats
    disputed: Flags
    credits: Floats

    @property
    def days_overdue(self) -> Days:
        """(debts,) days past the due date, below 0 before it."""
        return self.today - self.due

    def by_customer(self, values: Floats | Flags) -> Floats:
        """(customers,) the sum of figures of debts, in cents where these are amounts."""
        return sum_by_code(self.customer, np.asarray(values, dtype=np.float64), len(self.customers))

    def amounts(self, values: Floats) -> Floats:
        """(customers,) the sum of amounts of debts, rounded to cents."""
        return self.by_customer(values).round(2) + 0.0

    def oldest(self, chosen: Flags) -> Days:
        """(customers,) the earliest due date among chosen debts; `NO_DAY` without any."""
        return earliest(self.customer[chosen], self.due[chosen], len(self.customers))


@dataclass(frozen=True, eq=False)
class Expected:
    """What is expected of debts that are unpaid today.

    Attributes:
        late_days: (debts,) days late to come in the next 90: the sum, over those past the due date, of the
            probability of being unpaid at their end. What `backtest_risk` sorts its worklists by, for one euro.
        p_late: (debts,) probability of being unpaid at the end of the due date; 1 where that has passed.
        p_lost: (debts,) probability of being unpaid a year after the due date; 1 where that has passed.
    """

    late_days: Floats
    p_late: Floats
    p_lost: Floats


def earliest(codes: Codes, days: Days, size: int) -> Days:
    """The first day of each code from 0 to `size` - 1; `NO_DAY` where a code has none."""
    far = np.iinfo(np.int64).max
    first = np.full(size, far)
    np.minimum.at(first, codes, days)
    return np.where(first == far, NO_DAY, first)


def opened_on(ledger: Ledger, day: pd.Timestamp, cover: pd.DataFrame | None) -> Opened:
    """The open debits of a day."""
    held = exposures(ledger, day, Ages.of("due", (A_YEAR,)), cover=cover)
    due, ids = due_days(ledger)[held.item], ledger.items["item_id"].to_numpy()[held.item]
    order = np.lexsort((ids, due, held.customer))
    item, unpaid = held.item[order], (held.gross - held.credits)[order].round(2)
    opened = open_amounts(ledger, day)
    owner = customers_of_items(ledger, held.customers)
    in_credit = opened < 0
    credits_ = sum_by_code(owner[in_credit], -opened[in_credit], len(held.customers))
    return Opened(
        today=day_number(day),
        customers=held.customers,
        item=item,
        customer=held.customer[order],
        due=due[order],
        dated=day_numbers(ledger.items["due_on"])[item] != NO_DAY,
        gross=held.gross[order],
        unpaid=unpaid,
        loss_base=np.divide(held.amount[order], unpaid, out=np.zeros(len(item)), where=unpaid > 0),
        disputed=disputed_on(ledger, day)[item],
        credits=credits_.round(2),
    )


@dataclass(frozen=True, eq=False)
class _Debts:
    """Debts as a forecast knows them: items are positions among the debts."""

    laws: PaymentLaws
    customer: Codes
    due: Days

    def unpaid_on(self, items: Codes, on: Days) -> Floats:
        return self.laws.unpaid_on(self.customer[items], self.due[items], on)


class _Nobody:
    """Nobody has ever paid, so that nobody is expected to."""

    def unpaid_on(self, items: Codes, on: Days) -> Floats:  # noqa: ARG002 - a forecast is asked of items
        return np.ones(on.shape)


def expected(opened: Opened, laws: PaymentLaws | None) -> Expected:
    """What is expected of debts; without laws, that nobody pays."""
    size, today = len(opened.item), opened.today
    forecast: _Debts | _Nobody = _Nobody()
    if laws is not None:
        customer = laws.customers.get_indexer(opened.customers)[opened.customer]
        forecast = _Debts(laws, customer, opened.due)
    one_euro = Snapshot(today, np.arange(size), opened.due, np.ones(size), np.zeros(size))
    late_days = expected_late_euro_days(forecast, one_euro)
    asked = np.stack([np.full(size, today), np.maximum(opened.due, today), opened.due + A_YEAR], axis=1)
    shares = forecast.unpaid_on(one_euro.items, asked)
    later = np.divide(shares[:, 1:], shares[:, :1], out=np.ones((size, 2)), where=shares[:, :1] > 0)
    return Expected(
        late_days=late_days,
        p_late=np.where(opened.due < today, 1.0, later[:, 0]),
        p_lost=np.where(opened.due + A_YEAR <= today, 1.0, later[:, 1]),
    )

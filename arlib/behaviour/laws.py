"""The payment law of each customer: when it pays, counted from the due date."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from arlib.behaviour.evidence import Evidence, payment_evidence
from arlib.behaviour.survival import (
    DAYS,
    FIRST_DAY,
    LAST_DAY,
    paid_and_at_risk,
    portfolio_hazard,
    recency,
    survival,
    unpaid_share,
)
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.schema import Codes, Days, Floats, sum_by_code
from arlib.words import say


@dataclass(frozen=True, eq=False)
class PaymentLaws:
    """When each customer pays, in calendar days after the due date, as known on a day.

    The grid runs from 60 days before the due date, where every earlier payment counts, to 365 days after it.
    What is not paid by its end is not expected within any horizon: `unpaid[:, -1]` is that share.

    Attributes:
        evidence: the pieces of invoices the laws come from.
        days: (days,) the grid, whole days after the due date.
        unpaid: (customers, days) share of a customer's invoices not yet paid at the end of each day.
        hazard: (days,) share of what was unpaid before each day that was paid on it, all customers together.
        effective_history: (customers,) invoices behind each law, paid or overdue, older ones counting less.
    """

    evidence: Evidence
    days: Days
    unpaid: Floats
    hazard: Floats
    effective_history: Floats

    @property
    def as_of(self) -> pd.Timestamp:
        """The day whose knowledge the laws hold."""
        return self.evidence.as_of

    @property
    def customers(self) -> "pd.Index[str]":
        """The customer of each row of `unpaid`, sorted."""
        return self.evidence.customers

    def paid_share(self, days: int) -> Floats:
        """(customers,) share paid at most `days` after the due date; a negative `days` is before it."""
        return 1 - self._unpaid_at(days)

    def p_late(self, days: int = 0) -> Floats:
        """(customers,) probability that a new invoice is paid more than `days` after its due date, or never."""
        return self._unpaid_at(days)

    @cached_property
    def portfolio(self) -> Floats:
        """(days,) share of the invoices of all customers together not yet paid at the end of each day."""
        return survival(self.hazard)

    def portfolio_p_late(self, days: int = 0) -> float:
        """`p_late` of all customers together, which is that of a customer without history."""
        return float(self.portfolio[min(days, LAST_DAY) - FIRST_DAY]) if days >= FIRST_DAY else 1.0

    def quantile(self, share: float) -> Floats:
        """(customers,) first day after the due date by which that share is paid; nan when the grid ends before."""
        reached = self.unpaid <= 1 - share + 1e-12
        day = np.where(reached.any(axis=1), self.days[reached.argmax(axis=1)], np.nan)
        return np.asarray(day, dtype=np.float64)

    def given_unpaid(self, customer: Codes, age: Days, days: Days) -> Floats:
        """The share still unpaid on later days of items that are unpaid today.

        Args:
            customer: (items,) position in `customers`.
            age: (items,) days past the due date today; negative when not yet due.
            days: (later,) days from today, 0 or more.

        Returns:
            (items, later) shares; 1 on day 0, and always for an item past the end of the grid.
        """
        later = np.clip(age[:, None] + days[None, :], FIRST_DAY - 1, LAST_DAY) - FIRST_DAY
        now = np.clip(age, FIRST_DAY - 1, LAST_DAY) - FIRST_DAY
        shares = np.where(later < 0, 1.0, self.unpaid[customer[:, None], later])
        shares /= np.where(now < 0, 1.0, self.unpaid[customer, now])[:, None]
        return shares

    def summary(self) -> pd.DataFrame:
        """One row a customer: customer_id, invoices (effective), median_days_late, p10, p90, share never paid."""
        return pd.DataFrame(
            {
                "customer_id": self.customers,
                "invoices": self.effective_history,
                "p10_days_late": self.quantile(0.1),
                "median_days_late": self.quantile(0.5),
                "p90_days_late": self.quantile(0.9),
                "unpaid_share": self.unpaid[:, -1],
            }
        )

    def _unpaid_at(self, days: int) -> Floats:
        if days < FIRST_DAY:
            return np.ones(len(self.customers))
        return self.unpaid[:, min(days, LAST_DAY) - FIRST_DAY]


def payment_laws(ledger: Ledger, as_of: Day | None = None, *, with_disputes: bool = False) -> PaymentLaws:
    """The payment law of every customer, from what was known at the end of a day, open items as not yet paid.

    Kaplan-Meier in hazard form, each invoice weighing 0.5^(age / 365 days) by its due date, drawn towards the
    portfolio by two pseudo-invoices; a customer without history has the portfolio's law. Days are calendar days.
    See `payment_evidence` for what is left out, and for `with_disputes`.

    By hand, for one ledger of four invoices of equal weight: paid on time, paid 10 days late, unpaid 5 days
    after the due date, paid 20 days late. At risk on day 0: 4, paid 1: hazard 1/4. The unpaid one leaves after
    day 5. Day 10: at risk 2, paid 1: hazard 1/2. Day 20: at risk 1, paid 1. Share unpaid: 3/4 from day 0, 3/8
    from day 10, 0 from day 20; leaving the open invoice out would give 2/3, 1/3 and 0, too early.

    Raises:
        ArlibError: no payment of a dated invoice is known by then: nothing says how anybody pays.

    Source: Kaplan and Meier (1958); shrinkage as a beta prior on each day's hazard (Hjort, 1990).
    """
    evidence = payment_evidence(ledger, as_of, with_disputes=with_disputes)
    if not evidence.paid.any():
        raise ArlibError(say("behaviour.no_payment", day=evidence.as_of))
    weight = evidence.weight * recency(evidence)
    paid, at_risk = paid_and_at_risk(evidence, weight)
    hazard = portfolio_hazard(paid, at_risk)
    return PaymentLaws(
        evidence=evidence,
        days=DAYS,
        unpaid=unpaid_share(paid, at_risk, hazard),
        hazard=hazard,
        effective_history=_history(evidence, weight),
    )


def _history(evidence: Evidence, weight: Floats) -> Floats:
    """Weight of the invoices that say something: paid, or unpaid past their due date."""
    speaks = evidence.paid | (evidence.days_late > 0)
    return sum_by_code(evidence.customer[speaks], weight[speaks], len(evidence.customers))

"""The payment law of each customer: when it pays, counted from the due date."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from arlib.behaviour.calendar_days import CalendarDays
from arlib.behaviour.due_weekdays import DueWeekdays
from arlib.behaviour.evidence import Evidence, payment_evidence
from arlib.behaviour.money import MoneyDelay, mean_days_late, money_delay, weighed_by_amount
from arlib.behaviour.prior import segment_hazards, unpaid_shares, with_opinions
from arlib.behaviour.survival import DAYS, FIRST_DAY, LAST_DAY, portfolio_hazard, standing, survival
from arlib.behaviour.weekdays import weekday_factors
from arlib.calendar import BusinessCalendar, weekday
from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.schema import Codes, Days, Floats, day_number, sum_by_code
from arlib.words import say

_CHUNK = 4096  # invoices whose laws are held in memory at once


@dataclass(frozen=True, eq=False)
class PaymentLaws:
    """When each customer pays, in open days after the due date, as known on a day.

    Day 0 is the first open day on or after the due date. The grid runs from 60 open days before it, where every
    earlier payment counts, to 365 after it. What is not paid by its end is not expected within any horizon:
    `unpaid[:, -1]` is that share. `unpaid` is on no particular weekday; `payments_on`, `payments`, `unpaid_on` and
    `given_unpaid` know the due date, and answer by the customer's law for its weekday (`DueWeekdays`). Questions are
    asked in calendar days, as people count.

    Attributes:
        evidence: the pieces of invoices the laws come from.
        days: (days,) the grid, open days after the due date.
        hazard: (days,) share of what was unpaid before each day that was paid on it, all customers together.
        priors: (priors, days) hazards that customers' own are drawn to: all together, segments, opinions.
        prior_of: (customers,) the prior of each customer, a row of `priors`.
        effective_history: (customers,) invoices behind each law, paid or overdue, older ones counting less.
        weekday_factor: (customers, 7) how much more a customer pays on a weekday than all together, Monday first.
        known_days: the last day of the grid on which anything was still at risk: nothing is known of later ones.
    """

    evidence: Evidence
    days: Days
    hazard: Floats
    priors: Floats
    prior_of: Codes
    effective_history: Floats
    weekday_factor: Floats
    known_days: int

    @property
    def as_of(self) -> pd.Timestamp:
        """The day whose knowledge the laws hold."""
        return self.evidence.as_of

    @property
    def calendar(self) -> BusinessCalendar:
        """Which days are open."""
        return self.evidence.calendar

    @property
    def customers(self) -> "pd.Index[str]":
        """The customer of each row of `unpaid`, sorted."""
        return self.evidence.customers

    @cached_property
    def unpaid(self) -> Floats:
        """(customers, days) share of a customer's invoices not yet paid at the end of each day."""
        return self._unpaid(None)

    def p_late(self, days: int = 0) -> Floats:
        """(customers,) probability that a new invoice is paid more than `days` calendar days after its due date.

        Never paid is late too. It is the mean over the due dates of the last twelve months (`CalendarDays`).
        """
        return self.late_in(self.unpaid, days)

    def late_in(self, unpaid: Floats, days: int = 0) -> Floats:
        """(…) `p_late` of other laws (…, days of the grid) than the customers' own."""
        return self.calendar_days.read(unpaid, days)

    def late_columns(self, days: int) -> tuple[Codes, Floats]:
        """The columns of `unpaid` that calendar day `days` is, and the share of due dates for which it is each."""
        return self.calendar_days.columns(days)

    def paid_share(self, days: int) -> Floats:
        """(customers,) share paid at most `days` calendar days after the due date; a negative `days` is before it."""
        return 1 - self.p_late(days)

    @cached_property
    def calendar_days(self) -> CalendarDays:
        """How open days are read in calendar days."""
        return CalendarDays.of(self.evidence)

    @cached_property
    def portfolio(self) -> Floats:
        """(days,) share of the invoices of all customers together not yet paid at the end of each open day."""
        return survival(self.hazard)

    def portfolio_p_late(self, days: int = 0) -> float:
        """`p_late` of all customers together, which is that of a customer without history or segment."""
        return float(self.late_in(self.portfolio, days))

    def quantile(self, share: float) -> Floats:
        """(customers,) first calendar day after the due date by which that share is paid; nan beyond the grid."""
        return self.calendar_days.quantile(self.unpaid, share)

    @cached_property
    def due_weekdays(self) -> DueWeekdays:
        """The laws told apart by the weekday of the due date."""
        return DueWeekdays(self.evidence, standing(self.evidence), self.unpaid, self.weekday_factor)

    def payments_on(self, customer: Codes, due_weekday: Days) -> Floats:
        """(invoices, days) share of invoices paid on each open day of the grid, by the weekday they fall due on.

        See `DueWeekdays` for how.

        Args:
            customer: (invoices,) position in `customers`.
            due_weekday: (invoices,) weekday of the due date, Monday being 0.
        """
        return np.asarray(-np.diff(self.due_weekdays.unpaid_by(customer, due_weekday), axis=1, prepend=1.0))

    def payments(self, customer: Codes, due: Days) -> Floats:
        """`payments_on` the weekdays of due dates, given as day numbers."""
        return self.payments_on(customer, weekday(due))

    def unpaid_on(self, customer: Codes, due: Days, on: Days) -> Floats:
        """(invoices, days) share of new invoices not paid at the end of calendar days.

        Args:
            customer: (invoices,) position in `customers`.
            due: (invoices,) day number of the due date.
            on: day numbers: (days,) the same for all invoices, or (invoices, days).

        Returns:
            Shares; 1 before the grid, and what is never paid beyond it.
        """
        on = np.broadcast_to(on, (len(due), on.shape[-1]))
        due_weekday = weekday(due)
        shares = np.empty(on.shape)
        alike = np.lexsort((due_weekday, customer))  # invoices of one law beside one another: it is worked out once
        for first in range(0, len(due), _CHUNK):
            part = alike[first : first + _CHUNK]
            unpaid = self.due_weekdays.unpaid_by(customer[part], due_weekday[part])
            place = self.calendar.last_rank(on[part]) - self.calendar.rank(due[part])[:, None] - FIRST_DAY
            left = np.take_along_axis(unpaid, np.clip(place, 0, len(self.days) - 1), axis=1)
            shares[part] = np.where(place < 0, 1.0, left)
        return shares

    def given_unpaid(self, customer: Codes, due: Days, days: Days) -> Floats:
        """The share still unpaid on later days of items that are unpaid at the end of `as_of`.

        Args:
            customer: (items,) position in `customers`.
            due: (items,) day number of the due date.
            days: (later,) calendar days from `as_of`, 0 or more.

        Returns:
            (items, later) shares; 1 on day 0, and always for an item past the end of the grid.
        """
        on = day_number(self.as_of) + np.concatenate([[0], days])
        shares = self.unpaid_on(customer, due, on)
        return np.asarray(shares[:, 1:] / shares[:, :1])

    @cached_property
    def unpaid_by_amount(self) -> Floats:
        """(customers, days) `unpaid` where each of a customer's invoices weighs its amount: of money, not of invoices.

        It is drawn to the same prior, by as many pseudo-invoices.
        """
        return self._unpaid(weighed_by_amount(self.evidence, standing(self.evidence)))

    def _unpaid(self, standing_for: Floats | None) -> Floats:
        """(customers, days) what customers leave unpaid where pieces weigh that against the prior."""
        weight, unpaid = standing(self.evidence), np.empty((len(self.customers), len(self.days)))
        drawn = unpaid_shares(self.evidence, weight, self.priors, self.prior_of, standing_for=standing_for)
        for part, shares in drawn:
            unpaid[part] = shares
        return unpaid

    @cached_property
    def mean_days_late(self) -> Floats:
        """(customers,) mean calendar days late of an invoice, later than 90 or never counting 90."""
        return mean_days_late(self.calendar_days, self.unpaid)

    @cached_property
    def mean_days_late_by_amount(self) -> Floats:
        """(customers,) the same of money: large invoices count more (`unpaid_by_amount`)."""
        return mean_days_late(self.calendar_days, self.unpaid_by_amount)

    @cached_property
    def money_delay(self) -> MoneyDelay:
        """How many days later money comes than invoices do, with its interval."""
        return money_delay(self)

    def summary(self) -> pd.DataFrame:
        """One row a customer, of a new invoice.

        Columns: customer_id; invoices, effective; p10_days_late, median_days_late, p90_days_late; mean_days_late, each
        invoice counting one, and mean_days_late_by_amount, each counting its amount, both with open items as not yet
        paid, later than 90 days or never as 90; unpaid_share, never paid.
        """
        return pd.DataFrame(
            {
                "customer_id": self.customers,
                "invoices": self.effective_history,
                "p10_days_late": self.quantile(0.1),
                "median_days_late": self.quantile(0.5),
                "p90_days_late": self.quantile(0.9),
                "mean_days_late": self.mean_days_late,
                "mean_days_late_by_amount": self.mean_days_late_by_amount,
                "unpaid_share": self.unpaid[:, -1],
            }
        )


def payment_laws(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    with_disputes: bool = True,
    country: str | None = None,
    opinions: "pd.Series[float] | None" = None,
) -> PaymentLaws:
    """The payment law of every customer, from what was known at the end of a day, open items as not yet paid.

    Kaplan-Meier in hazard form in open days, each invoice weighing by the age of its due date (`standing`), drawn by
    two pseudo-invoices towards the law of the customer's segment at the customer's own pace (`paces`); the segment's
    is itself drawn by twenty towards the portfolio. A customer without history has its segment's law. For a given due
    date, a second step draws the law, moved to the weekdays the customer pays on, to its own invoices due on the same
    weekday (`DueWeekdays`). See `payment_evidence` for what is left out, and `calendar_of` for which days are open.

    By hand, for one ledger of four invoices of equal weight: paid on time, paid 10 days late, unpaid 5 days
    after the due date, paid 20 days late. At risk on day 0: 4, paid 1: hazard 1/4. The unpaid one leaves after
    day 5. Day 10: at risk 2, paid 1: hazard 1/2. Day 20: at risk 1, paid 1. Share unpaid: 3/4 from day 0, 3/8
    from day 10, 0 from day 20; leaving the open invoice out would give 2/3, 1/3 and 0, too early.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        with_disputes: whether invoices disputed on the day count.
        country: whose public holidays are closed, a code or a name; found in the ledger by default.
        opinions: by customer_id, the probability of being paid over 30 calendar days late that somebody holds of a
            customer: it tilts what the customer's own invoices are drawn to, still by two pseudo-invoices.

    Raises:
        ArlibError: no payment of a dated invoice is known by then: nothing says how anybody pays; the country is not
            known; an opinion is of no customer, or is no probability.

    Source: Kaplan and Meier (1958); shrinkage as a beta prior on each day's hazard (Hjort, 1990); pace as a gamma
    frailty (Clayton, 1978).
    """
    evidence = payment_evidence(ledger, as_of, with_disputes=with_disputes, country=country)
    if not evidence.paid.any():
        raise ArlibError(say("behaviour.no_payment", day=evidence.as_of))
    weight = standing(evidence)
    hazard = portfolio_hazard(evidence, weight)
    priors, prior_of = segment_hazards(ledger, evidence, weight, hazard)
    if opinions is not None:
        priors, prior_of = with_opinions(priors, prior_of, opinions, evidence, CalendarDays.of(evidence))
    return PaymentLaws(
        evidence=evidence,
        days=DAYS,
        hazard=hazard,
        priors=priors,
        prior_of=prior_of,
        effective_history=_history(evidence, weight),
        weekday_factor=weekday_factors(evidence, weight),
        known_days=int(np.clip(evidence.open_days_late.max(), FIRST_DAY, LAST_DAY)),
    )


def _history(evidence: Evidence, weight: Floats) -> Floats:
    """Weight of the invoices that say something: paid, or unpaid past their due date."""
    speaks = evidence.paid | (evidence.open_days_late > 0)
    return sum_by_code(evidence.customer[speaks], weight[speaks], len(evidence.customers))

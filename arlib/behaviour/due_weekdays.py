"""The law of a customer for the weekday an invoice falls due on: payment runs are on days of the week."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from arlib.behaviour.evidence import Evidence
from arlib.behaviour.survival import DAYS, paid_and_at_risk_by, survival
from arlib.calendar import WEEK, weekday
from arlib.schema import Codes, Days, Floats

PRIOR_INVOICES_OF_A_WEEKDAY = 10.0  # what the law moved to weekdays weighs before anything is paid
_CHUNK = 128  # laws worked out at once: few enough for the caches of a processor
_LEAST = 1e-9  # what is left unpaid at the least, so that hazards stay defined after the last payment


@dataclass(frozen=True, eq=False)
class DueWeekdays:
    """The laws of customers, told apart by the weekday of the due date.

    First the customer's law is moved to the weekdays it pays on: the law's share of each open day times the `factor`
    of its weekday on a plain week, without public holidays, all scaled so that as much is paid in all; the first day
    of the grid, which stands for all earlier ones, has no weekday. Then it is drawn to the customer's own pieces due
    on that weekday: the hazard of a day is (paid + s × prior) / (at risk + s), where s is 10 pseudo-invoices times
    the square root of the share that the prior leaves unpaid before that day. So who pays on Thursdays pays 3 open
    days after a Monday and 1 after a Wednesday. Where every day is open, weekdays say nothing: one law for all.

    On the list published by HighRadius, the second step takes the area under the curve from 0.872 to 0.879 over 0
    days late and from 0.856 to 0.863 over 5, the Brier score from 0.1425 to 0.1391 and from 0.0641 to 0.0628, and
    leaves the error of the median day at 2.8.

    Attributes:
        evidence: the pieces of invoices.
        weight: (pieces,) what each weighs.
        unpaid: (customers, days) share of a customer's invoices not yet paid at the end of each day, on any weekday.
        factor: (customers, 7) how much more a customer pays on a weekday than all together, Monday first.
    """

    evidence: Evidence
    weight: Floats
    unpaid: Floats
    factor: Floats

    def unpaid_by(self, customer: Codes, due_weekday: Days) -> Floats:
        """(laws, days) share not yet paid at the end of each open day, of customers for a weekday of the due date.

        Args:
            customer: (laws,) position in the customers of the evidence.
            due_weekday: (laws,) weekday of the due date, Monday being 0. Day 0 is the first open day on or after it.
        """
        if not self.evidence.calendar.weekends_closed:
            return self.unpaid[customer]
        pairs, asked = np.unique(customer * WEEK + due_weekday, return_inverse=True)
        laws = np.empty((len(pairs), len(DAYS)))
        for first in range(0, len(pairs), _CHUNK):
            part = slice(first, first + _CHUNK)
            laws[part] = self._laws(pairs[part])
        in_order = len(pairs) == len(asked) and bool((np.diff(asked) > 0).all())
        return laws if in_order else laws[asked]  # a copy of all laws takes a third as long as they do

    def _laws(self, pairs: Codes) -> Floats:
        hazard, before = self._prior(*np.divmod(pairs, WEEK))
        paid, at_risk = self._seen(pairs)
        weighs = PRIOR_INVOICES_OF_A_WEEKDAY * np.sqrt(before)
        return survival((paid + weighs * hazard) / (at_risk + weighs))

    def _prior(self, customer: Codes, due_weekday: Days) -> tuple[Floats, Floats]:
        """(laws, days) the hazards of laws moved to the weekdays customers pay on, and what is unpaid before each."""
        law = self.unpaid[customer]
        paid = -np.diff(law, axis=1, prepend=1.0)
        paid[:, 1:] *= np.take(self.factor.ravel(), customer[:, None] * WEEK + self._weekdays[due_weekday])[:, 1:]
        before = np.cumsum(paid[:, ::-1], axis=1)[:, ::-1]  # from the end, so that what is left last stays above 0
        total, never = before[:, :1], law[:, -1:]
        scale = np.divide(1 - never, total, out=np.ones_like(total), where=total > 0)
        before = np.maximum(before * scale + never, _LEAST)
        return paid * scale / before, before

    def _seen(self, pairs: Codes) -> tuple[Floats, Floats]:
        """(pairs, days) weight paid on each day, and not paid before it, of each customer and due weekday."""
        pieces, weight, begin = self._pieces
        first, count = begin[pairs], begin[pairs + 1] - begin[pairs]
        row = np.repeat(np.arange(len(pairs)), count)
        place = np.arange(len(row)) + (first - np.cumsum(count) + count)[row]
        return paid_and_at_risk_by(pieces.taken(place), weight[place], row, len(pairs))

    @cached_property
    def _pieces(self) -> tuple[Evidence, Floats, Codes]:
        """The pieces and weights by customer and weekday of their due dates, and where each of these pairs begins."""
        pair = self.evidence.customer * WEEK + weekday(self.evidence.due)
        count = np.bincount(pair, minlength=len(self.evidence.customers) * WEEK)
        order = np.argsort(pair, kind="stable")
        return self.evidence.taken(order), self.weight[order], np.concatenate([[0], np.cumsum(count)])

    @cached_property
    def _weekdays(self) -> Days:
        """(7, days) the weekday of each open day of the grid, by the weekday of the due date, on plain weeks."""
        opened = np.setdiff1d(np.arange(WEEK), self.evidence.calendar.weekend)
        first = np.searchsorted(opened, np.arange(WEEK))  # of a due date after the last: the first of the next week
        return np.asarray(opened[(first[:, None] + DAYS) % len(opened)])

"""What came after a day: sales, receivable, DSO and cash as the accounts then had them, and where the file tells."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from arlib.ledger import Ledger
from arlib.measures.dso import DAYS
from arlib.measures.sales import Sales, held_on, receivables_on, without_invoice_dates
from arlib.risk.backtest.outcomes import Outcomes, outcomes_of
from arlib.schema import HALF_CENT, NO_DAY, SALES, Codes, Days, Flags, Floats, day_number, day_numbers
from arlib.simulation.covered import dated_edge
from arlib.words import Sentence

_MOST_GRANTED = 0.99  # of invoices, due by then: how far before a cut of the file it lacks some of those issued


@dataclass(frozen=True, eq=False)
class Actual:
    """What a ledger shows of any day, all of it known, and of which days it shows all.

    Attributes:
        ledger: the ledger.
        last: day number of its last day.
        holes: (cuts, 2) day numbers of the first and last days on which a cut of the file leaves invoices out.
        told_from: day number by the end of which a payment and 90 days of sales were known; after `last` if never.
    """

    ledger: Ledger
    last: int
    holes: Days
    told_from: int

    @classmethod
    def of(cls, ledger: Ledger) -> "Actual":
        """That of a ledger. A list of paid invoices lacks those not paid at its end, and so tells less far."""
        outcomes, sold = outcomes_of(ledger), Sales.of(ledger)
        reach = outcomes.cut_days + _days_granted(ledger, outcomes)
        last = day_number(ledger.covers[1])
        paid = int(outcomes.settled[outcomes.counts].min(initial=last + 1))
        sale = int(sold.known.min(initial=last + 1))
        holes = np.stack([outcomes.cuts - reach + 1, outcomes.cuts + reach], axis=1)
        return cls(ledger, last, holes, max(paid, sale + DAYS - 1))

    @property
    def undated(self) -> Sentence | None:
        """What the reader said of a file without invoice dates: cash is known there, sales and receivable are not."""
        return next(iter(without_invoice_dates(self.ledger).values()), None)

    def whole(self, closings: Days, horizon: Days | int) -> Flags:
        """(closings,) whether the ledger tells all payments of the days from a closing to its horizon."""
        ends = closings + horizon
        beyond = self._beyond(closings) | self._beyond(ends)
        return np.asarray((ends <= self.last) & ~self.cut(closings, ends) & ~beyond)

    def cut(self, begins: Days, ends: Days) -> Flags:
        """(stretches,) whether a cut of the file leaves out invoices of some of the days from one to another."""
        return np.asarray(((ends[:, None] >= self.holes[:, 0]) & (begins[:, None] <= self.holes[:, 1])).any(axis=1))

    def on(self, days: Days) -> dict[str, Floats]:
        """By measure, (days,) at the end of each: sales and cash since the first of the days, receivable, DSO.

        Cash is all that takes off the receivable and is no credit note: payments, and write-offs.
        """
        owed = receivables_on(self.ledger, days, self._together, 1)[0]
        sold = self._sales.to(days, np.array(DAYS))[0]
        known = (sold > HALF_CENT) & (owed >= -HALF_CENT)
        sales = held_on(days, (self._booked, None), self._together, self._sold, 1)[0]
        cash = sales - owed
        return {
            "sales": sales - sales[0],
            "receivable": owed,
            "dso": np.divide(owed * DAYS, sold, out=np.full(len(days), np.nan), where=known),
            "cash": cash - cash[0],
        }

    def _beyond(self, days: Days) -> Flags:
        """Days beyond the edge of the file."""
        return dated_edge(self.ledger, days).beyond if len(days) else np.zeros(0, dtype=bool)

    @cached_property
    def _sales(self) -> Sales:
        return Sales.of(self.ledger)

    @cached_property
    def _together(self) -> Codes:
        return np.zeros(len(self.ledger.items), dtype=np.intp)

    @cached_property
    def _booked(self) -> Days:
        return day_numbers(self.ledger.items["booked_on"])

    @cached_property
    def _sold(self) -> Floats:
        """(items,) what each adds to sales."""
        items = self.ledger.items
        return np.where(items["kind"].isin(SALES), items["amount"], 0.0)


def _days_granted(ledger: Ledger, outcomes: Outcomes) -> int:
    """The days nearly all invoices are granted at most."""
    issued = day_numbers(ledger.items["issued_on"])
    dated = outcomes.invoice & (issued != NO_DAY)
    granted = (outcomes.due - issued)[dated]
    return max(int(np.quantile(granted, _MOST_GRANTED)), 0) if len(granted) else 0

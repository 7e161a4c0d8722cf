"""The fiscal year of a table: its days, its turnover, the invoices issued in it."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, as_day
from arlib.measures.delays.settlements import CREDITED, pieces_of
from arlib.measures.sales import Sales, without_invoice_dates
from arlib.schema import INVOICE, Flags, Floats, day_number
from arlib.words import Sentence, say

_EDGE = pd.Timedelta(days=4)  # a long weekend: a ledger may begin or end so many days within the year it speaks for


@dataclass(frozen=True, eq=False)
class Year:
    """A fiscal year of a ledger, as known on its closing day; columns are aligned with `ledger.items`."""

    ledger: Ledger
    opening: pd.Timestamp
    closing: pd.Timestamp

    @classmethod
    def of(cls, ledger: Ledger, closing: Day, opening: Day | None) -> "Year":
        """The year that ends on a day: the twelve months up to it where its first day is not given.

        Raises:
            ArlibError: it would end before it begins.
        """
        last = as_day(closing)
        first = last + pd.Timedelta(days=1) - pd.DateOffset(years=1) if opening is None else as_day(opening)
        if first > last:
            raise ArlibError(say("law.delay.year", opening=first, closing=last))
        return cls(ledger, first, last)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.closing - self.opening).days + 1

    def sales(self) -> Sales:
        """All sales of the ledger, those of other years too."""
        return Sales.of(self.ledger)

    def sold(self) -> Flags:
        """Which items are sales of the year."""
        sales, flags = self.sales(), np.zeros(len(self.ledger.items), dtype=bool)
        of_year = (sales.issued >= day_number(self.opening)) & (sales.known <= day_number(self.closing))
        flags[sales.item[of_year]] = True
        return flags

    def turnover(self, shares: Floats) -> float:
        """Invoices less credit notes of the year, each counting for a share of its amount."""
        sales = self.sales()
        counted = replace(sales, amount=sales.amount * shares[sales.item])
        return float(counted.to(np.array([day_number(self.closing)]), np.array(self.days))[0, 0])

    def issued(self) -> Flags:
        """Which items are invoices issued in the year."""
        items = self.ledger.items
        return self.sold() & ((items["kind"] == INVOICE) & (items["amount"] > 0)).to_numpy()

    def issued_amount(self, shares: Floats) -> float:
        """What was invoiced in the year, less what credit notes took off these invoices by the closing."""
        issued = self.issued()
        pieces = pieces_of(self.ledger, self.closing, issued)
        kept = pieces.state != CREDITED
        return round(float((pieces.amount[kept] * shares[pieces.item[kept]]).sum()), 2) + 0.0

    def ends_early(self) -> tuple[Sentence, ...]:
        """A warning where the ledger ends before the year does: what was paid since is not known."""
        last = self.ledger.covers[1]
        early = last < self.closing - _EDGE
        return (say("law.delay.unpaid_since", last=last, closing=self.closing),) if early else ()

    def untold(self) -> Sentence | None:
        """Why the ledger does not tell what was sold in the year; none where it does."""
        first, last = self.ledger.covers
        items = self.ledger.items
        for warning in without_invoice_dates(self.ledger).values():
            return warning
        if first > self.opening + _EDGE:
            return say("law.delay.begins_later", first=first, opening=self.opening)
        if self.ends_early():
            return say("law.delay.ends_before", last=last, closing=self.closing)
        paid = (items["amount"] < 0) & (items["booked_on"] <= self.closing)
        return None if paid.any() else say("law.delay.nothing_paid")

"""The terms written on invoices, by which they fall due anew where they are issued on other days."""

from dataclasses import dataclass

import numpy as np

from arlib.schema import Codes, Days, Flags
from arlib.terms import PaymentTerms

_CYCLE = np.arange(4 * 365 + 1)  # days from 1970-01-01 on, one leap year among them


@dataclass(frozen=True, eq=False)
class WrittenTerms:
    """What dates some invoices: terms that grant more days on some days of issue than on others, or so many days.

    Attributes:
        terms: those of invoices whose due date does not just follow their day of issue: "45 days end of month".
        place: (invoices,) position in `terms`; -1 where the same days are granted whenever the invoice is issued.
    """

    terms: tuple[PaymentTerms, ...]
    place: Codes

    def __getitem__(self, rows: Codes | Flags) -> "WrittenTerms":
        """Those of some of the invoices."""
        return WrittenTerms(self.terms, self.place[rows])

    def due_days(self, issued: Days, granted: Days) -> Days:
        """Due dates of invoices issued on some days: by their terms, or so many days later.

        Args:
            issued: (invoices,) day numbers.
            granted: (invoices,) the days between issue and due date where no terms of these date the invoice.
        """
        due = issued + granted
        for place, terms in enumerate(self.terms):
            mine = np.flatnonzero(self.place == place)
            due[mine] = terms.due_days(issued[mine])
        return due


def days_vary(terms: PaymentTerms) -> bool:
    """Whether terms grant more days on some days of issue than on others."""
    return bool(np.ptp(terms.due_days(_CYCLE) - _CYCLE))

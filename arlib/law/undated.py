"""Payments whose day a list does not tell: they count on its last day, so how late they were is not known."""

from dataclasses import dataclass

import numpy as np

from arlib.ledger import Ledger, as_day
from arlib.measures.delays.settlements import OPEN, Pieces
from arlib.schema import Days, Flags, day_number


@dataclass(frozen=True, eq=False)
class UndatedPayments:
    """The payments without a date of a ledger.

    Attributes:
        payments: how many, over all lists.
        days: day numbers they count on, one a list at most; none where every payment has its date.
    """

    payments: int
    days: Days

    @classmethod
    def of(cls, ledger: Ledger) -> "UndatedPayments":
        """What the readers of its files said."""
        told = [each for source in ledger.sources for each in source.warnings if each.key == "read.undated_payments"]
        days = [day_number(as_day(each.values["day"])) for each in told]
        return cls(sum(int(each.values["rows"]) for each in told), np.unique(np.array(days, dtype=np.int64)))

    def among(self, pieces: Pieces) -> Flags:
        """(pieces,) what was settled on such a day, with payments that have that date themselves: both look alike."""
        return np.asarray((pieces.state != OPEN) & np.isin(pieces.day, self.days))

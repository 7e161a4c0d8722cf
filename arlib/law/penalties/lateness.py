"""How late the invoices of a ledger are on a day: their pieces, each with its last late day."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.law.penalties.accrual import late_ends
from arlib.ledger import Ledger
from arlib.measures.delays.settlements import CREDITED, MOVED, OPEN, Pieces, invoices_known, pieces_of
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, day_number, day_numbers, sum_by_code


@dataclass(frozen=True, eq=False)
class Lateness:
    """The pieces of the invoices of a ledger, known on a day.

    Attributes:
        ledger: the ledger.
        day: the day.
        pieces: what became of its invoices.
        ends: (pieces,) the last late day, `NO_DAY` where a piece was never late.
        due: (items,) due dates.
        last: (items,) the last late day of an invoice, `NO_DAY` where it has none.
    """

    ledger: Ledger
    day: pd.Timestamp
    pieces: Pieces
    ends: Days
    due: Days
    last: Days

    @classmethod
    def on(cls, ledger: Ledger, day: pd.Timestamp) -> "Lateness":
        """What the accounts of a day know."""
        due = day_numbers(ledger.items["due_on"])
        pieces = pieces_of(ledger, day, invoices_known(ledger, day))
        ends = late_ends(pieces, due, day_number(day))
        last = np.full(len(due), NO_DAY)
        np.maximum.at(last, pieces.item, ends)
        return cls(ledger, day, pieces, ends, due, last)

    @property
    def amounts(self) -> Floats:
        """(items,) what was late of each invoice, or is."""
        return self._late(np.ones(len(self.ends), dtype=bool))

    @property
    def open_amounts(self) -> Floats:
        """(items,) what is late of each invoice and still open."""
        return self._late(self.pieces.state == OPEN)

    @property
    def moved_amounts(self) -> Floats:
        """(items,) what of each invoice was moved, late, to a bill or another account."""
        return self._late(self.pieces.state == MOVED)

    @property
    def in_money(self) -> Flags:
        """(items,) whether something of it was late that no credit note took back."""
        return np.asarray(self._late(self.pieces.state != CREDITED) > 0)

    def _late(self, chosen: Flags) -> Floats:
        rows = np.flatnonzero((self.ends != NO_DAY) & chosen)
        return sum_by_code(self.pieces.item[rows], self.pieces.amount[rows], len(self.due)).round(2)


def in_order(ledger: Ledger, items: Codes) -> Codes:
    """Positions of items by customer, oldest due date first, then by number: the order of the rows does not matter."""
    rank = ledger.customers["customer_id"].rank(method="dense").to_numpy()[ledger._owners[items]]  # noqa: SLF001
    due, number = day_numbers(ledger.items["due_on"])[items], ledger.items["item_id"].to_numpy()[items]
    return items[np.lexsort((number, due, rank))]

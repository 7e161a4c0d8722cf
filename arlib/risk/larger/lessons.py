"""What past invoices teach the larger model: how each was paid, step by step, seen from the closing before it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.behaviour import payment_laws
from arlib.behaviour.survival import FIRST_DAY, LAST_DAY
from arlib.ledger import Ledger
from arlib.measures.delays.settlements import LOST, OPEN, PAID, invoices_known, pieces_of
from arlib.risk.larger.features import STEPS, WIDTHS, Known, Table, step_of
from arlib.schema import Codes, Days, Flags, Floats, day_number, day_numbers

_BATCH = 8192  # pieces looked at at once, to bound memory


@dataclass(frozen=True, eq=False)
class Window:
    """Pieces of the invoices booked after a closing up to another, as known today: the laws of the closing are asked.

    Attributes:
        closing: the day whose laws are asked.
        today: the day whose knowledge of the outcomes is used.
        item: (pieces,) position in `ledger.items`.
        ended: (pieces,) day number of the payment, or of today.
        paid: (pieces,) whether it was paid.
        weight: (pieces,) share of its invoice.
    """

    closing: pd.Timestamp
    today: pd.Timestamp
    item: Codes
    ended: Days
    paid: Flags
    weight: Floats

    @classmethod
    def of(cls, ledger: Ledger, closing: pd.Timestamp, last: pd.Timestamp, today: pd.Timestamp) -> "Window":
        """The pieces, in the order of their items' identifiers, so that the order of rows does not matter."""
        items = ledger.items
        booked = (items["booked_on"] > closing) & (items["booked_on"] <= last) & items["due_on"].notna()
        pieces = pieces_of(ledger, today, invoices_known(ledger, today) & booked.to_numpy())
        counted = np.flatnonzero(np.isin(pieces.state, (PAID, OPEN, LOST)))
        ids = items["item_id"].to_numpy()[pieces.item[counted]]
        counted = counted[np.lexsort((pieces.amount[counted], pieces.day[counted], ids))]
        item, paid = pieces.item[counted], pieces.state[counted] == PAID
        ended = np.where(paid, pieces.day[counted], day_number(today))
        return cls(closing, today, item, ended, paid, pieces.amount[counted] / items["amount"].to_numpy()[item])

    def drawn(self, rng: np.random.Generator, most: int) -> "Window":
        """At most so many of the pieces."""
        if len(self.item) <= most:
            return self
        return self._only(np.sort(rng.choice(len(self.item), most, replace=False)))

    def lessons(self, ledger: Ledger) -> list[tuple[Table, Flags, Floats]]:
        """A batch of pieces at a time: rows of steps, whether each ended in the payment, and what each weighs."""
        known = Known.of(ledger, payment_laws(ledger, self.closing))
        batches = [np.arange(len(self.item))[first : first + _BATCH] for first in range(0, len(self.item), _BATCH)]
        return [self._only(batch).lesson(known) for batch in batches]

    def lesson(self, known: Known) -> tuple[Table, Flags, Floats]:
        """All pieces at once, as the accounts of the closing see them."""
        calendar, items = known.laws.calendar, known.ledger.items
        last = calendar.last_rank(np.array([day_number(self.today)]))
        until = np.where(self.paid, np.minimum(calendar.rank(self.ended), last), last)
        due = day_numbers(items["due_on"].take(self.item))
        late = until - calendar.rank(due)
        place, paid = np.clip(late, FIRST_DAY, LAST_DAY), self.paid & (late <= LAST_DAY)
        step = step_of(place)
        whole = paid | (place >= STEPS[step] + WIDTHS[step] - 1)  # an open one says nothing of a step it is in
        steps = step + whole
        piece = np.repeat(np.arange(len(steps)), steps)
        at = np.arange(len(piece)) - np.repeat(np.cumsum(steps) - steps, steps)
        rows = known.followed(self.item).rows(piece, at)
        return rows, paid[piece] & (at == step[piece]), self.weight[piece]

    def _only(self, chosen: Codes) -> "Window":
        return Window(
            self.closing, self.today, self.item[chosen], self.ended[chosen], self.paid[chosen], self.weight[chosen]
        )

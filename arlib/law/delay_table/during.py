"""Table II: what was late during the year: what was paid or stayed unpaid of each invoice, by the delay reached."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.law.delay_table.claims import DISPUTED, LATE, ZERO_DAY, Claims
from arlib.law.delay_table.rows import counted_once, in_order, listed
from arlib.law.delay_table.year import Year
from arlib.law.undated import UndatedPayments
from arlib.measures.delays.settlements import CREDITED, MOVED, OPEN, pieces_of
from arlib.schema import NO_DAY, Codes, Days, Floats, day_number, to_dates


@dataclass(frozen=True, eq=False)
class Delays:
    """What was late during a year, or paid on its due date, a place a payment or an open rest.

    Attributes:
        item: position in `ledger.items`.
        amount: tax included.
        days: days late when it was paid, or on the closing day.
        ended: day number of the payment, `NO_DAY` while unpaid.
        moved: what was late and left for another account or a bill, which counts in its place.
        undated: what of `amount` counts as paid late on a day that stands for one not known.
    """

    item: Codes
    amount: Floats
    days: Days
    ended: Days
    moved: float
    undated: float

    @classmethod
    def of(cls, year: Year, claims: Claims) -> "Delays":
        """What was late on a day of the year at least, or was paid on its due date, and not credited."""
        pieces = pieces_of(year.ledger, year.closing, claims.claim)
        still = pieces.state == OPEN
        until = np.where(still, day_number(year.closing), pieces.day)
        days = until - claims.due[pieces.item]
        of_year = (days >= 0) & (until >= day_number(year.opening)) & (pieces.state != CREDITED)
        moved = of_year & (pieces.state == MOVED)
        kept = of_year & ~moved
        undated = kept & (days > 0) & UndatedPayments.of(year.ledger).among(pieces)
        return cls(
            item=pieces.item[kept],
            amount=pieces.amount[kept],
            days=days[kept],
            ended=np.where(still, NO_DAY, pieces.day)[kept],
            moved=round(float(pieces.amount[moved & (days > 0)].sum()), 2),
            undated=round(float(pieces.amount[undated].sum()), 2),
        )

    def rows(self, year: Year, claims: Claims, shares: Floats) -> pd.DataFrame:
        """The rows of `PaymentDelayTable.late_invoices`."""
        reason = np.where(claims.disputed[self.item], DISPUTED, np.where(self.days == 0, ZERO_DAY, LATE))
        rows = listed(year.ledger, claims, self.item, self.days, reason.astype(np.intp)).assign(
            amount=year.ledger.items["amount"].to_numpy()[self.item],
            open_amount=self.amount,
            counted=np.round(self.amount * shares[self.item], 2) + 0.0,
            ended_on=to_dates(self.ended),
        )
        return in_order(counted_once(rows, claims.document[self.item]))

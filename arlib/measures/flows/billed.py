"""What was billed and how it was settled, as known at the end of a day: the base of cohorts and of late rates."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.ledger import Ledger
from arlib.measures.delays.settlements import CREDITED, LOST, MOVED, PAID, Pieces, invoices_known, pieces_of
from arlib.measures.sales import issue_days
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, day_number, day_numbers, sum_by_code


@dataclass(frozen=True, eq=False)
class Billed:
    """The invoices of a ledger on a day, what of them was paid and when.

    What a credit note, a bill or a transfer settled is taken out of what was billed: nobody paid it and nobody will
    under that invoice. What was written off stays in, unpaid: without it the worst payers would look punctual.

    Attributes:
        since: day number: the ledger's first day. Invoices dated before it were booked late: not all of their time.
        until: day number: the day asked, or the ledger's last one where that is earlier, since nothing is known after.
        item: (invoices,) position in `ledger.items`.
        issued: (invoices,) day number: of the invoice, of what stands in for it, or of its booking.
        stood_in: (invoices,) whether the file had no date for the invoice and another stands in for it.
        due: (invoices,) day number, `NO_DAY` where it has none.
        amount: (invoices,) amount billed, less what was cancelled.
        cancelled: (invoices,) what was taken out of it.
        lost: (invoices,) what was written off.
        invoice: (payments,) which invoice a payment settles.
        paid_on: (payments,) day number.
        paid: (payments,) amount.
    """

    since: int
    until: int
    item: Codes
    issued: Days
    stood_in: Flags
    due: Days
    amount: Floats
    cancelled: Floats
    lost: Floats
    invoice: Codes
    paid_on: Days
    paid: Floats

    @classmethod
    def by(cls, ledger: Ledger, day: pd.Timestamp) -> "Billed":
        """The invoices dated and booked up to the end of a day, as the accounts of that day had them."""
        day = min(day, ledger.covers[1])
        items, until = ledger.items, day_number(day)
        booked, issued = day_numbers(items["booked_on"]), day_numbers(items["issued_on"])
        issued = np.where(issued == NO_DAY, booked, issued)
        chosen = invoices_known(ledger, day) & (issued <= until)
        item = np.flatnonzero(chosen)
        pieces = pieces_of(ledger, day, chosen)
        cancelled, lost = (_sums(pieces, states, len(items))[item] for states in ((CREDITED, MOVED), (LOST,)))
        payment = pieces.state == PAID
        return cls(
            since=day_number(ledger.covers[0]),
            until=until,
            item=item,
            issued=issued[item],
            stood_in=(issue_days(ledger) == NO_DAY)[item],
            due=day_numbers(items["due_on"])[item],
            amount=(items["amount"].to_numpy()[item] - cancelled).round(2) + 0.0,
            cancelled=cancelled,
            lost=lost,
            invoice=(np.cumsum(chosen) - 1)[pieces.item[payment]],
            paid_on=pieces.day[payment],
            paid=pieces.amount[payment],
        )

    @property
    def unpaid(self) -> Floats:
        """What of each invoice is still owed, or was written off."""
        return self.amount - self.paid_by(np.full(len(self.item), self.until))

    def paid_by(self, days: Days) -> Floats:
        """What of each invoice was paid up to a day of its own."""
        chosen = self.paid_on <= days[self.invoice]
        return sum_by_code(self.invoice[chosen], self.paid[chosen], len(self.item))


def debits_known(ledger: Ledger, day: pd.Timestamp) -> Flags:
    """Which items customers owe or owed by a day: invoices, openings, bills and what else increased their debt."""
    items = ledger.items
    return np.asarray((items["amount"] > 0) & (items["booked_on"] <= day))


def _sums(pieces: Pieces, states: tuple[int, ...], size: int) -> Floats:
    chosen = np.isin(pieces.state, states)
    return sum_by_code(pieces.item[chosen], pieces.amount[chosen], size)

"""Each invoice as a whole, as known on a day: how it ended, how much was paid and when; and its durations."""

from dataclasses import dataclass

import numpy as np

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, as_day
from arlib.measures.delays.kaplan_meier import Durations
from arlib.measures.delays.settlements import (
    CREDITED,
    LOST,
    OPEN,
    PAID,
    Pieces,
    States,
    days_between,
    invoices_known,
    last_known,
    pieces_of,
)
from arlib.measures.sales import issue_days
from arlib.schema import HALF_CENT, NO_DAY, Codes, Days, Flags, Floats, day_number, day_numbers, sum_by_code
from arlib.words import say


@dataclass(frozen=True, eq=False)
class Invoices:
    """The invoices known on a day, in the order of the items.

    An invoice is open while half a cent of it is; else written off where that took more of it than payments did;
    else paid where anything was; else credited, which stands for moved too. `piece` names the invoice of each of
    `pieces`.

    Attributes:
        as_of: day number: the day asked, or the ledger's last one where that is earlier.
        asked: day number.
        item: (invoices,) position in `ledger.items`.
        issued: (invoices,) day number, `NO_DAY` where unknown.
        due: (invoices,) the same.
        booked: (invoices,) day number.
        amount: (invoices,) tax included.
        state: (invoices,) one of the first four of `STATES`.
        paid: (invoices,) amount paid so far.
        open: (invoices,) amount still owed.
        paid_on: (invoices,) day number of the last payment; `NO_DAY` before the first.
        paid_on_average: (invoices,) mean day of the payments, by amount; nan before the first.
        pieces: what the invoices were cut into.
        piece: (pieces,) position of the invoice here.
    """

    as_of: int
    asked: int
    item: Codes
    issued: Days
    due: Days
    booked: Days
    amount: Floats
    state: States
    paid: Floats
    open: Floats
    paid_on: Days
    paid_on_average: Floats
    pieces: Pieces
    piece: Codes

    def start(self, basis: str) -> Days:
        """The day each invoice counts from: its own date for days to pay, its due date for days late."""
        return self.due if basis == "due" else self.issued

    def days_to_last_payment(self, basis: str) -> Floats:
        """(invoices,) days from the start to the last payment; nan where the invoice is not paid, or has no start."""
        return days_between(self.start(basis), np.where(self.state == PAID, self.paid_on, NO_DAY))

    def days_to_average_payment(self, basis: str) -> Floats:
        """(invoices,) days from the start to the mean day of the payments; nan as for the last payment."""
        first_paid = self.start(basis)
        known = (self.state == PAID) & (first_paid != NO_DAY)
        return np.where(known, self.paid_on_average - np.where(known, first_paid, 0), np.nan)

    def durations(self, basis: str, group: Codes, groups: int) -> Durations:
        """Invoices, each weighing 1, until their last payment."""
        start = self.start(basis)
        used = (self.state != CREDITED) & (start != NO_DAY)
        paid = self.state == PAID
        days = np.where(paid, self.paid_on, self.as_of) - np.where(used, start, 0)
        return Durations(group[used], days[used], paid[used], np.ones(used.sum(), dtype=np.int64), groups)

    def amount_durations(self, basis: str, group: Codes, groups: int) -> Durations:
        """Cents, each until the payment that brought it in."""
        pieces, start = self.pieces, self.start(basis)[self.piece]
        used = np.isin(pieces.state, (PAID, OPEN, LOST)) & (start != NO_DAY)
        paid = (pieces.state == PAID)[used]
        days = np.where(paid, pieces.day[used], self.as_of) - start[used]
        cents = np.rint(pieces.amount[used] * 100).astype(np.int64)
        return Durations(group[self.piece[used]], days, paid, cents, groups)


def invoices_of(ledger: Ledger, as_of: Day | None = None, *, issued_since: Day | None = None) -> Invoices:
    """The invoices in the accounts of a day, those issued before another day left out.

    Of a day after the ledger's last one they are those of that one: what is open there was not seen unpaid since.
    """
    day = last_known(ledger, as_of)
    booked, issued = day_numbers(ledger.items["booked_on"]), issue_days(ledger)
    chosen = invoices_known(ledger, day)
    if issued_since is not None:
        chosen = chosen & (np.where(issued == NO_DAY, booked, issued) >= day_number(as_day(issued_since)))
    pieces, item = pieces_of(ledger, day, chosen), np.flatnonzero(chosen)
    piece = np.cumsum(chosen)[pieces.item] - 1
    totals = [_total(pieces, piece, state, len(item)) for state in (PAID, OPEN, LOST)]
    paid_on, paid_on_average = _payment_days(pieces, piece, totals[PAID])
    return Invoices(
        as_of=day_number(day),
        asked=day_number(ledger.day(as_of)),
        item=item,
        issued=issued[item],
        due=day_numbers(ledger.items["due_on"])[item],
        booked=booked[item],
        amount=ledger.items["amount"].to_numpy()[item],
        state=_states(*totals),
        paid=totals[PAID],
        open=totals[OPEN],
        paid_on=paid_on,
        paid_on_average=paid_on_average,
        pieces=pieces,
        piece=piece,
    )


def check_basis(basis: str) -> str:
    """The basis, if it is one.

    Raises:
        ArlibError: it is neither `due` nor `issued`.
    """
    if basis not in ("due", "issued"):
        raise ArlibError(say("delays.basis", basis=basis))
    return basis


def _total(pieces: Pieces, piece: Codes, state: int, invoices: int) -> Floats:
    chosen = pieces.state == state
    return sum_by_code(piece[chosen], pieces.amount[chosen], invoices).round(2)


def _states(paid: Floats, still_open: Floats, lost: Floats) -> States:
    ended = np.where(lost > paid, LOST, np.where(paid >= HALF_CENT, PAID, CREDITED))
    return np.where(still_open >= HALF_CENT, OPEN, ended).astype(np.int8)


def _payment_days(pieces: Pieces, piece: Codes, paid: Floats) -> tuple[Days, Floats]:
    """The last day each invoice was paid on, and the mean one by amount."""
    money: Flags = pieces.state == PAID
    invoice, day = piece[money], pieces.day[money]
    last = np.full(len(paid), NO_DAY)
    np.maximum.at(last, invoice, day)
    weighted = sum_by_code(invoice, pieces.amount[money] * day, len(paid))
    return last, np.divide(weighted, paid, where=paid >= HALF_CENT, out=np.full(len(paid), np.nan))

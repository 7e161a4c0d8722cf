"""The accounts of a sample at the end of a day, read one movement after the other."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from arlib.samples.events import History, Kind, Movement

ONE_DAY = timedelta(days=1)


class Open(NamedTuple):
    """A movement still open, and its signed cents."""

    movement: Movement
    cents: int


class Settled(NamedTuple):
    """What a credit settled of an invoice: when, how many cents, and what the credit was."""

    day: date
    cents: int
    kind: Kind


class Invoice(NamedTuple):
    """An invoice, and what settled it so far.

    Attributes:
        movement: the invoice.
        due: its due date.
        payments: what was paid of it; `paid` cents in all.
        credits: what credit notes settled of it; `credited` cents in all.
        open: cents still owed.
    """

    movement: Movement
    due: date
    payments: tuple[Settled, ...]
    credits: tuple[Settled, ...]
    paid: int
    credited: int
    open: int

    @classmethod
    def of(cls, movement: Movement, due: date, settled: Sequence[Settled]) -> "Invoice":
        """An invoice and what settled it."""
        payments = tuple([each for each in settled if each.kind == "payment"])
        credits_ = tuple([each for each in settled if each.kind != "payment"])
        paid, credited = sum([each.cents for each in payments]), sum([each.cents for each in credits_])
        return cls(movement, due, payments, credits_, paid, credited, movement.cents - paid - credited)

    def paid_by(self, day: date) -> int:
        """Cents paid up to the end of a day."""
        return sum(payment.cents for payment in self.payments if payment.day <= day)


def open_on(history: History, as_of: date) -> list[Open]:
    """What is open at the end of a day: movements up to it, less the allocations up to it."""
    left = {movement.number: movement.cents for movement in history.movements if movement.day <= as_of}
    for allocation in history.allocations:
        if allocation.day <= as_of:
            left[allocation.debit] -= allocation.cents
            left[allocation.credit] += allocation.cents
    return [Open(history.by_number[number], cents) for number, cents in left.items() if cents]


def invoices_on(history: History, as_of: date) -> list[Invoice]:
    """The invoices up to the end of a day, with what had settled them by then."""
    settled: dict[int, list[Settled]] = {}
    for allocation in history.allocations:
        if allocation.day <= as_of:
            credit = history.by_number[allocation.credit]
            settled.setdefault(allocation.debit, []).append(Settled(allocation.day, allocation.cents, credit.kind))
    return [
        Invoice.of(line, line.due, settled.get(line.number, []))
        for line in history.movements
        if line.kind == "invoice" and line.day <= as_of and line.due is not None
    ]


def balance_on(history: History, as_of: date) -> int:
    """Cents owed at the end of a day, credits deducted."""
    return sum(line.cents for line in history.movements if line.day <= as_of)


def sales_between(history: History, after: date, until: date) -> int:
    """Cents invoiced less credit notes, tax included, from the day after the first to the last."""
    return sum(line.cents for line in history.movements if line.kind != "payment" and after < line.day <= until)


def sales_by_day(history: History) -> Mapping[date, int]:
    """Cents invoiced less credit notes, of each day that has any."""
    sold: dict[date, int] = defaultdict(int)
    for line in history.movements:
        if line.kind != "payment":
            sold[line.day] += line.cents
    return sold


def sales_by_month(history: History, as_of: date, first: date) -> Iterator[tuple[date, date, int]]:
    """Each calendar month from a day back to the first one known, cut off at both: its eve, its last day, its sales."""
    sold, last = sales_by_day(history), as_of
    while last >= first:
        before = max(last.replace(day=1), first) - ONE_DAY
        yield before, last, sum(cents for day, cents in sold.items() if before < day <= last)
        last = before


def paid_between(history: History, after: date, until: date) -> int:
    """Cents received from the day after the first to the last."""
    return -sum(line.cents for line in history.movements if line.kind == "payment" and after < line.day <= until)


def part_of(history: History, wanted: Callable[[Movement], bool]) -> History:
    """Some of the movements, and what settled them: no allocation joins two parts of one customer's account."""
    movements = tuple(movement for movement in history.movements if wanted(movement))
    numbers = {movement.number for movement in movements}
    return History(movements, tuple(one for one in history.allocations if one.debit in numbers), history.customers)


def first_day(history: History) -> date:
    """The day of the first movement: what happened before it nobody can know."""
    return min(movement.day for movement in history.movements)


def total(opened: Sequence[Open]) -> int:
    """Cents open in all."""
    return sum(cents for _, cents in opened)

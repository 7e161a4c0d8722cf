"""What customers paid in the last quarter, by the truth of the histories: who, when, how much, of which items."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from arlib.samples.events import Allocation, Customer, History, Movement
from arlib.samples.groupe import Client, Groupe, Invoice

FIRST_DAY, LAST_DAY = date(2025, 10, 1), date(2025, 12, 31)  # of the statement: the last quarter of both samples


@dataclass(frozen=True)
class Part:
    """So many cents of an item, by its reference; a credit that is deducted is negative."""

    reference: str
    customer: str
    cents: int
    due: date
    closes: bool = True  # whether nothing of the item is left


@dataclass(frozen=True)
class Payment:
    """A payment as its payer made it, before any bank or clerk has written of it.

    `cited` are the references its payer has in mind, which are not always those it settles.
    """

    day: date
    payer: str
    name: str
    segment: str
    country: str
    means: str
    cents: int
    currency: str
    kind: str
    parts: tuple[Part, ...]
    cited: tuple[str, ...]


def negoce_payments(history: History, since: date = FIRST_DAY) -> list[Payment]:
    """The payments of the négoce history from a day on, with what each settles of what was invoiced by then."""
    customers = {customer.code: customer for customer in history.customers}
    books = _Books(history)
    late = [each for each in history.movements if each.kind == "payment" and each.day >= since]
    return [_payment(each, customers[each.customer], books.parts(each, since)) for each in late]


def unknown_matches(history: History, since: date = FIRST_DAY) -> set[tuple[str, str]]:
    """(debit, credit) that no clerk knows before the payments of the quarter: credits of no invoice these deduct."""
    books = _Books(history)
    late = [each for each in history.movements if each.kind == "payment" and each.day >= since]
    return {
        (books.movement(each.debit).reference, books.movement(each.credit).reference)
        for payment in late
        for each in books.deducted(payment, since)
    }


def groupe_payments(groupe: Groupe, since: date = FIRST_DAY) -> list[Payment]:
    """The invoices of the groupe sample paid from a day on; those a customer paid on one day are one transfer."""
    paid: dict[tuple[date, str], list[Invoice]] = defaultdict(list)
    for invoice in groupe.invoices:
        if invoice.paid is not None and invoice.paid >= since:
            paid[invoice.paid, invoice.client.code].append(invoice)
    return [_transfer(day, invoices[0].client, invoices) for (day, _), invoices in sorted(paid.items())]


class _Books:
    """The allocations of a history by both of their sides."""

    def __init__(self, history: History) -> None:
        self.movement = history.by_number.__getitem__
        self.by_credit: dict[int, list[Allocation]] = defaultdict(list)
        self.by_debit: dict[int, list[Allocation]] = defaultdict(list)
        for each in history.allocations:
            self.by_credit[each.credit].append(each)
            self.by_debit[each.debit].append(each)

    def parts(self, payment: Movement, since: date) -> list[Part]:
        """What a payment settles: invoices of its day or earlier, and the credits it deducts."""
        settled = [self._part(each.debit, each.cents, payment.day) for each in self._own(payment)]
        for each in self.deducted(payment, since):
            settled += [
                self._part(each.debit, each.cents, payment.day),
                self._part(each.credit, -each.cents, payment.day),
            ]
        return settled

    def deducted(self, payment: Movement, since: date) -> list[Allocation]:
        """Credits of no invoice, in the books before the quarter's payments, that come off what a payment settles."""
        own = self._own(payment)
        others = [other for each in own for other in self.by_debit[each.debit] if other.credit != each.credit]
        return [other for other in others if self._is_free(other, payment, since)]

    def _own(self, payment: Movement) -> list[Allocation]:
        return [each for each in self.by_credit[payment.number] if self.movement(each.debit).day <= payment.day]

    def _is_free(self, other: Allocation, payment: Movement, since: date) -> bool:
        """Whether a clerk learns of a credit only by this payment, the first one of its debit."""
        credit, debit = self.movement(other.credit), self.movement(other.debit)
        named = credit.label.split()[-1]
        strange = named == "acompte" or (named.startswith("FA") and named != debit.reference)
        free = credit.label.startswith(("Geste", "Remise")) or (credit.kind == "payment" and strange)
        known = credit.kind == "credit_note" or credit.day < since
        paid = [self.movement(each.credit) for each in self.by_debit[debit.number]]
        first = min(each.number for each in paid if each.kind == "payment" and each.number != credit.number)
        return free and known and credit.day < payment.day and first == payment.number

    def _part(self, number: int, cents: int, day: date) -> Part:
        item = self.movement(number)
        settled = sum(each.cents for each in self.by_debit[number] if each.day <= day)
        return Part(item.reference, item.customer, cents, item.due or item.day, settled >= item.cents)


def _payment(movement: Movement, customer: Customer, parts: Sequence[Part]) -> Payment:
    merged: dict[str, Part] = {}
    for part in parts:
        known = merged.get(part.reference)
        cents = part.cents + (known.cents if known else 0)
        merged[part.reference] = Part(part.reference, part.customer, cents, part.due, part.closes)
    settled = tuple(merged.values())
    named = movement.label.split()[-1] if "FA" in movement.label else ""
    owed = tuple(part.reference for part in settled if part.cents > 0)
    twice = bool(named) and named not in owed
    kind = "twice" if twice else "settling" if settled else "on_account"
    if movement.label.endswith("acompte"):
        kind = "on_account"
    return Payment(
        day=movement.day,
        payer=customer.code,
        name=customer.name,
        segment=customer.segment,
        country=customer.country,
        means=customer.means,
        cents=-movement.cents,
        currency="EUR",
        kind=kind,
        parts=settled,
        cited=owed if kind == "settling" else (named,) if twice else (),
    )


def _transfer(day: date, client: Client, invoices: Sequence[Invoice]) -> Payment:
    ordered = sorted(invoices, key=lambda invoice: (invoice.due, invoice.number))
    return Payment(
        day=day,
        payer=client.code,
        name=client.name,
        segment=client.segment,
        country=client.country,
        means="Virement",
        cents=sum(invoice.cents for invoice in ordered),
        currency=client.currency,
        kind="settling",
        parts=tuple(Part(each.number, client.code, each.cents, each.due) for each in ordered),
        cited=tuple(each.number for each in ordered),
    )

"""How a customer settles what it buys: one account written movement by movement.

What is settled together forms a group, which is what the clerk letters. Groups are made so that each invoice's
open amount is, on every day, what first in, first out inside the group gives: credit notes and waiting credits
only ever join a single invoice, and a transfer for several invoices comes after the last of them.
"""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from arlib.samples.business_days import business_day_after, business_day_from
from arlib.samples.customers import LAST_DAY
from arlib.samples.events import Customer, Kind, Share
from arlib.samples.sales import Sale, gross, share

# What becomes of an invoice: weights in thousandths.
_FATES = {"plain": 908, "credited": 23, "disputed": 16, "in_parts": 50, "forgotten": 3}
_DELAYED = {"disputed": (35, 110), "forgotten": (120, 330)}  # days later than the customer's law
_LONG_DISPUTE = (180, 480)
_SHORT_TRANSFER = 0.05  # of grouped transfers, a part is missing
_PAID_TWICE = 0.005
_FREE_CREDITS, _ON_ACCOUNT = 0.005, 0.006  # per invoice
_CREDIT_IS_USED = 0.7
_MISSING_PART_FOLLOWS = 0.85
_IS_LONG_DISPUTE, _DISPUTE_IS_CREDITED = 0.15, 0.4
_REST_NEVER_COMES, _IN_TWO_PARTS = 0.06, 0.69
_WHOLE_IS_CREDITED = 0.2
_LARGEST_GROUP = 12
_GAMMA_SHAPE = 4.0


@dataclass(frozen=True)
class Draft:
    """A movement before it has a number; `about` holds the places of the invoices its label names."""

    kind: Kind
    day: date
    cents: int
    label: str
    about: tuple[int, ...] = ()
    due: date | None = None
    shares: tuple[Share, ...] = ()
    disputed: bool = False


@dataclass
class Account:
    """A customer's account while it is being written: movements, what settles what, and the groups."""

    customer: Customer
    chance: Random
    drafts: list[Draft] = field(default_factory=list)
    settled: list[tuple[int, int, int]] = field(default_factory=list)  # debit, credit, cents
    groups: dict[int, int] = field(default_factory=dict)  # place of a movement -> place of its group's first invoice
    waiting: list[int] = field(default_factory=list)  # credits that belong to no invoice yet

    def write(self, draft: Draft) -> int:
        """Add a movement; its place in the account."""
        self.drafts.append(draft)
        return len(self.drafts) - 1

    def settle(self, debits: list[int], credit: int) -> None:
        """Use a credit for these debits, in their order, and put all in the group of the first."""
        left = -self.drafts[credit].cents
        for debit in debits:
            self.groups[debit] = self.groups[credit] = debits[0]
            used = min(left, self.open(debit))
            if used > 0:
                self.settled.append((debit, credit, used))
                left -= used

    def open(self, debit: int) -> int:
        """The cents of an invoice not settled yet."""
        return self.drafts[debit].cents - sum(cents for place, _, cents in self.settled if place == debit)

    def pay(self, debits: list[int], day: date | None, cents: int) -> int | None:
        """Write a payment of these invoices, unless it never comes or comes after the sample's last day."""
        if day is None or day > LAST_DAY:
            return None
        credit = self.write(Draft("payment", day, -cents, self.customer.means, tuple(debits)))
        self.settle(debits, credit)
        return credit


def settle(customer: Customer, sales: list[Sale], chance: Random) -> Account:
    """The whole account of a customer: its invoices, credit notes and payments, and what settles what."""
    account = Account(customer, chance)
    _write_free_credits(account, sales)
    grouped: dict[Hashable, list[tuple[int, Sale]]] = defaultdict(list)
    fates = chance.choices(list(_FATES), list(_FATES.values()), k=len(sales))
    for sale, fate in zip(sales, fates, strict=True):
        draft = Draft("invoice", sale.day, sale.cents, "", (), sale.due, sale.shares, fate == "disputed")
        place = account.write(draft)
        if fate == "plain" and customer.habit == "grouped":
            grouped[_run(customer, sale)].append((place, sale))
        else:
            _settle_one(account, place, sale, fate)
    for run in grouped.values():
        for start in range(0, len(run), _LARGEST_GROUP):
            _settle_run(account, run[start : start + _LARGEST_GROUP])
    return account


def _run(customer: Customer, sale: Sale) -> Hashable:
    """What is paid in one transfer: the invoices due on the same end of month, else in the same week."""
    return sale.due if customer.terms.end_of_month else sale.due.isocalendar()[:2]


def _settle_run(account: Account, run: list[tuple[int, Sale]]) -> None:
    """One transfer for several invoices; now and then a part of the last one is missing, and follows or not."""
    chance = account.chance
    places = [place for place, _ in sorted(run, key=lambda invoice: (invoice[1].due, invoice[1].day))]
    sales = [sale for _, sale in run]
    day = _payment_day(account, sales, 0)
    total = sum(sale.cents for sale in sales)
    missing = 0
    if len(run) > 1 and chance.random() < _SHORT_TRANSFER:
        missing = round(account.drafts[places[-1]].cents * chance.uniform(0.2, 0.9))
    if account.pay(places, day, total - missing) is None or day is None or not missing:
        return
    if chance.random() < _MISSING_PART_FOLLOWS:
        account.pay(places, _later(account.customer, day, chance.randrange(12, 50)), missing)


def _settle_one(account: Account, place: int, sale: Sale, fate: str) -> None:
    """One invoice settled by itself, by its fate."""
    chance = account.chance
    long_dispute = fate == "disputed" and chance.random() < _IS_LONG_DISPUTE
    extra = chance.randrange(*(_LONG_DISPUTE if long_dispute else _DELAYED.get(fate, (0, 1))))
    day = _payment_day(account, [sale], extra)
    if fate == "credited" or (fate == "disputed" and chance.random() < _DISPUTE_IS_CREDITED):
        _credit(account, place, sale, day or LAST_DAY)
    elif fate == "plain" and day is not None:
        _use_waiting(account, place, day)
    owed = account.open(place)
    if day is None or not owed:
        return
    if fate == "in_parts":
        _pay_in_parts(account, place, day)
    elif account.pay([place], day, owed) is not None and chance.random() < _PAID_TWICE:
        again = _later(account.customer, day, chance.randrange(3, 20))
        if again is not None and again <= LAST_DAY:
            account.waiting.append(account.write(Draft("payment", again, -owed, account.customer.means, (place,))))


def _pay_in_parts(account: Account, place: int, day: date) -> None:
    """Two or three payments; the last one sometimes never comes."""
    chance = account.chance
    owed = account.open(place)
    first = round(owed * chance.uniform(0.3, 0.7))
    account.pay([place], day, first)
    second = _later(account.customer, day, chance.randrange(10, 40))
    parts = chance.random()
    if second is None or parts < _REST_NEVER_COMES:
        return
    if parts < _REST_NEVER_COMES + _IN_TWO_PARTS:
        account.pay([place], second, owed - first)
        return
    half = (owed - first) // 2
    account.pay([place], second, half)
    account.pay([place], _later(account.customer, second, chance.randrange(10, 40)), owed - first - half)


def _credit(account: Account, place: int, sale: Sale, paid_on: date) -> None:
    """A credit note for goods returned or a price corrected, after the invoice and before its payment."""
    chance = account.chance
    room = min((paid_on - sale.day).days - 1, 40)
    day = business_day_from(sale.day + timedelta(days=chance.randrange(1, room) if room > 1 else 1))
    if day > min(paid_on, LAST_DAY):
        return
    part = 1.0 if chance.random() < _WHOLE_IS_CREDITED else chance.uniform(0.05, 0.5)
    shares = sale.shares if part == 1.0 else tuple(share(old.rate, round(old.net * part)) for old in sale.shares)
    credited = tuple(Share(old.rate, -old.net, -old.tax) for old in shares)
    credit = account.write(Draft("credit_note", day, gross(credited), "Avoir sur", (place,), day, credited))
    account.settle([place], credit)


def _write_free_credits(account: Account, sales: list[Sale]) -> None:
    """Credit notes for no invoice and payments on account, at some days of the customer's life: they wait."""
    customer, chance = account.customer, account.chance
    for sale in sales:
        drawn = chance.random()
        day = _later(customer, sale.day, chance.randrange(1, 25))
        if drawn >= _FREE_CREDITS + _ON_ACCOUNT or day is None or day > LAST_DAY:
            continue
        if drawn < _FREE_CREDITS:
            net = -round(customer.net_of_an_invoice * chance.uniform(5, 40))
            part = Share(sale.shares[0].rate, net, -share(sale.shares[0].rate, -net).tax)
            label = chance.choice(["Geste commercial", "Remise de volume"])
            account.waiting.append(account.write(Draft("credit_note", day, gross((part,)), label, (), day, (part,))))
        else:
            euros = max(1, round(customer.net_of_an_invoice * chance.uniform(0.15, 0.6) / 50)) * 50
            account.waiting.append(account.write(Draft("payment", day, -euros * 100, f"{customer.means} acompte")))


def _use_waiting(account: Account, place: int, paid_on: date) -> None:
    """Take a waiting credit off an invoice that is larger, if one is there when the invoice is paid."""
    for credit in account.waiting:
        draft = account.drafts[credit]
        fits = draft.day < paid_on and -draft.cents < account.drafts[place].cents
        if fits and account.chance.random() < _CREDIT_IS_USED:
            account.settle([place], credit)
            account.waiting.remove(credit)
            return


def _payment_day(account: Account, sales: list[Sale], extra: int) -> date | None:
    """When invoices are paid together: their mean due date plus a delay of the customer's law; None for never."""
    law = account.customer.law
    due = date.fromordinal(sum(sale.due.toordinal() for sale in sales) // len(sales))
    drawn = (account.chance.gammavariate(_GAMMA_SHAPE, 1.0) - _GAMMA_SHAPE) / _GAMMA_SHAPE**0.5
    late = law.mean(due, LAST_DAY) + law.spread * drawn + extra
    earliest = business_day_after(max(sale.day for sale in sales))
    return _unless_insolvent(account.customer, max(business_day_from(due + timedelta(days=round(late))), earliest))


def _later(customer: Customer, day: date, days: int) -> date | None:
    return _unless_insolvent(customer, business_day_from(day + timedelta(days=days)))


def _unless_insolvent(customer: Customer, day: date) -> date | None:
    gone = customer.law.insolvent_on
    return None if gone is not None and day >= gone else day

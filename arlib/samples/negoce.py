"""The négoce sample: three years of the customers' ledger of an invented French wholesaler."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count, product
from random import Random
from string import ascii_uppercase

from arlib.samples.customers import draw_customers
from arlib.samples.events import Allocation, Customer, History, Kind, Movement
from arlib.samples.sales import draw_sales
from arlib.samples.settlement import Account, Draft, settle

SEED = 20230101
_RANK: Mapping[Kind, int] = {"invoice": 0, "credit_note": 1, "payment": 2}
_SERIES: Mapping[Kind, str] = {"invoice": "FA", "credit_note": "AV", "payment": "RG"}


@dataclass(frozen=True)
class _Written:
    """A movement of one account, on its way to the ledger of all."""

    customer: Customer
    place: int
    draft: Draft
    lettering: str

    @property
    def order(self) -> tuple[date, int, str, int]:
        """Chronological; on a day invoices, then credit notes, then payments."""
        return self.draft.day, _RANK[self.draft.kind], self.customer.code, self.place


def make_negoce(seed: int = SEED) -> History:
    """The whole history: customers, numbered movements in chronological order, and what settled what.

    Each customer draws from a chance of its own, so that a change to one leaves the others as they were.
    """
    customers = draw_customers(_chance(seed, "customers"))
    accounts = [_account(customer, _chance(seed, customer.code)) for customer in customers]
    written = sorted((line for account in accounts for line in _lines(account)), key=lambda line: line.order)
    numbers = {(line.customer.code, line.place): number for number, line in enumerate(written, start=1)}
    references = _references(written)
    movements = tuple(_movement(line, numbers, references) for line in written)
    days = {movement.number: movement.day for movement in movements}
    allocations = tuple(
        Allocation(debit, credit, cents, max(days[debit], days[credit]))
        for account in accounts
        for debit, credit, cents in _numbered(account, numbers)
    )
    return History(movements, allocations, tuple(customers))


def _chance(seed: int, name: str) -> Random:
    return Random(f"{seed} {name}")  # noqa: S311 - a sample to make again, not a secret


def _account(customer: Customer, chance: Random) -> Account:
    return settle(customer, draw_sales(customer, chance), chance)


def _lines(account: Account) -> Iterator[_Written]:
    letters = _lettering(account)
    for place, draft in enumerate(account.drafts):
        yield _Written(account.customer, place, draft, letters.get(place, ""))


def _lettering(account: Account) -> Mapping[int, str]:
    """AAA, AAB…: one code a group of the customer, in the order in which the groups were last added to."""
    members: dict[int, list[int]] = defaultdict(list)
    for place, group in account.groups.items():
        members[group].append(place)
    last = {group: max(account.drafts[place].day for place in places) for group, places in members.items()}
    ordered = sorted(members, key=lambda group: (last[group], group))
    codes = ("".join(letters) for letters in product(ascii_uppercase, repeat=3))
    return {place: code for group, code in zip(ordered, codes, strict=False) for place in members[group]}


def _numbered(account: Account, numbers: Mapping[tuple[str, int], int]) -> Iterator[tuple[int, int, int]]:
    code = account.customer.code
    for debit, credit, cents in account.settled:
        yield numbers[code, debit], numbers[code, credit], cents


def _references(written: list[_Written]) -> Mapping[tuple[str, int], str]:
    """FA23-00001…: one unbroken series a kind and a year, as the law asks of invoices."""
    series: dict[str, count[int]] = defaultdict(lambda: count(1))
    references = {}
    for line in written:
        name = f"{_SERIES[line.draft.kind]}{line.draft.day:%y}"
        references[line.customer.code, line.place] = f"{name}-{next(series[name]):05d}"
    return references


def _movement(
    line: _Written, numbers: Mapping[tuple[str, int], int], references: Mapping[tuple[str, int], str]
) -> Movement:
    draft, code = line.draft, line.customer.code
    about = [references[code, place] for place in draft.about]
    return Movement(
        number=numbers[code, line.place],
        kind=draft.kind,
        reference=references[code, line.place],
        customer=code,
        segment=line.customer.segment,
        day=draft.day,
        due=draft.due,
        cents=draft.cents,
        label=_label(draft, references[code, line.place], about),
        shares=draft.shares,
        lettering=line.lettering,
        disputed=draft.disputed,
        linked=draft.kind == "credit_note" and bool(about),
    )


def _label(draft: Draft, reference: str, about: list[str]) -> str:
    if draft.kind == "invoice":
        return f"Facture {reference}"
    if len(about) > 1:
        return f"{draft.label} {len(about)} factures"
    return " ".join([draft.label, *about])

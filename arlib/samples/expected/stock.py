"""What is owed on a day: the balance, by age, by group, on how few customers it rests."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from arlib.samples.events import History, Movement
from arlib.samples.expected.books import Open, open_on, paid_between, sales_between, total
from arlib.samples.expected.fact import Exact, Line, key, money, share

BUCKETS = ("not_due", "1-30", "31-60", "61-90", "91+", "unapplied")
UNAPPLIED = BUCKETS[-1]
UPPER = (0, 30, 60, 90)  # last day late of each bucket, itself included
WINDOW = 90
_TOP = 10
_DEBTS = BUCKETS[:-1]


def bucket(movement: Movement, cents: int, as_of: date) -> str:
    """The bucket of what is open of a movement."""
    if cents < 0 or movement.due is None:
        return UNAPPLIED
    late = (as_of - movement.due).days
    return BUCKETS[sum(late > upper for upper in UPPER)]


def aged(opened: Sequence[Open], as_of: date) -> dict[str, int]:
    """Cents by bucket of days past the due date; what is owed to customers is apart, negative."""
    buckets = dict.fromkeys(BUCKETS, 0)
    for movement, cents in opened:
        buckets[bucket(movement, cents, as_of)] += cents
    return buckets


def overdue(opened: Sequence[Open], as_of: date) -> int:
    """Cents past their due date, credits not deducted."""
    return sum(cents for movement, cents in opened if bucket(movement, cents, as_of) in _DEBTS[1:])


def netted(opened: Sequence[Open]) -> list[Open]:
    """What is left once the credits of each customer of each company have paid its debts, the first due first."""
    purses: dict[tuple[str, str], int] = defaultdict(int)
    for movement, cents in opened:
        purses[movement.customer, movement.entity] += max(-cents, 0)
    left: list[Open] = []
    for movement, cents in sorted(opened, key=lambda line: line.movement.due or date.max):
        if cents > 0:
            purse = (movement.customer, movement.entity)
            paid = min(cents, purses[purse])
            purses[purse] -= paid
            left.append(Open(movement, cents - paid))
    credits_ = [Open(_purse(purse), -cents) for purse, cents in purses.items()]
    return [line for line in [*left, *credits_] if line.cents]


def _purse(owner: tuple[str, str]) -> Movement:
    customer, entity = owner
    return Movement(0, "payment", "", customer, "", date.max, None, 0, entity=entity)


def of_a_day(history: History, as_of: date) -> Iterator[Line]:
    """Facts cheap enough for every day."""
    opened = open_on(history, as_of)
    after = as_of - timedelta(days=WINDOW)
    yield Line("balance", "", money(total(opened)))
    yield Line("open_items", "", str(len(opened)))
    for name, cents in aged(opened, as_of).items():
        yield Line("aged_balance", name, money(cents))
    yield Line("disputed", "", money(sum(cents for movement, cents in opened if movement.disputed)))
    yield Line("sales_90", "", money(sales_between(history, after, as_of)))
    yield Line("collected_90", "", money(paid_between(history, after, as_of)))
    yield from _rates(opened, as_of)
    yield from _concentration(opened)
    for measure, group in _KEYS.items():
        yield from _by_key(opened, measure, group)


def of_a_chosen_day(history: History, as_of: date) -> Iterator[Line]:
    """The aged balance shown otherwise: by two keys, credits netted, without tax, disputes apart."""
    opened = open_on(history, as_of)
    yield from _aged("aged_balance_netted", aged(netted(opened), as_of))
    disputed = [line for line in opened if line.movement.disputed]
    apart = aged([line for line in opened if not line.movement.disputed], as_of)
    yield from _aged("aged_balance_disputed_apart", apart | {"disputed": total(disputed)})
    if any(movement.shares for movement in history.movements):  # groupe knows no tax
        yield from _without_tax(opened, as_of)
    countries = {customer.code: customer.country for customer in history.customers}
    cells: dict[tuple[str, str], list[Open]] = defaultdict(list)
    for line in opened:
        cells[line.movement.segment, countries.get(line.movement.customer, line.movement.entity)].append(line)
    for names, lines in sorted(cells.items()):
        for name, cents in aged(lines, as_of).items():
            if cents:
                yield Line("aged_balance_by_two", key(*names, name), money(cents))


def _aged(measure: str, buckets: Mapping[str, Exact]) -> Iterator[Line]:
    for name, cents in buckets.items():
        yield Line(measure, name, money(cents))


def _without_tax(opened: Sequence[Open], as_of: date) -> Iterator[Line]:
    """What is open of an invoice or a credit note has its part of the tax; a payment has none that is known."""
    buckets: dict[str, Fraction] = dict.fromkeys(BUCKETS, Fraction(0))
    unknown = 0
    for movement, cents in opened:
        taxed = movement.kind != "payment"
        net = Fraction(movement.net, movement.cents) if taxed else Fraction(1)
        unknown += 0 if taxed else -cents
        buckets[bucket(movement, cents, as_of)] += cents * net
    yield from _aged("aged_balance_without_tax", buckets | {"tax_unknown": Fraction(unknown)})


def _rates(opened: Sequence[Open], as_of: date) -> Iterator[Line]:
    late, owed = overdue(opened, as_of), sum(max(line.cents, 0) for line in opened)
    yield Line("overdue_rate", "", share(Fraction(late, owed)))
    yield Line("unapplied_share", "", share(Fraction(owed - total(opened), total(opened))))
    net_owed = sum(max(cents, 0) for cents in _by(opened, lambda line: line.customer).values())
    net_late = 0
    for customer in {line.movement.customer for line in opened}:
        own = [line for line in opened if line.movement.customer == customer]
        net_late += max(overdue(own, as_of) + sum(min(line.cents, 0) for line in own), 0)
    yield Line("net_overdue_rate", "", share(Fraction(net_late, net_owed)))


def _concentration(opened: Sequence[Open]) -> Iterator[Line]:
    """Shares of what debtors owe, customers in credit left out."""
    balances = _by(opened, lambda movement: movement.customer).values()
    debts = sorted((cents for cents in balances if cents > 0), reverse=True)
    owed = sum(debts)
    index = Fraction(sum(cents * cents for cents in debts), owed * owed)
    yield Line("concentration", "debtors", str(len(debts)))
    yield Line("concentration", "owed", money(owed))
    yield Line("concentration", "credits", money(sum(cents for cents in balances if cents < 0)))
    yield Line("concentration", "top_10_share", share(Fraction(sum(debts[:_TOP]), owed)))
    yield Line("concentration", "hhi", share(index))
    yield Line("concentration", "effective_debtors", share(1 / index))


_KEYS: dict[str, Callable[[Movement], str]] = {
    "balance_by_segment": lambda movement: movement.segment,
    "balance_by_entity": lambda movement: movement.entity,
    "balance_by_customer": lambda movement: movement.customer,
}


def _by(opened: Sequence[Open], group: Callable[[Movement], str]) -> dict[str, int]:
    balances: dict[str, int] = defaultdict(int)
    for movement, cents in opened:
        balances[group(movement)] += cents
    return balances


def _by_key(opened: Sequence[Open], measure: str, group: Callable[[Movement], str]) -> Iterator[Line]:
    """The balance by a key, largest first; of customers the ten largest."""
    balances = _by(opened, group)
    if set(balances) == {""}:
        return
    ranked = sorted(balances.items(), key=lambda entry: (-entry[1], entry[0]))
    for name, cents in ranked[: _TOP if measure == "balance_by_customer" else None]:
        yield Line(measure, name, money(cents))

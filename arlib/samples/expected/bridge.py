"""Why DSO moved between two days: the bridge, one customer after the other."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from arlib.samples.events import History
from arlib.samples.expected.books import open_on
from arlib.samples.expected.fact import Line, days, key, money
from arlib.samples.expected.stock import WINDOW, bucket

EFFECTS = ("volume", "mix", "terms", "phasing", "delay", "disputes", "undated", "unapplied", "new", "lost")
_EFFECT_OF_PART = {"not_due": "phasing", "overdue": "delay", "disputed": "disputes", "unapplied": "unapplied"}
_YEAR = 365
_TOP = 10


@dataclass
class _Customer:
    """What one customer bought in a window and owes at the end of it, in cents."""

    sold: int = 0
    billed: int = 0
    granted: int = 0  # cents × days of terms
    parts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_EFFECT_OF_PART, 0))

    @property
    def owed(self) -> int:
        return sum(self.parts.values())

    @property
    def buys(self) -> bool:
        """It has sales, and all it owes or holds is at most a year of them."""
        return self.sold > 0 and sum(map(abs, self.parts.values())) * WINDOW <= self.sold * _YEAR

    @property
    def terms(self) -> Fraction | None:
        return Fraction(self.granted, self.billed) if self.billed > 0 else None


@dataclass
class _Company:
    """All customers on a day."""

    customers: dict[str, _Customer]

    @property
    def sold(self) -> int:
        return sum(customer.sold for customer in self.customers.values())

    @property
    def dso(self) -> Fraction:
        return sum(customer.owed for customer in self.customers.values()) * self.pace

    @property
    def pace(self) -> Fraction:
        """Days one cent stands for."""
        return Fraction(WINDOW, self.sold)


def of_a_chosen_period(history: History, start: date, end: date) -> Iterator[Line]:
    """The effects in days and in euros, and the customers that moved DSO most."""
    first, last = _company(history, start), _company(history, end)
    moved = {name: _effects(name, first, last) for name in sorted({*first.customers, *last.customers})}
    effects = {effect: sum((each[effect] for each in moved.values()), Fraction(0)) for effect in EFFECTS}
    mean_sold = Fraction(first.sold + last.sold, 2)
    bought_more = Fraction(last.sold - first.sold, WINDOW) * (first.dso + last.dso) / 2
    yield Line("dso_bridge", key(start, "dso_start"), days(first.dso))
    yield Line("dso_bridge", key(start, "dso_end"), days(last.dso))
    for effect, value in effects.items():
        amount = value * mean_sold / WINDOW + (bought_more if effect == "volume" else 0)
        yield Line("dso_bridge", key(start, effect, "days"), days(value))
        yield Line("dso_bridge", key(start, effect, "amount"), money(amount))
    changes = {name: sum(each.values(), Fraction(0)) for name, each in moved.items()}
    for name in sorted(changes, key=lambda name: (-abs(changes[name]), name))[:_TOP]:
        yield Line("dso_bridge", key(start, name, "change"), days(changes[name]))


def _company(history: History, as_of: date) -> _Company:
    customers: dict[str, _Customer] = defaultdict(_Customer)
    for line in history.movements:
        if line.kind != "payment" and as_of - timedelta(days=WINDOW) < line.day <= as_of:
            customer = customers[line.customer]
            customer.sold += line.cents
            if line.kind == "invoice" and line.due is not None:
                customer.billed += line.cents
                customer.granted += line.cents * (line.due - line.day).days
    for movement, cents in open_on(history, as_of):
        part = bucket(movement, cents, as_of)
        part = part if part in ("not_due", "unapplied") else "overdue"
        part = "disputed" if movement.disputed and cents > 0 else part
        customers[movement.customer].parts[part] += cents
    return _Company(dict(customers))


def _effects(name: str, first: _Company, last: _Company) -> dict[str, Fraction]:
    """What one customer adds to the change of DSO."""
    found = dict.fromkeys(EFFECTS, Fraction(0))
    one, two = first.customers.get(name, _Customer()), last.customers.get(name, _Customer())
    weights = Fraction(one.sold, first.sold), Fraction(two.sold, last.sold)
    moved_share, mean_dso = weights[1] - weights[0], (first.dso + last.dso) / 2
    if one.buys and two.buys:
        mean_weight = (weights[0] + weights[1]) / 2
        mean_own = (Fraction(one.owed, one.sold) + Fraction(two.owed, two.sold)) * WINDOW / 2
        found["mix"] = moved_share * (mean_own - mean_dso)
        for part, effect in _EFFECT_OF_PART.items():
            before, after = (Fraction(each.parts[part], each.sold) * WINDOW for each in (one, two))
            found[effect] = mean_weight * (after - before)
        if one.terms is not None and two.terms is not None:
            found["terms"] = mean_weight * (two.terms - one.terms)
        found["phasing"] -= found["terms"]
    elif one.buys or two.buys:
        change = two.owed * last.pace - one.owed * first.pace
        found["new" if two.buys else "lost"] = change - moved_share * mean_dso
    else:
        for part, effect in _EFFECT_OF_PART.items():
            found[effect] = (two.parts[part] - one.parts[part]) * (first.pace + last.pace) / 2
        found["volume"] = Fraction(one.owed + two.owed, 2) * (last.pace - first.pace)
        found["mix"] = -moved_share * mean_dso
    return found

"""What arlib must find in the samples, computed without any of it: whole cents, one movement after the other."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

from arlib.samples.events import History, Movement

BUCKETS = ("not_due", "1-30", "31-60", "61-90", "91+", "unapplied")
_UPPER = (0, 30, 60, 90)  # last day late of each bucket, itself included
WINDOW = 90
_TOP = 10


class Fact(NamedTuple):
    """One true figure: of which sample, on which day, which measure, of what, in euros, days or a count."""

    sample: str
    as_of: date
    measure: str
    key: str
    value: str


class Open(NamedTuple):
    """A movement still open, and its signed cents."""

    movement: Movement
    cents: int


def open_on(history: History, as_of: date) -> list[Open]:
    """What is open at the end of a day: movements up to it, less the allocations up to it."""
    left = {movement.number: movement.cents for movement in history.movements if movement.day <= as_of}
    for allocation in history.allocations:
        if allocation.day <= as_of:
            left[allocation.debit] -= allocation.cents
            left[allocation.credit] += allocation.cents
    return [Open(history.by_number[number], cents) for number, cents in left.items() if cents]


def aged(opened: Sequence[Open], as_of: date) -> dict[str, int]:
    """Cents by bucket of days past the due date; what is owed to customers is apart, negative."""
    buckets = dict.fromkeys(BUCKETS, 0)
    for movement, cents in opened:
        buckets[_bucket(movement, cents, as_of)] += cents
    return buckets


def _bucket(movement: Movement, cents: int, as_of: date) -> str:
    if cents < 0 or movement.due is None:
        return "unapplied"
    late = (as_of - movement.due).days
    return BUCKETS[sum(late > upper for upper in _UPPER)]


def sales_between(history: History, after: date, until: date) -> int:
    """Cents invoiced less credit notes, tax included, from the day after the first to the last."""
    return sum(line.cents for line in history.movements if line.kind != "payment" and after < line.day <= until)


def countback_days(history: History, as_of: date) -> Decimal | None:
    """Days of sales that make up the balance, month by month backwards from a month end; None if not exhausted.

    The whole days of each month whose sales the balance covers, then remainder / sales of the month × its days.
    """
    left, total, last = sum(cents for _, cents in open_on(history, as_of)), Decimal(0), as_of
    while left > 0:
        before = last.replace(day=1) - timedelta(days=1)
        sold = sales_between(history, before, last)
        if sold <= 0:
            return None
        total += Decimal((last - before).days) * min(Decimal(1), Decimal(left) / Decimal(sold))
        left, last = left - sold, before
    return total


def facts(sample: str, history: History, days: Sequence[date]) -> Iterator[Fact]:
    """Every true figure of a sample on each of these days."""
    for as_of in days:
        opened = open_on(history, as_of)
        yield from _totals(sample, history, as_of, opened)
        for measure, key in _KEYS.items():
            yield from _by_key(sample, as_of, opened, measure, key)


def _totals(sample: str, history: History, as_of: date, opened: list[Open]) -> Iterator[Fact]:
    balance = sum(cents for _, cents in opened)
    window_start = as_of - timedelta(days=WINDOW)
    sold = sales_between(history, window_start, as_of)
    paid = -sum(line.cents for line in history.movements if line.kind == "payment" and window_start < line.day <= as_of)
    disputed = sum(cents for movement, cents in opened if movement.disputed)
    yield Fact(sample, as_of, "balance", "", money(balance))
    yield Fact(sample, as_of, "open_items", "", str(len(opened)))
    for bucket, cents in aged(opened, as_of).items():
        yield Fact(sample, as_of, "aged_balance", bucket, money(cents))
    yield Fact(sample, as_of, "disputed", "", money(disputed))
    yield Fact(sample, as_of, "sales_90", "", money(sold))
    yield Fact(sample, as_of, "collected_90", "", money(paid))
    if window_start >= min(line.day for line in history.movements):  # else the window is longer than the history
        yield Fact(sample, as_of, "dso_90", "", days(Decimal(balance) / Decimal(sold) * WINDOW))
    countback = countback_days(history, as_of) if (as_of + timedelta(days=1)).day == 1 else None
    if countback is not None:
        yield Fact(sample, as_of, "countback_dso", "", days(countback))


_KEYS: dict[str, Callable[[Movement], str]] = {
    "balance_by_segment": lambda movement: movement.segment,
    "balance_by_entity": lambda movement: movement.entity,
    "balance_by_customer": lambda movement: movement.customer,
}


def _by_key(
    sample: str, as_of: date, opened: list[Open], measure: str, key: Callable[[Movement], str]
) -> Iterator[Fact]:
    """The balance by a key, largest first; of customers the ten largest."""
    balances: dict[str, int] = defaultdict(int)
    for line in opened:
        balances[key(line.movement)] += line.cents
    if set(balances) == {""}:
        return
    ranked = sorted(balances.items(), key=lambda entry: (-entry[1], entry[0]))
    for name, cents in ranked[: _TOP if measure == "balance_by_customer" else None]:
        yield Fact(sample, as_of, measure, name, money(cents))


def money(cents: int) -> str:
    """Euros with two decimals: `-1234.50`."""
    return str((Decimal(cents) / 100).quantize(Decimal("0.01")))


def days(value: Decimal) -> str:
    """Days with six decimals."""
    return str(value.quantize(Decimal("0.000001"), ROUND_HALF_UP))


def write_expected(path: Path, rows: Sequence[Fact]) -> None:
    """`expected.csv`: UTF-8, commas, one row a figure."""
    with path.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(Fact._fields)
        writer.writerows(rows)

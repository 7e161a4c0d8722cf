"""Every DSO of a day, each from its definition."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from arlib.samples.business_days import end_of_month
from arlib.samples.events import History
from arlib.samples.expected.books import (
    ONE_DAY,
    Open,
    balance_on,
    first_day,
    open_on,
    part_of,
    sales_between,
    sales_by_day,
    sales_by_month,
    total,
)
from arlib.samples.expected.fact import Exact, Line, days, key, money
from arlib.samples.expected.stock import WINDOW, aged, overdue

_YEAR = 365
_MONTHS = 12
_LARGEST = (1, 3, 5, 10)


def countback_days(history: History, as_of: date) -> Fraction | None:
    """Days of sales that make up the balance, month by month backwards from a day; None if not exhausted.

    The days of each month whose sales the balance covers whole, then remainder / sales of the month × its days.
    """
    return _countback(history, as_of, first_day(history))


def _countback(history: History, as_of: date, first: date) -> Fraction | None:
    left, counted = balance_on(history, as_of), Fraction(0)
    for before, last, sold in sales_by_month(history, as_of, first):
        if left <= 0:
            break
        if sold <= 0:
            return None
        counted += (last - before).days * min(Fraction(1), Fraction(left, sold))
        left -= sold
    return None if left > 0 else counted


def daily_countback_days(history: History, as_of: date) -> int | None:
    """Whole days back from a day, itself the first, until what they sold reaches the balance; None if it never does."""
    sold, first = sales_by_day(history), first_day(history)
    left, counted, day = balance_on(history, as_of), 0, as_of
    while left > 0:
        if day < first:
            return None
        left -= sold.get(day, 0)
        counted, day = counted + 1, day - ONE_DAY
    return counted


def of_a_day(history: History, as_of: date) -> Iterator[Line]:
    """Facts cheap enough for every day; those whose window begins before the history are left out."""
    opened, first = open_on(history, as_of), first_day(history)
    sold = sales_between(history, as_of - timedelta(days=WINDOW), as_of)
    found: dict[str, Exact | None] = {
        "countback_dso": countback_days(history, as_of),
        "daily_countback_dso": daily_countback_days(history, as_of),
        "life_to_date_dso": Fraction(total(opened), sales_between(history, first - ONE_DAY, as_of))
        * (as_of - first).days,
        **_by_invoice(history, opened, as_of),
    }
    if as_of - timedelta(days=WINDOW - 1) >= first:
        found |= {name: Fraction(cents, sold) * WINDOW for name, cents in _parts(opened, as_of).items()}
        found["extended_dso"] = Fraction(found["best_possible_dso"] or 0) - _terms(history, as_of)
    if as_of - timedelta(days=WINDOW) >= first:
        found["average_balance_dso"] = _mean_balance(history, [as_of - timedelta(days=WINDOW), as_of])
    ends = _month_ends(as_of)
    if ends[0] >= first:
        found["monthly_average_dso"] = _mean_balance(history, ends)
    if as_of - timedelta(days=_YEAR - 1) >= first:
        yearly = sales_between(history, as_of - timedelta(days=_YEAR), as_of)
        yield Line("value_of_a_day", "", money(Fraction(yearly, _YEAR)))
    for name, value in found.items():
        if value is not None:
            yield Line(name, "", days(value))


def of_a_chosen_day(history: History, as_of: date) -> Iterator[Line]:
    """What each segment adds to the DSO of the company, its DSOs on its own sales; the DSO without the largest."""
    yield from _without_largest(history, as_of)
    first = first_day(history)
    after = as_of - timedelta(days=WINDOW)
    sold = sales_between(history, after, as_of)
    for segment in sorted({movement.segment for movement in history.movements}):
        own = part_of(history, lambda movement, name=segment: movement.segment == name)  # type: ignore[misc]
        owed, bought = balance_on(own, as_of), sales_between(own, after, as_of)
        yield Line("dso_contributions", segment, days(Fraction(owed, sold) * WINDOW))
        yield Line("dso_history", key(segment, "dso"), days(Fraction(owed, bought) * WINDOW))
        counted = _countback(own, as_of, first)
        if counted is not None:
            yield Line("dso_history", key(segment, "countback_dso"), days(counted))


def _without_largest(history: History, as_of: date) -> Iterator[Line]:
    """The DSO of the others, had the largest customers never been."""
    owed: dict[str, int] = {}
    for movement, cents in open_on(history, as_of):
        owed[movement.customer] = owed.get(movement.customer, 0) + cents
    ranked = sorted(owed, key=lambda customer: (-owed[customer], customer))
    for count in _LARGEST:
        others = part_of(history, lambda movement, gone=frozenset(ranked[:count]): movement.customer not in gone)  # type: ignore[misc]
        sold = sales_between(others, as_of - timedelta(days=WINDOW), as_of)
        yield Line("loss_of_largest", key(count, "dso_after"), days(Fraction(balance_on(others, as_of), sold) * WINDOW))


def _parts(opened: list[Open], as_of: date) -> dict[str, int]:
    buckets = aged(opened, as_of)
    return {
        "dso_90": total(opened),
        "best_possible_dso": buckets["not_due"],
        "delinquent_dso": overdue(opened, as_of),
        "disputed_dso": sum(max(cents, 0) for movement, cents in opened if movement.disputed),
    }


def _terms(history: History, as_of: date) -> Fraction:
    """Days from invoice to due date of the invoices of the window, by amount."""
    after = as_of - timedelta(days=WINDOW)
    invoices = [line for line in history.movements if line.kind == "invoice" and after < line.day <= as_of]
    granted = sum(line.cents * (line.due - line.day).days for line in invoices if line.due)
    return Fraction(granted, sum(line.cents for line in invoices))


def _mean_balance(history: History, ends: list[date]) -> Fraction:
    """The mean of the balances of some days in days of the sales from the first of them to the last."""
    mean = Fraction(sum(balance_on(history, day) for day in ends), len(ends))
    return mean / sales_between(history, ends[0], ends[-1]) * (ends[-1] - ends[0]).days


def _month_ends(as_of: date) -> list[date]:
    """The day and those twelve months before it: month ends where it is one, else the same day of each month."""
    ends = []
    for back in range(_MONTHS, 0, -1):
        month = as_of.year * _MONTHS + as_of.month - 1 - back
        last = end_of_month(date(month // _MONTHS, month % _MONTHS + 1, 1))
        closes = as_of == end_of_month(as_of)
        ends.append(last if closes else last.replace(day=min(as_of.day, last.day)))
    return [*ends, as_of]


def _by_invoice(history: History, opened: list[Open], as_of: date) -> dict[str, Exact]:
    """What is open of each month of invoice / its sales, times the days of the month, or the days since the invoice."""
    weighted = true = Fraction(0)
    for before, last, sold in sales_by_month(history, as_of, first_day(history)):
        own = [line for line in opened if before < line.movement.day <= last and line.movement.kind != "payment"]
        if sold > 0:
            weighted += Fraction(total(own), sold) * (last - before).days
            true += Fraction(sum(cents * (as_of - movement.day).days for movement, cents in own), sold)
    return {"sales_weighted_dso": weighted, "true_dso": true}

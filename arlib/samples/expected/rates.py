"""What of the receivable was collected in a period, and what was late in a year."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

from arlib.samples.events import History
from arlib.samples.expected.books import (
    ONE_DAY,
    Invoice,
    balance_on,
    first_day,
    invoices_on,
    open_on,
    paid_between,
    sales_between,
)
from arlib.samples.expected.fact import Exact, Line, key, share
from arlib.samples.expected.stock import aged

_YEAR = 365


def of_a_day(history: History, as_of: date) -> Iterator[Line]:
    """Of the invoices that fell due in a year, those not paid in time; what credit notes settled was never to be."""
    if as_of - timedelta(days=_YEAR) + ONE_DAY < first_day(history):
        return
    invoices = [one for one in invoices_on(history, as_of) if one.movement.cents > one.credited]
    judged = [one for one in invoices if as_of - timedelta(days=_YEAR) < one.due + ONE_DAY <= as_of]
    if not judged:
        return
    billed = {one.movement.number: one.movement.cents - one.credited for one in judged}
    late = [billed[one.movement.number] - one.paid_by(one.due) for one in judged]
    yield Line("late_payment_rate", "", share(Fraction(sum(cents > 0 for cents in late), len(judged))))
    yield Line("late_amount_rate", "", share(Fraction(sum(late), sum(billed.values()))))


def of_a_quarter(history: History, start: date, end: date) -> Iterator[Line]:
    """Collection effectiveness, collection rates, turnover and growth from the evening of a day to that of another."""
    opening, closing = balance_on(history, start), balance_on(history, end)
    sold = sales_between(history, start, end)
    not_due = aged(open_on(history, end), end)["not_due"]
    invoices = invoices_on(history, end)
    known = [one for one in invoices if one.movement.day <= start]
    found: dict[str, Exact | None] = {
        "collection_effectiveness": _share(opening + sold - closing, opening + sold - not_due),
        "monthly_collection_effectiveness": _share(
            opening + Fraction(sold, 3) - closing, opening + Fraction(sold, 3) - not_due
        ),
        "billing_collection_rate": _share(paid_between(history, start, end), sold),
        "due_collection_rate": _collected(invoices, start, lambda one: one.due <= end),
        "opening_collection_rate": _collected(known, start, lambda _: True),
        "overdue_collection_rate": _collected(known, start, lambda one: one.due < start),
        "receivables_turnover": _share(sold, Fraction(opening + closing, 2)),
        "receivables_growth": _share(closing - opening, opening),
    }
    for name, value in found.items():
        if value is not None:
            yield Line(name, key(start), share(value))


def _share(part: Exact, whole: Exact) -> Fraction | None:
    return Fraction(part) / Fraction(whole) if whole > 0 else None


def _collected(invoices: Sequence[Invoice], start: date, wanted: Callable[[Invoice], bool]) -> Fraction | None:
    """Paid since a day of some invoices / what was open of them then or billed since, less credit notes since."""
    cash = to_collect = 0
    for invoice in invoices:
        if wanted(invoice):
            paid = invoice.paid - invoice.paid_by(start)
            cash += paid
            to_collect += invoice.open + paid
    return _share(cash, to_collect)

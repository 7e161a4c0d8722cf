"""What became of billing and of balances: cohorts, migration between two days, roll rates."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from arlib.samples.business_days import end_of_month
from arlib.samples.events import History
from arlib.samples.expected.books import ONE_DAY, Invoice, invoices_on, open_on
from arlib.samples.expected.fact import Line, days, key, money, share
from arlib.samples.expected.stock import BUCKETS, UNAPPLIED, UPPER, bucket

COHORT_DAYS = (30, 60, 90, 120)
AT_RISK = 90
_YEAR = 365


def of_a_chosen_day(history: History, as_of: date) -> Iterator[Line]:
    """The last month that can be judged, and the days from invoice to due date to cash of a year's invoices."""
    for month, invoices in sorted(_by_month(history, as_of).items(), reverse=True):
        if (unpaid := _at_risk(invoices, as_of)) is not None:
            yield Line("at_risk_rate", f"{month:%Y-%m}", share(unpaid))
            break
    billed = [one for one in invoices_on(history, as_of) if _billed(one) and (as_of - one.movement.day).days < _YEAR]
    steps = {"invoice_to_due": [(one, (one.due - one.movement.day).days) for one in billed]}
    cashed = [one for one in billed if not one.open]
    steps["due_to_cash"] = [(one, (max(each.day for each in one.payments) - one.due).days) for one in cashed]
    for step, lags in steps.items():
        weight = sum(_billed(one) for one, _ in lags)
        yield Line("billing_lag", key(step, "invoices"), str(len(lags)))
        yield Line("billing_lag", key(step, "mean_days"), days(Fraction(sum(lag for _, lag in lags), len(lags))))
        weighted = Fraction(sum(_billed(one) * lag for one, lag in lags), weight)
        yield Line("billing_lag", key(step, "weighted_days"), days(weighted))


def of_the_last_day(history: History, as_of: date) -> Iterator[Line]:
    """Of each month's billing, credit notes taken off, what was paid so many days after the invoice, or was not."""
    for month, invoices in sorted(_by_month(history, as_of).items()):
        billed = sum(_billed(invoice) for invoice in invoices)
        if (unpaid := _at_risk(invoices, as_of)) is not None:
            yield Line("at_risk_history", f"{month:%Y-%m}", share(unpaid))
        yield Line("cohorts", key(f"{month:%Y-%m}", "billed"), money(billed))
        for age in COHORT_DAYS:
            if end_of_month(month) + timedelta(days=age) <= as_of:  # mature: its last invoice is as old as that
                paid = sum(one.paid_by(one.movement.day + timedelta(days=age)) for one in invoices)
                yield Line("cohorts", key(f"{month:%Y-%m}", age), share(Fraction(paid, billed)))


def of_a_chosen_period(history: History, start: date, end: date) -> Iterator[Line]:
    """Migration and roll rates from the evening of a day to that of another."""
    yield from _migration(history, start, end)
    yield from _rolls(history, start, end)


def _at_risk(invoices: list[Invoice], as_of: date) -> Fraction | None:
    """What was unpaid so many days after due / what was billed; None where that day has not come for all of them."""
    if max(invoice.due for invoice in invoices) + timedelta(days=AT_RISK) > as_of:
        return None
    unpaid = sum(_billed(one) - one.paid_by(one.due + timedelta(days=AT_RISK)) for one in invoices)
    return Fraction(unpaid, sum(_billed(one) for one in invoices))


def _by_month(history: History, as_of: date) -> dict[date, list[Invoice]]:
    months: dict[date, list[Invoice]] = defaultdict(list)
    for invoice in invoices_on(history, as_of):
        months[invoice.movement.day.replace(day=1)].append(invoice)
    return months


def _billed(invoice: Invoice) -> int:
    return invoice.movement.cents - invoice.credited


def _migration(history: History, start: date, end: date) -> Iterator[Line]:
    """Cents from where they stood on a day, or `new`, to where they stand or what settled them."""
    cells: dict[tuple[str, str], int] = defaultdict(int)
    before = {line.movement.number: line.cents for line in open_on(history, start)}
    for invoice in invoices_on(history, end):
        movement = invoice.movement
        row = "new" if movement.day > start else bucket(movement, movement.cents, start)
        for name, settled in (("paid", invoice.payments), ("credited", invoice.credits)):
            cells[row, name] += sum(each.cents for each in settled if each.day > start)
        column = "disputed" if movement.disputed else bucket(movement, movement.cents, end)
        cells[row, column] += invoice.open
    after = {line.movement.number: line.cents for line in open_on(history, end)}
    for number, movement in history.by_number.items():
        if movement.cents < 0:
            left = after.get(number, 0)
            row = "new" if movement.day > start else UNAPPLIED
            cells[row, UNAPPLIED] += left
            cells[row, "applied"] += before.get(number, left) - left
    for (row, column), cents in sorted(cells.items()):
        if cents:
            yield Line("migration_matrix", key(start, row, column), money(cents))


def _rolls(history: History, start: date, end: date) -> Iterator[Line]:
    """Of what would leave each bucket in the period: what had entered it, and what was still unpaid when it left."""
    rates: list[Fraction | None] = []
    invoices = invoices_on(history, end)
    for name, (entered, left) in zip(BUCKETS, pairwise((None, *UPPER)), strict=False):
        balance = reached = 0
        for invoice in invoices:
            leaves = invoice.due + timedelta(days=(left or 0) + 1)
            if start < leaves <= end and invoice.movement.day < leaves:
                known = date.min if entered is None else invoice.due + timedelta(days=entered)
                balance += _billed(invoice) - invoice.paid_by(known)
                reached += _billed(invoice) - invoice.paid_by(leaves - ONE_DAY)
        yield Line("roll_rates", key(start, name, "balance"), money(balance))
        yield Line("roll_rates", key(start, name, "reached"), money(reached))
        rates.append(Fraction(reached, balance) if balance else None)
    for place, name in enumerate(BUCKETS[: len(rates)]):
        chained = Fraction(1)
        for rate in rates[place:]:
            if rate is None:
                break
            chained *= rate
        else:
            yield Line("roll_rates", key(start, name, "loss_rate"), share(chained))

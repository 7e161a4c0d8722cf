"""How long invoices took: terms granted, days to pay, days late, and both with what is open as not paid yet.

Not paid yet: one invoice after the other, in the order of its days, takes its part of the mass that is not paid, which
those followed longer share by weight; one still open takes none and leaves its part to them (Efron's redistribution to
the right, 1967, which gives the curve of Kaplan and Meier).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from arlib.samples.events import History
from arlib.samples.expected.books import Invoice, invoices_on
from arlib.samples.expected.fact import Exact, Line, days, key, money, share

HORIZON = 180
_FINE = 10**40  # what is divided again and again is counted in this many parts: finer than any figure written
_HALF, _MOST = Fraction(1, 2), Fraction(9, 10)
_AGES = (0, 15, 30, 60)

Start = Callable[[Invoice], date]
BASES: dict[str, Start] = {"days_to_pay": lambda one: one.movement.day, "days_late": lambda one: one.due}


class Lag(NamedTuple):
    """Days to a payment, or, unpaid, to the last day known; and what it weighs."""

    days: int
    weight: int
    unpaid: bool = False


class Paid(NamedTuple):
    """An invoice fully paid: days to its last payment; cents, and the days each took, added up."""

    days: int
    cents: int
    cent_days: int


def is_paid(invoice: Invoice) -> bool:
    """Whether nothing is open and some money came in."""
    return invoice.open == 0 and invoice.paid > 0


def of_a_chosen_day(history: History, as_of: date) -> Iterator[Line]:
    """Terms, days to pay and days late of the whole and of each segment."""
    invoices = invoices_on(history, as_of)
    yield from _terms(invoices)
    yield from _settlements(invoices)
    yield from _named("days_late", "", _late(invoices))
    for measure, start in BASES.items():
        yield from _named(measure, "", delays(invoices, start, as_of))
        yield from _survival(invoices, measure, start, as_of)
        for segment in sorted({invoice.movement.segment for invoice in invoices}):
            own = delays([one for one in invoices if one.movement.segment == segment], start, as_of)
            yield from _named(f"{measure}_by_segment", segment, own, _OF_SEGMENTS)


def of_the_last_day(history: History, as_of: date) -> Iterator[Line]:
    """Days late of the invoices of each month, of those that fell due, and of those paid, on each weekday."""
    months: dict[str, list[Invoice]] = defaultdict(list)
    weekdays: dict[str, list[Invoice]] = defaultdict(list)
    paid_on: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in invoices_on(history, as_of):
        months[f"{invoice.movement.day:%Y-%m}"].append(invoice)
        weekdays[str(invoice.due.isoweekday())].append(invoice)
        if is_paid(invoice):
            paid_on[str(max(payment.day for payment in invoice.payments).isoweekday())].append(invoice)
    parts = {"delay_history": months, "delay_profile": weekdays, "payment_profile": paid_on}
    for measure, slices in parts.items():
        for part, invoices in sorted(slices.items()):
            wanted = _OF_PAID if measure == "payment_profile" else _OF_SLICES
            yield from _named(measure, part, delays(invoices, BASES["days_late"], as_of), wanted)


_OF_SEGMENTS = ("mean_days", "weighted_days", "median_days", "p90_days", "with_open_median_days")
_OF_PAID = ("mean_days", "weighted_days")
_OF_SLICES = ("mean_days", "weighted_days", "with_open_median_days")


def _named(measure: str, part: str, figures: Mapping[str, str], wanted: Sequence[str] = ()) -> Iterator[Line]:
    """Figures of a part, or of the whole; all of them, or those wanted."""
    for figure, value in figures.items():
        if not wanted or figure in wanted:
            yield Line(measure, key(part, figure) if part else figure, value)


def delays(invoices: Sequence[Invoice], start: Start, as_of: date) -> dict[str, str]:
    """The columns of `days_to_pay` or `days_late`, by the day invoices count from; those without a meaning left out."""
    paid = [_paid(invoice, start(invoice)) for invoice in invoices if is_paid(invoice)]
    still = [invoice for invoice in invoices if invoice.open]
    found = {
        "paid": str(len(paid)),
        "paid_amount": money(sum(one.cents for one in paid)),
        "open": str(len(still)),
        "open_amount": money(sum(invoice.open for invoice in still)),
        "credited": str(len(invoices) - len(paid) - len(still)),
    }
    found |= _written(_averages(paid)) | _written(_with_open(_whole(invoices, start, as_of), "with_open"))
    return found | _written(_with_open(_euros(invoices, start, as_of), "with_open_weighted"))


def _written(figures: dict[str, Exact | None]) -> dict[str, str]:
    return {name: days(value) for name, value in figures.items() if value is not None}


def _paid(invoice: Invoice, start: date) -> Paid:
    lags = [((payment.day - start).days, payment.cents) for payment in invoice.payments]
    return Paid(max(lags)[0], invoice.paid, sum([lag * cents for lag, cents in lags]))


def _averages(paid: Sequence[Paid]) -> dict[str, Exact | None]:
    if not paid:
        return {}
    count, cents = len(paid), sum(one.cents for one in paid)
    ranked = sorted(one.days for one in paid)
    return {
        "mean_days": Fraction(sum(ranked), count),
        "weighted_days": Fraction(sum(one.days * one.cents for one in paid), cents),
        "median_days": ranked[-(-count // 2) - 1],  # the first by which half of them are
        "p90_days": ranked[-(-count * 9 // 10) - 1],
        "mean_payment_days": Fraction(sum(_FINE * one.cent_days // one.cents for one in paid), _FINE * count),
        "weighted_payment_days": Fraction(sum(one.cent_days for one in paid), cents),
        "mean_days_to_horizon": Fraction(sum(min(one, HORIZON) for one in ranked), count),
    }


def _whole(invoices: Sequence[Invoice], start: Start, as_of: date) -> list[Lag]:
    """Every invoice paid or open, each weighing one, to its last payment."""
    paid = [Lag(_paid(one, start(one)).days, weight=1) for one in invoices if is_paid(one)]
    return paid + [Lag((as_of - start(one)).days, weight=1, unpaid=True) for one in invoices if one.open]


def _euros(invoices: Sequence[Invoice], start: Start, as_of: date) -> list[Lag]:
    """Every cent paid or owed, to the day it came in."""
    paid = [Lag((each.day - start(one)).days, weight=each.cents) for one in invoices for each in one.payments]
    return paid + [Lag((as_of - start(one)).days, weight=one.open, unpaid=True) for one in invoices if one.open]


def _with_open(lags: Sequence[Lag], name: str) -> dict[str, Exact | None]:
    masses = list(_redistributed(lags))
    return {
        f"{name}_median_days": _first_day(masses, _HALF),
        f"{name}_p90_days": _first_day(masses, _MOST),
        f"{name}_mean_days": _mean_to_horizon(masses, lags),
    }


def _redistributed(lags: Sequence[Lag]) -> Iterator[tuple[int, int]]:
    """The mass paid on each day, of `_FINE` in all: an open one hands its own to all that are followed longer."""
    right = sum(lag.weight for lag in lags)
    mass = _FINE
    # On one day what is paid comes before what is open, which was still followed on it.
    for lag in sorted(lags, key=lambda lag: (lag.days, lag.unpaid)):
        if not lag.unpaid:
            own = mass * lag.weight // right
            yield lag.days, own
            mass -= own
        right -= lag.weight


def _first_day(masses: Sequence[tuple[int, int]], paid_share: Fraction) -> int | None:
    paid, asked = 0, int(_FINE * paid_share) - len(masses)  # each mass lost less than one part
    for day, mass in masses:
        paid += mass
        if paid >= asked:
            return day
    return None


def _mean_to_horizon(masses: Sequence[tuple[int, int]], lags: Sequence[Lag]) -> Fraction | None:
    """Mean days, none above the horizon; None where what is left unpaid was not followed that far."""
    left = _FINE - sum(mass for _, mass in masses)
    if not lags or (left > len(masses) and max(lag.days for lag in lags) < HORIZON):
        return None
    return Fraction(sum(min(day, HORIZON) * mass for day, mass in masses) + HORIZON * left, _FINE)


def _survival(invoices: Sequence[Invoice], measure: str, start: Start, as_of: date) -> Iterator[Line]:
    """The share of invoices not yet paid at the end of some days."""
    masses = list(_redistributed(_whole(invoices, start, as_of)))
    basis = "due" if measure == "days_late" else "issued"
    for age in _AGES:
        unpaid = _FINE - sum(mass for day, mass in masses if day <= age)
        yield Line("payment_survival", key(basis, age), share(Fraction(unpaid, _FINE)))


def _terms(invoices: Sequence[Invoice]) -> Iterator[Line]:
    """Terms by amount, of all that was issued, of what is open, of what was fully paid."""
    closed = [invoice for invoice in invoices if is_paid(invoice)]
    sets = {
        "issued": [(invoice, invoice.movement.cents) for invoice in invoices],
        "open": [(invoice, invoice.open) for invoice in invoices if invoice.open],
        "closed": [(invoice, invoice.paid) for invoice in closed],
    }
    for name, weighed in sets.items():
        yield Line("weighted_terms", name, str(len(weighed)))
        yield Line("weighted_terms", f"{name}_amount", money(sum(cents for _, cents in weighed)))
        if weighed:
            granted = sum((invoice.due - invoice.movement.day).days * cents for invoice, cents in weighed)
            yield Line("weighted_terms", f"{name}_terms", days(Fraction(granted, sum(cents for _, cents in weighed))))
    for measure, start in BASES.items():
        paid = [_paid(invoice, start(invoice)) for invoice in closed]
        weighted = Fraction(sum(one.days * one.cents for one in paid), sum(one.cents for one in paid))
        yield Line("weighted_terms", f"closed_{measure}", days(weighted))


def _settlements(invoices: Sequence[Invoice]) -> Iterator[Line]:
    """What became of the invoices issued, in euros."""
    yield Line("settlements", "paid", money(sum(invoice.paid for invoice in invoices)))
    yield Line("settlements", "credited", money(sum(invoice.credited for invoice in invoices)))
    yield Line("settlements", "open", money(sum(invoice.open for invoice in invoices)))


def _late(invoices: Sequence[Invoice]) -> dict[str, str]:
    """Of the invoices fully paid, those completed after their due date."""
    paid = [_paid(invoice, invoice.due) for invoice in invoices if is_paid(invoice)]
    late = [one for one in paid if one.days > 0]
    cents, late_cents = sum(one.cents for one in paid), sum(one.cents for one in late)
    lateness, weighed = sum(one.days for one in late), sum(one.days * one.cents for one in late)
    return {
        "late": str(len(late)),
        "late_amount": money(late_cents),
        "late_share": share(Fraction(len(late), len(paid))),
        "late_amount_share": share(Fraction(late_cents, cents)),
        "mean_days_beyond_terms": days(Fraction(lateness, len(paid))),
        "weighted_days_beyond_terms": days(Fraction(weighed, cents)),
        "mean_days_when_late": days(Fraction(lateness, len(late))),
        "weighted_days_when_late": days(Fraction(weighed, late_cents)),
    }

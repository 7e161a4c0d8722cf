"""The rules: what each looks at, what it takes for usual, and when it warns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from arlib.risk.limits.exposure import limits_in_force
from arlib.risk.warnings.history import BEFORE, ENOUGH, RECENT, History, Window
from arlib.schema import Flags, Floats
from arlib.words import Sentence, say

NOW: Window = (0, RECENT)
THEN: Window = (RECENT, RECENT + BEFORE)
EVER: Window = (0, None)

FEW_DAYS = 5  # of delay that a bank, a weekend or the post explain
FEW_PAYMENTS = 3  # of the last days, to have a mean
SEVERAL = 2  # part payments or disputes: one is an incident
MANY_TIMES = 3  # what is usual, to be out of it
LONG_SILENCE = 30  # days without an invoice, at least
MORE_DAYS_OF_SALES, MORE_SALES = 15, 1.5  # owed beyond what is usual: days, and times
QUARTERS = range(RECENT, 4 * RECENT + 1, RECENT)  # days back to the ends of the four before


@dataclass(frozen=True, eq=False)
class Signal:
    """What a rule finds of every customer at every closing: arrays (customers, closings).

    Attributes:
        raised: whether it warns.
        value: what it looked at.
        usual: what that is set against.
        amount: money at stake.
    """

    raised: Flags
    value: Floats
    usual: Floats
    amount: Floats


def slower(history: History) -> Signal:
    """Mean days late of the payments of 90 days, two standard errors and 5 days above that of the year before."""
    late = history.days_late
    recent, before = history.payments(NOW), history.payments(THEN)
    value = _over(history.payments(NOW, late), recent)
    usual = _over(history.payments(THEN, late), before)
    spread = _over(history.payments(THEN, late**2) - before * usual**2, before - 1)
    error = np.sqrt(np.maximum(spread, 0.0) * (_over(1.0, recent) + _over(1.0, before)))
    enough = (recent >= FEW_PAYMENTS) & (before >= ENOUGH)
    raised = enough & (value - usual > np.maximum(2 * error, FEW_DAYS))
    return Signal(raised, value, usual, history.owed)


def first_overdue(history: History) -> Signal:
    """Something is overdue by 6 to 90 days, of a customer whose payments, 10 or more, all came within 5 days."""
    slow = (history.days_late > FEW_DAYS).astype(np.float64)
    paid = history.payments(EVER)
    punctual = (paid >= ENOUGH) & (history.payments(EVER, slow) == 0)
    value = history.days_overdue.astype(np.float64)
    raised = punctual & (value > FEW_DAYS) & (value <= RECENT)
    return Signal(raised, value, paid, history.overdue)


def oldest_overdue(history: History) -> Signal:
    """The oldest item is overdue for longer, by more than 5 days, than nine in ten of the customer's payments were."""
    value, usual = history.days_overdue.astype(np.float64), np.maximum(history.longest_usual, 0.0)
    return Signal(value > usual + FEW_DAYS, value, usual, history.overdue)


def part_payments(history: History) -> Signal:
    """Payments that left a part of their invoice open: 2 or more in 90 days, three times what is usual in 90 days."""
    parts = history.is_part.astype(np.float64)
    value, usual = history.payments(NOW, parts), history.payments(THEN, parts) * RECENT / BEFORE
    known = history.payments(THEN) >= ENOUGH
    return Signal(known & _is_spike(value, usual), value, usual, history.owed)


def exposure(history: History) -> Signal:
    """Owed, in days of its sales of 90 days: 15 days and half as much above those of the four quarters before.

    Sales and what was owed are added up over the four quarters before they are divided.
    """
    (owed, sales), (owed_then, sales_then) = history.standing_before(range(1)), history.standing_before(QUARTERS)
    value, usual = RECENT * _over(owed, sales), RECENT * _over(owed_then, sales_then)
    enough = (usual > 0) & history.invoices_dated
    raised = enough & (value > MORE_SALES * usual) & (value > usual + MORE_DAYS_OF_SALES)
    return Signal(raised, value, usual, history.exposure)


def over_limit(history: History) -> Signal:
    """More is owed, credits taken off, than the credit limit of the customers' file, which has no date."""
    held = limits_in_force(history.ledger).reindex(history.customers).to_numpy(dtype=np.float64)
    limit: Floats = np.repeat(held[:, None], len(history.closings), axis=1)
    above = history.exposure - limit
    return Signal(above > 0, history.exposure, limit, above)


def disputes(history: History) -> Signal:
    """Disputes begun: 2 or more in 90 days, three times what is usual in 90 days."""
    value, usual = history.disputes(NOW), history.disputes(THEN) * RECENT / BEFORE
    return Signal(_is_spike(value, usual), value, usual, history.owed)


def orders_stop(history: History) -> Signal:
    """Something is overdue by over 5 days, and no invoice came for 30 days and three times the usual interval.

    The usual interval is that of the invoices of the last 455 days up to 90 days ago, 10 or more.
    """
    before = history.invoices(THEN)
    value, usual = history.since_last_invoice, _over(float(BEFORE), before)
    silent = (before >= ENOUGH) & (value > np.maximum(MANY_TIMES * usual, LONG_SILENCE)) & history.invoices_dated
    return Signal(silent & (history.days_overdue > FEW_DAYS), value, usual, history.overdue)


RULES: Mapping[str, Callable[[History], Signal]] = {
    "slower": slower,
    "first_overdue": first_overdue,
    "oldest_overdue": oldest_overdue,
    "part_payments": part_payments,
    "exposure": exposure,
    "over_limit": over_limit,
    "disputes": disputes,
    "orders_stop": orders_stop,
}


def unanswerable(history: History) -> dict[str, Sentence]:
    """Why a rule cannot be asked of this ledger, by rule."""
    reasons: dict[str, Sentence] = {}
    if not history.invoices_dated:
        reasons |= dict.fromkeys(("exposure", "orders_stop"), say("risk.warning.no_invoice_dates"))
    if limits_in_force(history.ledger).isna().all():
        reasons["over_limit"] = say("risk.warning.no_limits")
    if not history.disputes_dated:
        reasons["disputes"] = say("risk.warning.no_dispute_dates")
    return reasons


def _is_spike(value: Floats, usual: Floats) -> Flags:
    return (value >= SEVERAL) & (value > MANY_TIMES * usual)


def _over(part: Floats | float, whole: Floats) -> Floats:
    """A ratio; nan where there is nothing to divide by."""
    return np.asarray(np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0))

"""Counting back: the days whose latest sales add up to what is owed, by calendar month or day by day.

Source: the count-back of Oracle HFM, which stops at a month without sales and says so; divalto and benjipays for the
worked figures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from arlib.ledger import Day, Ledger
from arlib.measures.dso.standing import Standing
from arlib.measures.figure import Figure
from arlib.schema import HALF_CENT, Codes, Days, Flags, Floats, sum_by_code
from arlib.words import Sentence, say

Month = Callable[[int, Codes], tuple[Floats, Floats]]


@dataclass(frozen=True)
class Countback:
    """The result of counting back: the days, or nan with what was left after so many months."""

    days: float
    remainder: float
    months: int


def countback_dso(ledger: Ledger, as_of: Day | None = None) -> Figure:
    """Days counted back until the sales of the latest calendar months add up to the receivable.

    The month in progress counts with its sales and days up to the day (trap 4), and with its days alone where nothing
    is sold in it yet; the last month counts in proportion of what is left of the receivable (trap 5). The month in
    which the ledger begins counts with its days from the first one covered. nan, with the remainder and the number of
    months in `note`, when a whole month without sales or the start of the ledger comes first (trap 3); nan on a credit
    balance and beyond the file's edge.
    """
    return by_month(Standing.of(ledger, as_of))


def daily_countback_dso(ledger: Ledger, as_of: Day | None = None) -> Figure:
    """Days counted back, one by one, until their sales reach the receivable: whole days, nothing in proportion.

    The day asked is the first one counted, the ledger's first day the last one there is. A day without sales counts as
    a day; one of more credit notes than invoices is counted on from. nan, with the remainder in `note`, when the start
    of the ledger comes first; nan on a credit balance and beyond the file's edge.
    """
    return by_day(Standing.of(ledger, as_of))


def count_back(
    receivable: float, sales: Sequence[float], days: Sequence[int], *, in_progress: bool = False
) -> Countback:
    """Take the sales of each month off the receivable, newest first, adding its days; the last one in proportion.

    Args:
        receivable: what is owed, tax included.
        sales: sales of each month, newest first.
        days: days of each month, newest first.
        in_progress: whether the newest month goes on after the day: without sales yet, it does not stop the count.

    Returns:
        The days; nan with the remainder when a month of zero or negative sales, or the end of the list, is met.
    """
    amounts, lengths = np.asarray(sales, dtype=np.float64), np.asarray(days, dtype=np.float64)
    owed = np.array([receivable], dtype=np.float64)
    begun = np.array([in_progress])
    found, left, months = walk_back(owed, begun, len(amounts), lambda month, _: (amounts[[month]], lengths[[month]]))
    return Countback(float(found[0]), float(left[0]), int(months[0]))


def walk_back(owed: Floats, in_progress: Flags, months: int, month: Month) -> tuple[Floats, Floats, Days]:
    """Count many receivables back at once, a month further at each step for those not yet exhausted.

    Args:
        owed: what is owed, one entry a count.
        in_progress: whether the newest month of each count goes on after its day, and may be without sales.
        months: how far back there is anything to count.
        month: the sales and the days of the n-th month back, of the counts at these places; sales of 0 where the
            ledger has no such month.

    Returns:
        The days (nan where sales stop first, or more is held in credits than is owed), what is left of the
        receivable, and the number of months counted.
    """
    days = np.where(np.abs(owed) <= HALF_CENT, 0.0, np.nan)
    left, counted = owed.copy(), np.zeros(len(owed), dtype=np.int64)
    active = np.flatnonzero(owed > HALF_CENT)
    passed = np.zeros(len(active))
    for back in range(months):
        if not len(active):
            break
        sold, length = month(back, active)
        goes_on = (sold > 0) | in_progress[active] if back == 0 else sold > 0
        active, passed, sold, length = active[goes_on], passed[goes_on], sold[goes_on], length[goes_on]
        remaining = left[active]
        counted[active] += 1
        left[active] = np.maximum(remaining - sold, 0.0)
        last = remaining <= sold + HALF_CENT
        days[active[last]] = passed[last] + np.minimum(remaining[last] / sold[last], 1.0) * length[last]
        active, passed = active[~last], (passed + length)[~last]
    return days, left, counted


def by_month(standing: Standing) -> Figure:
    """`countback_dso` of a standing."""
    sales, days = standing.sold_by_month()
    receivable = standing.receivable
    result = count_back(receivable, sales.tolist(), days.tolist(), in_progress=not standing.day.is_month_end)
    lists = {"sales": sales.tolist(), "days": days.tolist(), "months": result.months}
    inputs = {"receivable": receivable, **lists, "as_of": standing.day}
    formula = _steps(receivable, sales, days, result)
    note = _no_count(standing)
    if not note and np.isnan(result.days):
        note = say("countback.not_exhausted", remainder=result.remainder, months=result.months)
    return Figure.missing(formula, inputs, note) if note else Figure(result.days, formula, inputs, standing.caution)


def by_day(standing: Standing) -> Figure:
    """`daily_countback_dso` of a standing."""
    sales, receivable = standing.sales, standing.receivable
    counted = standing.known & (sales.issued >= standing.first)
    length = max(standing.until - standing.first + 1, 0)
    sold = sum_by_code(standing.until - sales.issued[counted], sales.amount[counted], length)
    reached = np.cumsum(sold).round(2)
    enough = np.flatnonzero(reached >= receivable - HALF_CENT)
    days = 0 if abs(receivable) <= HALF_CENT else int(enough[0]) + 1 if len(enough) else length
    counted_sales = float(reached[days - 1]) if days else 0.0
    inputs: dict[str, Any] = {"receivable": receivable, "sales": counted_sales, "days": days, "as_of": standing.day}
    formula = say("countback.daily.formula", receivable=receivable, sales=counted_sales, days=days)
    note = _no_count(standing)
    if not note and days and not len(enough):
        note = say("countback.daily.not_exhausted", remainder=receivable - counted_sales, days=days)
    return Figure.missing(formula, inputs, note) if note else Figure(days, formula, inputs, standing.caution)


def _no_count(standing: Standing) -> Sentence | None:
    """Why there is nothing to count back, before counting."""
    return standing.edge or standing.in_credit(standing.receivable)


def _steps(receivable: float, sales: Floats, days: Days, result: Countback) -> Sentence:
    """The count as a formula: days of whole months, and the last month in proportion."""
    if np.isnan(result.days) or not result.months:
        return say("countback.formula", receivable=receivable, months=result.months)
    last = result.months - 1
    return say(
        "countback.steps",
        receivable=receivable,
        whole=int(days[:last].sum()),
        left=receivable - float(sales[:last].sum()),
        sales=float(sales[last]),
        days=int(days[last]),
    )

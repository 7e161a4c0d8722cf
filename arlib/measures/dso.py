"""Days sales outstanding: how many days of sales customers owe, by the two definitions in common use.

Receivable and sales are both taxes included and of one perimeter: invoices and credit notes by invoice date, credits
not yet matched taken off the receivable. Formulas and traps: French practice after finance-technique.com (both sides
tax included) and the count-back of Oracle HFM (stops, and says so, at a month without sales).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, as_day
from arlib.measures.figure import Figure
from arlib.schema import HALF_CENT, NO_DAY, SALES, Days, day_number, day_numbers, to_dates
from arlib.words import Sentence, say

Amounts = npt.NDArray[np.float64]
DAYS = 90


def dso(ledger: Ledger, as_of: Day | None = None, *, days: int = DAYS) -> Figure:
    """Receivable / sales of the last `days` days × `days`: the simple, or balance-sheet, DSO, in days.

    The window is the `days` calendar days up to and including the day. nan, with the reason in `note`, when the
    window holds no sales or begins before the ledger does.
    """
    day = ledger.day(as_of)
    return _simple(_Sales.of(ledger), ledger, day, days)


def countback_dso(ledger: Ledger, as_of: Day | None = None) -> Figure:
    """Days counted back until the sales of the latest calendar months add up to the receivable.

    The month in progress counts with its sales and days up to the day. nan, with the remainder and the number of
    months in `note`, when a month without sales or the start of the ledger comes first.
    """
    return _countback(_Sales.of(ledger), ledger, ledger.day(as_of))


def dso_history(ledger: Ledger, dates: Sequence[Day], *, days: int = DAYS) -> pd.DataFrame:
    """Both DSOs at each date of a list.

    One row a date, sorted: `as_of`, `receivable`, `sales` of the window, `dso`, `countback_dso` (nan where the
    function of that name gives no figure).
    """
    sales = _Sales.of(ledger)
    rows = []
    for day in sorted({as_day(date) for date in dates}):
        simple, counted = _simple(sales, ledger, day, days), _countback(sales, ledger, day)
        rows.append((day, simple.inputs["receivable"], simple.inputs["sales"], float(simple), float(counted)))
    return pd.DataFrame(rows, columns=["as_of", "receivable", "sales", "dso", "countback_dso"])


def month_ends(ledger: Ledger, as_of: Day | None = None, *, months: int = 24) -> list[pd.Timestamp]:
    """The day asked and the month ends before it that the ledger covers, `months` dates at most, oldest first."""
    day = ledger.day(as_of)
    ends = pd.date_range(ledger.covers[0], day, freq="ME")
    return sorted({*ends, day})[-months:]


def simple_days(receivable: float, sales: float, days: int) -> float:
    """Receivable / sales × days; nan without sales."""
    return receivable / sales * days if sales > HALF_CENT else np.nan


@dataclass(frozen=True)
class Countback:
    """The result of counting back: the days, or nan with what was left after so many months."""

    days: float
    remainder: float
    months: int


def count_back(receivable: float, sales: Sequence[float], days: Sequence[int]) -> Countback:
    """Take the sales of each month off the receivable, newest first, adding its days; the last one in proportion.

    Args:
        receivable: what is owed, tax included.
        sales: sales of each month, newest first.
        days: days of each month, newest first.

    Returns:
        The days; nan with the remainder when a month of zero or negative sales, or the end of the list, is met.
    """
    if receivable <= HALF_CENT:
        return Countback(0.0 if receivable > -HALF_CENT else np.nan, receivable, 0)
    amounts = np.asarray(sales, dtype=np.float64)
    stop = int(np.argmax(amounts <= 0)) if (amounts <= 0).any() else len(amounts)
    counted = np.cumsum(amounts[:stop])
    last = int(np.searchsorted(counted, receivable))
    if last == stop:
        return Countback(np.nan, receivable - (counted[-1] if stop else 0.0), stop)
    part = 1 - (counted[last] - receivable) / amounts[last]
    return Countback(float(np.sum(days[:last]) + part * days[last]), 0.0, last + 1)


@dataclass(frozen=True)
class _Sales:
    """What was sold and what was owed, as running totals to be read at any day.

    A sale counts by the date of its invoice, once it is in the accounts: the few booked after their date are kept
    apart, and looked at one question at a time.
    """

    issued: Days
    sold: Amounts  # running total over `issued`
    late_issued: Days
    late_known: Days
    late_sold: Amounts
    booked: Days
    owed: Amounts  # running total over `booked`

    @classmethod
    def of(cls, ledger: Ledger) -> "_Sales":
        items, amounts = ledger.items, ledger.items["amount"].to_numpy()
        booked, issued = day_numbers(items["booked_on"]), day_numbers(items["issued_on"])
        issued = np.where(issued == NO_DAY, booked, issued)
        sale = items["kind"].isin(SALES).to_numpy()
        late = sale & (booked > issued)
        prompt = np.flatnonzero(sale & ~late)
        by_issue, by_booking = prompt[np.argsort(issued[prompt], kind="stable")], np.argsort(booked, kind="stable")
        return cls(
            issued=issued[by_issue],
            sold=np.concatenate([[0.0], np.cumsum(amounts[by_issue])]),
            late_issued=issued[late],
            late_known=booked[late],
            late_sold=amounts[late],
            booked=booked[by_booking],
            owed=np.concatenate([[0.0], np.cumsum(amounts[by_booking])]),
        )

    def between(self, edges: Days, known_on: int) -> Amounts:
        """Sales issued after each edge and up to the next, as known on a day."""
        prompt = np.diff(self.sold[np.searchsorted(self.issued, edges, side="right")])
        known = self.late_known <= known_on
        late, _ = np.histogram(self.late_issued[known], edges + 0.5, weights=self.late_sold[known])
        return np.asarray((prompt + late).round(2) + 0.0)

    def receivable(self, day: int) -> float:
        """What was owed at the end of a day."""
        return round(float(self.owed[np.searchsorted(self.booked, day, side="right")]), 2) + 0.0

    def by_month(self, day: int, first: int) -> tuple[list[float], list[int]]:
        """Sales and days of the calendar months back from a day to the first covered one, newest first."""
        newest = np.datetime64(day, "D").astype("datetime64[M]")
        count = int((newest - np.datetime64(first, "D").astype("datetime64[M]")).astype(int)) + 1
        starts = (newest - np.arange(count)[::-1]).astype("datetime64[D]").astype(np.int64)
        edges = np.append(np.maximum(starts, first) - 1, day)
        return self.between(edges, day)[::-1].tolist(), np.diff(edges)[::-1].tolist()


def _simple(sales: _Sales, ledger: Ledger, day: pd.Timestamp, days: int) -> Figure:
    if days <= 0:
        raise ArlibError(say("dso.window", days=days))
    until = day_number(day)
    receivable = sales.receivable(until)
    sold = float(sales.between(np.array([until - days, until]), until)[0])
    inputs = {"receivable": receivable, "sales": sold, "days": days, "as_of": day}
    formula = say("dso.formula", receivable=receivable, sales=sold, window=days)
    note = _short_of_history(ledger, until - days + 1) or (say("dso.no_sales", window=days) if sold <= 0 else None)
    if note:
        return Figure.missing(formula, inputs, note)
    return Figure(simple_days(receivable, sold, days), formula, inputs)


def _countback(sales: _Sales, ledger: Ledger, day: pd.Timestamp) -> Figure:
    until, first = day_number(day), day_number(ledger.covers[0])
    receivable = sales.receivable(until)
    by_month, days = sales.by_month(until, min(first, until))
    result = count_back(receivable, by_month, days)
    inputs = {"receivable": receivable, "sales": by_month, "days": days, "as_of": day}
    formula = say("countback.formula", receivable=receivable, months=result.months)
    if receivable < -HALF_CENT:
        return Figure.missing(formula, inputs, say("countback.credit", receivable=receivable))
    if np.isnan(result.days):
        note = say("countback.not_exhausted", remainder=result.remainder, months=result.months)
        return Figure.missing(formula, inputs, note)
    return Figure(result.days, formula, inputs)


def _short_of_history(ledger: Ledger, first: int) -> Sentence | None:
    if first >= day_number(ledger.covers[0]):
        return None
    return say("dso.too_short", first=ledger.covers[0], needed=to_dates(np.array([first]))[0])

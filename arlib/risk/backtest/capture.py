"""How much of the late money to come a worklist would have caught, by the rule that sorts it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from arlib.risk.backtest.forecasts import Forecast
from arlib.risk.backtest.outcomes import NEVER, Outcomes
from arlib.schema import NO_DAY, Codes, Days, Floats, sum_by_code

HORIZON = 90  # days after a closing over which late euro-days are added up
TOP_SHARE = 0.1
CALLED = np.arange(51) / 50  # shares of a worklist at which the capture curve is told
_ROUNDING = 1e-9  # 0.3 of 10 is 3, not a little more
_BATCH = 16_384  # items asked of at once, to bound memory


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The dated debit items open at a closing.

    Attributes:
        day: day number of the closing.
        items: (items,) positions in `ledger.items`.
        due: (items,) day numbers.
        amount: (items,) open at the closing.
        late_euro_days: (items,) what came: for each of the next 90 days past the due date, what was still unpaid.
    """

    day: int
    items: Codes
    due: Days
    amount: Floats
    late_euro_days: Floats


def snapshot_of(outcomes: Outcomes, day: int) -> Snapshot:
    """What was open at the end of a day, and how late it then came."""
    booked = outcomes.booked[outcomes.item]
    open_then = (booked <= day) & (outcomes.settled > day) & (outcomes.due[outcomes.item] != NO_DAY)
    item, amount, settled = outcomes.item[open_then], outcomes.amount[open_then], outcomes.settled[open_then]
    items, codes = np.unique(item, return_inverse=True)
    begins = np.maximum(outcomes.due[item], day + 1)
    ends = np.minimum(np.where(settled == NEVER, day + HORIZON + 1, settled), day + HORIZON + 1)
    return Snapshot(
        day=day,
        items=items,
        due=outcomes.due[items],
        amount=sum_by_code(codes, amount, len(items)),
        late_euro_days=sum_by_code(codes, amount * np.maximum(ends - begins, 0), len(items)),
    )


def expected_late_euro_days(forecast: Forecast, snapshot: Snapshot) -> Floats:
    """(items,) the same as a forecast of the closing: amount × sum of P(unpaid at the end of each day | unpaid now)."""
    days = snapshot.day + np.arange(HORIZON + 1)
    expected = np.zeros(len(snapshot.items))
    for first in range(0, len(snapshot.items), _BATCH):
        rows = slice(first, first + _BATCH)
        items, due = snapshot.items[rows], snapshot.due[rows]
        unpaid = forecast.unpaid_on(items, np.broadcast_to(days, (len(items), len(days))))
        now = unpaid[:, :1]
        given = np.divide(unpaid[:, 1:], now, out=np.ones((len(items), HORIZON)), where=now > 0)
        expected[rows] = (given * (days[1:] >= due[:, None])).sum(axis=1)
    return expected * snapshot.amount


def worklists(snapshot: Snapshot, forecasts: Mapping[str, Forecast]) -> Mapping[str, Floats]:
    """By rule, the figure that sorts the worklist, the first to call highest.

    Rules: each forecast's expected late euro-days; `amount`; `days_overdue`, oldest first; `overdue_amount`, what is
    overdue first, then by amount, as most worklists are; `best`, by what came, which nobody can beat.
    """
    overdue = snapshot.day - snapshot.due
    by_model = {model: expected_late_euro_days(forecast, snapshot) for model, forecast in forecasts.items()}
    return {
        **by_model,
        "amount": snapshot.amount,
        "days_overdue": overdue.astype(np.float64),
        "overdue_amount": snapshot.amount + np.where(overdue > 0, snapshot.amount.max(initial=0.0), 0.0),
        "best": snapshot.late_euro_days,
    }


def first_tenth(order_by: Floats) -> Codes:
    """The positions of the first tenth of a worklist, rounded up; ties in the order of the ledger."""
    return np.argsort(-order_by, kind="stable")[: _rounded_up(np.array([TOP_SHARE]), len(order_by))[0]]


def caught(order_by: Floats, late_euro_days: Floats) -> Floats:
    """(shares of `CALLED`,) the late euro-days that these first shares of a worklist held, rounded up likewise."""
    held = np.concatenate([[0.0], np.cumsum(late_euro_days[np.argsort(-order_by, kind="stable")])])
    return held[_rounded_up(CALLED, len(order_by))]


def _rounded_up(shares: Floats, size: int) -> Codes:
    return np.ceil(shares * size - _ROUNDING).astype(np.intp)

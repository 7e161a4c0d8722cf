"""The aged balance: what is owed and since when, at one day or at many in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, Movements, as_day, movements
from arlib.schema import HALF_CENT, NO_DAY, Days, day_numbers
from arlib.words import say

BOUNDS = (30, 60, 90)
NOT_DUE, NO_DUE_DATE, UNAPPLIED, TOTAL = "not_due", "no_due_date", "unapplied", "total"
_COLUMNS = (NOT_DUE, NO_DUE_DATE, UNAPPLIED, TOTAL)
_FOREVER = 10**7  # days; later than any ledger


def aged_balance(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    by: str = "customer_id",
    basis: str = "due",
    bounds: Sequence[int] = BOUNDS,
) -> pd.DataFrame:
    """What each customer owes on a day, by how late it is.

    One row a group, the largest total first, with the columns of `aged_balance_history` after `by` (and the
    customer's `name` where groups are customers). Groups that owe nothing and hold no credit are left out.
    """
    aged = aged_balance_history(ledger, [ledger.day(as_of)], by=by, basis=basis, bounds=bounds).drop(columns="as_of")
    if by == "customer_id":
        names = ledger.customers.set_index("customer_id")["name"]
        aged.insert(1, "name", aged["customer_id"].map(names))
    buckets = aged.select_dtypes("number")
    shown = aged[(buckets.abs() >= HALF_CENT).any(axis=1)]
    return shown.sort_values([TOTAL, by], ascending=[False, True]).reset_index(drop=True)


def aged_balance_history(
    ledger: Ledger,
    dates: Sequence[Day],
    *,
    by: str | None = None,
    basis: str = "due",
    bounds: Sequence[int] = BOUNDS,
) -> pd.DataFrame:
    """The aged balance at every date of a list, in one pass over the ledger.

    One row a date, or a date and a group when `by` names a column of the items or of the customers. Columns:
    `as_of`, `by`, then by due date `not_due`, `1-30`, `31-60`, `61-90`, `91+`, or by invoice date `0-30`, … `91+`
    (bounds inclusive, the last bucket open); `no_due_date` for what has no date to age from; `unapplied` for
    credits not matched with an invoice (negative); `total`, their sum, which is the balance of the accounts.

    Args:
        ledger: the ledger.
        dates: the days, in any order.
        by: the column to group by; none for the whole ledger.
        basis: `due` counts from the due date, `issued` from the date of the invoice.
        bounds: last day of each bucket, increasing.

    Raises:
        ArlibError: bounds do not increase, or the basis is neither `due` nor `issued`.
    """
    if by in (*_COLUMNS, "as_of"):
        raise ArlibError(say("aging.by", by=by))
    days = pd.DatetimeIndex(sorted({as_day(date) for date in dates}))
    buckets = _buckets(basis, bounds)
    moved = movements(ledger, by=by, basis=basis)
    grid = _stock(moved, day_numbers(days.to_series()), buckets)
    groups, columns = len(moved.groups), [bucket.name for bucket in buckets] + [NO_DUE_DATE, UNAPPLIED]
    aged = pd.DataFrame(grid.transpose(1, 0, 2).reshape(-1, len(columns)).round(2) + 0.0, columns=columns)
    aged[TOTAL] = aged.sum(axis=1).round(2)
    if by is not None:
        aged.insert(0, by, pd.Series(np.tile(moved.groups[by], len(days)), dtype="str"))
    aged.insert(0, "as_of", days.repeat(groups))
    return aged


@dataclass(frozen=True)
class _Bucket:
    name: str
    first: int  # days past the date it ages from, both ends in
    last: int


def _buckets(basis: str, bounds: Sequence[int]) -> list[_Bucket]:
    edges = list(bounds)
    if basis not in ("due", "issued") or not edges or any(b <= a for a, b in zip([0, *edges], edges, strict=False)):
        raise ArlibError(say("aging.bounds", bounds=", ".join(map(str, bounds)), basis=basis))
    late = [_Bucket(f"{a + 1}-{b}", a + 1, b) for a, b in zip([0, *edges], edges, strict=False)]
    late.append(_Bucket(f"{edges[-1] + 1}+", edges[-1] + 1, _FOREVER))
    if basis == "due":
        return [_Bucket(NOT_DUE, -_FOREVER, 0), *late]
    return [_Bucket(f"0-{edges[0]}", -_FOREVER, edges[0]), *late[1:]]


def _stock(moved: Movements, days: Days, buckets: Sequence[_Bucket]) -> npt.NDArray[np.float64]:
    """Amounts by (group, day, bucket), then without a date, then unapplied.

    A movement adds its amount on the first asked day that finds its item in a bucket and takes it away on the
    first that does not: two sums over movements a bucket, and one cumulated sum along the days.
    """
    width = len(days) + 1
    opening, closing = (int(days[0]), int(days[-1]) + 1) if len(days) else (0, 0)
    ranks = np.searchsorted(days, np.arange(opening, closing + 1))  # a look-up a day: a search a movement is slower

    def rank(day: Days) -> npt.NDArray[np.intp]:
        return ranks[np.clip(day, opening, closing) - opening]

    stock = np.zeros((len(moved.groups), len(days), len(buckets) + 2))
    dated = ~moved.credit & (moved.due != NO_DAY)

    def between(chosen: npt.NDArray[np.bool_], first: Days, last: Days) -> npt.NDArray[np.float64]:
        enters, leaves = rank(first), rank(last + 1)
        held = leaves > enters
        row, amount = moved.group[chosen][held] * width, moved.amount[chosen][held]
        size = len(moved.groups) * width
        change = np.bincount(row + enters[held], amount, size) - np.bincount(row + leaves[held], amount, size)
        held_amounts: npt.NDArray[np.float64] = np.cumsum(change.reshape(-1, width), axis=1)[:, :-1]
        return held_amounts

    due, day = moved.due[dated], moved.day[dated]
    for place, bucket in enumerate(buckets):
        stock[:, :, place] = between(dated, np.maximum(day, due + bucket.first), due + bucket.last)
    for place, chosen in ((-2, ~moved.credit & ~dated), (-1, moved.credit)):
        since = moved.day[chosen]
        stock[:, :, place] = between(chosen, since, np.full_like(since, closing))
    return stock

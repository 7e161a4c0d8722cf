"""DSO at many dates and of many groups at once: sums by group and date, and a count-back over all of them together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.ledger import By, Day, Ledger, as_day, movements
from arlib.measures.aging.stock import Clock, stock
from arlib.measures.dso.countback import walk_back
from arlib.measures.dso.edge import Edge
from arlib.measures.dso.standing import DAYS, groups_of
from arlib.measures.sales import Sales, held_on, numbers_of, window_days
from arlib.schema import HALF_CENT, Codes, Days, Floats, day_number, sum_by_code, to_dates

_COLUMNS = ("as_of", "receivable", "sales", "dso", "countback_dso", "best_possible_dso", "delinquent_dso")


def dso_history(ledger: Ledger, dates: Sequence[Day], *, days: int = DAYS, by: By = None) -> pd.DataFrame:
    """DSOs at each date of a list, of the whole ledger or of each customer, segment or other group.

    One row a date, or a group and a date, sorted: the columns of `by`, `as_of`, `receivable`, `sales` of the window,
    `dso`, `countback_dso`, `best_possible_dso`, `delinquent_dso` (nan where the function of that name gives no figure
    of the group; `sales` too where the list does not date its invoices). A group's `dso` is on its own sales: what it
    adds to the company's is in `dso_contributions`; the count-backs of groups never add up to the company's, nor does
    their mean. The file's edge is that of the whole ledger: a customer who stops buying is a fact.

    Raises:
        ArlibError: a window of no days, an unknown column in `by`, or one the result has itself.
    """
    grid = _Grid.of(ledger, sorted({as_day(date) for date in dates}), window_days(days), by)
    owed, sold = grid.owed, grid.sold
    covered = ~grid.beyond & (grid.days - days + 1 >= day_number(ledger.covers[0]))
    known = (sold > HALF_CENT) & covered & (owed >= -HALF_CENT)
    ratio = np.divide(days, sold, out=np.full(sold.shape, np.nan), where=known)
    rows = grid.sales.groups.loc[np.repeat(np.arange(len(owed)), len(grid.days))].reset_index(drop=True)
    rows["as_of"] = np.tile(grid.days.astype("datetime64[D]").astype("datetime64[s]"), len(owed))
    rows["receivable"], rows["sales"], rows["dso"] = owed.ravel(), sold.ravel(), (owed * ratio).ravel()
    rows["countback_dso"] = np.where(grid.beyond, np.nan, grid.counted_back(ledger)).ravel()
    rows["best_possible_dso"], rows["delinquent_dso"] = (grid.not_due * ratio).ravel(), (grid.overdue * ratio).ravel()
    return rows


def month_ends(ledger: Ledger, as_of: Day | None = None, *, months: int = 24) -> list[pd.Timestamp]:
    """The day asked and the month ends before it that the ledger covers, `months` dates at most, oldest first."""
    day = ledger.day(as_of)
    ends = pd.date_range(ledger.covers[0], day, freq="ME")
    return sorted({*ends, day})[-months:]


@dataclass(frozen=True, eq=False)
class _Grid:
    """What each group owes and bought at each date: (groups, dates)."""

    sales: Sales
    days: Days
    owed: Floats
    not_due: Floats
    overdue: Floats
    sold: Floats
    beyond: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, ledger: Ledger, dates: Sequence[pd.Timestamp], window: Days, by: By) -> "_Grid":
        codes, groups = groups_of(ledger, by, _COLUMNS)
        days, sales = numbers_of(dates), Sales.among(ledger, codes, groups)
        owed, not_due, overdue = _held(ledger, days, by, len(groups))
        edge = Edge.of(ledger, sales.known, days)
        sold = np.full(owed.shape, np.nan) if edge.undated else sales.to(days, window)
        return cls(sales, days, owed, not_due, overdue, sold, edge.beyond)

    def counted_back(self, ledger: Ledger) -> Floats:
        """The count-back of every group at every date."""
        months = _Months.of(ledger, self.sales, self.days)
        ends = pd.DatetimeIndex(to_dates(self.days)).is_month_end
        found, _, _ = walk_back(self.owed.ravel(), np.tile(~ends, len(self.owed)), months.upper.shape[1], months)
        return found.reshape(self.owed.shape)


def _held(ledger: Ledger, days: Days, by: By, groups: int) -> tuple[Floats, Floats, Floats]:
    """What each group owes net of its credits, and the parts of it that are not due and overdue."""
    if not (len(days) and groups):
        nothing = np.zeros((groups, len(days)))
        return nothing, nothing, nothing
    parts = stock(movements(ledger, by=by), Clock(days, np.array([1]), "due", None))
    owed, not_due, overdue = (part.T.round(2) + 0.0 for part in (parts.sum(axis=0), parts[0], parts[1]))
    return owed, not_due, overdue


@dataclass(frozen=True, eq=False)
class _Months:
    """Sales of the n-th month back from each date, of each group, as known on the date.

    Attributes:
        sold: running totals of sales by group at every edge of a month, whenever they were booked.
        upper, lower: places in `sold` of the two edges of the n-th month back, and `length` its days: (dates, months);
            no days, and so no sales, before the ledger begins.
        late: what of `sold` was not booked yet: for each month back, the cells and the amounts.
    """

    sold: Floats
    upper: Codes
    lower: Codes
    length: Days
    late: list[tuple[Codes, Floats]]

    @classmethod
    def of(cls, ledger: Ledger, sales: Sales, days: Days) -> "_Months":
        first = np.minimum(day_number(ledger.covers[0]), days)[:, None]
        newest = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        oldest = first.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)[:, 0]
        months = newest[:, None] - np.arange((newest - oldest).max(initial=-1) + 1)
        starts = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
        edges = np.hstack([days[:, None], np.maximum(starts, first) - 1])
        asked, places = np.unique(edges, return_inverse=True)
        places = places.reshape(edges.shape)
        sold = held_on(asked, (sales.issued, None), sales.group, sales.amount, len(sales.groups))
        late = _late(sales, days, newest, day_number(ledger.covers[0]))
        by_month = [tuple(part[late[0] == month] for part in late[1:]) for month in range(edges.shape[1] - 1)]
        return cls(sold, places[:, :-1], places[:, 1:], -np.diff(edges, axis=1), by_month)

    def __call__(self, month: int, cells: Codes) -> tuple[Floats, Floats]:
        group, date = np.divmod(cells, len(self.upper))
        sold = self.sold[group, self.upper[date, month]] - self.sold[group, self.lower[date, month]]
        cell, amount = self.late[month]
        if len(cell):
            sold -= sum_by_code(cell, amount, self.sold.shape[0] * len(self.upper))[cells]
        return sold.round(2), self.length[date, month].astype(np.float64)


def _late(sales: Sales, days: Days, newest: Days, first: int) -> tuple[Days, Codes, Floats]:
    """Month back, cell and amount of every sale that has its date but not its booking by a date asked."""
    behind = np.flatnonzero((sales.known > sales.issued) & (sales.issued >= first))
    start = np.searchsorted(days, sales.issued[behind])
    times = np.searchsorted(days, sales.known[behind]) - start
    sale = np.repeat(behind, times)
    date = np.arange(len(sale)) - np.repeat(np.cumsum(times) - times, times) + np.repeat(start, times)
    month = newest[date] - sales.issued[sale].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return month, sales.group[sale] * len(days) + date, sales.amount[sale]

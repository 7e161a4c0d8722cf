"""The invoices to come made to add up to what a person expects: by season, or to an amount a month or a day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import NamedTuple

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.schema import Codes, Days, Flags, Floats, day_number, day_numbers, sum_by_code
from arlib.words import Sentence, say

_MONTHS = range(1, 13)
_MOST_SEASON = 10.0  # times a month of the year before: more is an amount taken for a factor
_SHOWN = 20  # unknown names told at most


@dataclass(frozen=True, eq=False)
class Coming:
    """Invoices to come, before their due dates.

    Attributes:
        source: (invoices,) the past invoice each repeats, a position among them.
        customer: (invoices,) position in the laws' customers.
        issue: (invoices,) day of issue, counted from the day asked; 1 or more.
        amount: (invoices,) amount.
    """

    source: Codes
    customer: Codes
    issue: Days
    amount: Floats


class _Row(NamedTuple):
    """A row of a plan within the days asked: whose, its month or day, the days it still holds, what is sold on them."""

    group: int
    period: int
    first: int
    last: int
    target: float


def seasonal(coming: Coming, season: Mapping[int, float], today: int) -> tuple[Coming, list[Sentence]]:
    """Invoices multiplied by the factor of their month of issue, 1 for a month not named; and what was done.

    Raises:
        ArlibError: a month is not from 1 to 12, or a factor not from 0 to 10.
    """
    for month, factor in season.items():
        if month not in _MONTHS or not (isfinite(factor) and 0 <= factor <= _MOST_SEASON):
            raise ArlibError(say("simulation.plan.bad_season", month=month, factor=factor, most=_MOST_SEASON))
    factors = np.array([season.get(month, 1.0) for month in _MONTHS])
    amount = coming.amount * factors[_months(coming.issue + today) % len(_MONTHS)]
    told = [say("simulation.plan.factor", month=month, factor=factor) for month, factor in sorted(season.items())]
    return replace(coming, amount=amount), [say("simulation.plan.season", factors=told)]


def fitted(
    coming: Coming, given: pd.DataFrame, ledger: Ledger, laws: PaymentLaws, horizon: int
) -> tuple[Coming, list[Sentence]]:
    """Invoices that add up to a plan of sales in each of its months or days, and what was done.

    Those to come in it, of its segment or customer, are scaled; where there are none, invoices are spread over its
    open days, like those of any month of the same segment or customer, or of all together. Of a month that has begun
    or goes beyond the horizon, the share of its open days counts. What the plan does not name stays as it is.

    Args:
        coming: the invoices.
        given: `read_sales_plan`.
        ledger: whose customers have segments.
        laws: whose customers and calendar count.
        horizon: the last day, counted from the day asked.

    Raises:
        ArlibError: the plan names unknown customers or segments, is over before the day asked or begins after the
            horizon, or there is no past invoice to go by.
    """
    member, names = _members(given, ledger, laws)
    rows = _rows(given, names, laws, horizon)
    if not len(rows):
        raise ArlibError(say("simulation.plan.outside", day=laws.as_of, days=horizon))
    row = _row_of(coming, rows, member, day_number(laws.as_of), by_month="month" in given)
    total = sum_by_code(row[row >= 0], coming.amount[row >= 0], len(rows))
    target = rows["target"].to_numpy()
    factor = np.divide(target, total, out=np.zeros(len(rows)), where=total > 0)
    scaled = replace(coming, amount=coming.amount * np.where(row >= 0, factor[row], 1.0))
    kept = (row < 0) | (scaled.amount > 0)
    empty = rows[(total <= 0) & (target > 0)]
    parts = [_spread(coming, _Row(*each), member, laws) for each in empty.itertuples(index=False)]
    told = _told(given, rows, float(empty["target"].sum()))
    return _joined([_chosen(scaled, kept), *parts]), told


def _members(given: pd.DataFrame, ledger: Ledger, laws: PaymentLaws) -> tuple[Codes, "pd.Index[str]"]:
    """(customers,) the group of each that the plan tells apart, -1 for none; and the names of these groups."""
    if "customer_id" in given:
        return np.arange(len(laws.customers)), laws.customers
    if "segment" in given:
        segments = ledger.customers.set_index("customer_id")["segment"].reindex(laws.customers)
        codes, names = pd.factorize(segments)
        return codes, pd.Index(names)
    return np.zeros(len(laws.customers), dtype=np.intp), pd.Index([""])


def _rows(given: pd.DataFrame, names: "pd.Index[str]", laws: PaymentLaws, horizon: int) -> pd.DataFrame:
    """The rows of the plan within the days asked: group, period (of a month or day), first, last, target; sorted."""
    by_month = "month" in given
    column = next((name for name in ("segment", "customer_id") if name in given), None)
    group = names.get_indexer(pd.Index(given[column])) if column else np.zeros(len(given), dtype=np.intp)
    if (group < 0).any():
        unknown = ", ".join(map(str, given.loc[group < 0, column].unique()[:_SHOWN]))
        raise ArlibError(say(f"simulation.plan.unknown_{column}", names=unknown))
    start = day_numbers(given["month" if by_month else "day"])
    end = _month_end(start) if by_month else start
    today = day_number(laws.as_of)
    first, last = np.maximum(start, today + 1), np.minimum(end, today + horizon)
    opened = laws.calendar.rank(end + 1) - laws.calendar.rank(start)
    left = laws.calendar.rank(last + 1) - laws.calendar.rank(first)
    share = np.divide(left, opened, out=np.ones(len(given)), where=opened > 0)
    target = given["amount"].to_numpy() * share
    period = _months(start) if by_month else start
    rows = pd.DataFrame(dict(zip(_Row._fields, (group, period, first, last, target), strict=True)))
    return rows[first <= last].sort_values(["group", "period"], ignore_index=True)


def _row_of(coming: Coming, rows: pd.DataFrame, member: Codes, today: int, *, by_month: bool) -> Codes:
    """(invoices,) the row of the plan each invoice belongs to, -1 for none."""
    issued = coming.issue + today
    period = _months(issued) if by_month else issued
    width = int(max(period.max(initial=0), rows["period"].max())) + 1
    keys = rows["group"].to_numpy() * width + rows["period"].to_numpy()
    key = member[coming.customer] * width + period
    place = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
    return np.where((keys[place] == key) & (member[coming.customer] >= 0), place, -1)


def _spread(coming: Coming, row: _Row, member: Codes, laws: PaymentLaws) -> Coming:
    """As many invoices as the same customers have in so many days, over the open days of a row, adding up to it."""
    today = day_number(laws.as_of)
    theirs = np.flatnonzero(member[coming.customer] == row.group)
    owners = coming.customer[theirs] if len(theirs) else np.flatnonzero(member == row.group)
    like = theirs if len(theirs) else np.arange(len(coming.issue))
    if not len(like):
        raise ArlibError(say("simulation.plan.nothing_alike", day=laws.as_of))
    covered = int(coming.issue.max())
    count = int(np.ceil(len(like) * (row.last - row.first + 1) / covered))
    picked = np.linspace(0, len(like) - 1, count).round().astype(np.intp)
    every = np.arange(row.first, row.last + 1)
    days = np.intersect1d(every, laws.calendar.day(laws.calendar.rank(every)))
    days = days if len(days) else every  # a day that is closed, and planned all the same
    amount = coming.amount[like[picked]]
    weight = amount / amount.sum() if amount.sum() > 0 else np.full(count, 1 / count)
    return Coming(
        source=coming.source[like[picked]],
        customer=owners[picked % len(owners)],
        issue=days[np.arange(count) * len(days) // count] - today,
        amount=weight * row.target,
    )


def _told(given: pd.DataFrame, rows: pd.DataFrame, spread: float) -> list[Sentence]:
    told = [say("simulation.plan.given", sales=float(rows["target"].sum()), rows=len(rows))]
    if spread:
        told.append(say("simulation.plan.spread", amount=spread))
    if len(rows) < len(given):
        told.append(say("simulation.plan.unused", rows=len(given) - len(rows)))
    return told


def _chosen(coming: Coming, kept: Flags) -> Coming:
    return Coming(coming.source[kept], coming.customer[kept], coming.issue[kept], coming.amount[kept])


def _joined(parts: list[Coming]) -> Coming:
    names = ("source", "customer", "issue", "amount")
    return Coming(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _months(days: Days) -> Days:
    """The month of each day number, counted from January 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _month_end(days: Days) -> Days:
    """The last day of the month of each day number."""
    return (_months(days) + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1

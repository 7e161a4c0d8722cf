"""Cohorts: what share of a month's billing was paid 30, 60, 90, 120 days after the invoice."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Day, Ledger
from arlib.measures.aging.asked import are_whole, several
from arlib.measures.flows.billed import Billed
from arlib.measures.flows.completion import LEAST_MONTHS, WIDTH, Pieces, expected, past_errors, unpaid_curves
from arlib.measures.flows.grouped import grouped
from arlib.schema import HALF_CENT, Codes, Days, Flags, Floats, sum_by_code, to_dates
from arlib.words import say

DAYS = (30, 60, 90, 120)
_COLUMNS = ("month", "days", "billed", "cancelled", "paid_share", "low", "high", "mature")


def cohorts(
    ledger: Ledger, as_of: Day | None = None, *, days: Sequence[int] | int = DAYS, by: By = None
) -> pd.DataFrame:
    """The share of each month's billing paid so many days after the invoice date.

    One row a group, a month and a number of days, sorted: `by`, `month` (first day of the month of the invoices),
    `days` from the invoice date, `billed` (tax included, less `cancelled`), `cancelled` (what credit notes, bills and
    transfers settled: nobody paid it, nobody will), `paid_share` (0 to 1; what was paid before the invoice counts
    at 0 days), `low`, `high`, `mature`. What was written off stays billed and unpaid; a credit note that is
    not matched with an invoice cancels nothing yet.

    A month is mature for d days once all its days are d days old (or the ledger's last day, where it comes before
    `as_of`): the share is known, and `low` and `high` are it. In a younger month what is unpaid is completed by the
    Kaplan-Meier curve of the last year's billing, its group's drawn towards the whole ledger's; `low` and `high` hold
    80 % by what the same estimate missed in older months, and never contradict what is already paid or lost. With
    fewer than six older months to measure by, they are what is certain: paid already, and not lost yet. The share is
    nan where no invoice was ever watched that long, where all that was billed was cancelled, in months before the
    ledger's first (what was booked late is not their billing, and openings are no invoices), and where the file gave
    no invoice dates (its months are then those of the dates that stand in): such months are never mature. Known shares
    of groups add up to the whole's, weighted by `billed`; estimates need not.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        days: one number of days, or several.
        by: the columns to group by; none for the whole ledger.

    Raises:
        ArlibError: a number of days is below 0 or not whole, or a column to group by does not exist or is one of these.
    """
    asked = several(days)
    if not asked or not are_whole(asked) or min(asked) < 0:
        raise ArlibError(say("flows.days", days=", ".join(map(str, asked))))
    ages = sorted({int(each) for each in asked})
    billed = Billed.by(ledger, ledger.day(as_of))
    codes, groups = grouped(ledger, by, _COLUMNS)
    grid = _Grid.of(billed, codes[billed.item], len(groups))
    pieces = Pieces.of(billed, grid.cell, grid.starts[grid.cell % grid.months], ages[-1])
    curves = unpaid_curves(pieces, len(groups), grid.months, ages[-1])
    shown = np.flatnonzero(grid.count)
    parts = [_shares(grid, pieces, curves, age).take(shown) for age in ages]
    long = pd.concat(parts, ignore_index=True).assign(
        days=np.repeat(np.array(ages, dtype=np.int64), len(shown)), _cell=np.tile(shown, len(ages))
    )
    long = long.sort_values(["_cell", "days"], kind="stable")
    long.insert(0, "month", to_dates(grid.starts[long["_cell"].to_numpy() % grid.months]).to_numpy())
    found = groups.take(long["_cell"].to_numpy() // grid.months).reset_index(drop=True)
    return pd.concat([found, long[list(_COLUMNS)].reset_index(drop=True)], axis=1)


@dataclass(frozen=True, eq=False)
class _Grid:
    """The cells of cohorts, a group's month each: group × months + month."""

    until: int
    cell: Codes  # of each invoice
    starts: Days  # first day of each month
    ends: Days  # its last day
    count: Codes  # invoices a cell
    billed: Floats
    cancelled: Floats
    lost: Floats
    untold: Flags  # whether an invoice of the cell has no date of its own, or its month is before the ledger's first

    @property
    def months(self) -> int:
        return len(self.starts)

    @classmethod
    def of(cls, billed: Billed, group: Codes, groups: int) -> "_Grid":
        every = billed.issued.astype("datetime64[D]").astype("datetime64[M]")
        first = every.min() if len(every) else np.datetime64(billed.until, "D").astype("datetime64[M]")
        months = first + np.arange(int((every - first).astype(np.int64).max(initial=0)) + 1)
        cell = group * len(months) + (every - first).astype(np.int64)
        size = groups * len(months)
        ends = (months + 1).astype("datetime64[D]").astype(np.int64) - 1
        return cls(
            until=billed.until,
            cell=cell,
            starts=months.astype("datetime64[D]").astype(np.int64),
            ends=ends,
            count=np.bincount(cell, minlength=size),
            billed=sum_by_code(cell, billed.amount, size),
            cancelled=sum_by_code(cell, billed.cancelled, size),
            lost=sum_by_code(cell, billed.lost, size),
            untold=(np.bincount(cell[billed.stood_in], minlength=size) > 0) | np.tile(ends < billed.since, groups),
        )


def _shares(grid: _Grid, pieces: Pieces, curves: Floats, days: int) -> pd.DataFrame:
    """The share paid by an age in every cell, its band, and whether it is known."""
    size, months = len(grid.billed), grid.months
    mature = grid.ends + days <= grid.until
    group, month = np.divmod(pieces.cell, months)
    ages = grid.until - grid.starts[month] - pieces.issued
    # What will never be paid keeps its age out of the curve: it is certain.
    expecting = np.where(pieces.seen > ages, 0.0, expected(curves, pieces, group, ages, days))
    known = np.where(pieces.age <= days, pieces.amount, 0.0)
    base = np.where((grid.billed >= HALF_CENT) & ~grid.untold, grid.billed, np.nan)
    paid = sum_by_code(pieces.cell, known, size) / base
    share = sum_by_code(pieces.cell, np.where(pieces.age <= days, known, expecting), size) / base
    share = np.where(np.tile(mature, size // months), paid, share)
    band = _band(grid, pieces, curves, days, mature)
    certain = np.clip(1 - grid.lost / base, paid, 1.0)
    return pd.DataFrame(
        {
            "billed": grid.billed.round(2),
            "cancelled": grid.cancelled.round(2),
            "paid_share": share,
            "low": np.fmax(share - band, paid),
            "high": np.fmin(share + band, certain),
            "mature": np.tile(mature, size // months) & ~grid.untold,
        }
    )


def _band(grid: _Grid, pieces: Pieces, curves: Floats, days: int, mature: Flags) -> Floats:
    """Half the width of the band in every cell: 0 where the share is known, 1 where its error was never measured."""
    band = np.zeros((len(curves), grid.months))
    for young in np.flatnonzero(~mature):  # as many months as the age spans, whatever the size of the ledger
        error, count = past_errors(curves, pieces, days, grid.until - int(grid.starts[young]), mature)
        band[:, young] = np.where(count >= LEAST_MONTHS, WIDTH * error, 1.0)
    return band.ravel()

"""Roll rates: what part of the balance of a bucket reached the next one, period by period."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Day, Ledger
from arlib.measures.aging import BOUNDS
from arlib.measures.aging.ages import Ages
from arlib.measures.aging.asked import days_asked
from arlib.measures.delays.settlements import CREDITED, MOVED, PAID, Pieces, pieces_of
from arlib.measures.flows.billed import debits_known
from arlib.measures.flows.edges import told_from
from arlib.measures.flows.grouped import grouped
from arlib.schema import HALF_CENT, NO_DAY, OPENING, Codes, Days, Floats, day_number, day_numbers, sum_by_code
from arlib.words import say

_COLUMNS = ("start", "end", "bucket", "balance", "reached", "roll_rate", "loss_rate")


def roll_rates(
    ledger: Ledger, dates: Sequence[Day], *, by: By = None, bounds: Sequence[int] | int = BOUNDS
) -> pd.DataFrame:
    """The share of each bucket's balance that reached the next bucket, in each period between two dates.

    One row a group, a period and a bucket that has a next one, sorted: `by`, `start` (excluded), `end` (included),
    `bucket` (`not_due`, `1-30`, …), `balance`, `reached`, `roll_rate` = reached / balance, `loss_rate` = the product
    of the roll rates from this bucket to the last one, which is what a provision matrix rests on; nan where a bucket
    had no balance in the period; where nothing rolled on the loss is 0, whatever the later buckets say.

    A balance is counted in the period in which it leaves its bucket or would have, the day after the bucket's last one:
    `balance` is what of it had reached the bucket, `reached` what was still unpaid by then. Each balance so counts
    once, whether a month has 28 days or 31. What a credit note, a bill or a transfer settled by the end of the period
    is in neither; what was written off stays unpaid and rolls on to the last bucket. What has no due date and credits
    not matched are not in it, nor what left its bucket after the ledger's last day, nor openings in the bucket they
    were in when the ledger began: what had been paid of them there is not known, and all would seem to roll.

    Source: the roll rates of IFRS 9 provision matrices (ifrscommunity.com), H1 and H3 of the worked examples.

    Args:
        ledger: the ledger.
        dates: the ends of the periods, two or more, in any order; none before the ledger, but its eve where openings
            say what was owed then.
        by: the columns to group by; none for the whole ledger.
        bounds: last day of each bucket, increasing.

    Raises:
        ArlibError: fewer than two dates, or one before it is known what was owed; bounds that do not increase, or a
            column to group by that does not exist or is one of these.
    """
    ages, days = Ages.of("due", bounds), days_asked(dates)
    if len(days) < 2:  # noqa: PLR2004 - a period has two ends
        raise ArlibError(say("flows.dates", dates=len(days)))
    codes, groups = grouped(ledger, by, _COLUMNS)
    debits = _Debits.of(told_from(ledger, days[0]), codes, days)
    edges = (-1, *(first - 1 for first in ages.firsts))  # days late at the end of which each bucket begins and ends
    flows = [debits.flows(first, last, len(groups)) for first, last in pairwise(edges)]
    balance, reached = np.stack(flows, axis=-1).round(2) + 0.0
    rate = np.divide(reached, balance, out=np.full_like(balance, np.nan), where=balance >= HALF_CENT)
    names, periods = ages.names[: len(flows)], len(days) - 1
    rows = groups.loc[np.repeat(groups.index, periods * len(names))].reset_index(drop=True)
    return rows.assign(
        start=np.tile(np.repeat(pd.DatetimeIndex(days[:-1]), len(names)), len(groups)),
        end=np.tile(np.repeat(pd.DatetimeIndex(days[1:]), len(names)), len(groups)),
        bucket=pd.Series(np.tile(names, len(groups) * periods), dtype="str"),
        balance=balance.ravel(),
        reached=reached.ravel(),
        roll_rate=rate.ravel(),
        loss_rate=_chained(rate).ravel(),
    )


def _chained(rate: Floats) -> Floats:
    """The product of each rate and those of all later buckets; 0 from where nothing rolled on, whatever follows."""
    loss = rate.copy()
    for place in range(rate.shape[1] - 2, -1, -1):
        loss[:, place] = np.where(rate[:, place] == 0, 0.0, rate[:, place] * loss[:, place + 1])
    return loss


@dataclass(frozen=True, eq=False)
class _Debits:
    """Debits with a due date, what settled them, and the periods asked."""

    group: Codes
    amount: Floats
    due: Days
    booked: Days
    seen: Days  # from which it is known what was paid of an opening; no day for what is known from its beginning
    settled: Pieces
    ends: Days
    last: int  # nothing is known after this day

    @classmethod
    def of(cls, ledger: Ledger, group: Codes, days: Sequence[pd.Timestamp]) -> "_Debits":
        items, day, ends = ledger.items, days[-1], day_numbers(pd.Series(days))
        last = min(int(ends[-1]), day_number(ledger.covers[1]))
        due, booked = day_numbers(items["due_on"]), day_numbers(items["booked_on"])
        seen = np.where(items["kind"] == OPENING, booked, NO_DAY)
        pieces = pieces_of(ledger, day, debits_known(ledger, day))
        return cls(group, items["amount"].to_numpy(), due, booked, seen, pieces, ends, last)

    def flows(self, first: int, last: int, groups: int) -> Floats:
        """What had reached a bucket and what went on to the next, (2, groups × periods).

        Args:
            first: days late at the end of which the bucket begins; below 0, it holds an item from its booking.
            last: days late at the end of which it ends.
            groups: how many groups there are.
        """
        periods, leaves = len(self.ends) - 1, self.due + last + 1
        period = np.searchsorted(self.ends, leaves, side="left") - 1
        timely = (leaves > self.ends[0]) & (leaves <= self.last) & (self.booked < leaves)
        reached = self.due + first if first >= 0 else np.full_like(self.due, NO_DAY)
        used = np.flatnonzero((self.amount > 0) & (self.due != NO_DAY) & timely & (reached >= self.seen))
        known = self.ends[np.minimum(period + 1, periods)]
        left = [self._unpaid(day, known)[used] for day in (reached, self.due + last)]
        cell = self.group[used] * periods + period[used]
        return np.stack([sum_by_code(cell, amounts, groups * periods) for amounts in left])

    def _unpaid(self, by: Days, known: Days) -> Floats:
        """What of each item is not paid at the end of a day of its own, less what was cancelled by another."""
        pieces = self.settled
        cancelled = np.isin(pieces.state, (CREDITED, MOVED)) & (pieces.day <= known[pieces.item])
        paid = (pieces.state == PAID) & (pieces.day <= by[pieces.item])
        gone = cancelled | paid
        return self.amount - sum_by_code(pieces.item[gone], pieces.amount[gone], len(self.amount))

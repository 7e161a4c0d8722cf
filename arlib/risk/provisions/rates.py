"""Loss rates by age: from one cohort, or from what rolled on from bucket to bucket in the last months."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Day, Ledger
from arlib.measures.aging.ages import BOUNDS, Ages
from arlib.measures.delays.settlements import LOST, OPEN, PAID, pieces_of
from arlib.measures.flows import roll_rates
from arlib.measures.flows.billed import debits_known
from arlib.measures.flows.edges import told_from
from arlib.measures.flows.grouped import grouped
from arlib.measures.opening import known_from
from arlib.schema import NO_DAY, OPENING, Codes, Flags, Floats, day_number, day_numbers
from arlib.words import Language, Sentence, say

MONTHS = 12
LOST_AFTER = 365  # days late from which what is unpaid counts as lost
LEAST_DEBTS = 10  # in a bucket, below which its own rate is not told
LEAST_DAYS = 180  # of history, below which no rate is told

_LATER = np.iinfo(np.int64).max // 2  # after any day
_ZERO_95 = 3.0  # the rule of three: none of n seen, at most 3 / n of them with 95 % confidence
RATE_COLUMNS = ("bucket", "debts", "balance", "reached", "roll_rate", "loss_rate", "note")


def cohort_loss_rates(reached: Sequence[float], lost: float | None = None) -> Floats:
    """The loss rate of each bucket, from what of one cohort of sales reached it and what of it was lost in the end.

    `lost / reached`, (buckets,), 0 to 1; nan where nothing reached the bucket.

    Source: IFRS 9 B5.5.35; handbook, risk scoring T3 (H1).

    Args:
        reached: the amount that reached each bucket, youngest first; the first is all that was sold.
        lost: what was never paid; by default, what reached the last bucket.

    Raises:
        ArlibError: an amount is negative or missing, or more reached a bucket than the one before, or more was lost
            than reached the last one.
    """
    amounts = np.array([*reached, *([] if lost is None else [lost])], dtype=np.float64)
    if not len(reached) or not (amounts >= 0).all() or (np.diff(amounts) > 0).any():
        raise ArlibError(say("risk.provision.cohort"))
    base = np.asarray(reached, dtype=np.float64)
    return np.asarray(np.divide(amounts[-1], base, out=np.full(len(base), np.nan), where=base > 0))


def loss_rates(  # noqa: PLR0913 - each says what the rates rest on, and most are left as they are
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    by: By = None,
    bounds: Sequence[int] | int = BOUNDS,
    months: int = MONTHS,
    least_debts: int = LEAST_DEBTS,
    lost_after: int = LOST_AFTER,
    last_loss: float | None = None,
    language: Language = "en",
) -> pd.DataFrame:
    """The company's own loss rate of each bucket: the product of the roll rates from it to being lost.

    One row a group and a bucket, sorted: `by`, `bucket`, `debts` (how many reached the bucket among those that left it,
    or would have, in the last months), `balance` (what of them had reached it), `reached` (what was still unpaid on the
    day after it, of the last bucket after `lost_after` days late), `roll_rate` = reached / balance as measured,
    `loss_rate` (0 to 1), `note` (a sentence, or nothing). Amounts include tax; what is rolled is as in `roll_rates`:
    credit notes, bills and transfers are neither owed nor paid, what was written off stays unpaid.

    A roll rate above 1 counts as 1 and is said (a late entry, a payment taken back). A group with fewer than
    `least_debts` in a bucket takes the roll rate of the whole ledger; where this has too few, later losses count
    in full, which is prudent, and the bucket's own rate is nan but for the last one (1). All are nan with fewer than
    180 days of history, or where no payment of the period is known. A rate of 0 is no proof that nothing can be lost:
    the note gives what could be, by the rule of three. What no file shows, losses later than its last day, is in no
    rate.

    Source: IFRS 9 B5.5.35; handbook, risk scoring 6.1 and 6.2.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        by: the columns to group by; none for the whole ledger.
        bounds: last day of each bucket, increasing.
        months: how far back.
        least_debts: how many debts a roll rate must rest on.
        lost_after: days late from which what is unpaid counts as lost, more than the last bound.
        last_loss: the share finally lost of what reaches the last bucket, where it is known; measured by default.
        language: of the notes.

    Raises:
        ArlibError: bounds or one of the numbers cannot be; no such column to group by.
    """
    ages = Ages.of("due", bounds)
    asked = _Asked(by, ages, months, least_debts, lost_after, last_loss)
    names, (groups, links) = ages.names, _links(ledger, ledger.day(as_of), asked)
    rows = groups.loc[np.repeat(groups.index, len(names))].reset_index(drop=True)
    notes = [None if note is None else note.text(language) for note in links.notes(asked)]
    return rows.assign(
        bucket=pd.Series(np.tile(names, len(groups)), dtype="str"),
        debts=links.debts.ravel(),
        balance=links.balance.ravel(),
        reached=links.reached.ravel(),
        roll_rate=links.measured.ravel(),
        loss_rate=links.losses(asked).ravel(),
        note=pd.Series(notes, dtype="str"),
    )


@dataclass(frozen=True)
class _Asked:
    """How loss rates are asked for; cannot be built of numbers that make no sense."""

    by: By
    ages: Ages
    months: int
    least_debts: int
    lost_after: int
    last_loss: float | None

    def __post_init__(self) -> None:
        last = self.ages.firsts[-1] - 1
        if self.months < 1 or self.least_debts < 1 or self.lost_after <= last:
            values = {"months": self.months, "least": self.least_debts, "lost_after": self.lost_after}
            raise ArlibError(say("risk.provision.asked", last=last, **values))
        if self.last_loss is not None and not 0 <= self.last_loss <= 1:
            raise ArlibError(say("risk.provision.last_loss", share=self.last_loss))


@dataclass(frozen=True, eq=False)
class _Links:
    """What went from each bucket to the next, the last to being lost: (groups, buckets), and of the whole ledger."""

    debts: npt.NDArray[np.int64]
    balance: Floats
    reached: Floats
    days: int  # of history
    whole: "_Links | None" = None

    @property
    def measured(self) -> Floats:
        return np.divide(self.reached, self.balance, out=np.full_like(self.balance, np.nan), where=self.balance > 0)

    @property
    def untold(self) -> Sentence | None:
        """Why the ledger tells no rate at all."""
        if self.days < LEAST_DAYS:
            return say("risk.provision.short", days=self.days, least=LEAST_DAYS)
        whole = self.whole or self
        nothing_paid = whole.balance.any() and (whole.reached >= whole.balance).all()
        return say("risk.provision.nothing_paid") if nothing_paid else None

    def borrowed(self, asked: _Asked) -> Flags:
        """Which roll rates are those of the whole ledger."""
        if self.whole is None:
            return np.zeros(self.debts.shape, dtype=bool)
        return (self.debts < asked.least_debts) & (self.whole.debts >= asked.least_debts)

    def told(self, asked: _Asked) -> Flags:
        """Which roll rates rest on enough debts, borrowed or not."""
        return (self.debts >= asked.least_debts) | self.borrowed(asked)

    def losses(self, asked: _Asked) -> Floats:
        """The product of each link and all later ones, those that rest on too little counting in full."""
        rate = self.measured
        if self.whole is not None:
            rate = np.where(self.borrowed(asked), self.whole.measured, rate)
        told = self.told(asked)
        rate = np.where(told, np.minimum(rate, 1.0), 1.0)
        if asked.last_loss is not None:
            rate[:, -1], told[:, -1] = asked.last_loss, True
        loss = np.cumprod(rate[:, ::-1], axis=1)[:, ::-1]
        told[:, -1] = True  # the last bucket counts in full where nothing is known of it
        return np.where(told & (self.untold is None), loss, np.nan)

    def notes(self, asked: _Asked) -> list[Sentence | None]:
        """Why each rate is missing, or what to mind of it; row by row."""
        if self.untold is not None:
            return [self.untold] * self.debts.size
        borrowed, told = self.borrowed(asked), self.told(asked)
        losses, over = self.losses(asked), self.measured > 1
        weak = np.cumsum(~told[:, ::-1], axis=1)[:, ::-1] > ~told  # a later link rests on too little
        if asked.last_loss is not None:
            told[:, -1], weak = True, np.zeros_like(weak)
        last = np.arange(self.debts.shape[1]) == self.debts.shape[1] - 1
        cases = {
            "untold": ~told & ~last,
            "in_full": ~told & last,
            "capped": told & over,
            "borrowed": borrowed,
            "none_lost": told & (losses == 0),
            "prudent": told & weak,
        }
        first = np.select(list(cases.values()), range(len(cases)), default=-1).ravel()
        names = list(cases)
        return [
            None if case < 0 else self._note(names[case], int(debts), float(rate))
            for case, debts, rate in zip(first, self.debts.ravel(), self.measured.ravel(), strict=True)
        ]

    @staticmethod
    def _note(case: str, debts: int, rate: float) -> Sentence:
        upper = min(1.0, np.ceil(1000 * _ZERO_95 / max(debts, 1)) / 1000)  # as told, never less than it is
        return say(f"risk.provision.{case}", debts=debts, rate=rate, upper=upper)


def _links(ledger: Ledger, day: pd.Timestamp, asked: _Asked) -> tuple[pd.DataFrame, _Links]:
    """The links of each group that has an item in the accounts of the day."""
    codes, groups = grouped(ledger, asked.by, RATE_COLUMNS)
    end = min(day, ledger.covers[1])
    start = max(end - pd.DateOffset(months=asked.months), known_from(ledger))
    links = _measured(ledger, start, end, asked)
    if asked.by is None:
        return groups, links
    booked = (ledger.items["booked_on"] <= day).to_numpy()
    there = np.bincount(codes[booked], minlength=len(groups)) > 0
    whole = _measured(ledger, start, end, replace(asked, by=None))
    kept = _Links(links.debts[there], links.balance[there], links.reached[there], links.days, whole)
    return groups[there].reset_index(drop=True), kept


def _measured(ledger: Ledger, start: pd.Timestamp, end: pd.Timestamp, asked: _Asked) -> _Links:
    """The links of each group in a period; nothing where it is too short."""
    codes, groups = grouped(ledger, asked.by, RATE_COLUMNS)
    edges = [*(first - 1 for first in asked.ages.firsts), asked.lost_after]
    shape, days = (len(groups), len(edges)), (end - start).days
    if days < LEAST_DAYS:
        return _Links(np.zeros(shape, dtype=np.int64), np.zeros(shape), np.zeros(shape), max(days, 0))
    rolled = roll_rates(ledger, [start, end], by=asked.by, bounds=edges[1:])
    balance, reached = (rolled[name].to_numpy().reshape(shape) for name in ("balance", "reached"))
    return _Links(_debts(ledger, codes, (start, end), edges, len(groups)), balance, reached, days)


def _debts(
    ledger: Ledger, codes: Codes, period: tuple[pd.Timestamp, pd.Timestamp], edges: list[int], groups: int
) -> npt.NDArray[np.int64]:
    """How many debts each roll rate rests on, (groups, links): those its balance is of."""
    start, end = map(day_number, period)
    ledger, items = told_from(ledger, period[0]), ledger.items
    due, booked = day_numbers(items["due_on"]), day_numbers(items["booked_on"])
    unpaid = _unpaid_until(ledger, period[1])
    counts = []
    for first, last in zip((-1, *edges[:-1]), edges, strict=True):
        leaves, reached = due + last + 1, due + first
        used = (due != NO_DAY) & (leaves > start) & (leaves <= end) & (booked < leaves) & (unpaid > reached)
        if first >= 0:
            used &= ((items["kind"] != OPENING) | (reached >= booked)).to_numpy()
        counts.append(np.bincount(codes[used], minlength=groups))
    return np.stack(counts, axis=-1)


def _unpaid_until(ledger: Ledger, day: pd.Timestamp) -> npt.NDArray[np.int64]:
    """The day each debt was paid whole, as known on a day; never for what is open or written off, `NO_DAY` for others.

    What a credit note, a bill or a transfer settled is neither.
    """
    pieces = pieces_of(ledger, day, debits_known(ledger, day))
    until = np.full(len(ledger.items), NO_DAY)
    counted = np.isin(pieces.state, (PAID, OPEN, LOST))
    last = np.where(pieces.state == PAID, pieces.day, _LATER)
    np.maximum.at(until, pieces.item[counted], last[counted])
    return until

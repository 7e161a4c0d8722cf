"""What of each month's billing is still to come: a triangle of collections, and the chain ladder with Mack's error."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger
from arlib.measures.flows.billed import Billed
from arlib.schema import HALF_CENT, Codes, Days, Flags, Floats, day_number, sum_by_code, to_dates
from arlib.words import say

MONTHS = 24


@dataclass(frozen=True, eq=False)
class ChainLadder:
    """Development factors of a triangle, ultimates and their errors, by the chain ladder.

    Factors are weighted by volume. The standard error is Mack's (1993), without tail; the variance of the last factor,
    which one origin alone tells, is on the line through the logarithms of the others.

    Source: handbook, risk scoring 6.2 (Taylor and Ashe's triangle); Mack, ASTIN Bulletin 23 (1993).

    Attributes:
        triangle: (origins, ages) cumulative amounts, nan where not known; each origin known up to an age of its own,
            no later origin further than an earlier one.

    Raises:
        ArlibError: the triangle is not one.
    """

    triangle: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "triangle", np.asarray(self.triangle, dtype=np.float64))  # of a frame too
        shape = self.triangle.ndim == 2 and self.triangle.size > 0  # noqa: PLR2004 - origins and ages
        known = ~np.isnan(self.triangle)
        if (
            not shape
            or (known[:, 1:] & ~known[:, :-1]).any()
            or (known[1:] & ~known[:-1]).any()
            or not known[:, 0].all()
        ):
            raise ArlibError(say("risk.provision.triangle"))

    @cached_property
    def _both(self) -> Flags:
        """(origins, ages - 1) where an age and the next one are known."""
        return ~np.isnan(self.triangle[:, 1:])

    @cached_property
    def _volume(self) -> Floats:
        """(ages - 1,) what of each age the next one is known of."""
        return np.asarray(np.where(self._both, self.triangle[:, :-1], 0.0).sum(axis=0))

    @cached_property
    def factors(self) -> Floats:
        """(ages - 1,) how much larger each age is than the one before; nan where nothing tells."""
        following = np.where(self._both, self.triangle[:, 1:], 0.0).sum(axis=0)
        factors: Floats = np.divide(
            following, self._volume, out=np.full(len(following), np.nan), where=self._volume > 0
        )
        return factors

    @property
    def latest(self) -> Floats:
        """(origins,) the last amount known."""
        return np.asarray(self.triangle[np.arange(len(self.triangle)), self._age])

    @property
    def _age(self) -> Codes:
        return np.asarray((~np.isnan(self.triangle)).sum(axis=1) - 1)

    @cached_property
    def completed(self) -> Floats:
        """(origins, ages) the triangle, what is not known filled by the factors."""
        full = self.triangle.copy()
        for age in range(1, full.shape[1]):
            full[:, age] = np.where(np.isnan(full[:, age]), full[:, age - 1] * self.factors[age - 1], full[:, age])
        return full

    @property
    def ultimate(self) -> Floats:
        """(origins,) what is expected at the last age; nan where nothing is there to grow from."""
        return np.where((self.latest > 0) | (self._age == self.triangle.shape[1] - 1), self.completed[:, -1], np.nan)

    @property
    def outstanding(self) -> Floats:
        """(origins,) what is still to come."""
        return self.ultimate - self.latest

    @cached_property
    def _variances(self) -> Floats:
        """(ages - 1,) of the factors, by unit of volume: Mack's sigma squared."""
        base = np.where(self._both, self.triangle[:, :-1], 0.0)
        grown = np.divide(self.triangle[:, 1:], base, out=np.zeros_like(base), where=base > 0)
        missed = (base * np.where(self._both, grown - self.factors, 0.0) ** 2).sum(axis=0)
        freedom = (base > 0).sum(axis=0) - 1
        variance: Floats = np.divide(missed, freedom, out=np.full(len(missed), np.nan), where=freedom > 0)
        told, untold = np.flatnonzero(variance > 0), np.flatnonzero(np.isnan(variance))
        if len(told) > 1 and len(untold):
            slope, level = np.polyfit(told, np.log(variance[told]) / 2, 1)
            variance[untold] = np.exp(2 * (level + slope * untold))
        return variance

    @property
    def standard_errors(self) -> Floats:
        """(origins,) of what is still to come; 0 where nothing is, nan where the triangle is too small to tell."""
        growing = self._ahead & (self.completed[:, :-1] > 0)
        own = np.where(growing, self._relative, 0.0) / np.where(growing, self.completed[:, :-1], 1.0)
        shared = np.where(growing, self._per_volume, 0.0)
        return np.asarray(np.abs(self.ultimate) * np.sqrt((own + shared).sum(axis=1)))

    @property
    def _ahead(self) -> Flags:
        """(origins, ages - 1) the steps still to come."""
        return np.arange(self.triangle.shape[1] - 1) >= self._age[:, None]

    @property
    def _relative(self) -> Floats:
        """(ages - 1,) variances over the squares of the factors; 0 where a factor is, from which nothing is left."""
        square = self.factors**2
        return np.asarray(np.divide(self._variances, square, out=np.zeros(len(square)), where=square != 0))

    @property
    def _per_volume(self) -> Floats:
        return np.asarray(self._relative / np.where(self._volume > 0, self._volume, np.nan))

    @property
    def total(self) -> float:
        """What is still to come of all origins together; nan where one is not known."""
        return float(self.outstanding.sum())

    @property
    def total_standard_error(self) -> float:
        """Of the total: origins are completed by the same factors, and miss together."""
        # Of two origins, the steps both have to come are missed by both: those of the later one that the earlier has.
        later = np.append(np.cumsum(self.ultimate[::-1])[::-1][1:], 0.0)
        shared = np.where(self._ahead, self._per_volume, 0.0).sum(axis=1)
        both = 2 * self.ultimate * later * shared
        return float(np.sqrt((self.standard_errors**2 + both).sum()))


def collection_triangle(ledger: Ledger, as_of: Day | None = None, *, months: int = MONTHS) -> pd.DataFrame:
    """What had been collected of each month's billing, month after month.

    One row a month of invoices (`month`, its first day, as index), a column a number of months after it, from 0: the
    cumulative amount paid by the end of that month, tax included; nan where that month is not over on the day. The last
    `months` whole months, as far as the ledger goes back. What was cancelled by a credit note was never to come.

    Raises:
        ArlibError: no month is whole on the day, or fewer than one is asked.
    """
    billed, first = _months(ledger, ledger.day(as_of), months)
    origin = _month(billed.issued) - first[0]
    size = len(first)
    used = (origin[billed.invoice] >= 0) & (origin[billed.invoice] < size)
    invoice = billed.invoice[used]
    age = np.clip(_month(billed.paid_on[used]) - _month(billed.issued[invoice]), 0, size)
    cells = sum_by_code(origin[invoice] * (size + 1) + age, billed.paid[used], size * (size + 1))
    collected = cells.reshape(size, size + 1)[:, :size].cumsum(axis=1).round(2)
    known = np.arange(size)[:, None] + np.arange(size) < size
    index = pd.DatetimeIndex(to_dates(_first_day(first)), name="month")
    return pd.DataFrame(np.where(known, collected, np.nan), index=index)


def vintages(ledger: Ledger, as_of: Day | None = None, *, months: int = MONTHS) -> pd.DataFrame:
    """What of each month's billing would never be paid, by the chain ladder of what was still unpaid at each age.

    One row a month of invoices, the last `months` whole ones: `month`, `billed` (tax included, less what was
    cancelled), `collected` by the end of the last whole month, `never` (0 to what is unpaid), `expected` = billed -
    collected - never, `standard_error` (of `never`, Mack's). What is unpaid at the age of the oldest month that had
    something unpaid is taken as lost, with what was written off: with few months, much of it will still come. nan where
    no payment is known.

    The ladder is that of unpaid balances, not of collections: those of a young month are few, and a bank holiday at
    its end would make most of it look lost. `ChainLadder(collection_triangle(ledger))` gives the other one.

    Source: handbook, risk scoring 6.2.

    Raises:
        ArlibError: as for `collection_triangle`.
    """
    triangle = collection_triangle(ledger, as_of, months=months)
    billed, first = _months(ledger, ledger.day(as_of), months)
    origin = _month(billed.issued) - first[0]
    used = (origin >= 0) & (origin < len(first))
    owed = sum_by_code(origin[used], billed.amount[used], len(first)).round(2) + 0.0
    unpaid = np.maximum((owed[:, None] - triangle.to_numpy()).round(2), 0.0)
    told = np.where(np.isnan(unpaid[:, 1:]), 0.0, unpaid[:, :-1]).sum(axis=0) >= HALF_CENT  # falling with age
    ladder = ChainLadder(unpaid[:, : 1 + int(told.sum())])
    nothing = ladder.latest < HALF_CENT
    never = np.where(nothing, 0.0, np.minimum(ladder.completed[:, -1], ladder.latest))
    if not (triangle >= HALF_CENT).any(axis=None):
        never[:] = np.nan  # a file without payments
    columns = {"billed": owed, "collected": owed - ladder.latest, "never": never, "expected": ladder.latest - never}
    error = np.where(nothing, 0.0, ladder.standard_errors)
    return pd.DataFrame({"month": triangle.index, **columns, "standard_error": error})


def _months(ledger: Ledger, day: pd.Timestamp, months: int) -> tuple[Billed, Days]:
    """What was billed, and the last whole months of the ledger, counted from January 1970."""
    billed = Billed.by(ledger, day)
    first, end = _month(np.array([day_number(ledger.covers[0]), billed.until + 1]))
    if months < 1 or end <= first:
        raise ArlibError(say("risk.provision.vintages", first=ledger.covers[0], day=day))
    return billed, np.arange(max(first, end - months), end)


def _month(days: Days) -> Days:
    """The month of each day number, counted from January 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _first_day(months: Days) -> Days:
    """The day number of the first of each month."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)

"""Cohorts not yet fully aged: what older invoices say the rest of them will bring, and how far that was wrong before.

The share of a month's billing paid after d days is known of what was paid by then; what is still unpaid at its own
age a is expected to be paid by d with the probability 1 - S(d) / S(a), S being the Kaplan-Meier curve of amounts by
age. The band is not that of independent invoices, which is many times too narrow when customers pay later together:
it is what the same estimate, made at the same age of each older month, missed by.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from arlib.measures.flows.billed import Billed
from arlib.schema import HALF_CENT, Codes, Days, Flags, Floats, sum_by_code

HISTORY = 365  # days of billing a curve rests on, besides the days it takes to age
PRIOR_INVOICES = 2.0  # what the whole ledger's curve weighs in that of a group, in average invoices
LEAST_MONTHS = 6  # older months without which the error of an estimate is not measured
WIDTH = 1.2816  # standard deviations on each side of a band that holds 80 % of a normal law

_NOTHING = 1e-9  # a share below is none: what sums of many amounts leave
_NEVER = 10**7  # days; the age at which what is still unpaid is paid


@dataclass(frozen=True, eq=False)
class Pieces:
    """Billing cut into what was paid at an age and what was not, with the cell (a group's month) of each piece.

    Attributes:
        cell: group × months + month.
        issued: day number of its invoice, counted from the first of its month.
        age: days from the invoice to the payment, 0 where it came first; `_NEVER` for what is unpaid.
        seen: age up to which the piece was watched; what was written off will never be paid.
        amount: its amount.
        recent: whether it belongs to the billing that curves rest on.
    """

    cell: Codes
    issued: Days
    age: Days
    seen: Days
    amount: Floats
    recent: Flags

    @classmethod
    def of(cls, billed: Billed, cell: Codes, starts: Days, longest: int) -> "Pieces":
        """The pieces of what was billed; `starts` is the first day of the month of each invoice."""
        every = np.arange(len(billed.item))
        invoice = np.concatenate([billed.invoice, every, every])
        paid_at = np.maximum(billed.paid_on - billed.issued[billed.invoice], 0)
        watched = billed.until - billed.issued
        never = np.full(len(every), _NEVER)
        recent = billed.issued > billed.until - HISTORY - longest
        return cls(
            cell=cell[invoice],
            issued=(billed.issued - starts)[invoice],
            age=np.concatenate([paid_at, never, never]),
            seen=np.concatenate([watched[billed.invoice], watched, never]),
            amount=np.concatenate([billed.paid, np.maximum(billed.unpaid - billed.lost, 0.0), billed.lost]),
            recent=recent[invoice],
        )


def unpaid_curves(pieces: Pieces, groups: int, months: int, longest: int) -> Floats:
    """The share not yet paid at the end of each age, (groups, ages); nan past the age to which any unpaid was watched.

    The hazard of a group is drawn towards that of the whole ledger by the weight of `PRIOR_INVOICES`.
    """
    shape = (groups, longest + 1)
    kept = pieces.recent & (pieces.amount > 0)
    leaves = np.minimum(np.minimum(pieces.age, pieces.seen)[kept], longest)
    place = (pieces.cell[kept] // max(months, 1)) * shape[1] + leaves
    amount, pays = pieces.amount[kept], (pieces.age[kept] <= longest)
    leaving = sum_by_code(place, amount, groups * shape[1]).reshape(shape)
    paid = sum_by_code(place[pays], amount[pays], groups * shape[1]).reshape(shape)
    at_risk = np.cumsum(leaving[:, ::-1], axis=1)[:, ::-1]
    everyone = at_risk.sum(axis=0)
    hazard = np.divide(paid.sum(axis=0), everyone, out=np.full(shape[1], np.nan), where=everyone >= HALF_CENT)
    all_paid = np.cumprod(1 - np.nan_to_num(hazard)) < _NOTHING
    hazard[np.isnan(hazard) & all_paid] = 1.0
    prior = PRIOR_INVOICES * float(amount.mean()) if len(amount) else 1.0
    return np.asarray(np.cumprod(1 - np.minimum((paid + prior * hazard) / (at_risk + prior), 1.0), axis=1))


def expected(curves: Floats, pieces: Pieces, groups: Codes, ages: Days, days: int) -> Floats:
    """The part of each piece known or expected to be paid `days` after its invoice, at ages `ages` of the invoices."""
    looked = np.clip(ages, 0, days)
    before, after = curves[groups, looked], curves[groups, days]
    still = np.divide(after, before, out=np.ones_like(before), where=before != 0)
    waiting = np.where(looked < days, 1 - still, 0.0)
    return np.where(pieces.age <= looked, 1.0, waiting) * pieces.amount


def past_errors(
    curves: Floats, pieces: Pieces, days: int, lag: int, mature: Flags
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Root mean square error of the share estimated `lag` days after the first of each mature month, by group.

    Args:
        curves: of `unpaid_curves`.
        pieces: everything billed.
        days: the age the share is for.
        lag: days from the first of a month to the day the estimate is made.
        mature: (months,) the months whose share is known.

    Returns:
        The errors, and how many months they were measured on.
    """
    months = len(mature)
    group, month = np.divmod(pieces.cell, months)
    ages = lag - pieces.issued
    used = mature[month] & (ages >= 0) & (pieces.amount > 0)
    chosen = Pieces(*(getattr(pieces, name)[used] for name in Pieces.__dataclass_fields__))
    missed = np.where(chosen.age <= days, chosen.amount, 0.0)
    missed -= expected(curves, chosen, group[used], ages[used], days)
    size = len(curves) * months
    base = sum_by_code(chosen.cell, chosen.amount, size)
    error = np.divide(sum_by_code(chosen.cell, missed, size), base, out=np.zeros(size), where=base > 0)
    count = (base > 0).reshape(-1, months).sum(axis=1)
    return np.sqrt((error**2).reshape(-1, months).sum(axis=1) / np.maximum(count, 1)), count

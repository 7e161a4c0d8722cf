"""Who was at risk of paying and who paid, by days late and since the reminder: all that the estimates are made of."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from arlib.collection.effect.trials import NEVER, Trials
from arlib.schema import Codes, Days, Flags, Floats

FEWEST_AT_RISK = 5  # not reminded, on each day of a comparison
_SURE = 1 - 1e-12  # hazard of a day on which all pay: its logarithm is taken


class Estimates(NamedTuple):
    """(draws, …) shares paid by days since the reminder, with and without it, and the ratio of the hazards."""

    reminded: Floats
    others: Floats
    ratio: Floats


@dataclass(frozen=True, eq=False)
class Counts:
    """Invoices reminded, by group, and those not reminded, with the days each was at risk.

    Attributes:
        trials: the invoices; only reminders with others to compare with.
        groups: (groups, invoices) whose reminder each row is about.
        horizon: days after a reminder.
    """

    trials: Trials
    groups: Flags
    horizon: int

    @cached_property
    def last(self) -> int:
        """The last day late that is looked at."""
        return last_day(self.trials, self.horizon)

    @cached_property
    def cells(self) -> tuple[Codes, Days]:
        """(cells,) stratum and day late on which somebody was reminded."""
        some = self.trials.reminded < NEVER
        cell = np.unique(self.trials.stratum[some] * (self.last + 1) + self.trials.reminded[some])
        stratum, day = np.divmod(cell, self.last + 1)
        return stratum, day

    @cached_property
    def by_customer(self) -> csr_array:
        """(customers, columns) what each customer adds to every count."""
        trials, days, strata = self.trials, self.last + 1, self.trials.strata
        size = strata * days
        parts = [_spans(trials.stratum, trials.entered, trials.left, trials.paid, self.last)]
        owners = [np.tile(trials.customer, 3)[parts[0].kept]]
        columns = [parts[0].column(days, size)]
        start = 3 * size
        for group in self.groups:
            chosen = np.flatnonzero(group & (trials.reminded < NEVER))
            at, end = trials.reminded[chosen], trials.after[chosen]
            until = np.minimum(end, at + self.horizon)
            paid = trials.paid_after[chosen] & (end == until)
            spans = _spans(trials.stratum[chosen], at, until, paid, self.last)
            since = until - at
            owners += [np.tile(trials.customer[chosen], 3)[spans.kept], trials.customer[chosen]]
            columns += [start + spans.column(days, size), start + 3 * size + since]
            owners.append(trials.customer[chosen][paid])
            columns.append(start + 3 * size + self.horizon + 1 + since[paid])
            start += 3 * size + 2 * (self.horizon + 1)
        rows, places = np.concatenate(owners), np.concatenate(columns)
        return csr_array((np.ones(len(rows)), (rows, places)), shape=(trials.customers, start))

    def estimates(self, weight: Floats) -> Estimates:
        """The estimates where each customer counts as often as `weight` (draws, customers) says."""
        counts = np.asarray((self.by_customer.T @ weight.T).T)
        size, days = self.trials.strata * (self.last + 1), self.last + 1
        shape = (len(weight), self.trials.strata, days)
        others = [part.reshape(shape) for part in np.split(counts[:, : 3 * size], 3, axis=1)]
        at_risk, paid = _at_risk(*others[:2]), others[2]
        found = [
            self._of_group(part, at_risk, paid) for part in np.split(counts[:, 3 * size :], len(self.groups), axis=1)
        ]
        return Estimates(*(np.stack(each, axis=1) for each in zip(*found, strict=True)))

    def _of_group(self, part: Floats, at_risk: Floats, paid: Floats) -> Estimates:
        """The estimates of one group of reminders."""
        size = at_risk[0].size
        entering, leaving, brought = (each.reshape(at_risk.shape) for each in np.split(part[:, : 3 * size], 3, axis=1))
        left, paid_since = np.split(part[:, 3 * size :], 2, axis=1)
        return Estimates(
            reminded=_paid_share(left, paid_since),
            others=self._without(entering, at_risk, paid),
            ratio=_ratio(_at_risk(entering, leaving), brought, at_risk, paid),
        )

    def _without(self, entering: Floats, at_risk: Floats, paid: Floats) -> Floats:
        """(draws, days since) share of the reminded that would be paid at the pace of those as late not reminded."""
        hazard = np.divide(paid, at_risk, out=np.zeros_like(paid), where=at_risk > 0)
        unpaid = np.cumsum(np.log1p(-np.minimum(hazard, _SURE)), axis=2)
        stratum, day = self.cells
        later = day[:, None] + np.arange(self.horizon + 1)
        share = np.exp(unpaid[:, stratum[:, None], later] - unpaid[:, stratum, day][:, :, None])
        weight = entering[:, stratum, day + 1]
        total = weight.sum(axis=1)[:, None]
        mean = np.einsum("dc,dct->dt", weight, share)
        return np.asarray(1 - np.divide(mean, total, out=np.full(mean.shape, np.nan), where=total > 0))


def last_day(trials: Trials, horizon: int) -> int:
    """The last day late up to which reminders are followed."""
    reminded = trials.reminded[trials.reminded < NEVER]
    return int(reminded.max(initial=0)) + horizon


def compared(trials: Trials, horizon: int) -> tuple[Flags, Floats]:
    """(invoices,) whether a reminder has others to compare with, and how many were at risk the day after it.

    That is where on each day of the horizon enough invoices of the same stratum, as late and not reminded by then, are
    followed.
    """
    some, last = trials.reminded < NEVER, last_day(trials, horizon)
    days, size = last + 1, trials.strata * (last + 1)
    spans = _spans(trials.stratum, trials.entered, trials.left, trials.paid, last)
    counts = np.bincount(spans.column(days, size), minlength=3 * size).reshape(3, 1, trials.strata, days)
    at_risk = _at_risk(counts[0], counts[1])[0]
    short = np.cumsum(at_risk < FEWEST_AT_RISK, axis=1)
    at = np.where(some, trials.reminded, 0)
    enough = short[trials.stratum, np.where(some, at + horizon, 0)] == short[trials.stratum, at]
    return some & enough, np.where(some, at_risk[trials.stratum, np.minimum(at + 1, last)], np.nan)


class _Spans(NamedTuple):
    """Starts, ends and payments of spans, one below the other: what, stratum and day of each that is looked at."""

    what: Codes
    stratum: Codes
    day: Days
    kept: Flags

    def column(self, days: int, size: int) -> Codes:
        """Where each is counted."""
        return self.what * size + self.stratum * days + self.day


def _spans(stratum: Codes, entered: Days, left: Days, paid: Flags, last: int) -> _Spans:
    """Spans that are not empty, up to a last day: an invoice is at risk from the day after it entered."""
    inside = (left > entered) & (entered < last)
    end = np.minimum(left, last)
    kept = np.concatenate([inside, inside, inside & paid & (left <= last)])
    what, day = np.repeat(np.arange(3), len(left)), np.concatenate([entered + 1, end, end])
    return _Spans(what[kept], np.tile(stratum, 3)[kept], day[kept], kept)


def _at_risk(entering: Floats, leaving: Floats) -> Floats:
    """(…, days) how many are at risk on each day; whoever leaves on a day was still at risk on it."""
    return np.asarray(np.cumsum(entering, axis=-1) - np.cumsum(leaving, axis=-1) + leaving)


def _paid_share(left: Floats, paid: Floats) -> Floats:
    """(draws, days since) Kaplan-Meier; nan from the day on which nobody is followed any more."""
    at_risk = left.sum(axis=1, keepdims=True) - np.cumsum(left, axis=1) + left
    hazard = np.divide(paid, at_risk, out=np.zeros_like(paid), where=at_risk > 0)
    share = 1 - np.cumprod(1 - hazard, axis=1)
    return np.where((at_risk > 0) | (share >= _SURE), share, np.nan)


def _ratio(reminded: Floats, brought: Floats, others: Floats, paid: Floats) -> Floats:
    """(draws,) how many times as often the reminded pay on a day: Mantel and Haenszel over strata and days late."""
    both = reminded + others
    above, below = (
        np.divide(each, both, out=np.zeros_like(each), where=both > 0).sum(axis=(1, 2))
        for each in (brought * others, paid * reminded)
    )
    return np.asarray(np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0))

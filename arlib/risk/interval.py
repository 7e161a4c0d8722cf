"""Beta posteriors of many rates at once, without scipy: their quantiles, intervals, and which of two is higher."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from arlib.schema import Floats

_STEP = 0.1
_STEPS = np.linspace(-14.0, 14.0, 281)  # 14 scales from the mode the density is below 1e-6 of its height
_BLOCK = 2000  # rates at once: their grids stay in the processor's cache
_TAILS = 20  # how finely the interval is slid between its two ends


def credible_interval(late: Floats, on_time: Floats, credibility: float) -> Floats:
    """The shortest interval that holds a rate with a probability, by counts of two outcomes: (rates, 2).

    The posterior is Beta(late + ½, on_time + ½), Jeffreys' half of each outcome added: without it, no late invoice
    in five would read as a rate of zero, for sure. Shortest, not equal-tailed, because it then contains
    late / (late + on_time) however few or one-sided the counts, and begins at 0 where 0 is the likeliest rate.

    Args:
        late: (rates,) counts, fractions allowed, 0 or more.
        on_time: (rates,) the same of the other outcome; both counts together 1 or more.
        credibility: probability that the interval holds the rate, below 1.

    Source: Jeffreys' prior for a proportion; Brown, Cai and DasGupta (2001), Interval estimation for a binomial
    proportion.
    """
    counts = np.stack([late, on_time], axis=1) + 0.5
    return np.concatenate([np.empty((0, 2)), *(_shortest(block, credibility) for block in _blocks(counts))])


def _shortest(counts: Floats, credibility: float) -> Floats:
    tails = np.linspace(0.0, 1 - credibility, _TAILS + 1)
    shares = np.concatenate([tails, tails + credibility])
    ends = beta_quantiles(counts[:, 0], counts[:, 1], shares).reshape(len(counts), 2, -1)
    shortest = (ends[:, 1] - ends[:, 0]).argmin(axis=1)
    return np.asarray(ends[np.arange(len(ends)), :, shortest])


def _blocks(counts: Floats) -> Iterator[Floats]:
    return (counts[start : start + _BLOCK] for start in range(0, len(counts), _BLOCK))


def beta_quantiles(successes: Floats, failures: Floats, shares: Floats) -> Floats:
    """The quantiles of Beta(successes, failures): (rates, shares); of 0 and 1, these. Within 0.002."""
    odds, below = _posterior(successes, failures)[:2]
    inside = np.clip(shares, 1e-9, 1 - 1e-9)
    found = np.exp(-np.logaddexp(0, -np.stack([_reach(odds, below, share) for share in inside], axis=1)))
    return np.where(shares <= 0, 0.0, np.where(shares >= 1, 1.0, found))


def probability_higher(first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> Floats:
    """(rates,) probability that the rate of Beta(*first) is above that of Beta(*second), the two independent.

    The sharper density is summed against the other's distribution, which is smooth on its scale. Within 0.002.
    """
    counts = np.stack([*first, *second], axis=1)
    return np.concatenate([np.empty(0), *(_higher(block[:, :2].T, block[:, 2:].T) for block in _blocks(counts))])


def _higher(first: Floats, second: Floats) -> Floats:
    sharper = first.sum(axis=0) >= second.sum(axis=0)
    sharp, smooth = (_posterior(*np.where(chosen, first, second)) for chosen in (sharper, ~sharper))
    middle = (sharp.odds[:, 1:] + sharp.odds[:, :-1]) / 2
    lower: Floats = (np.diff(sharp.below, axis=1) * _below(smooth, middle)).sum(axis=1)
    return np.where(sharper, lower, 1 - lower)


class _Posterior(NamedTuple):
    """A beta distribution by its log-odds: the grid, the mass below each of its points, and the grid's measures."""

    odds: Floats
    below: Floats
    mode: Floats
    left: Floats
    right: Floats


def _posterior(successes: Floats, failures: Floats) -> _Posterior:
    """The density of the log-odds summed on a grid around its mode: (rates, 281).

    Each side has its own scale, since a side decays like exp(−its count × distance).
    """
    a, b = successes[:, None], failures[:, None]
    mode, width = np.log(a / b), np.sqrt(1 / a + 1 / b)
    left, right = width + 1 / a, width + 1 / b
    odds = mode + _STEPS * np.where(_STEPS < 0, left, right)
    density = np.exp(_log_density(a, b, odds) - _log_density(a, b, mode))
    pieces = np.diff(odds, axis=1) * (density[:, 1:] + density[:, :-1]) / 2
    below = np.zeros_like(odds)
    np.cumsum(pieces, axis=1, out=below[:, 1:])
    below /= below[:, -1:]
    return _Posterior(odds, below, mode, left, right)


def _log_density(a: Floats, b: Floats, odds: Floats) -> Floats:
    return np.asarray(-a * np.logaddexp(0, -odds) - b * np.logaddexp(0, odds))


def _reach(odds: Floats, below: Floats, share: float) -> Floats:
    """The log-odds where the mass below reaches a share, on the line between two points of the grid."""
    row = np.arange(len(odds))
    after = np.maximum((below >= share).argmax(axis=1), 1)
    before = below[row, after - 1]
    part = (share - before) / (below[row, after] - before)
    return np.asarray(odds[row, after - 1] + part * (odds[row, after] - odds[row, after - 1]))


def _below(posterior: _Posterior, odds: Floats) -> Floats:
    """The mass below other log-odds, (rates, any), on the line between two points of the posterior's grid."""
    away = odds - posterior.mode
    place = away / (np.where(away < 0, posterior.left, posterior.right) * _STEP) + len(_STEPS) // 2
    place = np.clip(place, 0, len(_STEPS) - 1)
    before = np.minimum(place.astype(np.intp), len(_STEPS) - 2)
    start = before + np.arange(len(odds))[:, None] * len(_STEPS)
    mass = posterior.below.ravel()
    low = mass.take(start)
    return np.asarray(low + (place - before) * (mass.take(start + 1) - low))

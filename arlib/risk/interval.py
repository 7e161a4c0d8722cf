"""Quantiles of many beta distributions at once, without scipy."""

import numpy as np

from arlib.behaviour.evidence import Floats

_STEPS = np.linspace(-14.0, 14.0, 281)  # 14 scales from the mode the density is below 1e-6 of its height


def beta_quantiles(successes: Floats, failures: Floats, shares: tuple[float, ...]) -> Floats:
    """The quantiles of Beta(successes, failures): (rates, shares).

    The density of the log-odds is summed on a grid around its mode, each side with its own scale since a side
    decays like exp(−its count × distance). Within 0.002 of the exact quantile.
    """
    a, b = successes[:, None], failures[:, None]
    width = np.sqrt(1 / a + 1 / b)
    scale = np.where(_STEPS < 0, width + 1 / a, width + 1 / b)
    odds = np.log(a / b) + _STEPS * scale
    density = np.exp(_log_density(a, b, odds) - _log_density(a, b, np.log(a / b)))
    pieces = np.diff(odds, axis=1) * (density[:, 1:] + density[:, :-1]) / 2
    below = np.cumsum(pieces, axis=1) / pieces.sum(axis=1, keepdims=True)
    found = [_reach(odds, below, share) for share in shares]
    return np.asarray(np.exp(-np.logaddexp(0, -np.stack(found, axis=1))))


def _log_density(a: Floats, b: Floats, odds: Floats) -> Floats:
    return np.asarray(-a * np.logaddexp(0, -odds) - b * np.logaddexp(0, odds))


def _reach(odds: Floats, below: Floats, share: float) -> Floats:
    """The log-odds where the mass below reaches a share, on the line between two steps."""
    row = np.arange(len(odds))
    step = np.minimum((below >= share).argmax(axis=1), below.shape[1] - 1)
    before = np.where(step > 0, below[row, step - 1], 0.0)
    part = (share - before) / (below[row, step] - before)
    return np.asarray(odds[row, step] + part * (odds[row, step + 1] - odds[row, step]))

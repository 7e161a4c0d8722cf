"""Percentiles of cash from its mean and its standard deviation, when nothing at all may come in."""

import numpy as np

from arlib.schema import Floats

_SQUARES = (1e-8, 1e6)  # of a deviation as a share of its mean, between which the law is worked out


def cash_quantile(mean: Floats, deviation: Floats, share: float) -> Floats:
    """The percentile of cash of a mean and a standard deviation: nothing by some chance, else a gamma law.

    As many payments of one size as give this deviation are n = mean² / deviation²: none of them comes with the chance
    exp(-n) (Poisson). What comes where something does is of the gamma law that gives the whole its mean and its
    deviation: never negative, and a few large amounts stretch the upside. A week of a customer or two so has 0 for its
    10th percentile; with twenty payments and more the chance of none is nothing, and the law a gamma.

    By hand: mean 1, deviation 1: none with chance e⁻¹ = 0.368, so 0 up to there.

    Args:
        mean: of the cash, 0 or more.
        deviation: its standard deviation.
        share: of the outcomes that are below: 0.1 for the 10th percentile.
    """
    from scipy.special import gammaincinv  # noqa: PLC0415 - loaded on first use

    some = (mean > 0) & (deviation > 0)
    square = np.clip(np.divide(deviation, mean, out=np.ones_like(mean), where=some) ** 2, *_SQUARES)
    none = np.exp(-1 / square)
    above = (share - none) / (1 - none)
    spread = np.maximum((1 + square) * (1 - none) - 1, _SQUARES[0])  # square of what comes where something does
    where_some = mean / (1 - none) * spread * gammaincinv(1 / spread, np.maximum(above, 0.0))
    return np.asarray(np.where(some, np.where(above > 0, where_some, 0.0), mean))


def student_factor(freedom: Floats) -> Floats:
    """How much further out the 90th percentile of a Student law is than a normal one's, by degrees of freedom.

    A deviation learnt from few errors may itself be too small: 9 % further out for 8 degrees, 4 % for 20.
    """
    from scipy.special import ndtri, stdtrit  # noqa: PLC0415 - loaded on first use

    return np.asarray(stdtrit(freedom, 0.9) / ndtri(0.9))

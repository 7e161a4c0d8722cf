"""Percents as people write them by mistake: shares in their place, or figures no rate has been."""

import pandas as pd

from arlib.errors import ArlibError
from arlib.words import say

_BOUNDS = {"percent": (-5.0, 30.0), "points": (0.0, 30.0)}  # what rates, and points over them, may be
_SHARES = {"percent": 0.1, "points": 1.0}  # below it they look like shares
_ROUNDING = 1e-8  # of a hundredth of a percent


def check_percents(entries: pd.DataFrame) -> None:
    """That a table's columns `percent` and `points`, where it has them, hold percents: 2.15 for 2.15 %.

    A rate has been 0.04 %, so that below 0.1 only those of more than two decimals are taken for shares (0.0215).

    Raises:
        ArlibError: some look like shares, or are beyond what rates have been.
    """
    for column in _BOUNDS.keys() & set(entries):
        percents = entries[column]
        hundredths = percents * 100
        finer = (hundredths - hundredths.round()).abs() > _ROUNDING
        small = (percents != 0) & (percents.abs() < _SHARES[column])
        wrong = percents[(small & (finer | (column == "points"))) | ~percents.between(*_BOUNDS[column])]
        if len(wrong):
            low, high = (f"{each:g}" for each in _BOUNDS[column])
            cells = ", ".join(f"{each:g}" for each in wrong)
            raise ArlibError(say("law.rates.percent", column=column, cells=cells, low=low, high=high))

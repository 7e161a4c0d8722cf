"""Tables of many files handled as one: a frame a file costs more than all that is done with it."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd


def joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all tables, with `_file`, the place of their table among them."""
    together = pd.concat(tables, ignore_index=True)
    together["_file"] = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
    return together


def cut(table: pd.DataFrame, files: int) -> list[pd.DataFrame]:
    """The rows of each file, by `_file`, in their order; as many tables as there are files."""
    ordered = table.sort_values("_file", kind="stable", ignore_index=True)
    edges = np.searchsorted(ordered["_file"], np.arange(files + 1))
    rows = ordered.drop(columns="_file")
    return [rows.iloc[first:last] for first, last in pairwise(edges)]

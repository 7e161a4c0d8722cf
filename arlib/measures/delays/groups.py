"""Groups of invoices: by columns of the ledger, by month, by any value; and what each holds."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Ledger, group_codes
from arlib.measures.delays.invoices import Invoices
from arlib.schema import Codes, Days, Floats, sum_by_code
from arlib.words import say

Column = npt.NDArray[Any]


def groups_of(ledger: Ledger, invoices: Invoices, by: By) -> tuple[Codes, pd.DataFrame]:
    """The group of each invoice, and the groups, as `group_codes` has them."""
    codes, groups = group_codes(ledger, by)
    return codes[invoices.item], groups


def cut_by(codes: Codes, groups: pd.DataFrame, values: Codes) -> tuple[Codes, pd.DataFrame, Codes]:
    """Groups cut by distinct values: the new code of each row, the old groups a new code, and where its value stands.

    Only pairs that occur have a code; they are sorted by group, then value. Values are codes from 0 themselves.
    """
    width = int(values.max(initial=0)) + 1
    cut, cells = pd.factorize(codes * width + values, sort=True)
    group, value = np.divmod(cells, width)
    return cut, groups.take(group).reset_index(drop=True), value


def cut_by_month(codes: Codes, groups: pd.DataFrame, days: Days) -> tuple[Codes, pd.DataFrame]:
    """Groups cut by the month of a day: the new code of each row, and the groups with `month`, its first day."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first = months.min(initial=0)
    cut, held, month = cut_by(codes, groups, months - first)
    return cut, beside(held, {"month": (month + first).astype("datetime64[M]").astype("datetime64[s]")})


def beside(groups: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    """Columns of figures after those of the groups, row for row.

    Raises:
        ArlibError: a column has the name of one to group by.
    """
    twice = [str(name) for name in groups if name in columns]
    if twice:
        raise ArlibError(say("delays.by", by=", ".join(twice)))
    return pd.concat([groups, pd.DataFrame(dict(columns), index=groups.index)], axis=1)


def holding(table: pd.DataFrame, groups: pd.DataFrame, codes: Codes) -> pd.DataFrame:
    """The rows of groups that hold an invoice; the whole ledger's only row always stays."""
    if not groups.shape[1]:
        return table
    return table[np.bincount(codes, minlength=len(groups)) > 0].reset_index(drop=True)


def mean_of(codes: Codes, values: Floats, weights: Floats, size: int) -> Floats:
    """The weighted mean of each group; nan where it has no weight."""
    total = sum_by_code(codes, weights, size)
    weighted = sum_by_code(codes, values * weights, size)
    mean: Floats = np.divide(weighted, total, where=total > 0, out=np.full(size, np.nan))
    return mean

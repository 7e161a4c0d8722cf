"""The customers a table names."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from arlib.schema import CUSTOMERS, Codes


def named(read: pd.DataFrame) -> pd.DataFrame:
    """The customer's account and name, each from the other where the file gives only one."""
    read = read.rename(columns={"customer_name": "name"})
    if "customer_id" not in read:
        return read.assign(customer_id=read["name"])
    return read.assign(customer_id=read["customer_id"].fillna(read["name"])) if "name" in read else read


def customers_of(read: pd.DataFrame, beside: Sequence[str] = ()) -> pd.DataFrame:
    """One row a customer and spelling of its name, the usual one first, with the first value of every other column.

    Of the columns that are not the schema's, those of `beside` are kept. `_rows` counts the rows of each. Passes over
    columns, not over customers.
    """
    columns = [*(column.name for column in CUSTOMERS if column.name in read), *beside]
    known = read["customer_id"].notna()
    rows = read[columns] if known.all() else read.loc[known, columns]
    customer, _ = pd.factorize(rows["customer_id"])
    name, names = pd.factorize(rows["name"]) if "name" in rows else (np.zeros(len(rows), dtype=np.intp), [None])
    place, _ = pd.factorize(customer * (len(names) + 1) + name + 1)
    counts = np.bincount(place)
    first = np.zeros(len(counts), dtype=np.intp)
    first[place[::-1]] = np.arange(len(place))[::-1]
    found = {column: _first_values(rows[column], place, first) for column in columns}
    made = pd.DataFrame(found).assign(_rows=counts)
    # A spelling that is missing is none: it only counts where the customer has no name at all.
    order = made["name"].isna() if "name" in made else pd.Series(data=False, index=made.index)
    made = made.assign(_unnamed=order).sort_values(
        ["customer_id", "_unnamed", "_rows"], ascending=[True, True, False], kind="stable"
    )
    return made.drop(columns="_unnamed").reset_index(drop=True)


def _first_values(values: "pd.Series[Any]", place: Codes, first: Codes) -> "pd.Series[Any]":
    """The first value that is not missing of each place."""
    known = np.flatnonzero(values.notna())
    chosen = first.copy()
    chosen[place[known][::-1]] = known[::-1]
    return values.iloc[chosen].reset_index(drop=True)

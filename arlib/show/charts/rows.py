"""Rows a chart can hold: never more than a browser draws at once, the largest groups first, the rest together."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from arlib.show.look import shortened

Names = Mapping[str, str] | pd.Series
MOST_ROWS = 5_000  # what a browser draws at once without a thought; Altair's own limit too


def thinned(rows: pd.DataFrame, width: int, on: str = "as_of") -> pd.DataFrame:
    """Rows of evenly spread dates, the last kept, so that a chart of `width` marks a row stays within 5,000 rows."""
    dates = rows[on].drop_duplicates().sort_values(ascending=False)
    step = max(1, math.ceil(len(rows) * width / MOST_ROWS))
    return rows if step == 1 else rows[rows[on].isin(dates.iloc[::step])]


def year_apart(known: pd.DataFrame, on: str = "as_of") -> tuple["pd.Series[Any]", "pd.Series[Any]"]:
    """The last row and the one to compare it with: a year before, which has the same season; the first in less."""
    ordered = known.sort_values(on, kind="stable")
    last = ordered.iloc[-1]
    earlier = ordered[ordered[on] <= last[on] - pd.DateOffset(years=1)]
    return (ordered if earlier.empty else earlier).iloc[0 if earlier.empty else -1], last


def columns_before(frame: pd.DataFrame, first: str) -> list[str]:
    """The columns a frame of measures was grouped by: those before the first of its own."""
    return [str(name) for name in frame.columns[: list(frame.columns).index(first)]]


def named(frame: pd.DataFrame, names: Names | None) -> pd.DataFrame:
    """A frame by customer with their names beside them, where they are given and it has none."""
    if names is None or "customer_id" not in frame or "name" in frame:
        return frame
    called = frame["customer_id"].map(names)
    place = list(frame.columns).index("customer_id") + 1
    return pd.concat([frame.iloc[:, :place], called.rename("name"), frame.iloc[:, place:]], axis=1)


def group_names(frame: pd.DataFrame, by: Sequence[str]) -> "pd.Series[Any]":
    """What the group of each row is called: a customer by its name, others by their values; no two groups alike."""
    if not by:
        return pd.Series("–", frame.index, dtype="str")
    keys = [name for name in by if name != "name"] or ["name"]
    codes = frame.groupby(keys, sort=False, dropna=False).ngroup()
    owners = frame.loc[~codes.duplicated(), list(by)].reset_index(drop=True)
    values = owners[keys].astype("str").replace({"": "–", "nan": "–"}).fillna("–")
    key = values.agg(" / ".join, axis=1) if len(keys) > 1 else values[keys[0]]
    called = owners["name"].fillna(key).astype("str") if "name" in by else key
    called = called.map(shortened)
    called = called.where(~called.duplicated(keep=False), called + " (" + key.map(shortened) + ")")
    repeated = called.groupby(called).cumcount()
    called = called.where(repeated == 0, called + " (" + (repeated + 1).astype("str") + ")")
    return pd.Series(called.to_numpy()[codes], frame.index, dtype="str")


def of_largest(frame: pd.DataFrame, names: "pd.Series[Any]", size: "pd.Series[Any]", most: int) -> pd.DataFrame:
    """The rows of the groups of the largest size, as `group`, the largest first."""
    sizes = size.groupby(names).max().sort_values(ascending=False, kind="stable").head(most)
    kept = frame.assign(group=names)[names.isin(sizes.index)]
    place = kept["group"].map({name: place for place, name in enumerate(sizes.index)})
    return kept.assign(_place=place).sort_values("_place", kind="stable").drop(columns="_place")

"""Every customer once, however often and however written the files name it."""

from collections.abc import Sequence

import pandas as pd

from arlib.words import Sentence, say

_FEW = 0.5  # share of customers found in the customers' file below which the two do not belong together
_ADDRESS = ("address", "postcode", "city")
_LISTED = 10  # customers with several spellings that are written out; all are in the column `spellings`


def one_row_each(found: Sequence[pd.DataFrame], given: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, list[Sentence]]:
    """One row a customer: what the customers' file says first, what the movements say where it is silent.

    A customer written in several ways under one number is one customer, under the name that stands most often;
    the others are kept in `spellings`.

    Args:
        found: for each file, one row a customer or a spelling of it, with `_rows`, how often it stands.
        given: the customers' files, one row a customer, the first to be believed first.

    Returns:
        The customers, sorted by `customer_id`, and what a person should look at.
    """
    rows = pd.concat(found, ignore_index=True)
    if "_rows" in rows:
        rows = rows.sort_values("_rows", ascending=False, kind="stable").drop(columns="_rows")
    doubts: list[Sentence] = []
    spellings = _spellings(rows)
    if len(spellings):
        examples = "; ".join(f"{number}: {names}" for number, names in spellings.head(_LISTED).items())
        doubts.append(say("read.spellings", customers=len(spellings), examples=examples))
    if given:
        ids, listed = rows["customer_id"].unique(), pd.concat(given, ignore_index=True)
        strangers = int((~pd.Series(ids).isin(listed["customer_id"])).sum())
        if strangers > _FEW * len(ids):
            doubts.append(say("read.strangers", rows=strangers, customers=len(ids)))
        rows = with_one_address(pd.concat([listed, rows], ignore_index=True))
    known = rows.groupby("customer_id", sort=True).first().reset_index()
    return (known.assign(spellings=known["customer_id"].map(spellings)) if len(spellings) else known), doubts


def with_one_address(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in which each customer has the first of its addresses alone: no street of one in the town of another."""
    parts = [part for part in _ADDRESS if part in rows]
    written = rows[rows[parts].notna().any(axis=1)]
    later = rows.index.isin(written.index[written.duplicated("customer_id")])
    return rows.assign(**{part: rows[part].mask(later) for part in parts}) if later.any() else rows


def _spellings(rows: pd.DataFrame) -> "pd.Series[str]":
    """The names of each customer that has more than one, the usual one first."""
    if "name" not in rows:
        return pd.Series(dtype="str")
    named = rows[["customer_id", "name"]].dropna().drop_duplicates()
    several = named[named.duplicated("customer_id", keep=False)]
    return several.groupby("customer_id", sort=True)["name"].agg(" | ".join)

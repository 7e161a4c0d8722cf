"""Groups of items by columns of theirs or of their customers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import Codes
from arlib.words import say

if TYPE_CHECKING:
    from arlib.ledger.books import Ledger

By = str | Sequence[str] | None  # a column of the items or of the customers, several of them, or the whole


def group_codes(ledger: "Ledger", by: By) -> tuple[Codes, pd.DataFrame]:
    """The group of each item as a code, and the values of each group: one row a code, sorted, a column each of `by`.

    Values are texts (a date is written 2024-12-31); missing ones form the group `""`. Where `by` is None all items are
    one group, whose row has no column.

    Raises:
        ArlibError: neither the items nor the customers have such a column, or one is named twice.
    """
    names = names_of(by)
    if len(set(names)) < len(names):
        raise ArlibError(say("ledger.column_twice", columns=", ".join(names)))
    codes, groups = np.zeros(len(ledger.items), dtype=np.intp), pd.DataFrame(index=pd.RangeIndex(1))
    for name in names:
        ranks, values = _ranked(ledger, name)
        if len(groups.columns) == 0:
            codes, groups = ranks, pd.DataFrame({name: values})
            continue
        codes, pairs = pd.factorize(codes * len(values) + ranks, sort=True)
        first, last = np.divmod(pairs, max(len(values), 1))
        groups = groups.take(first).assign(**{name: values.take(last).array}).reset_index(drop=True)
    return codes, groups


def names_of(by: By) -> list[str]:
    """The columns to group by, as a list."""
    return [] if by is None else [by] if isinstance(by, str) else list(by)


def _ranked(ledger: "Ledger", name: str) -> tuple[Codes, "pd.Series[str]"]:
    """The rank of each item's value among the texts of a column that items have, and those texts.

    Only distinct values are looked at as texts; those of customers, a value a customer, through the place of each
    item's customer.
    """
    codes, distinct = _coded(ledger, name)
    known = pd.Series(distinct).astype("str").fillna("")
    texts = pd.concat([known, pd.Series([""], dtype="str")], ignore_index=True)  # the last, -1, is of missing values
    used = np.bincount(codes + 1, minlength=len(texts)) > 0
    used = np.roll(used, -1)
    ranks = np.full(len(texts), -1)
    ranks[used], values = pd.factorize(texts[used], sort=True)
    return ranks[codes], pd.Series(values, dtype="str")


def _coded(ledger: "Ledger", name: str) -> tuple[Codes, Any]:
    """The values of a column as codes into distinct ones (customers: into each one's value), -1 for missing."""
    items, customers = ledger.items, ledger.customers
    if name in items and name != "customer_id":
        return pd.factorize(items[name])
    if name in customers:
        return ledger._owners, customers[name]  # noqa: SLF001 - kept by the ledger for this function
    raise ArlibError(say("ledger.no_column", column=name, columns=", ".join([*items, *customers])))

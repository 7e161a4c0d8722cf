"""Which item of one import is which of another: their numbers in the ledger are not the same from one to the next."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

Pairs = tuple["pd.Index[Any]", "pd.Index[Any]"]  # labels of rows of two tables, pair by pair

# From the surest identity to the loosest; what a key leaves out is what may have changed. Those that leave out an
# amount, a customer or a date ask for a number.
_SURE = ("entity", "customer_id", "reference", "kind", "issued_on", "booked_on", "due_on", "amount")
_LOOSER = (
    ("entity", "customer_id", "_number", "kind", "issued_on", "amount"),
    ("entity", "customer_id", "_number", "kind", "issued_on"),
    ("entity", "_number", "kind", "issued_on", "amount"),
    ("entity", "customer_id", "_number", "kind", "amount"),
    ("_number", "kind", "issued_on", "amount"),
)


def paired(old: pd.DataFrame, new: pd.DataFrame) -> Pairs:
    """The labels, in each of the two tables, of the items that are the same, pair by pair.

    Several items of one key (instalments, true duplicates) are paired in the order of due date, amount and row.
    """
    left, right = (side.sort_values(["due_on", "amount", "row"], kind="stable") for side in (old, new))
    pairs = [_same(left, right, _SURE)]
    for rank, key in enumerate(_LOOSER):
        left, right = left.drop(index=pairs[-1][0]), right.drop(index=pairs[-1][1])
        if left.empty or right.empty:
            break
        left, right = (side.assign(_number=plain_number(side["reference"])) for side in (left, right))
        numbered = [side[(side["_number"] != "") | (rank == 0)] for side in (left, right)]
        pairs.append(_same(numbered[0], numbered[1], key))
    return pd.Index(np.concatenate([pair[0] for pair in pairs])), pd.Index(np.concatenate([pair[1] for pair in pairs]))


def plain_number(references: "pd.Series[Any]") -> "pd.Series[Any]":
    """Numbers of documents for comparison: without case, spaces, marks and leading zeros (`FA-0012` is `fa12`)."""
    words = references.astype("str").fillna("").str.casefold().str.replace(r"[\W_]+", "", regex=True)
    return words.str.replace(r"(?<!\d)0+(?=\d)", "", regex=True)


def _same(left: pd.DataFrame, right: pd.DataFrame, key: Sequence[str]) -> Pairs:
    """The labels of the rows of two tables that have one key, each with the one of its turn."""
    together = pd.concat([left[list(key)], right[list(key)]])
    codes = together.groupby(list(key), dropna=False, sort=False).ngroup().to_numpy()
    sides = []
    for labels, code in ((left.index, codes[: len(left)]), (right.index, codes[len(left) :])):
        side = pd.DataFrame({"code": code, "label": labels})
        sides.append(side.assign(turn=side.groupby("code").cumcount()))
    pairs = sides[0].merge(sides[1], on=["code", "turn"])
    return pd.Index(pairs["label_x"]), pd.Index(pairs["label_y"])

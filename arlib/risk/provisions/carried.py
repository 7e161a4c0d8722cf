"""What stood in 491 at the last closing, put beside the debts of this one: theirs, shared out, and what is released."""

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.risk.provisions.standing import numbers_written
from arlib.schema import HALF_CENT, Floats, sum_by_code
from arlib.words import say

_KEYS = ["customer_id", "reference"]
_TOLD = ("reason", "known_on", "source", "due_on")


def shared_out(table: pd.DataFrame, code: "pd.Series[int]") -> Floats:
    """The `previous` of each code by net amount over its debts, the last of them taking the cents that are left."""
    place, of = pd.factorize(code)
    net = (table["amount"] - table["tax"]).to_numpy()
    whole = sum_by_code(place, net, len(of))[place]
    before = table["previous"].fillna(0.0).to_numpy()
    shares = np.round(np.divide(net, whole, out=np.zeros(len(net)), where=whole > 0) * before, 2)
    last = ~pd.Series(place).duplicated(keep="last").to_numpy()
    rest = before - sum_by_code(place, shares, len(of))[place]
    return np.asarray(np.round(np.where(last, shares + rest, shares), 2) + 0.0)


def carried_forward(table: pd.DataFrame, last: pd.DataFrame) -> tuple[Floats, pd.DataFrame]:
    """What stood in 491 for each debt of a list, by its customer and reference; and the rows of debts listed no more.

    Args:
        table: the debts now: `customer_id`, `reference`, `amount`, `tax`.
        last: the list of the last closing, as `individual_provisions` returns it.

    Raises:
        ArlibError: `last` has no column `customer_id` or `impairment`, or cells of the latter that are no numbers.
    """
    stock = _stock(last)
    code = pd.Series(stock.index.get_indexer(keys_of(table)))
    there = np.append(stock["impairment"].to_numpy(), 0.0)[code]  # the last place is of debts that had none
    previous = shared_out(table.reset_index(drop=True).assign(previous=there), code)
    gone = stock[~np.isin(np.arange(len(stock)), code)].reset_index().rename(columns={"impairment": "previous"})
    return previous, gone.assign(reference=gone["reference"].mask(gone["reference"] == ""))


def _stock(last: pd.DataFrame) -> pd.DataFrame:
    """What stood in 491 by customer and reference, where anything did, and what was told of it."""
    absent = [name for name in ("customer_id", "impairment") if name not in last]
    if absent:
        raise ArlibError(say("risk.provision.no_column", column=absent[0], columns=", ".join(map(str, last))))
    held = last.reindex(columns=[*_KEYS, *_TOLD]).assign(**numbers_written(last, ["impairment"]))
    held.index = pd.MultiIndex.from_frame(keys_of(held).to_frame())
    stock = held.drop(columns=_KEYS).groupby(level=[0, 1]).agg(
        {"impairment": "sum"} | dict.fromkeys(_TOLD, "first")
    )  # fmt: skip
    stock["impairment"] = stock["impairment"].round(2)
    return stock[stock["impairment"] >= HALF_CENT].rename_axis(_KEYS)


def keys_of(table: pd.DataFrame) -> pd.MultiIndex:
    """Whose debt each row is and under which reference, the empty text where it has none."""
    return pd.MultiIndex.from_frame(table.reindex(columns=_KEYS).astype("str").fillna(""))

"""What the frames of a ledger must agree on for anything computed from them to mean something."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import HALF_CENT, KINDS, METHODS, NO_DAY, Codes, day_numbers
from arlib.words import say


def check_items(items: pd.DataFrame, customers: pd.DataFrame, owners: Codes) -> None:
    """Raises where items contradict themselves or name a customer nobody knows (`owners` below 0)."""
    checks = {
        "ledger.item_id": _repeated(items["item_id"]),
        "ledger.kind": ~items["kind"].isin(KINDS),
        "ledger.booked_on": items["booked_on"].isna(),
        "ledger.amount": ~np.isfinite(items["amount"]),
        "ledger.customer": owners < 0,
    }
    _refuse(checks)
    _refuse({"ledger.customer_id": customers["customer_id"].duplicated()})


def _repeated(ids: "pd.Series[Any]") -> Any:  # noqa: ANN401 - an array of flags
    """Which numbers stand a second time; in a rising column none does."""
    return np.zeros(len(ids), dtype=bool) if (np.diff(ids) > 0).all() else ids.duplicated()


def check_matches(items: pd.DataFrame, matches: pd.DataFrame, sides: tuple[Codes, Codes]) -> None:
    """Raises where matches contradict the items they join, which stand at `sides`: debits, credits; -1 for none."""
    debit, credit = sides
    _refuse({"ledger.match_item": (debit < 0) | (credit < 0)})
    amounts, matched = items["amount"].to_numpy(), matches["amount"].to_numpy()
    booked, matched_on = day_numbers(items["booked_on"]), day_numbers(matches["matched_on"])
    _refuse(
        {
            "ledger.match_sign": (amounts[debit] < 0) | (amounts[credit] > 0) | (matched < -HALF_CENT),
            "ledger.match_method": ~matches["method"].isin(METHODS),
            "ledger.matched_on": (matched_on < np.maximum(booked[debit], booked[credit])) | (matched_on == NO_DAY),
        }
    )
    settled = np.bincount(debit, matched, len(items)) + np.bincount(credit, matched, len(items))
    _refuse({"ledger.match_amount": settled > np.abs(amounts) + HALF_CENT})


def _refuse(checks: Mapping[str, Any]) -> None:
    for key, wrong in checks.items():
        where = np.flatnonzero(np.asarray(wrong))
        if len(where):
            raise ArlibError(say(key, rows=len(where), row=int(where[0])))

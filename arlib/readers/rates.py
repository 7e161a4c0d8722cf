"""One reporting currency: amounts in several are converted by a dated table of rates, or not added up at all."""

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.words import say

_BASE = "EUR"


def in_currency(
    items: pd.DataFrame, controls: pd.DataFrame, *, rates: pd.DataFrame | None, currency: str | None
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Items and controls in one currency, and its code (`""` when the file names none).

    An item is converted at the last rate on or before the date of its document, and what settles it at the same
    rate: the receivable is kept at its historical value, exchange differences are another account.

    Args:
        items: movements; `currency` and `_rate_on` (the day whose rate applies) where known.
        controls: totals a day, with `currency` and `_rate_on` as well.
        rates: `date, currency, rate`: one unit of the currency in the reporting currency from that day on.
        currency: the reporting currency; the file's own when it has one, else EUR.

    Raises:
        ArlibError: several currencies without rates, no rate for one of them on a day, or rows without any.
    """
    found = sorted(items["currency"].dropna().unique()) if "currency" in items else []
    blank = int(items["currency"].isna().sum()) if found else 0
    if blank:
        raise ArlibError(say("rates.blank", rows=blank, currencies=", ".join(found)))
    if len(found) <= 1 and (not found or currency in (None, found[0])):
        return items, controls, found[0] if found else (currency or "")
    reporting = currency or _BASE
    if rates is None:
        raise ArlibError(say("rates.needed", currencies=", ".join(found), currency=reporting))
    items = items.assign(currency_amount=items["amount"])
    return _converted(items, rates, reporting), _converted(controls, rates, reporting), reporting


def _converted(table: pd.DataFrame, rates: pd.DataFrame, reporting: str) -> pd.DataFrame:
    known = rates.sort_values("date")[["date", "currency", "rate"]]
    wanted = table[["currency", "_rate_on"]].assign(place=np.arange(len(table))).sort_values("_rate_on")
    found = pd.merge_asof(wanted, known, left_on="_rate_on", right_on="date", by="currency").sort_values("place")
    rate = np.where(found["currency"] == reporting, 1.0, found["rate"])
    missing = np.isnan(rate)
    if missing.any():
        first = found[missing].iloc[0]
        raise ArlibError(
            say("rates.missing", currency=first["currency"], day=first["_rate_on"], rows=int(missing.sum()))
        )
    converted = table.assign(amount=(table["amount"].to_numpy() * rate).round(2))
    if "net_amount" in table:
        converted["net_amount"] = (table["net_amount"].to_numpy() * rate).round(2)
    return converted

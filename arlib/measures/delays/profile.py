"""Days late by what an invoice is, or by when it was paid: weekdays, months, amounts, terms."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Day, Ledger
from arlib.measures.delays.averages import HORIZON, grouped, paid_columns
from arlib.measures.delays.groups import beside, cut_by, groups_of
from arlib.measures.delays.invoices import Invoices, invoices_of
from arlib.measures.delays.settlements import days_between
from arlib.schema import NO_DAY, Codes, Days, Floats
from arlib.words import say

TRAITS = ("due_weekday", "due_month", "amount", "terms")
PAYMENT_TRAITS = ("payment_weekday", "payment_month")
TERMS_BOUNDS = (0, 15, 30, 45, 60, 90)  # last day of each band
_QUARTERS = (0.25, 0.5, 0.75)
_THURSDAY = 3  # 1970-01-01, counting from Monday as 0
_CENT = 0.01


def delay_profile(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    trait: str = "due_weekday",
    by: By = None,
    bounds: Sequence[float] | float | None = None,
    horizon: int = HORIZON,
) -> pd.DataFrame:
    """Days late by a trait of the invoice, as known on a day, open ones counted as not yet paid too.

    One row a group and value of the trait, sorted: the columns of `by`, `trait`, `from_value` and `to_value` (both
    ends in; the same for weekdays and months; nan as `to_value` of the last band), then those of `days_late`.
    Traits: `due_weekday` (1 Monday to 7 Sunday, of the due date), `due_month` (1 to 12), `amount` (of the invoice),
    `terms` (days from invoice to due date). Values without an invoice have no row; invoices without the dates a
    trait needs are in none.

    Args:
        ledger: the ledger.
        as_of: the day whose knowledge is asked.
        trait: one of the four.
        by: as for `group_codes`.
        bounds: the last value of each band, increasing, the last band open; by default the quartiles of the amounts
            known, or terms of 0, 15, 30, 45, 60, 90 days.
        horizon: as for `days_late`.

    Raises:
        ArlibError: no such trait, or bounds that do not increase.
    """
    if trait not in TRAITS:
        raise ArlibError(say("delays.trait", trait=trait, traits=", ".join(TRAITS)))
    invoices = invoices_of(ledger, as_of)
    bands = _bands(invoices, trait, bounds)
    codes, groups = _cut(*groups_of(ledger, invoices, by), bands, trait)
    table = grouped(invoices, "due", codes, groups, horizon=horizon)
    return table[table["from_value"].notna()].reset_index(drop=True)


def payment_profile(
    ledger: Ledger, as_of: Day | None = None, *, trait: str = "payment_weekday", by: By = None
) -> pd.DataFrame:
    """Days late by when the payment was completed, which only paid invoices have.

    One row a group and value, as `delay_profile`: the columns of `by`, `trait`, `from_value`, `to_value`, then those
    of `days_late` that rest on paid invoices. Traits: `payment_weekday` (1 Monday to 7 Sunday), `payment_month`
    (1 to 12). Weekdays without payments (banks rest) have no row.

    Raises:
        ArlibError: no such trait.
    """
    if trait not in PAYMENT_TRAITS:
        raise ArlibError(say("delays.trait", trait=trait, traits=", ".join(PAYMENT_TRAITS)))
    invoices = invoices_of(ledger, as_of)
    paid = ~np.isnan(invoices.days_to_last_payment("due"))
    part = _weekday if trait == "payment_weekday" else _month
    bands = _as_they_are(part(np.where(paid, invoices.paid_on, NO_DAY)))
    codes, groups = _cut(*groups_of(ledger, invoices, by), bands, trait)
    table = beside(groups, paid_columns(invoices, "due", codes, len(groups)))
    return table[table["from_value"].notna()].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class _Bands:
    """The band of each invoice, the last of all for those in none, and where each begins and ends."""

    code: Codes
    first: Floats
    last: Floats


def _bands(invoices: Invoices, trait: str, bounds: Sequence[float] | float | None) -> _Bands:
    match trait:
        case "amount":
            return _banded(invoices.amount, _quartiles(invoices.amount) if bounds is None else bounds, _CENT)
        case "terms":
            terms = days_between(invoices.issued, invoices.due)
            return _banded(terms, TERMS_BOUNDS if bounds is None else bounds, 1)
        case "due_weekday":
            return _as_they_are(_weekday(invoices.due))
        case _:
            return _as_they_are(_month(invoices.due))


def _quartiles(amounts: Floats) -> Floats:
    """The amounts that cut invoices into four bands as equal in number as amounts allow."""
    return np.unique(np.quantile(amounts, _QUARTERS, method="inverted_cdf")) if len(amounts) else np.zeros(0)


def _banded(values: Floats, bounds: Sequence[float] | float | Floats, step: float) -> _Bands:
    edges = np.atleast_1d(np.asarray(bounds, dtype=np.float64))
    if (np.diff(edges) <= 0).any():
        raise ArlibError(say("delays.bounds", bounds=", ".join(f"{bound:g}" for bound in edges)))
    code = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values))
    first = np.concatenate([[0.0], edges + step, [np.nan]]).round(2)
    return _Bands(code, first, np.concatenate([edges, [np.nan, np.nan]]))


def _as_they_are(values: Codes) -> _Bands:
    """Small whole numbers from 1, each its own band; 0 is none."""
    most = int(values.max(initial=0))
    ends = np.append(np.arange(1.0, most + 1), np.nan)
    return _Bands(np.where(values == 0, most, values - 1), ends, ends)


def _cut(codes: Codes, groups: pd.DataFrame, bands: _Bands, trait: str) -> tuple[Codes, pd.DataFrame]:
    cut, held, band = cut_by(codes, groups, bands.code)
    names = np.full(len(held), trait, dtype=object)
    frame = beside(held, {"trait": names, "from_value": bands.first[band], "to_value": bands.last[band]})
    return cut, frame.astype({"trait": "str"})


def _weekday(days: Days) -> Codes:
    """1 Monday to 7 Sunday; 0 for no day."""
    return np.where(days == NO_DAY, 0, (days + _THURSDAY) % 7 + 1)


def _month(days: Days) -> Codes:
    """1 to 12; 0 for no day."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.where(days == NO_DAY, 0, months % 12 + 1)

"""The tables of a forecast: by week and by month, and by customer."""

import numpy as np
import pandas as pd

from arlib.schema import NO_DAY, Days, Floats, to_dates
from arlib.simulation.forecast.basis import Basis
from arlib.simulation.forecast.claims import LONGEST_WAIT, Claims, paid_by

_CUMULATED = ("contractual", "expected", "p10", "p50", "p90")
_LIKELY = 0.5


def by_period(basis: Basis, name: str, first: int, ends: Days) -> pd.DataFrame:
    """The rows of some periods that follow one another, their cumulated columns beside them.

    Args:
        basis: what is known.
        name: of the column that counts them.
        first: where the first of them stands in the periods of the basis; those cumulated follow.
        ends: their last days, as day numbers.
    """
    size = len(ends)
    starts = np.concatenate([[basis.today], ends[:-1]]) + 1
    found = basis.outlook
    low, middle, high = found.band
    columns = {
        "contractual": basis.contractual,
        "expected": found.expected,
        "p10": low,
        "p50": middle,
        "p90": high,
        "from_open": found.opened.expected,
        "from_future": found.ahead.expected,
        "promised": basis.promised.expected,
        "disputed": basis.from_disputed,
    }
    single, total = slice(first, first + size), slice(first + size, first + 2 * size)
    table = {name: np.arange(1, size + 1), "starts_on": to_dates(starts), "ends_on": to_dates(ends)}
    of_period = {column: values[single] for column, values in columns.items()}
    cumulated = {f"{column}_cumulated": np.maximum.accumulate(columns[column][total]) for column in _CUMULATED}
    return pd.DataFrame(table | of_period | cumulated)


def by_customer(basis: Basis, weeks: int) -> pd.DataFrame:
    """The weeks of each customer who owes or is expected to buy, those who bring most first."""
    opened, ahead = (cash.by_customer[:, :weeks] for cash in (basis.outlook.opened, basis.outlook.ahead))
    owed = np.bincount(basis.opened.customer, basis.opened.amount, len(opened)).round(2)
    total = (opened + ahead).sum(axis=1)
    some = np.flatnonzero((owed > 0) | (total > 0))
    ranked = some[np.lexsort((some, -total[some]))]
    customer = np.repeat(ranked, weeks)
    return pd.DataFrame(
        {
            "customer_id": basis.laws.customers[customer],
            "week": np.tile(np.arange(1, weeks + 1), len(ranked)),
            "open_amount": owed[customer],
            "expected": (opened + ahead)[ranked].ravel(),
            "from_open": opened[ranked].ravel(),
            "from_future": ahead[ranked].ravel(),
            "next_expected_on": to_dates(next_days(basis)[customer]),
        }
    )


def next_days(basis: Basis) -> Days:
    """(customers,) the first day by which an open item or a promise is paid more likely than not; or `NO_DAY`."""
    rest, promises = basis.agreed.rest, basis.agreed.promises
    held = np.where(basis.disputed[rest.item], basis.held_until, NO_DAY)
    day = _likely_days(basis, rest)
    on = [np.where(day == _LATER, _LATER, np.maximum(day, held))]
    owner = [rest.customer]
    if basis.agreed.kept_share >= _LIKELY:
        on, owner = [*on, promises.due], [*owner, promises.customer]
    first = np.full(len(basis.laws.customers), _LATER)
    np.minimum.at(first, np.concatenate(owner), np.concatenate(on))
    return np.where(first == _LATER, NO_DAY, first)


_LATER = np.iinfo(np.int64).max


def _likely_days(basis: Basis, claims: Claims) -> Days:
    """(claims,) the first day by which each is paid more likely than not, within a year, by halving."""
    low, high = np.ones(len(claims.due), dtype=np.int64), np.full(len(claims.due), LONGEST_WAIT + 1)
    for _ in range(int(LONGEST_WAIT + 1).bit_length()):
        middle = (low + high) // 2
        paid = _paid_on(basis, claims, middle) >= _LIKELY
        low, high = np.where(paid, low, np.minimum(middle + 1, high)), np.where(paid, middle, high)
    return np.where(high > LONGEST_WAIT, _LATER, basis.today + high)


def _paid_on(basis: Basis, claims: Claims, days: Days) -> Floats:
    """(claims,) share of each expected to be paid within a number of days of its own."""
    return paid_by(basis.laws, claims, basis.today, (basis.today + days)[:, None])[:, 0]

"""The aged balance: what is owed and since when, at one day or at many in one pass."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Day, Ledger, names_of
from arlib.measures.aging.ages import BOUNDS, NOT_DUE, Ages
from arlib.measures.aging.asked import days_asked
from arlib.measures.aging.columns import DISPUTED, NO_DUE_DATE, TAX, TAX_UNKNOWN, TOTAL, UNAPPLIED, Shown, columns_of
from arlib.schema import HALF_CENT, day_numbers
from arlib.words import say

AS_OF = "as_of"

__all__ = [
    "BOUNDS",
    "DISPUTED",
    "NOT_DUE",
    "NO_DUE_DATE",
    "TAX",
    "TAX_UNKNOWN",
    "TOTAL",
    "UNAPPLIED",
    "aged_balance",
    "aged_balance_history",
]


def aged_balance(  # noqa: PLR0913 - each says how a balance is aged, and most are left as they are
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    by: By = "customer_id",
    basis: str = "due",
    bounds: Sequence[int] | int = BOUNDS,
    net_credits: bool = False,
    net_of_tax: bool = False,
    disputed_apart: bool = False,
    document_currency: bool = False,
) -> pd.DataFrame:
    """What each customer owes on a day, by how late it is.

    One row a group, the largest total first, with the columns of `aged_balance_history` after those of `by` (and the
    customer's `name` after `customer_id`). Groups that owe nothing and hold no credit are left out. Each instalment of
    an invoice is aged from its own due date; `by=["document_id", "due_on"]` gives a row each. The day is the ledger's
    last where none is given; everything else is asked as of `aged_balance_history`.

    Raises:
        ArlibError: as for `aged_balance_history`.
    """
    aged = aged_balance_history(
        ledger,
        [ledger.day(as_of)],
        by=by,
        basis=basis,
        bounds=bounds,
        net_credits=net_credits,
        net_of_tax=net_of_tax,
        disputed_apart=disputed_apart,
        document_currency=document_currency,
    ).drop(columns=AS_OF)
    names = names_of(by)
    shown = aged[(aged.drop(columns=names).abs() >= HALF_CENT).any(axis=1)]
    if "customer_id" in names and "name" not in names:
        known = ledger.customers.set_index("customer_id")["name"]
        shown.insert(names.index("customer_id") + 1, "name", shown["customer_id"].map(known))
    return shown.sort_values(TOTAL, ascending=False, kind="stable", ignore_index=True)  # groups came in their order


def aged_balance_history(  # noqa: PLR0913 - each says how a balance is aged, and most are left as they are
    ledger: Ledger,
    dates: Sequence[Day] | Day,
    *,
    by: By = None,
    basis: str = "due",
    bounds: Sequence[int] | int = BOUNDS,
    net_credits: bool = False,
    net_of_tax: bool = False,
    disputed_apart: bool = False,
    document_currency: bool = False,
) -> pd.DataFrame:
    """The aged balance at every date of a list, in one pass over the ledger.

    One row a date, or a date and a group, sorted. Columns: `as_of`, those of `by`, then by due date `not_due`, `1-30`,
    `31-60`, `61-90`, `91+`, or by invoice date `0-30`, … `91+` (bounds inclusive, the last bucket open); `no_due_date`
    for what has no date to age from; `unapplied` for credits not matched with an invoice (negative); `total`, their
    sum, which is the balance of the accounts. An item counts from the day it is booked, a match from the later of the
    two bookings: a cheque dated later than the day asked has paid nothing yet, a bill is owed until it is cashed.

    Args:
        ledger: the ledger.
        dates: the days, in any order, or one.
        by: columns of the items or of the customers to group by, one or several; none for the whole ledger.
        basis: `due` counts from the due date, `issued` from the date of the invoice.
        bounds: last day of each bucket, increasing; one alone makes two buckets of what is late.
        net_credits: set unapplied credits against the oldest debts of the row, within each customer, entity and
            currency; what remains of them stays in `unapplied`, totals are the same.
        net_of_tax: give every part without its tax, each item's own, which a column `tax` before `total` adds up. What
            has no known tax, as payments not applied, stays as it is: `tax_unknown`, after `total`, is how much that
            is, credits counted as positive. With `net_credits` the tax of a bucket is paid in proportion.
        disputed_apart: take disputed debts out of the buckets into a column `disputed`, by what the ledger says of
            them today, on every date, even where the file dates its disputes (`dispute_causes` reads these dates);
            credits are not set against them.
        document_currency: amounts in the currency of each document; `currency` must then be one of `by`. What is
            settled of an item counts in proportion, exchange differences for nothing.

    Raises:
        ArlibError: bounds are no whole numbers or do not increase, or the basis is neither `due` nor `issued`; no such
            column, or one that the result has itself; amounts of several currencies would be added up, or one is not
            known in its own.
    """
    shown = Shown(Ages.of(basis, bounds), net_credits, net_of_tax, disputed_apart, document_currency)
    names = names_of(by)
    _check_columns(names, shown)
    days = pd.DatetimeIndex(days_asked(dates))
    parts, groups = columns_of(ledger, day_numbers(days.to_series()), names, shown)
    rows = np.tile(np.arange(len(groups)), len(days))
    aged = {AS_OF: days.repeat(len(groups))} | {name: groups[name].array.take(rows) for name in names}
    return pd.DataFrame(aged | parts, copy=False)


def _check_columns(names: Sequence[str], shown: Shown) -> None:
    own = [name for name in names if name in (AS_OF, *shown.columns)]
    if own:
        raise ArlibError(say("aging.by", by=", ".join(own)))
    if shown.document_currency and "currency" not in names:
        raise ArlibError(say("aging.by_currency"))

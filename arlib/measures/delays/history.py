"""How delays moved from month to month: by the month of the invoice, or by the month of the payment."""

from typing import Any

import numpy as np
import pandas as pd

from arlib.ledger import By, Day, Ledger
from arlib.measures.delays.averages import HORIZON, grouped, paid_columns
from arlib.measures.delays.groups import beside, cut_by_month, groups_of
from arlib.measures.delays.invoices import Invoices, check_basis, invoices_of
from arlib.measures.delays.kaplan_meier import kaplan_meier
from arlib.measures.delays.settlements import OPEN, days_between
from arlib.schema import NO_DAY, Codes, Flags, Floats

MATURITY = 0.9  # a month is mature once followed for as long as nine tenths of all invoices take


def delay_history(
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    by: By = None,
    basis: str = "issued",
    horizon: int = HORIZON,
) -> pd.DataFrame:
    """Delays of the invoices of each month, as known on a day, with open ones counted as not yet paid.

    One row a group and month of invoice: the columns of `by`, `month` (its first day), those of `days_to_pay`
    (`basis="issued"`) or of `days_late` (`basis="due"`), and: `followed_days`, the shortest time an invoice of the
    row has been followed since the day it counts from (negative: not due yet); `matured`, whether the row can be
    compared with older ones: the month is over, and nothing of it is open or all of it has been followed for as
    long as nine tenths of all invoices take (Kaplan-Meier of the whole ledger as known on the day; never, where that
    many are not known to be paid). In a month that has not matured, only those who pay fast have paid: its figures
    of paid invoices look like an improvement and are none.

    An invoice without a date of its own belongs to the month it was booked in. Other arguments and errors: as
    `days_to_pay`.

    Raises:
        ArlibError: the basis is neither `due` nor `issued`.
    """
    invoices = invoices_of(ledger, as_of)
    start = invoices.start(check_basis(basis))
    issued = np.where(invoices.issued == NO_DAY, invoices.booked, invoices.issued)
    codes, groups = cut_by_month(*groups_of(ledger, invoices, by), issued)
    table = grouped(invoices, basis, codes, groups, horizon=horizon)
    followed = _shortest(days_between(start, np.full_like(start, invoices.as_of)), codes, len(groups))
    nothing_open = np.bincount(codes[invoices.state == OPEN], minlength=len(groups)) == 0
    settled = nothing_open | (followed >= _time_most_take(invoices, basis))
    return beside(table, {"followed_days": followed, "matured": settled & _is_over(groups["month"], invoices.as_of)})


def delay_history_by_payment_month(
    ledger: Ledger, as_of: Day | None = None, *, by: By = None, basis: str = "issued"
) -> pd.DataFrame:
    """Delays of the invoices whose payment was completed in each month, which is what most reports show.

    One row a group and month of the last payment: the columns of `by`, `month` (its first day), those of
    `days_to_pay`, or of `days_late`, which rest on paid invoices (from `paid` to the last before `open`), and
    `matured`, whether the month is over.

    It never changes once the month is over, but says nothing of whoever has not paid: collecting old debts makes it
    worse, ceasing to collect them makes it better. Read it beside `delay_history`. Arguments and errors: as there.
    """
    invoices = invoices_of(ledger, as_of)
    check_basis(basis)
    paid = ~np.isnan(invoices.days_to_last_payment(basis))
    codes, groups = groups_of(ledger, invoices, by)
    months, frame = cut_by_month(codes[paid], groups, invoices.paid_on[paid])
    # The others are in no month; they add nothing to columns of paid invoices, so any code will do for them.
    codes = np.zeros(len(paid), dtype=np.intp)
    codes[paid] = months
    matured = {"matured": _is_over(frame["month"], invoices.as_of)}
    return beside(frame, paid_columns(invoices, basis, codes, len(frame)) | matured)


def _is_over(month: "pd.Series[Any]", as_of: int) -> Flags:
    """Whether each month, by its first day, has ended by a day."""
    next_month = month.to_numpy("datetime64[M]") + np.timedelta64(1, "M")
    return np.asarray(next_month.astype("datetime64[D]").astype(np.int64) <= as_of + 1)


def _shortest(days: Floats, codes: Codes, size: int) -> Floats:
    """The least of the days of each group, nan ones not counted; nan where it has none."""
    shortest = np.full(size, np.nan)
    np.fmin.at(shortest, codes, days)
    return shortest


def _time_most_take(invoices: Invoices, basis: str) -> float:
    """Days by which nine tenths of all invoices are paid; without end where they are not."""
    whole = np.zeros(len(invoices.item), dtype=np.intp)
    days = float(kaplan_meier(invoices.durations(basis, whole, 1)).first_day(MATURITY)[0])
    return np.inf if np.isnan(days) else days

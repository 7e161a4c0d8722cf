"""What was sold, by invoice date and as known on any day: the denominator of every DSO and of the flows.

Sales are invoices and credit notes as they stand in the items, tax included where those are; the receivable is made
of the same items, so that the tax is on both sides of a ratio or on neither. A sale counts by the date of its invoice,
but only from the day it is in the accounts: one booked after its invoice date is unknown until then.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Day, Ledger, as_day, group_codes
from arlib.schema import NO_DAY, SALES, Codes, Days, Flags, Floats, day_number, day_numbers, sum_by_code
from arlib.words import Sentence, say


def sales_to(
    ledger: Ledger, dates: Sequence[Day], *, days: int | Sequence[int], by: By = None
) -> tuple[Floats, pd.DataFrame]:
    """Sales of the `days` calendar days up to and including each date, as known on that date.

    Args:
        ledger: the ledger.
        dates: the days asked, in any order.
        days: length of the window, above 0: one for all dates, or one a date.
        by: as for `ledger.group_codes`; none for the whole ledger.

    Returns:
        The amounts, one row a group and one column a date in the order given, and the groups: one row each, sorted,
        a column each of `by`.

    Raises:
        ArlibError: a window of no days, or an unknown column in `by`.
    """
    sales = Sales.of(ledger, by)
    return sales.to(numbers_of(dates), window_days(days)), sales.groups


def window_days(days: int | Sequence[int]) -> Days:
    """The length of a window of sales, as numpy takes it.

    Raises:
        ArlibError: it has no days, or is no whole number of them.
    """
    lengths = np.asarray(days)
    if lengths.size and lengths.dtype.kind not in "iu":
        raise ArlibError(say("dso.window", days=str(days)))
    if (lengths <= 0).any():
        raise ArlibError(say("dso.window", days=str(lengths.min())))
    return lengths.astype(np.int64)


def numbers_of(dates: Sequence[Day]) -> Days:
    """Days asked, as day numbers in the order given."""
    return np.array([day_number(as_day(date)) for date in dates], dtype=np.int64)


def without_invoice_dates(ledger: Ledger) -> dict[str, Sentence]:
    """The files without a column for the dates of invoices, each with what its reader warned of it.

    Such a list is read with each invoice from its due date, or its payment if that came first: days late are right,
    and no sale has a date, so that neither sales nor what was owed are known.
    """
    return {
        source.name: warning
        for source in ledger.sources
        for warning in source.warnings
        if warning.key == "read.no_issue_date"
    }


def issue_days(ledger: Ledger) -> Days:
    """The day number each item was issued on; `NO_DAY` where it has none, or where its file had no such column.

    Counted from the dates that stand in for those of invoices, days to pay would be days late under another name.
    """
    silent, issued = list(without_invoice_dates(ledger)), day_numbers(ledger.items["issued_on"])
    return np.where(ledger.items["file"].isin(silent), NO_DAY, issued) if silent else issued


@dataclass(frozen=True, eq=False)
class Sales:
    """The sales of a ledger as columns.

    Attributes:
        item: position in `ledger.items`.
        group: code into `groups`.
        invoice: whether it is one, not a credit note.
        issued: day number of the invoice (of its booking where it has no date).
        known: day number from which it is in the accounts: the later of its date and its booking.
        amount: signed, credit notes negative.
        groups: one row a code.
    """

    item: Codes
    group: Codes
    invoice: Flags
    issued: Days
    known: Days
    amount: Floats
    groups: pd.DataFrame

    @classmethod
    def of(cls, ledger: Ledger, by: By = None) -> "Sales":
        """The sales of a ledger, by group."""
        codes, groups = group_codes(ledger, by)
        return cls.among(ledger, codes, groups)

    @classmethod
    def among(cls, ledger: Ledger, codes: Codes, groups: pd.DataFrame) -> "Sales":
        """The sales of a ledger whose items are already grouped."""
        items = ledger.items
        invoice, credit_note = ((items["kind"] == kind).to_numpy() for kind in SALES)
        item = np.flatnonzero(invoice | credit_note)
        booked, issued = (day_numbers(items[name].iloc[item]) for name in ("booked_on", "issued_on"))
        issued = np.where(issued == NO_DAY, booked, issued)
        amount = items["amount"].to_numpy()[item]
        return cls(item, codes[item], invoice[item], issued, np.maximum(issued, booked), amount, groups)

    def to(self, days: Days, window: Days) -> Floats:
        """Sales of a window up to each day, as known on it: (groups, days)."""
        if window.ndim == 0:
            return held_on(days, (self.known, self.issued + window), self.group, self.amount, len(self.groups))
        held = np.zeros((len(self.groups), len(days)))
        for length in np.unique(window):
            asked = window == length
            held[:, asked] = self.to(days[asked], length)
        return held


def receivables_on(ledger: Ledger, days: Days, codes: Codes, size: int) -> Floats:
    """What each group owes at the end of each day, net of its credits: (groups, days)."""
    booked = day_numbers(ledger.items["booked_on"])
    return held_on(days, (booked, None), codes, ledger.items["amount"].to_numpy(), size)


def held_on(days: Days, span: tuple[Days, Days | None], codes: Codes, amounts: Floats, size: int) -> Floats:
    """What each group holds on each day, of amounts held from a first day to the eve of another: (groups, days).

    An amount is added on the first asked day that finds it held and taken away on the first that does not: two sums
    over the amounts and one cumulated sum along the days, however many days are asked.
    """
    asked, place = np.unique(days, return_inverse=True)
    width = len(asked) + 1
    ranks = _Ranks(asked)
    enters = ranks(span[0])
    change = sum_by_code(codes * width + enters, amounts, size * width)
    if span[1] is not None:
        change -= sum_by_code(codes * width + np.maximum(enters, ranks(span[1])), amounts, size * width)
    held = np.cumsum(change.reshape(size, width), axis=1)
    return np.asarray(held[:, place].round(2) + 0.0)


class _Ranks:
    """The first of some sorted days that is not before a day: a look-up, where a search for every row is slower."""

    def __init__(self, asked: Days) -> None:
        self._first, self._last = (int(asked[0]), int(asked[-1]) + 1) if len(asked) else (0, 0)
        self._table = np.searchsorted(asked, np.arange(self._first, self._last + 1))

    def __call__(self, day: Days) -> npt.NDArray[np.intp]:
        return self._table[np.clip(day, self._first, self._last) - self._first]

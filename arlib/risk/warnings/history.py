"""What the accounts of a day hold of each customer, asked at that day and at past closings alike."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from arlib.ledger import Day, Ledger, group_codes
from arlib.measures.delays.settlements import CREDITED, MOVED, OPEN, PAID, last_known, pieces_of
from arlib.measures.flows.dated import column_for, dated_columns
from arlib.measures.sales import Sales, held_on, receivables_on, without_invoice_dates
from arlib.schema import INVOICE, NO_DAY, Codes, Days, Flags, Floats, day_number, day_numbers

LATE_DAYS = 30  # what a warning foretells: an invoice more than this late …
WITHIN = 90  # … that becomes so in the days after the closing
RECENT, BEFORE = 90, 365  # the days a rule looks at, and those before them that say what is usual
ENOUGH = 10  # payments that say what is usual
OLD_ENOUGH = 180  # days of the ledger before the first closing asked
CLOSINGS = 12

_NEVER = int(np.iinfo(np.int64).max)
_FIRST, _LAST = -60, 365  # days late that count as such: beyond them lies a wrong date, or a quarrel

Window = tuple[int, int | None]  # days before a closing, from the first (0: its own day) to the eve of the last, if any


@dataclass(frozen=True, eq=False)
class History:
    """Debits cut into pieces by what was known on a day, and sums of them by customer at each closing.

    Every figure is an array (customers, closings), the last closing being the day itself, and rests on what was in
    the accounts at the end of its closing; `came_true` alone looks ahead, which is its purpose.

    Attributes:
        ledger: the ledger.
        day: the day whose knowledge is used.
        closings: day numbers, sorted, the last one that of `day`.
        customers: the customers that have items, sorted.
        codes: (items,) position in `customers`.
        item: (pieces,) position of the debit in `ledger.items`.
        state: (pieces,) what became of it, as in `settlements`.
        until: (pieces,) day number from which it is open no more, the largest integer while it is.
        amount: (pieces,) above 0.
    """

    ledger: Ledger
    day: pd.Timestamp
    closings: Days
    customers: "pd.Series[str]"
    codes: Codes
    item: Codes
    state: Codes
    until: Days
    amount: Floats

    @classmethod
    def of(cls, ledger: Ledger, as_of: Day | None) -> "History":
        """The history known on a day, or on the ledger's last one where that is earlier."""
        day = last_known(ledger, as_of)
        codes, groups = group_codes(ledger, "customer_id")
        items = ledger.items
        pieces = pieces_of(ledger, day, ((items["amount"] > 0) & (items["booked_on"] <= day)).to_numpy())
        return cls(
            ledger=ledger,
            day=day,
            closings=np.append(_past_closings(ledger, day), day_number(day)),
            customers=groups["customer_id"],
            codes=codes,
            item=pieces.item,
            state=pieces.state.astype(np.intp),
            until=np.where(pieces.state == OPEN, _NEVER, pieces.day),
            amount=pieces.amount,
        )

    @cached_property
    def exposure(self) -> Floats:
        """What each customer owes, credits taken off."""
        return receivables_on(self.ledger, self.closings, self.codes, len(self.customers))

    @cached_property
    def owed(self) -> Floats:
        """What debits leave open, credits apart."""
        return self._held(np.ones(len(self.item), dtype=bool), (self._since, self.until))

    @cached_property
    def overdue(self) -> Floats:
        """What of it is past its due date."""
        dated = self._due != NO_DAY
        return self._held(dated, (np.maximum(self._since, self._due + 1), self.until))

    @cached_property
    def days_overdue(self) -> Days:
        """Days past its due date of the oldest debit open; 0 where none is overdue."""
        found = np.zeros((len(self.customers), len(self.closings)), dtype=np.int64)
        dated = self._due != NO_DAY
        for place, closing in enumerate(self.closings):
            overdue = dated & (self._since <= closing) & (self.until > closing) & (self._due < closing)
            np.maximum.at(found[:, place], self._customer[overdue], closing - self._due[overdue])
        return found

    @cached_property
    def came_true(self) -> Flags:
        """Whether money became more than 30 days late within 90 days, that was not so at the closing.

        What a credit note or another account settled was not paid late. Known of the closings 90 days old.
        """
        late_on = np.maximum(self._due + LATE_DAYS + 1, self._since)
        late = (self._due != NO_DAY) & (self.until >= late_on) & ~np.isin(self.state, (CREDITED, MOVED))
        became_late = self._held(late, (late_on - WITHIN, late_on))
        return np.asarray(became_late > 0)

    def payments(self, window: Window, counted: Floats | None = None) -> Floats:
        """Payments of dated invoices received in a window; each counts one, or its `counted` (pieces,)."""
        paid = np.flatnonzero(self._paid)
        each = np.ones(len(paid)) if counted is None else counted[paid]
        return self._counted(window, (self.until[paid], self._customer[paid], each))

    def invoices(self, window: Window) -> Floats:
        """Invoices booked in a window."""
        known, customer = self._invoices
        return self._counted(window, (known, customer, np.ones(len(known))))

    @cached_property
    def days_late(self) -> Floats:
        """(pieces,) calendar days from the due date to the end of the piece, of those that were paid; else 0."""
        return np.where(self._paid, np.clip(np.where(self._paid, self.until - self._due, 0), _FIRST, _LAST), 0.0)

    @cached_property
    def is_part(self) -> Flags:
        """(pieces,) whether a payment left a part of its invoice open."""
        closed = np.zeros(len(self.ledger.items), dtype=np.int64)
        np.maximum.at(closed, self.item, self.until)
        return self._paid & (self.until < closed[self.item])

    @cached_property
    def longest_usual(self) -> Floats:
        """Days late within which nine payments of ten came, of the two years to each closing; nan without ten."""
        found = np.full((len(self.customers), len(self.closings)), np.nan)
        paid = np.flatnonzero(self._paid)
        width = _LAST - _FIRST + 1
        paid = paid[np.argsort(self._customer[paid] * width + self.days_late[paid].astype(np.int64), kind="stable")]
        customer, received, late = self._customer[paid], self.until[paid], self.days_late[paid]
        for place, closing in enumerate(self.closings):
            seen = (received <= closing) & (received > closing - 2 * BEFORE)
            count = np.bincount(customer[seen], minlength=len(self.customers))
            enough = np.flatnonzero(count >= ENOUGH)
            rank = np.cumsum(count) - count + np.ceil(0.9 * count).astype(np.int64) - 1
            found[enough, place] = late[seen][rank[enough]]
        return found

    @cached_property
    def since_last_invoice(self) -> Floats:
        """Days since the last invoice of each customer was booked; infinite before the first."""
        known, customer = self._invoices
        first = int(known.min(initial=0))
        span = max(int(known.max(initial=0)), int(self.closings[-1])) - first + 2
        keys = np.sort(customer * span + known - first + 1)
        own = np.arange(len(self.customers))[:, None] * span
        place = np.searchsorted(keys, own + np.maximum(self.closings - first + 1, 0)[None, :], side="right") - 1
        last = np.append(keys, -1)[place]
        return np.where(last > own, self.closings[None, :] - (last - own + first - 1), np.inf)

    def standing_before(self, lags: range) -> tuple[Floats, Floats]:
        """What each customer owed, and was sold in 90 days, on the closings and so many days before: summed on lags."""
        days = (self.closings[None, :] - np.asarray(lags)[:, None]).ravel()
        shape = (len(self.customers), len(lags), len(self.closings))
        owed = receivables_on(self.ledger, days, self.codes, shape[0]).reshape(shape)
        sales = Sales.among(self.ledger, self.codes, self.customers.to_frame()).to(days, np.asarray(RECENT))
        return owed.sum(axis=1), sales.reshape(shape).sum(axis=1)

    @cached_property
    def disputes_dated(self) -> bool:
        """Whether the file says when a dispute began: a flag alone says nothing about a past closing."""
        return column_for(self.ledger, "opened", None) is not None

    def disputes(self, window: Window) -> Floats:
        """Disputes that began in a window."""
        name = column_for(self.ledger, "opened", None)
        items = self.ledger.items
        rows = np.flatnonzero(((items["amount"] > 0) & (items["booked_on"] <= self.day)).to_numpy())
        began = dated_columns(self.ledger, rows, [name])[name].days if name else np.full(len(rows), NO_DAY)
        rows, began = rows[began != NO_DAY], began[began != NO_DAY]
        known = np.maximum(began, day_numbers(items["booked_on"])[rows])
        return self._counted(window, (known, self.codes[rows], np.ones(len(rows))))

    @cached_property
    def invoices_dated(self) -> bool:
        """Whether invoices have dates of their own."""
        return not without_invoice_dates(self.ledger)

    @cached_property
    def _customer(self) -> Codes:
        return self.codes[self.item]

    @cached_property
    def _since(self) -> Days:
        return day_numbers(self.ledger.items["booked_on"])[self.item]

    @cached_property
    def _due(self) -> Days:
        return day_numbers(self.ledger.items["due_on"])[self.item]

    @cached_property
    def _paid(self) -> Flags:
        """(pieces,) payments of invoices that have a due date."""
        invoices = (self.ledger.items["kind"] == INVOICE).to_numpy()[self.item]
        return np.asarray(invoices & (self._due != NO_DAY) & (self.state == PAID))

    @cached_property
    def _invoices(self) -> tuple[Days, Codes]:
        """Day each invoice was booked, of those known on the day, and its customer."""
        items = self.ledger.items
        known = np.flatnonzero(((items["kind"] == INVOICE) & (items["booked_on"] <= self.day)).to_numpy())
        return day_numbers(items["booked_on"])[known], self.codes[known]

    def _held(self, chosen: Flags, span: tuple[Days, Days]) -> Floats:
        """Amounts of chosen pieces held from a day to the eve of another, by customer at each closing."""
        days = span[0][chosen], span[1][chosen]
        return held_on(self.closings, days, self._customer[chosen], self.amount[chosen], len(self.customers))

    def _counted(self, window: Window, events: tuple[Days, Codes, Floats]) -> Floats:
        """Events (day, customer, what each counts) of a window, by customer at each closing."""
        happened, customer, each = events
        first, last = window
        days = happened + first, None if last is None else happened + last
        return held_on(self.closings, days, customer, each, len(self.customers))


def _past_closings(ledger: Ledger, day: pd.Timestamp) -> Days:
    """The last month ends whose outcome is known, after enough of the ledger to know its customers by."""
    ends = pd.date_range(end=day - pd.Timedelta(days=WITHIN), periods=CLOSINGS, freq="ME")
    return day_numbers(pd.Series(ends[ends >= ledger.covers[0] + pd.Timedelta(days=OLD_ENOUGH)]))

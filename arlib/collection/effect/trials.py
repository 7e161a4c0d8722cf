"""Overdue invoices day by day: until when each was not reminded, and what became of it once it was."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from arlib.collection.log import Contacts
from arlib.ledger import By, Day, Ledger, group_codes
from arlib.measures.delays.invoices import invoices_of
from arlib.measures.delays.settlements import CREDITED, PAID
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, day_numbers, places_of

LATEST = 365  # days late at which a reminder is still looked at
NEVER = int(np.iinfo(np.int32).max)  # a day after all others
_SPAN = 1 << 20  # more days than a calendar has, so that a key and a day are one number
_SIZES = (1 / 3, 2 / 3)  # shares of invoices, by amount, that separate small, middle and large ones


@dataclass(frozen=True, eq=False)
class Trials:
    """Invoices that were unpaid at the end of their due date.

    Days are days late; a span runs from the day after its start to its end, both included.

    Attributes:
        customer: (invoices,) code, in the order of identifiers.
        stratum: (invoices,) code of class and size.
        entered: (invoices,) the start of the span without a reminder: 0, or the booking where that is later.
        left: (invoices,) its end: paid, reminded, or no longer followed.
        paid: (invoices,) whether it ended with the payment.
        reminded: (invoices,) the first reminder, `NEVER` without one before the payment.
        contact: (invoices,) row of the contacts, -1 without one.
        after: (invoices,) the end of the span after it: paid, reminded again, or no longer followed.
        paid_after: (invoices,) whether that ended with the payment.
        customers: how many there are.
        strata: how many there are.
    """

    customer: Codes
    stratum: Codes
    entered: Days
    left: Days
    paid: Flags
    reminded: Days
    contact: Codes
    after: Days
    paid_after: Flags
    customers: int
    strata: int

    def without(self, chosen: Flags) -> "Trials":
        """The same, the reminders of some invoices not looked at; they count until then, as all do."""
        return replace(
            self, reminded=np.where(chosen, NEVER, self.reminded), contact=np.where(chosen, -1, self.contact)
        )


def trials_of(ledger: Ledger, as_of: Day | None, contacts: Contacts, alike: By) -> Trials:
    """The overdue invoices of a ledger, as known on a day; those that credit notes settled are left out.

    A payment on the day of a reminder was under way before it.
    """
    invoices = invoices_of(ledger, as_of)
    paid_on = np.where(invoices.state == PAID, invoices.paid_on, NEVER)
    used = (invoices.due != NO_DAY) & (invoices.state != CREDITED) & (invoices.booked <= invoices.as_of)
    used &= np.minimum(paid_on, invoices.as_of) > np.where(used, invoices.due, 0)
    item, due, paid_on = invoices.item[used], invoices.due[used], paid_on[used]
    booked = invoices.booked[used]
    first, contact = _Asked.of(ledger, contacts, item).after(np.maximum(due, booked - 1))
    first = np.where(first < np.minimum(paid_on, invoices.as_of), first, NEVER)
    again, _ = _Asked.of(ledger, contacts, item).after(np.where(first == NEVER, _SPAN - 1, first))
    left, after = (np.minimum.reduce([paid_on, each, np.full_like(due, invoices.as_of)]) for each in (first, again))
    owner, customers = pd.factorize(ledger.items["customer_id"].take(item), sort=True)
    stratum, strata = _strata(ledger, item, invoices.amount[used], alike)
    return Trials(
        customer=owner,
        stratum=stratum,
        entered=np.maximum(booked - due, 0),
        left=left - due,
        paid=paid_on == left,
        reminded=np.where(first == NEVER, NEVER, first - due),
        contact=np.where(first == NEVER, -1, contact),
        after=after - due,
        paid_after=paid_on == after,
        customers=len(customers),
        strata=strata,
    )


@dataclass(frozen=True, eq=False)
class _Asked:
    """Contacts about single items and about all that a customer owed, and where each invoice stands among both."""

    keys: tuple[Codes, Codes]
    days: tuple[Days, Days]
    rows: tuple[Codes, Codes]
    asked: tuple[Codes, Codes]

    @classmethod
    def of(cls, ledger: Ledger, contacts: Contacts, item: Codes) -> "_Asked":
        table = contacts.rows
        of_item, on = table["item_id"].notna().to_numpy(), day_numbers(table["contacted_on"])
        customers = pd.Index(ledger.customers["customer_id"])
        keys = (
            np.asarray(places_of(ledger.items["item_id"], table["item_id"].fillna(-1).astype("int64"))),
            np.asarray(customers.get_indexer(pd.Index(table["customer_id"]))),
        )
        rows = [np.flatnonzero(chosen) for chosen in (of_item, ~of_item)]
        rows = [chosen[np.lexsort((on[chosen], key[chosen]))] for chosen, key in zip(rows, keys, strict=True)]
        own = customers.get_indexer(pd.Index(ledger.items["customer_id"].take(item)))
        return cls(
            keys=(keys[0][rows[0]], keys[1][rows[1]]),
            days=(on[rows[0]], on[rows[1]]),
            rows=(rows[0], rows[1]),
            asked=(item, np.asarray(own)),
        )

    def after(self, day: Days) -> tuple[Days, Codes]:
        """(invoices,) the first contact after a day of each, `NEVER` without any, and its row."""
        found, rows = np.full(len(day), NEVER), np.full(len(day), -1)
        for keys, days, of_row, asked in zip(self.keys, self.days, self.rows, self.asked, strict=True):
            place = np.searchsorted(keys * _SPAN + days, asked * _SPAN + day, side="right")
            inside = place < len(keys)
            place = np.where(inside, place, 0)
            inside = inside & (keys[place] == asked) if len(keys) else np.zeros(len(day), dtype=np.bool_)
            on = np.where(inside, days[place] if len(days) else 0, NEVER)
            earlier = on < found
            found = np.where(earlier, on, found)
            rows = np.where(earlier, of_row[place] if len(of_row) else -1, rows)
        return found, rows


def _strata(ledger: Ledger, item: Codes, amount: Floats, alike: By) -> tuple[Codes, int]:
    """The class and the size of each invoice as one code."""
    codes, groups = group_codes(ledger, alike)
    bounds = np.quantile(amount, _SIZES) if len(amount) else np.zeros(len(_SIZES))
    size = np.searchsorted(bounds, amount, side="left")
    sizes = len(_SIZES) + 1
    return codes[item] * sizes + size, len(groups) * sizes

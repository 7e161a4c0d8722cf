"""Movements: what was open of each item from which day to which, sorted by group, behind measures at many days."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arlib.ledger.grouped import By, group_codes
from arlib.schema import Codes, Days, Flags, Floats, day_numbers, sum_by_code

if TYPE_CHECKING:
    from arlib.ledger.books import Ledger

NEVER = int(np.iinfo(np.int64).max)  # the day on which what is still open is settled


@dataclass(frozen=True, eq=False)
class Portions:
    """Parts of items that are open together and settled together, as columns sorted by group.

    A portion is what one match settles of an item, or what no match does. It is open from the day its item is booked
    to the eve of the day the match counts.

    Attributes:
        item: position of the item in `ledger.items`, where everything else about it is found.
        group: code of its group.
        since: day number from which it is open.
        until: day number from which it no longer is, `NEVER` for what no match settles.
        due: day number its item is due, `NO_DAY` where it has none.
        issued: day number of its document, `NO_DAY` where it has none.
        amount: what it is of the item, signed; those of an item add up to it.
    """

    item: Codes
    group: Codes
    since: Days
    until: Days
    due: Days
    issued: Days
    amount: Floats

    def by(self, codes: Codes) -> "Portions":
        """The same portions, sorted by another group of their items."""
        group = codes[self.item]
        if (group[1:] >= group[:-1]).all():
            return replace(self, group=group)
        order = _by_group(group)
        since, until, due, issued = (days[order] for days in (self.since, self.until, self.due, self.issued))
        return Portions(self.item[order], group[order], since, until, due, issued, self.amount[order])


@dataclass(frozen=True, eq=False)
class Movements:
    """Everything that was ever open, and when: the one pass behind ageing at any number of days.

    Attributes:
        debits: portions of what is owed, which has an age.
        credits: portions of what reduces it (payments, credit notes…) until it is matched.
        groups: one row a code, sorted, as `group_codes` gives them.
    """

    debits: Portions
    credits: Portions
    groups: pd.DataFrame


def movements(ledger: "Ledger", *, by: By = "customer_id") -> Movements:
    """The movements of a ledger, sorted by customer or by other columns.

    Those by customer are sorted once a ledger, and kept: they are read in the order of memory ever after.
    """
    kept = ledger._by_customer  # noqa: SLF001 - kept by the ledger for this function
    if by == "customer_id":
        return kept
    codes, groups = group_codes(ledger, by)
    return Movements(kept.debits.by(codes), kept.credits.by(codes), groups)


def movements_by_customer(ledger: "Ledger") -> Movements:
    """The movements sorted by customer, for a ledger to keep."""
    codes, groups = group_codes(ledger, "customer_id")
    debit, credit = ledger._sides  # noqa: SLF001 - kept by the ledger for whoever needs them
    owed = ledger.items["amount"].to_numpy() >= 0
    settled = ledger.matches["amount"].to_numpy()
    debits = _portions(ledger, owed, debit, settled).by(codes)
    return Movements(debits, _portions(ledger, ~owed, credit, -settled).by(codes), groups)


def _portions(ledger: "Ledger", own: Flags, matched: Codes, settled: Floats) -> Portions:
    """The portions of items flagged: those that matches settle, then those that none does; in one group."""
    items, amounts = ledger.items, ledger.items["amount"].to_numpy()
    rest = (amounts - sum_by_code(matched, settled, len(amounts))).round(2)
    left = np.flatnonzero(own & (rest != 0))
    item = np.concatenate([matched, left])
    until = np.concatenate([day_numbers(ledger.matches["matched_on"]), np.full(len(left), NEVER)])
    booked, due, issued = (day_numbers(items[name])[item] for name in ("booked_on", "due_on", "issued_on"))
    return Portions(item, np.zeros_like(item), booked, until, due, issued, np.concatenate([settled, rest[left]]))


def _by_group(codes: Codes) -> Codes:
    """The order that sorts codes, equal ones as they stand, sixteen bits at a time: linear, where a sort is not."""
    order = np.argsort(codes.astype(np.uint16), kind="stable")
    if codes.max(initial=0) > np.iinfo(np.uint16).max:
        order = order[np.argsort((codes[order] >> 16).astype(np.uint16), kind="stable")]
    return order

"""What became of each invoice, as known on a day: pieces paid, open, written off, credited or moved elsewhere."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.ledger import Day, Ledger, moved_within, open_amounts, origins_as_due
from arlib.measures.sales import issue_days
from arlib.schema import (
    CREDIT_NOTE,
    HALF_CENT,
    INVOICE,
    NO_DAY,
    PAYMENT,
    WRITE_OFF,
    Codes,
    Days,
    Flags,
    Floats,
    day_numbers,
    sum_by_code,
    texts_by_code,
    to_dates,
)

# What became of a piece. Only the first is money received; the last two are owed no more without having been paid.
STATES = ("paid", "open", "written_off", "credited", "moved")
PAID, OPEN, LOST, CREDITED, MOVED = range(len(STATES))
_STATE_OF_KIND = {PAYMENT: PAID, WRITE_OFF: LOST, CREDIT_NOTE: CREDITED}

States = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Pieces:
    """Invoices cut into what each match settled and what is still open; the amounts of an invoice's pieces add up.

    Attributes:
        item: (pieces,) position of the invoice in `ledger.items`.
        state: (pieces,) place in `STATES`.
        amount: (pieces,) above 0.
        day: (pieces,) day number of the match, `NO_DAY` where the piece is open.
    """

    item: Codes
    state: States
    amount: Floats
    day: Days


def pieces_of(ledger: Ledger, day: pd.Timestamp, chosen: Flags) -> Pieces:
    """The pieces of the chosen invoices (flags over `ledger.items`), in one pass over the matches known on a day.

    What of them was moved to another account of this ledger under the same due date (`origins_as_due`) is followed
    there, unless the moved debt is chosen itself: it is paid when that one is. `moved` is what left for an account
    that was not read, or became a bill with a maturity of its own.
    """
    origin = origins_as_due(ledger)
    booked = (ledger.items["booked_on"] <= day).to_numpy()
    followed = chosen[origin] & ~chosen & booked
    pieces = _cut(ledger, day, chosen | followed)
    if not followed.any():
        return pieces
    within = moved_within(ledger, np.flatnonzero(followed))
    pieces = _without(pieces, within)
    return replace(pieces, item=np.where(followed, origin, np.arange(len(origin)))[pieces.item])


def _cut(ledger: Ledger, day: pd.Timestamp, chosen: Flags) -> Pieces:
    """The chosen debits cut by what settled them, wherever that is."""
    matches = ledger.matches
    (debit, credit), settled = ledger._sides, matches["amount"].to_numpy()  # noqa: SLF001 - kept by the ledger for this
    known = (matches["matched_on"] <= day).to_numpy() & chosen[debit] & (settled >= HALF_CENT)
    debit, credit, settled = debit[known], credit[known], settled[known]
    amounts = ledger.items["amount"].to_numpy()
    rest = amounts - sum_by_code(debit, settled, len(amounts))
    owed = np.flatnonzero(chosen & (rest >= HALF_CENT))
    return Pieces(
        item=np.concatenate([debit, owed]),
        state=np.concatenate([_states(ledger)[credit], np.full(len(owed), OPEN, dtype=np.int8)]),
        amount=np.concatenate([settled, rest[owed].round(2)]),
        day=np.concatenate([day_numbers(matches["matched_on"])[known], np.full(len(owed), NO_DAY)]),
    )


def _without(pieces: Pieces, within: pd.DataFrame) -> Pieces:
    """The pieces less what moved to debts that are followed: amounts by `item` and `day`, taken off moved pieces."""
    moved = np.flatnonzero(pieces.state == MOVED)
    rows = pd.DataFrame({"item": pieces.item[moved], "day": pieces.day[moved], "amount": pieces.amount[moved]})
    rows = rows.merge(within, how="left", on=["item", "day"], suffixes=("", "_within"))
    before = rows.groupby(["item", "day"])["amount"].cumsum() - rows["amount"]
    taken = (rows["amount_within"].fillna(0.0) - before).clip(lower=0.0, upper=rows["amount"])
    left = pieces.amount.copy()
    left[moved] = (rows["amount"] - taken).round(2)
    kept = left >= HALF_CENT
    return Pieces(pieces.item[kept], pieces.state[kept], left[kept], pieces.day[kept])


def last_known(ledger: Ledger, as_of: Day | None) -> pd.Timestamp:
    """The day asked, or the ledger's last one where that is earlier: beyond it nobody has seen what is unpaid.

    A list drawn from payments leaves nothing unpaid: it tells when its invoices were paid until its last payment,
    after the last day it covers.
    """
    asked, last = ledger.day(as_of), ledger.covers[1]
    if asked <= last:
        return asked
    settled_on = ledger.matches["matched_on"].max()
    if settled_on > last:
        unpaid = open_amounts(ledger, settled_on)[(ledger.items["kind"] == INVOICE).to_numpy()]
        last = last if (unpaid >= HALF_CENT).any() else settled_on
    return min(asked, last)


def invoices_known(ledger: Ledger, day: pd.Timestamp) -> Flags:
    """Which items are invoices in the accounts of a day; openings, bills and transfers are none."""
    items = ledger.items
    return np.asarray((items["kind"] == INVOICE) & (items["amount"] > 0) & (items["booked_on"] <= day))


def settlements(ledger: Ledger, as_of: Day | None = None) -> pd.DataFrame:
    """What became of each invoice by the end of a day, a row a piece: what each match settled, and what is open.

    One row a piece, in the order of the items: `item_id`, `customer_id`, `reference`, `issued_on`, `due_on`,
    `amount` of the piece (above 0), `state`, `settled_on` (the day of the match; missing while open),
    `days_to_pay` and `days_late` (signed) of paid pieces, nan elsewhere and where the date they count from is
    missing. States: `paid`, `open`, `written_off`, `credited` (by a credit note), `moved` (to an
    account that was not read, to a bill with a maturity of its own; what was moved to another account of the ledger is
    open or paid as that debt is). The pieces of an invoice add up to it; an instalment is an invoice here, since it has
    its own due date.

    A payment counts on the later of the two accounting dates, never on the day a clerk matched it: one received
    before its invoice is booked pays it on that day. Openings are no invoices and have no pieces. A day after the
    ledger's last one gives what that one does.
    """
    day = last_known(ledger, as_of)
    pieces = pieces_of(ledger, day, invoices_known(ledger, day))
    order = np.lexsort((pieces.amount, pieces.day, pieces.item))
    item, settled_on, state = pieces.item[order], pieces.day[order], pieces.state[order]
    table = ledger.items[["item_id", "customer_id", "reference", "issued_on", "due_on"]].take(item)
    table = table.reset_index(drop=True)
    paid_on = np.where(state == PAID, settled_on, NO_DAY)
    return table.assign(
        amount=pieces.amount[order],
        state=texts_by_code(STATES, state.astype(np.intp), table.index),
        settled_on=to_dates(settled_on),
        days_to_pay=days_between(issue_days(ledger)[item], paid_on),
        days_late=days_between(day_numbers(ledger.items["due_on"])[item], paid_on),
    )


def days_between(first: Days, last: Days) -> Floats:
    """Whole days from one day number to another; nan where either is missing."""
    known = (first != NO_DAY) & (last != NO_DAY)
    return np.where(known, np.where(known, last, 0) - np.where(known, first, 0), np.nan)


def _states(ledger: Ledger) -> States:
    """The state a credit gives to what it settles, by its kind; aligned with the items."""
    kinds = ledger.items["kind"]
    states = np.full(len(kinds), MOVED, dtype=np.int8)
    for kind, state in _STATE_OF_KIND.items():
        states[(kinds == kind).to_numpy()] = state
    return states

"""Receipts set apart before any matching: money the bank took back, and payments that are in the books already."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.collection.receipts.booked import (
    MOST,
    Payments,
    booked_by_settling,
    booked_elsewhere,
    booked_in_parts,
    booked_singly,
    booked_together,
    once,
    payments_of,
)
from arlib.collection.receipts.claims import Claims
from arlib.collection.receipts.keys import mixed, pairs
from arlib.collection.receipts.lines import Lines
from arlib.collection.receipts.payers import Whose
from arlib.ledger import Ledger
from arlib.schema import Codes

_COMES_BACK_WITHIN = 95  # days in which a bank may take a payment back


@dataclass(frozen=True, eq=False)
class Apart:
    """What is not to be matched as new money.

    Attributes:
        why: code of why a receipt is set apart, "" where it is not.
        other_receipt: position of the receipt a returned payment goes with, and the reverse; -1 for none.
        booked_item: position in `ledger.items` of the payment that is this receipt, or that came back, or that may be
            this receipt though it is another customer's; -1 for none.
        credit: claim of that payment where it is booked and settles nothing yet: to match, not to book again; -1.
    """

    why: "np.ndarray[tuple[int], np.dtype[np.object_]]"
    other_receipt: Codes
    booked_item: Codes
    credit: Codes


def set_apart(  # noqa: PLR0917 - what the books, the bank and the texts say
    ledger: Ledger, lines: Lines, claims: Claims, whose: Whose, named: tuple[Codes, Codes], booked_within: int
) -> Apart:
    """Receipts taken back with the payments they undo, and receipts booked already, each payment counted once.

    `named`: (receipt, position in `ledger.items`) of what the texts name, open or settled.
    """
    size = len(lines.day)
    apart = Apart(np.full(size, "", dtype=object), *(np.full(size, -1) for _ in range(3)))
    back, first = _returned(lines)
    apart.why[back], apart.why[first] = "returned", "returned_later"
    apart.other_receipt[back], apart.other_receipt[first] = first, back
    payments = payments_of(ledger, lines)
    alone = (lines.cents < 0) & (apart.why == "")
    apart.why[alone] = "returned_unknown"
    line, payment = booked_singly(lines, whose, payments, (np.flatnonzero(alone), -_COMES_BACK_WITHIN, 0))
    apart.why[line], apart.booked_item[line] = "returned_booked", payments.item[payment]
    asked = np.flatnonzero((lines.cents > 0) & (apart.why == ""))
    line, payment = booked_singly(lines, whose, payments, (asked, -booked_within, booked_within))
    _credited(apart, ledger, claims, lines, (line, payments.item[payment]))
    rest = named, np.setdiff1d(asked, line), np.setdiff1d(np.arange(len(payments.item)), payment), booked_within
    _booked_otherwise(apart, ledger, (lines, whose), payments, rest)
    return apart


def _credited(apart: Apart, ledger: Ledger, claims: Claims, lines: Lines, found: tuple[Codes, Codes]) -> None:
    """Receipts that are one payment: booked already, or a credit to match where it settles nothing yet."""
    line, item = found
    apart.booked_item[line] = item
    place = np.full(len(ledger.items), -1)
    place[claims.item] = np.arange(len(claims.item))
    credit = place[item]
    unused = (credit >= 0) & (-claims.cents[credit] == lines.cents[line])
    apart.credit[line[unused]] = credit[unused]
    apart.why[line[~unused]] = "already_booked"


def _booked_otherwise(
    apart: Apart, ledger: Ledger, asked: tuple[Lines, Whose], payments: Payments,
    rest: tuple[tuple[Codes, Codes], Codes, Codes, int],
) -> None:  # fmt: skip
    """Receipts booked as several payments, with others as one, late, or perhaps at another customer's."""
    (lines, whose), (named, own, free, within) = asked, rest
    line, payment = booked_in_parts(lines, payments, own, free, within)
    free = free[~np.isin(payments.piece[free], payments.piece[payment])]
    own, free = _noted(apart, payments, (line, payment), own, free)
    line, payment = booked_together(lines, whose, payments, (own, free, within))
    own, free = _noted(apart, payments, (line, payment), own, free)
    line, payment = booked_by_settling(ledger, lines, named, payments, (own, free, within))
    own, free = _noted(apart, payments, (line, payment), own, free)
    line, at = booked_elsewhere(lines, whose, payments.taken(free), (own, -within, within))
    apart.booked_item[line] = payments.item[free[at]]


def _noted(
    apart: Apart, payments: Payments, found: tuple[Codes, Codes], own: Codes, free: Codes
) -> tuple[Codes, Codes]:
    """Receipts found in the books are noted; what is left of receipts and of payments."""
    line, payment = found
    apart.why[line], apart.booked_item[line] = "already_booked", payments.item[payment]
    return np.setdiff1d(own, line), np.setdiff1d(free, payment)


def _returned(lines: Lines) -> tuple[Codes, Codes]:
    """(taken back, earlier receipt): of the same amount, account and payer, the latest one before."""
    back, paid = np.flatnonzero(lines.cents < 0), np.flatnonzero(lines.cents > 0)
    place, found = pairs(mixed((-lines.cents[back]).astype(np.uint64), lines.currency[back]),
                         mixed(lines.cents[paid].astype(np.uint64), lines.currency[paid]), most=MOST)  # fmt: skip
    left, right = back[place], paid[found]
    days = lines.day[left] - lines.day[right]
    same = (lines.payer[left] == lines.payer[right]) | (lines.payer[left] < 0) | (lines.payer[right] < 0)
    kept = same & (days >= 0) & (days <= _COMES_BACK_WITHIN)
    named = lines.payer[left] == lines.payer[right]
    frame = pd.DataFrame({"left": left, "right": right, "days": days, "strange": ~named})[kept]
    return once(frame, ["strange", "days", "left", "right"])

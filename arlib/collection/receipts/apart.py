"""Receipts set apart before any matching: money the bank took back, and payments that are in the books already."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.collection.receipts.claims import Claims
from arlib.collection.receipts.keys import mixed, pairs
from arlib.collection.receipts.lines import Lines, cents_of
from arlib.collection.receipts.payers import Whose
from arlib.ledger import Ledger
from arlib.schema import PAYMENT, Codes, day_numbers

_COMES_BACK_WITHIN = 95  # days in which a bank may take a payment back
_MOST = 50  # payments of one amount looked at


@dataclass(frozen=True, eq=False)
class Apart:
    """What is not to be matched as new money.

    Attributes:
        why: code of why a receipt is set apart, "" where it is not.
        other_receipt: position of the receipt a returned payment goes with, and the reverse; -1 for none.
        booked_item: position in `ledger.items` of the payment that is this receipt, or that came back; -1 for none.
        credit: claim of that payment where it is booked and settles nothing yet: to match, not to book again; -1.
    """

    why: "np.ndarray[tuple[int], np.dtype[np.object_]]"
    other_receipt: Codes
    booked_item: Codes
    credit: Codes


def set_apart(ledger: Ledger, lines: Lines, claims: Claims, whose: Whose, booked_within: int) -> Apart:
    """Receipts taken back with the payments they undo, and receipts booked already, each payment counted once."""
    size = len(lines.day)
    apart = Apart(np.full(size, "", dtype=object), *(np.full(size, -1) for _ in range(3)))
    back, first = _returned(lines)
    apart.why[back], apart.why[first] = "returned", "returned_later"
    apart.other_receipt[back], apart.other_receipt[first] = first, back
    payments = np.flatnonzero((ledger.items["kind"] == PAYMENT).to_numpy() & (ledger.items["amount"] < 0).to_numpy())
    alone = (lines.cents < 0) & (apart.why == "")
    apart.why[alone] = "returned_unknown"
    line, item = _booked(ledger, lines, whose, payments, (np.flatnonzero(alone), -_COMES_BACK_WITHIN, 0))
    apart.why[line], apart.booked_item[line] = "returned_booked", item
    line, item = _booked(
        ledger, lines, whose, payments,
        (np.flatnonzero((lines.cents > 0) & (apart.why == "")), -booked_within, booked_within),
    )  # fmt: skip
    apart.booked_item[line] = item
    place = np.full(len(ledger.items), -1)
    place[claims.item] = np.arange(len(claims.item))
    credit = place[item]
    unused = (credit >= 0) & (-claims.cents[credit] == lines.cents[line])
    apart.credit[line[unused]] = credit[unused]
    apart.why[line[~unused]] = "already_booked"
    return apart


def _returned(lines: Lines) -> tuple[Codes, Codes]:
    """(taken back, earlier receipt): of the same amount, account and payer, the latest one before."""
    back, paid = np.flatnonzero(lines.cents < 0), np.flatnonzero(lines.cents > 0)
    place, found = pairs(mixed((-lines.cents[back]).astype(np.uint64), lines.currency[back]),
                         mixed(lines.cents[paid].astype(np.uint64), lines.currency[paid]), most=_MOST)  # fmt: skip
    left, right = back[place], paid[found]
    days = lines.day[left] - lines.day[right]
    same = (lines.payer[left] == lines.payer[right]) | (lines.payer[left] < 0) | (lines.payer[right] < 0)
    kept = same & (days >= 0) & (days <= _COMES_BACK_WITHIN)
    named = lines.payer[left] == lines.payer[right]
    frame = pd.DataFrame({"left": left, "right": right, "days": days, "strange": ~named})[kept]
    return _once(frame, ["strange", "days", "left", "right"])


def _once(frame: pd.DataFrame, order: list[str]) -> tuple[Codes, Codes]:
    """Pairs in an order of preference, so that nothing stands in two of them."""
    left, right = [], []
    rest = frame.sort_values(order, kind="stable")
    while len(rest):
        # Whoever is the best of both sides is a pair; the others look again among what is left.
        best = ~rest["left"].duplicated() & ~rest["right"].duplicated()
        chosen = rest[best]
        left.append(chosen["left"].to_numpy())
        right.append(chosen["right"].to_numpy())
        rest = rest[~rest["left"].isin(chosen["left"]) & ~rest["right"].isin(chosen["right"])]
    none = np.zeros(0, dtype=np.intp)
    return np.concatenate([none, *left]).astype(np.intp), np.concatenate([none, *right]).astype(np.intp)


def _booked(
    ledger: Ledger, lines: Lines, whose: Whose, payments: Codes, asked: tuple[Codes, int, int]
) -> tuple[Codes, Codes]:
    """(receipt, item): payments in the books of the same amount and customer, so many days before or after."""
    own, earliest, latest = asked
    items = ledger.items.iloc[payments]
    currency = items["currency"].fillna(lines.home).str.upper()
    foreign = (currency != lines.home).to_numpy()
    amount = items["amount"].where(~foreign, -items["currency_amount"].abs())
    cents = -cents_of(amount.fillna(0.0))
    code = np.asarray(lines.currencies.get_indexer(pd.Index(currency)))
    booked, customer = day_numbers(items["booked_on"]), ledger._owners[payments]  # noqa: SLF001 - kept for such uses
    place, found = pairs(mixed(np.abs(lines.cents[own]).astype(np.uint64), lines.currency[own]),
                         mixed(cents.astype(np.uint64), code), most=_MOST)  # fmt: skip
    line = own[place]
    days = booked[found] - lines.day[line]
    known = whose.count(len(lines.day))[line] > 0
    named = np.isin(mixed(line.astype(np.uint64), customer[found]), mixed(whose.line.astype(np.uint64), whose.customer))
    kept = (days >= earliest) & (days <= latest) & (named | ~known)
    frame = pd.DataFrame({"left": line, "right": found, "days": np.abs(days), "strange": ~named})[kept]
    line, found = _once(frame, ["strange", "days", "left", "right"])
    return line, payments[found]

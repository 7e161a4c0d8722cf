"""Receipts that are in the books already: as one payment, as several, several as one, or as what settled an item."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from arlib.collection.receipts.claims import own_cents
from arlib.collection.receipts.keys import mixed, pairs
from arlib.collection.receipts.lines import Lines
from arlib.collection.receipts.payers import Whose
from arlib.ledger import Ledger
from arlib.schema import PAYMENT, Codes, Days, Flags, day_numbers

MOST = 50  # payments of one amount looked at
_SETTLES_WITHIN = 45  # days a payment is booked late, where it settles what the receipt names
_SAME = ("day", "label", "reference", "file", "row")  # what a payment accepted from a receipt keeps of it


@dataclass(frozen=True, eq=False)
class Payments:
    """Payments in the books.

    Attributes:
        item: position in `ledger.items`; `cents`, `currency`: of each in its own currency, positive.
        day, customer: when and of whom it is booked.
        piece: code of the payments of one day and document, or of one day and wording.
        told: code of all that an accepted receipt leaves of itself; `line_told`: the same of each receipt.
    """

    item: Codes
    cents: Codes
    currency: Codes
    day: Days
    customer: Codes
    piece: Codes
    told: Codes
    line_told: Codes

    def taken(self, kept: Codes) -> "Payments":
        """Some of the payments."""
        names = ("item", "cents", "currency", "day", "customer", "piece", "told")
        return replace(self, **{name: getattr(self, name)[kept] for name in names})


def payments_of(ledger: Ledger, lines: Lines) -> Payments:
    """The payments in the books, and by what they are told."""
    items = ledger.items
    item = np.flatnonzero((items["kind"] == PAYMENT).to_numpy() & (items["amount"] < 0).to_numpy())
    chosen = items.iloc[item]
    currency = pd.Index(chosen["currency"].fillna(lines.home).str.upper())
    day = day_numbers(chosen["booked_on"])
    written = chosen["document_id"].fillna(chosen["label"]).fillna("")
    piece = pd.DataFrame({"day": day, "written": written.to_numpy(object)}).groupby(["day", "written"]).ngroup()
    of_item = _told(day, chosen["label"], chosen)
    of_line = _told(lines.day, lines.rows["remittance"], lines.rows)
    told = np.asarray(pd.concat([of_item, of_line], ignore_index=True).groupby(list(_SAME)).ngroup(), dtype=np.intp)
    return Payments(
        item=item,
        cents=-own_cents(ledger, lines.home)[item],
        currency=np.asarray(lines.currencies.get_indexer(currency)),
        day=day,
        customer=ledger._owners[item],  # noqa: SLF001 - kept by the ledger for such uses
        piece=np.asarray(piece, dtype=np.intp),
        told=told[: len(item)],
        line_told=told[len(item) :],
    )


def _told(day: Days, label: "pd.Series[Any]", rows: pd.DataFrame) -> pd.DataFrame:
    texts = {"label": label, "reference": rows["reference"], "file": rows["file"]}
    written = {name: column.fillna("").to_numpy(object) for name, column in texts.items()}
    return pd.DataFrame({"day": day, **written, "row": rows["row"].fillna(-1).to_numpy("int64")})


def booked_singly(lines: Lines, whose: Whose, payments: Payments, asked: tuple[Codes, int, int]) -> tuple[Codes, Codes]:
    """(receipt, payment): of the same amount and customer, or told alike, so many days before or after."""
    found, agrees, told, known, days = _of_one_amount(lines, whose, payments, asked)
    kept = agrees | told | ~known
    line, payment = found
    frame = pd.DataFrame({"left": line, "right": payment, "days": np.abs(days), "strange": ~agrees, "told": ~told})
    return once(frame[kept], ["told", "strange", "days", "left", "right"])


def booked_elsewhere(
    lines: Lines, whose: Whose, payments: Payments, asked: tuple[Codes, int, int]
) -> tuple[Codes, Codes]:
    """(receipt, payment): of the same amount, of a customer the receipt is not of: it may be this money."""
    found, agrees, _, _, days = _of_one_amount(lines, whose, payments, asked)
    line, payment = found
    frame = pd.DataFrame({"left": line, "right": payment, "days": np.abs(days)})[~agrees]
    return once(frame, ["days", "left", "right"])


def _of_one_amount(
    lines: Lines, whose: Whose, payments: Payments, asked: tuple[Codes, int, int]
) -> tuple[tuple[Codes, Codes], Flags, Flags, Flags, Codes]:
    """Receipts and payments of one amount near in time: whether customers agree, they are told alike, one is known."""
    own, earliest, latest = asked
    place, found = pairs(mixed(np.abs(lines.cents[own]).astype(np.uint64), lines.currency[own]),
                         mixed(payments.cents.astype(np.uint64), payments.currency), most=MOST)  # fmt: skip
    line = own[place]
    days = payments.day[found] - lines.day[line]
    near = (days >= earliest) & (days <= latest)
    line, found, days = line[near], found[near], days[near]
    known = whose.count(len(lines.day))[line] > 0
    agrees = _agrees(whose, line, payments.customer[found])
    return (line, found), agrees, payments.told[found] == payments.line_told[line], known, days


def _agrees(whose: Whose, line: Codes, customer: Codes) -> Flags:
    """Whether a receipt may be of a customer."""
    known = mixed(whose.line.astype(np.uint64), whose.customer)
    return np.asarray(np.isin(mixed(line.astype(np.uint64), customer), known), dtype=bool)


def booked_in_parts(lines: Lines, payments: Payments, own: Codes, free: Codes, within: int) -> tuple[Codes, Codes]:
    """(receipt, payment): several payments of one piece, of whatever customers, that add up to the receipt."""
    parts = []
    for code in (payments.told[free], payments.piece[free]):
        frame = pd.DataFrame({"code": code, "currency": payments.currency[free], "cents": payments.cents[free]})
        whole = frame.assign(first=free, day=payments.day[free]).groupby(["code", "currency"], as_index=False).agg(
            cents=("cents", "sum"), first=("first", "first"), day=("day", "first"), size=("cents", "size"),
        )  # fmt: skip
        whole = whole[whole["size"] > 1]
        keys = mixed(whole["cents"].to_numpy().astype(np.uint64), whole["currency"].to_numpy())
        place, found = pairs(mixed(lines.cents[own].astype(np.uint64), lines.currency[own]), keys, most=MOST)
        days = np.abs(whole["day"].to_numpy()[found] - lines.day[own[place]])
        near = days <= within
        parts.append(pd.DataFrame(
            {"left": own[place[near]], "right": whole["first"].to_numpy()[found[near]], "days": days[near]}
        ))  # fmt: skip
    return once(pd.concat(parts, ignore_index=True), ["days", "left", "right"])


def booked_together(
    lines: Lines, whose: Whose, payments: Payments, asked: tuple[Codes, Codes, int]
) -> tuple[Codes, Codes]:
    """(receipt, payment): several receipts of one payer and day that are one payment of its customer in the books."""
    own, free, within = asked
    named = own[lines.payer[own] >= 0]
    frame = pd.DataFrame({"payer": lines.payer[named], "day": lines.day[named], "currency": lines.currency[named]})
    group = frame.groupby(["payer", "day", "currency"]).ngroup().to_numpy()
    total = np.bincount(group, lines.cents[named]).astype(np.int64)
    several, leader = np.bincount(group) > 1, np.full(len(total), -1)
    leader[group[::-1]] = named[::-1]
    chosen = np.flatnonzero(several)
    first = leader[chosen]
    place, found = pairs(mixed(total[chosen].astype(np.uint64), lines.currency[first]),
                         mixed(payments.cents[free].astype(np.uint64), payments.currency[free]), most=MOST)  # fmt: skip
    line, payment = first[place], free[found]
    days = np.abs(payments.day[payment] - lines.day[line])
    kept = (days <= within) & _agrees(whose, line, payments.customer[payment])
    near = pd.DataFrame({"left": line, "right": payment, "days": days})[kept]
    line, payment = once(near, ["days", "left", "right"])
    of_group = np.full(len(total), -1)
    member = np.full(len(lines.day), -1)
    member[named] = group
    of_group[member[line]] = payment
    all_of_it = of_group[group] >= 0
    return named[all_of_it], of_group[group[all_of_it]]


def booked_by_settling(
    ledger: Ledger, lines: Lines, named: tuple[Codes, Codes], payments: Payments, asked: tuple[Codes, Codes, int]
) -> tuple[Codes, Codes]:
    """(receipt, payment): the payment near in time that settles what the receipt names, of its amount or for it."""
    own, free, within = asked
    debit, credit = ledger._sides  # noqa: SLF001 - kept by the ledger for such uses
    number = np.full(len(ledger.items), -1)
    number[payments.item[free]] = free
    kept = np.isin(named[0], own)
    line, item = named[0][kept], named[1][kept]
    hit, match = pairs(item, debit)
    payment = number[credit[match]]
    frame = pd.DataFrame({"left": line[hit], "right": item[hit], "payment": payment})
    frame["settles"] = np.rint(ledger.matches["amount"].to_numpy()[match] * 100).astype(np.int64)
    frame = frame[payment >= 0]
    whole = frame.groupby(["left", "payment"])["settles"].transform("sum")
    left, of = frame["left"].to_numpy(), frame["payment"].to_numpy()
    days = payments.day[of] - lines.day[left]
    fits = (whole == lines.cents[left]) | (payments.cents[of] == lines.cents[left])
    near = frame.assign(days=np.abs(days))[fits.to_numpy() & (days >= -within) & (days <= _SETTLES_WITHIN)]
    near = near.sort_values(["days", "left", "right", "payment"]).drop_duplicates(["left", "right"])
    chosen, of_item = once(near, ["days", "left", "right"])
    found = near.set_index(["left", "right"])["payment"].reindex(pd.MultiIndex.from_arrays([chosen, of_item]))
    return chosen, found.to_numpy(dtype=np.intp)


def once(frame: pd.DataFrame, order: list[str]) -> tuple[Codes, Codes]:
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

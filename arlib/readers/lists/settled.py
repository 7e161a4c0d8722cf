"""What a list says is settled, by which of its rows, and when."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.schema import HALF_CENT, OTHER, PAYMENT, Codes
from arlib.words import Sentence, bare, say

SETTLING = ("paid_on", "paid_amount", "credited_amount", "open_amount", "paid_status", "is_open", "is_paid")
_STATES = ("paid", "part", "open")
_NO_LETTER = ("-", "0", "N", "NON", "NO", "NL", ".", "/", "_")  # what software writes where nothing is matched
_APART = "\x1f"
_NOT = r"^(?:non|un|not|im|nicht|no|nao|sin|to be|a)\b|^(?:unpaid|unbezahlt|impaye)"
_IN_PART = r"partiel|partial|part paid|part payment|teil|parcial|parzial"
_IN_FULL = (
    r"^(?:paye|payee|payes|payees|paid|reglee?s?|soldee?s?|encaissee?s?|acquittee?s?|settled|closed|cleared|received"
    r"|in payment|in paiement|lettree?s?|apuree?s?|bezahlt|beglichen|ausgeglichen|pagad[oa]s?|cobrad[oa]s?|pagat[oa]"
    r"|saldat[oa]|incassat[oa]|full)\b"
)


def state_of(written: str) -> str:
    """Whether a status says `paid`, `part` (partly) or `open`; what is not understood is open."""
    plain = " ".join(re.sub(r"[^a-z]+", " ", bare(written).lower()).split())
    if re.search(_NOT, plain):
        return "open"
    if re.search(_IN_PART, plain):
        return "part"
    return "paid" if re.search(_IN_FULL, plain) else "open"


@dataclass(frozen=True, eq=False)
class Settled:
    """How much of each row is settled, with the row's own sign; notes, and what to warn of."""

    amount: "pd.Series[Any]"
    reading: list[Sentence]
    warnings: list[Sentence]


def settled(read: pd.DataFrame) -> Settled:
    """What a list says is settled of each row: by what is left of it, else the amount paid, the date, the status.

    A payment of its own row settles by all it is worth, unless the list says what is left of it.
    """
    amount, sign = read["amount"], np.sign(read["amount"])
    states, notes = _states(read)
    paid = pd.Series(0.0, index=read.index)
    if states is not None:
        paid = paid.where(states != "paid", amount)
    if "is_open" in read:
        paid = paid.where(read["is_open"] != 0, amount)
    if "is_paid" in read:
        paid = paid.where(read["is_paid"] != 1, amount)
    if "paid_on" in read:
        paid = paid.where(read["paid_on"].isna(), amount)
    absent = pd.Series(np.nan, index=read.index)
    stated = sign * read["paid_amount"].abs() if "paid_amount" in read else absent
    if "credited_amount" in read:
        stated = stated.fillna(0) + sign * read["credited_amount"].fillna(0).abs()
    left = amount - sign * read["open_amount"].abs() if "open_amount" in read else absent
    differ = (stated - left).abs() > HALF_CENT
    doubts = [say("read.paid_differs", rows=int(differ.sum()), row=differ.idxmax())] if differ.any() else []
    unknown = (states == "part") & left.isna() & stated.isna() if states is not None else differ & False
    if unknown.any():
        doubts.append(say("read.part_unknown", rows=int(unknown.sum()), amount=float(amount[unknown].sum())))
    paid = paid.where(read["kind"] != PAYMENT, amount)
    return Settled(left.fillna(stated).fillna(paid).round(2), notes, doubts)


def without_due_at_issue(read: pd.DataFrame) -> tuple[pd.DataFrame, list[Sentence]]:
    """The columns without an "amount due" that is the amount of the invoice and not what is left of it.

    It is where it equals the amount of every row, those among them that are said to be paid in full.
    """
    if not {"open_amount", "amount"} <= set(read):
        return read, []
    amount = read["amount"].abs()
    if not (((read["open_amount"].abs() - amount).abs() < HALF_CENT) | read["amount"].isna()).all():
        return read, []
    paid = pd.Series(data=False, index=read.index)
    if "paid_amount" in read:
        paid |= (amount >= HALF_CENT) & ((read["paid_amount"].abs() - amount).abs() < HALF_CENT)
    if "is_paid" in read:
        paid |= (read["is_paid"] == 1) & (amount >= HALF_CENT)
    if "paid_status" in read:
        known = {text: state_of(text) == "paid" for text in read["paid_status"].dropna().unique()}
        paid |= read["paid_status"].map(known).fillna(value=False).astype(bool) & (amount >= HALF_CENT)
    if not paid.any():
        return read, []
    said = say("read.due_at_issue", rows=int(paid.sum()), row=int(read.index[paid][0]))
    return read.drop(columns="open_amount"), [said]


def _states(read: pd.DataFrame) -> tuple["pd.Series[Any] | None", list[Sentence]]:
    """The state each row's status says, and the words that were read as each of them."""
    if "paid_status" not in read:
        return None, []
    named = {text: state_of(text) for text in read["paid_status"].dropna().unique()}
    spoken = {state: ", ".join(t for t, known in named.items() if known == state)[:200] or "–" for state in _STATES}
    states = read["paid_status"].map(named).astype("str").fillna("open")
    return states, [say("read.statuses", **spoken)] if named else []


@dataclass(frozen=True, eq=False)
class Groups:
    """What is settled together in a list of movements.

    Attributes:
        group: the group of each row, missing for none.
        settled: the part of its amount that is settled, where the list says it.
        reading: what was understood.
        warnings: what a person should look at.
    """

    group: "pd.Series[Any]"
    settled: "pd.Series[Any] | None" = None
    reading: tuple[Sentence, ...] = ()
    warnings: tuple[Sentence, ...] = ()


def groups(read: pd.DataFrame) -> Groups:
    """What belongs together: by matching code, or by what the list says is settled.

    What rows name is looked for among the documents of all files, once they are read (`arlib.readers.naming`).
    """
    if "letter" in read:
        return Groups(read["customer_id"] + _APART + letters(read["letter"]))
    if {"applied_to", "reference"} <= set(read) or not set(SETTLING) & set(read):
        return Groups(pd.Series(pd.NA, index=read.index, dtype="str"))
    said = settled(read)
    # No more of a row is settled than there is of it.
    part = np.sign(read["amount"]) * (said.amount * np.sign(read["amount"])).clip(lower=0).clip(
        upper=read["amount"].abs()
    )
    group = (read["customer_id"] + _APART).where(part.abs() >= HALF_CENT)
    notes = (*said.reading, say("read.settled_within_customer"))
    return Groups(group, part, notes, tuple(said.warnings))


def letters(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Matching codes without what software writes where nothing is matched."""
    plain = cells.str.strip("*").str.upper()
    return cells.where((plain != "") & ~plain.isin(_NO_LETTER))


def counterparts(items: pd.DataFrame, read: pd.DataFrame, last: pd.Timestamp) -> tuple[pd.DataFrame, list[Sentence]]:
    """What settles, outside the list, rows that the list says are settled; one movement a group.

    A list of cleared items, or of what is left of each, is true of every row: what its own rows do not settle was
    settled by something it does not hold (a payment of another period, a credit note of another list). Without the
    counterpart these rows would be open for ever.
    """
    settled = items["_settled"] if "_settled" in items else items["amount"]
    said = _said_to_be_settled(items, read)
    if not said.any():
        return items.iloc[:0], []
    known = items["_matching"].notna() & said
    codes, names = pd.factorize(items["_matching"].where(known))
    rest = pd.Series(np.bincount(codes[codes >= 0], settled[codes >= 0], len(names))).round(2)
    # Only a list that speaks of every row knows of credits that settled what it does not hold.
    lacking = rest.abs() >= HALF_CENT if {"open_amount", "letter"} & set(read) else rest >= HALF_CENT
    if not lacking.any():
        return items.iloc[:0], []
    first, when = _first_and_last(codes, items, read, last, len(names))
    added = items.iloc[first[lacking]].assign(
        kind=np.where(rest[lacking] > 0, PAYMENT, OTHER), amount=-rest[lacking].to_numpy(), net_amount=np.nan
    )
    added["issued_on"] = added["booked_on"] = when[lacking]
    if "due_on" in added:
        added["due_on"] = pd.NaT
    if "_settled" in added:
        added["_settled"] = added["amount"]
    warned = say("read.settled_elsewhere", rows=int(lacking.sum()), amount=float(rest[lacking].abs().sum()))
    return added, [warned]


def _said_to_be_settled(items: pd.DataFrame, read: pd.DataFrame) -> "pd.Series[bool]":
    """Rows of groups that the list holds for closed: by what is left, or by clearing dates that go with the codes.

    A matching code alone says only what belongs together: accountants match in part as well.
    """
    if "letter" not in read:
        return pd.Series("_settled" in items, index=read.index)
    if "paid_on" not in read:
        return pd.Series(data=False, index=read.index)
    cleared = read["paid_on"].notna()
    return cleared & bool((cleared == letters(read["letter"]).notna()).all())


def _first_and_last(
    codes: Codes, items: pd.DataFrame, read: pd.DataFrame, last: pd.Timestamp, size: int
) -> tuple[Codes, Any]:
    """The first row of each group, and the day its counterpart counts: never before what it settles."""
    members = np.flatnonzero(codes >= 0)
    first = np.zeros(size, dtype=np.intp)
    first[codes[members][::-1]] = members[::-1]
    on = read["paid_on"].fillna(items["booked_on"]) if "paid_on" in read else pd.Series(last, index=read.index)
    days = pd.concat([on, items["booked_on"]], axis=1).max(axis=1)
    latest = days.iloc[members].groupby(codes[members]).max()
    return first, latest.to_numpy()

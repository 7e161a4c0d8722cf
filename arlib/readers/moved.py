"""Debts moved from one customer account to another (416, 413, another customer): what each was before goes with it.

An entry that moves a debt credits the account it leaves and debits the one it enters, on the day of the move. The
credit settles the invoice, and the debit would be a debt of that day; it is the invoice's, under another account.
"""

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd

from arlib.readers.matching import match_groups, unmatched
from arlib.schema import BILL, HALF_CENT, places_of
from arlib.words import Sentence, say

Notes = dict[int, list[Sentence]]
_Keys = tuple[list[str], ...]

# What a debit has in common with the credit of its entry that it stands for, from the surest on.
_ENTRY = ["_file", "_entry", "booked_on"]
_PAIRS: _Keys = (["customer_id", "reference", "_cents"], ["customer_id", "_cents"], ["customer_id"], ["_cents"], [])
# What a credit without a letter has in common with the debts it moved; by the last, these are the oldest.
_ACCOUNT = ["_file", "customer_id", "account"]
_DEBTS: _Keys = (["reference", "_cents"], ["reference"], ["_cents"], [])
_TAKEN = ("document_id", "reference", "issued_on", "due_on", "due_source", "terms")
_IN_PROPORTION = ("net_amount", "tax_amount")


def with_origins(items: pd.DataFrame, matches: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, Notes, Notes]:
    """Items whose moved debts are as old as what they replace, a row each; their matches; notes and warnings by file.

    A debit that an entry moves takes over the reference, the date, the due date and where it comes from, the terms and
    the tax (in proportion) of the debt that the credit of the same entry settled: by its letter, else by its reference
    or amount, else the oldest of the customer on that account. One that replaces several debts becomes a row each, the
    oldest first in taking up what was matched with it. A bill keeps the due date its file states. What it replaces is
    `origin_id`, missing elsewhere; of what replaces nothing known the day of the move stays, and is told.

    Args:
        items: movements with their due dates; `_entry`, the entry of those that move debts, below 0 for others.
        matches: what settles what.
    """
    moving = _moving(items)
    moves, _ = _by_what_they_share(moving, _ENTRY, _PAIRS)
    if moves.empty:
        return items, matches, {}, {}
    found, by_age = _unlettered(items, unmatched(items, matches), moves)
    matches = pd.concat([matches, found], ignore_index=True) if len(found) else matches
    before = len(items)
    items = items.assign(origin_id=pd.array(np.full(before, np.nan), "Int64"))
    moved = pd.Index(moves["debit_id"].unique())
    while len(moves):
        replaced = _replaced(items, matches, moves)
        waiting = moves["debit_id"].isin(replaced.loc[replaced["origin_id"].isin(moves["debit_id"]), "item_id"])
        items, matches = _split(items, matches, replaced[~replaced["item_id"].isin(moves.loc[waiting, "debit_id"])])
        moves = moves[waiting] if not waiting.all() else moves.iloc[:0]  # what goes in a circle began nowhere
    debts = items[items["item_id"].isin(moved) | (np.arange(len(items)) >= before)]
    return items, matches, *_said(debts, by_age)


def _moving(items: pd.DataFrame) -> pd.DataFrame:
    """The items that move debts, both sides."""
    if "_entry" not in items:
        return items.iloc[:0]
    moving = (items["_entry"].fillna(-1) >= 0) & (items["amount"] != 0)
    return items.loc[moving.to_numpy(bool)]


def _by_what_they_share(items: pd.DataFrame, common: list[str], keys: _Keys) -> tuple[pd.DataFrame, "pd.Series[Any]"]:
    """Debits and credits that belong together, by key after key, as matches; and the place of the key of each."""
    found = []
    for key in keys if len(items) else ():
        left = items[items["amount"].abs() >= HALF_CENT]
        cents = left.assign(_cents=(left["amount"].abs() * 100).round().astype("int64"))
        groups = cents.groupby([*common, *key], sort=False).ngroup()
        found.append(match_groups(left, groups.where(groups >= 0), "derived"))
        items = unmatched(left, found[-1])
    if not found:
        return pd.DataFrame({"debit_id": [], "credit_id": [], "amount": []}), pd.Series(dtype="int64")
    turn = pd.Series(np.repeat(np.arange(len(found)), [len(each) for each in found]))
    return pd.concat(found, ignore_index=True), turn


def _unlettered(items: pd.DataFrame, left: pd.DataFrame, moves: pd.DataFrame) -> tuple[pd.DataFrame, "pd.Index[int]"]:
    """What credits that moved debts settle where no letter says so, and those of them that took the oldest debts.

    Debts booked after the move, or in the same entry, are not what it moved.
    """
    credit = items["item_id"].isin(moves["credit_id"]) & (left["amount"] < 0)
    owners = items.loc[credit, "customer_id"]
    found, turn = _by_what_they_share(
        left[credit | ((left["amount"] > 0) & items["customer_id"].isin(owners))], _ACCOUNT, _DEBTS
    )
    if found.empty:
        return found, pd.Index([], dtype="int64")
    debit, settling = (items.take(places_of(items["item_id"], found[side])) for side in ("debit_id", "credit_id"))
    same_entry = (debit[_ENTRY].to_numpy() == settling[_ENTRY].to_numpy()).all(axis=1)
    earlier = (debit["booked_on"].to_numpy() <= settling["booked_on"].to_numpy()) & ~same_entry
    oldest = found.loc[earlier & (turn == len(_DEBTS) - 1).to_numpy(), "credit_id"]
    return found[earlier], pd.Index(oldest.unique())


def _replaced(items: pd.DataFrame, matches: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """Which debts each moved debit replaces, and for how much: of what its credit settled, like it, else the oldest."""
    settled = matches[matches["credit_id"].isin(moves["credit_id"])]
    moved_on = items["booked_on"].to_numpy()[places_of(items["item_id"], settled["credit_id"])]
    settled = settled.loc[settled["matched_on"].to_numpy() == moved_on, ["debit_id", "credit_id", "amount"]]
    sides = []  # a debt booked after the move is not what it moved
    for rows in (settled, moves[["debit_id", "credit_id", "amount"]]):
        of = items[["reference", "due_on"]].take(places_of(items["item_id"], rows["debit_id"]))
        sides.append(rows.assign(reference=of["reference"].array, on=of["due_on"].array))
    laid = _laid(sides[0], sides[1], ["credit_id"], _DEBTS)
    laid = laid.assign(
        origin_id=settled["debit_id"].to_numpy()[laid["first"]], item_id=moves["debit_id"].to_numpy()[laid["second"]]
    )
    return laid.groupby(["origin_id", "item_id"], as_index=False)[["amount"]].sum()


def _laid(first: pd.DataFrame, second: pd.DataFrame, common: list[str], keys: _Keys = ([],)) -> pd.DataFrame:
    """Two lists of amounts side by side by what they share, in the order of `on`: their rows and the common amount."""
    both = pd.concat([first, second.assign(amount=-second["amount"])], ignore_index=True)
    records = both.assign(item_id=np.arange(len(both)), booked_on=both["on"], due_on=both["on"])
    laid, _ = _by_what_they_share(records, common, keys)
    return pd.DataFrame(
        {"first": laid["debit_id"], "second": laid["credit_id"] - len(first), "amount": laid["amount"]}
    ).astype({"first": "int64", "second": "int64"})


def _split(items: pd.DataFrame, matches: pd.DataFrame, replaced: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Moved debits with what they take over, a row each debt they replace; and their matches, on these rows."""
    parts = _parts(items, replaced)
    new = ~parts["first"].to_numpy()
    if new.any():
        more = items.take(places_of(items["item_id"], parts.loc[new, "item_id"]))
        more = more.assign(item_id=parts.loc[new, "id"].to_numpy())
        items = pd.concat([items, more], ignore_index=True)
        matches = _on_parts(matches, parts)
    items = items.copy(deep=False)
    at = places_of(items["item_id"], parts["id"])
    items["amount"] = _placed(items["amount"], at, parts["amount"])
    known = parts["origin_id"].notna().to_numpy()
    return _taking_over(items, at[known], places_of(items["item_id"], parts.loc[known, "origin_id"])), matches


def _parts(items: pd.DataFrame, replaced: pd.DataFrame) -> pd.DataFrame:
    """The rows each moved debit becomes, oldest first: `item_id, origin_id, amount`, its own `id`, whether `first`."""
    whole = items["amount"].to_numpy()[places_of(items["item_id"], replaced["item_id"])]
    sums = replaced.assign(whole=whole).groupby("item_id", as_index=False).agg({"whole": "first", "amount": "sum"})
    rest = sums[["item_id"]].assign(amount=(sums["whole"] - sums["amount"]).round(2))
    unknown = rest[rest["amount"] >= HALF_CENT]
    due = items["due_on"].to_numpy()[places_of(items["item_id"], replaced["origin_id"])]
    parts = pd.concat([replaced.assign(due=due), unknown], ignore_index=True).astype({"origin_id": "Int64"})
    parts = parts.sort_values(["item_id", "due", "origin_id"], ignore_index=True)
    first = ~parts["item_id"].duplicated()
    following = int(items["item_id"].max()) + (~first).cumsum()
    made: pd.DataFrame = parts.assign(first=first, id=parts["item_id"].where(first, following))
    return made


def _on_parts(matches: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """The matches with those of debits that became several rows laid on these, the oldest first."""
    several = matches["debit_id"].isin(parts.loc[~parts["first"], "item_id"])
    if not several.any():
        return matches
    own = matches[several].reset_index(drop=True)
    owed = parts[["amount"]].assign(debt=parts["item_id"], on=parts["due"])
    settled = own[["amount"]].assign(debt=own["debit_id"], on=own["matched_on"])
    laid = _laid(owed, settled, ["debt"])
    made = own.take(laid["second"].to_numpy()).reset_index(drop=True)
    made = made.assign(debit_id=parts["id"].to_numpy()[laid["first"]], amount=laid["amount"].to_numpy())
    return pd.concat([matches[~several], made], ignore_index=True)


def _taking_over(items: pd.DataFrame, at: "np.ndarray[Any, Any]", origin: "np.ndarray[Any, Any]") -> pd.DataFrame:
    """The items, those at some places with what they take over from those at others."""
    items["origin_id"] = _placed(items["origin_id"], at, items["item_id"].iloc[origin])
    own = ((items["kind"] == BILL) & (items["due_source"] == "file")).to_numpy()[at]
    own |= items["due_on"].isna().to_numpy()[origin] | items["due_on"].isna().to_numpy()[at]  # of a retention: none
    for name in _TAKEN:
        if name in items:
            stated = items[name].notna().to_numpy()[origin]
            taken = stated & ~own if name.startswith("due_") else stated
            items[name] = _placed(items[name], at[taken], items[name].iloc[origin[taken]])
    amount = items["amount"].to_numpy()
    for name in _IN_PROPORTION:
        if name in items:
            share = items[name].to_numpy()[origin] / amount[origin]
            items[name] = _placed(items[name], at, pd.Series(np.round(share * amount[at], 2)))
    return items


def _placed(column: "pd.Series[Any]", at: "np.ndarray[Any, Any]", values: "pd.Series[Any]") -> "pd.Series[Any]":
    """A column with other values at some places."""
    made = column.copy()
    made.iloc[at] = values.array
    return made


def _said(debts: pd.DataFrame, by_age: "pd.Index[int]") -> tuple[Notes, Notes]:
    """What is said of moved debts, file by file: notes, and warnings on those whose origin is not known."""
    notes: Notes = defaultdict(list)
    warnings: Notes = defaultdict(list)
    for file, rows in debts.groupby("_file"):
        known, unknown = rows[rows["origin_id"].notna()], rows[rows["origin_id"].isna()]
        place = int(str(file))
        for key, part, told in (("known", known, notes), ("unknown", unknown, warnings)):
            if len(part):
                accounts = ", ".join(sorted(part["account"].str[:3].dropna().unique()))
                amount = round(float(part["amount"].sum()), 2)
                told[place].append(say(f"fec.moved.{key}", rows=len(part), accounts=accounts, amount=amount))
    if len(by_age):
        notes[int(debts["_file"].iloc[0])].append(say("fec.moved.by_age", rows=len(by_age)))
    return dict(notes), dict(warnings)

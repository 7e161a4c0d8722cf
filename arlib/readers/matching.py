"""Which credit settles which debit, inside groups of movements that belong together, first in first out."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.schema import CREDIT_NOTE, KINDS, Codes, Days, day_numbers, places_of, sum_by_code, texts_by_code, to_dates

_FEW = 4  # times the movements there are: numbers of groups that need not be numbered anew
_TURN_OF_KIND = {kind: turn for turn, kind in enumerate(KINDS)} | {CREDIT_NOTE: -1}
_SAME_DAY = ("kind", "reference", "amount", "issued_on", "customer_id")  # what orders equal days, where it is known


def match_groups(items: pd.DataFrame, groups: "pd.Series[Any]", method: str) -> pd.DataFrame:
    """Matches inside each group: its credits settle its debits, first in first out, until one side is used up.

    The order is that of the books, so that a later entry never changes what an earlier one settled. Debts of one day
    are settled by due date, credits of one day are used credit notes first; equal ones by kind, reference and amount:
    by what they are, and by their row only where they are the same.

    What remains of a group that does not net to zero stays open. A match counts from the later of the two booking
    dates, whatever the day the clerk made it.

    Args:
        items: movements with `item_id, booked_on, due_on, amount`, and `kind, reference, issued_on, customer_id` where
            they are known.
        groups: the group of each movement, missing for one that belongs to none; of whole numbers, those below 0.
        method: `official` for the accountant's own matching, `derived` for arlib's.

    Returns:
        One row a match: `debit_id, credit_id, amount, matched_on, method`.
    """
    codes = _codes_of(groups)
    cents = np.rint(items["amount"].to_numpy() * 100).astype(np.int64)
    booked, due = day_numbers(items["booked_on"]), day_numbers(items["due_on"])
    debit = _sorted_group_members(items, codes, cents > 0, (due, booked))
    credit = _sorted_group_members(items, codes, cents < 0, (booked,))
    pairs, settled = _overlay(codes, np.abs(cents), debit, credit)
    return _as_matches(items, pairs, settled, method)


def match_in_order(items: pd.DataFrame, links: pd.DataFrame, owned: Codes, method: str) -> pd.DataFrame:
    """Matches of rows that name several documents, each in its turn; earlier rows, by the books, before later ones.

    What one row leaves of a document the next finds, so they are taken one after another: the only rows that are.

    Args:
        items: movements, as `match_groups` takes them.
        links: what each row settles: its `place` in the items, the `key` of a document and the `turn` it comes in.
        owned: the document each item is of, -1 for one that is of none; of one document the order is that of the
            books.
        method: as in `match_groups`.

    Returns:
        Matches as those of `match_groups`.
    """
    booked, due = day_numbers(items["booked_on"]), day_numbers(items["due_on"])
    cents = np.rint(items["amount"].to_numpy() * 100).astype(np.int64)
    side = np.where(owned >= 0, 2 * owned + (cents > 0), -1)  # the debits of a document, or its credits
    owed = np.where(cents > 0, due, 0)  # credits have no order of due dates
    waiting = _by_the_books(items, np.flatnonzero(side >= 0), (owed, booked, side))
    at, rank = links["place"].to_numpy(), np.zeros(len(items), dtype=np.intp)
    rows = _by_the_books(items, np.unique(at), (booked,))
    rank[rows] = np.arange(len(rows))
    order = np.lexsort((links["turn"], rank[at]))
    against = 2 * links["key"].to_numpy() + (cents[at] < 0)
    first = np.searchsorted(side[waiting], np.arange(against.max(initial=0) + 2)).tolist()
    ends, members, left, pairs = first[1:], waiting.tolist(), np.abs(cents).tolist(), []
    for place, queue in zip(at[order].tolist(), against[order].tolist(), strict=True):
        head, end = first[queue], ends[queue]
        while left[place] and head < end:
            other = members[head]
            settled = min(left[place], left[other])
            if settled:  # what is waiting may have been used up by what it names itself
                pairs.append((place, other, settled))
            left[place] -= settled
            left[other] -= settled
            head += not left[other]
        first[queue] = head
    naming, other, amounts = np.array(pairs, dtype=np.int64).reshape(-1, 3).T
    debit = cents[naming] > 0
    return _as_matches(items, (np.where(debit, naming, other), np.where(debit, other, naming)), amounts, method)


def _as_matches(
    items: pd.DataFrame, pairs: tuple[Codes, Codes], cents: npt.NDArray[np.int64], method: str
) -> pd.DataFrame:
    """Pairs of a debit and a credit as matches, each counting from the later of its two booking dates."""
    ids, booked = items["item_id"].to_numpy(), day_numbers(items["booked_on"])
    matched = pd.DataFrame({"debit_id": ids[pairs[0]], "credit_id": ids[pairs[1]], "amount": cents / 100})
    matched["matched_on"] = to_dates(np.maximum(booked[pairs[0]], booked[pairs[1]]))
    return matched.assign(method=texts_by_code((method,), np.zeros(len(matched), dtype=np.intp), matched.index))


def _codes_of(groups: "pd.Series[Any]") -> Codes:
    """Groups as small numbers, -1 for none; numbers that are small already as they are."""
    if groups.dtype.kind != "i":
        return np.asarray(pd.factorize(groups)[0], dtype=np.intp)
    codes: Codes = groups.to_numpy(dtype=np.intp)
    if codes.max(initial=-1) < _FEW * len(codes):
        return codes
    return np.asarray(pd.factorize(groups.where(groups >= 0))[0], dtype=np.intp)


def unmatched(items: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """The items with what matches have left of their amounts."""
    amounts = matches["amount"].to_numpy()
    debits, credits_ = (
        sum_by_code(places_of(items["item_id"], matches[side]), amounts, len(items))
        for side in ("debit_id", "credit_id")
    )
    return items.assign(amount=(items["amount"] - debits + credits_).round(2))


def in_turn(items: pd.DataFrame) -> tuple[list[pd.DataFrame], pd.DataFrame]:
    """Matches in several turns: each column `_pass_<turn>_<method>` names the groups of one, in the columns' order.

    Returns:
        The matches of each turn, and the items with what all of them have left of their amounts.
    """
    turns = []
    for name in sorted(str(column) for column in items if str(column).startswith("_pass_")):
        turns.append(match_groups(items, items[name], name.rpartition("_")[2]))
        items = unmatched(items, turns[-1])
    return turns, items


def _sorted_group_members(
    items: pd.DataFrame, codes: Codes, chosen: npt.NDArray[np.bool_], days: tuple[Days, ...]
) -> Codes:
    members = np.flatnonzero(chosen & (codes >= 0))
    alone = np.full(int(codes.max(initial=-1)) + 1, -1, dtype=np.intp)
    alone[codes[members]] = members
    if (alone >= 0).sum() == len(members):  # one a group: nothing to order but the groups
        return alone[alone >= 0]
    return _by_the_books(items, members, (*days, codes))


def _by_the_books(items: pd.DataFrame, members: Codes, keys: tuple[Days | Codes, ...]) -> Codes:
    """Items in the order of keys, the last one first as `np.lexsort` has it; equal ones by what they are.

    Only what stands equal is looked at closer: most items differ by their days.
    """
    order = members[np.lexsort([key[members] for key in keys])]
    equal = np.ones(max(len(order) - 1, 0), dtype=bool)
    for key in keys:
        equal &= np.diff(key[order]) == 0
    if not equal.any():
        return order
    tied = np.append(equal, False) | np.append(False, equal)
    run = np.cumsum(np.append(True, ~equal))[tied]
    among = order[tied]
    closer = [_codes_to_sort(items[name].take(among)) for name in _SAME_DAY if name in items]
    order[tied] = among[np.lexsort([among, *closer[::-1], run])]
    return order


def _codes_to_sort(values: "pd.Series[Any]") -> npt.NDArray[Any]:
    """Numbers in the order of the values, credit notes first among kinds; missing ones together."""
    if values.name == "kind":
        return values.map(_TURN_OF_KIND).to_numpy(dtype=np.float64)
    return values.to_numpy() if values.dtype.kind == "f" else np.asarray(pd.factorize(values, sort=True)[0])


def _overlay(
    codes: Codes, cents: npt.NDArray[np.int64], debit: Codes, credit: Codes
) -> tuple[tuple[Codes, Codes], npt.NDArray[np.int64]]:
    """Lay the debits and the credits of each group side by side on one line of cents; each common piece is a match."""
    size = int(codes.max(initial=-1)) + 1
    common = np.zeros(size, dtype=np.int64)
    np.minimum(_totals(codes, cents, debit, size), _totals(codes, cents, credit, size), out=common)
    start = np.cumsum(common) - common
    debit, credit = debit[common[codes[debit]] > 0], credit[common[codes[credit]] > 0]

    def ends(members: Codes) -> npt.NDArray[np.int64]:
        running = np.cumsum(cents[members])
        group = codes[members]
        before = np.concatenate([[0], running])[np.searchsorted(group, np.arange(size))]
        within: npt.NDArray[np.int64] = np.minimum(running - before[group], common[group]) + start[group]
        return within

    debit_ends, credit_ends = ends(debit), ends(credit)
    if np.array_equal(debit_ends, credit_ends) and (np.diff(debit_ends, prepend=0) > 0).all():
        return (debit, credit), np.diff(debit_ends, prepend=0)  # one debit for one credit, as invoices are paid
    cuts = np.sort(np.concatenate([[0], debit_ends, credit_ends]), kind="stable")  # sorted runs: a merge
    cuts = cuts[np.concatenate([[True], cuts[1:] != cuts[:-1]])]
    pieces = cuts[:-1]
    pairs = (
        debit[np.searchsorted(debit_ends, pieces, side="right")],
        credit[np.searchsorted(credit_ends, pieces, side="right")],
    )
    return pairs, np.diff(cuts)


def _totals(codes: Codes, cents: npt.NDArray[np.int64], members: Codes, size: int) -> npt.NDArray[np.int64]:
    totals = np.zeros(size, dtype=np.int64)
    np.add.at(totals, codes[members], cents[members])
    return totals

"""One more file of a company into its history: its opening against the close before it, its letters, its totals."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from arlib.readers.matching import in_turn
from arlib.readers.reading import Reading
from arlib.schema import BILL, HALF_CENT, INVOICE, OPENING
from arlib.words import Sentence, say

_GAP = pd.Timedelta(days=45)  # between two files, beyond which a period is missing
_NAMED = 10  # customers that are written out in a warning; all are items
_DIFFERENCE = "écart à nouveau / opening difference"  # the wording of an entry is in no one's language
# What an opening line repeats of an item, from the surest on: what was left of it, or its whole amount.
_REPEATED = tuple(
    ["customer_id", *names, amount]
    for names in (["reference", "issued_on"], ["reference"], ["issued_on"], [])
    for amount in ("_left", "amount")
)
_SURE = 2  # more than a customer and an amount


@dataclass(frozen=True, eq=False)
class History:
    """The items and totals of the files added so far: `_part` is the file, `_left` what is open of an item."""

    company: str
    items: pd.DataFrame = field(default_factory=pd.DataFrame)
    controls: pd.DataFrame = field(default_factory=pd.DataFrame)
    files: tuple[Reading, ...] = ()
    year: int = 0


@dataclass(frozen=True, eq=False)
class _Opening:
    """What becomes of the opening of a file.

    Attributes:
        letters: the letter an opening line gives to the item it repeats, by the item's place in the history.
        balances: customers whose opening does not repeat items one by one.
        difference: items that bring the close before to the opening, one a customer.
        controls: what the totals of the accounts change by.
        notes: what was done.
        warnings: what to look at.
    """

    letters: "pd.Series[Any]"
    balances: "pd.Index[str]"
    difference: pd.DataFrame
    controls: pd.DataFrame
    notes: list[Sentence]
    warnings: list[Sentence]


def period(reading: Reading) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of a file."""
    booked = reading.items["booked_on"]
    return reading.period or (booked.min(), booked.max())


def added(history: History, reading: Reading, year: int) -> tuple[History, list[Sentence], list[Sentence]]:
    """The history with one more file of a fiscal year, what was done and what to look at."""
    first = not history.files
    before, warnings = (history, []) if first else (_settled(history), _gap(history, reading))
    opens = not first and bool(reading.items["_opening"].any())
    opening = _opening(before, reading) if opens else _nothing_opened(before, same_year=year == history.year)
    own = reading.items[~reading.items["_opening"]] if opens else reading.items
    totals = reading.controls[~reading.controls["_opening"]] if opens else reading.controls
    fresh = _joined(own, opening.difference).assign(_part=len(history.files))
    items = _joined(before.items, fresh.assign(_left=fresh["amount"]))
    items = _in_passes(items, len(before.items), f"_pass_{year:03d}", opening, history.company)
    if not reading.official:
        items[f"_pass_{year:03d}_4_derived"] = history.company + "\x1f" + items["customer_id"]
        warnings = [*warnings, say("read.derived", file=reading.source.name)]
    totals = _joined(totals, opening.controls).assign(_part=len(history.files))
    controls = _joined(before.controls, totals)
    files = (*history.files, reading)
    return History(history.company, items, controls, files, year), opening.notes, [*warnings, *opening.warnings]


def _joined(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Both frames, one after the other; an empty one has no say in the columns."""
    return pd.concat([part for part in (first, second) if len(part)] or [first], ignore_index=True)


def _gap(history: History, reading: Reading) -> list[Sentence]:
    last, first = period(history.files[-1])[1], period(reading)[0]
    names = {"file": reading.source.name, "other": history.files[-1].source.name}
    return [say("fec.gap", first=first, last=last, **names)] if first - last > _GAP else []


def _settled(history: History) -> History:
    """The history with what is left of each item once the letters known so far have settled theirs."""
    items = history.items
    undated = pd.Series(pd.NaT, items.index, dtype="datetime64[s]")
    _, left = in_turn(items.assign(item_id=np.arange(1, len(items) + 1), due_on=undated))
    return replace(history, items=items.assign(_left=left["amount"]))


def _in_passes(items: pd.DataFrame, known: int, name: str, opening: _Opening, company: str) -> pd.DataFrame:
    """The turns of matching of one file, whose items stand from `known` on: its letters, then what they lack.

    An opening of one balance a customer bears no letter: receipts lettered with more than the file holds pay what
    it stands for, the oldest first; refunds likewise.
    """
    fresh = np.arange(len(items)) >= known
    letters = items["_matching"].where(fresh).fillna(opening.letters.reindex(items.index))
    lettered = fresh & items["_matching"].notna().to_numpy(bool)
    debit = (items["amount"] > 0).to_numpy(bool)
    carried = ~fresh & items["customer_id"].isin(opening.balances).to_numpy(bool)
    carried |= fresh & ~lettered & (items["kind"] == OPENING).to_numpy(bool)
    moving = lettered | (fresh & (items["label"] == _DIFFERENCE).to_numpy(bool))
    back = moving & ~items["kind"].isin((INVOICE, BILL)).to_numpy(bool)  # money returned, never a sale
    receipts, refunds = (carried & debit) | (moving & ~debit), (carried & ~debit) | (back & debit)
    owner = items["customer_id"]
    turns = {"1_official": letters, "2_derived": owner.where(receipts)}
    if known:
        turns["3_derived"] = owner.where(refunds)
    for turn, groups in turns.items():
        column = f"{name}_{turn}"
        own = company + "\x1f" + groups
        items[column] = own.fillna(items[column]) if column in items else own
    return items.assign(_matching=pd.Series(pd.NA, items.index, dtype="str"))


def _nothing_opened(history: History, *, same_year: bool) -> _Opening:
    """A file without an opening: in a new year, its receipts may settle anything that is open."""
    balances = pd.Index([] if same_year or not history.files else history.items["customer_id"].unique(), dtype="str")
    nothing = pd.DataFrame()
    return _Opening(pd.Series(dtype="str"), balances, nothing, nothing, [], [])


def _opening(history: History, reading: Reading) -> _Opening:
    """The opening of a file, against the close of the history."""
    lines, closing = reading.items[reading.items["_opening"]], history.items
    repeated, surely = _repeated(lines, closing)
    letters = lines.loc[repeated.index, "_matching"].set_axis(repeated.to_numpy()).dropna()
    # An opening of one balance an account, without its customers, is compared with the whole account.
    alone = (lines["customer_id"] == lines["account"]).groupby(lines["account"]).all()
    whole = alone.index[alone]
    unsure = [
        lines.loc[~lines.index.isin(surely), "customer_id"],
        closing.loc[closing["account"].isin(whole), "customer_id"],
    ]
    difference = _difference(history, reading, lines, whole)
    before, amount = history.files[-1].source.name, float(lines["amount"].sum())
    notes = [say("fec.chained", rows=len(lines), amount=amount, other=before, items=len(repeated))]
    balances = pd.Index(pd.concat(unsure).unique())
    return _Opening(letters, balances, difference, _controls(history, reading), notes, _differs(difference, before))


def _repeated(lines: pd.DataFrame, items: pd.DataFrame) -> "tuple[pd.Series[int], pd.Index[int]]":
    """The place of the open item each opening line repeats, where it does; and the lines that do so surely.

    A line that has but the customer and the amount of an item may as well be a balance.
    """
    found, surely = pd.Series(dtype="int64"), pd.Index([], dtype="int64")
    opened = items[items["_left"].abs() >= HALF_CENT].sort_values("booked_on", kind="stable")
    for key in _REPEATED:
        wanted = lines[~lines.index.isin(found.index)].assign(_left=lines["amount"])
        free = opened[~opened.index.isin(found)]
        pairs = _numbered(wanted, key).merge(_numbered(free, key), on=[*key, "number"])
        found = pd.concat([found, pairs.set_index("place_x")["place_y"].astype("int64")])
        surely = found.index if len(key) > _SURE else surely
    return found, surely


def _numbered(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Rows with what they are known by in whole cents, equal ones numbered: the first repeats the first."""
    stated = rows.dropna(subset=key)
    keys = stated[key].assign(place=stated.index)
    keys[key[-1]] = (stated[key[-1]] * 100).round().astype("int64")
    return keys.assign(number=keys.groupby(key, sort=False).cumcount())


def _difference(history: History, reading: Reading, lines: pd.DataFrame, whole: "pd.Index[str]") -> pd.DataFrame:
    """What the opening owes more than the close, for each customer or whole account, as items of the first day."""
    closing = history.items
    sides = [
        frame["customer_id"].where(~frame["account"].isin(whole), frame["account"]).rename("customer_id")
        for frame in (lines, closing)
    ]
    opened, closed = (frame["amount"].groupby(side).sum() for frame, side in zip((lines, closing), sides, strict=True))
    apart = opened.sub(closed, fill_value=0.0).round(2)
    apart = apart[apart.abs() >= HALF_CENT]
    accounts = pd.concat([lines["account"].groupby(sides[0]).first(), closing["account"].groupby(sides[1]).last()])
    day = period(reading)[0]
    found = pd.DataFrame({"customer_id": apart.index.astype("str"), "amount": apart.to_numpy()})
    return found.assign(
        kind=OPENING,
        issued_on=day,
        booked_on=day,
        label=_DIFFERENCE,
        account=found["customer_id"].map(accounts[~accounts.index.duplicated()]).astype("str"),
        currency=lines["currency"].iloc[0],
        row=0,
        _rate_on=day,
        _opening=True,
        partly_lettered=False,
    )


def _differs(difference: pd.DataFrame, before: str) -> list[Sentence]:
    if difference.empty:
        return []
    largest = difference.reindex(difference["amount"].abs().sort_values(ascending=False, kind="stable").index)
    named = [say("fec.apart", customer=row.customer_id, amount=row.amount) for row in largest.head(_NAMED).itertuples()]
    total = float(difference["amount"].sum())
    return [say("fec.differs", other=before, customers=len(difference), amount=total, examples=named)]


def _controls(history: History, reading: Reading) -> pd.DataFrame:
    """What each account changes by between the close and the opening, by the totals of the files alone."""
    totals = reading.controls
    opened = totals[totals["_opening"]].groupby("account")["amount"].sum()
    change = opened.sub(history.controls.groupby("account")["amount"].sum(), fill_value=0.0).round(2)
    change = change[change.abs() >= HALF_CENT]
    day = period(reading)[0]
    changed = pd.DataFrame({"account": change.index.astype("str"), "amount": change.to_numpy()})
    return changed.assign(booked_on=day, _opening=True, _rate_on=day)

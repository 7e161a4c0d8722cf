"""The ledger, what is open on a day, and the movements behind every measure.

The identity every screen shows, true on any day T: the sum of the items booked up to T, the sum of what is open
at T, the sum of the age buckets at T and the balance of the customer accounts at T are one number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import (
    CONTROLS,
    CUSTOMERS,
    HALF_CENT,
    ITEMS,
    KINDS,
    MATCHES,
    METHODS,
    NO_DAY,
    Codes,
    Days,
    conform,
    day_numbers,
    places_of,
)
from arlib.words import Sentence, say

Day = str | date | pd.Timestamp
By = str | Sequence[str] | None  # a column of the items or of the customers, several of them, or the whole


@dataclass(frozen=True)
class Source:
    """A file a ledger was read from, and what the reader understood of it.

    `reading` holds one sentence a decision (separator, date order, columns recognised, dates filled in…);
    `warnings` those a person should look at before using the figures. `decided` is how a list was read, as a profile
    says it (`profile_of`).
    """

    name: str
    sha256: str
    format: str
    reading: tuple[Sentence, ...] = ()
    warnings: tuple[Sentence, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    decided: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Ledger:
    """Checked frames of a company's receivables; it holds, functions ask.

    `items`, `matches`, `customers` and `controls` have the columns of `arlib.schema`; `items` keeps every other
    column of the file after them. `currency` is the one currency of every `amount`. `covers` is the first and
    last day the data speak for.

    Raises:
        ArlibError: the frames contradict each other (an unknown item in a match, more settled than owed…).
    """

    items: pd.DataFrame
    matches: pd.DataFrame
    customers: pd.DataFrame
    controls: pd.DataFrame
    currency: str
    covers: tuple[pd.Timestamp, pd.Timestamp]
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        for name, columns in _TABLES.items():
            object.__setattr__(self, name, conform(getattr(self, name), columns))
        _check_items(self.items, self.customers)
        _check_matches(self.items, self.matches)

    def day(self, as_of: Day | None = None) -> pd.Timestamp:
        """The day a question is about: the one asked, or the ledger's last day where none is."""
        return self.covers[1] if as_of is None else as_day(as_of)


_TABLES = {"items": ITEMS, "matches": MATCHES, "customers": CUSTOMERS, "controls": CONTROLS}


def as_day(value: Day) -> pd.Timestamp:
    """A date without time from `"2024-12-31"`, a `date` or a `Timestamp`.

    Raises:
        ArlibError: the text is not a date, or not year first.
    """
    try:
        # "05/04/2013" is two days, by who reads it: a text is a date only year first.
        day = pd.Timestamp(date.fromisoformat(value) if isinstance(value, str) else value)
    except (ValueError, TypeError) as unreadable:
        raise ArlibError(say("error.not_a_day", value=str(value))) from unreadable
    if pd.isna(day):
        raise ArlibError(say("error.not_a_day", value=str(value)))
    return day.tz_localize(None).normalize()


def balance(ledger: Ledger, as_of: Day | None = None) -> float:
    """What customers owe in all on a day, net of credits: the sum of the items booked up to it."""
    booked = ledger.items["booked_on"] <= ledger.day(as_of)
    return round(float(ledger.items.loc[booked, "amount"].sum()), 2)


def open_items(ledger: Ledger, as_of: Day | None = None) -> pd.DataFrame:
    """The items still open at the end of a day, as the accounts of that day had them.

    One row an open item, with the columns of `ledger.items` and: `open_amount` (signed), `days_open` since it was
    issued, `days_overdue` past its due date (negative: not due yet; missing without a due date). An item counts
    from the day it was booked, a match from the later of its two accounting dates: what was paid afterwards is
    open again. The sum of `open_amount` is `balance(ledger, as_of)`.
    """
    day = ledger.day(as_of)
    items = ledger.items
    remaining = items["amount"].to_numpy() - settled_amounts(ledger, day)
    kept = (items["booked_on"] <= day).to_numpy() & (np.abs(remaining) >= HALF_CENT)
    opened = items[kept].copy()
    opened["open_amount"] = remaining[kept].round(2)
    opened["days_open"] = (day - opened["issued_on"]).dt.days
    opened["days_overdue"] = (day - opened["due_on"]).dt.days
    return opened.reset_index(drop=True)


def settled_amounts(ledger: Ledger, day: pd.Timestamp) -> npt.NDArray[np.float64]:
    """How much of each item matches have settled by a day, with the item's own sign; aligned with `ledger.items`."""
    matches = ledger.matches[ledger.matches["matched_on"] <= day]
    amounts = matches["amount"].to_numpy()
    size = len(ledger.items)
    debits = positions(ledger, matches["debit_id"])
    credits_ = positions(ledger, matches["credit_id"])
    settled = np.bincount(debits, amounts, size) - np.bincount(credits_, amounts, size)
    return np.asarray(settled, dtype=np.float64)


def positions(ledger: Ledger, item_ids: "pd.Series[Any]") -> npt.NDArray[np.intp]:
    """Where items stand in `ledger.items`, by their `item_id`."""
    return places_of(ledger.items["item_id"], item_ids)


@dataclass(frozen=True, eq=False)
class Movements:
    """Every change of what is owed, as columns sorted by group: the one pass behind ageing, DSO and forecast.

    A movement is an item on the day it is booked, or one side of a match on the day it counts, which takes its
    amount out of the item. `due` is the day its item ages from, so that buckets of any bounds are sums over
    movements.

    Attributes:
        item: position of the item in `ledger.items`.
        group: code into `groups`.
        day: day number of the movement.
        due: day number the item ages from, `NO_DAY` where it has none.
        credit: whether the item reduces what is owed (payment, credit note…).
        amount: change of what is owed.
        groups: one row a code, sorted: customers, or the values of other columns.
    """

    item: npt.NDArray[np.intp]
    group: npt.NDArray[np.intp]
    day: Days
    due: Days
    credit: npt.NDArray[np.bool_]
    amount: npt.NDArray[np.float64]
    groups: pd.DataFrame


def movements(ledger: Ledger, *, by: By = "customer_id", basis: str = "due") -> Movements:
    """The movements of a ledger, sorted by customer or by other columns.

    Args:
        ledger: the ledger.
        by: as for `group_codes`.
        basis: `due` ages an item from its due date, `issued` from the date of the document.
    """
    items, matches = ledger.items, ledger.matches
    settled = matches["amount"].to_numpy()
    settled_on = day_numbers(matches["matched_on"])
    codes, groups = group_codes(ledger, by)
    item = np.concatenate(
        [np.arange(len(items)), positions(ledger, matches["debit_id"]), positions(ledger, matches["credit_id"])]
    )
    order = _by_group(codes[item])
    item = item[order]
    return Movements(
        item=item,
        group=codes[item],
        day=np.concatenate([day_numbers(items["booked_on"]), settled_on, settled_on])[order],
        due=day_numbers(items["due_on" if basis == "due" else "issued_on"])[item],
        credit=(items["amount"].to_numpy() < 0)[item],
        amount=np.concatenate([items["amount"].to_numpy(), -settled, settled])[order],
        groups=groups,
    )


def _by_group(codes: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """The order that sorts codes, equal ones as they stand, sixteen bits at a time: linear, where a sort is not."""
    order = np.argsort(codes.astype(np.uint16), kind="stable")
    if codes.max(initial=0) > np.iinfo(np.uint16).max:
        order = order[np.argsort((codes[order] >> 16).astype(np.uint16), kind="stable")]
    return order


def group_codes(ledger: Ledger, by: By) -> tuple[Codes, pd.DataFrame]:
    """The group of each item as a code, and the values of each group: one row a code, sorted, a column each of `by`.

    Missing values form the group `""`. Where `by` is None all items are one group, whose row has no column.

    Raises:
        ArlibError: neither the items nor the customers have such a column, or one is named twice.
    """
    names = [] if by is None else [by] if isinstance(by, str) else list(by)
    if len(set(names)) < len(names):
        raise ArlibError(say("ledger.column_twice", columns=", ".join(names)))
    codes, groups = np.zeros(len(ledger.items), dtype=np.intp), pd.DataFrame(index=pd.RangeIndex(1))
    for name in names:
        ranks, values = pd.factorize(_texts(ledger, name), sort=True)
        codes, pairs = pd.factorize(codes * len(values) + ranks, sort=True)
        first, last = np.divmod(pairs, max(len(values), 1))
        groups = groups.take(first).reset_index(drop=True).assign(**{name: pd.Series(values.take(last), dtype="str")})
    return codes, groups


def _texts(ledger: Ledger, name: str) -> "pd.Series[str]":
    """A column of the items, or of their customers, as texts."""
    items, customers = ledger.items, ledger.customers
    if name in items:
        values = items[name]
    elif name in customers:
        values = items["customer_id"].map(customers.set_index("customer_id")[name])
    else:
        raise ArlibError(say("ledger.no_column", column=name, columns=", ".join([*items, *customers])))
    return values.astype("str").fillna("")


def _check_items(items: pd.DataFrame, customers: pd.DataFrame) -> None:
    checks = {
        "ledger.item_id": _repeated(items["item_id"]),
        "ledger.kind": ~items["kind"].isin(KINDS),
        "ledger.booked_on": items["booked_on"].isna(),
        "ledger.amount": ~np.isfinite(items["amount"]),
        "ledger.customer": _strangers(items["customer_id"], customers["customer_id"]),
    }
    _refuse(checks)
    _refuse({"ledger.customer_id": customers["customer_id"].duplicated()})


def _repeated(ids: "pd.Series[Any]") -> Any:  # noqa: ANN401 - an array of flags
    """Which numbers stand a second time; in a rising column none does."""
    return np.zeros(len(ids), dtype=bool) if (np.diff(ids) > 0).all() else ids.duplicated()


def _strangers(named: "pd.Series[Any]", customers: "pd.Series[Any]") -> npt.NDArray[np.bool_]:
    """Which customers named are not among those known; each is looked up once."""
    codes, distinct = pd.factorize(named)
    return np.append(~pd.Index(distinct).isin(customers), True)[codes]


def _check_matches(items: pd.DataFrame, matches: pd.DataFrame) -> None:
    debit, credit = (places_of(items["item_id"], matches[side]) for side in ("debit_id", "credit_id"))
    _refuse({"ledger.match_item": (debit < 0) | (credit < 0)})
    amounts, matched = items["amount"].to_numpy(), matches["amount"].to_numpy()
    booked, matched_on = day_numbers(items["booked_on"]), day_numbers(matches["matched_on"])
    _refuse(
        {
            "ledger.match_sign": (amounts[debit] < 0) | (amounts[credit] > 0) | (matched < -HALF_CENT),
            "ledger.match_method": ~matches["method"].isin(METHODS),
            "ledger.matched_on": (matched_on < np.maximum(booked[debit], booked[credit])) | (matched_on == NO_DAY),
        }
    )
    settled = np.bincount(debit, matched, len(items)) + np.bincount(credit, matched, len(items))
    _refuse({"ledger.match_amount": settled > np.abs(amounts) + HALF_CENT})


def _refuse(checks: Mapping[str, Any]) -> None:
    for key, wrong in checks.items():
        where = np.flatnonzero(np.asarray(wrong))
        if len(where):
            raise ArlibError(say(key, rows=len(where), row=int(where[0])))

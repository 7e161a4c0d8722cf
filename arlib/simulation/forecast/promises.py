"""What customers promised to pay on a day, and which share of such promises is kept."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from arlib.behaviour import customers_of_items
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.measures.delays.settlements import PAID, pieces_of
from arlib.schema import HALF_CENT, NO_DAY, Codes, Days, Flags, Floats, day_number, day_numbers, places_of, sum_by_code
from arlib.simulation.forecast.claims import Claims
from arlib.words import Sentence, say

GRACE = 5  # days after the promised one by which a promise that is kept is still kept
ASSUMED_KEPT = 0.7  # where no promise has come due: an opinion, said beside the figures
_PRIOR = 5.0  # promises kept as assumed, added to those that came due
_MOST_NAMED = 10


class Known(Protocol):
    """Customers, sorted, and the day whose knowledge counts: payment laws, or where nobody has paid yet these alone."""

    @property
    def customers(self) -> "pd.Index[str]":
        """Of the ledger, sorted."""

    @property
    def as_of(self) -> pd.Timestamp:
        """The day."""


@dataclass(frozen=True, eq=False)
class Promises:
    """What customers promised.

    Attributes:
        table: one row a promise: customer_id or item_id, amount, promised_on; made_on where it is known: rows made
            after the day asked are unknown then, and those come due by it tell which share is kept.
        kept_share: of what is promised, the share that comes in as promised, 0 to 1; learnt from the table by default.

    Raises:
        ArlibError: the share is none.
    """

    table: pd.DataFrame
    kept_share: float | None = None

    def __post_init__(self) -> None:
        if self.kept_share is not None and not 0 <= self.kept_share <= 1:
            raise ArlibError(say("forecast.kept_share", share=self.kept_share))

    @classmethod
    def of(cls, given: "Promises | pd.DataFrame") -> "Promises":
        """Promises as they are given: a table alone learns its kept share."""
        return cls(given) if isinstance(given, pd.DataFrame) else given


@dataclass(frozen=True, eq=False)
class Agreed:
    """Promises set against what is open.

    Attributes:
        rest: the open claims, each less what promises are expected to bring of it.
        promises: a claim a promise still to come, due on the promised day.
        kept_share: of what is promised, expected on its day.
        notes: what was learnt, assumed and left out.
    """

    rest: Claims
    promises: Claims
    kept_share: float
    notes: tuple[Sentence, ...] = ()

    @classmethod
    def none(cls, opened: Claims) -> "Agreed":
        """Nobody promised anything."""
        return cls(opened, Claims.none(), 0.0)


def agreed(ledger: Ledger, laws: Known, opened: Claims, promises: Promises) -> Agreed:
    """Promises made by the laws' day, taken off what their customers owe, oldest due first.

    Of a promise, the kept share is expected on its day and the rest of the debt by the customer's law. What is
    promised beyond what is owed is left out and counted, as are promises whose day has passed.

    Raises:
        ArlibError: a column is missing, an amount or a day cannot be used, or a customer or item is not known.
    """
    made, kept = promises_made(ledger, laws.customers, promises.table), promises.kept_share
    today = day_number(laws.as_of)
    made = made[(made["made_on"] <= today).to_numpy()]
    over = (made["promised_on"] <= today).to_numpy()
    coming, past = made[~over], made[over & (made["made_on"] > NO_DAY).to_numpy()]
    past = past[(past["promised_on"] + GRACE <= today).to_numpy()]
    share = _kept_share(ledger, laws, past) if kept is None else kept
    covered, claims = _set_against(opened, coming, len(laws.customers), today)
    key = "forecast.promises_given" if kept is not None else "forecast.promises_learnt"
    total = float(claims.amount.sum())
    notes = [say(key, promises=len(coming), amount=total, share=share, past=len(past))]
    if over.any():
        notes.append(say("forecast.promises_past", promises=int(over.sum())))
    beyond = float(coming["amount"].sum()) - total
    if beyond >= HALF_CENT:
        notes.append(say("forecast.promises_beyond", amount=beyond))
    return Agreed(opened.worth(opened.amount - share * covered), claims, share, tuple(notes))


def promises_made(ledger: Ledger, customers: "pd.Index[str]", table: pd.DataFrame) -> pd.DataFrame:
    """A table of promises as numbers: customer and item (positions, -1 for any item), amount, promised_on, made_on.

    `made_on` is `NO_DAY` where it is not known; sorted by customer and promised day.

    Raises:
        ArlibError: a column is missing, an amount or a day cannot be used, or a customer or item is not known.
    """
    missing = [name for name in ("amount", "promised_on") if name not in table]
    if missing or not {"customer_id", "item_id"} & set(table.columns):
        raise ArlibError(say("forecast.promises_columns", columns=", ".join(map(str, table.columns))))
    amount = pd.to_numeric(table["amount"], errors="coerce").to_numpy(dtype=np.float64)
    on = day_numbers(pd.to_datetime(table["promised_on"], errors="coerce"))
    bad = ~(amount > 0) | ~np.isfinite(amount) | (on == NO_DAY)
    if bad.any():
        rows = ", ".join(str(row + 1) for row in np.flatnonzero(bad)[:_MOST_NAMED])
        raise ArlibError(say("forecast.promises_cells", rows=rows))
    made_on = np.full(len(table), NO_DAY)
    if "made_on" in table:
        made_on = day_numbers(pd.to_datetime(table["made_on"], errors="coerce"))
    customer, item = _whose(ledger, customers, table)
    columns = {"customer": customer, "item": item, "amount": amount, "promised_on": on, "made_on": made_on}
    return pd.DataFrame(columns).sort_values(["customer", "promised_on"], kind="stable")


def _whose(ledger: Ledger, customers: "pd.Index[str]", table: pd.DataFrame) -> tuple[Codes, Codes]:
    """The position of the customer and of the item of each promise, -1 where it names no item."""
    item = np.full(len(table), -1)
    if "item_id" in table:
        named = table["item_id"].notna().to_numpy()
        item[named] = places_of(ledger.items["item_id"], table["item_id"][named].astype("int64"))
        _refuse_unknown(named & (item < 0), table["item_id"])
    of_item = customers_of_items(ledger, customers)[item]
    if "customer_id" not in table:
        _refuse_unknown(item < 0, table["item_id"])
        return of_item, item
    given = np.asarray(customers.get_indexer(pd.Index(table["customer_id"])))
    customer = np.where(item >= 0, of_item, given)
    _refuse_unknown(customer < 0, table["customer_id"])
    return customer, item


def _refuse_unknown(unknown: Flags, names: "pd.Series[str]") -> None:
    if unknown.any():
        named = ", ".join(map(str, names[unknown].unique()[:_MOST_NAMED]))
        raise ArlibError(say("forecast.promises_unknown", names=named))


def _kept_share(ledger: Ledger, laws: Known, past: pd.DataFrame) -> float:
    """The mean share of past promises that came in between the day after they were made and the end of the grace."""
    if not len(past):
        return ASSUMED_KEPT
    day = day_number(laws.as_of)
    pieces = pieces_of(ledger, laws.as_of, (ledger.items["amount"] > 0).to_numpy())
    paid = pieces.state == PAID
    customer = customers_of_items(ledger, laws.customers)[pieces.item[paid]]
    width, settled = day + 2, np.clip(pieces.day[paid], 0, day)
    key = customer * width + settled
    order = np.argsort(key, kind="stable")
    cash = np.concatenate([[0.0], np.cumsum(pieces.amount[paid][order])])

    def paid_until(days: Days) -> Floats:
        asked = past["customer"].to_numpy() * width + np.clip(days, 0, day)
        return np.asarray(cash[np.searchsorted(key[order], asked, side="right")])

    received = paid_until(past["promised_on"].to_numpy() + GRACE) - paid_until(past["made_on"].to_numpy())
    kept = np.clip(received / past["amount"].to_numpy(), 0.0, 1.0)
    return float((kept.sum() + _PRIOR * ASSUMED_KEPT) / (len(kept) + _PRIOR))


def _set_against(opened: Claims, coming: pd.DataFrame, customers: int, today: int) -> tuple[Floats, Claims]:
    """(claims,) what of each open claim is promised; and the promises as claims, none beyond what is owed."""
    item = coming["item"].to_numpy()
    place = np.asarray(pd.Index(opened.item).get_indexer(pd.Index(item)))
    still_owed = (item < 0) | (place >= 0)
    amount = np.where(still_owed, coming["amount"].to_numpy(), 0.0)
    named = (item >= 0) & still_owed
    by_item = np.minimum(sum_by_code(place[named], amount[named], len(opened.amount)), opened.amount)
    owed = sum_by_code(opened.customer, opened.amount, customers)
    customer = coming["customer"].to_numpy()
    kept = np.minimum(_within(customer, amount, owed), amount)
    total = sum_by_code(customer, kept, customers)
    rest = np.maximum(total - sum_by_code(opened.customer, by_item, customers), 0.0)
    order = np.lexsort((opened.due, opened.customer))
    covered = by_item.copy()
    left = (opened.amount - by_item)[order]
    covered[order] += _within(opened.customer[order], left, rest)
    due, nowhere = coming["promised_on"].to_numpy(), np.full(len(coming), 0)
    claims = Claims.of(customer, due, np.full(len(coming), today), kept, nowhere)
    return covered, claims.taken(claims.amount > 0)


def _within(customer: Codes, amount: Floats, most: Floats) -> Floats:
    """(rows,) amounts, sorted by customer, each cut so that those of a customer up to it are at most so much."""
    running = np.cumsum(amount)
    starts = np.flatnonzero(np.diff(customer, prepend=-1))
    before = np.concatenate([[0.0], running])[starts]
    begin = np.repeat(before, np.diff(np.append(starts, len(customer))))
    return np.asarray(np.clip(most[customer] - (running - amount - begin), 0.0, amount))

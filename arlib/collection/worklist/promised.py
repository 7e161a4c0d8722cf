"""Promises of customers on a day: those to wait for, and those that were broken."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.behaviour import customers_of_items
from arlib.collection.worklist.opened import Opened, earliest
from arlib.ledger import Ledger
from arlib.measures.delays.settlements import PAID, pieces_of
from arlib.schema import HALF_CENT, NO_DAY, PAYMENT, Days, Flags, Floats, day_numbers, sum_by_code, to_dates
from arlib.simulation.forecast.claims import Claims
from arlib.simulation.forecast.promises import GRACE, Promises, agreed, promises_made

_SHORT = 0.01  # of what was promised: bank charges and roundings break no promise
_AFTER_ALL = 10**6  # days: later than any due date
_BEFORE = 30  # days before its day from which a promise counts payments, where nobody wrote when it was made


@dataclass(frozen=True, eq=False)
class Promised:
    """Promises set against open debts.

    Attributes:
        covered: (debts,) what of the unpaid amount of each a promise to wait for will bring.
        waits_until: (customers,) the next promised day to wait for, as a day number; `NO_DAY` without any.
        waits_last: (customers,) the last of these days.
        broken: (customers,) promised, its day and days of grace past, not received since.
        broken_on: (customers,) the day of the last of these; `NO_DAY` without any.
    """

    covered: Floats
    waits_until: Days
    waits_last: Days
    broken: Floats
    broken_on: Days

    @classmethod
    def none(cls, opened: Opened) -> "Promised":
        """Nobody promised anything."""
        size = len(opened.customers)
        nowhen = np.full(size, NO_DAY)
        return cls(np.zeros(len(opened.item)), nowhen, nowhen, np.zeros(size), nowhen)


@dataclass(frozen=True, eq=False)
class _Day:
    """Whom promises may be of, and the day."""

    customers: "pd.Index[str]"
    as_of: pd.Timestamp


def promised_on(
    ledger: Ledger, day: pd.Timestamp, opened: Opened, promises: Promises | pd.DataFrame | None, disputed: Flags
) -> Promised:
    """The promises made by a day, less what was received since; `disputed` (debts,) are covered after all others.

    A promise counts what its customer paid from the day after it was made (30 days before its day where nobody wrote
    when), matched or not; one of an item, what was paid of that item. Promises made on one day are one agreement: the
    first instalments are paid first. It is waited for until the end of its days of grace.
    """
    none = Promised.none(opened)
    table = None if promises is None else Promises.of(promises).table
    if table is None or table.empty:
        return none
    made = promises_made(ledger, opened.customers, table)
    made = made[made["made_on"].to_numpy() <= opened.today].reset_index(drop=True)
    unmet = _unmet(ledger, day, opened, made)
    over = (made["promised_on"] + GRACE).to_numpy() <= opened.today
    lacking = unmet > np.maximum(made["amount"].to_numpy() * _SHORT, HALF_CENT)
    customer, size = made["customer"].to_numpy(), len(opened.customers)
    broken, waiting = over & lacking, ~over & lacking
    promised_day = made["promised_on"].to_numpy()
    broken_on, waits_last = none.broken_on.copy(), none.waits_last.copy()
    np.maximum.at(broken_on, customer[broken], promised_day[broken])
    np.maximum.at(waits_last, customer[waiting], promised_day[waiting])
    return Promised(
        covered=_covered(ledger, day, opened, made[waiting].assign(amount=unmet[waiting]), disputed),
        waits_until=earliest(customer[waiting], promised_day[waiting], size),
        waits_last=waits_last,
        broken=sum_by_code(customer[broken], unmet[broken], size).round(2),
        broken_on=broken_on,
    )


def _covered(ledger: Ledger, day: pd.Timestamp, opened: Opened, waiting: pd.DataFrame, disputed: Flags) -> Floats:
    """What promises to wait for will bring of each debt: of the items they name, else oldest due first.

    Nobody promises to pay what it disputes, unless it names it: that comes last.
    """
    if waiting.empty:
        return np.zeros(len(opened.item))
    items = ledger.items["item_id"].to_numpy()[waiting["item"]]
    table = pd.DataFrame(
        {
            "customer_id": opened.customers[waiting["customer"]],
            "item_id": pd.array(np.where(waiting["item"] >= 0, items, 0), dtype="Int64"),
            "amount": waiting["amount"].to_numpy(),
            "promised_on": to_dates(waiting["promised_on"].to_numpy() + GRACE).to_numpy(),
        }
    )
    table["item_id"] = table["item_id"].mask((waiting["item"] < 0).to_numpy())
    turn = opened.due + np.where(disputed, _AFTER_ALL, 0)
    claims = Claims.of(opened.customer, turn, opened.item, opened.unpaid, opened.item).taken(opened.unpaid > 0)
    rest = agreed(ledger, _Day(opened.customers, day), claims, Promises(table, kept_share=1.0)).rest
    left = np.zeros(len(ledger.items))
    left[rest.item] = rest.amount
    return (opened.unpaid - left[opened.item]).clip(min=0).round(2)


def _unmet(ledger: Ledger, day: pd.Timestamp, opened: Opened, made: pd.DataFrame) -> Floats:
    """(promises,) what of each has not been received."""
    agreement = ["customer", "item", "made_on"]
    ordered = made.sort_values([*agreement, "promised_on", "amount"], kind="stable")
    groups = ordered.groupby(agreement, sort=False)
    first = groups["promised_on"].transform("min").to_numpy() - _BEFORE
    since = np.where(ordered["made_on"] > NO_DAY, ordered["made_on"], first)
    received = _received(ledger, day, opened, ordered, since)
    left = (groups["amount"].cumsum().to_numpy() - received).clip(min=0)
    unmet = np.minimum(left, ordered["amount"].to_numpy()).round(2)
    return pd.Series(unmet, ordered.index).reindex(made.index).to_numpy()


def _received(ledger: Ledger, day: pd.Timestamp, opened: Opened, made: pd.DataFrame, since: Days) -> Floats:
    """(promises,) cash after a day and by today: of the customer, or of the item that the promise names."""
    items, today, size = ledger.items, opened.today, len(opened.customers)
    item = made["item"].to_numpy()
    whose = np.where(item >= 0, size + item, made["customer"].to_numpy())
    booked = day_numbers(items["booked_on"])
    paid = np.flatnonzero((items["kind"] == PAYMENT).to_numpy() & (booked <= today))
    pieces = pieces_of(ledger, day, (items["amount"] > 0).to_numpy())
    settled = pieces.state == PAID
    key = np.concatenate([customers_of_items(ledger, opened.customers)[paid], size + pieces.item[settled]])
    on = np.concatenate([booked[paid], pieces.day[settled]])
    amount = np.concatenate([-items["amount"].to_numpy()[paid], pieces.amount[settled]])
    wanted = np.isin(key, whose)
    width = today + 2
    at = key[wanted] * width + np.clip(on[wanted], 0, today)
    order = np.argsort(at, kind="stable")
    cash = np.concatenate([[0.0], np.cumsum(amount[wanted][order])])

    def until(days: Days) -> Floats:
        asked = whose * width + np.clip(days, 0, today)
        return np.asarray(cash[np.searchsorted(at[order], asked, side="right")])

    return (until(np.full(len(made), today)) - until(since)).round(2)

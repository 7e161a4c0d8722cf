"""The tables of a worklist: a row a customer, a row an open item, a row a customer and queue."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws, customers_of_items
from arlib.collection.worklist.contacted import Contacted
from arlib.collection.worklist.gains import Gains
from arlib.collection.worklist.opened import Expected, Opened
from arlib.collection.worklist.promised import Promised
from arlib.collection.worklist.queues import DISPUTE, QUEUES, Chased
from arlib.collection.worklist.rules import USED, ContactRules
from arlib.collection.worklist.wording import Wording
from arlib.ledger import Ledger, open_items
from arlib.risk.owed import customer_names
from arlib.schema import NO_DAY, Codes, Days, Flags, Floats, places_of, to_dates

_OF_ITEMS = ("item_id", "customer_id", "reference", "kind", "issued_on", "due_on", "open_amount", "days_overdue")


@dataclass(frozen=True, eq=False)
class Figures:
    """All that is known of the customers and debts of a day; see the classes of its attributes."""

    ledger: Ledger
    day: pd.Timestamp
    opened: Opened
    ahead: Expected
    laws: PaymentLaws | None
    promised: Promised
    contacted: Contacted
    chased: Chased
    gains: Gains
    rules: ContactRules

    def days_overdue(self, chosen: Flags) -> Days:
        """(customers,) days overdue of the oldest of some debts; 0 without any."""
        oldest = self.opened.oldest(chosen)
        return np.where(oldest == NO_DAY, 0, self.opened.today - np.where(oldest == NO_DAY, 0, oldest))

    def habits(self) -> tuple[Floats, Floats]:
        """(customers,) median days late, nan where over half stays unpaid; and invoices behind it."""
        size = len(self.opened.customers)
        if self.laws is None:
            return np.full(size, np.nan), np.zeros(size)
        place = self.laws.customers.get_indexer(self.opened.customers)
        return self.laws.quantile(0.5)[place], self.laws.effective_history[place]


def customers_table(figures: Figures, channel: Codes, quiet: Days) -> pd.DataFrame:
    """One row a customer of the ledger, in the order of `Opened.customers`; the columns of `Worklist.contacts`."""
    opened, chased, promised, contacted = figures.opened, figures.chased, figures.promised, figures.contacted
    of_today = ~chased.disputed & ~chased.legal[opened.customer]
    overdue, soon = (flags & of_today for flags in (chased.overdue, chased.soon))
    said_paid = chased.said_paid & (chased.held > 0)
    days, history = figures.habits()
    last = contacted.last_on
    contacts, _ = contacted.since(opened.oldest((chased.amount > 0) & chased.overdue))
    broken = np.where(opened.amounts(chased.amount) > 0, promised.broken, 0.0)
    columns: dict[str, Any] = {
        "customer_id": pd.Series(opened.customers, dtype="str"),
        "name": customer_names(figures.ledger, opened.customers).to_numpy(),
        "channel": pd.Series(np.array(USED)[channel], dtype="str"),
        "phone": figures.ledger.customers.set_index("customer_id")["phone"].reindex(opened.customers).to_numpy(),
        "chased": opened.amounts(chased.amount),
        **_counted(opened, "overdue", overdue),
        "days_overdue": figures.days_overdue(overdue),
        **_counted(opened, "due_soon", soon),
        "undated": opened.amounts(np.where((overdue | soon) & ~opened.dated, opened.gross, 0.0)),
        "due_now": opened.amounts(np.where(overdue | soon, opened.gross, 0.0)),
        "credits_unapplied": opened.credits,
        "promised": opened.amounts(np.where(chased.held > 0, promised.covered, 0.0)),
        "promised_on": to_dates(promised.waits_until),
        "broken_promise": broken,
        "broken_on": to_dates(promised.broken_on),
        "said_paid": opened.amounts(np.where(said_paid, chased.held, 0.0)),
        "disputed": opened.amounts(np.where(chased.disputed, opened.gross, 0.0)),
        "last_contact_on": to_dates(last),
        "last_channel": pd.Series(contacted.channel, dtype="str"),
        "last_outcome": pd.Series(contacted.outcome, dtype="str"),
        "days_since_contact": np.where(last == NO_DAY, np.nan, opened.today - np.where(last == NO_DAY, 0, last)),
        "contacts_since_due": contacts,
        "quiet_until": to_dates(quiet),
        "usual_days_late": days,
        "history": history,
        "late_euro_days": opened.amounts(np.where(of_today, opened.unpaid * figures.ahead.late_days, 0.0)),
        **_worth(figures, channel),
    }
    table = pd.DataFrame(columns)
    weight = np.where(broken > 0, figures.rules.broken_weight, 1.0)
    priority = table["expected_gain"].to_numpy() * weight
    minutes = np.array([figures.rules.of(each).minutes for each in USED])[channel]
    per_minute = np.divide(priority, minutes, out=np.full(len(minutes), np.nan), where=minutes > 0)
    return table.assign(priority=priority, minutes=minutes, gain_per_minute=per_minute)


def _counted(opened: Opened, name: str, chosen: Flags) -> dict[str, Any]:
    """The gross amount of some debts and how many they are."""
    amounts = opened.amounts(np.where(chosen, opened.gross, 0.0))
    counted = opened.by_customer(chosen).astype(np.int64)
    return {name: amounts, f"{name.removeprefix('due_')}_items": counted}


def _worth(figures: Figures, channel: Codes) -> dict[str, Floats]:
    """The parts of the formula at the channel of each customer."""
    gains = figures.gains
    return {
        "late_euro_days_chased": gains.late,
        "euro_days_gained": gains.at("brought", channel),
        "cash_gained": gains.at("cash", channel),
        "expected_loss": gains.lost,
        "loss_avoided": gains.at("avoided", channel),
        "cost": gains.at("cost", channel),
        "expected_gain": gains.at("gain", channel),
    }


def items_table(figures: Figures, queue: Codes) -> pd.DataFrame:
    """The open items of the day with their queue, by customer and due date; credits stand where their customer does."""
    opened, chased, ledger = figures.opened, figures.chased, figures.ledger
    items = open_items(ledger, figures.day)
    position = places_of(ledger.items["item_id"], items["item_id"])
    size = len(ledger.items)
    owner = customers_of_items(ledger, opened.customers)[position]
    disputed, amount = np.zeros(size, dtype=np.bool_), np.zeros(size)
    late_days, p_late = np.full((2, size), np.nan)
    disputed[opened.item], amount[opened.item] = chased.disputed, chased.amount
    late_days[opened.item], p_late[opened.item] = figures.ahead.late_days, figures.ahead.p_late
    place = np.where(disputed[position], DISPUTE, queue[owner])
    found = items[list(_OF_ITEMS)].assign(
        queue=pd.Series(np.array(QUEUES)[place], dtype="str"),
        chased=amount[position],
        late_days=late_days[position],
        p_late=p_late[position],
    )
    return found.sort_values(["customer_id", "due_on", "item_id"], ignore_index=True)


def queues_table(
    items: pd.DataFrame, customers: pd.DataFrame, ordered: pd.DataFrame, court: "pd.Series[str]", wording: Wording
) -> pd.DataFrame:
    """One row a customer and queue, by queue in the order of `QUEUES`, what is owed most first.

    Args:
        items: as `items_table` gives them.
        customers: as `customers_table` gives them.
        ordered: the customers to contact, with their reason.
        court: why customers are insolvent, by customer_id.
        wording: of the reasons.
    """
    debit = items["open_amount"] > 0
    late = debit & (items["days_overdue"] > 0)
    rows = items.assign(
        overdue=items["open_amount"].where(late, 0.0),
        late_euro_days=(items["open_amount"] * items["late_days"]).where(debit, 0.0),
    )
    grouped = rows.groupby(["queue", "customer_id"], as_index=False)
    found = grouped.agg(
        owed=("open_amount", "sum"),
        items=("item_id", "size"),
        overdue=("overdue", "sum"),
        late_euro_days=("late_euro_days", "sum"),
    ).round(2)
    found["order"] = found["queue"].map({name: place for place, name in enumerate(QUEUES)})
    found = found.sort_values(["order", "owed", "customer_id"], ascending=[True, False, True], ignore_index=True)
    known = customers.drop(columns=["overdue", "late_euro_days"]).merge(
        ordered[["customer_id", "reason"]], on="customer_id", how="left"
    )
    known["legal"] = known["customer_id"].map(court)
    told = found.merge(known, on="customer_id", how="left").to_dict("records")
    reasons = pd.Series([wording.queued(row) for row in told], dtype="str")
    found.insert(1, "name", found["customer_id"].map(customers.set_index("customer_id")["name"]))
    columns = ["customer_id", "name", "queue", "owed", "items", "overdue", "late_euro_days"]
    return found[columns].assign(reason=reasons)

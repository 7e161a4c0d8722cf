"""What past contacts say of today: since when nobody spoke to a customer, what it answered, how often it was asked."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.collection.log import Contacts
from arlib.collection.worklist.opened import Opened
from arlib.collection.worklist.rules import NOTICE
from arlib.ledger import Ledger
from arlib.schema import NO_DAY, Codes, Days, Flags, day_numbers

NOBODY = ""  # the channel and the outcome where no contact is known


@dataclass(frozen=True, eq=False)
class Contacted:
    """Past contacts, by customer as `Opened` has them, and what they say of debts.

    Attributes:
        last_on: (customers,) the last contact, as a day number; `NO_DAY` without any.
        channel, outcome: (customers,) of that contact; empty without any.
        disputed: (debts,) whether the last contact about the debt found it disputed.
        said_paid: (debts,) the day of that contact where the customer said that it had paid; `NO_DAY` elsewhere.
    """

    last_on: Days
    channel: "np.typing.NDArray[np.object_]"
    outcome: "np.typing.NDArray[np.object_]"
    disputed: Flags
    said_paid: Days
    _customer: Codes
    _on: Days
    _notice: Flags

    def since(self, days: Days) -> tuple[Codes, Flags]:
        """(customers,) how many contacts there were after a day of each, and whether a formal notice was among them."""
        later = self._on > days[self._customer]
        later &= days[self._customer] > NO_DAY
        counts = np.bincount(self._customer[later], minlength=len(days))
        notices = np.bincount(self._customer[later & self._notice], minlength=len(days))
        return counts, notices > 0


def looked_for_until(said_paid: Days, days: Codes | int) -> Days:
    """(debts,) the first day on which one asks again for what was said to be paid; `NO_DAY` where nothing was said.

    For so many days after the customer said so one looks for the payment first.
    """
    return np.where(said_paid == NO_DAY, NO_DAY, said_paid + days + 1)


def contacted_by(ledger: Ledger, opened: Opened, contacts: Contacts) -> Contacted:
    """What the contacts known on a day say of the customers and debts of that day."""
    rows = contacts.rows
    rows = rows[rows["customer_id"].isin(opened.customers)]
    customer = opened.customers.get_indexer(pd.Index(rows["customer_id"]))
    size = len(opened.customers)
    last = rows.assign(customer=customer).drop_duplicates("customer", keep="last")
    last_on = np.full(size, NO_DAY)
    channel, outcome = (np.full(size, NOBODY, dtype=object) for _ in range(2))
    last_on[last["customer"]] = day_numbers(last["contacted_on"])
    channel[last["customer"]], outcome[last["customer"]] = last["channel"], last["outcome"]
    answers, answered_on = _answers(ledger, opened, rows.assign(customer=customer))
    made = rows.assign(customer=customer).drop_duplicates(["customer", "contacted_on", "channel"])
    return Contacted(
        last_on=last_on,
        channel=channel,
        outcome=outcome,
        disputed=answers == "disputed",
        said_paid=np.where(answers == "paid", answered_on, NO_DAY),
        _customer=made["customer"].to_numpy(),
        _on=day_numbers(made["contacted_on"]),
        _notice=(made["channel"] == NOTICE).to_numpy(),
    )


def _answers(ledger: Ledger, opened: Opened, rows: pd.DataFrame) -> tuple["np.typing.NDArray[np.object_]", Days]:
    """(debts,) what the last contact about each, or about all its customer owed once it was booked, was told; its day.

    Only of customers who once disputed something or said that they had paid; empty and `NO_DAY` for the others.
    """
    items = ledger.items
    told = rows[["customer", "item_id", "contacted_on", "outcome"]]
    told = told[told["customer"].isin(told.loc[told["outcome"].isin(["disputed", "paid"]), "customer"])]
    debts = pd.DataFrame(
        {
            "debt": np.arange(len(opened.item)),
            "customer": opened.customer,
            "item_id": items["item_id"].to_numpy()[opened.item],
            "booked_on": items["booked_on"].to_numpy()[opened.item],
        }
    )
    own = debts.merge(told.dropna(subset="item_id").drop(columns="customer").astype({"item_id": "int64"}), on="item_id")
    whole = debts.merge(told[told["item_id"].isna()].drop(columns="item_id"), on="customer")
    pairs = pd.concat([whole[whole["booked_on"] <= whole["contacted_on"]], own], ignore_index=True)
    last = pairs.sort_values("contacted_on", kind="stable").drop_duplicates("debt", keep="last")
    answers, on = np.full(len(opened.item), NOBODY, dtype=object), np.full(len(opened.item), NO_DAY)
    answers[last["debt"]], on[last["debt"]] = last["outcome"], day_numbers(last["contacted_on"])
    return answers, on

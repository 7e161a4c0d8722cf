"""What may be reminded on a day: the open debits, what holds each back, and which level was sent of it last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.collection.dunning.classes import NO_SCENARIO
from arlib.collection.dunning.scenario import Scenario
from arlib.collection.log import Contacts
from arlib.collection.worklist.contacted import contacted_by, looked_for_until
from arlib.collection.worklist.opened import opened_on
from arlib.collection.worklist.promised import promised_on
from arlib.ledger import Ledger
from arlib.measures.aging.ages import Ages
from arlib.risk import Facts
from arlib.risk.provisions.exposure import Exposures, exposures
from arlib.risk.provisions.standing import insolvent_customers
from arlib.schema import HALF_CENT, NO_DAY, Codes, Days, Flags, Floats, day_numbers
from arlib.simulation.forecast.promises import GRACE, Promises

# Why an item is not reminded, the first that holds; the last two are found by the schedule.
NO_DUE_DATE, NOBODY, INSOLVENT, DISPUTED, PAID, SAID_PAID, PROMISED, NO_LEVEL, SMALL, LATER = (
    *("no_due_date", "no_scenario", "insolvent", "disputed", "unmatched_credit"),
    *("said_paid", "promise", "all_sent", "amount_below", "later"),
)
_NEVER = -1  # no level sent
Whys: TypeAlias = npt.NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class Reminded:
    """The open debits of a day, by customer, due date and number.

    Attributes:
        item: (claims,) position in `ledger.items`.
        customer: (claims,) position in `ledger.customers`.
        due: (claims,) day number, `NO_DAY` where there is none.
        gross: (claims,) open amount.
        credits: (claims,) what of it unmatched credits of the customer cover, oldest due first.
        scenario: (claims,) place of the customer's scenario.
        sent: (claims,) place, in the scenario's levels, of the last one sent; -1 where none was.
        sent_on: (claims,) day number of that; `NO_DAY` where none.
        held_until: (claims,) day number from which a promise, or the word that it was paid, no longer holds it back;
            `NO_DAY`: none does.
        held_by: (claims,) which of the two, `PROMISED` or `SAID_PAID`, where one does.
        stopped: (claims,) why it is not reminded at all; empty where it may be.
        contacted_on: (customers,) day number of the last contact; `NO_DAY` where none is known.
    """

    item: Codes
    customer: Codes
    due: Days
    gross: Floats
    credits: Floats
    scenario: Codes
    sent: Codes
    sent_on: Days
    held_until: Days
    held_by: Whys
    stopped: Whys
    contacted_on: Days


@dataclass(frozen=True, eq=False)
class Beside:
    """What is known beside the ledger.

    Attributes:
        contacts: past ones.
        promises: of payments.
        facts: on customers.
    """

    contacts: Contacts
    promises: Promises | pd.DataFrame | None
    facts: Facts | None


def claims_of(
    ledger: Ledger, day: pd.Timestamp, scenarios: Sequence[Scenario], of_customer: Codes, beside: Beside
) -> Reminded:
    """The open debits of a day with all that decides on their reminders."""
    held = _in_order(ledger, exposures(ledger, day, Ages.of("due", (365,))))
    item, due = held.item, day_numbers(ledger.items["due_on"])[held.item]
    customer = ledger._owners[item]  # noqa: SLF001 - kept by the ledger for such functions
    scenario = of_customer[customer]
    told = _told(ledger, day, item, beside)
    sent, sent_on = _sent(scenarios, beside.contacts, _listed(ledger, item, scenario))
    ids = ledger.customers["customer_id"]
    insolvent = ids.isin(insolvent_customers(ledger, day, beside.facts, None, "en")["customer_id"]).to_numpy()
    asks = _Asked(scenarios, scenario)
    reasons = {
        NO_DUE_DATE: due == NO_DAY,
        NOBODY: scenario == NO_SCENARIO,
        INSOLVENT: insolvent[customer] & asks.of("insolvent"),
        DISPUTED: told.disputed & asks.of("disputed"),
        PAID: (held.gross - held.credits < HALF_CENT) & asks.of("unmatched_credit"),
        NO_LEVEL: sent >= asks.levels - 1,
    }
    promised_until = np.where(asks.of("promise_pending"), told.promised_until, NO_DAY)
    paid_until = looked_for_until(told.said_paid, asks.said_paid_days)
    return Reminded(
        item=item,
        customer=customer,
        due=due,
        gross=held.gross,
        credits=np.where(asks.of("unmatched_credit"), held.credits, 0.0),
        scenario=scenario,
        sent=sent,
        sent_on=sent_on,
        held_until=np.maximum(promised_until, paid_until),
        held_by=np.where(promised_until > paid_until, PROMISED, SAID_PAID),
        stopped=np.select(list(reasons.values()), list(reasons), ""),
        contacted_on=_contacted(ids, beside.contacts),
    )


def _in_order(ledger: Ledger, held: Exposures) -> Exposures:
    """The debts by customer, due date and number, whatever the order of the rows."""
    due, ids = (ledger.items[name].to_numpy()[held.item] for name in ("due_on", "item_id"))
    order = np.lexsort((ids, due, held.customer))
    by_debt = ("item", "customer", "bucket", "gross", "credits", "tax", "tax_unknown", "covered")
    return replace(held, **{name: getattr(held, name)[order] for name in by_debt})


class _Asked:
    """What the scenario of each claim asks, false and 0 where it has none."""

    def __init__(self, scenarios: Sequence[Scenario], scenario: Codes) -> None:
        self._scenarios, self._scenario = scenarios, scenario

    def of(self, rule: str) -> Flags:
        flags = np.array([getattr(each.stop, rule) for each in self._scenarios] + [False])
        return np.asarray(flags[self._scenario])

    @property
    def said_paid_days(self) -> Codes:
        days = np.array([each.stop.said_paid_days for each in self._scenarios] + [0])
        return np.asarray(days[self._scenario])

    @property
    def levels(self) -> Codes:
        counts = np.array([len(each.used) for each in self._scenarios] + [0])
        return np.asarray(counts[self._scenario])


def _contacted(ids: "pd.Series[str]", contacts: Contacts) -> Days:
    """(customers,) the day number of the last contact with each, whatever it was about."""
    last = contacts.rows.groupby("customer_id")["contacted_on"].max().reindex(ids)
    return day_numbers(last)


def _listed(ledger: Ledger, item: Codes, scenario: Codes) -> pd.DataFrame:
    """One row a claim: its item, customer, days as numbers and scenario."""
    items = ledger.items[["item_id", "customer_id"]].take(item).reset_index(drop=True)
    return items.assign(
        claim=np.arange(len(item)),
        booked=day_numbers(ledger.items["booked_on"])[item],
        due=day_numbers(ledger.items["due_on"])[item],
        scenario=scenario,
    )


def _sent(scenarios: Sequence[Scenario], contacts: Contacts, claims: pd.DataFrame) -> tuple[Codes, Days]:
    """(claims,) the place of the highest level sent of each, -1 without any; and the day of it.

    A contact about one item speaks of it alone. One about all that a customer owed speaks of the items booked by then,
    each for the levels it had reached by its due date: a formal notice of March is none for an invoice of April. A
    formal notice without a number is the scenario's own.
    """
    rows = contacts.rows[contacts.rows["level"].notna() | (contacts.rows["channel"] == "formal_notice")]
    told = rows.assign(on=day_numbers(rows["contacted_on"]))[["customer_id", "item_id", "on", "level"]]
    whole = told[told["item_id"].isna()].drop(columns="item_id").drop_duplicates()
    single = told[told["item_id"].notna()].drop(columns="customer_id").astype({"item_id": "int64"})
    by_item = claims.merge(single, on="item_id").assign(whole=False)
    by_customer = claims.merge(whole, on="customer_id").assign(whole=True)
    pairs = pd.concat([by_item, by_customer[by_customer["booked"] <= by_customer["on"]]], ignore_index=True)
    claim, on, due, scenario = (pairs[name].to_numpy() for name in ("claim", "on", "due", "scenario"))
    numbers, offsets = (bounds[scenario] for bounds in _levels(scenarios))
    level = pairs["level"].astype("float64").fillna(np.inf).to_numpy()[:, None]
    dated = due != NO_DAY
    reached = (on - np.where(dated, due, on))[:, None] >= offsets
    single_item = ~pairs["whole"].to_numpy(dtype=np.bool_)[:, None]
    place = np.where(dated, ((numbers <= level) & (reached | single_item)).sum(axis=1) - 1, _NEVER)
    sent, sent_on = np.full(len(claims), _NEVER), np.full(len(claims), NO_DAY)
    np.maximum.at(sent, claim, place)
    latest = (place == sent[claim]) & (place >= 0)
    np.maximum.at(sent_on, claim[latest], on[latest])
    return sent, sent_on


def _levels(scenarios: Sequence[Scenario]) -> tuple[Floats, Floats]:
    """(scenarios, levels) number and offset of each used level, infinite beyond the last; the last row is of none."""
    most = max((len(each.used) for each in scenarios), default=0)
    numbers, offsets = np.full((2, len(scenarios) + 1, max(most, 1)), np.inf)
    for place, each in enumerate(scenarios):
        numbers[place, : len(each.used)] = [level.level for level in each.used]
        offsets[place, : len(each.used)] = [level.offset for level in each.used]
    return numbers, offsets


def level_waits(scenarios: Sequence[Scenario], most: int) -> Days:
    """(scenarios and none, levels) calendar days of each level from the one before it; 0 where there is none."""
    waits = np.zeros((len(scenarios) + 1, most), dtype=np.int64)
    for place, each in enumerate(scenarios):
        waits[place, : len(each.used)] = [level.wait for level in each.used]
    return waits


def level_offsets(scenarios: Sequence[Scenario]) -> Floats:
    """(scenarios and none, levels) calendar days from the due date of each level, infinite where there is none."""
    return _levels(scenarios)[1]


@dataclass(frozen=True, eq=False)
class _Told:
    """What customers said of claims, in the accounts, to whoever contacted them, or as a promise.

    Attributes:
        disputed: (claims,) by the accounts or the last contact.
        said_paid: (claims,) day number on which the customer said that it had paid; `NO_DAY` elsewhere.
        promised_until: (claims,) day number from which a promise of most of it is broken; `NO_DAY`: none is pending.
    """

    disputed: Flags
    said_paid: Days
    promised_until: Days


def _told(ledger: Ledger, day: pd.Timestamp, item: Codes, beside: Beside) -> _Told:
    """What customers said of claims, by the rules of the worklist.

    A promise covers the items it names, else what its customer owes and does not dispute, oldest due first, less what
    was paid since. It holds back an item that it covers for more than half: nobody waits with 10,000 for a promise of
    1. It is broken some days (`GRACE`) after its day; a customer with several is waited for until the last one.
    """
    opened = opened_on(ledger, day, None)
    contacted = contacted_by(ledger, opened, beside.contacts)
    disputed = opened.disputed | contacted.disputed
    promised = promised_on(ledger, day, opened, beside.promises, disputed)
    held = (promised.covered >= HALF_CENT) & (promised.covered * 2 > opened.unpaid)
    until = promised.waits_last[opened.customer]
    place = np.empty(len(ledger.items), dtype=np.intp)
    place[opened.item] = np.arange(len(opened.item))
    rows = place[item]
    return _Told(
        disputed[rows], contacted.said_paid[rows], np.where(held & (until > NO_DAY), until + GRACE, NO_DAY)[rows]
    )

"""What may be reminded on a day: the open debits, what holds each back, and which level was sent of it last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from arlib.behaviour import customers_of_items
from arlib.collection.dunning.classes import NO_SCENARIO
from arlib.collection.dunning.scenario import Scenario
from arlib.collection.log import Contacts
from arlib.ledger import Ledger
from arlib.measures.aging.ages import Ages
from arlib.measures.flows.disputes import disputed_on
from arlib.risk import Facts
from arlib.risk.provisions.exposure import Exposures, exposures
from arlib.risk.provisions.standing import insolvent_customers
from arlib.schema import HALF_CENT, NO_DAY, Codes, Days, Flags, Floats, day_number, day_numbers
from arlib.simulation.forecast.claims import Claims
from arlib.simulation.forecast.promises import GRACE, Promises, agreed

# Why an item is not reminded, the first that holds; the last two are found by the schedule.
NO_DUE_DATE, NOBODY, INSOLVENT, DISPUTED, PAID, PROMISED, NO_LEVEL, SMALL, LATER = (
    *("no_due_date", "no_scenario", "insolvent", "disputed", "unmatched_credit"),
    *("promise", "all_sent", "amount_below", "later"),
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
        held_until: (claims,) day number from which a promise no longer holds it back; `NO_DAY`: none does.
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
    promises: Promises | None
    facts: Facts | None


def claims_of(
    ledger: Ledger, day: pd.Timestamp, scenarios: Sequence[Scenario], of_customer: Codes, beside: Beside
) -> Reminded:
    """The open debits of a day with all that decides on their reminders."""
    held = _in_order(ledger, exposures(ledger, day, Ages.of("due", (365,))))
    item, due = held.item, day_numbers(ledger.items["due_on"])[held.item]
    customer = ledger._owners[item]  # noqa: SLF001 - kept by the ledger for such functions
    scenario = of_customer[customer]
    until = _promised(ledger, day, beside.promises, held)
    sent, sent_on = _sent(scenarios, beside.contacts, _listed(ledger, item, scenario))
    ids = ledger.customers["customer_id"]
    insolvent = ids.isin(insolvent_customers(ledger, day, beside.facts, None, "en")["customer_id"]).to_numpy()
    asks = _Asked(scenarios, scenario)
    reasons = {
        NO_DUE_DATE: due == NO_DAY,
        NOBODY: scenario == NO_SCENARIO,
        INSOLVENT: insolvent[customer] & asks.of("insolvent"),
        DISPUTED: disputed_on(ledger, day)[item] & asks.of("disputed"),
        PAID: (held.gross - held.credits < HALF_CENT) & asks.of("unmatched_credit"),
        NO_LEVEL: sent >= asks.levels - 1,
    }
    return Reminded(
        item=item,
        customer=customer,
        due=due,
        gross=held.gross,
        credits=np.where(asks.of("unmatched_credit"), held.credits, 0.0),
        scenario=scenario,
        sent=sent,
        sent_on=sent_on,
        held_until=np.where(asks.of("promise_pending"), until, NO_DAY),
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


def level_offsets(scenarios: Sequence[Scenario]) -> Floats:
    """(scenarios and none, levels) calendar days from the due date of each level, infinite where there is none."""
    return _levels(scenarios)[1]


@dataclass(frozen=True, eq=False)
class _Known:
    """Whom promises may be of, and the day."""

    customers: "pd.Index[str]"
    as_of: pd.Timestamp


def _promised(ledger: Ledger, day: pd.Timestamp, promises: Promises | None, held: Exposures) -> Days:
    """(claims,) the day from which a promised payment of each is broken, `NO_DAY` where none is pending.

    A promise covers the items it names, else what its customer owes, oldest due first. It is broken some days
    (`GRACE`) after its day; a customer with several is waited for until the last one.
    """
    until = np.full(len(held.item), NO_DAY)
    if promises is None or promises.table.empty:
        return until
    table = promises.table
    if "promised_on" in table:
        broken_on = pd.to_datetime(table["promised_on"], errors="coerce") + pd.Timedelta(days=GRACE)
        table = table.assign(promised_on=broken_on)
    known = _Known(pd.Index(ledger.customers["customer_id"].sort_values()), day)
    customer = customers_of_items(ledger, known.customers)[held.item]
    due = day_numbers(ledger.items["due_on"])[held.item]
    opened = Claims.of(customer, np.where(due == NO_DAY, day_number(day), due), held.item, held.gross, held.item)
    made = agreed(ledger, known, opened, Promises(table, kept_share=1.0))
    left = np.zeros(len(ledger.items))
    left[made.rest.item] = made.rest.amount
    promised = held.gross - left[held.item] >= HALF_CENT
    last = np.full(len(known.customers), NO_DAY)
    np.maximum.at(last, made.promises.customer, made.promises.due)
    return np.where(promised, last[customer], NO_DAY)

"""Whom to call first: the cash each customer frees by paying better, against the work it asks."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import open_items
from arlib.schema import HALF_CENT, Floats
from arlib.simulation.base import SimulationBase
from arlib.simulation.levers.lever import LATENESS, Row, told
from arlib.simulation.outlook.by_customer import simulate_by_customer
from arlib.simulation.policies.policy import Policy
from arlib.words import Sentence, say

_MINUTES = 60  # of an hour
_DAY = 24  # hours


@dataclass(frozen=True)
class Effort:
    """What collecting better asks, an assumption of whoever plans the work.

    Attributes:
        minutes_per_customer: of work on a customer, whatever it buys: finding whom to talk to, agreeing on a way.
        minutes_per_invoice: of work on each of its invoices, open or to come within the horizon.
        hours_a_day: of this work in a working day.

    Raises:
        ArlibError: minutes are negative or all 0, or a day is not above 0 and at most 24 hours.
    """

    minutes_per_customer: float = 60.0
    minutes_per_invoice: float = 3.0
    hours_a_day: float = 7.0

    def __post_init__(self) -> None:
        minutes = (self.minutes_per_customer, self.minutes_per_invoice)
        possible = all(0 <= each < np.inf for each in minutes) and sum(minutes) > 0
        if not (possible and 0 < self.hours_a_day <= _DAY):
            customer, invoice = minutes
            raise ArlibError(say("simulation.lever.effort", customer=customer, invoice=invoice, hours=self.hours_a_day))

    def days(self, invoices: Floats) -> Floats:
        """(customers,) working days for customers of so many invoices each."""
        minutes = self.minutes_per_customer + self.minutes_per_invoice * invoices
        return np.asarray(minutes / (_MINUTES * self.hours_a_day))

    def sentence(self) -> Sentence:
        """The assumption, to be shown beside the ranking."""
        return say(
            "simulation.lever.effort_assumed",
            customer=self.minutes_per_customer,
            invoice=self.minutes_per_invoice,
            hours=self.hours_a_day,
        )


EFFORT = Effort()


def effort_ranking(base: SimulationBase, *, lateness_factor: float = 0.0, effort: Effort = EFFORT) -> pd.DataFrame:
    """Customers by the cash freed for a day of work, if each paid its invoices on time, or less late.

    The cash is `cash_gained` of `simulate_by_customer` under `Policy(…, lateness_factor=lateness_factor)`: what has
    come in beyond today's terms by each of the last 30 days, on average, from what is open and what is to come. It is
    freed once, for as long as the work goes on; it is no yearly gain.

    Args:
        base: what `prepare` made of a ledger.
        lateness_factor: what is left of each customer's days late, 0 for on time.
        effort: the work it asks.

    Returns:
        One row a customer who owes or buys, the most cash a day of work first: customer_id, cash_freed, invoices (open
        and to come within the horizon), effort_days, cash_freed_per_day, effort_days_cumulated, cash_freed_cumulated,
        sentence.

    Raises:
        ArlibError: the factor is not from 0 to below 1.
    """
    if not 0 <= lateness_factor < 1:
        raise ArlibError(say("simulation.lever.less_late", factor=lateness_factor))
    policy = Policy(LATENESS.name, lateness_factor=lateness_factor)
    by_customer = simulate_by_customer(base, policy)
    freed = by_customer[by_customer["policy"] == policy.name].set_index("customer_id")["cash_gained"]
    invoices = _invoices(base).reindex(freed.index, fill_value=0)
    ranking = pd.DataFrame({"cash_freed": freed, "invoices": invoices}).reset_index()
    ranking["effort_days"] = effort.days(ranking["invoices"].to_numpy(np.float64))
    ranking["cash_freed_per_day"] = ranking["cash_freed"] / ranking["effort_days"]
    ranking = ranking.sort_values(["cash_freed_per_day", "customer_id"], ascending=[False, True], ignore_index=True)
    ranking["effort_days_cumulated"] = ranking["effort_days"].cumsum()
    ranking["cash_freed_cumulated"] = ranking["cash_freed"].cumsum()
    return told(ranking, lambda row: _sentence(row, lateness_factor))


def _invoices(base: SimulationBase) -> "pd.Series[int]":
    """How many invoices each customer has open on the day or to come within the horizon."""
    opened = open_items(base.ledger, base.as_of)
    owed = opened.loc[opened["open_amount"] > HALF_CENT, "customer_id"]
    to_come = base.plan.customer[base.plan.issue <= base.horizon]
    places = np.concatenate([base.laws.customers.get_indexer(pd.Index(owed)), to_come])
    return pd.Series(np.bincount(places, minlength=len(base.laws.customers)), base.laws.customers)


def _sentence(row: Row, factor: float) -> Sentence:
    if row["cash_freed"] <= HALF_CENT:
        return say("simulation.lever.no_effort", customer=row["customer_id"])
    key = "simulation.lever.on_time" if factor == 0 else "simulation.lever.less_late_worth"
    values = {"freed": row["cash_freed"], "days": row["effort_days"], "per_day": row["cash_freed_per_day"]}
    return say(key, customer=row["customer_id"], factor=factor, **values)

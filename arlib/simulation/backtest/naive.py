"""What a person without a simulation would expect of the receivable, given the same sales."""

from collections.abc import Mapping

import numpy as np

from arlib.ledger import open_items
from arlib.schema import NO_DAY, Days, Floats, day_number, day_numbers, sum_by_code
from arlib.simulation.base import SimulationBase
from arlib.simulation.sales.dated import LEGAL_DAYS

NAIVE = ("unchanged", "last_dso", "contractual")


def naive_receivables(base: SimulationBase, billed: Floats, window: Floats) -> Mapping[str, Floats]:
    """By naive, (days,) the receivable at the end of each day.

    `unchanged`: what is owed today. `last_dso`: today's share of the sales of the DSO's window. `contractual`:
    everything is paid on its due date, what is past due tomorrow, and no credit is ever applied.

    Args:
        base: the ledger on the day.
        billed: (days,) planned sales of each day, day 0 first.
        window: (days,) known and planned sales of the window of the DSO; nan where it begins before the ledger.
    """
    start, days = base.opening.owed + base.opening.unapplied, len(billed)
    return {
        "unchanged": np.full(days, start),
        "last_dso": start * window / window[0],
        "contractual": start + np.cumsum(billed) - np.cumsum(_paid_when_due(base, days)),
    }


def _paid_when_due(base: SimulationBase, days: int) -> Floats:
    opened = open_items(base.ledger, base.as_of)
    opened = opened[(opened["open_amount"] > 0).to_numpy()]
    issued, due = day_numbers(opened["issued_on"].fillna(opened["booked_on"])), day_numbers(opened["due_on"])
    due = np.where(due == NO_DAY, issued + LEGAL_DAYS, due) - day_number(base.as_of)
    plan = base.plan
    paid = _by_day(np.maximum(due, 1), opened["open_amount"].to_numpy(), days)
    return paid + _by_day(np.maximum(plan.due, plan.issue), plan.amount, days)


def _by_day(day: Days, amount: Floats, days: int) -> Floats:
    seen = day < days
    return sum_by_code(day[seen], amount[seen], days)

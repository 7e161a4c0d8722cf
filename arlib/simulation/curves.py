"""The curves of a policy: what is billed and paid by each day, and how far it may be off."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import as_day
from arlib.schema import Days, Flags, Floats, day_number
from arlib.simulation.base import SimulationBase, between
from arlib.simulation.flows import Cells, Moved, Sales, gather
from arlib.simulation.plan import years_ahead
from arlib.simulation.policy import TODAY, Policy
from arlib.simulation.shocks import NODES, node_mean, node_variance
from arlib.words import say


@dataclass(frozen=True, eq=False)
class Curve:
    """What a policy gives on each day, the day asked being day 0.

    Attributes:
        billed: amount issued on the day.
        paid: expected payments by the end of the day, of what is open and of what is to come.
        variance: of these payments.
    """

    billed: Floats
    paid: Floats
    variance: Floats


def policy_curves(base: SimulationBase, policies: tuple[Policy, ...], growth: float, horizon: int) -> list[Curve]:
    """The curve of today's terms, then of each policy; one that changes nothing has today's own."""
    today = _sales(base, base.cells, TODAY, growth, horizon)
    tried = [_tried(base, policy, today, growth, horizon) for policy in policies]
    unchanged = _curve(base, today)
    return [unchanged, *(unchanged if sales is today else _curve(base, sales) for sales in tried)]


def selected_customers(base: SimulationBase, policy: Policy) -> Flags:
    """(customers,) whether a policy is for each customer of the laws.

    Raises:
        ArlibError: the policy names a customer or a segment the ledger does not have.
    """
    if policy.customers is None and policy.segments is None:
        return np.ones(len(base.laws.customers), dtype=bool)
    segment = base.ledger.customers.set_index("customer_id")["segment"].reindex(base.laws.customers)
    wanted = {"customers": policy.customers or (), "segments": policy.segments or ()}
    known = {"customers": base.laws.customers, "segments": pd.Index(segment.dropna().unique())}
    for kind, names in wanted.items():
        unknown = [name for name in names if name not in known[kind]]
        if unknown:
            raise ArlibError(say(f"simulation.unknown_{kind}", policy=policy.name, names=", ".join(unknown[:20])))
    chosen: Flags = base.laws.customers.isin(wanted["customers"]) | segment.isin(wanted["segments"]).to_numpy()
    return chosen


def _tried(base: SimulationBase, policy: Policy, today: Sales, growth: float, horizon: int) -> Sales:
    chosen = selected_customers(base, policy)[base.plan.customer]
    if not policy.changes or not chosen.any():
        return today
    if chosen.all():
        return _sales(base, base.cells, policy, growth, horizon)
    cells = gather(base.plan, base.laws, chosen)
    before, after = (_sales(base, cells, terms, growth, horizon) for terms in (TODAY, policy))
    return today - before + after


def _sales(base: SimulationBase, cells: Cells, policy: Policy, growth: float, horizon: int) -> Sales:
    return moved_cells(base, cells, policy, growth).sales(horizon, base.shocks.reach)


def _curve(base: SimulationBase, sales: Sales) -> Curve:
    horizon = len(sales.billed) - 1

    def shifted(days: float) -> Floats:
        return between(base.opening.paid, horizon, days) + sales.paid(days)

    steps = NODES * base.shocks.own
    moved = [[shifted(node * base.shocks.common + step) for step in steps] for node in NODES]
    common = node_variance([node_mean(curves) for curves in moved])
    own = node_mean([node_variance(curves) for curves in moved])
    chance = np.maximum(base.opening.variance[: horizon + 1] + sales.variance(), 0.0)
    return Curve(sales.billed, shifted(0.0), chance + common + base.concentration[: horizon + 1] * own)


def moved_cells(base: SimulationBase, cells: Cells, policy: Policy, growth: float) -> Moved:
    """Cells under a policy, sales growing each year by a share."""
    factor = np.power(1 + growth, years_ahead(cells.issue).astype(np.float64))
    return Moved(cells, factor, *_dates(base, cells, policy))


def _dates(base: SimulationBase, cells: Cells, policy: Policy) -> tuple[Days, Floats]:
    """Days of issue under a policy, and the days payments are then counted from.

    What the policy brings forward is issued on its first day at the earliest: the backlog goes out that day.
    With a share ρ of the change followed, payments are counted from today's due date + ρ × (new − today's).
    """
    today = day_number(base.as_of)
    start = 1 if policy.invoices_from is None else max(day_number(as_day(policy.invoices_from)) - today, 1)
    concerned = cells.issue >= start
    issue = np.where(concerned, np.maximum(cells.issue - policy.faster_invoicing_days, start), cells.issue)
    due = cells.due - (cells.issue - issue)
    if policy.terms is not None:
        due = np.where(concerned, policy.terms.due_days(issue + today) - today, due)
    return issue, cells.due + policy.follow_share * (due - cells.due)

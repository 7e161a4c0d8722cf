"""The curves of a policy: what is billed and paid by each day, and how far it may be off."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import as_day
from arlib.schema import Days, Flags, Floats, day_number, sum_by_code
from arlib.simulation.base import NODES, SimulationBase, between, node_variance
from arlib.simulation.flows import Cells, Flow, gather, moved
from arlib.simulation.plan import years_ahead
from arlib.simulation.policy import TODAY, Policy
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
    today = _curve(base, [(base.cells, TODAY)], growth, horizon)
    return [today, *(_tried(base, policy, today, growth, horizon) for policy in policies)]


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


def _tried(base: SimulationBase, policy: Policy, today: Curve, growth: float, horizon: int) -> Curve:
    chosen = selected_customers(base, policy)[base.plan.customer]
    if not policy.changes or not chosen.any():
        return today
    if chosen.all():
        return _curve(base, [(base.cells, policy)], growth, horizon)
    concerned, others = (gather(base.plan, base.laws, part) for part in (chosen, ~chosen))
    return _curve(base, [(concerned, policy), (others, TODAY)], growth, horizon)


def _curve(base: SimulationBase, parts: list[tuple[Cells, Policy]], growth: float, horizon: int) -> Curve:
    """The parts of the sales, each under a policy, added up."""
    flows: list[Flow] = []
    spreads: list[Flow] = []
    billed = np.zeros(horizon + 1)
    for cells, policy in parts:
        factor = np.power(1 + growth, years_ahead(cells.issue).astype(np.float64))
        issue, counted_from = _dates(base, cells, policy)
        paid, spread = moved(cells, factor, issue, counted_from)
        flows, spreads = flows + paid, spreads + spread
        seen = issue <= horizon
        billed += sum_by_code(issue[seen], (cells.billed * factor)[seen], horizon + 1)
    shifted = _Shifted(base.opening.paid, tuple(flows), horizon)
    common = node_variance([shifted.at(node * base.shocks.common) for node in NODES])
    own = node_variance([shifted.at(node * base.shocks.own) for node in NODES])
    chance = base.opening.variance[: horizon + 1] + sum(flow.until(horizon) for flow in spreads)
    variance = np.maximum(chance, 0.0) + common + base.concentration[: horizon + 1] * own
    return Curve(billed, shifted.at(0.0), variance)


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


@dataclass(frozen=True, eq=False)
class _Shifted:
    """Expected payments by the end of each day, were all payments to move by a number of days."""

    opening: Floats
    flows: tuple[Flow, ...]
    horizon: int

    def at(self, shift: float) -> Floats:
        """The curve with payments `shift` days later; between two whole days, in proportion."""
        whole = int(np.floor(shift))
        part = shift - whole
        line = self._future(whole) * (1 - part)
        if part:
            line += self._future(whole + 1) * part
        return between(self.opening, self.horizon, shift) + line

    def _future(self, shift: int) -> Floats:
        return np.asarray(sum((flow.until(self.horizon, shift) for flow in self.flows), np.zeros(self.horizon + 1)))

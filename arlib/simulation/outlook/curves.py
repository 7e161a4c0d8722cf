"""The curves of a policy: what is billed, paid and overdue by each day, and how far it may be off."""

from dataclasses import dataclass

import numpy as np

from arlib.schema import Floats
from arlib.simulation.base import SimulationBase
from arlib.simulation.flows.opening import Opening
from arlib.simulation.outlook.expected import Dues, Expected, Outlook
from arlib.simulation.outlook.shocks import NODES, between, node_mean, node_variance
from arlib.simulation.policies.policy import Policy
from arlib.simulation.policies.scope import reminders_of_opening
from arlib.simulation.sales.risk import sales_variance


@dataclass(frozen=True, eq=False)
class Curve:
    """What a policy gives on each day, the day asked being day 0; all but `dues` are (days,).

    Attributes:
        billed: amount issued on the day.
        delivered: what today's terms would issue on the day, less lost sales: invoiced sooner or not.
        paid: expected payments by the end of the day, of what is open and of what is to come.
        variance: of what is owed at the end of the day.
        cash_variance: of the payments by the end of the day.
        dso_variance: of what is owed less DSO / 90 × the sales of the last 90 days, these as they are expected.
        sold_variance: of sales since the day asked.
        overdue: past due and unpaid at the end of the day, of what is open and of what is to come.
        undated: of what is open, without a due date and unpaid at the end of the day: never overdue.
        discounts: granted on the day.
        deposits: received on the day.
        lost: sales lost.
        invoices: how many are issued.
        never: of what is delivered on the day, never paid by the laws.
        dues: the due dates granted.
    """

    billed: Floats
    delivered: Floats
    paid: Floats
    variance: Floats
    cash_variance: Floats
    dso_variance: Floats
    sold_variance: Floats
    overdue: Floats
    undated: Floats
    discounts: Floats
    deposits: Floats
    lost: Floats
    invoices: Floats
    never: Floats
    dues: Dues

    def receivable(self, start: float) -> Floats:
        """What is owed at the end of each day, from what is at the start on: billed, less payments and discounts."""
        return np.asarray(start + np.cumsum(self.billed - self.discounts) - self.paid)

    def financed(self, start: float) -> Floats:
        """What is delivered by the end of each day, invoiced or not, and neither paid nor granted.

        It is what is owed where invoicing is not moved. What is delivered on a day is what today's terms issue on it.
        """
        return np.asarray(start + np.cumsum(self.delivered - self.discounts) - self.paid)


def policy_curves(
    base: SimulationBase, policies: tuple[Policy, ...], growth: float | None, horizon: int
) -> list[Curve]:
    """The curve of today's terms, then of each policy; one that changes nothing has today's own."""
    outlook = Outlook(base, growth, horizon)
    unchanged = base.curves_of_today.get((growth, horizon), lambda: _curve(base, outlook.today, base.opening))
    tried = [(outlook.under(policy), _opening(base, policy)) for policy in policies]
    return [
        unchanged,
        *(
            unchanged if sales is outlook.today and opening is base.opening else _curve(base, sales, opening)
            for sales, opening in tried
        ),
    ]


def _opening(base: SimulationBase, policy: Policy) -> Opening:
    """What is open, run off under the reminders of a policy."""
    reminders = reminders_of_opening(base, policy)
    return base.opening if reminders.none else base.opening.moved(reminders)


def _curve(base: SimulationBase, expected: Expected, opening: Opening) -> Curve:
    sales, horizon = expected.sales, len(expected.billed) - 1

    def shifted(days: float) -> Floats:
        return between(opening.paid, horizon, days, sales.agenda) + sales.paid(days)

    steps = NODES * base.shocks.own
    moved = [[shifted(node * base.shocks.common + step) for step in steps] for node in NODES]
    common = node_variance([node_mean(curves) for curves in moved])
    own = node_mean([node_variance(curves) for curves in moved])
    dated, granted = np.cumsum(expected.dated), np.cumsum(expected.discounts)
    paid = shifted(0.0) + dated
    start = base.opening.owed + base.opening.unapplied
    receivable = start + np.cumsum(expected.billed) - granted - paid
    unplanned = sales_variance(base, expected.by_week, expected.billed, receivable)
    chance = np.maximum(opening.variance[: horizon + 1] + unplanned.square * sales.variance(), 0.0)
    payments = chance + common + base.concentration[: horizon + 1] * own
    return Curve(
        billed=expected.billed,
        delivered=expected.delivered,
        paid=paid,
        variance=payments + unplanned.receivable,
        cash_variance=payments + unplanned.cash,
        dso_variance=(payments + unplanned.ratio) * (1 + 3 * unplanned.recent),  # E 1/S² is (1 + 3 c²) / S²
        sold_variance=unplanned.sold,
        overdue=opening.overdue[: horizon + 1] + expected.overdue,
        undated=opening.undated[: horizon + 1],
        discounts=expected.discounts,
        deposits=expected.deposits,
        lost=expected.lost,
        invoices=expected.invoices,
        never=expected.never,
        dues=expected.dues,
    )

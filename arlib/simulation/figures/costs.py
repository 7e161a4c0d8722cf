"""What a policy costs and brings: financing, discounts, the action itself, bad debt, lost margin, and the law."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arlib.errors import ArlibError
from arlib.law.latest import latest_due
from arlib.measures.working_capital import YEAR, yearly_cost
from arlib.schema import HALF_CENT, Floats, day_number
from arlib.simulation.base import SimulationBase
from arlib.simulation.figures.legal import breaches
from arlib.simulation.outlook.curves import Curve
from arlib.simulation.outlook.lines import first_day, issue_days
from arlib.simulation.policies.policy import Policy
from arlib.simulation.policies.scope import invoices_in_scope, treatments
from arlib.simulation.sales.past import NEVER
from arlib.words import say


@dataclass(frozen=True)
class Costs:
    """What money, losses and sales are worth; what is not given is not known, and said so where it is needed.

    Attributes:
        financing_rate: what a year of financing costs, as a share (0.05 is 5 %).
        loss_share: what is lost of invoices never paid; the ledger's own by default (`learnt_loss_share`).
        margin_share: the margin that goes with lost sales, as a share of them, their tax included as in all sales.

    Raises:
        ArlibError: a share is not from 0 to 1.
    """

    financing_rate: float | None = None
    loss_share: float | None = None
    margin_share: float | None = None

    def __post_init__(self) -> None:
        if self.financing_rate is not None:
            yearly_cost(0.0, self.financing_rate)
        for name in ("loss_share", "margin_share"):
            share = getattr(self, name)
            if share is not None and not 0 <= share <= 1:
                raise ArlibError(say("simulation.cost.share", name=say(f"simulation.cost.{name}"), share=share))

    def financing(self, owed: float, days: int) -> float:
        """What financing an amount owed costs over so many days; nan without a rate."""
        return np.nan if self.financing_rate is None else yearly_cost(owed, self.financing_rate) * days / YEAR


NO_COSTS = Costs()


def cost_columns(
    base: SimulationBase, policies: Sequence[Policy], curves: Sequence[Curve], costs: Costs
) -> dict[str, Floats]:
    """What each policy costs over the horizon, as columns of one figure a policy, that of today's terms first.

    Columns: lost_sales; discounts granted; action_cost (of each part of the policy: `yearly_cost` by the days from its
    start to the horizon, and `cost_per_invoice` of the invoices in its scope that are issued by then, lost sales left
    out); financing_cost of what is financed on average (`Curve.financed`): what is delivered, invoiced or not, and not
    paid, so that it does not rise by invoicing sooner; never_paid, expected never to be paid of what is delivered,
    and bad_debt, that × the loss share; margin_lost with lost sales; illegal_invoices and illegal_amount (`breaches`);
    financing_gained: today's financing_cost less the policy's; net_gained: that, less what discounts, the action, bad
    debt and lost margin cost more than under today's terms.

    Each is nan where it needs a share that is not known, and breaches where the file does not date its invoices; bad
    debt is asked for in net_gained only where it changes, lost margin where sales are lost.

    Args:
        base: what is simulated.
        policies: today's terms first.
        curves: theirs.
        costs: the shares.
    """
    days = len(curves[0].billed) - 1
    lost, discounts, never = (
        np.array([getattr(curve, name).sum() for curve in curves]) for name in ("lost", "discounts", "never")
    )
    action = np.array([_action(base, policy, days) for policy in policies])
    start = base.opening.owed + base.opening.unapplied
    financing = np.array([costs.financing(float(curve.financed(start).mean()), days) for curve in curves])
    loss_share = float(base.loss_share) if costs.loss_share is None else costs.loss_share
    bad_debt, margin = _times(never, loss_share), _times(lost, costs.margin_share)
    more_lost = np.where(np.abs(never - never[0]) < HALF_CENT, 0.0, bad_debt - bad_debt[0])
    spent = discounts + action + margin
    illegal = _breaches(base, curves, days)
    return {
        "lost_sales": lost,
        "discounts": discounts,
        "action_cost": action,
        "financing_cost": financing,
        "never_paid": never,
        "bad_debt": bad_debt,
        "margin_lost": margin,
        "illegal_invoices": illegal[0],
        "illegal_amount": illegal[1],
        "financing_gained": financing[0] - financing,
        "net_gained": financing[0] - financing - (spent - spent[0]) - more_lost,
    }


def _action(base: SimulationBase, policy: Policy, days: int) -> float:
    """What the action costs by a day, of all parts of a policy."""
    parts = policy.parts or (policy,)
    start = [first_day(part, day_number(base.as_of)) for part in parts]
    by_year = [part.yearly_cost * max(days + 1 - first, 0) / YEAR for part, first in zip(parts, start, strict=True)]
    priced = [part for part in parts if part.cost_per_invoice]
    issued = _issued(base, policy, days) if priced else np.zeros(0)
    by_invoice = [part.cost_per_invoice * float(issued @ invoices_in_scope(base, part)) for part in priced]
    return sum(by_year) + sum(by_invoice)


def _issued(base: SimulationBase, policy: Policy, days: int) -> Floats:
    """(invoices,) what of each is issued by a day under a policy: all, none, or what is not lost."""
    plan, today = base.plan, day_number(base.as_of)
    issued = (plan.issue <= days).astype(np.float64)
    for treatment in treatments(base, policy):
        sooner = issue_days(treatment.policy, today, plan.issue) <= days
        issued += treatment.chosen * (sooner * (1 - treatment.policy.lost_sales_share) - (plan.issue <= days))
    return issued


def _times(amount: Floats, share: float | None) -> Floats:
    """A share of amounts; nothing of nothing, nan where the share is not known."""
    return np.where(np.abs(amount) < HALF_CENT, 0.0, amount * (np.nan if share is None else share))


def _breaches(base: SimulationBase, curves: Sequence[Curve], days: int) -> Floats:
    """(2, policies) how many invoices fall due too late, and their amount."""
    if base.past.first == NEVER:
        return np.full((2, len(curves)), np.nan)
    today = base.past.today
    latest = latest_due(today + np.arange(days + 1)) - today
    return np.array([breaches(curve.dues, latest) for curve in curves]).T

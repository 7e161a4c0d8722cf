"""The invoices to come that a forecast counts on: those of a year ago, at the level sales have now."""

from dataclasses import dataclass, replace

import numpy as np

from arlib.behaviour import PaymentLaws
from arlib.ledger import Ledger
from arlib.measures.dso.standing import Standing
from arlib.schema import day_number
from arlib.simulation.covered import dated_edge
from arlib.simulation.forecast.claims import PLANNED, Claims
from arlib.simulation.sales.plan import YEAR, SalesPlan, known_sales, sales_plan
from arlib.simulation.sales.risk import SalesRisk, estimate_sales_risk

RECENT = 56  # days repeated while a ledger is younger than a year: its first weeks are often a ramp, or a season
MONTH = 28  # days of sales: with fewer, one invoice would come back every week
UNKNOWN_LEVEL = 0.10  # of sales: how far those of thirteen weeks came from the repeated ones, no year to compare


@dataclass(frozen=True, eq=False)
class SalesAhead:
    """Invoices to come as claims, and where they are from.

    Attributes:
        claims: one a planned invoice.
        plan: the plan they are from, at the level sales have now.
        risk: how far sales may be from it.
    """

    claims: Claims
    plan: SalesPlan
    risk: SalesRisk


def sales_ahead(ledger: Ledger, laws: PaymentLaws, days: int) -> SalesAhead:
    """The invoices of a year ago, a year later, at the level of today; those of eight weeks in a young ledger.

    None where fewer than four weeks of sales are known: one invoice would come back every week. Nor where the sales
    of the file stop or thin out before the day (`Edge`): it is the file that ends there.

    Args:
        ledger: the ledger.
        laws: whose day and customers count.
        days: how many days ahead.
    """
    sales = known_sales(Standing.of(ledger, laws.as_of), laws.customers)
    issued, today = sales["issued"].to_numpy(), day_number(laws.as_of)
    known = today - int(issued.min(initial=today)) + 1  # days
    repeated = sales if known >= YEAR else sales[(issued > today - RECENT) & (known >= MONTH)]
    if dated_edge(ledger, np.array([today])).beyond[0]:
        repeated = repeated[:0]
    plan = sales_plan(ledger, repeated, laws, days)
    risk = estimate_sales_risk(sales.assign(again=plan.comes_back(sales)), laws.as_of, plan.period)
    if known < YEAR:
        risk = replace(risk, level=UNKNOWN_LEVEL)
    return planned_sales(plan.at_level(1 + risk.carried), laws, days, risk)


def planned_sales(plan: SalesPlan, laws: PaymentLaws, days: int, risk: SalesRisk) -> SalesAhead:
    """The invoices of a plan within some days as claims."""
    today = day_number(laws.as_of)
    chosen = (plan.issue <= days) & (plan.amount > 0)
    customer, due, issue = plan.customer[chosen], plan.due[chosen] + today, plan.issue[chosen] + today
    claims = Claims.of(customer, due, issue, plan.amount[chosen], np.full(len(customer), PLANNED))
    return SalesAhead(claims, plan, risk)

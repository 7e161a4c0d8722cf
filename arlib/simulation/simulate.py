"""Expected receivable, DSO and cash by day under policies, with the band eight outcomes of ten fall in."""

from collections.abc import Iterable

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, as_day
from arlib.simulation.asked import Asked
from arlib.simulation.base import SimulationBase, prepare
from arlib.simulation.figures.costs import NO_COSTS, Costs
from arlib.simulation.outlook.curves import policy_curves
from arlib.simulation.policies.policy import Policy
from arlib.simulation.results import Simulation
from arlib.words import say

YEAR_AHEAD = 365  # days


def simulate(
    source: Ledger | SimulationBase,
    policies: Policy | Iterable[Policy] = (),
    as_of: Day | None = None,
    *,
    horizon: int | None = None,
    sales_growth: float | None = None,
    costs: Costs = NO_COSTS,
) -> Simulation:
    """Expected receivable, DSO and cash of each day under today's terms and under each policy.

    What is open runs off by each customer's payment law given that it is unpaid today; the invoices of the last
    twelve months come back 364 days later and are paid by the same laws, counted from the due date the policy
    gives them, on open days of the laws' calendar, and told apart by its weekday. Expectations and variances are in
    closed form: no draws, the same figures each time.

    The band adds up four independent parts: each invoice's own chance; a shift of each customer's payments and a
    shift of all payments, whose sizes come from the ledger's months and from how far earlier laws missed
    (`estimate_shocks`) and last the whole horizon; and sales that do not come as planned, in all or of whom
    (`estimate_sales_risk`). It is normal. `backtest_simulation` tells how often it
    held on the ledger's own past.

    Args:
        source: a ledger, or what `prepare` made of it, which makes a policy a matter of milliseconds.
        policies: what to compare with today's terms, which are always the first.
        as_of: the day asked; the ledger's last one by default; left out when `source` is prepared.
        horizon: days to look ahead, up to three years; a year, or what was prepared, where none is given.
        sales_growth: growth of sales a year, 0.05 for 5 %, 0 to repeat last year's as they were; by default, they are
            raised or lowered once by what lasts of their growth over the latest year (`estimate_sales_risk`).
        costs: what money, losses and margins are worth, for the columns of `Simulation.summary` that need them.

    Raises:
        ArlibError: a policy names unknown customers or segments or an earlier one's name, the horizon or growth is
            out of range, or no payment is known by the day.
    """
    if isinstance(source, SimulationBase):
        base = source
    else:
        horizon = YEAR_AHEAD if horizon is None else horizon
        base = prepare(source, as_of, horizon=horizon)
    if as_of is not None and as_day(as_of) != base.as_of:
        raise ArlibError(say("simulation.prepared", day=base.as_of, days=base.horizon))
    asked = Asked.of(base, policies, horizon, sales_growth)
    curves = policy_curves(base, asked.policies[1:], sales_growth, asked.horizon)
    return Simulation(base, asked.policies, tuple(curves), sales_growth, costs)

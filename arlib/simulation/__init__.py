"""What if the terms change: expected receivable, DSO and cash by day, with a band that is computed."""

from arlib.simulation.backtest import SimulationBacktest, backtest_simulation
from arlib.simulation.base import SimulationBase, prepare
from arlib.simulation.defaults import Recoveries, default_of_largest
from arlib.simulation.draws.draws import Draws, draw_simulation
from arlib.simulation.figures.costs import NO_COSTS, Costs
from arlib.simulation.financing import (
    BillsDiscounting,
    CashDiscount,
    Factoring,
    FinancingCost,
    Overdraft,
    compound_rate,
    discount_break_even,
    financing_compared,
    largest_discount,
    simple_rate,
)
from arlib.simulation.forecast import (
    CashForecast,
    ForecastBacktest,
    Promises,
    backtest_forecast,
    forecast_cash,
    read_promises,
)
from arlib.simulation.levers import (
    Effort,
    effort_ranking,
    end_of_month_readings,
    lever_shares,
    policy_bridge,
    target_dso,
    tornado,
)
from arlib.simulation.outlook.by_customer import simulate_by_customer
from arlib.simulation.outlook.by_segment import simulate_by_segment
from arlib.simulation.policies.adoption import worthwhile_adoption
from arlib.simulation.policies.files import policies_text, read_policies, write_policies
from arlib.simulation.policies.policy import TODAY, Policy
from arlib.simulation.results import Simulation
from arlib.simulation.sales.given import read_sales_plan
from arlib.simulation.simulate import simulate

__all__ = [
    "NO_COSTS",
    "TODAY",
    "BillsDiscounting",
    "CashDiscount",
    "CashForecast",
    "Costs",
    "Draws",
    "Effort",
    "Factoring",
    "FinancingCost",
    "ForecastBacktest",
    "Overdraft",
    "Policy",
    "Promises",
    "Recoveries",
    "Simulation",
    "SimulationBacktest",
    "SimulationBase",
    "backtest_forecast",
    "backtest_simulation",
    "compound_rate",
    "default_of_largest",
    "discount_break_even",
    "draw_simulation",
    "effort_ranking",
    "end_of_month_readings",
    "financing_compared",
    "forecast_cash",
    "largest_discount",
    "lever_shares",
    "policies_text",
    "policy_bridge",
    "prepare",
    "read_policies",
    "read_promises",
    "read_sales_plan",
    "simple_rate",
    "simulate",
    "simulate_by_customer",
    "simulate_by_segment",
    "target_dso",
    "tornado",
    "worthwhile_adoption",
    "write_policies",
]

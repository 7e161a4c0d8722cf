"""Charts of the house: a frame in, an Altair chart out, in French or in English, its title saying what it shows.

Drawing nothing by themselves, charts can be shown, saved, or compared in a test. In a notebook, call
`charts.offline()` once so that they are drawn without asking anything of the internet. Their ground is transparent
and their ink that of the page: `Path("aged.png").write_bytes(charts.picture(chart))` saves one on white.
"""

from arlib.show.charts.aging import aged_balance_chart, aged_history_chart
from arlib.show.charts.bridge import bridge_groups_chart, dso_bridge_chart
from arlib.show.charts.capture import capture_chart
from arlib.show.charts.cohorts import cohorts_chart
from arlib.show.charts.concentration import pareto_chart
from arlib.show.charts.currency import currency_effect_chart
from arlib.show.charts.deadlines import deadlines_chart
from arlib.show.charts.defaults import default_chart
from arlib.show.charts.delays import delay_history_chart
from arlib.show.charts.draws import draws_chart
from arlib.show.charts.dso import dso_history_chart, dso_methods_chart
from arlib.show.charts.due_dates import payment_calendar_chart
from arlib.show.charts.dunning import dunning_load_chart
from arlib.show.charts.end_of_month import end_of_month_chart
from arlib.show.charts.expected import customer_cash_chart
from arlib.show.charts.financing import financing_chart
from arlib.show.charts.follow_share import follow_share_chart
from arlib.show.charts.forecast import cash_forecast_chart, cumulated_forecast_chart
from arlib.show.charts.forecast_backtest import forecast_error_chart, forecast_past_chart, forecast_total_error_chart
from arlib.show.charts.gains import cash_gains_chart
from arlib.show.charts.grades import grade_migration_chart
from arlib.show.charts.law import payment_law_chart
from arlib.show.charts.legal import legal_due_dates_chart
from arlib.show.charts.levers import lever_bridge_chart, tornado_chart
from arlib.show.charts.migration import migration_chart
from arlib.show.charts.penalties import penalties_chart
from arlib.show.charts.policies import policies_chart, policy_costs_chart
from arlib.show.charts.receipts import receipts_chart
from arlib.show.charts.reliability import reliability_chart
from arlib.show.charts.reminder_effect import reminder_effect_chart
from arlib.show.charts.scores import score_exposure_chart
from arlib.show.charts.simulation import (
    cash_gained_simulation_chart,
    cash_simulation_chart,
    dso_simulation_chart,
    overdue_simulation_chart,
)
from arlib.show.charts.simulation_backtest import simulation_error_chart, simulation_past_chart
from arlib.show.charts.survival import payment_survival_chart
from arlib.show.charts.terms import weighted_terms_chart
from arlib.show.charts.worklist import worklist_chart
from arlib.show.look import Drawing
from arlib.show.vega import offline, picture

__all__ = [
    "Drawing",
    "aged_balance_chart",
    "aged_history_chart",
    "bridge_groups_chart",
    "capture_chart",
    "cash_forecast_chart",
    "cash_gained_simulation_chart",
    "cash_gains_chart",
    "cash_simulation_chart",
    "cohorts_chart",
    "cumulated_forecast_chart",
    "currency_effect_chart",
    "customer_cash_chart",
    "deadlines_chart",
    "default_chart",
    "delay_history_chart",
    "draws_chart",
    "dso_bridge_chart",
    "dso_history_chart",
    "dso_methods_chart",
    "dso_simulation_chart",
    "dunning_load_chart",
    "end_of_month_chart",
    "financing_chart",
    "follow_share_chart",
    "forecast_error_chart",
    "forecast_past_chart",
    "forecast_total_error_chart",
    "grade_migration_chart",
    "legal_due_dates_chart",
    "lever_bridge_chart",
    "migration_chart",
    "offline",
    "overdue_simulation_chart",
    "pareto_chart",
    "payment_calendar_chart",
    "payment_law_chart",
    "payment_survival_chart",
    "penalties_chart",
    "picture",
    "policies_chart",
    "policy_costs_chart",
    "receipts_chart",
    "reliability_chart",
    "reminder_effect_chart",
    "score_exposure_chart",
    "simulation_error_chart",
    "simulation_past_chart",
    "tornado_chart",
    "weighted_terms_chart",
    "worklist_chart",
]

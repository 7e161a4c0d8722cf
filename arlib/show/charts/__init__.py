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
from arlib.show.charts.delays import delay_history_chart
from arlib.show.charts.dso import dso_history_chart, dso_methods_chart
from arlib.show.charts.due_dates import payment_calendar_chart
from arlib.show.charts.grades import grade_migration_chart
from arlib.show.charts.law import payment_law_chart
from arlib.show.charts.migration import migration_chart
from arlib.show.charts.reliability import reliability_chart
from arlib.show.charts.scores import score_exposure_chart
from arlib.show.charts.simulation import cash_simulation_chart, dso_simulation_chart
from arlib.show.charts.survival import payment_survival_chart
from arlib.show.charts.terms import weighted_terms_chart
from arlib.show.look import Drawing
from arlib.show.vega import offline, picture

__all__ = [
    "Drawing",
    "aged_balance_chart",
    "aged_history_chart",
    "bridge_groups_chart",
    "capture_chart",
    "cash_simulation_chart",
    "cohorts_chart",
    "currency_effect_chart",
    "delay_history_chart",
    "dso_bridge_chart",
    "dso_history_chart",
    "dso_methods_chart",
    "dso_simulation_chart",
    "grade_migration_chart",
    "migration_chart",
    "offline",
    "pareto_chart",
    "payment_calendar_chart",
    "payment_law_chart",
    "payment_survival_chart",
    "picture",
    "reliability_chart",
    "score_exposure_chart",
    "weighted_terms_chart",
]

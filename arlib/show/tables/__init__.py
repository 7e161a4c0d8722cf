"""HTML tables a person reads: figures in the language's form and flush right, every text of a file escaped.

Each function takes a frame, a bridge or figures and returns `Html`, a string that notebooks show as a table and pages
put where they like.
"""

from arlib.show.tables.answered import answer_or_why
from arlib.show.tables.collection import (
    dunning_levels_table,
    dunning_stopped_table,
    dunning_table,
    queues_table,
    worklist_capture_table,
    worklist_table,
)
from arlib.show.tables.delay_table import late_delays_table, unpaid_delays_table
from arlib.show.tables.forecast import (
    forecast_backtest_table,
    forecast_by_customer_table,
    forecast_table,
    simulation_backtest_table,
)
from arlib.show.tables.frames import frame_table, sentences_table
from arlib.show.tables.html import Field, Html, Kind, table
from arlib.show.tables.law import (
    deadlines_table,
    doubtful_table,
    legal_due_dates_table,
    penalties_table,
    penalty_rates_table,
    terms_against_law_table,
    vat_statement_table,
    vat_table,
)
from arlib.show.tables.letters import letter_preview
from arlib.show.tables.moved import dso_bridge_table, dso_methods_table, figures_table
from arlib.show.tables.receipts import matching_table, proposals_table, unmatched_table
from arlib.show.tables.reminder_effect import reminder_effect_table
from arlib.show.tables.risk import (
    backtest_table,
    grades_with_range,
    late_risk_table,
    limits_table,
    provisions_table,
    scores_table,
    warning_rules_table,
    warnings_table,
)
from arlib.show.tables.simulation import (
    default_table,
    effort_table,
    end_of_month_table,
    financing_table,
    policies_table,
    target_table,
)
from arlib.show.tables.standing import (
    aged_balance_table,
    figure,
    key_figures_table,
    measure_label,
    proof_label,
    proof_table,
)
from arlib.show.tables.statement import statement_aging_table, statement_items_table, statement_table

__all__ = [
    "Field",
    "Html",
    "Kind",
    "aged_balance_table",
    "answer_or_why",
    "backtest_table",
    "deadlines_table",
    "default_table",
    "doubtful_table",
    "dso_bridge_table",
    "dso_methods_table",
    "dunning_levels_table",
    "dunning_stopped_table",
    "dunning_table",
    "effort_table",
    "end_of_month_table",
    "figure",
    "figures_table",
    "financing_table",
    "forecast_backtest_table",
    "forecast_by_customer_table",
    "forecast_table",
    "frame_table",
    "grades_with_range",
    "key_figures_table",
    "late_delays_table",
    "late_risk_table",
    "legal_due_dates_table",
    "letter_preview",
    "limits_table",
    "matching_table",
    "measure_label",
    "penalties_table",
    "penalty_rates_table",
    "policies_table",
    "proof_label",
    "proof_table",
    "proposals_table",
    "provisions_table",
    "queues_table",
    "reminder_effect_table",
    "scores_table",
    "sentences_table",
    "simulation_backtest_table",
    "statement_aging_table",
    "statement_items_table",
    "statement_table",
    "table",
    "target_table",
    "terms_against_law_table",
    "unmatched_table",
    "unpaid_delays_table",
    "vat_statement_table",
    "vat_table",
    "warning_rules_table",
    "warnings_table",
    "worklist_capture_table",
    "worklist_table",
]

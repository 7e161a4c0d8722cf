"""HTML tables a person reads: figures in the language's form and flush right, every text of a file escaped.

Each function takes a frame, a bridge or figures and returns `Html`, a string that notebooks show as a table and pages
put where they like.
"""

from arlib.show.tables.frames import frame_table
from arlib.show.tables.html import Field, Html, Kind, table
from arlib.show.tables.moved import dso_bridge_table, dso_methods_table, figures_table
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
from arlib.show.tables.standing import (
    aged_balance_table,
    figure,
    key_figures_table,
    measure_label,
    proof_label,
    proof_table,
)

__all__ = [
    "Field",
    "Html",
    "Kind",
    "aged_balance_table",
    "backtest_table",
    "dso_bridge_table",
    "dso_methods_table",
    "figure",
    "figures_table",
    "frame_table",
    "grades_with_range",
    "key_figures_table",
    "late_risk_table",
    "limits_table",
    "measure_label",
    "proof_label",
    "proof_table",
    "provisions_table",
    "scores_table",
    "table",
    "warning_rules_table",
    "warnings_table",
]

"""Flows: what of the billing and of the balances was collected, rolled on, disputed, and how long each step took."""

from arlib.measures.flows.billing import billing_lag
from arlib.measures.flows.cohorts import cohorts
from arlib.measures.flows.collection import (
    billing_collection_rate,
    collection_effectiveness,
    due_collection_rate,
    monthly_collection_effectiveness,
    opening_collection_rate,
    overdue_collection_rate,
    receivables_turnover,
)
from arlib.measures.flows.disputes import dispute_causes, dispute_days
from arlib.measures.flows.migration import migration_matrix
from arlib.measures.flows.rates import (
    at_risk_history,
    at_risk_rate,
    late_amount_rate,
    late_payment_rate,
    net_overdue_rate,
    overdue_rate,
    unapplied_share,
)
from arlib.measures.flows.rolling import roll_rates

__all__ = [
    "at_risk_history",
    "at_risk_rate",
    "billing_collection_rate",
    "billing_lag",
    "cohorts",
    "collection_effectiveness",
    "dispute_causes",
    "dispute_days",
    "due_collection_rate",
    "late_amount_rate",
    "late_payment_rate",
    "migration_matrix",
    "monthly_collection_effectiveness",
    "net_overdue_rate",
    "opening_collection_rate",
    "overdue_collection_rate",
    "overdue_rate",
    "receivables_turnover",
    "roll_rates",
    "unapplied_share",
]

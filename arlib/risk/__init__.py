"""Who will pay late, what it may cost, and whether the score was right before: with reasons, from what was known."""

from arlib.risk.backtest import RiskBacktest, backtest_risk
from arlib.risk.changes import grade_migration
from arlib.risk.facts import Facts, expert_opinion, external_caps, financial_scores, insurance_cover, read_facts
from arlib.risk.larger import Choice, choose_forecast
from arlib.risk.late import late_risk, learnt_loss_share
from arlib.risk.limits import (
    LimitPolicy,
    OrderDecision,
    Orders,
    credit_exposure,
    credit_limits,
    decide_order,
    group_exposure,
    read_limit_policy,
    read_orders,
)
from arlib.risk.provisions import (
    ChainLadder,
    MarkovChain,
    account_markov_chain,
    collection_triangle,
    doubtful_journal,
    individual_provisions,
    loss_rates,
    markov_chain,
    provision_matrix,
    provision_total,
    provisions_compared,
    vintages,
)
from arlib.risk.score import score_customers
from arlib.risk.scorecard import Scorecard, read_scorecard
from arlib.risk.warnings import EarlyWarnings, early_warnings

__all__ = [
    "ChainLadder",
    "Choice",
    "EarlyWarnings",
    "Facts",
    "LimitPolicy",
    "MarkovChain",
    "OrderDecision",
    "Orders",
    "RiskBacktest",
    "Scorecard",
    "account_markov_chain",
    "backtest_risk",
    "choose_forecast",
    "collection_triangle",
    "credit_exposure",
    "credit_limits",
    "decide_order",
    "doubtful_journal",
    "early_warnings",
    "expert_opinion",
    "external_caps",
    "financial_scores",
    "grade_migration",
    "group_exposure",
    "individual_provisions",
    "insurance_cover",
    "late_risk",
    "learnt_loss_share",
    "loss_rates",
    "markov_chain",
    "provision_matrix",
    "provision_total",
    "provisions_compared",
    "read_facts",
    "read_limit_policy",
    "read_orders",
    "read_scorecard",
    "score_customers",
    "vintages",
]

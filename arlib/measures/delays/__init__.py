"""Days to pay and days late: of what was paid, and with what is still open counted as not yet paid."""

from arlib.measures.delays.averages import HORIZON, days_late, days_to_pay, selection_bias
from arlib.measures.delays.curves import payment_survival
from arlib.measures.delays.granted import weighted_terms
from arlib.measures.delays.history import delay_history, delay_history_by_payment_month
from arlib.measures.delays.profile import delay_profile, payment_profile
from arlib.measures.delays.settlements import settlements

__all__ = [
    "HORIZON",
    "days_late",
    "days_to_pay",
    "delay_history",
    "delay_history_by_payment_month",
    "delay_profile",
    "payment_profile",
    "payment_survival",
    "selection_bias",
    "settlements",
    "weighted_terms",
]

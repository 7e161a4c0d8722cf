"""How each customer pays: one law a customer, the single source of scores, simulation and forecast."""

from arlib.behaviour.evidence import Evidence, customers_of_items, payment_evidence
from arlib.behaviour.laws import PaymentLaws, payment_laws
from arlib.behaviour.money import MoneyDelay
from arlib.behaviour.survival import HALF_LIFE, PRIOR_INVOICES, recency, standing
from arlib.behaviour.terms_change import FollowShare, estimate_follow_share

__all__ = [
    "HALF_LIFE",
    "PRIOR_INVOICES",
    "Evidence",
    "FollowShare",
    "MoneyDelay",
    "PaymentLaws",
    "customers_of_items",
    "estimate_follow_share",
    "payment_evidence",
    "payment_laws",
    "recency",
    "standing",
]

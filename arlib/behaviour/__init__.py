"""How each customer pays: one law a customer, the single source of scores, simulation and forecast."""

from arlib.behaviour.evidence import Evidence, customers_of_items, payment_evidence
from arlib.behaviour.laws import PaymentLaws, payment_laws
from arlib.behaviour.survival import HALF_LIFE, PRIOR_INVOICES, recency, standing

__all__ = [
    "HALF_LIFE",
    "PRIOR_INVOICES",
    "Evidence",
    "PaymentLaws",
    "customers_of_items",
    "payment_evidence",
    "payment_laws",
    "recency",
    "standing",
]

"""Payment terms as values: read from a text, applied to a million invoices at once, printed back."""

from arlib.terms.parts import Base, Discount, Instalment
from arlib.terms.payment import (
    END_OF_MONTH_45,
    END_OF_MONTH_THEN_45,
    NET_30,
    NET_45,
    NET_60,
    ON_RECEIPT,
    PaymentTerms,
)
from arlib.terms.periods import Period
from arlib.terms.rule import DueRule, EndOfMonth, Event, OpenDays

__all__ = [
    "END_OF_MONTH_45",
    "END_OF_MONTH_THEN_45",
    "NET_30",
    "NET_45",
    "NET_60",
    "ON_RECEIPT",
    "Base",
    "Discount",
    "DueRule",
    "EndOfMonth",
    "Event",
    "Instalment",
    "OpenDays",
    "PaymentTerms",
    "Period",
]

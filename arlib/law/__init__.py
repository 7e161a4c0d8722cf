"""What the law says of a receivable: when it must be paid, what lateness costs, what must be published and by when."""

from arlib.law.deadlines import Deadlines, limitation_dates, procedure_deadlines
from arlib.law.delay_table import PaymentDelayTable, payment_delay_table
from arlib.law.doubtful import DoubtfulDebts, doubtful_debts
from arlib.law.latest import LegalDueDates, TermsAgainstLaw, legal_due_dates, terms_against_law
from arlib.law.penalties import LatePenalties, late_penalties
from arlib.law.rates import (
    PenaltyRates,
    RateTables,
    central_bank_rates,
    legal_interest_rates,
    penalty_rates,
    read_rate_tables,
)
from arlib.law.vat import BadDebtVat, vat_on_bad_debts

__all__ = [
    "BadDebtVat",
    "Deadlines",
    "DoubtfulDebts",
    "LatePenalties",
    "LegalDueDates",
    "PaymentDelayTable",
    "PenaltyRates",
    "RateTables",
    "TermsAgainstLaw",
    "central_bank_rates",
    "doubtful_debts",
    "late_penalties",
    "legal_due_dates",
    "legal_interest_rates",
    "limitation_dates",
    "payment_delay_table",
    "penalty_rates",
    "procedure_deadlines",
    "read_rate_tables",
    "terms_against_law",
    "vat_on_bad_debts",
]

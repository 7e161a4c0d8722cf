"""VAT on debts that will not be paid."""

from arlib.law.vat.recovery import BadDebtVat, vat_on_bad_debts

__all__ = ["BadDebtVat", "vat_on_bad_debts"]

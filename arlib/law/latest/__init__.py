"""When invoices must be paid at the latest, by law, and how the terms granted compare with it."""

from arlib.law.latest.against import TermsAgainstLaw, terms_against_law
from arlib.law.latest.dates import LegalDueDates, legal_due_dates
from arlib.law.latest.terms_in_law import latest_due

__all__ = ["LegalDueDates", "TermsAgainstLaw", "latest_due", "legal_due_dates", "terms_against_law"]

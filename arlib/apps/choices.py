"""What a visitor has chosen: frozen values; a choice makes a new one."""

from dataclasses import dataclass, field, replace
from datetime import date

from arlib.simulation.policy import Policy
from arlib.terms import EndOfMonth, PaymentTerms
from arlib.words import Language

UPLOADED = "uploaded"
EVERYONE = ""  # no segment: the terms are tried on all customers

# L441-10 I of the French commercial code, counted from the date of the invoice.
LEGAL_NET_DAYS = 60
LEGAL_END_OF_MONTH_DAYS = 45


@dataclass(frozen=True)
class TermsTried:
    """The terms a visitor tries on customers, and how far customers are thought to go along.

    Attributes:
        days: days granted from the date of the invoice.
        end_of_month: how the month is completed, as in `PaymentTerms`.
        follow_share: part of the change of due date that the day of payment follows, 0 to 1.
        segment: the customers concerned, by their segment; `EVERYONE` for all.
    """

    days: int = 30
    end_of_month: EndOfMonth = "none"
    follow_share: float = 1.0
    segment: str = EVERYONE

    @property
    def terms(self) -> PaymentTerms:
        """The terms as a value."""
        return PaymentTerms(self.days, self.end_of_month)

    def label(self, language: Language) -> str:
        """The terms in words, with the segment they are for."""
        terms = self.terms.text(language)
        return terms if self.segment == EVERYONE else f"{terms} ({self.segment})"

    def policy(self, name: str) -> Policy:
        """The policy to simulate, under this name."""
        segments = None if self.segment == EVERYONE else (self.segment,)
        return Policy(name, terms=self.terms, segments=segments, follow_share=self.follow_share)

    @property
    def legal_days(self) -> int:
        """The longest the law lets two French companies agree on in this reading."""
        return LEGAL_NET_DAYS if self.end_of_month == "none" else LEGAL_END_OF_MONTH_DAYS

    @property
    def beyond_law(self) -> bool:
        """Whether an invoice may not be given so long."""
        return self.days > self.legal_days


@dataclass(frozen=True)
class Choices:
    """Everything on the page that a visitor decides.

    Attributes:
        language: of the page.
        source: name of a sample, or `UPLOADED`.
        as_of: the day of the figures; none for the ledger's last day.
        tried: the terms tried.
    """

    language: Language = "en"
    source: str = "negoce"
    as_of: date | None = None
    tried: TermsTried = field(default_factory=TermsTried)

    def with_source(self, source: str) -> "Choices":
        """The same choices on another ledger."""
        return replace(self, source=source)

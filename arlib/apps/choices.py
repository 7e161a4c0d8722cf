"""What a visitor has chosen: frozen values; a choice makes a new one."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from arlib.errors import ArlibError
from arlib.simulation.policies.policy import TODAY, Policy
from arlib.terms import Discount, DueRule, EndOfMonth, PaymentTerms
from arlib.words import Language, percent, say, word

UPLOADED = "uploaded"
EVERYONE = ""  # no segment: the policy is tried on all customers
MOST_KEPT = 4  # policies beside the one tried: more lines than that are not told apart

# L441-10 I of the French commercial code, counted from the date of the invoice.
LEGAL_NET_DAYS = 60
LEGAL_END_OF_MONTH_DAYS = 45

Reading = EndOfMonth | Literal["today"]
"""How days are counted; "today" leaves the terms of today, whatever the days."""


@dataclass(frozen=True)
class Tried:
    """What a visitor tries on customers, and how far customers are thought to go along.

    Attributes:
        days: days granted from the date of the invoice.
        reading: how the month is completed, as in `PaymentTerms`; or "today", and terms do not change.
        late_less: share of the days late that better reminders take off, 0 to 1.
        follow_share: part of the change of due date that the day of payment follows, 0 to 1.
        segment: the customers concerned, by their segment; `EVERYONE` for all.
        days_sooner: days by which invoices go out earlier.
        deposit_share: share paid with the order, 0 to 1.
        discount_share: what comes off an invoice paid early; 0 for no discount. Only where terms change.
        discount_days: days from the date of the invoice within which it is paid then.
        discount_taken: share of billing that takes it, 0 to 1.
    """

    days: int = 30
    reading: Reading = "none"
    late_less: float = 0.0
    follow_share: float = 1.0
    segment: str = EVERYONE
    days_sooner: int = 0
    deposit_share: float = 0.0
    discount_share: float = 0.0
    discount_days: int = 8
    discount_taken: float = 0.5

    @property
    def terms(self) -> PaymentTerms | None:
        """The terms as a value; none where they stay as they are."""
        if self.reading == "today":
            return None
        offered = (Discount(self.discount_share, DueRule(self.discount_days)),) if self.discount_share else ()
        return PaymentTerms(self.days, self.reading, discounts=offered)

    def label(self, language: Language) -> str:
        """All that is tried, in a few words."""
        parts = ", ".join(self._parts(language)) or word("app.tried.nothing", language)
        return parts if self.segment == EVERYONE else f"{parts} ({self.segment})"

    def _parts(self, language: Language) -> Iterator[str]:
        if self.reading != "today":
            yield PaymentTerms(self.days, self.reading).text(language)
            if self.discount_share:
                shares = {
                    "share": written(self.discount_share, language),
                    "taken": written(self.discount_taken, language),
                }
                yield word("app.tried.discount", language, days=self.discount_days, **shares)
        if self.late_less:
            yield word("app.tried.late_less", language, share=written(self.late_less, language))
        if self.days_sooner:
            yield word("app.tried.days_sooner", language, days=self.days_sooner)
        if self.deposit_share:
            yield word("app.tried.deposit", language, share=written(self.deposit_share, language))
        if self.follow_share != 1:
            yield word("app.tried.followed", language, share=written(self.follow_share, language))

    def policy(self, name: str) -> Policy:
        """The policy to simulate, under this name."""
        terms = self.terms
        return Policy(
            name,
            terms=terms,
            segments=None if self.segment == EVERYONE else (self.segment,),
            follow_share=self.follow_share,
            faster_invoicing_days=self.days_sooner,
            discount_adoption=self.discount_taken if terms and terms.discounts else 0.0,
            deposit_share=self.deposit_share,
            lateness_factor=round(1 - self.late_less, 4),
        )

    @property
    def legal_days(self) -> int:
        """The longest the law lets two French companies agree on in this reading."""
        return LEGAL_NET_DAYS if self.reading == "none" else LEGAL_END_OF_MONTH_DAYS

    @property
    def beyond_law(self) -> bool:
        """Whether an invoice may not be given so long."""
        return self.reading != "today" and self.days > self.legal_days


@dataclass(frozen=True)
class Choices:
    """Everything on the page that a visitor decides.

    Attributes:
        language: of the page.
        source: name of a sample, or `UPLOADED`.
        as_of: the day of the figures; none for the ledger's last day.
        tried: what is tried.
        kept: policies kept beside it, at most `MOST_KEPT`, no two of one name.
        financing_rate: what money costs a year; 0 where it is not counted.
    """

    language: Language = "en"
    source: str = "negoce"
    as_of: date | None = None
    tried: Tried = field(default_factory=Tried)
    kept: tuple[Policy, ...] = ()
    financing_rate: float = 0.0

    def with_source(self, source: str) -> "Choices":
        """The same choices on another ledger."""
        return replace(self, source=source)

    @property
    def policy(self) -> Policy:
        """What is tried, under the name it is kept by if it is, else a name no kept policy has."""
        policy = self.tried.policy(self.tried.label(self.language))
        for kept in self.kept:
            if _same(kept, policy):
                return kept
        name, names, again = policy.name, {kept.name for kept in self.kept}, 2
        while policy.name in names:
            policy, again = replace(policy, name=f"{name} ({again})"), again + 1
        return policy

    @property
    def others(self) -> tuple[Policy, ...]:
        """The kept policies that are not the one tried."""
        tried = self.policy
        return tuple(kept for kept in self.kept if kept != tried)

    def keeping(self, name: str) -> "Choices":
        """The same choices with what is tried kept under a name, in place of what had it; or under its own.

        Raises:
            ArlibError: as many are kept as can be, or it is no name for a policy.
        """
        policy = replace(self.policy, name=name.strip() or self.policy.name)
        names = [kept.name for kept in self.kept]
        if policy.name in names:
            return replace(self, kept=tuple(policy if kept.name == policy.name else kept for kept in self.kept))
        return replace(self, kept=_checked((*self.kept, policy)))

    def without(self, name: str) -> "Choices":
        """The same choices without the policy kept under a name."""
        return replace(self, kept=tuple(kept for kept in self.kept if kept.name != name))

    def with_kept(self, policies: tuple[Policy, ...]) -> "Choices":
        """The same choices with other policies kept.

        Raises:
            ArlibError: they are too many, or two have one name.
        """
        return replace(self, kept=_checked(policies))


def written(share: float, language: Language) -> str:
    """A share as a percentage, without decimals it does not have."""
    return percent(share, language, 0 if round(share * 1000) % 10 == 0 else 1)


def _same(one: Policy, other: Policy) -> bool:
    """Whether two policies do the same, whatever they are called."""
    return replace(one, name="–") == replace(other, name="–")


def _checked(policies: tuple[Policy, ...]) -> tuple[Policy, ...]:
    if len(policies) > MOST_KEPT:
        raise ArlibError(say("app.kept.full", policies=len(policies), most=MOST_KEPT))
    names = [policy.name for policy in policies]
    if TODAY.name in names or len(set(names)) < len(names):
        raise ArlibError(say("simulation.twice"))
    return policies

"""A policy: what would change, for whom, from when, as a value."""

from dataclasses import dataclass

import pandas as pd

from arlib.errors import ArlibError
from arlib.terms import PaymentTerms
from arlib.words import say

LONGEST_ADVANCE = 90  # days by which invoicing can be brought forward; more is another way of selling


@dataclass(frozen=True)
class Policy:
    """Terms and ways of invoicing to try, for some customers, from a day on.

    Attributes:
        name: what the result calls it; "today" is the reference.
        terms: the terms of new invoices, of one due date; None keeps those of today.
        customers: the customers it is for; None for all, unless `segments` names some.
        segments: the customer segments it is for, beside `customers`.
        follow_share: the share of a change of due date that the day of payment follows: 1, customers keep paying
            as many days late as before; 0, they keep paying on the day they always did. Nobody knows it before
            trying; show several.
        invoices_from: the first issue date it is for; None for the day after `as_of`.
        faster_invoicing_days: days by which invoices are issued earlier, 0 to 90.

    Raises:
        ArlibError: the name is empty or "today", terms are not a `PaymentTerms` or have instalments, customers or
            segments are one bare text, a share is not from 0 to 1, or days are out of range.
    """

    name: str
    terms: PaymentTerms | None = None
    customers: tuple[str, ...] | None = None
    segments: tuple[str, ...] | None = None
    follow_share: float = 1.0
    invoices_from: pd.Timestamp | None = None
    faster_invoicing_days: int = 0

    def __post_init__(self) -> None:
        if not (self.terms is None or isinstance(self.terms, PaymentTerms)):
            raise ArlibError(say("simulation.policy_terms", terms=str(self.terms)))
        if self.terms is not None and self.terms.instalments:
            raise ArlibError(say("simulation.policy_parts", terms=self.terms.sentence()))
        for names in (self.customers, self.segments):
            if isinstance(names, str):
                raise ArlibError(say("simulation.policy_names", name=names))
        if not self.name.strip() or (self.name == "today" and self.changes):
            raise ArlibError(say("simulation.name", name=self.name))
        if not 0 <= self.follow_share <= 1:
            raise ArlibError(say("simulation.follow_share", share=self.follow_share))
        if not 0 <= self.faster_invoicing_days <= LONGEST_ADVANCE:
            days = self.faster_invoicing_days
            raise ArlibError(say("simulation.faster_invoicing", days=days, longest=LONGEST_ADVANCE))

    @property
    def changes(self) -> bool:
        """Whether anything differs from today."""
        return self.terms is not None or self.faster_invoicing_days != 0


TODAY = Policy("today")

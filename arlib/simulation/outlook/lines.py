"""How invoices fall due under a policy: the lines they are owed in, and the day each is issued, due, counted from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arlib.schema import Days, Floats, day_number
from arlib.simulation.flows.agenda import Agenda
from arlib.simulation.outlook.written import WrittenTerms
from arlib.simulation.policies.policy import Policy
from arlib.terms import PaymentTerms


@dataclass(frozen=True, eq=False)
class Line:
    """What of some invoices falls due together: an instalment or, last, the balance; all of it where there are none.

    Attributes:
        issue: day of issue.
        due: due date.
        counted_from: the day payments are counted from; between two days, the amount is shared between them.
    """

    issue: Days
    due: Days
    counted_from: Floats


def lines_of(policy: Policy, today: int, issue: Days, due: Days, written: WrittenTerms) -> list[Line]:
    """The lines of invoices a policy is for.

    What is brought forward (`issue_days`) falls due anew by its written terms where these date it (`WrittenTerms`),
    after as many days otherwise. With a share ρ of the change followed, payments are counted from today's due date
    + ρ × (new − today's).

    Args:
        policy: the levers.
        today: day number of the day asked.
        issue: day of issue of each invoice without the policy, counted from `today`.
        due: its due date without the policy.
        written: what dates it.
    """
    sooner = issue_days(policy, today, issue)
    if policy.terms is None:
        fall_due = [written.due_days(sooner + today, due - issue) - today]
    else:
        fall_due = [days - today for days in policy.terms.line_days(sooner + today)]
    fall_due = [np.maximum(days + policy.terms_days, np.minimum(days, sooner)) for days in fall_due]
    return [Line(sooner, days, due + policy.follow_share * (days - due)) for days in fall_due]


def first_day(policy: Policy, today: int) -> int:
    """The first day of issue a policy is for, counted from `today`: tomorrow where it does not say."""
    return 1 if policy.invoices_from is None else max(day_number(policy.invoices_from) - today, 1)


def issue_days(policy: Policy, today: int, issue: Days) -> Days:
    """Days of issue under a policy, on its first day at the earliest: what is brought forward to before goes out then.

    Args:
        policy: the levers.
        today: day number of the day asked.
        issue: day of issue of each invoice without the policy, counted from `today`.
    """
    return np.minimum(issue, np.maximum(issue - policy.faster_invoicing_days, first_day(policy, today)))


def shares_of_lines(terms: PaymentTerms | None, amount: Floats) -> Sequence[float | Floats]:
    """What of an invoice each line is, adding up to 1: one share for all, or (invoices,) where a line is an amount.

    An invoice for less than the instalments owes no more than itself; shares are not rounded to cents.
    """
    instalments = terms.instalments if terms else ()
    if all(each.share is not None for each in instalments):
        shares = [each.share or 0.0 for each in instalments]
        return [*shares, 1.0 - sum(shares)]
    left, parts = np.ones_like(amount), []
    for each in instalments:
        asked = np.divide(each.amount or 0.0, amount, out=np.zeros_like(amount), where=amount > 0)
        parts.append(np.minimum(asked if each.share is None else each.share, left))
        left = left - parts[-1]
    return [*parts, left]


def discount_day(terms: PaymentTerms, agenda: Agenda, issue: Days) -> Days:
    """The day on which the first discount of terms is taken: the last open one on which it is granted, once issued."""
    until = terms.discounts[0].until.due_days(issue + agenda.today) - agenda.today
    last = agenda.calendar.day(agenda.last_rank(until)) - agenda.today
    return np.asarray(np.maximum(last, issue))

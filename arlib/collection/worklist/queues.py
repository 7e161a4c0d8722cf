"""In which queue each customer and each open item stands today."""

from dataclasses import dataclass

import numpy as np

from arlib.collection.worklist.contacted import Contacted, looked_for_until
from arlib.collection.worklist.opened import Expected, Opened
from arlib.collection.worklist.promised import Promised
from arlib.collection.worklist.rules import MEANS, ContactRules
from arlib.schema import HALF_CENT, NO_DAY, Codes, Days, Flags, Floats
from arlib.simulation.forecast.promises import GRACE

QUEUES = ("contact", "match_first", "dispute", "legal", "promise", "cooled_down", "nothing_to_gain")
CONTACT, MATCH, DISPUTE, LEGAL, PROMISE, QUIET, NOTHING = range(len(QUEUES))
_OTHER_QUIET = 7  # days after a contact by a channel that has no rules of its own
_TRY_AGAIN = 1  # days after a contact that reached nobody


@dataclass(frozen=True, eq=False)
class Chased:
    """What a contact of today would speak of.

    Attributes:
        legal: (customers,) insolvent.
        disputed: (debts,) by the accounts or the last contact.
        said_paid: (debts,) of which the customer said lately that they are paid.
        overdue: (debts,) past the due date.
        soon: (debts,) due shortly, their payer usually being late.
        amount: (debts,) what would be asked for: unmatched credits and what is promised taken off.
        held: (debts,) the same without what the customer promised or said it had paid taken off.
    """

    legal: Flags
    disputed: Flags
    said_paid: Flags
    overdue: Flags
    soon: Flags
    amount: Floats
    held: Floats


def chased_of(
    opened: Opened, ahead: Expected, legal: Flags, *, promised: Promised, contacted: Contacted, rules: ContactRules
) -> Chased:
    """What a contact would speak of: what is overdue or soon due from a late payer, that nothing else takes care of."""
    disputed = (opened.disputed | contacted.disputed) & ~legal[opened.customer]
    said_paid = looked_for_until(contacted.said_paid, rules.paid_quiet_days) > opened.today
    overdue = opened.due < opened.today
    soon = ~overdue & (opened.due <= opened.today + rules.due_soon_days) & (ahead.p_late >= rules.late_from)
    spoken = (overdue | soon) & ~disputed & ~legal[opened.customer]
    held = np.where(spoken, opened.unpaid, 0.0)
    left = np.where(said_paid, 0.0, held - np.where(spoken, promised.covered, 0.0)).clip(min=0).round(2) + 0.0
    return Chased(legal, disputed, said_paid, overdue, soon, left, held)


def quiet_until(contacted: Contacted, promised: Promised, rules: ContactRules) -> Days:
    """(customers,) the day from which each may be contacted again; `NO_DAY` where nothing forbids it.

    A promise broken since the last contact ends the wait.
    """
    days = np.full(len(contacted.last_on), _OTHER_QUIET)
    for channel in MEANS:
        days[contacted.channel == channel] = rules.of(channel).quiet_days
    days[contacted.outcome == "unreachable"] = _TRY_AGAIN
    known = contacted.last_on > NO_DAY
    broken = (promised.broken_on > NO_DAY) & (promised.broken_on + GRACE > contacted.last_on)
    return np.where(known & ~broken, np.where(known, contacted.last_on, 0) + days, NO_DAY)


def queues_of(opened: Opened, chased: Chased, promised: Promised, quiet: Days, gain: Floats) -> Codes:
    """(customers,) the queue of each for all it owes that is not disputed, the first that fits."""
    amount, held = opened.amounts(chased.amount), opened.amounts(chased.held)
    spoken = (chased.overdue | chased.soon) & ~chased.disputed
    due = opened.amounts(np.where(spoken, opened.gross, 0.0))
    said_paid = opened.by_customer(chased.said_paid & (chased.held > 0)) > 0
    covered = opened.amounts(np.where(chased.held > 0, promised.covered, 0.0))
    asked, waiting = amount >= HALF_CENT, quiet > opened.today
    cases = {
        LEGAL: [chased.legal],
        MATCH: [(due >= HALF_CENT) & (held < HALF_CENT), ~asked & said_paid],
        PROMISE: [~asked & (covered >= HALF_CENT)],
        NOTHING: [~asked],
        QUIET: [waiting],
    }
    flags = [(each, code) for code, several in cases.items() for each in several]
    found = np.select([each for each, _ in flags], [code for _, code in flags], CONTACT)
    return np.where((found == CONTACT) & (gain <= 0), NOTHING, found)

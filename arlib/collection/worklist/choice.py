"""By which channel each customer is contacted, and how far down the list a day's capacity reaches."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.collection.worklist.rules import EMAIL, LETTER, NOTICE, PHONE, USED, VISIT, Capacity, ContactRules
from arlib.schema import Codes, Flags, Floats

TAKEN, CHANNEL_FULL, CONTACTS_FULL, MINUTES_FULL = range(4)
OVER = {CHANNEL_FULL: "channel", CONTACTS_FULL: "contacts", MINUTES_FULL: "minutes"}
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Escalation:
    """What the choice of a channel rests on, by customer.

    Attributes:
        chased: what would be spoken of.
        days_overdue: of the oldest of it, below 1 where nothing is overdue.
        contacts: made since that fell due.
        notified: whether a formal notice was among them.
        broken: whether a promise was broken.
        by_email: whether an e-mail can be sent: no address is known of anybody, or one of this customer.
    """

    chased: Floats
    days_overdue: Codes
    contacts: Codes
    notified: Flags
    broken: Flags
    by_email: Flags


def channels_of(case: Escalation, rules: ContactRules, gain: Floats) -> Codes:
    """(customers,) the place in `USED` of the channel: the gentlest that the amount, the delay and the past allow.

    Nothing overdue: an e-mail, or the telephone from `phone_from` on. Overdue: a formal notice after `notice_after`
    days and `notice_contacts` contacts without effect; once it was sent, a visit from `visit_from` on, the telephone
    below; the telephone for what is large or late, after a broken promise or a first contact; else an e-mail. Where
    the channel costs more than it brings and writing does not, one writes. A letter where no e-mail can be sent.

    Args:
        case: what it rests on.
        rules: the thresholds.
        gain: (customers, channels) of a contact.
    """
    overdue, large = case.days_overdue > 0, case.chased >= rules.phone_from
    due_notice = (case.days_overdue >= rules.notice_after) & (case.contacts >= rules.notice_contacts)
    insisting = large | (case.days_overdue > rules.phone_after) | (case.contacts > 0) | case.broken
    write = np.where(case.by_email, USED.index(EMAIL), USED.index(LETTER))
    ruled = np.select(
        [
            ~overdue & ~large,
            ~overdue,
            case.notified & (case.chased >= rules.visit_from),
            case.notified,
            due_notice,
            insisting,
        ],
        [write, *(np.full(len(write), USED.index(name)) for name in (PHONE, VISIT, PHONE, NOTICE, PHONE))],
        write,
    )
    row = np.arange(len(ruled))
    return np.where((gain[row, ruled] <= 0) & (gain[row, write] > 0), write, ruled)


def within(capacity: Capacity, channel: Codes, priority: Floats, minutes: Floats) -> Codes:
    """What becomes of contacts ordered by priority: `TAKEN`, or which limit they are beyond.

    Limits are applied one after the other: each channel's, that of all contacts, the minutes. The first two keep the
    first of the order; minutes go to what gains most a minute, then to whatever of the rest still fits (a greedy
    filling, at most one contact's minutes short of full).
    """
    found = np.full(len(channel), TAKEN)
    for name, most in capacity.by_channel.items():
        theirs = np.flatnonzero(channel == USED.index(name))
        found[theirs[most:]] = CHANNEL_FULL
    if capacity.contacts is not None:
        found[np.flatnonzero(found == TAKEN)[capacity.contacts :]] = CONTACTS_FULL
    if capacity.minutes is None:
        return found
    per_minute = priority / np.maximum(minutes, _ROUNDING)
    waiting = np.flatnonzero(found == TAKEN)
    waiting = waiting[np.argsort(-per_minute[waiting], kind="stable")]
    found[waiting[~_fits(minutes[waiting], capacity.minutes)]] = MINUTES_FULL
    return found


def _fits(minutes: Floats, most: float) -> Flags:
    """Which of some contacts fit in a time when they are taken in their order, those too long for the rest left."""
    taken, left = np.zeros(len(minutes), dtype=np.bool_), most
    waiting = np.arange(len(minutes))
    while len(waiting):  # as many times as there are lengths of contacts, at most
        waiting = waiting[minutes[waiting] <= left + _ROUNDING]
        run = np.cumsum(minutes[waiting]) <= left + _ROUNDING
        taken[waiting[run]] = True
        left -= float(minutes[waiting[run]].sum())
        waiting = waiting[~run]
    return taken


def emails_known(customers: pd.DataFrame, ids: "pd.Index[str]") -> Flags:
    """(customers,) whether an e-mail can be sent: nobody's address is in the ledger, or this one's is."""
    known = customers.set_index("customer_id")["email"].reindex(ids).notna().to_numpy()
    return np.asarray(known | ~customers["email"].notna().any())

"""By which channel each customer is contacted, and how far down the list a day's capacity reaches."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.collection.worklist.rules import EMAIL, LETTER, NOTICE, PHONE, USED, VISIT, Capacity, ContactRules
from arlib.schema import Codes, Flags, Floats

TAKEN, CHANNEL_FULL, CONTACTS_FULL, MINUTES_FULL = range(4)
OVER = {CHANNEL_FULL: "channel", CONTACTS_FULL: "contacts", MINUTES_FULL: "minutes"}
_ROUNDING = 1e-9
_PRICES = 21  # of a minute, tried between nothing and what the best contact gains in one


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

    Contacts are taken one after the other as long as they fit every limit: each channel's, that of all contacts, the
    minutes. Without minutes the order is that of the list, which is the best choice. With minutes several orders are
    tried and the one that gains most is kept: the list's, by gain a minute, and between the two, by gain less a price
    of the minute. So no contact alone, as long as it fits, gains more than all that is chosen.
    """
    limits = _Limits(capacity, channel, minutes)
    orders = [np.arange(len(channel))]
    if capacity.minutes is not None and len(channel):
        per_minute = priority / np.maximum(minutes, _ROUNDING)
        prices = np.quantile(per_minute, np.linspace(0, 1, _PRICES))
        orders += [np.argsort(-per_minute, kind="stable")]
        orders += [np.argsort(price * minutes - priority, kind="stable") for price in np.unique(prices)]
    chosen = max((limits.filled(order) for order in orders), key=lambda taken: round(float(priority[taken].sum()), 6))
    return limits.beyond(chosen)


class _Limits:
    """The limits of a day, and what of some contacts fits within them."""

    def __init__(self, capacity: Capacity, channel: Codes, minutes: Floats) -> None:
        self._channel, self._minutes = channel, minutes
        self._contacts = np.inf if capacity.contacts is None else capacity.contacts
        self._most = np.inf if capacity.minutes is None else capacity.minutes + _ROUNDING
        self._by_channel = np.array([capacity.by_channel.get(name, np.inf) for name in USED])

    def filled(self, order: Codes) -> Flags:
        """(contacts,) those taken when they are taken in an order, what no longer fits left out."""
        taken, waiting = np.zeros(len(order), dtype=np.bool_), order
        while len(waiting):  # as many times as there are channels and lengths of contacts, at most
            waiting = waiting[self.beyond(taken)[waiting] == TAKEN]
            run = self._fit(taken, waiting)
            taken[waiting[:run]] = True
            waiting = waiting[run:]
        return taken

    def beyond(self, taken: Flags) -> Codes:
        """(contacts,) `TAKEN` for those taken, or that could be beside them; else the limit they are beyond."""
        left = self._by_channel - np.bincount(self._channel[taken], minlength=len(USED))
        full = [left[self._channel] < 1, np.full(len(taken), taken.sum() >= self._contacts)]
        full += [self._minutes > self._most - self._minutes[taken].sum()]
        return np.where(taken, TAKEN, np.select(full, [CHANNEL_FULL, CONTACTS_FULL, MINUTES_FULL], TAKEN))

    def _fit(self, taken: Flags, waiting: Codes) -> int:
        """How many of the first of those waiting fit together beside those taken."""
        channel = self._channel[waiting]
        of_channel = pd.Series(channel).groupby(channel).cumcount().to_numpy() + 1
        left = self._by_channel - np.bincount(self._channel[taken], minlength=len(USED))
        fits = of_channel <= left[channel]
        fits &= taken.sum() + np.arange(1, len(waiting) + 1) <= self._contacts
        fits &= self._minutes[taken].sum() + np.cumsum(self._minutes[waiting]) <= self._most
        return len(fits) if fits.all() else int(fits.argmin())


def emails_known(customers: pd.DataFrame, ids: "pd.Index[str]") -> Flags:
    """(customers,) whether an e-mail can be sent: nobody's address is in the ledger, or this one's is."""
    known = customers.set_index("customer_id")["email"].reindex(ids).notna().to_numpy()
    return np.asarray(known | ~customers["email"].notna().any())

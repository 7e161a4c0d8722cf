"""What a contact with each customer is worth by each channel: the formula of the list."""

from dataclasses import dataclass

import numpy as np

from arlib.collection.worklist.opened import Expected, Opened
from arlib.collection.worklist.rules import USED, ContactRules
from arlib.schema import Codes, Floats

_YEAR = 365


@dataclass(frozen=True, eq=False)
class Gains:
    """By customer, and by channel of `USED` where a figure depends on it.

    Nothing is rounded, so that small debts keep their order.

    Attributes:
        late: (customers,) late euro-days to come of what is chased.
        lost: (customers,) expected loss of what is chased.
        brought: (customers, channels) euro-days by which the contact is assumed to bring cash forward.
        cash: (customers, channels) what they are worth: × rate ÷ 365.
        avoided: (customers, channels) loss assumed to be avoided.
        cost: (channels,) of a contact.
        gain: (customers, channels) cash + avoided − cost.
    """

    late: Floats
    lost: Floats
    brought: Floats
    cash: Floats
    avoided: Floats
    cost: Floats
    gain: Floats

    def at(self, name: str, channel: Codes) -> Floats:
        """(customers,) one figure at the channel of each customer."""
        figures = getattr(self, name)
        return np.asarray(figures[channel] if figures.ndim == 1 else figures[np.arange(len(channel)), channel])


def gains_of(opened: Opened, chased: Floats, ahead: Expected, rules: ContactRules, loss_share: float) -> Gains:
    """The gain of a contact with every customer by every channel.

    gain = Σ over what is chased of amount × days gained × rate ÷ 365 + expected loss × share avoided − cost, the days
    gained being a share of the late days to come, or so many of them at most.

    Args:
        opened: the open debts.
        chased: (debts,) what of each would be spoken of.
        ahead: what is expected of debts.
        rules: the assumptions.
        loss_share: what is lost of what is unpaid after a year; nan where it is not known: no loss is counted.
    """
    late = opened.by_customer(chased * ahead.late_days)
    share = 0.0 if np.isnan(loss_share) else loss_share
    lost = opened.by_customer(chased * opened.loss_base * ahead.p_lost * share)
    brought, avoided = np.empty((2, len(late), len(USED)))
    for place, channel in enumerate(USED):
        means = rules.of(channel)
        if means.days_gained is None:
            brought[:, place] = late * means.less_late
        else:
            brought[:, place] = opened.by_customer(chased * np.minimum(ahead.late_days, means.days_gained))
        avoided[:, place] = lost * means.loss_avoided
    cash = brought * rules.rate / _YEAR
    cost = np.array([rules.cost(channel) for channel in USED])
    return Gains(late, lost, brought, cash, avoided, cost, cash + avoided - cost)

"""What a contact takes and is assumed to bring, when one is made, and how many a day: all typed by whoever plans."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from arlib.errors import ArlibError
from arlib.words import Sentence, say

EMAIL, LETTER, PHONE, VISIT, NOTICE = "email", "letter", "phone", "visit", "formal_notice"
USED = (EMAIL, LETTER, PHONE, VISIT, NOTICE)  # channels that a worklist may choose
MINUTES = "minutes"
PAID_QUIET_DAYS = 14  # how long one looks for the payment of whoever said that it had paid
_HOUR = 60


@dataclass(frozen=True)
class Means:
    """One channel: what a contact by it takes, and what it is assumed to change. No ledger tells the latter.

    Attributes:
        minutes: of work on one contact.
        cost: of one contact besides the time: postage, travel.
        less_late: share of the days late still to come that it takes away, 0 to 1.
        days_gained: instead of a share, so many days, never more than are still to come; none by default.
        loss_avoided: share of the expected loss that it takes away, 0 to 1.
        quiet_days: after which the customer is contacted again.

    Raises:
        ArlibError: a figure is negative, or a share above 1.
    """

    minutes: float
    cost: float = 0.0
    less_late: float = 0.0
    days_gained: float | None = None
    loss_avoided: float = 0.0
    quiet_days: int = 7

    def __post_init__(self) -> None:
        figures = (self.minutes, self.cost, self.days_gained or 0.0, self.quiet_days)
        shares = (self.less_late, self.loss_avoided)
        if not (all(0 <= each < np.inf for each in figures) and all(0 <= each <= 1 for each in shares)):
            raise ArlibError(say("collection.worklist.means"))


MEANS: Mapping[str, Means] = MappingProxyType(
    {
        EMAIL: Means(minutes=3, cost=0.0, less_late=0.10, loss_avoided=0.01, quiet_days=7),
        LETTER: Means(minutes=6, cost=2.0, less_late=0.10, loss_avoided=0.01, quiet_days=10),
        PHONE: Means(minutes=12, cost=1.0, less_late=0.25, loss_avoided=0.03, quiet_days=7),
        VISIT: Means(minutes=180, cost=60.0, less_late=0.40, loss_avoided=0.10, quiet_days=15),
        NOTICE: Means(minutes=20, cost=8.0, less_late=0.30, loss_avoided=0.05, quiet_days=15),
    }
)


def channel_name(channel: str) -> Sentence:
    """A channel as a person calls it."""
    return say(f"collection.channel.{channel}")


def _known_channels(named: Mapping[str, object]) -> None:
    unknown = [str(name) for name in named if name not in USED]
    if unknown:
        raise ArlibError(
            say("collection.worklist.channels", names=", ".join(unknown), known=", ".join((*USED, MINUTES)))
        )


@dataclass(frozen=True)
class ContactRules:
    """When customers are contacted, by which channel, and what a contact is worth.

    Attributes:
        means: by channel of `USED`; those that are not named are as in `MEANS`.
        rate: what a year of financing costs, 0.05 for 5 %.
        loss_share: what is lost, 0 to 1, of what is unpaid a year after its due date; learnt from the ledger's
            write-offs by default, and where it has none no loss is counted.
        hourly_cost: of the team's time; 0 by default: it is paid anyway, and what limits it is the capacity.
        due_soon_days: an invoice due within so many days is spoken of before it is late, if its payer usually is.
        late_from: probability of being late from which a payer usually is.
        phone_from: amount to chase from which the telephone is used at once.
        visit_from: the same of a visit, once a formal notice has had no answer.
        phone_after: days overdue from which the telephone is used whatever the amount.
        notice_after: days overdue from which a formal notice is sent, if `notice_contacts` contacts had no effect.
        notice_contacts: see `notice_after`.
        broken_weight: what the gain counts for in the order where a promise was broken.
        paid_quiet_days: how long one looks for the payment of a customer who said it had paid.

    Raises:
        ArlibError: a channel is not known, or a figure is out of range.
    """

    means: Mapping[str, Means] = field(default_factory=dict)
    rate: float = 0.05
    loss_share: float | None = None
    hourly_cost: float = 0.0
    due_soon_days: int = 10
    late_from: float = 0.5
    phone_from: float = 5_000.0
    visit_from: float = 50_000.0
    phone_after: int = 20
    notice_after: int = 45
    notice_contacts: int = 2
    broken_weight: float = 1.5
    paid_quiet_days: int = PAID_QUIET_DAYS

    def __post_init__(self) -> None:
        _known_channels(self.means)
        shares = (self.loss_share or 0.0, self.late_from)
        figures = (self.rate, self.hourly_cost, self.due_soon_days, self.phone_from, self.visit_from)
        days = (self.phone_after, self.notice_after, self.notice_contacts, self.broken_weight, self.paid_quiet_days)
        if not (all(0 <= each < np.inf for each in (*figures, *days)) and all(0 <= each <= 1 for each in shares)):
            raise ArlibError(say("collection.worklist.rules"))

    def of(self, channel: str) -> Means:
        """What a contact by a channel takes and brings."""
        return self.means.get(channel, MEANS[channel])

    def cost(self, channel: str) -> float:
        """Of one contact, its time included where the hour has a cost."""
        means = self.of(channel)
        return means.cost + means.minutes * self.hourly_cost / _HOUR

    def sentences(self) -> list[Sentence]:
        """The assumptions, to be shown beside the list."""
        told = [say("collection.worklist.assumed", rate=self.rate, hourly=self.hourly_cost)]
        for channel in USED:
            means = self.of(channel)
            key = "share" if means.days_gained is None else "days"
            told.append(
                say(
                    f"collection.worklist.assumed_{key}",
                    channel=channel_name(channel),
                    less_late=means.less_late,
                    days=means.days_gained or 0.0,
                    loss=means.loss_avoided,
                    cost=self.cost(channel),
                    minutes=means.minutes,
                )
            )
        return told


RULES = ContactRules()


def _is_figure(value: Any, *, whole: bool) -> bool:  # noqa: ANN401 - whatever is typed
    """Whether a limit is none, or a number of 0 or more."""
    if value is None:
        return True
    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return bool(number and 0 <= value < np.inf and not (whole and value % 1))


WORKDAY = 420  # minutes: the seven hours of one person, where nobody says otherwise


@dataclass(frozen=True)
class Capacity:
    """How much the team can do in a day; what is not limited is `None` or not named.

    Attributes:
        contacts: in all.
        by_channel: by channel of `USED`.
        minutes: of work.

    Raises:
        ArlibError: a figure is none or negative, a number of contacts is not whole, or a channel is not known.
    """

    contacts: int | None = None
    by_channel: Mapping[str, int] = field(default_factory=dict)
    minutes: float | None = None

    def __post_init__(self) -> None:
        _known_channels(self.by_channel)
        wrong: list[Any] = [
            each for each in (self.contacts, *self.by_channel.values()) if not _is_figure(each, whole=True)
        ]
        wrong += [] if _is_figure(self.minutes, whole=False) else [self.minutes]
        if wrong:
            raise ArlibError(say("collection.worklist.capacity", value=str(wrong[0])[:80]))

    @classmethod
    def of(cls, given: "Capacity | int | Mapping[str, float] | None") -> "Capacity":
        """A capacity from what is easily typed: 40 contacts, or figures by channel and `minutes`."""
        if given is None or isinstance(given, Capacity):
            return given or cls()
        if not isinstance(given, Mapping):
            return cls(contacts=given)
        by_channel: dict[str, Any] = {name: most for name, most in given.items() if name != MINUTES}
        return cls(by_channel=by_channel, minutes=given.get(MINUTES))

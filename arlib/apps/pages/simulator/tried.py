"""What a visitor tries: levers for all customers, and others for some segments; frozen values, kept in the address."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Literal, get_args

import pandas as pd

from arlib.apps.visit.choices import Asked
from arlib.simulation.base import SimulationBase
from arlib.simulation.policies.policy import Policy
from arlib.terms import Discount, DueRule, EndOfMonth, PaymentTerms
from arlib.words import Language, percent, word

EVERYONE = ""  # no segment: the levers of all customers whose segment has none of its own
MOST_DAYS = 90  # granted; more is beyond any law and any use
MOST_DAYS_SOONER = 30  # by which invoices go out earlier
MOST_DISCOUNT_DAYS = 30  # within which a discount is granted
MOST_DISCOUNT = 0.2

# L441-10 I of the French commercial code, counted from the date of the invoice.
LEGAL_NET_DAYS = 60
LEGAL_END_OF_MONTH_DAYS = 45

Reading = EndOfMonth | Literal["today"]
"""How days are counted; "today" leaves the terms of today, whatever the days."""

READINGS: tuple[Reading, ...] = ("today", *get_args(EndOfMonth))
_OF = "@"  # between a lever and the segment it is for
_OTHERS = "others"  # the part of a policy for customers without a segment


@dataclass(frozen=True)
class Levers:
    """What is tried on some customers, and how far they are thought to go along.

    Attributes:
        days: days granted from the date of the invoice.
        reading: how the month is completed, as in `PaymentTerms`; or "today", and terms do not change.
        late_less: share of the days late that better reminders take off, 0 to 1.
        follow_share: part of the change of due date that the day of payment follows, 0 to 1: the rest of the old
            lateness is kept.
        days_sooner: days by which invoices go out earlier.
        deposit_share: share paid with the order, 0 to 1.
        discount_share: what comes off an invoice paid early; 0 for no discount. Only where terms change.
        discount_days: days from the date of the invoice within which it is paid then, or those granted if they are
            fewer: a discount is for who pays before the due date.
        discount_taken: share of billing that takes it, 0 to 1.
    """

    days: int = 30
    reading: Reading = "none"
    late_less: float = 0.0
    follow_share: float = 1.0
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
        within = DueRule(min(self.discount_days, self.days))
        offered = (Discount(self.discount_share, within),) if self.discount_share else ()
        return PaymentTerms(self.days, self.reading, discounts=offered)

    def policy(self, name: str, segments: tuple[str, ...] | None = None, others: tuple[str, ...] = ()) -> Policy:
        """The policy to simulate, under this name, for customers of some segments and some others; for all without."""
        terms = self.terms
        return Policy(
            name,
            terms=terms,
            segments=segments,
            customers=others or None,
            follow_share=self.follow_share,
            faster_invoicing_days=self.days_sooner,
            discount_adoption=self.discount_taken if terms and terms.discounts else 0.0,
            deposit_share=self.deposit_share,
            lateness_factor=round(1 - self.late_less, 4),
        )

    def label(self, language: Language) -> str:
        """All that is tried, in a few words."""
        return ", ".join(self._parts(language)) or word("app.tried.nothing", language)

    def _parts(self, language: Language) -> Iterator[str]:
        if self.reading != "today":
            yield PaymentTerms(self.days, self.reading).text(language)
            if self.discount_share:
                shares = {"share": written(self.discount_share, language)}
                shares["taken"] = written(self.discount_taken, language)
                within = min(self.discount_days, self.days)
                yield word("app.tried.discount", language, days=within, **shares)
        if self.late_less:
            yield word("app.tried.late_less", language, share=written(self.late_less, language))
        if self.days_sooner:
            yield word("app.tried.days_sooner", language, days=self.days_sooner)
        if self.deposit_share:
            yield word("app.tried.deposit", language, share=written(self.deposit_share, language))
        if self.follow_share != 1:
            yield word("app.tried.followed", language, share=written(self.follow_share, language))

    @property
    def legal_days(self) -> int:
        """The longest the law lets two French companies agree on in this reading."""
        return LEGAL_NET_DAYS if self.reading == "none" else LEGAL_END_OF_MONTH_DAYS

    @property
    def beyond_law(self) -> bool:
        """Whether an invoice may not be given so long."""
        return self.reading != "today" and self.days > self.legal_days


@dataclass(frozen=True)
class Who:
    """The customers of a ledger as levers tell them apart.

    Attributes:
        segments: theirs, sorted.
        others: the customers without one, by customer_id; only where there are segments.
    """

    segments: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @classmethod
    def of(cls, base: SimulationBase) -> "Who":
        """Those of who owes or buys."""
        segment: pd.Series[str] = base.customers["segment"].iloc[base.concerned]
        found = tuple(map(str, sorted(segment.dropna().unique())))
        return cls(found, tuple(map(str, segment.index[segment.isna()])) if found else ())


@dataclass(frozen=True)
class Tried:
    """The levers of all customers, and what is moved otherwise for some segments: the rest follows those of all.

    Attributes:
        everyone: the levers of all.
        own: by segment, the fields of `Levers` that it has of its own.
    """

    everyone: Levers = field(default_factory=Levers)
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def levers(self, segment: str) -> Levers:
        """Those the customers of a segment meet."""
        return replace(self.everyone, **self.own.get(segment, {}))

    def apart(self, who: Who) -> dict[str, Levers]:
        """The levers of the segments of a ledger that have others than all."""
        mine = {segment: self.levers(segment) for segment in who.segments if segment in self.own}
        return {segment: levers for segment, levers in mine.items() if levers != self.everyone}

    def policy(self, name: str, who: Who) -> Policy:
        """The policy to simulate, under this name: each segment by its own levers, all others by those of everyone.

        Its parts have no customer in common, so that a segment may stay as it is where the others change.
        """
        apart = self.apart(who)
        if not apart:
            return self.everyone.policy(name)
        members: dict[Levers, list[str]] = {self.everyone: []}
        for segment in who.segments:
            members.setdefault(apart.get(segment, self.everyone), []).append(segment)
        parts = [
            levers.policy(", ".join(segments) or _OTHERS, tuple(segments), others)
            for levers, segments in members.items()
            if segments or (levers == self.everyone and who.others)
            for others in [who.others if levers == self.everyone else ()]
        ]
        changed = [part for part in parts if part.levers]
        if len(changed) == 1:
            return replace(changed[0], name=name)
        return Policy.together(name, *changed)

    def label(self, language: Language, who: Who) -> str:
        """All that is tried, in a few words."""
        told = [
            word("app.tried.segment", language, segment=segment, levers=levers.label(language))
            for segment, levers in self.apart(who).items()
        ]
        return " · ".join([self.everyone.label(language), *told])

    def asked(self) -> dict[str, str]:
        """As texts of an address: what is not as usual, and what segments have of their own."""
        usual = Levers()
        moved = {each.name: getattr(self.everyone, each.name) for each in fields(Levers)}
        own = {name: value for name, value in moved.items() if value != getattr(usual, name)}
        everyone = {asked_name(name, EVERYONE): asked_text(value) for name, value in own.items()}
        return everyone | {
            asked_name(name, segment): asked_text(value)
            for segment, values in self.own.items()
            for name, value in values.items()
        }

    @classmethod
    def of(cls, asked: Asked) -> "Tried":
        """What the texts of an address say; what they say badly is as usual."""
        everyone: dict[str, Any] = {}
        own: dict[str, dict[str, Any]] = {}
        for key, text in asked.items():
            short, mark, segment = key.partition(_OF)
            name = _NAMES.get(short)
            value = None if name is None else _LEVERS[name].read(text)
            if name is None or value is None or bool(mark) != bool(segment):
                continue
            (own.setdefault(segment, {}) if segment else everyone)[name] = value
        return cls(replace(Levers(), **everyone), MappingProxyType(own))


@dataclass(frozen=True)
class _Asked:
    """How a lever stands in an address: its name there, and how its text is read; none where it is no value of it."""

    name: str
    read: Callable[[str], Any]


def _whole(most: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        known = text.isascii() and text.isdigit() and len(text) <= len(str(most)) and int(text) <= most
        return int(text) if known else None

    return read


def share_of(text: str, most: float = 1.0, decimals: int = 3) -> float | None:
    """A share written in an address, rounded as its control is; none where it is none, or too large."""
    try:
        share = round(float(text), decimals)
    except ValueError:
        return None
    return share if 0 <= share <= most else None


def _percent(text: str) -> float | None:
    """A whole percentage, as sliders give them."""
    return share_of(text, decimals=2)


def _reading(text: str) -> Reading | None:
    return next((reading for reading in READINGS if reading == text), None)


_LEVERS: Mapping[str, _Asked] = MappingProxyType(
    {
        "days": _Asked("days", _whole(MOST_DAYS)),
        "reading": _Asked("reading", _reading),
        "late_less": _Asked("late", _percent),
        "follow_share": _Asked("follow", _percent),
        "days_sooner": _Asked("sooner", _whole(MOST_DAYS_SOONER)),
        "deposit_share": _Asked("deposit", _percent),
        "discount_share": _Asked("discount", lambda text: share_of(text, MOST_DISCOUNT)),
        "discount_days": _Asked("within", _whole(MOST_DISCOUNT_DAYS)),
        "discount_taken": _Asked("taken", _percent),
    }
)
_NAMES: Mapping[str, str] = MappingProxyType({each.name: name for name, each in _LEVERS.items()})


def asked_name(lever: str, segment: str) -> str:
    """What a lever of a segment is called in an address: `days`, or `days@Retail`."""
    return _LEVERS[lever].name + (f"{_OF}{segment}" if segment else "")


def asked_text(value: Any) -> str:  # noqa: ANN401 - any value of a lever
    """What a lever stands at, as an address says it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def written(share: float, language: Language) -> str:
    """A share as a percentage, without decimals it does not have."""
    return percent(share, language, 0 if round(share * 1000) % 10 == 0 else 1)

"""Dunning scenarios as values: the levels, for whom they are, what stops them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from arlib.collection.log import CHANNELS
from arlib.collection.worklist.rules import PAID_QUIET_DAYS
from arlib.errors import ArlibError
from arlib.words import LANGUAGES, say

USED_CHANNELS = tuple(name for name in CHANNELS if name != "other")
TONES = ("courteous", "firm", "formal")
GRADES = ("A", "B", "C", "D", "E")
MOST_DAYS = 3650  # an offset or a pause beyond ten years is a slip
MOST_LEVEL = 99  # as in a log of contacts


def _shown(value: object) -> str:
    return str(value)[:80]


def _check_text(value: object, name: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ArlibError(say("dunning.value.text", name=name, value=_shown(value)))


def _check_number(value: object, name: str, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ArlibError(say("dunning.value.number", name=name, value=_shown(value), least=least, most=most))


def _check_amount(value: object, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < np.inf:
        raise ArlibError(say("dunning.value.amount", name=name, value=_shown(value)))


def _check_one_of(value: object, name: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ArlibError(say("dunning.value.one_of", name=name, value=_shown(value), known=", ".join(known)))


@dataclass(frozen=True)
class Level:
    """One step of a scenario.

    Attributes:
        name: what it is called; those that ship have a label in both languages.
        level: its number in a log of contacts: 0 a notice before the due date, 1 the first reminder.
        offset: calendar days from the due date; negative: before it.
        channel: email, letter, phone, visit or formal_notice (by registered letter).
        template: the letter's text (`collection.letters`), a file's name without its ending.
        tone: courteous, firm or formal: for whoever reads the plan; the words are the template's.
        wait: calendar days at least since the level before it went out: what that letter grants, and the post.

    Raises:
        ArlibError: a value is none of these.
    """

    name: str
    level: int
    offset: int
    channel: str
    template: str
    tone: str = "courteous"
    wait: int = 0

    def __post_init__(self) -> None:
        _check_text(self.name, "name")
        _check_text(self.template, "template")
        _check_number(self.level, "level", 0, MOST_LEVEL)
        _check_number(self.offset, "offset", -MOST_DAYS, MOST_DAYS)
        _check_one_of(self.channel, "channel", USED_CHANNELS)
        _check_one_of(self.tone, "tone", TONES)
        _check_number(self.wait, "wait", 0, MOST_DAYS)


@dataclass(frozen=True)
class StopRules:
    """What keeps a reminder back.

    Attributes:
        disputed: items disputed by the customer.
        promise_pending: items of which more than half is promised, until the promised day and a grace have passed.
        said_paid_days: items of which the customer said that they are paid, for so many days: look for the payment.
        insolvent: all that an insolvent customer owes: claims are declared, not reminded.
        unmatched_credit: items that an unmatched payment or credit note of the customer covers whole, oldest first.
        amount_below: letters asking for less.
        max_level: the number of the last level used; none: all are.

    Raises:
        ArlibError: a flag is none, an amount or a level is below 0.
    """

    disputed: bool = True
    promise_pending: bool = True
    insolvent: bool = True
    unmatched_credit: bool = True
    said_paid_days: int = PAID_QUIET_DAYS
    amount_below: float = 0.0
    max_level: int | None = None

    def __post_init__(self) -> None:
        for name in ("disputed", "promise_pending", "insolvent", "unmatched_credit"):
            if not isinstance(getattr(self, name), bool):
                raise ArlibError(say("dunning.value.flag", name=name, value=_shown(getattr(self, name))))
        _check_number(self.said_paid_days, "said_paid_days", 0, MOST_DAYS)
        _check_amount(self.amount_below, "amount_below")
        if self.max_level is not None:
            _check_number(self.max_level, "max_level", 0, MOST_LEVEL)


@dataclass(frozen=True)
class CustomerClass:
    """Which customers a scenario is for: those that meet every condition given; all where none is.

    Attributes:
        customers: identifiers.
        segments: as the ledger writes them.
        grades: of `score_customers`, A to E.
        countries: codes or names.
        languages: fr or en, by the customer's country.
        owed_from: owes so much or more in all, credits taken off.
        owed_below: owes less.

    Raises:
        ArlibError: a grade or a language there is not, or an amount below 0.
    """

    customers: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    owed_from: float | None = None
    owed_below: float | None = None

    def __post_init__(self) -> None:
        for grade in self.grades:
            _check_one_of(grade, "grades", GRADES)
        for language in self.languages:
            _check_one_of(language, "languages", LANGUAGES)
        for name in ("owed_from", "owed_below"):
            if getattr(self, name) is not None:
                _check_amount(getattr(self, name), name)


@dataclass(frozen=True)
class Scenario:
    """What is sent to a class of customers, and when.

    Attributes:
        name: what it is called.
        levels: its steps, by offset.
        cool_down: calendar days after any contact with a customer before it is reminded again.
        stop: what keeps a reminder back.
        customers: for whom it is; of several scenarios the first that a customer meets is its own.

    Raises:
        ArlibError: there is no level, or offsets or numbers of levels do not rise.
    """

    name: str
    levels: tuple[Level, ...]
    cool_down: int = 7
    stop: StopRules = StopRules()
    customers: CustomerClass = CustomerClass()

    def __post_init__(self) -> None:
        _check_text(self.name, "name")
        _check_number(self.cool_down, "cool_down", 0, MOST_DAYS)
        if not self.levels:
            raise ArlibError(say("dunning.value.no_level", scenario=self.name))
        for before, after in self._pairs():
            if after.offset <= before.offset or after.level <= before.level:
                raise ArlibError(
                    say("dunning.value.order", scenario=self.name, before=before.name[:80], after=after.name[:80])
                )

    def _pairs(self) -> Iterator[tuple[Level, Level]]:
        return zip(self.levels, self.levels[1:], strict=False)

    @property
    def used(self) -> tuple[Level, ...]:
        """The levels up to the last one that the stop rules allow."""
        last = MOST_LEVEL if self.stop.max_level is None else self.stop.max_level
        return tuple(level for level in self.levels if level.level <= last)

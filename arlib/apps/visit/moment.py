"""Where a visit stands: what is chosen, the ledger it is answered from, and what can be gone back to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from types import MappingProxyType

from arlib.apps.answers import Answers
from arlib.apps.visit.choices import Choices
from arlib.apps.visit.ledger_choice import sources
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.samples import load_sample
from arlib.words import say, word

_REMEMBERED = 30  # moments that can be gone back to
_WHOLE = 3  # answers of which what was computed is kept
_LEDGERS = 4  # ledgers that are kept: those of the samples and of the last files


@dataclass(frozen=True, eq=False)
class Opened:
    """A ledger that was opened in this visit.

    Attributes:
        name: of the file; empty for a sample.
        origin: as it was read: what the visitor adds to it (a log, facts, promises) belongs to it.
        ledger: with what was booked in it since.
    """

    name: str
    origin: Ledger
    ledger: Ledger


@dataclass(frozen=True)
class Moment:
    """Where a visit stands.

    Attributes:
        choices: what is chosen.
        answers: the ledger shown, on the day chosen; none while no ledger is open.
        opened: the ledgers opened so far, by their name in `Choices.source`, the latest last.
    """

    choices: Choices = field(default_factory=Choices)
    answers: Answers | None = None
    opened: Mapping[str, Opened] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def files(self) -> dict[str, str]:
        """The names of the files the visitor has opened, by source."""
        return {source: each.name for source, each in self.opened.items() if each.name}

    @property
    def about(self) -> str:
        """One line saying which ledger, on which day, in which currency, over which time; empty without a ledger."""
        if self.answers is None:
            return ""
        language, ledger = self.choices.language, self.answers.ledger
        names = {source: name for name, source in sources(language, self.files)}
        told = word(
            "app.about",
            language,
            name=names[self.choices.source],
            day=self.answers.as_of,
            currency=ledger.currency or word("app.about.no_currency", language),
            first=ledger.covers[0],
            last=ledger.covers[1],
        )
        return f'<p class="arlib-about" data-testid="about">{escape(told)}</p>'

    def chosen(self, choices: Choices) -> "Moment":
        """The moment in which this is chosen: another ledger is opened, another day answered, where it says so.

        Raises:
            ArlibError: the ledger cannot be read, or does not speak of the day.
        """
        moment = replace(self, choices=choices)
        if choices.source == self.choices.source and self.answers is not None:
            day = self.answers.ledger.day(choices.as_of)
            same = day == self.answers.as_of
            return replace(moment, choices=replace(choices, as_of=day.date())) if same else _answered(moment)
        if choices.source in self.opened:
            return _answered(moment)
        if choices.of_file:  # a link to somebody's file never shows another ledger's figures in its place
            return replace(moment, answers=None)
        ledger = load_sample(choices.source)
        return _answered(_with(moment, Opened("", ledger, ledger)))

    def with_file(self, source: str, name: str, ledger: Ledger) -> "Moment":
        """The moment in which the visitor has opened this file, known by this source.

        Raises:
            ArlibError: nothing can be said of it on the day.
        """
        moment = replace(self, choices=replace(self.choices, source=source))
        return _answered(_with(moment, Opened(name, ledger, ledger)))

    def with_ledger(self, ledger: Ledger) -> "Moment":
        """The moment in which the ledger shown is replaced by another one, on the same day.

        Raises:
            ArlibError: nothing can be said of it on the day.
        """
        return _answered(_with(self, replace(self.opened[self.choices.source], ledger=ledger)))


class Past:
    """The moments gone by, the last first to go back to; a slider's, one after another without rest, count as one."""

    def __init__(self) -> None:
        self._moments: list[Moment] = []
        self._doing: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self._moments)

    def leave(self, moment: Moment, doing: frozenset[str]) -> bool:
        """Remember a moment that is left by a doing, named by what it changes; whether it is another than before."""
        again = bool(doing) and doing == self._doing and not doing & {"page", "source"}
        self._doing = doing
        if not again:
            self._moments = _lighter([*self._moments, moment][-_REMEMBERED:])
        return not again

    def rest(self) -> None:
        """The visitor has rested: what comes next is another doing, whatever it changes."""
        self._doing = frozenset()

    def clear(self) -> None:
        """There is nothing to go back to."""
        self._moments.clear()
        self.rest()

    def back(self) -> Moment:
        """The last moment, which is not remembered any more."""
        self.rest()
        return self._moments.pop()


def _with(moment: Moment, opened: Opened) -> Moment:
    """The moment with a ledger opened as its source; the oldest ones are let go."""
    source = moment.choices.source
    others = {name: each for name, each in moment.opened.items() if name != source}
    kept = dict(list({**others, source: opened}.items())[-_LEDGERS:])
    return replace(moment, opened=MappingProxyType(kept))


def _answered(moment: Moment) -> Moment:
    """The moment with the answers of its ledger on the day chosen."""
    opened = moment.opened[moment.choices.source]
    (first, last), day = opened.ledger.covers, opened.ledger.day(moment.choices.as_of)
    if not first <= day <= last:
        raise ArlibError(say("app.outside", first=first, last=last))
    answers = Answers(opened.ledger, day, origin=opened.origin)
    answers.prepare()
    return replace(moment, choices=replace(moment.choices, as_of=day.date()), answers=answers)


def _lighter(moments: list[Moment]) -> list[Moment]:
    """Moments of the last ledgers; what was computed for the answers before the last few will be computed again."""
    answers = list(dict.fromkeys(each.answers for each in reversed(moments) if each.answers is not None))
    ledgers = list(dict.fromkeys(id(each.ledger) for each in answers))[:_LEDGERS]
    lighter = {each: each.anew() for each in answers[_WHOLE:]}
    return [
        replace(each, answers=lighter.get(each.answers, each.answers)) if each.answers else each
        for each in moments
        if each.answers is None or id(each.answers.ledger) in ledgers
    ]

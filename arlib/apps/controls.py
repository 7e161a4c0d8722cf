"""Everything a visitor can move, as ipywidgets; what is chosen comes out as one `Choices` value."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, get_args

import ipywidgets as widgets

from arlib.apps.choices import EVERYONE, UPLOADED, Choices, TermsTried
from arlib.apps.upload import Receive, Upload
from arlib.terms import EndOfMonth
from arlib.words import LANGUAGES, Language, word

SAMPLES = ("negoce", "groupe")
_LONGEST = 90  # days granted; more is beyond any law and any use

OnChange = Callable[[Choices, Choices], None]


@dataclass(frozen=True)
class Offer:
    """What a ledger puts to choose, and what is chosen.

    Attributes:
        choices: what is chosen.
        uploaded: name of the file a visitor has opened; empty while there is none.
        segments: the customers' segments.
    """

    choices: Choices
    uploaded: str = ""
    segments: tuple[str, ...] = ()


class Controls:
    """The controls of the page, and the choices they stand for.

    Attributes:
        choices: what is chosen now.
        header: the language switch.
        source: the ledger and the day.
        tried: the terms tried.
    """

    def __init__(self, choices: Choices, on_change: OnChange, receive: Receive) -> None:
        self.choices = choices
        self._on_change = on_change
        self._quiet = False
        self._uploaded = ""
        self._segments: tuple[str, ...] = ()
        self._language = widgets.ToggleButtons(
            options=[(language.upper(), language) for language in reversed(LANGUAGES)], value=choices.language
        )
        self._source = widgets.Dropdown()
        self._as_of = widgets.DatePicker()
        self.upload = Upload(receive, language=choices.language)
        self._days = widgets.IntSlider(value=choices.tried.days, min=0, max=_LONGEST, continuous_update=True)
        self._reading = widgets.Dropdown()
        self._follow = widgets.IntSlider(
            value=round(choices.tried.follow_share * 100), min=0, max=100, step=5, continuous_update=True
        )
        self._segment = widgets.Dropdown()
        self.header = widgets.Box([self._language]).add_class("arlib-language")
        self.source = widgets.Box([self._source, self.upload, self._as_of]).add_class("arlib-controls")
        self.tried = widgets.Box([self._days, self._reading, self._follow, self._segment]).add_class("arlib-controls")
        self._name_for_tests()
        self._label()
        for control in self._all():
            control.observe(self._read, "value")

    @property
    def source_name(self) -> str:
        """The name of the ledger shown, as a person knows it."""
        choices = self.choices
        return next(name for name, source in self._sources(choices.language) if source == choices.source)

    @property
    def offered(self) -> Offer:
        """What there is to choose from now, and what is chosen."""
        return Offer(self.choices, self._uploaded, self._segments)

    def offer(self, offered: Offer) -> None:
        """Put other things to choose; terms tried on a segment that is not among them are tried on everyone."""
        self._uploaded, self._segments = offered.uploaded, offered.segments
        choices = offered.choices
        if choices.tried.segment not in offered.segments:
            choices = replace(choices, tried=replace(choices.tried, segment=EVERYONE))
        self.choices = choices
        self._label()

    def _all(self) -> tuple[Any, ...]:
        return (self._language, self._source, self._as_of, self._days, self._reading, self._follow, self._segment)

    def _read(self, _: Mapping[str, Any]) -> None:
        if self._quiet:
            return
        tried = TermsTried(self._days.value, self._reading.value, self._follow.value / 100, self._segment.value)
        before = self.choices
        self.choices = Choices(self._language.value, self._source.value, self._as_of.value, tried)
        if self.choices.language != before.language:
            self._label()
        if self.choices != before:
            self._on_change(before, self.choices)

    @contextmanager
    def _silence(self) -> Iterator[None]:
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def _label(self) -> None:
        """Write every label in the language chosen, and set every control to its choice."""
        language, tried = self.choices.language, self.choices.tried
        with self._silence():
            self._language.value = language
            _fill(self._source, self._sources(language), self.choices.source)
            _fill(self._reading, _readings(language), tried.end_of_month)
            everyone = (word("app.control.everyone", language), EVERYONE)
            _fill(self._segment, [everyone, *((name, name) for name in self._segments)], tried.segment)
            self._as_of.value = self.choices.as_of
            self._days.value = tried.days
            self._follow.value = round(tried.follow_share * 100)
        self._segment.layout.display = "" if self._segments else "none"
        self._describe(language)
        self.upload.speak(language)

    def _describe(self, language: Language) -> None:
        named = {
            "language": self._language,
            "source": self._source,
            "as_of": self._as_of,
            "days": self._days,
            "end_of_month": self._reading,
            "followed": self._follow,
            "segment": self._segment,
        }
        for key, control in named.items():
            control.description = word(f"app.control.{key}", language)

    def _sources(self, language: Language) -> list[tuple[str, str]]:
        samples = [(word(f"app.source.{name}", language), name) for name in SAMPLES]
        return [*samples, (self._uploaded, UPLOADED)] if self._uploaded else samples

    def _name_for_tests(self) -> None:
        names = ("language", "source", "as-of", "days", "reading", "follow", "segment")
        for name, control in zip(names, self._all(), strict=True):
            control.add_class(f"arlib-control-{name}")
            control.style.description_width = "initial"


def _readings(language: Language) -> list[tuple[str, str]]:
    return [(word(f"app.control.end_of_month.{reading}", language), reading) for reading in get_args(EndOfMonth)]


def _fill(dropdown: Any, options: list[tuple[str, str]], value: str) -> None:  # noqa: ANN401 - ipywidgets has no types
    dropdown.options = options
    dropdown.value = value

"""Everything a visitor can move, as ipywidgets; what is chosen comes out as one `Choices` value."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import ipywidgets as widgets

from arlib.apps.choices import EVERYONE, UPLOADED, Choices
from arlib.apps.levers import LeverControls, fill
from arlib.apps.shelf import Doings, Shelf
from arlib.apps.upload import Receive, Upload
from arlib.words import LANGUAGES, Language, word

SAMPLES = ("negoce", "groupe")

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
        levers: what is tried.
        shelf: the policies kept.
    """

    def __init__(self, choices: Choices, on_change: OnChange, receive: Receive, doings: Doings) -> None:
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
        self.levers = LeverControls()
        self.shelf = Shelf(doings, choices.language)
        self.header = widgets.Box([self._language]).add_class("arlib-language")
        self.source = widgets.Box([self._source, self.upload, self._as_of]).add_class("arlib-controls")
        self._name_for_tests()
        self._label()
        for control in (self._language, self._source, self._as_of):
            control.observe(self._read, "value")
        self.levers.observe(self._read)

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
        """Put other things to choose; what is tried on a segment that is not among them is tried on everyone."""
        self._uploaded, self._segments = offered.uploaded, offered.segments
        choices = offered.choices
        if choices.tried.segment not in offered.segments:
            choices = replace(choices, tried=replace(choices.tried, segment=EVERYONE))
        self.choices = choices
        self._label()

    def keep(self, choices: Choices) -> None:
        """Have other policies kept."""
        self.choices = choices
        self.shelf.show(choices)

    def _read(self, _: Mapping[str, Any]) -> None:
        if self._quiet:
            return
        before = self.choices
        self.choices = replace(
            before,
            language=self._language.value,
            source=self._source.value,
            as_of=self._as_of.value,
            tried=self.levers.tried,
            financing_rate=self.levers.rate,
        )
        if self.choices.language != before.language:
            self._label()
        if self.choices != before:
            self.levers.settle()
            self.shelf.show(self.choices)
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
        choices, language = self.choices, self.choices.language
        with self._silence():
            self._language.value = language
            fill(self._source, self._sources(language), choices.source)
            self._as_of.value = choices.as_of
            self.levers.show(choices.tried, choices.financing_rate, self._segments, language)
        named = {"language": self._language, "source": self._source, "as_of": self._as_of}
        for key, control in named.items():
            control.description = word(f"app.control.{key}", language)
        self.shelf.speak(language)
        self.shelf.show(choices)
        self.upload.speak(language)

    def _sources(self, language: Language) -> list[tuple[str, str]]:
        samples = [(word(f"app.source.{name}", language), name) for name in SAMPLES]
        return [*samples, (self._uploaded, UPLOADED)] if self._uploaded else samples

    def _name_for_tests(self) -> None:
        own = {"language": self._language, "source": self._source, "as_of": self._as_of}
        for name, control in {**own, **self.levers.every}.items():
            control.add_class(f"arlib-control-{name.replace('_', '-')}")
            control.style.description_width = "initial"

"""Which ledger and which day: a list of samples, a file of the visitor's, a day."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import ipywidgets as widgets

from arlib.apps.parts.upload import MEGABYTE, Receive, Upload
from arlib.apps.visit.choices import Choices
from arlib.words import Language, word

SAMPLES = ("negoce", "groupe")
_USUAL_LIMIT = 200  # megabytes
_FIRST_YEAR = 1900  # while a year is being typed, 0002 and 0020 come by

Options = list[tuple[str, str]]


class LedgerChoice:
    """The list of ledgers, the place to drop a file, the day.

    Attributes:
        box: all of it.
    """

    def __init__(self, open_: Callable[[str], None], receive: Receive, move: Callable[[date | None], None]) -> None:
        """`open_` is called with a ledger's name, `receive` with a file, `move` with a day."""
        self._quiet = False
        self._source = widgets.Dropdown()
        self._as_of = widgets.DatePicker()
        limit = int(os.environ.get("ARLIB_UPLOAD_MB", _USUAL_LIMIT))
        self._upload = Upload(receive, limit=limit * MEGABYTE)
        self._source.observe(self._heard(open_), "value")
        self._as_of.observe(
            self._heard(lambda day: move(day) if day is None or day.year >= _FIRST_YEAR else None), "value"
        )
        for name, control in {"source": self._source, "as-of": self._as_of}.items():
            control.add_class(f"arlib-control-{name}")
            control.style.description_width = "initial"
        self.box = widgets.Box([self._source, self._upload, self._as_of])
        self.box.add_class("arlib-controls").add_class("arlib-ledger")

    def show(self, choices: Choices, files: Mapping[str, str]) -> None:
        """Stand at what is chosen; `files` are the names of those the visitor has opened, by source."""
        language = choices.language
        options = sources(language, files)
        known = {source for _, source in options}
        with self._silence():
            self._source.options = options
            self._source.value = choices.source if choices.source in known else None
            self._as_of.value = choices.as_of
        self._source.description = word("app.control.source", language)
        self._as_of.description = word("app.control.as_of", language)
        self._upload.speak(language)

    def _heard(self, tell: Callable[[Any], None]) -> Callable[[Mapping[str, Any]], None]:
        def hear(change: Mapping[str, Any]) -> None:
            if not self._quiet:
                tell(change["new"])

        return hear

    @contextmanager
    def _silence(self) -> Iterator[None]:
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False


def sources(language: Language, files: Mapping[str, str]) -> Options:
    """The ledgers to choose from, by the names a person knows them by."""
    samples = [(word(f"app.source.{name}", language), name) for name in SAMPLES]
    return [*samples, *((name, source) for source, name in files.items())]

"""Who writes the letters: typed by the visitor, kept for the visit, and in no address."""

from collections.abc import Callable

import ipywidgets as widgets

from arlib.apps.pages.collect.part import Part
from arlib.apps.parts import panels
from arlib.collection import Sender
from arlib.words import Language, word

_FIELDS = ("name", "contact", "phone", "email", "iban")  # and the address, of several lines
_LONGEST = 300


class SenderForm:
    """The fields of the sender.

    Attributes:
        box: all of it.
    """

    def __init__(self, part: Part, changed: Callable[[], None]) -> None:
        """`changed` is called when the visitor has written something else."""
        self._fields: dict[str, widgets.Text | widgets.Textarea] = {
            name: widgets.Text(continuous_update=False) for name in _FIELDS
        }
        self._fields["address"] = widgets.Textarea(continuous_update=False, rows=3)
        for name, field in self._fields.items():
            field.add_class(f"arlib-control-sender-{name}").style.description_width = "initial"
            field.observe(part.heard(lambda _: changed()), "value")
        self.box = panels.controls(*self._fields.values())

    def speak(self, language: Language) -> None:
        """Write the names of the fields."""
        for name, field in self._fields.items():
            field.description = word(f"app.collect.sender.{name}", language)

    @property
    def is_written(self) -> bool:
        """Whether the company has a name."""
        return bool(self._fields["name"].value.strip())

    def sender(self, language: Language) -> Sender:
        """The sender as it is written; what is not stands in the letters as a gap to be completed."""
        written = {name: field.value.strip()[:_LONGEST] for name, field in self._fields.items()}
        name = written.pop("name") or word("app.collect.sender.gap", language)
        return Sender(name, language=language, **written)

"""The policies kept side by side: keep the one tried, rename, take away, save them as a file, take them up again."""

from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets as widgets

from arlib.apps.pages.simulator.kept import LONGEST_NAME, MOST_KEPT, Kept
from arlib.apps.parts.download import Download, Guard
from arlib.apps.parts.panels import warning
from arlib.apps.parts.upload import MEGABYTE, Receive, Upload
from arlib.simulation.policies.policy import Policy
from arlib.words import Language, word


@dataclass(frozen=True)
class Doings:
    """What a visitor does with policies.

    Attributes:
        keep: the one tried, under a name; under its own where the name is empty.
        rename: the one of a name, to another.
        remove: the one of that name.
        load: those of a file, in place of the ones kept.
        save: makes the file of those kept.
    """

    keep: Callable[[str], None]
    rename: Callable[[str, str], None]
    remove: Callable[[str], None]
    load: Receive
    save: Callable[[], tuple[str, bytes]]


class Shelf:
    """Name, keep, save and take up again; below, the policies kept, each to be renamed or taken away.

    Attributes:
        box: all of it.
    """

    def __init__(self, doings: Doings, guard: Guard, language: Language) -> None:
        self._name = widgets.Text(continuous_update=False).add_class("arlib-policy-name")
        self._keep = widgets.Button().add_class("arlib-keep")
        self._keep.on_click(lambda _: self._kept())
        self.save = Download(doings.save, guard=guard, name="save", language=language)
        self.upload = Upload(doings.load, language=language, limit=MEGABYTE, name="policies-file")
        self._doings = doings
        self._rows = [_Row(self._renamed, doings.remove) for _ in range(MOST_KEPT)]
        self._note = widgets.HTML()
        row = widgets.Box([self._name, self._keep, self.save, self.upload]).add_class("arlib-shelf")
        kept = widgets.Box([each.box for each in self._rows]).add_class("arlib-kept")
        self.box = widgets.Box([row, kept, self._note]).add_class("arlib-section")
        self._names: tuple[str, ...] = ()

    def speak(self, language: Language) -> None:
        """Say what does not depend on what is kept in a language."""
        self.upload.speak(language)
        self.save.speak(language)
        self._name.description = word("app.kept.name", language)
        self._keep.description = word("app.kept.keep", language)
        self.save.label = word("app.kept.save", language)

    def show(self, kept: Kept, tried: Policy, language: Language) -> None:
        """Show what is kept, and what the one tried would be called."""
        self._name.placeholder = tried.name
        self._names = tuple(policy.name for policy in kept.policies)
        for row, name in zip(self._rows, (*self._names, *[""] * MOST_KEPT), strict=False):
            row.show(name, language)
        self._note.value = "" if kept.fits_a_link else warning(word("app.kept.long", language))

    def _kept(self) -> None:
        name, self._name.value = self._name.value[:LONGEST_NAME], ""
        self._doings.keep(name)

    def _renamed(self, before: str, name: str) -> None:
        if before in self._names:
            self._doings.rename(before, name)


class _Row:
    """A policy kept: its name, which can be changed, and a button that takes it away."""

    def __init__(self, rename: Callable[[str, str], None], remove: Callable[[str], None]) -> None:
        self._shown = ""
        self.name = widgets.Text(continuous_update=False).add_class("arlib-kept-name")
        self.remove = widgets.Button(icon="times").add_class("arlib-chip")
        self.name.observe(lambda _: self._changed(rename), "value")
        self.remove.on_click(lambda _: remove(self._shown))
        self.box = widgets.Box([self.name, self.remove]).add_class("arlib-kept-policy")

    def show(self, name: str, language: Language) -> None:
        """Hold a policy of this name; none where it is empty."""
        self._shown = name
        self.name.value = name
        self.name.tooltip = word("app.kept.rename", language, name=name)
        self.name.description = word("app.kept.renamed", language)
        self.remove.description = word("app.kept.away", language)
        self.remove.tooltip = word("app.kept.remove", language, name=name)
        self.box.layout.display = "" if name else "none"

    def _changed(self, rename: Callable[[str, str], None]) -> None:
        before, after = self._shown, self.name.value
        if after != before:
            self.name.value = before  # until it is done, which it may not be
            rename(before, after)

"""The policies kept side by side: keep the one tried, take one away, save them, take them up again."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import ipywidgets as widgets

from arlib.apps.choices import Choices
from arlib.apps.save import Save
from arlib.apps.upload import MEGABYTE, Receive, Upload
from arlib.errors import ArlibError, Place
from arlib.simulation import policies_text, read_policies
from arlib.simulation.policies.policy import TODAY, Policy
from arlib.words import Language, say, word

_LONGEST_NAME = 60  # letters; more would fill the page


@dataclass(frozen=True)
class Doings:
    """What a visitor does with policies; each told to the page, which tells what goes wrong.

    Attributes:
        keep: the one tried, under a name; under its own where the name is empty.
        remove: the one of that name.
        load: those of a file, in place of the ones kept.
    """

    keep: Callable[[str], None]
    remove: Callable[[str], None]
    load: Receive


class Shelf:
    """Name, keep, save and take up again; below, the policies kept, each with a button that takes it away.

    Attributes:
        box: all of it.
    """

    def __init__(self, doings: Doings, language: Language) -> None:
        self._doings = doings
        self._name = widgets.Text(continuous_update=False).add_class("arlib-policy-name")
        self._keep = widgets.Button().add_class("arlib-keep")
        self._keep.on_click(lambda _: self._kept())
        self.save = Save()
        self.upload = Upload(doings.load, language=language, limit=MEGABYTE, name="policies-file")
        self._list = widgets.Box().add_class("arlib-kept")
        row = widgets.Box([self._name, self._keep, self.save, self.upload]).add_class("arlib-shelf")
        self.box = widgets.Box([row, self._list]).add_class("arlib-section")

    def show(self, choices: Choices) -> None:
        """Show what is kept, in the language chosen."""
        language, tried = choices.language, choices.policy
        self._name.description = word("app.kept.name", language)
        self._name.placeholder = tried.name
        self._keep.description = word("app.kept.keep", language)
        self.save.label = word("app.kept.save", language)
        self.save.file = word("app.kept.file", language)
        self.save.content = policies_text(choices.kept or (tried,))
        names = [policy.name for policy in choices.kept]
        if names != [button.description for button in self._list.children]:
            self._list.children = [self._button(name) for name in names]
        for button in self._list.children:
            button.tooltip = word("app.kept.remove", language, name=button.description)

    def speak(self, language: Language) -> None:
        """Say what does not depend on what is kept in a language."""
        self.upload.speak(language)

    def _kept(self) -> None:
        name, self._name.value = self._name.value[:_LONGEST_NAME], ""
        self._doings.keep(name)

    def _button(self, name: str) -> widgets.Button:
        button = widgets.Button(description=name, icon="times").add_class("arlib-chip")
        button.on_click(lambda _: self._doings.remove(name))
        return button


def policies_of(name: str, content: bytes) -> tuple[Policy, ...]:
    """The policies of a file a visitor has sent; one that changes nothing and is called today's terms is not one.

    Raises:
        ArlibError: the file is no text, or as `read_policies`.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as unreadable:
        raise ArlibError(say("simulation.policy.no_file", file=name)) from unreadable
    try:
        # With a line break first it is a text whatever is in it: a name would be read from the server's own disk.
        policies = read_policies(f"\n{text}")
    except ArlibError as wrong:
        raise ArlibError(problems=[replace(problem, place=Place(name)) for problem in wrong.problems]) from wrong
    return tuple(policy for policy in policies if policy != TODAY)

"""Names of files that are safe on any disk: no path, no control character, none taken twice, none too long."""

import re
from collections.abc import Iterable

from arlib.collection.letters import Letter
from arlib.words import bare

_LONGEST = 64  # characters before a number and the ending, which are 16 at most
_ENDINGS = (".docx", ".eml")
_OTHERS = re.compile(r"[^A-Za-z0-9_]+")


class Names:
    """Names given out for one folder, never one that is there already; `kept` counts those that were."""

    def __init__(self, there: Iterable[str] = ()) -> None:
        self._taken = {name.casefold() for name in there}
        self._given: set[str] = set()
        self.kept = 0

    def stem(self, letter: Letter) -> str:
        """The name of a letter without its ending: day, level, code and name of the customer, and a number."""
        parts = (f"{letter.written_on:%Y-%m-%d}", letter.level, letter.customer_id, letter.customer_name)
        first = "_".join(text for text in map(_plain, parts) if text)[:_LONGEST].rstrip("-_")
        stem, count = first, 1
        while not self._free(stem):
            count += 1
            stem = f"{first}_{count}"
        self.kept += int(any(f"{first}{ending}".casefold() in self._taken for ending in _ENDINGS))
        self._given.add(stem.casefold())
        return stem

    def _free(self, stem: str) -> bool:
        names = {f"{stem}{ending}".casefold() for ending in _ENDINGS}
        return stem.casefold() not in self._given and not names & self._taken


def _plain(text: str) -> str:
    """Letters, digits, _ and single hyphens; empty where nothing of a text is left."""
    return _OTHERS.sub("-", bare(text)).strip("-_")

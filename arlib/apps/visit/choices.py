"""What a visitor has chosen, as a frozen value; a choice makes a new one, and each is written in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from arlib.words import LANGUAGES, Language

UPLOADED = "file"  # the beginning of the name of a ledger that a visitor has opened; then a mark of its content
START = "start"

Asked = Mapping[str, str]
"""What a page was asked, as texts by name: what its controls stand at where that is not as usual."""

NOTHING: Asked = MappingProxyType({})
_LANGUAGE, _SOURCE, _DAY = "lang", "ledger", "day"  # the names in an address that are no page's own
_LONGEST = 16_000  # characters of an address that is read: one cut short by a messenger would say something else


@dataclass(frozen=True)
class Choices:
    """Everything that a visitor decides.

    Attributes:
        language: of every page.
        page: the one on the screen, by name.
        source: name of a sample, or of a file the visitor has opened.
        as_of: the day of the figures; none for the ledger's last day.
        asked: what each page was asked, by its name.
    """

    language: Language = "en"
    page: str = START
    source: str = "negoce"
    as_of: date | None = None
    asked: Mapping[str, Asked] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def of_file(self) -> bool:
        """Whether the ledger is a file that a visitor has opened."""
        return self.source.startswith(UPLOADED)

    @property
    def here(self) -> Asked:
        """What the page on the screen was asked."""
        return self.asked.get(self.page, NOTHING)

    def asking(self, page: str, changes: Mapping[str, str | None]) -> "Choices":
        """The same choices, a page asked otherwise; what is none stands as usual again."""
        merged = {**self.asked.get(page, NOTHING), **changes}
        kept = MappingProxyType({name: text for name, text in merged.items() if text is not None})
        return replace(self, asked=MappingProxyType({**self.asked, page: kept}))

    def going(self, page: str, asked: Asked) -> "Choices":
        """The same choices on another page, which is asked this and nothing else; as it was where this is nothing."""
        if not asked:
            return self.turned(page)
        return replace(self, page=page, asked=MappingProxyType({**self.asked, page: MappingProxyType(dict(asked))}))

    def turned(self, page: str) -> "Choices":
        """The same choices on another page."""
        return replace(self, page=page)

    def changed(self, before: "Choices") -> frozenset[str]:
        """The names of what is not as before: of the visit, and `page.name` of what a page was asked."""
        own = {name for name in ("language", "page", "source", "as_of") if getattr(self, name) != getattr(before, name)}
        for page in {*self.asked, *before.asked}:
            here, there = self.asked.get(page, NOTHING), before.asked.get(page, NOTHING)
            own |= {f"{page}.{name}" for name in {*here, *there} if here.get(name) != there.get(name)}
        return frozenset(own)

    def address(self) -> str:
        """What comes after `#` in the address: it never reaches a server, nor its log."""
        shared = {_LANGUAGE: self.language, _SOURCE: self.source}
        if self.as_of is not None:
            shared[_DAY] = self.as_of.isoformat()
        return f"/{quote(self.page)}?{urlencode({**shared, **self.here}, quote_via=quote)}"

    @classmethod
    def of_address(cls, address: str, usual: "Choices") -> "Choices":
        """The choices an address stands for; whatever it does not say, or says badly, is as usual."""
        path, _, query = address.removeprefix("#").partition("?")
        said = dict(parse_qsl(query)) if len(address) <= _LONGEST else {}
        language, source = said.pop(_LANGUAGE, usual.language), said.pop(_SOURCE, usual.source)
        read: dict[str, Any] = {
            "page": path.strip("/") or usual.page,
            "language": language if language in LANGUAGES else usual.language,
            "source": source,
            "as_of": _day(said.pop(_DAY, "")),
        }
        choices = replace(usual, **read)
        return replace(choices, asked=MappingProxyType({**usual.asked, choices.page: MappingProxyType(said)}))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""How what the page tells did on the past, as HTML: the verdict in sight, the rest of it behind; all text escaped."""

from collections.abc import Sequence
from html import escape
from typing import Literal

from arlib.errors import ArlibError
from arlib.show.tables import Html
from arlib.words import Language, Sentence, word

About = Literal["tested", "tested-simulation", "tested-forecast"]
_HEADLINE = 2  # sentences of a test in sight, where none is picked
_PICKED = {  # ends of the keys of those in sight: how far off, and all that is not as good as one would think
    "tested-simulation": ("tested", "few", "off", "band_narrow", "band_wide", "not_closer", "nothing", "undated"),
    "tested-forecast": ("worse", "band_narrow", "nothing", "undated"),
}
_COMPUTING = {
    "tested": "app.tested.computing",
    "tested-simulation": "app.tested.simulation",
    "tested-forecast": "app.tested.forecast",
}


def tested(about: About, sentences: Sequence[Sentence], language: Language) -> Html:
    """What a test on the past found: its first sentences in sight, the others behind."""
    sight = _in_sight(about, sentences)
    told = " ".join(escape(sentence.text(language)) for sentence in sight)
    rest = "".join(f"<li>{escape(each.text(language))}</li>" for each in sentences if each not in sight)
    summary = escape(word("app.tested.details", language))
    behind = f"<details><summary>{summary}</summary><ul>{rest}</ul></details>" if rest else ""
    return _box(about, told, language, behind)


def _in_sight(about: About, sentences: Sequence[Sentence]) -> Sequence[Sentence]:
    """What a manager has to read: the errors, a band that does not hold, a simple way that did better."""
    if about == "tested":
        return sentences[:_HEADLINE]
    longest = [each for each in sentences if each.key.endswith(".errors")][-1:]
    return [*longest, *(each for each in sentences if each.key.rsplit(".", 1)[-1] in _PICKED[about])]


def being_tested(about: About, language: Language) -> Html:
    """What stands in place of a test until it is known."""
    return _box(about, escape(word(_COMPUTING[about], language)), language)


def untested(about: About, why: ArlibError | Sentence, language: Language) -> Html:
    """What stands in place of a test where there is none."""
    return _box(about, escape(word("app.tested.failed", language, why=why.text(language))), language)


def _box(about: About, sentences: str, language: Language, behind: str = "") -> Html:
    title = escape(word("app.tested", language))
    return Html(
        f'<div class="arlib-tested" data-testid="{about}"><p><strong>{title}</strong> {sentences}</p>{behind}</div>'
    )

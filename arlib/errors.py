"""What arlib raises on purpose: sentences for the person with the file, in French and English."""

from collections.abc import Sequence
from dataclasses import dataclass

from arlib.words import Language, Sentence, say, word

_SHOWN = 20  # a person mends twenty cells at a time; the count of the others is given


@dataclass(frozen=True)
class Place:
    """Where in a source something stands; every part but the file may be unknown."""

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def text(self, language: Language = "en") -> str:
        """`clients.xlsx, sheet Feuil1, row 12, column "Date"`."""
        parts = [self.file]
        if self.sheet is not None:
            parts.append(word("place.sheet", language, sheet=self.sheet))
        if self.row is not None:
            parts.append(word("place.row", language, row=self.row))
        if self.column is not None:
            parts.append(word("place.column", language, column=self.column))
        return ", ".join(parts)


@dataclass(frozen=True)
class Problem:
    """One thing wrong at one place, and what to do about it."""

    place: Place
    what: Sentence

    def text(self, language: Language = "en") -> str:
        """Place and sentence: `clients.csv, row 12, column "Date": "31/02/2024" is not a date. …`."""
        return word("problem", language, place=self.place.text(language), what=self.what.text(language))


class ArlibError(Exception):
    """A source that cannot be read, or a question that cannot be answered; carries all problems, not the first.

    `str(error)` is English; `error.text("fr")` is French; `error.problems` and `error.sentence` are for programs.
    """

    def __init__(self, sentence: Sentence | None = None, problems: Sequence[Problem] = ()) -> None:
        self.sentence = sentence
        self.problems = tuple(problems)
        super().__init__(self.text())

    def text(self, language: Language = "en") -> str:
        """The message in a language, one line a problem, the first twenty of them."""
        lines = [self.sentence.text(language)] if self.sentence else []
        lines += [problem.text(language) for problem in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            lines.append(say("problems.more", rows=len(self.problems) - _SHOWN).text(language))
        return "\n".join(lines)

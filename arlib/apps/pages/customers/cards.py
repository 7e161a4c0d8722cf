"""The cards of all customers, made from what other pages have asked already where they have."""

from collections.abc import Callable
from typing import TypeVar

from arlib.apps.answers import Answers
from arlib.collection import CardFile, card_file
from arlib.errors import ArlibError
from arlib.progress import Progress, unseen
from arlib.words import Language

T = TypeVar("T")


def cards_of(answers: Answers, language: Language, progress: Progress = unseen) -> CardFile:
    """What the cards of this ledger on this day are made from, asked once."""
    return answers.once(("cards", language), lambda: _cards(answers, language, progress))


def _cards(answers: Answers, language: Language, progress: Progress) -> CardFile:
    return card_file(
        answers.ledger,
        answers.as_of,
        scores=_at_hand(lambda: answers.scores(language)),
        forecast=_at_hand(answers.forecast),
        language=language,
        progress=progress,
    )


def _at_hand(ask: Callable[[], T]) -> T | None:
    """What other pages show too; none where there is nothing to show: the card says why itself."""
    try:
        return ask()
    except ArlibError:
        return None

"""How a long piece of work says how far it is: a callable that takes the share done."""

from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

Progress = Callable[[float], None]
"""Called with the share done, 0 to 1, never less than the time before; whoever shows it decides how."""

T = TypeVar("T")


def unseen(share: float) -> None:
    """Nobody looks: the progress of work whose caller did not ask for any."""


def followed(steps: Collection[T], progress: Progress) -> Iterator[T]:
    """The steps of a piece of work, one after another, each told once it is done."""
    for done, step in enumerate(steps):
        progress(done / len(steps))
        yield step
    progress(1.0)


def part(progress: Progress, first: float, last: float) -> Progress:
    """The progress of a part of a piece of work, which takes it from one share to another."""
    return lambda share: progress(first + share * (last - first))

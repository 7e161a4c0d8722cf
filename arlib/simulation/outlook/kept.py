"""The last few things worked out, so that what comes again costs nothing and what does not is let go."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by key, the last ones asked for."""

    def __init__(self, most: int) -> None:
        """Nothing yet, and room for so many."""
        self._most = most
        self._values: dict[K, V] = {}

    def get(self, key: K, work_out: Callable[[], V]) -> V:
        """The value of a key, worked out where it is not kept."""
        value = self._values.pop(key) if key in self._values else work_out()
        self._values[key] = value
        if len(self._values) > self._most:
            del self._values[next(iter(self._values))]
        return value

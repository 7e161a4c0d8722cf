"""What a page computes after the rest: a piece of work at a time, whenever the browser has drawn what came before."""

from collections.abc import Callable

from arlib.apps.parts.notice import Notice, guarded
from arlib.apps.parts.page_link import PageLink

Work = Callable[[], None]


class Later:
    """Work that nothing should wait for, each piece under a name; the newest of a name counts.

    Between two pieces the visitor's own doings have their turn. The page's `settled` says when all is done.
    """

    def __init__(self, link: PageLink, notice: Notice) -> None:
        self._link = link
        self._works: dict[str, Work] = {}
        link.when_drawn(guarded(self._next, notice))

    def clear(self) -> bool:
        """Forget what was still to be done; whether there was any."""
        waited = bool(self._works)
        self._works.clear()
        return waited

    def put(self, name: str, work: Work, *, first: bool = False) -> None:
        """Have this done later; before all that waits already if it is what the visitor looks at."""
        self._works.pop(name, None)
        self._works = {name: work, **self._works} if first else {**self._works, name: work}

    def begin(self, *, quiet: int = 0) -> None:
        """Begin once the browser has drawn everything and nothing new has come for so many milliseconds."""
        self._link.settled = False
        self._link.ask_drawn(quiet)

    def _next(self) -> None:
        if not self._works:
            self._link.settled = True
            return
        name = next(iter(self._works))
        work = self._works.pop(name)
        try:
            work()
        finally:
            self.begin()

"""Each visitor is given a page with a kernel of its own: one that waits, warm, or a new one while there is room.

Voilà's own preheating hands over a kernel whose process may have died or whose notebook has changed since, excludes
the hook that lets kernels end with their page, and keeps what it knows of every visitor for ever. Here a warm page and
a cold one are the same thing, begun earlier or later; each is given to one visitor, and nothing of the request goes
into it.
"""

import asyncio
import logging
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from arlib.apps.server.kernels import Kernels
from arlib.apps.server.page_run import PageRun
from arlib.apps.server.serving import Serving

_log = logging.getLogger(__name__)

_FOR_A_PLACE = 5.0  # seconds a visitor waits while all places are taken: a page loaded again gives its own back first
_BEFORE_WARMING = 3.0  # seconds after a visitor came: their page draws first
_NEVER_CAME = 60.0  # seconds within which a page speaks to its kernel: a preview or a robot never does


@dataclass
class Lobby:
    """Where visitors come in.

    Attributes:
        serving: how the app is served, checked.
        kernels: the visitors', and those that wait.
        new_run: makes a page that is not begun.
    """

    serving: Serving
    kernels: Kernels
    new_run: Callable[[], PageRun]

    def __post_init__(self) -> None:
        self._runs: dict[str, PageRun] = {}  # by kernel: those that wait, come, or were given
        self._warm: deque[PageRun] = deque()
        self._left = asyncio.Event()
        # More at once would only have everybody wait for the last one.
        self._room = asyncio.Semaphore(max(2, os.cpu_count() or 1))
        self.kernels.on_end, self.kernels.is_kept = self._forget, self._is_kept

    async def visit(self, visitor: str) -> PageRun | None:
        """A page for one visitor and no other; `None` where every place is taken.

        Args:
            visitor: as the door names them; nobody else may speak to the page's kernel.
        """
        run = await self._warm_one() or await self._cold_one()
        if run is not None:
            run.visitor = visitor
            self._later(_BEFORE_WARMING, self.warm)
        return run

    async def warm(self) -> None:
        """Has as many pages wait as there should, and there are places for."""
        while len(self._warm) < self.serving.warm and self._has_place():
            self._warm.append(await self._begin())

    def sent(self, run: PageRun) -> None:
        """A whole page was sent; unless it soon speaks to its kernel, nobody is there."""

        async def unless_heard() -> None:
            if not run.heard:
                await self.end(run)

        self._later(_NEVER_CAME, unless_heard)

    async def end(self, run: PageRun) -> None:
        """The visitor has gone: nothing of the page stays."""
        await run.end()
        self._forget(run.kernel_id)

    def hear(self, kernel_id: str) -> None:
        """The page has spoken to its kernel."""
        if kernel_id in self._runs:
            self._runs[kernel_id].heard = True

    def belongs_to_other(self, kernel_id: str, visitor: str) -> bool:
        """Whether a kernel was given to somebody else, or to nobody yet."""
        run = self._runs.get(kernel_id)
        return run is not None and run.visitor != visitor

    async def close(self) -> None:
        """Nobody comes any more."""
        works = [run.work for run in self._runs.values()]
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)

    async def _warm_one(self) -> PageRun | None:
        while self._warm:
            run = self._warm.popleft()
            if run.is_fresh() and await self.kernels.can_serve(run.kernel_id):
                return run
            await self.end(run)
        return None

    async def _cold_one(self) -> PageRun | None:
        if not self._has_place():
            self._left.clear()
            try:
                await asyncio.wait_for(self._left.wait(), _FOR_A_PLACE)
            except TimeoutError:
                _log.warning("All %d places are taken: a visitor was asked to come back.", self.serving.visitors)
        return await self._begin() if self._has_place() else None

    async def _begin(self) -> PageRun:
        run = self.new_run()
        placeholder = str(id(run))
        self._runs[placeholder] = run
        try:
            await run.begin(self.kernels, self._room)
        finally:
            del self._runs[placeholder]
        self._runs[run.kernel_id] = run
        run.work.add_done_callback(lambda work: self._finished(run, work))
        return run

    def _finished(self, run: PageRun, work: "asyncio.Task[None]") -> None:
        if not work.cancelled() and (error := work.exception()) is not None:
            _log.error("A page could not be made.", exc_info=error)
            self._later(0, lambda: self.end(run))

    def _has_place(self) -> bool:
        return len(self._runs) < self.serving.visitors

    def _is_kept(self, kernel_id: str) -> bool:
        return kernel_id in self._runs and not self._runs[kernel_id].heard

    def _forget(self, kernel_id: str) -> None:
        run = self._runs.pop(kernel_id, None)
        if run is not None and run in self._warm:
            self._warm.remove(run)
        self._left.set()

    def _later(self, delay: float, work: Callable[[], "asyncio.Future[None] | object"]) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(delay, lambda: loop.create_task(work()))  # type: ignore[arg-type]

"""A page as it comes: the notebook run in a kernel of its own, begun when its visitor comes or before."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from voila.notebook_renderer import NotebookRenderer

from arlib.apps.server.kernels import Kernels
from arlib.words import word

_STILL_THERE = 10.0  # seconds of silence after which a proxy is shown that the page is still coming
_STALE = 12 * 3600.0  # seconds after which a page computed in advance is not shown any more


class KernelDiedError(Exception):
    """The kernel died while the page was made: memory ran out, or somebody ended it."""


class PageRun(NotebookRenderer):
    """One page. Its kernel starts when there is room to compute; what comes before it is sent at once.

    Attributes:
        kernel_id: known before the kernel is.
        visitor: who the page was given to, as the door names them; `None` while it waits.
        heard: whether the page has spoken to its kernel.
    """

    visitor: str | None = None
    heard = False

    async def begin(self, kernels: Kernels, room: asyncio.Semaphore) -> None:
        """Run the notebook from now on, whoever listens."""
        await self.initialize()
        self.notebook.metadata.setdefault("title", word("server.title", kernels.language))
        self.kernel_id = str(uuid.uuid4())
        self._kernels, self._room, self._in_room = kernels, room, False
        self._pieces: asyncio.Queue[str | None] = asyncio.Queue()
        self._begun_at, self._written_at = asyncio.get_running_loop().time(), self._notebook_time()
        self._starting: asyncio.Task[None] | None = None
        self.work = asyncio.create_task(self._run())

    async def html(self) -> AsyncIterator[str]:
        """The page, piece by piece."""
        while True:
            try:
                piece = await asyncio.wait_for(self._pieces.get(), _STILL_THERE)
            except TimeoutError:
                piece = "<!-- -->\n"
            if piece is None:
                break
            yield piece
        await self.work  # raises what went wrong

    def is_fresh(self) -> bool:
        """Whether it runs or ran well, not long ago, and the notebook is as it was."""
        failed = self.work.done() and (self.work.cancelled() or self.work.exception() is not None)
        age = asyncio.get_running_loop().time() - self._begun_at
        return not failed and age < _STALE and self._written_at == self._notebook_time()

    async def end(self) -> None:
        """Nobody wants it any more: its kernel ends, also one that is still starting."""
        self.work.cancel()
        await asyncio.wait({self.work})
        if self._starting is not None:
            await asyncio.wait({self._starting})
        await self._kernels.end_visit(self.kernel_id)

    async def _run(self) -> None:
        try:
            async for piece, _ in self.generate_content_generator():
                self._pieces.put_nowait(piece)
        finally:
            self._pieces.put_nowait(None)
            if self._in_room:
                self._room.release()

    async def _jinja_kernel_start(self, nb: Any, kernel_id: Any, kernel_future: Any) -> str:  # noqa: ANN401, ARG002
        """Called by the template where the page needs its kernel."""
        await self._room.acquire()
        self._in_room = True
        name = self.notebook.metadata.kernelspec.name
        self._starting = asyncio.create_task(self._kernels.start_visit(self.kernel_id, name, self.cwd))
        await asyncio.shield(self._starting)  # half started, it could not be ended
        await super()._jinja_kernel_start(nb, self.kernel_id, self._kernels.get_kernel(self.kernel_id))
        return self.kernel_id

    async def _jinja_cell_generator(self, nb: Any, kernel_id: str) -> AsyncIterator[Any]:  # noqa: ANN401
        """Called by the template for the cells; where the kernel dies Voilà would go on, with a sentence in English."""
        async for cell in super()._jinja_cell_generator(nb, kernel_id):
            if not (kernel_id in self._kernels and await self._kernels.can_serve(kernel_id)):
                raise KernelDiedError
            yield cell

    def _notebook_time(self) -> float:
        path = Path(self.contents_manager.root_dir, self.notebook_path)
        return path.stat().st_mtime

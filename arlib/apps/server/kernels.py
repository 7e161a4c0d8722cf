"""The visitors' kernels: each with its own folder for temporary files, within its memory, and gone without trace."""

import asyncio
import logging
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from arlib.apps.server.serving import Serving
from arlib.words import Language

_log = logging.getLogger(__name__)

# Of the server alone: a kernel runs what a visitor's file makes it run, and shows its errors.
_SECRETS = ("ARLIB_TOKEN", "JUPYTERHUB_")


class Kernels(AsyncMappingKernelManager):
    """Voilà's kernel manager, with `start_visit` in place of `start_kernel`.

    Attributes:
        language: of the pages.
        on_end: called with a kernel's id once it is no more, however it ended.
        is_kept: whether a kernel does not end for being idle, by its id.
    """

    language: Language = "en"
    on_end: Callable[[str], None]
    is_kept: Callable[[str], bool]

    def prepare(self, serving: Serving, private: Path) -> None:
        """Say how to serve, and which folder of this process the visits' folders go in."""
        self.language, self._memory = serving.language, serving.memory
        self._visits = private / "visits"
        self._visits.mkdir()
        # Jupyter's own folders hold a history and start-up files, which are the person's and not the app's.
        self._everywhere = {
            **{name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)},
            "IPYTHONDIR": str(private / "ipython"),
            "JUPYTER_RUNTIME_DIR": str(private),
            "ARLIB_LANGUAGE": serving.language,
            "ARLIB_UPLOAD_MB": str(serving.upload),
            **({"ARLIB_LOG": str(serving.log.resolve())} if serving.log else {}),
        }

    async def start_visit(self, kernel_id: str, kernel_name: str, path: str) -> None:
        """Starts a kernel under this id in a folder."""
        temporary = self._visits / kernel_id
        temporary.mkdir()
        start: Any = self.start_kernel
        await start(
            kernel_id=kernel_id,
            kernel_name=kernel_name,
            path=path,
            env={**self._everywhere, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))},
            extra_arguments=[
                "--InteractiveShellApp.extra_extensions=arlib.apps.journal",
                "--IPKernelApp.capture_fd_output=False",  # what a library writes as it dies goes to the server's
            ],
        )
        if self._memory is not None:
            started: Any = self.get_kernel(kernel_id)
            _limit_memory(started.provisioner.pid, self._memory)

    async def can_serve(self, kernel_id: str) -> bool:
        """Whether a kernel that waited, or is only starting, can be given to a visitor."""
        if kernel_id not in self:
            return True
        return bool(await ensure_async(self.get_kernel(kernel_id).is_alive()))

    async def end_visit(self, kernel_id: str) -> None:
        """Ends a kernel, if it is still there, without waiting for what it does."""
        if kernel_id in self:
            await ensure_async(self.shutdown_kernel(kernel_id, now=True))  # type: ignore[no-untyped-call]

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Ends a kernel that nobody has been connected to for long, but for those kept for whoever comes."""
        if not self.is_kept(kernel_id):
            await super().cull_kernel_if_idle(kernel_id)  # type: ignore[no-untyped-call]

    def remove_kernel(self, kernel_id: str) -> Any:  # noqa: ANN401 - as the class it stands in for
        """Forget a kernel that has ended, and what it left on the disk."""
        ended = super().remove_kernel(kernel_id)
        shutil.rmtree(self._visits / kernel_id, ignore_errors=True)
        self.on_end(kernel_id)
        return ended

    def _handle_kernel_died(self, kernel_id: str) -> None:
        kernel = self._kernels.get(kernel_id)
        super()._handle_kernel_died(kernel_id)  # type: ignore[no-untyped-call]
        self._kernel_connections.pop(kernel_id, None)
        if kernel is not None:
            _log.warning("A visitor's kernel died (%s); %d left.", kernel_id[:8], len(self))
            asyncio.get_running_loop().create_task(ensure_async(kernel.cleanup_resources()))


def _limit_memory(process_id: int, megabytes: int) -> None:
    """Have the system refuse a process more memory: Python then raises MemoryError, and the page can say so.

    What counts is what is written to: libraries reserve addresses by the gigabyte and never use them.
    """
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - Windows has none

        limit = megabytes * 1024 * 1024
        resource.prlimit(process_id, resource.RLIMIT_DATA, (limit, limit))

"""The log of the app: what went wrong, under the code a visitor was told, and nothing of what is in their files.

The message of an error may hold a customer's name or an amount: its kind and the lines of the program that led to it
are written, which is what a person who mends it needs.
"""

import logging
import os
import sys
import traceback
from logging.handlers import WatchedFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from arlib.errors import ArlibError
from arlib.words import say

LOG = "ARLIB_LOG"

_FORMAT = "%(asctime)s %(levelname)s %(message)s"


def keep_journal(path: Path | None) -> None:
    """Write what this process logs to a file, which may be moved away while it runs, or to where it was started.

    Raises:
        ArlibError: the file cannot be written.
    """
    try:
        handler = logging.StreamHandler(sys.__stderr__) if path is None else WatchedFileHandler(path, encoding="utf-8")
    except OSError as refused:
        raise ArlibError(say("server.no_log", path=path, why=os.strerror(refused.errno or 0))) from refused
    handler.setFormatter(Discreet(_FORMAT))
    for name, level in {"arlib": logging.INFO, "arlib.apps.server.jupyter": logging.ERROR, "tornado": logging.ERROR,
                        "asyncio": logging.ERROR}.items():  # fmt: skip
        log = logging.getLogger(name)
        log.setLevel(level)
        if not name.startswith("arlib."):
            log.addHandler(handler)


def load_ipython_extension(_: Any) -> None:  # noqa: ANN401 - the shell of the kernel
    """Called in each kernel as it starts: what its widgets log would be lost."""
    path = os.environ.get(LOG)
    keep_journal(Path(path) if path else None)


class Discreet(logging.Formatter):
    """Writes an error as its kind and the lines that led to it."""

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802 - the name and types of the standard library
        """What is written below the record: the cause first, as Python does."""
        error: BaseException | None = ei[1]
        told: list[str] = []
        while error is not None:
            told.append(_kind(error, error.__traceback__))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(reversed(told))


def _kind(error: BaseException, lines: TracebackType | None) -> str:
    return "".join([*traceback.format_tb(lines), f"{type(error).__module__}.{type(error).__qualname__}"])

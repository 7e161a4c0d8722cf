"""Running the app's server, from its start to the end of the last kernel."""

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from arlib.apps.journal import keep_journal
from arlib.apps.server.folders import the_notebook, use_our_jupyter_folder
from arlib.apps.server.serving import Serving, free_port
from arlib.apps.server.settings import configuration
from arlib.errors import ArlibError
from arlib.words import say


def serve(serving: Serving, ready: Callable[[str], None]) -> None:
    """Serves one notebook as a page until the process is interrupted or terminated, then ends its kernels.

    Every visitor has a kernel of their own, with `ARLIB_LANGUAGE` in its environment. Nothing on the machine
    changes but this process: its environment, and a private temporary folder that goes with it.

    Args:
        serving: how.
        ready: called with the address once the page can be opened.

    Raises:
        ArlibError: there is no such notebook, the port is taken, or what is asked cannot be.
    """
    serving = serving.checked()
    notebook = the_notebook(serving.notebook)
    port = free_port(serving.port, serving.host)
    keep_journal(serving.log)
    use_our_jupyter_folder()
    # Grammar that jupyter_events would compile at import for over a second and never use.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from tornado.ioloop import IOLoop  # noqa: PLC0415 - heavy, and only a server needs them
    from traitlets.config import Config  # noqa: PLC0415

    from arlib.apps.server.voila_app import App  # noqa: PLC0415

    with _private_folder() as private:
        settings = Config(configuration(serving, notebook, port, private))
        # No config_file_paths: Voilà would execute a voila.py of the working folder.
        app = App.instance(config=settings, config_file_paths=[])  # the instance, which Voilà logs errors through
        app.serving, app.private = serving, private
        app.initialize([])
        if hasattr(signal, "SIGHUP"):  # the window the server was started in was closed
            signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM))
        IOLoop.current().add_callback(lambda: ready(serving.address(port)))
        app.start()


@contextmanager
def _private_folder() -> Iterator[Path]:
    try:
        folder = tempfile.TemporaryDirectory(prefix="arlib-", ignore_cleanup_errors=True)
    except OSError as refused:
        raise ArlibError(say("server.no_folder", why=os.strerror(refused.errno or 0))) from refused
    with folder as private:
        yield Path(private)

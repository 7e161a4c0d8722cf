"""The Voilà app and JupyterLab, served to this machine only: 127.0.0.1, and no request to anywhere else."""

import os
import shutil
import socket
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from arlib.errors import ArlibError
from arlib.words import Language, say, word

HOST = "127.0.0.1"
PORT = 8866
APP = "poste_client.ipynb"

_JUPYTER = Path(__file__).with_name("jupyter")  # our Voilà template and our kernel, found through JUPYTER_PATH
_LONGEST_SOCKET_PATH = 100  # bytes: a Unix socket's address holds 104 on macOS and 108 on Linux
_IDLE_SECONDS = 1800
_WORDS = ("title", "loading", "no_script", "lost", "failed", "again")

# Only this server, and what charts need: eval for Vega's expressions, blob: for the modules of anywidget.
_CONTENT_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "frame-ancestors": "'self'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


def serve(notebook: Path, *, port: int | None = None, language: Language = "en", ready: Callable[[str], None]) -> None:
    """Serves one notebook as a page until the process is interrupted or terminated, then ends its kernels.

    Every visitor has a kernel of their own, with `ARLIB_LANGUAGE` in its environment. Nothing on the machine
    changes but this process: its environment, and a private temporary folder that goes with it.

    Args:
        notebook: the notebook, or a folder that holds the app's.
        port: a port of 127.0.0.1; `None` takes 8866 or, where that is taken, a free one; 0 takes a free one.
        language: of the page around the notebook, and the one the notebook begins in.
        ready: called with the address once the page can be opened.

    Raises:
        ArlibError: there is no such notebook, or the port is taken.
    """
    page = _the_notebook(notebook)
    chosen = free_port(port)
    _use_our_jupyter_folder()
    os.environ["ARLIB_LANGUAGE"] = language
    # Grammar that jupyter_events would compile at import for over a second and never use.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from tornado.ioloop import IOLoop  # noqa: PLC0415 - heavy, and only a server needs them
    from traitlets.config import Config  # noqa: PLC0415
    from voila.app import Voila  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="arlib-", ignore_cleanup_errors=True) as private:
        settings = Config(configuration(page, chosen, language, Path(private)))
        # No config_file_paths: Voilà would execute a voila.py of the working folder.
        server = Voila.instance(config=settings, config_file_paths=[])  # the instance, which Voilà logs errors through
        server.initialize([])
        IOLoop.current().add_callback(lambda: ready(server.connection_url))
        server.start()


def configuration(notebook: Path, port: int, language: Language, private: Path) -> dict[str, dict[str, Any]]:
    """Voilà's settings: one notebook, one template, no file served, no request outside, no kernel left behind."""
    words = {key: word(f"server.{key}", language) for key in _WORDS}
    settings: dict[str, dict[str, Any]] = {
        "Voila": {
            "notebook_path": str(notebook),
            "ip": HOST,
            "port": port,
            "port_retries": 0,
            "open_browser": False,  # Voilà's own opens a page that asks a CDN for a font
            "log_level": "ERROR",  # a cell that fails, not every refused request
            "connection_dir_root": str(private),
            "tornado_settings": {
                "ws_ping_interval": 0,  # Jupyter's pings close live sockets; here one ends with its page
                "allow_remote_access": False,  # refuses a foreign Host header, hence DNS rebinding
                "headers": {
                    "Content-Security-Policy": "; ".join(map(" ".join, _CONTENT_POLICY.items())),
                    "X-Content-Type-Options": "nosniff",
                    "Referrer-Policy": "no-referrer",
                },
                "jinja_template_vars": {"arlib": words, "language": language},  # for the error page
            },
        },
        "VoilaConfiguration": {
            "template": "arlib",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "file_allowlist": [],
            "extension_allowlist": [
                "@jupyter-widgets/jupyterlab-manager",
                "@voila-dashboards/widgets-manager8",
                "anywidget",
            ],
            "prelaunch_hook": _prepare_page,
            "resources": {"arlib": words},
        },
        "VoilaExporter": {"language_code": language},
        "VoilaExecutor": {"cell_error_instruction": word("server.cell_failed", language)},
        "MappingKernelManager": {
            "cull_idle_timeout": _IDLE_SECONDS,
            "cull_interval": 60,
            "cull_connected": False,
        },
    }
    if _sockets_fit(private):
        settings["KernelManager"] = {"transport": "ipc"}
    return settings


def lab(folder: Path, *, port: int | None = None, browser: bool = True) -> None:
    """Opens JupyterLab on a folder, on 127.0.0.1, until it is stopped; asks no other machine for news or updates.

    Args:
        folder: the notebooks; where it does not exist it is made, with a copy of arlib's own.
        port: a port of 127.0.0.1; `None` takes Jupyter's own or the next free one.
        browser: whether to open a browser.
    """
    if not folder.exists():
        shutil.copytree(notebooks(), folder)
    _use_our_jupyter_folder()
    from jupyterlab.labapp import LabApp  # noqa: PLC0415 - heavy, and only a server needs it

    warnings.simplefilter("ignore", DeprecationWarning)  # Jupyter's own, of which a person can do nothing
    LabApp.launch_instance(lab_arguments(folder, port=port, browser=browser))


def lab_arguments(folder: Path, *, port: int | None = None, browser: bool = True) -> list[str]:
    """JupyterLab's command line: on its command line settings win over the person's own files."""
    arguments = [
        str(folder),
        f"--ServerApp.ip={HOST}",
        "--LabApp.news_url=None",  # and jupyter/config does without the question about news
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",  # the default one lists a package registry
        "--ServerApp.answer_yes=True",  # Ctrl+C stops it, without a question
        "--ServerApp.allow_root=True",  # in a container a person is often root, and this is their own machine
        "--Application.log_level=ERROR",
    ]
    if port is not None:
        arguments.append(f"--ServerApp.port={port}")
    if not browser:
        arguments.append("--no-browser")
    return arguments


def notebooks() -> Path:
    """The notebooks: of the checkout when arlib runs from one, else the copy that came with the package."""
    checkout = Path(__file__).parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / "notebooks").is_dir():
        return checkout / "notebooks"
    return Path(__file__).with_name("notebooks")


def notebooks_to_edit() -> Path:
    """Where a person works on the notebooks: the checkout, else `arlib-notebooks` in the current folder."""
    found = notebooks()
    return Path("arlib-notebooks") if found.parent == Path(__file__).parent else found


def free_port(port: int | None) -> int:
    """The port asked for if it is free; for `None` the usual one or any other, for 0 any.

    Raises:
        ArlibError: another program listens on the port asked for.
    """
    for candidate in (PORT, 0) if port is None else (port,):
        try:
            with socket.create_server((HOST, candidate)) as held:
                return int(held.getsockname()[1])
        except OSError:
            continue
    raise ArlibError(say("server.port_taken", port=port))


def _the_notebook(path: Path) -> Path:
    notebook = path / APP if path.is_dir() else path
    if not notebook.is_file():
        raise ArlibError(say("server.no_notebook", path=notebook))
    return notebook.resolve()


def _use_our_jupyter_folder() -> None:
    """Puts our template, kernel and settings before any other of the machine, for this process and its kernels."""
    for variable, folder in (("JUPYTER_PATH", _JUPYTER), ("JUPYTER_CONFIG_PATH", _JUPYTER / "config")):
        inherited = os.environ.get(variable)
        os.environ[variable] = os.pathsep.join([str(folder), *([inherited] if inherited else [])])


def _prepare_page(req: Any, notebook: Any, cwd: str) -> None:  # noqa: ANN401, ARG001 - Voilà calls it by these names
    # Reading the token sets its cookie, without which the page's own "end my kernel" is refused (voila #1458).
    _ = req.xsrf_token
    metadata: Mapping[str, Any] = notebook.metadata
    if "title" not in metadata:
        notebook.metadata["title"] = req.settings["jinja_template_vars"]["arlib"]["title"]


def _sockets_fit(private: Path) -> bool:
    """Whether kernels can be spoken to over Unix sockets, which no other user can listen to, rather than TCP."""
    longest = private / "voila_12345678" / "kernel-12345678-1234-1234-1234-123456789012-ipc-5"
    return os.name == "posix" and len(os.fsencode(longest)) <= _LONGEST_SOCKET_PATH

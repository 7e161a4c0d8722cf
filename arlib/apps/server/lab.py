"""JupyterLab on the notebooks: on this machine alone, and no request to anywhere else."""

import shutil
import warnings
from pathlib import Path

from arlib.apps.server.folders import notebooks, use_our_jupyter_folder
from arlib.apps.server.serving import HOST


def lab(folder: Path, *, port: int | None = None, browser: bool = True) -> None:
    """Opens JupyterLab on a folder, on 127.0.0.1, until it is stopped; asks no other machine for news or updates.

    Args:
        folder: the notebooks; where it does not exist it is made, with a copy of arlib's own.
        port: a port of 127.0.0.1; `None` takes Jupyter's own or the next free one.
        browser: whether to open a browser.
    """
    if not folder.exists():
        shutil.copytree(notebooks(), folder)
    use_our_jupyter_folder()
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

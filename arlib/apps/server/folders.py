"""Where the notebooks are, and our own folder of Jupyter's: template, kernel, settings."""

import os
from pathlib import Path

from arlib.errors import ArlibError
from arlib.words import say

APP = "poste_client.ipynb"

_APPS = Path(__file__).parents[1]
JUPYTER = _APPS / "jupyter"  # found through JUPYTER_PATH
TEMPLATE = JUPYTER / "voila" / "templates" / "arlib"


def notebooks() -> Path:
    """The notebooks: of the checkout when arlib runs from one, else the copy that came with the package."""
    checkout = _APPS.parents[1]
    if (checkout / "pyproject.toml").is_file() and (checkout / "notebooks").is_dir():
        return checkout / "notebooks"
    return _APPS / "notebooks"


def notebooks_to_edit() -> Path:
    """Where a person works on the notebooks: the checkout, else `arlib-notebooks` in the current folder."""
    found = notebooks()
    return Path("arlib-notebooks") if found.parent == _APPS else found


def the_notebook(path: Path) -> Path:
    """The notebook to serve: the one named, or the app's in the folder named.

    Raises:
        ArlibError: there is no such notebook.
    """
    notebook = path / APP if path.is_dir() else path
    if not notebook.is_file():
        raise ArlibError(say("server.no_notebook", path=notebook))
    return notebook.resolve()


def use_our_jupyter_folder() -> None:
    """Puts our template, kernel and settings before any other of the machine, for this process and its kernels."""
    for variable, folder in (("JUPYTER_PATH", JUPYTER), ("JUPYTER_CONFIG_PATH", JUPYTER / "config")):
        inherited = os.environ.get(variable)
        os.environ[variable] = os.pathsep.join([str(folder), *([inherited] if inherited else [])])

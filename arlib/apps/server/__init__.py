"""The app and JupyterLab, served: to this machine alone, or to a company behind a token or its single sign-on.

`serve` runs the app, as `Serving` says; `lab` opens JupyterLab. What each visitor is given is in `lobby`, who may
enter in `door`, what is sent to Voilà in `settings`.
"""

from arlib.apps.server.folders import APP, notebooks, notebooks_to_edit
from arlib.apps.server.lab import lab, lab_arguments
from arlib.apps.server.run import serve
from arlib.apps.server.serving import HOST, PORT, Serving, free_port
from arlib.apps.server.settings import configuration

__all__ = [
    "APP",
    "HOST",
    "PORT",
    "Serving",
    "configuration",
    "free_port",
    "lab",
    "lab_arguments",
    "notebooks",
    "notebooks_to_edit",
    "serve",
]

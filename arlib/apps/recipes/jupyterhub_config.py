# ruff: noqa: INP001 - a file to copy, of no package
"""arlib for everybody on a JupyterHub: each person's own, in their own server, behind the hub's sign-on.

Add this to the hub's configuration, and put `jupyter_server_config.py` of this folder in /etc/jupyter on the machines
where people's servers run. It needs `pip install arlib jupyter-server-proxy` there, beside Jupyter.
"""

import secrets
from typing import Any

c: Any = get_config()  # type: ignore[name-defined] # noqa: F821 - JupyterHub gives it to this file

# A person's page listens on a port of the machine, which other people on it can reach: it lets in who knows this, and
# only that person's own server does. It goes by the environment, which nobody else can read as they can a command line.
c.Spawner.environment = {**c.Spawner.environment, "ARLIB_TOKEN": lambda _: secrets.token_urlsafe(24)}

# Whoever should see nothing of Jupyter begins on the page.
c.Spawner.default_url = "/arlib/"

# ruff: noqa: INP001 - a file to copy, of no package
"""arlib within a person's Jupyter server, under /arlib/ and in the launcher: for /etc/jupyter.

It needs jupyter-server-proxy; see `jupyterhub_config.py`, which gives ARLIB_TOKEN.
"""

import os
from typing import Any

c: Any = get_config()  # type: ignore[name-defined] # noqa: F821 - Jupyter gives it to this file

HUB = "hub.example.com"  # as people write it in their browser

c.ServerProxy.servers = {
    "arlib": {
        "command": [
            "arlib",
            "app",
            "--no-browser",
            *("--port", "{port}"),
            *("--base-path", "{base_url}arlib/"),
            *("--name", HUB),
            *("--visitors", "3"),
            *("--warm", "0"),
        ],
        "absolute_url": True,
        "timeout": 60,
        "request_headers_override": {"Authorization": f"token {os.environ.get('ARLIB_TOKEN', '')}"},
        "launcher_entry": {"title": "arlib"},
    }
}

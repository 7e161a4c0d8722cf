"""What Voilà is told: one notebook, one template, no file served, no request outside, no kernel left behind."""

import os
import secrets
from pathlib import Path
from typing import Any

from arlib.apps.server.serving import Serving
from arlib.words import LANGUAGES, word

CONNECTIONS = "k"  # the folder of the kernels' connection files, short for the sake of their sockets

_LONGEST_SOCKET_PATH = 100  # bytes: a Unix socket's address holds 104 on macOS and 108 on Linux
_PAGE_WORDS = ("title", "loading", "no_script", "lost", "cut", "again")

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
HEADERS = {
    "Content-Security-Policy": "; ".join(map(" ".join, _CONTENT_POLICY.items())),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def configuration(serving: Serving, notebook: Path, port: int, private: Path) -> dict[str, dict[str, Any]]:
    """Voilà's settings by its classes.

    Args:
        serving: how the app is served, checked.
        notebook: the notebook itself.
        port: the one listened to.
        private: a folder of this process alone.
    """
    words = {language: {key: word(f"server.{key}", language) for key in _PAGE_WORDS} for language in LANGUAGES}
    settings: dict[str, dict[str, Any]] = {
        "Voila": {
            "notebook_path": str(notebook),
            "ip": serving.host,
            "port": port,
            "base_url": serving.base_path,
            "identity_provider_class": "arlib.apps.server.voila_app.Everyone",
            "open_browser": False,  # Voilà's own opens a page that asks a CDN for a font
            "tornado_settings": {
                "ws_ping_interval": 0,  # ours instead (channels.py): Jupyter's close live sockets
                "allow_remote_access": True,  # the door refuses a foreign Host header, and for files too
                "headers": HEADERS,
                "xsrf_cookie_kwargs": {"path": serving.base_path, "samesite": "Lax"},
            },
        },
        "VoilaConfiguration": {
            "template": "arlib",
            "multi_kernel_manager_class": "arlib.apps.server.kernels.Kernels",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "file_allowlist": [],
            "extension_allowlist": [
                "@jupyter-widgets/jupyterlab-manager",
                "@voila-dashboards/widgets-manager8",
                "anywidget",
            ],
            "resources": {"arlib": words, "language": serving.language},
        },
        "VoilaExporter": {"language_code": serving.language},
        "VoilaExecutor": {"cell_error_instruction": word("server.cell_failed", serving.language)},
        "MappingKernelManager": {
            "cull_idle_timeout": max(1, round(serving.idle * 60)),
            "cull_interval": max(1, min(60, round(serving.idle * 30))),
            "cull_connected": False,
        },
        # A kernel that died has lost the visitor's ledger: it is not started again in silence, the page says so.
        "KernelRestarter": {"restart_limit": 0, "time_to_dead": 1.0},
    }
    # Nothing is written to the person's own folder: one notebook is served, whoever signed it.
    settings["NotebookNotary"] = {"db_file": ":memory:", "secret": secrets.token_bytes(32)}
    if _sockets_fit(private):
        settings["KernelManager"] = {"transport": "ipc"}
    return settings


def _sockets_fit(private: Path) -> bool:
    """Whether kernels can be spoken to over Unix sockets, which no other user can listen to, rather than TCP."""
    longest = private / CONNECTIONS / "kernel-12345678-1234-1234-1234-123456789012-ipc-5"
    return os.name == "posix" and len(os.fsencode(longest)) <= _LONGEST_SOCKET_PATH

"""How the app is served: to whom, under which address, and within which limits."""

import ipaddress
import re
import secrets
import socket
from dataclasses import dataclass, replace
from pathlib import Path

from arlib.errors import ArlibError
from arlib.words import Language, say

HOST = "127.0.0.1"
PORT = 8866

_SHORTEST_TOKEN = 16  # characters: what cannot be guessed at one try a second
_PATH = re.compile(r"/(?:[\w.~-]+/)*")  # what needs no escaping in an address
_LEAST = {"visitors": 1, "warm": 0, "upload": 1, "memory": 256, "idle": 0}


@dataclass(frozen=True)
class Serving:
    """How the app is served; what is not said is as on a person's own machine.

    Attributes:
        notebook: the notebook, or a folder that holds the app's.
        host: the address of this machine that is listened to; beyond 127.0.0.1 nobody enters without a token.
        port: `None` takes 8866 or, where that is taken, a free one; 0 takes a free one.
        base_path: where the app is below the server's address, as `/ar/`.
        names: what else this server is called in an address, as `ar.example.com`; any other name is refused.
        token: what a visitor must know to enter; empty for none.
        user_header: the header in which a proxy on this machine names the visitor; empty for none.
        visitors: how many can be served at once, each with a kernel.
        warm: how many kernels wait with the page computed, so that a visitor does not.
        upload: megabytes of the largest file taken.
        memory: megabytes a visitor's kernel may take; `None` for no limit. Kept on Linux only.
        idle: minutes after which a kernel nobody is connected to ends; one whose page was closed ends at once.
        log: the file the log is added to; `None` writes it where the server was started.
        language: of the page, unless its address says another.
    """

    notebook: Path
    host: str = HOST
    port: int | None = None
    base_path: str = "/"
    names: tuple[str, ...] = ()
    token: str = ""
    user_header: str = ""
    visitors: int = 20
    warm: int = 1
    upload: int = 200
    memory: int | None = None
    idle: float = 30
    log: Path | None = None
    language: Language = "en"

    @property
    def only_here(self) -> bool:
        """Whether nobody but this machine can reach the server."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def checked(self) -> "Serving":
        """The same with its path written as a path and, where anybody could come and nothing is asked, a token.

        Raises:
            ArlibError: a path, token or limit that cannot be.
        """
        path = f"/{self.base_path.strip('/')}/".replace("//", "/")
        if not _PATH.fullmatch(path):
            raise ArlibError(say("server.bad_path", path=self.base_path))
        if self.token and len(self.token) < _SHORTEST_TOKEN:
            raise ArlibError(say("server.short_token", least=_SHORTEST_TOKEN))
        for name, least in _LEAST.items():
            given = getattr(self, name)
            if given is not None and given < least:
                raise ArlibError(say("server.too_little", option=f"--{name}", least=least))
        open_to_all = not (self.only_here or self.token or self.user_header)
        return replace(self, base_path=path, token=secrets.token_urlsafe(24) if open_to_all else self.token)

    def address(self, port: int) -> str:
        """What to open in a browser; with the token, which the page takes out of the address again."""
        host = socket.gethostname() if self.host in {"", "0.0.0.0", "::"} else self.host  # noqa: S104 - compared with
        named = f"[{host}]" if ":" in host else host
        asked = f"?token={self.token}" if self.token and not self.user_header else ""
        return f"http://{named}:{port}{self.base_path}{asked}"


def free_port(port: int | None, host: str = HOST) -> int:
    """The port asked for if it is free; for `None` the usual one or any other, for 0 any.

    Raises:
        ArlibError: another program listens on the port asked for, or the address is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, 0), family=family).close()
    except OSError as refused:
        raise ArlibError(say("server.no_host", host=host)) from refused
    for candidate in (PORT, 0) if port is None else (port,):
        try:
            with socket.create_server((host, candidate), family=family) as held:
                return int(held.getsockname()[1])
        except OSError:
            continue
    raise ArlibError(say("server.port_taken", port=port))

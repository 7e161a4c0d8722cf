"""Who may enter: asked of every request, whatever it is for, before anything answers it."""

import hmac
import ipaddress
import secrets
import socket
from dataclasses import dataclass, field
from enum import Enum

from tornado.httputil import HTTPServerRequest, parse_cookie, split_host_and_port
from tornado.web import create_signed_value, decode_signed_value

from arlib.apps.server.serving import Serving

_DAYS = 30  # for which a browser that has shown the token need not show it again


class Refusal(Enum):
    """Why a request is not answered: labels `server.<value>.title` and `.text`; but a page asks for the token."""

    NAME = "refused_name"
    PROXY = "refused_proxy"
    OTHERS = "refused_others"
    TOKEN = "refused_token"  # noqa: S105 - the name of a reason


@dataclass(frozen=True)
class Door:
    """What a request must show.

    Attributes:
        serving: how the app is served, checked.
        port: names the cookie: a browser shares cookies among the ports of a machine.
        secret: what cookies are signed with; another one at each start, so that a stopped server's are worth nothing.
    """

    serving: Serving
    port: int
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def refusal(self, request: HTTPServerRequest) -> Refusal | None:
        """Why this request is refused; `None` where it may enter."""
        if not self._is_our_name(request.host):
            return Refusal.NAME
        if self.serving.user_header and not self._named_by_proxy(request):
            return Refusal.PROXY
        if self.serving.token and not (self._cookie_of(request) or self._shows_token(request)):
            return Refusal.TOKEN
        return None

    def visitor(self, request: HTTPServerRequest) -> str:
        """Who asks, as the proxy or the cookie names them; empty where nobody is told from anybody else."""
        if self.serving.user_header:
            return request.headers.get(self.serving.user_header, "")
        return self._cookie_of(request)

    def _cookie_of(self, request: HTTPServerRequest) -> str:
        """What the cookie that was given for the token says; empty without one of ours."""
        try:
            cookie = parse_cookie(request.headers.get("Cookie", "")).get(self.cookie_name, "")
        except ValueError:
            return ""
        value = decode_signed_value(self.secret, self.cookie_name, cookie, max_age_days=_DAYS)
        return value.decode("ascii") if value else ""

    def is_token(self, shown: str) -> bool:
        """Whether this is the token, in the same time whatever is shown."""
        return bool(self.serving.token) and hmac.compare_digest(shown.encode(), self.serving.token.encode())

    @property
    def cookie_name(self) -> str:
        """Of the cookie that stands for a token once shown."""
        return f"arlib-{self.port}"

    def cookie(self) -> str:
        """A new visitor's, signed."""
        return create_signed_value(self.secret, self.cookie_name, secrets.token_hex(16)).decode("ascii")

    def is_encrypted(self, request: HTTPServerRequest) -> bool:
        """Whether the visitor's browser speaks TLS, to us or to the proxy on this machine."""
        told = request.headers.get("X-Forwarded-Proto", "") if _is_loopback(request.remote_ip) else ""
        return "https" in {request.protocol, told}

    def _is_our_name(self, host: str) -> bool:
        """Whether a request means this server: a page elsewhere that has its name point here (DNS rebinding) does not.

        A number is no name: it is ours where others may come, and must be this machine's own where they may not.
        """
        name = split_host_and_port(host.lower())[0].strip("[]")
        if name in {"localhost", *map(str.lower, self.serving.names)}:
            return True
        if self.serving.only_here:
            return _is_loopback(name)
        return _is_number(name) or name in {socket.gethostname().lower(), socket.getfqdn().lower()}

    def _named_by_proxy(self, request: HTTPServerRequest) -> bool:
        """Whether a proxy on this machine says who asks: from elsewhere anybody could write the header."""
        return _is_loopback(request.remote_ip) and bool(request.headers.get(self.serving.user_header, "").strip())

    def _shows_token(self, request: HTTPServerRequest) -> bool:
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() in {"token", "bearer"} and self.is_token(shown.strip())


def _is_loopback(address: str | None) -> bool:
    return _is_number(address) and ipaddress.ip_address(address or "").is_loopback


def _is_number(name: str | None) -> bool:
    try:
        ipaddress.ip_address(name or "")
    except ValueError:
        return False
    return True

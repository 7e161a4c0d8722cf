"""What answers a request: the page, its line to the kernel, its end, and whoever is not let in."""

import asyncio
import time
from typing import Any
from urllib.parse import urlencode

from jupyter_server.base.handlers import APIHandler
from tornado.ioloop import PeriodicCallback
from tornado.iostream import StreamClosedError
from tornado.web import RequestHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from arlib.apps.server import said
from arlib.apps.server.door import Door, Refusal
from arlib.apps.server.lobby import Lobby
from arlib.apps.server.page_run import PageRun
from arlib.apps.server.settings import HEADERS

_KNOCK = 30.0  # seconds between two questions whether a browser is still there
_SILENT = 95.0  # seconds without an answer after which it is not
_COME_BACK = 30  # seconds after which a visitor who found no place may try again
_WRONG_TOKEN = 1.0  # seconds a wrong token takes: nobody tries many


class Page(TornadoVoilaHandler):
    """The page itself; every visit of it is one kernel."""

    def initialize(self, lobby: Lobby, door: Door, **settings: Any) -> None:  # noqa: ANN401 - Voilà's own
        """Called by tornado with what the route was given."""
        super().initialize(**settings)
        self._lobby, self._door = lobby, door
        self._run: PageRun | None = None

    async def get(self, path: str | None = None) -> None:
        """The page, sent as it comes."""
        if path:
            self._say(404, "absent")
            return
        _ = self.xsrf_token  # reading it sets its cookie, without which the page cannot end its kernel (voila #1458)
        self._run = await self._lobby.visit(self._door.visitor(self.request))
        if self._run is None:
            self.set_header("Retry-After", str(_COME_BACK))
            self._say(503, "full", visitors=self._lobby.serving.visitors)
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        try:
            async for piece in self._run.html():
                self.write(piece)
                await self.flush()
        except StreamClosedError:
            return  # on_connection_close has ended it
        except Exception:  # noqa: BLE001 - the lobby has logged it; half a page that says nothing helps nobody
            self.write(said.broken(said.language_of(self.request, self._door.serving.language)))
            return
        self._lobby.sent(self._run)

    def on_connection_close(self) -> None:
        """The visitor left before the page was there: it cannot end its kernel itself."""
        super().on_connection_close()
        if self._run is not None:
            asyncio.get_running_loop().create_task(self._lobby.end(self._run))

    def write_error(self, status_code: int, **_: Any) -> None:  # noqa: ANN401 - tornado's
        """A page that failed says so."""
        self._say(status_code, "failed")

    def _say(self, status: int, name: str, **values: object) -> None:
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        language = said.language_of(self.request, self._door.serving.language)
        self.finish(said.message(name, language, **values))


class Channels(VoilaKernelWebsocketHandler):
    """The page's line to its kernel.

    A browser that vanished, a laptop closed or a cable cut, says nothing: unless it is asked, its kernel would look
    in use for ever. Jupyter's own way of asking closes live lines, so this one asks.
    """

    def initialize(self, lobby: Lobby) -> None:
        """Called by tornado with what the route was given."""
        self._lobby = lobby
        self._knocking = PeriodicCallback(self._knock, _KNOCK * 1000)

    async def open(self, kernel_id: str) -> None:
        """The line is there."""
        self._lobby.hear(kernel_id)
        self._heard_at = time.monotonic()
        self._knocking.start()
        await super().open(kernel_id)

    def on_pong(self, data: bytes) -> None:
        """The browser is there."""
        super().on_pong(data)
        self._heard_at = time.monotonic()

    def on_close(self) -> None:
        """The line is no more; the kernel stays for a while, in case it comes back."""
        self._knocking.stop()
        if self.connection is not None:
            super().on_close()

    def _knock(self) -> None:
        if time.monotonic() - self._heard_at > _SILENT:
            self.close()
        else:
            self.ping(b"")


class Farewell(APIHandler):
    """What the page says as it is closed."""

    def initialize(self, lobby: Lobby) -> None:
        """Called by tornado with what the route was given."""
        self._lobby = lobby

    async def post(self, kernel_id: str) -> None:
        """End the page's kernel at once."""
        await self._lobby.kernels.end_visit(kernel_id)
        self.set_status(204)
        self.finish()


class Entrance(RequestHandler):
    """What answers instead of everything else, to whoever is not let in."""

    def initialize(self, door: Door, refusal: Refusal) -> None:
        """Called by tornado with what the door said."""
        self._door, self._refusal = door, refusal
        self._home = door.serving.base_path

    def set_default_headers(self) -> None:
        """As for every page."""
        for name, value in {**HEADERS, "Cache-Control": "no-store"}.items():
            self.set_header(name, value)

    async def prepare(self) -> None:
        """Ask for the token where that is what is missing, and say no otherwise."""
        asks = self._refusal is Refusal.TOKEN and self.request.path in {self._home, f"{self._home}login"}
        if not asks:
            self._refuse()
        elif shown := self.get_argument("token", "").strip():
            await self._try(shown)
        else:
            self._ask(wrong=False)

    async def _try(self, token: str) -> None:
        if not self._door.is_token(token):
            await asyncio.sleep(_WRONG_TOKEN)
            self._ask(wrong=True)
            return
        encrypted = self._door.is_encrypted(self.request)
        self.set_cookie(
            self._door.cookie_name,
            self._door.cookie(),
            path=self._home,
            httponly=True,
            samesite="Lax",
            secure=encrypted,
        )
        # Without the token, which would stay in the history; the browser keeps what stands after #.
        kept = [
            (name, value)
            for name in self.request.query_arguments
            if name != "token"
            for value in self.get_query_arguments(name)
        ]
        self.redirect(self._home + (f"?{urlencode(kept)}" if kept else ""), status=303)

    def _ask(self, *, wrong: bool) -> None:
        self.set_status(401)
        language = said.language_of(self.request, self._door.serving.language)
        self.finish(said.login(language, f"{self._home}login", wrong=wrong))

    def _refuse(self) -> None:
        self.set_status(404 if self._refusal is Refusal.OTHERS else 403)
        language = said.language_of(self.request, self._door.serving.language)
        self.finish(said.message(self._refusal.value, language))


class Nowhere(RequestHandler):
    """What answers outside the base path."""

    def initialize(self, door: Door) -> None:
        """Called by tornado with what the route was given."""
        self._door = door

    set_default_headers = Entrance.set_default_headers

    def prepare(self) -> None:
        """There is nothing here."""
        self.set_status(404)
        language = said.language_of(self.request, self._door.serving.language)
        self.finish(said.message("absent", language))

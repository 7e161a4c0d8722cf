"""Voilà with a door in front of everything it answers, and a lobby behind it."""

import logging
import os
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httputil import HTTPServerRequest
from tornado.ioloop import IOLoop
from tornado.web import Application, RequestHandler
from traitlets import default
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import AllowListFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.utils import get_page_config

from arlib.apps.server.door import Door, Refusal
from arlib.apps.server.handlers import Channels, Entrance, Farewell, Nowhere, Page
from arlib.apps.server.lobby import Lobby
from arlib.apps.server.page_run import PageRun
from arlib.apps.server.serving import Serving
from arlib.apps.server.settings import CONNECTIONS

_log = logging.getLogger(__name__)

_KERNEL = re.compile(r"/(?:api/kernels|voila/api/shutdown)/([0-9a-f-]{36})")
_LARGEST_REQUEST = 1024 * 1024  # bytes: nothing large comes by a request, uploads go to the kernel in slices


class Everyone(IdentityProvider):
    """Whoever the door has let in; Jupyter's own would give each a made-up name, in a cookie."""

    def get_user(self, handler: RequestHandler) -> User:  # noqa: ARG002 - as the class it stands in for
        """The same for all."""
        return User("visitor")


class GuardedApplication(Application):
    """Tornado's application, asking the door about every request: pages, sockets, files and pictures alike.

    Attributes:
        door: who may enter.
        lobby: which kernel is whose.
    """

    door: Door
    lobby: Lobby

    def find_handler(self, request: HTTPServerRequest, **settings: Any) -> Any:  # noqa: ANN401 - tornado's
        """The handler of a request that is let in, and the entrance for any other."""
        refusal = self.door.refusal(request)
        asked = _KERNEL.search(request.path)
        if refusal is None and asked and self.lobby.belongs_to_other(asked[1], self.door.visitor(request)):
            refusal = Refusal.OTHERS
        if refusal is None:
            return super().find_handler(request, **settings)
        return self.get_handler_delegate(request, Entrance, {"door": self.door, "refusal": refusal})


class App(Voila):
    """Voilà, serving as `Serving` says.

    Attributes:
        serving: set before it starts.
        private: a folder of this process alone.
    """

    serving: Serving
    private: Path

    @default("log")
    def _our_log(self) -> logging.Logger:
        return logging.getLogger("arlib.apps.server.jupyter")

    def start(self) -> None:
        """Serves until the process is interrupted or terminated."""
        self.connection_dir = str(self.private / CONNECTIONS)
        (self.private / CONNECTIONS).mkdir()
        door = Door(self.serving, self.port)
        self.app = GuardedApplication(
            default_handler_class=Nowhere, default_handler_args={"door": door}, log_function=_log_failure
        )
        self.app.settings.update({**self.init_settings(), **self.tornado_settings})
        self.kernel_manager.prepare(self.serving, self.private)
        self.app.door = door
        self.app.lobby = Lobby(self.serving, self.kernel_manager, self._new_run)
        self.app.add_handlers(".*$", self.init_handlers())
        self.app.listen(self.port, self.ip, max_body_size=_LARGEST_REQUEST)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self.app.lobby.warm)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            self.ioloop.run_sync(self._close)

    def init_handlers(self) -> list[Any]:
        """Voilà's routes, but for those that serve files or log in, and with ours in place of some."""
        door, lobby = self.app.door, self.app.lobby
        ours = {
            VoilaKernelWebsocketHandler: (Channels, {"lobby": lobby}),
            VoilaShutdownKernelHandler: (Farewell, {"lobby": lobby}),
            TornadoVoilaHandler: (Page, {"lobby": lobby, "door": door}),
        }
        without = {AllowListFileHandler, *(handler for _, handler in self.identity_provider.get_handlers())}
        routes = []
        for pattern, handler, *settings in super().init_handlers():
            if handler not in without:
                replaced, added = ours.get(handler, (handler, {}))
                routes.append((pattern, replaced, {**(settings[0] if settings else {}), **added}))
        return routes

    async def _close(self) -> None:
        await self.app.lobby.close()
        await ensure_async(self.kernel_manager.shutdown_all(now=True))

    def _new_run(self) -> PageRun:
        given = {"base_url": self.base_url, "settings": self.app.settings, "log": self.log}
        return PageRun(
            voila_configuration=self.voila_configuration,
            traitlet_config=self.config,
            notebook_path=os.path.relpath(self.notebook_path, self.root_dir),
            template_paths=self.template_paths,
            config_manager=self.config_manager,
            contents_manager=self.contents_manager,
            base_url=self.base_url,
            kernel_spec_manager=self.kernel_spec_manager,
            page_config=get_page_config(**given, voila_configuration=self.voila_configuration),
        )


def _log_failure(handler: RequestHandler) -> None:
    """Write what failed here, without what was asked after `?`; what was refused or not found is no failure."""
    meant = HTTPStatus.SERVICE_UNAVAILABLE  # no place was free, and the lobby says so
    if handler.get_status() >= HTTPStatus.INTERNAL_SERVER_ERROR and handler.get_status() != meant:
        _log.error("%s %s was answered %d.", handler.request.method, handler.request.path, handler.get_status())

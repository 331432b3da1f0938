"""`onrecord web`: the web page, the API and the callback for hubs, served by uvicorn; `onrecord run` shows them too."""

from __future__ import annotations

import secrets
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import uvicorn

from worker.cli.terminal import Terminal
from worker.services import Services
from worker.web.app import application
from worker.web.connection import Connection
from worker.web.security import LOOPBACK

_SILENCE_MS = 30_000
_LOCALHOST = "127.0.0.1"
_OPTIONS: Any = {
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "lifespan": "off",
    "timeout_graceful_shutdown": 5,
    "http": Connection,
    "ws": "none",
}


class Shown(NamedTuple):
    """Where the web page is, and what permits changes there."""

    url: str
    token: str
    is_new: bool

    @classmethod
    def at(cls, services: Services, host: str, port: int) -> Shown:
        """Return what is to be served; at localhost, where only this machine asks, with a new token if none is set."""
        known = services.settings.web_token or ""
        new = "" if known or host not in LOOPBACK else secrets.token_urlsafe(18)
        return cls(f"http://{'localhost' if host in LOOPBACK else host}:{port}/", known or new, bool(new))

    def __str__(self) -> str:
        """Return what to tell whoever started it; a token that was set is no news."""
        permits = "token for changes: " + (self.token if self.is_new else "ONRECORD_WEB_TOKEN")
        return f"web page: {self.url}  {permits if self.token else 'read-only without ONRECORD_WEB_TOKEN'}"


def web(services: Services, host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Raises:
        SystemExit: The address cannot be had.
    """
    try:
        listening = _listen(host, port)
    except OSError as error:
        raise SystemExit(
            f"onrecord: port {port} is taken, or no address of {host} is ours: {error.strerror}"
        ) from error
    there = Shown.at(services, host, port)
    console = Terminal(stderr=True, soft_wrap=True)
    console.print(str(there))
    if services.settings.public_url:
        console.print(f"hubs deliver to {services.settings.public_url}/websub/")
    with listening:
        _Server(services, there.token).run(sockets=[listening])


@contextmanager
def shown(services: Services, port: int) -> Iterator[Shown | None]:
    """Serve at localhost in a thread for as long as the context lasts; None when the port (0: any) is taken."""
    try:
        listening = _listen(_LOCALHOST, port)
    except OSError:
        yield None
        return
    there = Shown.at(services, _LOCALHOST, listening.getsockname()[1])
    server = _Server(services, there.token)
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="web")
    serving.start()
    try:
        yield there
    finally:
        server.should_exit = True
        serving.join()
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; the kernel ends connections whose other side takes nothing any more (RFC 5482)."""
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    if sys.platform == "linux":
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _SILENCE_MS)
    return listening


class _Server(uvicorn.Server):
    """A server that tells the application when it ends."""

    def __init__(self, services: Services, token: str) -> None:
        self._ending = threading.Event()
        app = application(services, token, self._ending)
        super().__init__(uvicorn.Config(app, **_OPTIONS))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End live pages, then the others when they have their answers."""
        self._ending.set()
        await super().shutdown(sockets)

"""An HTTP/1.1 server on loopback addresses that logs every request and misbehaves on demand."""

from __future__ import annotations

import gzip
import selectors
import socket
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, Self

MIN_GZIP_BYTES = 512  # below that, the gzip header eats the gain


class Request(NamedTuple):
    """One answered request; `time` is time.monotonic(), so that gaps between requests can be checked."""

    time: float
    host: str
    path: str
    status: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What a path answers with when nothing is wrong."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    modified: datetime | None = None
    compress: bool = True
    location: str | None = None

    @property
    def etag(self) -> str:
        """A strong validator (RFC 9110 §8.8.3) made from the body."""
        return f'"{zlib.crc32(self.body):08x}-{len(self.body):x}"'


@dataclass(slots=True)
class Misbehaviour:
    """What goes wrong under a path prefix, and for how many more requests (None: for all)."""

    status: int | None = None
    delay: float = 0.0
    retry_after: str | None = None
    truncated: bool = False
    times: int | None = None


class LoopbackServer(ThreadingHTTPServer):
    """Listens on one port of several loopback addresses; a thread a connection."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, site: Site, addresses: Sequence[str], port: int) -> None:
        self.site = site
        self.stopping = threading.Event()
        self._ready = selectors.DefaultSelector()
        super().__init__((addresses[0], port), _Handler)
        self._sockets = [self.socket, *(self._also(address) for address in addresses[1:])]
        for listening in self._sockets:
            self._ready.register(listening, selectors.EVENT_READ)

    def _also(self, address: str) -> socket.socket:
        return socket.create_server((address, self.server_port), backlog=self.request_queue_size)

    def fileno(self) -> int:
        """Let serve_forever wait for all sockets at once: a selector is itself selectable."""
        ready: selectors.EpollSelector = self._ready  # type: ignore[assignment]
        return ready.fileno()

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept from whichever address has somebody waiting.

        Raises:
            BlockingIOError: Nobody is; the server loop takes any OSError for that.
        """
        for key, _ in self._ready.select(0):
            listening: socket.socket = key.fileobj  # type: ignore[assignment]
            return listening.accept()
        raise BlockingIOError

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet: clients that hang up are part of the tests."""

    def server_close(self) -> None:
        """Close every listening socket."""
        self.stopping.set()
        self._ready.close()
        for listening in self._sockets:
            listening.close()


class Site:
    """A web site on loopback: `answer(host, path)` says what it shows; a context manager.

    `addresses` are the loopback addresses it listens on, all on the same port (0: a free one).
    """

    def __init__(
        self,
        answer: Callable[[str, str], Reply | None],
        *,
        addresses: Sequence[str] = ("127.0.0.1",),
        port: int = 0,
    ) -> None:
        self._answer = answer
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._misbehaviours: dict[str, Misbehaviour] = {}
        self._server = LoopbackServer(self, addresses, port)
        self.addresses = tuple(addresses)
        self.port = self._server.server_port
        self.url = f"http://{addresses[0]}:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def requests(self) -> tuple[Request, ...]:
        """Every request answered so far, in order."""
        with self._lock:
            return tuple(self._requests)

    def misbehave(
        self,
        path: str,
        *,
        status: int | None = None,
        delay: float = 0.0,
        retry_after: str | int | None = None,
        truncated: bool = False,
        times: int | None = None,
    ) -> None:
        """Answer the next `times` requests (None: all) under the path prefix differently.

        Args:
            path: A prefix; the longest that fits a request wins.
            status: Answered with an empty page instead of the real one; None answers the real page.
            delay: Seconds before the first byte.
            retry_after: The Retry-After header, seconds or an HTTP date.
            truncated: Announce the whole body, send half of it and hang up.
            times: How many requests it lasts.
        """
        wait = None if retry_after is None else str(retry_after)
        with self._lock:
            self._misbehaviours[path] = Misbehaviour(status, delay, wait, truncated, times)

    def behave(self, path: str) -> None:
        """End the misbehaviour under this prefix, if there is one."""
        with self._lock:
            self._misbehaviours.pop(path, None)

    def respond(self, host: str, path: str) -> tuple[Reply, Misbehaviour]:
        """Return what to send, and how."""
        wrong = self._wrong_with(path)
        if wrong.status is not None:
            return Reply(f"<h1>{HTTPStatus(wrong.status).phrase}</h1>".encode(), status=wrong.status), wrong
        return self._answer(host, path) or Reply(b"<h1>Page not found</h1>", status=404), wrong

    def log(self, request: Request) -> None:
        """Remember an answered request."""
        with self._lock:
            self._requests.append(request)

    def _wrong_with(self, path: str) -> Misbehaviour:
        with self._lock:
            prefix = max(filter(path.startswith, self._misbehaviours), key=len, default=None)
            if prefix is None:
                return Misbehaviour()
            wrong = self._misbehaviours[prefix]
            if wrong.times is not None:
                wrong.times -= 1
                if wrong.times <= 0:
                    del self._misbehaviours[prefix]
            return replace(wrong)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with conditional requests (RFC 9110 §13) and gzip."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: LoopbackServer

    def do_GET(self) -> None:
        """Answer; a HEAD gets the same head and no body."""
        site = self.server.site
        host = self.headers.get("Host", "")
        reply, wrong = site.respond(host, self.path)
        if wrong.delay:
            self.server.stopping.wait(wrong.delay)
        if reply.status == 200 and self._has_current(reply):
            reply = replace(reply, status=304)
        site.log(Request(time.monotonic(), host, self.path, reply.status))
        self._send(reply, wrong)

    do_HEAD = do_GET  # noqa: N815 - http.server finds methods by this name

    def log_message(self, *_: object) -> None:
        """Stay quiet; `Site.requests` is the log."""

    def _has_current(self, reply: Reply) -> bool:
        if known := self.headers.get("If-None-Match"):
            return known == "*" or reply.etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
        since = self.headers.get("If-Modified-Since")
        if since is None or reply.modified is None:
            return False
        return parsedate_to_datetime(since) >= reply.modified.replace(microsecond=0)

    def _send(self, reply: Reply, wrong: Misbehaviour) -> None:
        headers = {"Content-Type": reply.content_type}
        if wrong.retry_after is not None:
            headers["Retry-After"] = wrong.retry_after
        if reply.location:
            headers["Location"] = reply.location
        if reply.status in {200, 304}:
            headers |= {"ETag": reply.etag, "Vary": "Accept-Encoding"}
            if reply.modified:
                headers["Last-Modified"] = format_datetime(reply.modified.astimezone(UTC), usegmt=True)
        body = b"" if reply.status == 304 else self._encoded(reply, headers)
        self._write(reply.status, headers, body, truncated=wrong.truncated)

    def _encoded(self, reply: Reply, headers: dict[str, str]) -> bytes:
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        body = reply.body
        if accepted and reply.compress and len(body) >= MIN_GZIP_BYTES:
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, 1, mtime=0)
        headers["Content-Length"] = str(len(body))
        return body

    def _write(self, status: int, headers: dict[str, str], body: bytes, *, truncated: bool) -> None:
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nDate: {self.date_time_string()}\r\n"
        sent = b"" if self.command == "HEAD" else body[: len(body) // 2] if truncated else body
        self.wfile.write(f"{line}{head}\r\n".encode("latin-1") + sent)
        self.close_connection = self.close_connection or truncated

"""A receiver of webhooks that checks signatures and misbehaves on demand.

As a program, `python -m tests.integration.receiver PORT SECRET`, it prints the id of each event that it took.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, Self

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()


class Taken(NamedTuple):
    """An answered request; `time` is time.monotonic() at its start."""

    time: float
    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


class Answer(NamedTuple):
    """What one request is answered with; `hangs` seconds late."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    hangs: float = 0.0


OK = Answer(204)


@dataclass
class Receiver:
    """Answers with what stands in `answers`, then with `usual`; keeps what it was asked."""

    secret: str = SECRET
    answers: deque[Answer] = field(default_factory=deque)
    usual: Answer = OK
    asked: list[Taken] = field(default_factory=list)
    before_answer: Callable[[Taken], None] = lambda _: None
    port: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?team=desk"

    @property
    def taken(self) -> list[str]:
        """The ids of the events that were answered with 2xx."""
        return [each.id for each in self.asked if 200 <= each.status < 300]

    def is_signed(self, request: Taken) -> bool:
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        content = f"{request.id}.{request.headers['webhook-timestamp']}.".encode() + request.body
        mine = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        return mine in request.headers["webhook-signature"].split()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            began, headers = time.monotonic(), {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers["content-length"]))
            answer = receiver.answers.popleft() if receiver.answers else receiver.usual
            request = Taken(began, headers, body, answer.status)
            if not receiver.is_signed(request):
                answer, request = Answer(401), request._replace(status=401)
            receiver.asked.append(request)
            receiver.before_answer(request)
            receiver.stopping.wait(answer.hangs)
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):  # the sender gave up waiting
                super().handle()

    return Handler


if __name__ == "__main__":
    with Receiver(
        port=int(sys.argv[1]), secret=sys.argv[2], before_answer=lambda request: print(request.id, flush=True)
    ):
        print("listens", flush=True)
        threading.Event().wait()

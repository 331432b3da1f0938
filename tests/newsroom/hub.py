"""A WebSub hub on loopback: takes subscriptions, verifies them with their callback, and delivers what is published."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode
from urllib.request import Request, urlopen

_TIMEOUT_S = 10.0


class Hub:
    """A hub of W3C's Recommendation; a context manager.

    Attributes:
        url: Where to subscribe.
        status: What a request for a subscription is answered with.
        lease_s: What is granted.
        asked: Every request that came, as a form.
        secrets: Of the verified subscriptions, by callback.
    """

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/hub"
        self.status, self.lease_s = 202, 864_000
        self.asked: list[dict[str, str]] = []
        self.secrets: dict[str, str] = {}

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def publish(self, body: bytes, *, secret: str = "") -> list[int]:
        """Deliver to every subscriber, signed with its secret or another one; return the answers' status codes."""
        return [deliver(callback, body, secret or own) for callback, own in self.secrets.items()]

    def take(self, form: dict[str, str]) -> None:
        """Take a request for a subscription, and verify it as section 5.3 says."""
        self.asked.append(form)
        if self.status != 202:
            return
        challenge = secrets.token_urlsafe(8)
        question = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": challenge,
            "hub.lease_seconds": str(self.lease_s),
        }
        status, answer = get(f"{form['hub.callback']}?{urlencode(question)}")
        if status == 200 and answer == challenge:
            self.secrets[form["hub.callback"]] = form["hub.secret"]


def get(url: str) -> tuple[int, str]:
    """GET as a hub does; return status and body."""
    try:
        with urlopen(url, timeout=_TIMEOUT_S) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, ""


def deliver(callback: str, body: bytes, secret: str) -> int:
    """POST a delivery with its signature (section 7.1); return the status."""
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature": signature, "Content-Type": "application/rss+xml"}
    try:
        with urlopen(Request(callback, body, headers), timeout=_TIMEOUT_S) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.send_response(hub.status)
            self.end_headers()
            self.wfile.flush()
            self.close_connection = True
            hub.take(form)  # after the answer: the subscriber need not have heard it

        def log_message(self, *_: object) -> None:
            pass

    return Handler

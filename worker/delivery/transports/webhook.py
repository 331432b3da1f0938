"""Signed webhooks: each event is a POST to a URL of the operator's, taken when the answer is 2xx."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_network

from config.limits import WEBHOOK
from worker.adapters.http.client import HttpClient
from worker.contract import Event
from worker.contract.event import CONTENT_TYPE, encode
from worker.core.errors import IngestError
from worker.delivery.config import Sink
from worker.delivery.schedule import Failure
from worker.delivery.signature import signed_headers
from worker.fetch.response import retry_after

#: The operator chose the URL, so it may be in a private network; a redirect, chosen by the receiver, is not followed.
_ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_GONE = 410


class Webhook:
    """A receiver of webhooks (Standard Webhooks 1.0); keeps no connection between two events."""

    def __init__(self, sink: Sink, user_agent: str, now: Callable[[], datetime]) -> None:
        self._url, self._keys, self._now = sink.url, sink.keys, now
        self._http = HttpClient(user_agent=user_agent, allow=_ANYWHERE)

    def send(self, event: Event) -> Failure | None:
        """Deliver an event; None when it was taken. It may have been taken also when a failure is returned."""
        body = encode(event)["event"].encode()
        headers = {
            "Content-Type": CONTENT_TYPE,
            "Accept-Encoding": "identity",
            **signed_headers(event.id, body, self._keys, self._now()),
        }
        try:
            answer = self._http.send(self._url, body, headers=headers, limits=WEBHOOK)
        except IngestError as error:
            return Failure(error.detail or str(error.reason))
        if 200 <= answer.status < 300:
            return None
        asked: timedelta | None = retry_after(answer.headers.get("retry-after"), now=self._now())
        return Failure(f"answered {answer.status}", asked, gone=answer.status == _GONE)

    def close(self) -> None:
        """Nothing is kept open."""

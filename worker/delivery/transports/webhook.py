"""Signed webhooks: each event is a POST to a URL of the operator's, taken when the answer is 2xx."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_network

from config.limits import WEBHOOK
from worker.adapters.http.client import HttpClient
from worker.contract import Event
from worker.contract.event import CONTENT_TYPE, encode
from worker.core.errors import IngestError
from worker.delivery.schedule import Failure
from worker.delivery.signature import signed_headers, signing_key
from worker.delivery.transport import SinkTable, Transport
from worker.fetch.response import retry_after
from worker.services import Services

#: The operator chose the URL, so it may be in a private network; a redirect, chosen by the receiver, is not followed.
_ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_GONE = 410


class Webhook(Transport):
    """A receiver of webhooks (Standard Webhooks 1.0); keeps no connection between two events."""

    schemes = frozenset({"http", "https"})
    expected = "http or https"
    keys = frozenset({"secret_env"})

    def __init__(self, url: str, keys: Sequence[bytes], user_agent: str, now: Callable[[], datetime]) -> None:
        self._url, self._keys, self._now = url, keys, now
        self._http = HttpClient(user_agent=user_agent, allow=_ANYWHERE)

    @classmethod
    def problems(cls, table: SinkTable) -> Iterator[str]:
        """Yield what is wrong with the URL, then what is wrong with the secret."""
        if not table.parts.hostname or table.parts.username or table.parts.fragment:
            yield "url: expected one such as https://desk.example/hook, without user, password and #"
        if "secret_env" not in table.values:
            yield "needs secret_env, the variable with the secret that signs"
        elif not _secrets(table):
            yield f"secret_env: {table.text('secret_env')} is not set"
        for secret in _secrets(table):
            try:
                signing_key(secret)
            except ValueError as error:
                yield f"secret_env: {table.text('secret_env')}: {error}"

    @classmethod
    def of(cls, table: SinkTable, services: Services) -> Webhook:
        """Return the webhook of a table."""
        keys = [signing_key(secret) for secret in _secrets(table)]
        return cls(table.url, keys, services.settings.user_agent, services.clock.now)

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


def _secrets(table: SinkTable) -> list[str]:
    """Return the secrets: several, with blanks between, while one replaces another."""
    return table.variable("secret_env").split()


TRANSPORT = Webhook

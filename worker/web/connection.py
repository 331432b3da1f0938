"""Connections to `onrecord web`: whoever waits without asking makes room, and none waits for long.

uvicorn counts connections, and refuses requests when there are too many, also those of health checks and hubs; and it
sets no limit to how long the head of a request takes. Neither can be seen by an application (ASGI), hence a protocol.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from worker.web.capacity import client_of

#: The head of a request is there this long after its connection, or after the last answer on it.
HEAD_TIMEOUT_S = 10.0
#: Requests at work are far fewer (`worker.web.capacity`); below the 1,024 files that a process may open by default.
MAX_CONNECTIONS = 400


class Connection(H11Protocol):
    """A connection that ends when it has not asked in time, or when its place is needed while it waits."""

    _deadline: asyncio.TimerHandle | None = None
    waiting_since = 0.0

    @property
    def is_waiting(self) -> bool:
        """Tell whether there is no request to answer."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def connection_made(self, transport: Any) -> None:
        """Take the place of one that waits, if there are too many; all that are at work are answered."""
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            self._make_room()
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._expect_nothing()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Read on; the head of a request that is complete has no deadline any more."""
        super().handle_events()
        if not self.is_waiting:
            self._expect_nothing()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the rest of a body that nobody reads."""
        super().on_response_complete()
        if self.is_waiting:
            self._expect_request()

    def _expect_request(self) -> None:
        self._expect_nothing()
        self.waiting_since = self.loop.time()
        self._deadline = self.loop.call_later(HEAD_TIMEOUT_S, self.transport.close)

    def _expect_nothing(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _make_room(self) -> None:
        """End the connection that has waited longest, of the client that has most such."""
        waiting = [one for one in self.connections if isinstance(one, Connection) and one.is_waiting]
        held = Counter(map(_client, waiting))
        others = (one for one in waiting if one is not self)
        longest = max(others, key=lambda one: (held[_client(one)], -one.waiting_since), default=self)
        self.connections.discard(longest)
        longest.transport.abort()


def _client(connection: Connection) -> str:
    return client_of(connection.client)

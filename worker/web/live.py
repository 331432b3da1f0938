"""Statements as they are published: server-sent events, each as HTML, its id the place in the stream.

A client that comes back with Last-Event-ID misses nothing that the stream still has. Each asks at its own pace, so a
slow one keeps nothing waiting here; one that takes nothing at all is let go.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from threading import Event

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from worker.contract import Event as StreamEvent
from worker.core.errors import TransientError
from worker.services import Services
from worker.web.render import Templates
from worker.web.search import Search
from worker.web.statement import statement_view

MAX_CLIENTS = 64
_LOOK_EVERY_S = 0.5
_HEARTBEAT_S = 15.0
_SEND_TIMEOUT_S = 20.0
_AT_ONCE = 50
_CURSOR = re.compile(r"\d{1,15}-\d{1,10}")


class Live:
    """The endpoint; it counts its clients, and lets them go when the server is `ending`."""

    def __init__(self, services: Services, templates: Templates, ending: Event) -> None:
        self._services = services
        self._templates = templates
        self._ending = ending
        self._clients: set[object] = set()

    def routes(self) -> list[Route]:
        """Return the route of the stream."""
        return [Route("/live", self.watch)]

    async def watch(self, request: Request) -> StreamingResponse:
        """Open a stream of events, from where the client was or from now on.

        Raises:
            HTTPException: 503, when there are too many clients.
        """
        if len(self._clients) >= MAX_CLIENTS:
            raise HTTPException(503, "too many are watching already", {"Retry-After": "60"})
        client = object()
        self._clients.add(client)  # before anything is waited for, else many come in at once
        try:
            start = await self._start(request)
        except BaseException:
            self._clients.discard(client)
            raise
        return _BoundedStream(
            self._events(start, Search.of(request.query_params)), lambda: self._clients.discard(client)
        )

    async def _start(self, request: Request) -> str:
        start = request.headers.get("last-event-id") or request.query_params.get("after", "")
        if _CURSOR.fullmatch(start):
            return start
        return await run_in_threadpool(self._services.events.last_id, "statements")

    async def _events(self, cursor: str, fits: Callable[[StreamEvent], bool]) -> AsyncIterator[str]:
        yield "retry: 2000\n\n"
        silence = 0.0
        while not self._ending.is_set():
            text, cursor = await self._news(cursor, fits)
            silence = 0.0 if text else silence + _LOOK_EVERY_S
            if silence >= _HEARTBEAT_S:
                text, silence = ": nothing new\n\n", 0.0
            if text:
                yield text
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _news(self, cursor: str, fits: Callable[[StreamEvent], bool]) -> tuple[str, str]:
        """Return what is new as events, and how far that was; nothing while Redis is away."""
        try:
            entries, cursor = await run_in_threadpool(self._services.events.after, "statements", cursor, _AT_ONCE)
        except TransientError:
            return "", cursor
        shown = [
            _event(entry.id, self._templates.fragment("card.html", card=statement_view(entry), is_one_speaker=False))
            for entry in entries
            if fits(entry.event)
        ]
        return "".join(shown), cursor


class _BoundedStream(StreamingResponse):
    """A stream that ends when its client takes nothing for a while; `ended` is called then, however it ends."""

    def __init__(self, events: AsyncIterator[str], ended: Callable[[], None]) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(events, media_type="text/event-stream", headers=headers)
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()

    async def stream_response(self, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(_SEND_TIMEOUT_S):
                await send(message)

        with suppress(TimeoutError):
            await super().stream_response(send_in_time)


def _event(cursor: str, text: str) -> str:
    lines = "".join(f"data: {line}\n" for line in text.splitlines() if line.strip())
    return f"id: {cursor}\nevent: statement\n{lines}\n"

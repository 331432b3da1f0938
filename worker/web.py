"""The web application of `onrecord web` (ASGI): where hubs verify subscriptions and deliver (WebSub, 5.3 and 7).

GET  /websub/FEED_ID/TOKEN   the hub asks whether we meant it: the challenge, or 404
POST /websub/FEED_ID/TOKEN   the hub delivers: 202 whether or not it signed that, since only what it signed counts
"""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import replace

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from config.limits import FETCH_DEADLINE, MAX_PUSH_BYTES
from worker.errors import TransientError
from worker.feeds.websub import Subscription, challenge_of, granted_lease, is_authentic
from worker.services import Services


def application(services: Services) -> Starlette:
    """Return the ASGI application; Redis is asked in threads, so that a slow one holds up nobody."""
    callback = Callback(services)
    path = "/websub/{feed_id}/{token}"
    return Starlette(
        routes=[Route(path, callback.verify, methods=["GET"]), Route(path, callback.deliver, methods=["POST"])],
        exception_handlers={TransientError: _unavailable},
    )


class Callback:
    """What a hub talks to. A token that is not ours is answered like a feed that nobody subscribed to: 404."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def verify(self, request: Request) -> Response:
        """Confirm a subscription that we asked for, and no other; take note of one that the hub denies (5.2)."""
        subscription = await self._subscription(request)
        if subscription is None:
            return Response(status_code=404)
        if request.query_params.get("hub.mode") == "denied":
            reason = request.query_params.get("hub.reason", "")[:200]
            await self._put(request, replace(subscription, until=None, problem=f"the hub denied it: {reason}"))
            return Response()
        challenge = challenge_of(request.query_params, subscription.topic)
        if challenge is None:
            return Response(status_code=404)
        now = self._services.clock.now()
        until = now + granted_lease(request.query_params)
        await self._put(request, replace(subscription, verified=now, until=until, missed=0, problem=""))
        return PlainTextResponse(challenge)

    async def deliver(self, request: Request) -> Response:
        """Make the feed due, if its hub signed the delivery; the body is read for that alone."""
        subscription = await self._subscription(request)
        if subscription is None:
            return Response(status_code=404)
        feed_id = request.path_params["feed_id"]
        if await run_in_threadpool(self._services.registry.cursor, feed_id) is None:
            return Response(status_code=410)  # the feed was removed, the hub may forget us (section 7)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        if is_authentic(body, request.headers.get("x-hub-signature"), subscription.secret):
            await run_in_threadpool(self._services.subscriptions.pushed, feed_id, self._services.clock.now())
        return Response(status_code=202)

    async def _subscription(self, request: Request) -> Subscription | None:
        found = await run_in_threadpool(self._services.subscriptions.get, request.path_params["feed_id"])
        token = request.path_params["token"].encode()
        return found if found and hmac.compare_digest(found.token.encode(), token) else None

    async def _put(self, request: Request, subscription: Subscription) -> None:
        await run_in_threadpool(self._services.subscriptions.put, request.path_params["feed_id"], subscription)


async def _body(request: Request) -> bytes | None:
    """Return the body; None when it is too long, or too slow."""
    body = bytearray()
    try:
        async with asyncio.timeout(FETCH_DEADLINE.total_seconds()):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_PUSH_BYTES:
                    return None
    except (TimeoutError, ClientDisconnect):
        return None
    return bytes(body)


async def _unavailable(_request: Request, _error: Exception) -> Response:
    """Ask the hub to come back: Redis is not to be used now."""
    return Response(status_code=503, headers={"Retry-After": "60"})

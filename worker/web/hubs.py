"""Where hubs verify subscriptions and deliver (WebSub, 5.3 and 7).

GET  /websub/FEED_ID/TOKEN   the hub asks whether we meant it: the challenge, or 404
POST /websub/FEED_ID/TOKEN   the hub delivers: 202 whether or not it signed that, since only what it signed counts
"""

from __future__ import annotations

import hmac
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from config.limits import MAX_PUSH_BYTES
from worker.feeds.websub import HubSubscription, challenge_of, granted_lease, is_authentic
from worker.services import Services
from worker.web.bodies import read_body

PATH = "/websub/"


def routes(services: Services) -> list[Route]:
    """Return the routes of the callback; Redis is asked in threads, so that a slow one holds up nobody."""
    callback, path = Callback(services), PATH + "{feed_id}/{token}"
    return [Route(path, callback.verify, methods=["GET"]), Route(path, callback.deliver, methods=["POST"])]


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
        body = await read_body(request, MAX_PUSH_BYTES)
        if body is None:
            return Response(status_code=413)
        if is_authentic(body, request.headers.get("x-hub-signature"), subscription.secret):
            await run_in_threadpool(self._services.subscriptions.pushed, feed_id, self._services.clock.now())
        return Response(status_code=202)

    async def _subscription(self, request: Request) -> HubSubscription | None:
        found = await run_in_threadpool(self._services.subscriptions.get, request.path_params["feed_id"])
        token = request.path_params["token"].encode()
        return found if found and hmac.compare_digest(found.token.encode(), token) else None

    async def _put(self, request: Request, subscription: HubSubscription) -> None:
        await run_in_threadpool(self._services.subscriptions.put, request.path_params["feed_id"], subscription)

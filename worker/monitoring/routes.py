"""What `onrecord web` answers to those who watch.

GET  /metrics   for Prometheus
GET  /healthz   liveness of the whole: 200 while work is asked for and handed out, else 503; for a monitor, not for
                restarting the process that answers
GET  /readyz    readiness: 200 while Redis and the broker can be used, else 503
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from config.broker import TICK_SILENCE
from config.settings import is_amqp
from worker.adapters.redis.store import store_errors
from worker.core.errors import TransientError
from worker.core.status import Health
from worker.monitoring.collector import exposition
from worker.services import Services

T = TypeVar("T")
_THREADS = 4
_TEXT = "text/plain; version=0.0.4; charset=utf-8"

#: Answered to whoever asks by address, as probes do, and in threads of their own.
PATHS = ("/metrics", "/healthz", "/readyz")


def routes(services: Services) -> list[Route]:
    """Return the routes; Redis is asked in threads."""
    probes = _Probes(services)
    return [
        Route("/metrics", probes.metrics, methods=["GET"]),
        Route("/healthz", probes.health, methods=["GET"]),
        Route("/readyz", probes.ready, methods=["GET"]),
    ]


class _Probes:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._threads = CapacityLimiter(_THREADS)

    async def metrics(self, _request: Request) -> Response:
        try:
            return Response(await self._in_thread(exposition, self._services), headers={"Content-Type": _TEXT})
        except TransientError as gone:
            return _unavailable(gone)

    async def health(self, _request: Request) -> Response:
        try:
            health = await self._in_thread(self._services.status.health)
        except TransientError as gone:
            return _unavailable(gone)
        silence = None if health.silence is None else round(health.silence.total_seconds(), 1)
        pause = round(health.pause.total_seconds(), 1)
        facts = {"progress": is_moving(health), "silence_s": silence, "paused_s": pause}
        return JSONResponse(facts, 200 if facts["progress"] else 503)

    async def ready(self, _request: Request) -> Response:
        try:
            await self._in_thread(self._ping)
        except TransientError as gone:
            return _unavailable(gone)
        return PlainTextResponse("ready\n")

    async def _in_thread(self, function: Callable[..., T], *arguments: Any) -> T:
        return await to_thread.run_sync(function, *arguments, limiter=self._threads)

    def _ping(self) -> None:
        self._services.status.health()
        if not is_amqp(self._services.broker_url):
            with store_errors("broker"):
                self._services.broker.ping()


def is_moving(health: Health) -> bool:
    """Tell whether anybody asks for work, and gets it."""
    return health.silence is not None and health.silence <= TICK_SILENCE and not health.pause


def _unavailable(gone: TransientError) -> Response:
    return PlainTextResponse(f"Redis cannot be used: {gone.detail}\n", 503)

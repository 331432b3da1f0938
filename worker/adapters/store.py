"""Connections to Redis, and the one place where its errors become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from worker.errors import Reason, TransientError

#: redis-py sends a command again after a time-out, so every write behind this client is idempotent.
_RETRIES = 3
_SOCKET_TIMEOUT_S = 5.0
_UNUSABLE = (
    redis.ConnectionError,  # includes "loading its data"
    redis.TimeoutError,
    redis.exceptions.OutOfMemoryError,
    redis.exceptions.ReadOnlyError,
)


def connect(url: str, *, binary: bool = False) -> Any:
    """Return a redis.Redis for `url`; nothing is sent yet. `binary` keeps values as bytes, else they are str.

    Typed as Any: redis-py's own types cannot tell the two apart.
    """
    return redis.Redis.from_url(
        url,
        decode_responses=not binary,
        socket_timeout=_SOCKET_TIMEOUT_S,
        socket_connect_timeout=_SOCKET_TIMEOUT_S,
        socket_keepalive=True,
        health_check_interval=10,
        retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=1.0), _RETRIES),
    )


@contextmanager
def store_errors(subject: str) -> Iterator[None]:
    """Translate the errors of redis-py: the store is not usable now, try again later.

    Raises:
        TransientError: STORE_UNAVAILABLE, for connections, time-outs, a full or a read-only server.
    """
    try:
        yield
    except _UNUSABLE as error:
        raise TransientError(Reason.STORE_UNAVAILABLE, subject, str(error)) from error
    except redis.ResponseError as error:
        if str(error).startswith(("MISCONF", "BUSY ", "CLUSTERDOWN")):
            raise TransientError(Reason.STORE_UNAVAILABLE, subject, str(error)) from error
        raise


class Scripts:
    """The Lua scripts of the ledger, each bound to a client and a key prefix."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        folder = files("worker.adapters") / "lua"
        shared = (folder / "shared.lua").read_text()
        self._scripts = {
            script.name.removesuffix(".lua"): client.register_script(shared + script.read_text())
            for script in folder.iterdir()
            if script.name.endswith(".lua") and script.name != "shared.lua"
        }

    def __call__(self, name: str, *args: str | float | bytes) -> Any:
        """Run script `name` (by its hash; loaded again if the server forgot it) and return its reply."""
        with store_errors(name):
            return self._scripts[name](keys=[self._prefix], args=list(args))

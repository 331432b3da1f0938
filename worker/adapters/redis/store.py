"""Connections to Redis, and the one place where its errors become ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from config.settings import CLUSTER
from worker.core.errors import Reason, TransientError

#: redis-py sends a command again after a time-out, so every write behind this client is idempotent.
RETRIES = 3
#: A command takes a millisecond. An attempt that fails on a silent Redis, and cannot be settled there either,
#: still ends within the task's soft limit.
SOCKET_TIMEOUT_S = 3.0
#: The first line of each script. On a Redis that is full or read-only, the server refuses it as a whole. Without such a
#: line, commands that free memory still run, the first that needs some fails, and Lua is not rolled back.
_WRITES = "#!lua\n"
_WHEN_FULL = "#!lua flags=allow-oom\n"  # they make room, or say that there is none
_READS = "#!lua flags=no-writes\n"
_OTHERS = {"outcome": _READS, "groups": _READS, "evict": _WHEN_FULL, "trim": _WHEN_FULL, "raise_pressure": _WHEN_FULL}
_HEAD = re.compile(r"^local ([a-z_, ]+) = unpack\(ARGV, 1, \d+\)$", re.MULTILINE)
_UNUSABLE = (
    redis.ConnectionError,  # includes "loading its data"
    redis.TimeoutError,
    redis.exceptions.OutOfMemoryError,
    redis.exceptions.ReadOnlyError,
    redis.exceptions.ClusterError,  # a slot without a server, too many redirections
    redis.exceptions.RedisClusterException,  # no node answers; by its class not even a RedisError
)


def connect(url: str, *, binary: bool = False) -> Any:
    """Return a client for `url`; `binary` keeps values as bytes, else they are str.

    With a scheme such as `redis+cluster`, it asks that node for the others at once. A redis.Redis sends
    nothing yet. Typed as Any: redis-py's own types cannot tell all these apart.

    Raises:
        TransientError: STORE_UNAVAILABLE, when no node of a cluster answers.
    """
    options = {
        "decode_responses": not binary,
        "socket_timeout": SOCKET_TIMEOUT_S,
        "socket_connect_timeout": SOCKET_TIMEOUT_S,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "retry": Retry(ExponentialWithJitterBackoff(base=0.05, cap=1.0), RETRIES),
    }
    if not is_cluster(url):
        return redis.Redis.from_url(url, **options)
    with store_errors("cluster"):
        return redis.RedisCluster.from_url(single(url), **options)


def single(url: str) -> str:
    """Return the URL of the one server that `url` names, be it a node of a cluster."""
    return url.replace(CLUSTER + ":", ":", 1)


def is_cluster(url: str) -> bool:
    """Tell whether `url` names a node of a Redis Cluster."""
    return urlsplit(url).scheme.endswith(CLUSTER)


def spread(prefix: str) -> str:
    """Return `prefix` without its hash tag: keys under it lie on all nodes of a cluster, each by its own name."""
    return prefix.replace("{", "").replace("}", "")


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


@cache
def _sources() -> dict[str, str]:
    """Read each script once a process; four adapters run them."""
    folder = files("worker.adapters.redis") / "lua"
    shared = (folder / "shared.lua").read_text()
    return {
        name: _OTHERS.get(name, _WRITES) + shared + script.read_text()
        for script in folder.iterdir()
        if script.name.endswith(".lua") and (name := script.name.removesuffix(".lua")) != "shared"
    }


@cache
def arguments() -> dict[str, tuple[str, ...]]:
    """Return the names of the arguments of each script, in the order in which its head unpacks them."""
    heads = {name: _HEAD.search(source) for name, source in _sources().items()}
    return {name: tuple(head[1].split(", ")) if head else () for name, head in heads.items()}


def in_ms(span: timedelta) -> int:
    """Return a span as Redis has it, in whole milliseconds."""
    return span // timedelta(milliseconds=1)


class Scripts:
    """The Lua scripts of the ledger, each bound to a client and a key prefix."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._scripts = {name: client.register_script(source) for name, source in _sources().items()}

    def __call__(self, script: str, /, *rest: str | float | bytes, **named: str | float | bytes) -> Any:
        """Run `script` (by its hash; loaded again if the server forgot it) and return its reply.

        Args:
            script: Its name.
            rest: What follows its named arguments.
            named: All that the head of the script names, in any order.

        Raises:
            TypeError: If these are not the arguments that the script names.
        """
        names = arguments()[script]
        if named.keys() != set(names):
            raise TypeError(f"{script}.lua takes {', '.join(names) or 'nothing'}, not {', '.join(named) or 'nothing'}")
        with store_errors(script):
            return self._scripts[script](keys=[self._prefix], args=[*(named[name] for name in names), *rest])

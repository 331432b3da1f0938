"""Consume a stream: `consume(print, "statements", group="desk")`. Needs the extra `onrecord[redis]`."""

from __future__ import annotations

import os
import signal
import socket  # noqa: TID251 - for the host's name; redis-py does the talking
import threading
import time
from contextlib import contextmanager
from typing import Any, Awaitable, Callable, Iterator, Optional, Type, Union
from urllib.parse import urlsplit

from .delivery import Command, Delivery, Effect, Handle, Transaction, Wait
from .event import Event
from .match import Match

DEFAULT_URL = "redis://127.0.0.1:6379/0"
_SOCKET_TIMEOUT_S = 10.0  # above BLOCK_MS, or every quiet read would look like a dead connection
_RECONNECT_S = 1.0
_POLL_S = 0.1
_RAW = ("XREADGROUP", "XAUTOCLAIM", "XPENDING")  # replies taken as they are, whatever the redis-py


class Consumer:
    """One consumer of a group. Every event of the stream is handled by one consumer of each group.

    The handler gets an event until it returned once (at least once: a consumer that dies before its
    acknowledgement arrives has the event handled again). One that keeps raising, and an entry that
    is no event, go to the stream `<stream>:dead:<group>` with the reason.

    Args:
        stream: "articles", "statements", "feeds" or "dead".
        group: Created on first use, at `start`: "0" is all that the stream still holds, "$" what is new.
        url: The Redis server; of a Redis Cluster, any node.
        only: Which events to handle; the others are acknowledged unseen.
        consumer: This consumer's name. Give a name that survives a restart, and its unfinished events
            are the first it gets; otherwise they come to anyone after `reclaim_after`.
        attempts: How often a handler may raise on one event.
        reclaim_after: Seconds after which an unacknowledged event counts as left by a dead consumer.
            Must exceed the slowest handler with its retries.
        prefix: The worker's key prefix.
    """

    def __init__(  # noqa: PLR0913 - keyword-only, each with its user
        self,
        stream: str,
        *,
        group: str,
        url: str = DEFAULT_URL,
        only: Callable[[Event], bool] = Match(),
        consumer: Optional[str] = None,
        start: str = "0",
        attempts: int = 5,
        reclaim_after: float = 60.0,
        prefix: str = "onrecord",
    ) -> None:
        name = consumer or f"{socket.gethostname()}-{os.getpid()}-{threading.get_ident()}"
        self._url = url
        self._stopped = threading.Event()
        self._delivery = Delivery(
            f"{prefix}:{stream}", group, name, only, start=start, attempts=attempts, reclaim_after=reclaim_after
        )

    def stop(self) -> None:
        """Finish the event at hand, then return from `run`; half a second later when idle."""
        self._delivery.stopping = True
        self._stopped.set()

    def run(self, handler: Callable[[Event], Any]) -> None:
        """Handle events until `stop`; connections that break are made again."""
        redis = _redis()
        options = _options(redis.retry.Retry, redis.backoff.NoBackoff)
        url = self._url
        while not self._stopped.is_set():
            client = redis.Redis.from_url(url, **options)
            connection = client.connection_pool.make_connection()
            try:
                self._drive(client, connection, handler, redis.ResponseError)
            except redis.exceptions.MovedError as error:
                url = _moved(self._url, error)
            except Exception as error:
                if not _may_pass(redis, error):
                    raise
                url = self._url
                self._stopped.wait(_RECONNECT_S)
            finally:
                connection.disconnect()
                client.close()

    async def run_async(self, handler: Callable[[Event], Awaitable[Any]]) -> None:
        """Handle events, awaiting `handler`, until `stop`; cancelling leaves the event at hand unfinished."""
        redis = _redis()
        options = _options(redis.asyncio.retry.Retry, redis.backoff.NoBackoff)
        url = self._url
        while not self._stopped.is_set():
            client = _raw(redis.asyncio.Redis.from_url(url, **options))
            try:
                await self._drive_async(client, handler, redis.ResponseError)
            except redis.exceptions.MovedError as error:
                url = _moved(self._url, error)
            except Exception as error:
                if not _may_pass(redis, error):
                    raise
                url = self._url
                await self._wait_async(_RECONNECT_S)
            finally:
                await client.aclose()

    def _drive(self, client: Any, connection: Any, handler: Callable[[Event], Any], refused: Type[Exception]) -> None:
        steps = self._delivery.steps()
        result: Any = None
        while True:
            try:
                effect = steps.send(result)
            except StopIteration:
                return
            if isinstance(effect, Command):
                result = _ask(connection, effect, refused)
            else:
                result = self._perform(effect, client, handler)

    def _perform(self, effect: Union[Handle, Transaction, Wait], client: Any, handler: Callable[[Event], Any]) -> Any:
        if isinstance(effect, Handle):
            try:
                handler(effect.event)
            except Exception as error:  # noqa: BLE001 - the delivery decides: again, or the dead letters
                return error
            return None
        if isinstance(effect, Transaction):
            return _queue(client.pipeline(transaction=True), effect).execute()
        return self._stopped.wait(effect.seconds)

    async def _drive_async(
        self, client: Any, handler: Callable[[Event], Awaitable[Any]], refused: Type[Exception]
    ) -> None:
        steps = self._delivery.steps()
        result: Any = None
        while True:
            try:
                effect = steps.send(result)
            except StopIteration:
                return
            result = await self._perform_async(effect, client, handler, refused)

    async def _perform_async(
        self, effect: Effect, client: Any, handler: Callable[[Event], Awaitable[Any]], refused: Type[Exception]
    ) -> Any:
        if isinstance(effect, Handle):
            try:
                await handler(effect.event)
            except Exception as error:  # noqa: BLE001 - the delivery decides: again, or the dead letters
                return error
            return None
        if isinstance(effect, Wait):
            return await self._wait_async(effect.seconds)
        if isinstance(effect, Transaction):
            return await _queue(client.pipeline(transaction=True), effect).execute()
        try:
            return await client.execute_command(*effect.args)
        except refused as error:
            return _excused(effect, error)

    async def _wait_async(self, seconds: float) -> None:
        import asyncio  # noqa: PLC0415 - those who do not consume asynchronously do not load it

        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._stopped.is_set():  # noqa: ASYNC110 - stop() may come from any thread
            await asyncio.sleep(_POLL_S)


def consume(handler: Callable[[Event], Any], stream: str, *, group: str, **options: Any) -> None:
    """Handle the events of a stream until SIGINT or SIGTERM; `options` are those of `Consumer`."""
    consumer = Consumer(stream, group=group, **options)
    with _stopped_by_signals(consumer):
        consumer.run(handler)


async def consume_async(handler: Callable[[Event], Awaitable[Any]], stream: str, *, group: str, **options: Any) -> None:
    """Handle the events of a stream until cancelled; `options` are those of `Consumer`."""
    await Consumer(stream, group=group, **options).run_async(handler)


@contextmanager
def _stopped_by_signals(consumer: Consumer) -> Iterator[None]:
    """Stop on the first signal; a second one acts as before."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, action in before.items():
            signal.signal(number, action)

    def stop(*_: Any) -> None:
        consumer.stop()
        restore()

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        restore()


def _redis() -> Any:
    try:
        import redis.asyncio  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ImportError("consuming needs redis-py: pip install 'onrecord[redis]'") from error
    return redis


def _options(retry: Any, backoff: Any) -> Any:
    """Return connection options. redis-py's own retry would re-send a read and lose what the first one got."""
    return {
        "protocol": 2,
        "decode_responses": True,
        "encoding_errors": "replace",
        "socket_timeout": _SOCKET_TIMEOUT_S,
        "socket_connect_timeout": _SOCKET_TIMEOUT_S,
        "retry": retry(backoff(), 0),
    }


def _moved(url: str, error: Any) -> str:
    """Return the URL of the node of a Redis Cluster that has the stream, as the one at `url` says."""
    parts = urlsplit(url)
    user, at, _ = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}{at}{error.host}:{error.port}").geturl()


def _raw(client: Any) -> Any:
    for command in _RAW:
        client.set_response_callback(command, lambda reply, **_: reply)
    return client


def _ask(connection: Any, command: Command, refused: Type[Exception]) -> Any:
    """Send one command. The client's way there takes as long as the command: pool, retry, parsing of the reply."""
    try:
        connection.send_command(*command.args)
        return connection.read_response()
    except refused as error:
        return _excused(command, error)


def _queue(pipeline: Any, transaction: Transaction) -> Any:
    for command in transaction.commands:
        pipeline.execute_command(*command)
    return pipeline


def _excused(effect: Command, error: Exception) -> None:
    """Pass over "the group exists already"."""
    if not (effect.args[0] == "XGROUP CREATE" and str(error).startswith("BUSYGROUP")):
        raise error


def _may_pass(redis: Any, error: Exception) -> bool:
    """Say whether starting over can help: a broken connection, or a group that was deleted."""
    broken = (redis.ConnectionError, redis.TimeoutError)
    return isinstance(error, broken) or str(error).startswith("NOGROUP")

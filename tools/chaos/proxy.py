"""A TCP proxy between the workers and Redis, on which connections go wrong on demand."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self

_CHUNK = 1 << 16


class FaultProxy:
    """Forwards loopback connections to one port; a context manager. Faults may be set from any thread.

    Args:
        target: The port on 127.0.0.1 that is forwarded to.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._end: Callable[[], object] = lambda: None
        self._opened = 0
        self._deaf_until = 0  # connections of a lower number are half-open,
        self._deaf: set[int] = set()  # and so are these
        self._frozen_until = 0.0
        self._slow_until, self._delay = 0.0, 0.0
        self._drops, self._swallows = 0, 0
        self.port = 0

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._run(ready),), daemon=True)
        self._thread.start()
        ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self._thread.join()

    def half_open(self) -> None:
        """Go silent on all connections of now, without closing them; new ones work."""
        self._deaf_until = self._opened

    def freeze(self, seconds: float) -> None:
        """Forward nothing for a while; what was sent arrives later."""
        self._frozen_until = time.monotonic() + seconds

    def delay(self, seconds: float, each: float) -> None:
        """Deliver every reply late for a while."""
        self._slow_until, self._delay = time.monotonic() + seconds, each

    def drop_replies(self, number: int) -> None:
        """Let the next commands run, and close their connections instead of answering."""
        self._drops = number

    def swallow_replies(self, number: int) -> None:
        """Let the next commands run, and never answer: their clients time out."""
        self._swallows = number

    def heal(self) -> None:
        """End all faults; half-open connections stay dead."""
        self._frozen_until = self._slow_until = 0.0
        self._drops = self._swallows = 0

    async def _run(self, ready: threading.Event) -> None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        self._end = lambda: loop.call_soon_threadsafe(ended.set)
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_CHUNK)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await ended.wait()
        server.close()

    async def _serve(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        number, self._opened = self._opened, self._opened + 1
        try:
            server, forth = await asyncio.open_connection("127.0.0.1", self._target, limit=_CHUNK)
        except OSError:
            back.close()
            return
        with suppress(asyncio.CancelledError):  # at the end; StreamReaderProtocol makes a noise about it
            await asyncio.gather(
                self._forward(client, forth, number, replies=False), self._forward(server, back, number, replies=True)
            )

    async def _forward(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, number: int, *, replies: bool
    ) -> None:
        try:
            while data := await source.read(_CHUNK):
                if replies and self._is_dropped():
                    break
                if await self._arrives(number, replies=replies):
                    sink.write(data)
                    await sink.drain()
        except OSError:
            pass
        finally:
            sink.close()

    async def _arrives(self, number: int, *, replies: bool) -> bool:
        """Wait as long as the faults of now say; tell whether the bytes arrive at all."""
        await asyncio.sleep(max(0.0, self._frozen_until - time.monotonic()))
        if replies and time.monotonic() < self._slow_until:
            await asyncio.sleep(self._delay)
        if replies and self._swallows:
            self._swallows -= 1
            self._deaf.add(number)  # TCP never loses bytes and delivers later ones
        return number >= self._deaf_until and number not in self._deaf

    def _is_dropped(self) -> bool:
        if not self._drops:
            return False
        self._drops -= 1
        return True

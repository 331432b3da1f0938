"""What chaos is done to: a Redis behind a fault proxy, and two sets of a worker and a beat."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Self

import psutil

from config.settings import Settings
from tests.newsroom.bulk import BulkSite
from tools.chaos.proxy import FaultProxy
from worker.adapters import embedded
from worker.adapters.redis.store import connect, store_errors
from worker.cli.processes import Processes
from worker.services import Services


class System:
    """A running system whose parts may be killed at any time; a context manager.

    `onrecord run` looks after its worker and beat in the same way (`Processes.tend`); the workers reach
    Redis through `proxy` only, while `services` and `client` go past it.
    """

    def __init__(self, settings: Settings, folder: Path, app: str, *, sets: int = 2) -> None:
        self._folder = folder
        self._later: list[tuple[float, Callable[[], object]]] = []
        url = embedded.ensure(folder / "redis")
        self.settings = replace(settings, redis_url=url)
        self.services = Services(self.settings, url)
        self.client = connect(url)
        self.redis_pid = int(self.client.info("server")["process_id"])
        self.redis_is_down = False
        self.proxy = FaultProxy(int(url.rpartition(":")[2].partition("/")[0]))
        self.proxy.__enter__()
        behind = url.replace(f"127.0.0.1:{self._port(url)}", f"127.0.0.1:{self.proxy.port}")
        self.sets = [Processes(behind, self.settings, folder / f"worker{n}.log", app) for n in range(sets)]

    def __enter__(self) -> Self:
        for processes in self.sets:
            processes.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.proxy.heal()
        while self._later:
            self._later.pop()[1]()
        for processes in self.sets:
            for process in processes.running.values():
                kill_tree(process.pid)
                process.wait()
        self.proxy.__exit__()
        embedded.stop(self._folder / "redis")

    @property
    def workers(self) -> list[int]:
        """The process ids of the workers' parents."""
        return [processes.running["worker"].pid for processes in self.sets]

    @property
    def beats(self) -> list[int]:
        """The process ids of the beats."""
        return [processes.running["beat"].pid for processes in self.sets]

    def tend(self) -> None:
        """Do what is due, and start again what died."""
        now = time.monotonic()
        due = [action for at, action in self._later if at <= now]
        self._later = [(at, action) for at, action in self._later if at > now]
        for action in due:
            action()
        for processes in self.sets:
            processes.tend()

    def later(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something in a while, or at the end."""
        self._later.append((time.monotonic() + seconds, action))

    def kill_redis(self) -> None:
        """Kill the server with SIGKILL."""
        self.redis_is_down = True
        send(self.redis_pid, signal.SIGKILL)

    def revive_redis(self) -> None:
        """Start the server again, on its append-only file."""
        url = embedded.ensure(self._folder / "redis")
        assert url == self.settings.redis_url
        self.redis_pid = int(connect(url).info("server")["process_id"])
        self.redis_is_down = False

    @property
    def logged(self) -> str:
        """What all workers and beats have logged."""
        return "".join(processes.log.read_text() for processes in self.sets)

    def counts(self) -> dict[str, int]:
        """Return the ledger's counts."""
        return self.services.status.counts()

    def published(self) -> int:
        """Return how many articles are on the stream.

        Raises:
            TransientError: While Redis is down.
        """
        with store_errors("stream"):
            return int(self.client.xlen(f"{self.settings.key_prefix}:articles"))

    def entries(self, stream: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield what is on a stream."""
        last = "-"
        while batch := self.client.xrange(f"{self.settings.key_prefix}:{stream}", last, count=500):
            yield from batch
            last = f"({batch[-1][0]}"

    @staticmethod
    def _port(url: str) -> str:
        return url.rpartition(":")[2].partition("/")[0]


def settings_for(site: BulkSite, folder: Path) -> Settings:
    """Return the settings of a system that watches a newsroom, without waiting for politeness."""
    feeds = folder / "feeds.toml"
    feeds.write_text("".join(f'[[feed]]\nurl = "{url}"\n' for url in site.feeds))
    return Settings(
        state_dir=folder,
        feeds=feeds,
        allow_networks=(ip_network("127.0.0.0/8"),),
        host_spacing=timedelta(0),
        poll_min=timedelta(seconds=5),
        poll_max=timedelta(seconds=20),
        engine="rules",
        concurrency=2,
    )


def children(pid: int) -> list[int]:
    """Return the pool children of a worker; none when it is dead."""
    try:
        return [child.pid for child in psutil.Process(pid).children()]
    except psutil.NoSuchProcess:
        return []


def kill_tree(pid: int) -> None:
    """Kill a process and its children with SIGKILL."""
    for one in [pid, *children(pid)]:
        send(one, signal.SIGKILL)


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal; nothing happens when the process is gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)

"""`onrecord run`: Redis, a worker and the schedule under one roof, statements as they arrive."""

from __future__ import annotations

import fcntl
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.text import Text

from config.broker import TICK_SILENCE
from config.settings import Settings
from worker.adapters import embedded
from worker.adapters.redis.event_log import alone
from worker.adapters.redis.registry import read_feeds
from worker.adapters.redis.store import connect, store_errors
from worker.cli.processes import Processes
from worker.cli.read import print_event
from worker.cli.sinks import configured
from worker.cli.terminal import Terminal, words
from worker.core.errors import Reason, RejectedError, TransientError
from worker.services import Services, redis_folder

console = Terminal(soft_wrap=True)
_QUIET_AFTER_S = 20.0
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(settings: Settings, feeds_file: str) -> None:
    """Run until Ctrl-C; a second start goes on where the first ended."""
    feeds = Path(feeds_file) if feeds_file else settings.feeds
    count = len(read_feeds(feeds))
    sinks = configured(settings)
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with only_one(settings.state_dir / "run.lock"), asked_to_end() as asked, redis_server(settings) as url:
        settings = replace(
            settings, feeds=feeds.resolve(), state_dir=settings.state_dir.resolve(), sinks=settings.sinks.resolve()
        )
        services = Services(settings, url)
        services.registry.sync(feeds)
        if url != settings.redis_url:
            services.articles.expire_leases()  # nobody else works here: what a killed run held is free at once
        log = settings.state_dir / "worker.log"
        told = f" polls {count} feeds; log: {_short(log)}; Ctrl-C ends it"
        console.print(Text.assemble(("onrecord", "bold"), told))
        if sinks:
            console.print(f"events also go to {', '.join(sink.name for sink in sinks)}")
        processes = Processes(url, settings, log, delivers=bool(sinks))
        processes.start()
        try:
            with _web_page(services):
                _follow(services, processes, asked)
            console.print("ending: work in hand is finished first", style="dim")
        finally:
            processes.stop()


@contextmanager
def _web_page(services: Services) -> Iterator[None]:
    """Show the web page meanwhile, if it is wanted and its port is free; say where."""
    from worker.cli.web import shown  # noqa: PLC0415 - start-up time of the other commands

    port = services.settings.web_port
    if not port:
        yield
        return
    with shown(services, port) as there:
        taken = f"no web page: port {port} is taken; ONRECORD_WEB_PORT sets another"
        console.print(str(there or taken))
        yield


def _follow(services: Services, processes: Processes, asked: list[int]) -> None:
    """Until asked to end, print statements as they arrive; look after the worker, the beat and Redis, and say so."""
    statements = _Statements(services)
    started = beat_since = time.monotonic()
    said = gone = False
    while not asked:
        try:
            said = statements.print_new() or said
            if not said and time.monotonic() - started > _QUIET_AFTER_S:
                said = _say_if_unreachable(services)
            beat_since = _end_silent_beat(services, processes, beat_since)
            if gone:
                console.print("Redis answers again", style="green")
            gone = False
        except TransientError as error:
            if not gone:
                console.print(words(f"Redis cannot be used, waiting for it: {error.detail}", "yellow"))
            gone = True
            _revive_redis(services)
        for name in processes.tend():
            again = f"the {name} ended by itself and was started again; log: {_short(processes.log)}"
            console.print(again, style="yellow")
        time.sleep(0.3)


def _end_silent_beat(services: Services, processes: Processes, since: float) -> float:
    """End a beat that lives and does nothing, so that it is started again; return since when the present one runs."""
    limit, now = TICK_SILENCE.total_seconds(), time.monotonic()
    silence = services.status.health().silence
    if now - since < limit or (silence is not None and silence < TICK_SILENCE):
        return since
    processes.running["beat"].kill()
    return now


class _Statements:
    """Prints each statement once, from those on that come after now."""

    def __init__(self, services: Services) -> None:
        self._client = connect(services.redis_url)
        self._key = f"{services.settings.key_prefix}:statements"
        with store_errors("statements"):
            last = self._client.xrevrange(self._key, count=1)
        self._seen = str(last[0][0]) if last else "0"

    def print_new(self) -> bool:
        """Print what came since the last time; tell whether anything did."""
        before = self._seen
        with store_errors("statements"):
            for entry_id, event in alone(self._client, self._key, follow=False, start=before):
                self._seen = entry_id
                print_event(console, event)
        return self._seen != before


def _revive_redis(services: Services) -> None:
    """Start our own Redis again if it died, at the address that the worker knows; wait for somebody else's."""
    if not services.settings.redis_url and embedded.ensure(redis_folder(services.settings)) != services.redis_url:
        raise embedded.NoRedisError("another program took the port of the embedded Redis: start again")


def _say_if_unreachable(services: Services) -> bool:
    """Tell whether it was said, or need not be: some feed was reached."""
    rows = services.registry.rows()
    if any(row.status == "ok" for row in rows):
        return True
    if not rows or any(row.failures == 0 for row in rows):
        return False
    console.print(
        words(
            f"none of {len(rows)} feeds could be reached ({rows[0].status}); "
            "they are tried again; `make demo` shows it all offline",
            "yellow",
        )
    )
    return True


@contextmanager
def redis_server(settings: Settings) -> Iterator[str]:
    """Yield the Redis to use; the one of our own folder ends with us, its data kept."""
    if settings.redis_url:
        connect(settings.redis_url).ping()
        yield settings.redis_url
        return
    folder = redis_folder(settings)
    url = embedded.ensure(folder)
    try:
        yield url
    finally:
        embedded.stop(folder)


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Keep a second run out of the same state folder; the processes of a killed one end first."""
    with path.open("w") as lock:
        deadline = time.monotonic() + 15
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise RejectedError(
                        Reason.STORE_UNAVAILABLE,
                        _short(path.parent),
                        "another `onrecord run` uses it: end that first",
                    ) from None
                time.sleep(0.2)
        yield


@contextmanager
def asked_to_end() -> Iterator[list[int]]:
    """Yield the signals that asked this process to end: Ctrl-C, SIGTERM, a closed terminal.

    They interrupt nothing, so that whatever is just being started is known to whoever stops it.
    """
    asked: list[int] = []
    heard = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]  # nohup ignores one
    before = {number: signal.signal(number, lambda number, _: asked.append(number)) for number in heard}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)

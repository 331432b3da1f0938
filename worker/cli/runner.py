"""`onrecord run`: Redis, a worker and the schedule under one roof, statements as they arrive."""

from __future__ import annotations

import fcntl
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from rich.console import Console

from config.settings import Settings
from worker.adapters import embedded
from worker.adapters.registry import read_feeds
from worker.adapters.store import connect
from worker.cli.processes import Processes
from worker.cli.read import alone, print_event
from worker.errors import Reason, RejectedError
from worker.services import Services, redis_folder

console = Console(soft_wrap=True)
_QUIET_AFTER_S = 20.0


def run(settings: Settings, feeds_file: str) -> None:
    """Run until Ctrl-C; a second start goes on where the first ended."""
    feeds = Path(feeds_file) if feeds_file else settings.feeds
    count = len(read_feeds(feeds))
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with only_one(settings.state_dir / "run.lock"), redis_server(settings) as url:
        settings = replace(settings, feeds=feeds.resolve(), state_dir=settings.state_dir.resolve())
        services = Services(settings, url)
        services.registry.sync(feeds)
        if url != settings.redis_url:
            services.ledger.expire_leases()  # nobody else works here: what a killed run held is free at once
        log = settings.state_dir / "worker.log"
        console.print(f"[bold]onrecord[/] polls {count} feeds; log: {_short(log)}; Ctrl-C ends it", highlight=False)
        processes = Processes(url, settings, log)
        processes.start()
        try:
            _follow(services, processes)
        except KeyboardInterrupt:
            console.print("[dim]ending: work in hand is finished first[/]")
        finally:
            with _deaf_to_interrupts():
                processes.stop()


def _follow(services: Services, processes: Processes) -> None:
    """Print statements as they arrive, and say it once when no feed can be reached."""
    client = connect(services.redis_url)
    key = f"{services.settings.key_prefix}:statements"
    last = client.xrevrange(key, count=1)
    seen = str(last[0][0]) if last else "0"
    started, said = time.monotonic(), False
    while True:
        for entry_id, event in alone(client, key, follow=False, start=seen):
            seen, said = entry_id, True
            print_event(console, event)
        if processes.dead():
            raise RejectedError(Reason.BUG, "worker", f"ended by itself: see {_short(processes.log)}")
        if not said and time.monotonic() - started > _QUIET_AFTER_S:
            said = _say_if_unreachable(services)
        time.sleep(0.3)


def _say_if_unreachable(services: Services) -> bool:
    """Tell whether it was said, or need not be: some feed was reached."""
    rows = services.registry.rows()
    if any(row.status == "ok" for row in rows):
        return True
    if not rows or any(row.failures == 0 for row in rows):
        return False
    console.print(
        f"[yellow]none of {len(rows)} feeds could be reached ({rows[0].status}); "
        "they are tried again; `make demo` shows it all offline[/]",
        highlight=False,
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
def _deaf_to_interrupts() -> Iterator[None]:
    """Finish the clean end also when Ctrl-C is pressed again."""
    before = signal.signal(signal.SIGINT, _say_patience)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _say_patience(_number: int, _frame: FrameType | None) -> None:
    console.print("[dim]still ending[/]")


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)

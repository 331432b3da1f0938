"""A real worker and beat on a real Redis, fed by the local news site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from config.settings import Settings
from tests.newsroom.site import Newsroom
from worker.adapters.redis.store import connect
from worker.cli.processes import Processes
from worker.contract import Event, decode
from worker.services import Services


@pytest.fixture
def site() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running


@pytest.fixture
def services(settings: Settings, redis_url: str, site: Newsroom) -> Services:
    settings.feeds.write_text("".join(f'[[feed]]\nurl = "{url}"\n' for url in site.feeds))
    settings = replace(settings, concurrency=2, poll_min=timedelta(seconds=1))
    return Services(settings, redis_url)


@pytest.fixture
def start(services: Services) -> Iterator[Callable[[], Processes]]:
    """Start a worker and a beat; all of them end with the test."""
    started: list[Processes] = []

    def start_one() -> Processes:
        processes = Processes(services.redis_url, services.settings, services.settings.state_dir / "worker.log")
        processes.start()
        started.append(processes)
        return processes

    yield start_one
    for processes in started:
        processes.stop()


@pytest.fixture
def events(services: Services) -> Callable[[str], list[Event]]:
    """Return what is on a stream."""
    client = connect(services.redis_url)

    def read(stream: str) -> list[Event]:
        return [decode(fields) for _, fields in client.xrange(f"{services.settings.key_prefix}:{stream}")]

    return read

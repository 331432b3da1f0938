"""What all tests share: a real Redis of their own, and services on it."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, MutableMapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import structlog

from config.settings import Settings
from worker.adapters import embedded
from worker.services import Services

_PREFIXES = itertools.count()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of our own for the whole run; a machine without any fails here, it does not skip."""
    folder = tmp_path_factory.mktemp("redis")
    yield embedded.ensure(folder)
    embedded.stop(folder)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a test: a key namespace of its own, loopback allowed, no waiting for politeness."""
    from datetime import timedelta

    return Settings(
        state_dir=tmp_path,
        feeds=tmp_path / "feeds.toml",
        key_prefix=f"test{next(_PREFIXES)}",
        allow_networks=(ip_network("127.0.0.0/8"),),
        host_spacing=timedelta(0),
        engine="rules",
    )


@pytest.fixture
def services(settings: Settings, redis_url: str) -> Services:
    """Services on the test's own keys."""
    settings.feeds.write_text("")
    return Services(settings, redis_url)


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[MutableMapping[str, Any]]:
    """What the worker's modules log from here on; a logger that was used before is bound to where it wrote then."""
    capture = structlog.testing.LogCapture()
    logger = structlog.wrap_logger(
        None, processors=[capture], wrapper_class=structlog.make_filtering_bound_logger(0), context_class=dict
    )
    for name, module in list(sys.modules.items()):
        if name.startswith(("worker.", "tasks.")) and hasattr(module, "log"):
            monkeypatch.setattr(module, "log", logger)
    return capture.entries

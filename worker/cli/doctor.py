"""`onrecord doctor`: gathers the facts for `worker.cli.checks`, and prints what they say."""

from __future__ import annotations

import shutil
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis
from rich.table import Table
from rich.text import Text

from config.broker import celery_config
from worker.adapters.http.connection import resolve
from worker.adapters.redis.registry import read_feeds
from worker.adapters.redis.store import connect, single, store_errors
from worker.cli import checks
from worker.cli.checks import Finding
from worker.cli.sinks import facts
from worker.cli.terminal import Terminal, print_json, words
from worker.contract.event import STREAMS
from worker.core.errors import TransientError
from worker.delivery.config import SinksFileError
from worker.ports import FeedsFileError
from worker.services import Services
from worker.statements import engine_for
from worker.views.status import strays, warnings

_MARKS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "error": ("✗", "red")}
_HOSTS = 3  # to look up; one that is found shows that DNS works
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def doctor(services: Services, *, as_json: bool) -> bool:
    """Print what is found; return whether there is no error."""
    found = list(examine(services))
    if as_json:
        for finding in found:
            print_json(asdict(finding))
    else:
        Terminal().print(_table(found))
    return all(finding.level != "error" for finding in found)


def examine(services: Services) -> Iterator[Finding]:
    """Yield what each check found, those that need no Redis last."""
    try:
        yield from _of_redis(services)
    except TransientError as error:
        cure = "start it, set REDIS_URL, or `onrecord run`, which starts one"
        yield Finding("Redis", "error", f"cannot be used: {error.detail}", cure)
    yield checks.broker(celery_config(services.settings, services.broker_url))
    yield checks.names({host: _problem_of(host) for host in _hosts(services)})
    yield checks.trust(_authorities())
    yield checks.engine(services.settings.engine, _problem_of_engine(services.settings.engine))


def _of_redis(services: Services) -> Iterator[Finding]:
    client, pages = connect(single(services.redis_url)), services.settings.pages_mb * 1_000_000
    with store_errors("doctor"):
        info = client.info()
        seconds, micros = client.time()
    now = services.clock.now()
    yield checks.version(info)
    yield checks.persistence(info, _configured(client, "appendfsync"))
    yield checks.eviction(info)
    yield checks.memory(info, pages)
    folder = Path(_configured(client, "dir") or "")
    if urlsplit(services.redis_url).hostname in _LOOPBACK and folder.is_absolute() and folder.is_dir():
        yield checks.disk(shutil.disk_usage(folder).free, 2 * (int(info["used_memory"]) + pages))
    yield checks.clock(now - datetime.fromtimestamp(seconds + micros / 1e6, UTC))
    for stream in STREAMS.values():
        yield checks.contract(stream, _last(services, stream))
    yield checks.progress(warnings(services, services.streams.groups()))
    yield checks.strays(strays(services), services.settings.key_prefix)
    yield checks.feeds(len(services.registry.rows()))
    yield _of_sinks(services)


def _of_sinks(services: Services) -> Finding:
    try:
        return checks.sinks(facts(services))
    except SinksFileError as error:
        return checks.sinks([], error.problems)


def _configured(client: Any, name: str) -> str | None:
    """Return a value of the server's configuration; None where a provider does not permit to ask."""
    try:
        return str(client.config_get(name)[name])
    except (redis.ResponseError, KeyError):
        return None


def _last(services: Services, stream: str) -> dict[str, str] | None:
    with store_errors(stream):
        entries = connect(services.redis_url).xrevrange(f"{services.settings.key_prefix}:{stream}", count=1)
    return dict(entries[0][1]) if entries else None


def _hosts(services: Services) -> list[str]:
    """Return the hosts of the first feeds that are polled; without Redis, of those in the list of feeds."""
    urls: list[str] = []
    with suppress(FeedsFileError):
        urls = [url for url, _, _ in read_feeds(services.settings.feeds)]
    with suppress(TransientError):
        urls = [row.url for row in services.registry.rows()]
    return list(dict.fromkeys(urlsplit(url).hostname or "" for url in urls))[:_HOSTS]


def _problem_of(host: str) -> str:
    try:
        resolve(host, 443)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _authorities() -> int:
    """Count the authorities that Python trusts here: those in a file, and those that it looks up in a folder."""
    folder = ssl.get_default_verify_paths().capath
    looked_up = len(list(Path(folder).glob("*.0"))) if folder else 0
    return int(ssl.create_default_context().cert_store_stats()["x509_ca"]) + looked_up


def _problem_of_engine(name: str) -> str:
    try:
        engine_for("en", name)
    except Exception as error:  # noqa: BLE001 - broken weights make the runtime raise errors of its own
        return f"{type(error).__name__}: {error}"
    return ""


def _table(found: list[Finding]) -> Table:
    table = Table(box=None, show_header=False)
    for finding in found:
        mark, colour = _MARKS[finding.level]
        table.add_row(Text(mark, colour), words(finding.check, "bold"), words(finding.found))
        if finding.cure:
            table.add_row("", "", words(f"→ {finding.cure}", colour))
    return table

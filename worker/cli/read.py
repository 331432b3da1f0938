"""`onrecord consume`: events from the streams, for people or for programs."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from typing import Any

import redis
from rich.console import Console

from worker.adapters.store import connect
from worker.cli import show
from worker.contract import DecodeError, Event, decode
from worker.errors import Reason, RejectedError
from worker.services import Services

_BLOCK_MS = 1000
_BATCH = 100
_STREAMS = ("statements", "articles", "feeds", "dead")


def consume(services: Services, stream: str, group: str, *, follow: bool, as_json: bool) -> None:
    """Print the events of a stream: all of them, or, in a group, each once over all its consumers."""
    if stream not in _STREAMS:
        raise RejectedError(Reason.BAD_STREAM, stream, f"no such stream; one of {', '.join(_STREAMS)}")
    client = connect(services.redis_url)
    key = f"{services.settings.key_prefix}:{stream}"
    console = Console(soft_wrap=True)
    for _, event in in_group(client, key, group, follow=follow) if group else alone(client, key, follow=follow):
        if as_json:
            print(json.dumps(event.data, ensure_ascii=False), flush=True)
        else:
            print_event(console, event)


def print_event(console: Console, event: Event) -> None:
    """Print one event on one line."""
    if event.noun == "statement":
        console.print(show.statement_line(dict(event.data), event.time))
    else:
        console.print(f"{event.time} {event.data.get('headline') or event.data.get('reason', '')} "
                      f"{event.data.get('url', '')}", markup=False, highlight=False)  # fmt: skip


def alone(client: Any, key: str, *, follow: bool, start: str = "0") -> Iterator[tuple[str, Event]]:
    """Yield (entry id, event) from the entry after `start` on; with `follow`, for ever."""
    last = start
    while True:
        entries = _entries(client.xread({key: last}, count=_BATCH, block=_BLOCK_MS if follow else None))
        if not entries and not follow:
            return
        for entry_id, fields in entries:
            last = entry_id
            yield from _decoded(entry_id, fields)


def in_group(client: Any, key: str, group: str, *, follow: bool) -> Iterator[tuple[str, Event]]:
    """Yield a group's events; each is acknowledged when the next is asked for, so after it was handled."""
    consumer = f"{socket.gethostname()}-{os.getpid()}"
    _make_group(client, key, group)
    while True:
        block = _BLOCK_MS if follow else None
        entries = _entries(client.xreadgroup(group, consumer, {key: ">"}, count=1, block=block))
        if not entries and not follow:
            return
        for entry_id, fields in entries:
            yield from _decoded(entry_id, fields)
            client.xack(key, group, entry_id)


def statements_of_article(services: Services, key: str) -> list[dict[str, Any]]:
    """Return the statement payloads of one article, from the end of the stream."""
    client = connect(services.redis_url)
    entries: Any = client.xrevrange(f"{services.settings.key_prefix}:statements", count=2000)
    events = [decode(fields) for _, fields in reversed(entries)]
    return [dict(event.data) for event in events if event.partitionkey == key]


def _make_group(client: Any, key: str, group: str) -> None:
    try:
        client.xgroup_create(key, group, id="0", mkstream=True)
    except redis.ResponseError as error:
        if not str(error).startswith("BUSYGROUP"):
            raise


def _entries(reply: Any) -> list[tuple[str, dict[str, str]]]:
    """Return the entries of the one stream that was read; RESP2 answers a list, RESP3 a mapping."""
    if not reply:
        return []
    return reply[0][1] if isinstance(reply, list) else next(iter(reply.values()))[0]  # type: ignore[no-any-return]


def _decoded(entry_id: str, fields: dict[str, str]) -> Iterator[tuple[str, Event]]:
    try:
        yield entry_id, decode(fields)
    except DecodeError:
        return

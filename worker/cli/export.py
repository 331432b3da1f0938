"""`onrecord export`: a range of a stream as JSON Lines or Parquet."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from worker.adapters.redis.store import connect, store_errors
from worker.cli.filters import known_stream
from worker.cli.replay import moment
from worker.cli.terminal import Terminal, escaped_json
from worker.contract import Event, Match, encode
from worker.core.errors import Reason, RejectedError
from worker.services import Services
from worker.views.export import events_between

Form = Literal["jsonl", "parquet"]
_ENTRY_ID = re.compile(r"\d{10,}-\d+")
_LAST = 2**64 - 1  # the greatest number of an entry within its millisecond


class Lines(Protocol):
    """What events are written to."""

    def write(self, entry_id: str, event: Event) -> None:
        """Add an event."""

    def close(self) -> None:
        """Complete it."""


def export(services: Services, stream: str, span: tuple[str, str], only: Match, output: str, form: Form) -> None:
    """Write the events of a stream that were published within `span`, each once, in the order of the stream.

    Raises:
        RejectedError: BAD_STREAM, or NOT_TEXT when the file cannot be written.
        SystemExit: pyarrow is not installed.
    """
    client, key = connect(services.redis_url), f"{services.settings.key_prefix}:{known_stream(stream)}"
    with store_errors("streams"):
        newest = client.xrevrange(key, count=1)
    now = services.clock.now()
    first, last = _edge(span[0], now, 0) if span[0] else "0-0", _edge(span[1], now, _LAST) if span[1] else ""
    last = last or (newest[0][0] if newest else "0-0")  # what is published meanwhile is for the next export
    if form == "parquet" and output == "-" and sys.stdout.isatty():
        raise typer.BadParameter("Parquet is not for a terminal; name a file", param_hint="--output")
    open_lines = _opener(stream, form)
    is_shown = output != "-" or not sys.stdout.isatty()
    with _output(output) as out, _bar(client, key, first, last, is_shown=is_shown) as advance:
        lines = open_lines(out)
        count = 0
        for count, (entry_id, event) in enumerate(events_between(client, key, first, last, only), 1):
            lines.write(entry_id, event)
            advance(entry_id, count)
        lines.close()
    Terminal(stderr=True).print(f"{count:,} events")


def form_of(named: str, output: str) -> Form:
    """Return the form that was asked for, else the one that the file's name says, else JSON Lines."""
    if named not in ("", "jsonl", "parquet"):
        raise typer.BadParameter("jsonl or parquet", param_hint="--format")
    return "parquet" if (named or output.rpartition(".")[2]) == "parquet" else "jsonl"


class _JsonLines:
    """The envelope of each event as it stands on the stream, a line each; what a terminal would obey is escaped."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, _entry_id: str, event: Event) -> None:
        self._out.write(escaped_json(encode(event)["event"]).encode() + b"\n")

    def close(self) -> None:
        self._out.flush()


def _opener(stream: str, form: Form) -> Callable[[BinaryIO], Lines]:
    if form == "jsonl":
        return _JsonLines
    try:
        from worker.adapters.parquet import ParquetLines  # noqa: PLC0415 - an optional dependency
    except ImportError as error:
        cure = "`uv pip install --group export` does that"
        raise SystemExit(f"onrecord: {error.name} is not installed; {cure}") from error
    return lambda out: ParquetLines(out, stream)


def _edge(text: str, now: datetime, number: int) -> str:
    """Return the id at an edge of the range: an entry's own, or the first or last that a time can have."""
    if _ENTRY_ID.fullmatch(text):
        return text
    return f"{int(moment(text, now).timestamp() * 1000)}-{number}"


@contextmanager
def _output(name: str) -> Iterator[BinaryIO]:
    """Yield what to write to; a file is there when it is complete, and is as it was before when it could not be."""
    if name == "-":
        yield sys.stdout.buffer
        return
    part = Path(f"{name}.part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(name)
    except OSError as error:
        raise RejectedError(Reason.NOT_TEXT, name, f"cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _bar(client: Any, key: str, first: str, last: str, *, is_shown: bool) -> Iterator[Callable[[str, int], None]]:
    """Show how far in time the export is; yield what moves it on."""
    with store_errors("streams"):
        oldest = client.xrange(key, first, last, count=1)
    start, end = _ms(oldest[0][0]) if oldest else 0, _ms(last)
    shown = Terminal(stderr=True)
    columns = (BarColumn(), TextColumn("{task.fields[events]:,} events"), TimeRemainingColumn())
    with Progress(*columns, console=shown, transient=True, disable=not (is_shown and shown.is_terminal)) as progress:
        task = progress.add_task("export", total=max(1, end - start), events=0)
        yield lambda entry_id, count: progress.update(task, completed=_ms(entry_id) - start, events=count)


def _ms(entry_id: str) -> int:
    return int(entry_id.partition("-")[0])

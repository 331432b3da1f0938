"""`onrecord replay`: look again at kept pages, publish what changed."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from worker.cli.terminal import Terminal, print_json, words
from worker.cli.texts import chosen_engine
from worker.pipeline.replay import replay as look_again
from worker.services import Services
from worker.versions.revisions import verbs

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def replay(services: Services, since: str, engine: str, *, dry_run: bool, as_json: bool) -> None:
    """Look again at every article since then, and say what came of it."""
    start = moment(since, services.clock.now())
    engine = engine or services.settings.engine
    chosen_engine(engine)
    services = Services(replace(services.settings, engine=engine), services.redis_url)
    found: Counter[str] = Counter()
    events: Counter[str] = Counter()
    keys = services.snapshots.kept(start)
    with _progress() as progress:
        for key in progress.track(keys, description="replay"):
            look = look_again(key, services, publish=not dry_run)
            found[look.found] += 1
            events.update(verbs(look.events))
    if as_json:
        print_json({"articles": found, "events": events, "published": not dry_run})
    else:
        Terminal().print(_table(found, events, dry_run=dry_run))


def moment(text: str, now: datetime) -> datetime:
    """Return the time that `text` names: "90m", "12h" or "7d" before `now`, or a date or time of ISO 8601.

    Without a zone it is UTC.

    Raises:
        typer.BadParameter: It is neither.
    """
    ago = re.fullmatch(r"(\d{1,6})([mhd])", text)
    try:
        named = now - int(ago[1]) * _UNITS[ago[2]] if ago else datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        problem = f"{text!r} is neither like 90m, 12h or 7d, nor a date or time"
        raise typer.BadParameter(problem, param_hint="--since") from None
    return named if named.tzinfo else named.replace(tzinfo=UTC)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Terminal(stderr=True), disable=not sys.stderr.isatty(), transient=True)


def _table(found: Counter[str], events: Counter[str], *, dry_run: bool) -> Table:
    table = Table(box=None, show_header=False)
    table.add_column(style="bold", justify="right")
    table.add_column()
    table.add_row(f"{found.total():,}", "articles looked at again")
    for name, number in found.most_common():
        table.add_row(f"{number:,}", words(name))
    for name, number in sorted(events.items()):
        table.add_row(Text(f"{number:,}", "cyan"), f"{name} {'would be ' if dry_run else ''}published")
    return table

"""`onrecord feeds list|add|accept|remove` and `onrecord poll`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table

from worker.cli import context, source
from worker.cli.show import example
from worker.cli.terminal import Terminal, line, print_json, print_markup, words
from worker.core.errors import Reason, RejectedError
from worker.core.status import FeedRow
from worker.core.urls import check_url
from worker.feeds.feed import FeedDocument
from worker.feeds.opml import OpmlOutline, read_opml, write_opml
from worker.feeds.schedule import Bounds
from worker.pipeline import probe
from worker.services import Services
from worker.views.ages import ago, until

app = typer.Typer(help="The feeds that are polled.", no_args_is_help=True)
console = Terminal()

#: The least interval that a person may set.
LEAST_INTERVAL = timedelta(minutes=1)

FeedUrl = Annotated[str, typer.Argument(metavar="FEED_URL", help="The feed's URL.", callback=source.url)]


@app.command(name="list", epilog=example("onrecord feeds list --json | jq .url"))
def list_(as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """List the feeds, when each was polled last, how that went, and when it is due."""
    rows = context.services().registry.rows()
    if as_json:
        for row in rows:
            print_json(asdict(row))
        return
    console.print(_table(rows, datetime.now(UTC)) if rows else "no feeds yet: onrecord feeds add URL")
    for row in rows:
        if row.proposal:
            console.print(f"{line(row.url)} is lost; its site names {line(row.proposal)}")
            console.print(f"  onrecord feeds accept {line(row.url)}")


@app.command(epilog=example("onrecord feeds add https://paper.example/feed.xml --every 5m-1h"))
def add(
    url: FeedUrl,
    name: Annotated[str, typer.Option(help="What to call it.")] = "",
    every: Annotated[str, typer.Option(help="How far apart to poll it: 10m, or 5m-1h as it needs.")] = "",
) -> None:
    """Add a feed, after looking at it once; or name one, or set its interval."""
    _check_interval(every)
    services = context.services()
    before = _row(services, url)
    feed, new = probe.add(services, url, name, every)
    if feed.kind == "sitemap_index":
        _propose_sitemaps(url, feed)
    console.print(f"{'added' if new else 'already there'}: {url} ({len(feed.entries)} entries now)")
    after = _row(services, url)
    for change in _changes(before, after) if before and after else ():
        console.print(f"  {change}")


@app.command(epilog=example("onrecord feeds accept https://paper.example/feed.xml"))
def accept(url: FeedUrl) -> None:
    """Poll a lost feed from now on where its site says that it is."""
    proposal = context.services().registry.accept(url)
    if not proposal:
        raise RejectedError(Reason.UNKNOWN, url, "nothing is proposed for it; `onrecord feeds list` shows what is")
    console.print(f"due now at {line(proposal)}; what it lists from then on decides")


@app.command(epilog=example("onrecord feeds remove https://paper.example/feed.xml"))
def remove(url: FeedUrl) -> None:
    """Stop polling a feed."""
    if not context.services().registry.remove(check_url(url)):
        raise RejectedError(Reason.UNKNOWN, url, "no such feed; `onrecord feeds list` shows them")
    console.print(f"removed: {url}")


@app.command(name="import", epilog=example("onrecord feeds import feeds.opml"))
def import_(
    file: Annotated[str, typer.Argument(help="An OPML file, or - for standard input.", metavar="FILE|-")],
) -> None:
    """Add all feeds of an OPML file; they are polled over the next minutes."""
    services = context.services()
    listed = read_opml(source.read_bytes(file), subject=file)
    new = sum(services.registry.add(feed.url, feed.title or "") for feed in listed)
    console.print(f"{new} new of {len(listed)} feeds")


@app.command(epilog=example("onrecord feeds export > feeds.opml"))
def export() -> None:
    """Write all feeds as OPML to standard output."""
    rows = context.services().registry.rows()
    listed = [OpmlOutline(row.url, row.name or None) for row in rows]
    print_markup(write_opml(listed, title="onrecord").decode())


def _check_interval(every: str) -> None:
    """Refuse what is no interval, or one that asks a publisher more often than it does any good."""
    try:
        is_hasty = bool(every) and Bounds.of(every).low < LEAST_INTERVAL
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--every") from None
    if is_hasty:
        raise typer.BadParameter(
            f"{every!r} is less than a minute, which publishers take for an attack; for news at once, let the feed's "
            "hub push them: `onrecord web` with ONRECORD_PUBLIC_URL (docs/sources.md)",
            param_hint="--every",
        )


def _row(services: Services, url: str) -> FeedRow | None:
    canonical = check_url(url)
    return next((row for row in services.registry.rows() if row.url == canonical), None)


def _changes(before: FeedRow, after: FeedRow) -> Iterator[str]:
    """Yield a sentence for each thing that adding a feed again has changed."""
    if before.name != after.name:
        yield f"it is called {after.name!r} now, not {before.name!r}"
    if before.every != after.every:
        was = f"every {before.every}" if before.every else "as the settings say"
        yield f"it is polled every {after.every} now, not {was}, and at once"


def _propose_sitemaps(url: str, feed: FeedDocument) -> None:
    newest = sorted(feed.sitemaps, key=lambda sitemap: str(sitemap.published or ""), reverse=True)[:5]
    console.print("an index lists sitemaps, and no news to poll; add one of those:")
    for sitemap in newest:
        console.print(f"  onrecord feeds add {line(sitemap.url)}")
    console.print(f"or read all of them once: onrecord backfill {url}")


def poll(services: Services, url: str) -> None:
    """Register a feed if need be, and make it due now."""
    feed = probe.look(services, url)
    services.registry.add(url, feed.title or "")
    services.registry.poll_now(url)
    console.print(f"due now: {url} ({len(feed.entries)} entries)")


def _table(rows: list[FeedRow], now: datetime) -> Table:
    table = Table(box=None, header_style="bold")
    for column in ("feed", "status", "polled", "due", "url"):
        table.add_column(column, overflow="fold")
    for row in rows:
        colour = "green" if row.status == "ok" else "yellow" if row.failures < 3 else "red"
        polled, due = ago(row.polled, now), until(row.due, now)
        table.add_row(words(row.name), words(row.status, colour), polled, due, words(row.url))
    return table

"""`onrecord backfill`: the archive of a feed, with a bar."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from worker.cli.terminal import Terminal, print_json
from worker.pipeline import backfill as archive
from worker.services import Services


def backfill(services: Services, url: str, budget: int, since: datetime | None, *, as_json: bool) -> None:
    """Walk through the archive of a feed; what is found is fetched by the workers, as fast as its hosts permit.

    Raises:
        IngestError: The feed is not registered, or a page of it cannot be read; the same command goes on from there.
    """
    since = since.replace(tzinfo=UTC) if since else None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    shown = Terminal(stderr=True)
    with Progress(*columns, console=shown, transient=True, disable=not shown.is_terminal) as bar:
        task = bar.add_task("new articles", total=budget)
        end = archive.backfill(
            url, services, budget=budget, since=since, on_page=lambda walk: bar.update(task, completed=walk.new)
        )
    if as_json:
        told = {"url": url, "new": end.new, "known": end.known, "denied": end.denied, "more": bool(end.waiting)}
        print_json(told)
        return
    left = f"; more is left: onrecord backfill {url}" if end.waiting else "; the archive ends here"
    denied = f", {end.denied} pages not asked for (robots.txt)" if end.denied else ""
    Terminal(soft_wrap=True).print(f"{end.new} new articles, {end.known} known{denied}{left}")

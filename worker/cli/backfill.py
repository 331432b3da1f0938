"""`onrecord backfill`: the archive of a feed, with a bar."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from worker import backfill as archive
from worker.services import Services

console = Console()


def backfill(services: Services, url: str, budget: int, since: datetime | None) -> None:
    """Walk through the archive of a feed; what is found is fetched by the workers, as fast as its hosts permit.

    Raises:
        IngestError: The feed is not registered, or a page of it cannot be read; the same command goes on from there.
    """
    since = since.replace(tzinfo=UTC) if since else None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("new articles", total=budget)
        end = archive.backfill(
            url, services, budget=budget, since=since, on_page=lambda walk: bar.update(task, completed=walk.new)
        )
    left = f"; more is left: onrecord backfill {url}" if end.waiting else "; the archive ends here"
    console.print(f"{end.new} new articles, {end.known} known{left}", markup=False)

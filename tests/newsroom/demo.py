"""`make demo`: the whole line, offline, against the local news site; ends by itself with a summary.

Killed half-way and started again it goes on where it was: the site keeps its port, Redis its data.
"""

from __future__ import annotations

import shutil
import socket
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from config.settings import ROOT, Settings
from tests.newsroom.render import SITE_NAME
from tests.newsroom.site import Newsroom
from worker.adapters.redis.event_log import alone
from worker.adapters.redis.store import connect
from worker.cli import show
from worker.cli.processes import Processes
from worker.cli.runner import asked_to_end, only_one, redis_server
from worker.cli.status import outcome_rows
from worker.cli.terminal import safe
from worker.core.urls import article_id
from worker.services import Services
from worker.views.status import identity_holds

console = Console(soft_wrap=True)
SEED = ROOT.parent / "shared" / "cases" / "seed" / "article.txt"
_DEADLINE_S = 120.0
_NOBODY = (None, "COURIER")  # in an interview, the paper asks
_SHOWN = 3  # statements of an article; a terminal has a few dozen lines
#: What the publisher edits at the end, in an article that is out: a quotation, and a sentence that quotes.
_EDITED = "bridge-closure"
_EDITS = {
    "I put my torch in and I did not see the end of it": "I put my torch in and I saw a small crack",
    " It stressed that there was “no sign whatever of movement” and promised a daily bulletin.": "",
}


def main() -> None:
    """Run the demo; exit code 0 when every article has its outcome, 1 when not in time."""
    folder = Settings.from_env().state_dir / "demo"
    if (folder / "finished").exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    seed = SEED if SEED.exists() else None
    with only_one(folder / "run.lock"), Newsroom(port=_port(folder), seed_article=seed) as site:
        settings = _settings(folder, site)
        with asked_to_end() as asked, redis_server(settings) as url:
            done = _run(Services(settings, url), settings, folder, site, asked)
    if done:
        (folder / "finished").touch()
    sys.exit(0 if done else 1)


def _run(services: Services, settings: Settings, folder: Path, site: Newsroom, asked: list[int]) -> bool:
    services.registry.sync(settings.feeds)
    services.articles.expire_leases()
    console.print(f"[bold]onrecord demo[/]: {len(site.feeds)} feeds of {SITE_NAME}, a made-up news site at {site.url}")
    processes = Processes(services.redis_url, settings, folder / "worker.log")
    processes.start()
    begun = time.monotonic()
    try:
        done = _follow(services, processes, begun, asked)
        done = done and _edit(services, site, processes, asked)
    finally:
        processes.stop()
    console.print()
    console.print(_summary(services, time.monotonic() - begun))
    if not done:
        console.print(f"[red]not all articles have an outcome; log: {folder / 'worker.log'}[/]")
    return done


def _follow(services: Services, processes: Processes, begun: float, asked: list[int]) -> bool:
    """Print statements as they arrive, until every article has its outcome; tell whether that was in time."""
    client = connect(services.redis_url)
    key, seen = f"{services.settings.key_prefix}:statements", "0"
    shown: Counter[str] = Counter()
    while time.monotonic() - begun < _DEADLINE_S and not asked:
        processes.tend()
        finished = _is_finished(services)
        for entry_id, event in alone(client, key, follow=False, start=seen):
            seen = entry_id
            _print(dict(event.data), shown)
        if finished:
            return True
        time.sleep(0.1)
    return False


def _edit(services: Services, site: Newsroom, processes: Processes, asked: list[int]) -> bool:
    """Let the publisher edit an article without saying so, and print what is told of that."""
    console.print(
        Text("\nNow the publisher edits the article on the bridge, and tells nobody", style="bold bright_white")
    )
    path = site.path(_EDITED)
    html = site.page(path)
    for before, after in _EDITS.items():
        html = html.replace(before, after)
    site.edit(path, html)
    client, key = connect(services.redis_url), f"{services.settings.key_prefix}:statements"
    seen, begun = client.xrevrange(key, count=1)[0][0], time.monotonic()
    services.snapshots.recheck(article_id(site.url + path))
    while time.monotonic() - begun < _DEADLINE_S and not asked:
        processes.tend()
        events = [event for _, event in alone(client, key, follow=False, start=seen)]
        for event in events:
            console.print(Text("  ") + show.told(event))
        if events:
            return True
        time.sleep(0.1)
    return False


def _print(data: dict[str, Any], shown: Counter[str]) -> None:
    """Print a statement of somebody under the headline of its article, if it is one of the first there."""
    article = data["article"]
    if data["speaker"]["name"] in _NOBODY or shown[article["url"]] == _SHOWN:
        return
    if not shown[article["url"]]:
        console.print(Text(f"\n{safe(article['headline'])}", style="bold bright_white"))
    shown[article["url"]] += 1
    console.print(Text("  ") + show.said(data))


def _is_finished(services: Services) -> bool:
    rows = services.registry.rows()
    counts = services.status.counts()
    return all(row.status == "ok" for row in rows) and counts.get("discovered", 0) > 0 and counts["in_flight"] == 0


def _summary(services: Services, seconds: float) -> Table:
    counts = services.status.counts()
    stream = alone(connect(services.redis_url), "onrecord:statements", follow=False)
    events = [event.data for _, event in stream if event.type.endswith("statement.created.v1")]
    named = Counter(data["speaker"]["name"] for data in events)
    unnamed = sum(named.pop(name, 0) for name in _NOBODY)
    kinds = Counter(data["kind"] for data in events)
    table = Table(title=f"in {seconds:.0f} s", title_justify="left", show_header=False, box=None)
    table.add_column("", justify="right")
    table.add_column("")
    for number, label in outcome_rows(counts):
        table.add_row(number, f"articles {label}")
    table.add_row("[green]✓[/]" if identity_holds(counts) else "[red]✗[/]", "discovered = sum of all outcomes")
    table.add_row(str(len(events)), "statements: " + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common()))
    table.add_row(str(unnamed), "of them by nobody who is named, or by the paper")
    table.add_row(str(named.total()), f"of them with a speaker's name, {len(named)} speakers; most quoted:")
    for name, times in named.most_common(5):
        table.add_row(str(times), name)
    return table


def _settings(folder: Path, site: Newsroom) -> Settings:
    feeds = folder / "feeds.toml"
    feeds.write_text("".join(f'[[feed]]\nname = "{url.rsplit("/", 1)[-1]}"\nurl = "{url}"\n' for url in site.feeds))
    return replace(
        Settings.from_env(),
        redis_url=None,
        state_dir=folder,
        feeds=feeds,
        key_prefix="onrecord",
        allow_networks=(ip_network("127.0.0.0/8"),),
        host_spacing=timedelta(milliseconds=50),
        concurrency=2,
    )


def _port(folder: Path) -> int:
    """Return the port of the killed demo before, so that its articles keep their URLs; else a free one."""
    kept = folder / "port"
    if not kept.exists():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            kept.write_text(str(probe.getsockname()[1]))
    return int(kept.read_text())


if __name__ == "__main__":
    main()

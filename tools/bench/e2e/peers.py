"""`make bench-peers`: the pages of the bench through what users would pick instead, from page to statements.

A pipeline of peers is an extractor of articles and, on its text, textacy's quotations on a spaCy parse (direct speech
only; ours are of reported speech, too). Each system is a process of one thread in an environment of its own; they take
turns, and CPU time counts. Peers are given pages in memory. Ours is measured so, too ("clean + statements"), and as a
whole: the CPU of all processes of a worker that polls, fetches, keeps a ledger and publishes events, and of its Redis.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.newsroom.bulk import Wire
from tools.bench.e2e.bars import Bar, svg
from tools.bench.e2e.run import HOSTS, Plan, Result, measure
from tools.bench.environment import python_with, running
from tools.bench.peers.__main__ import PINS

_EXTRACTORS = {
    "trafilatura": ("trafilatura==2.3.1", "lxml_html_clean==0.4.6"),
    "newspaper4k": ("newspaper4k==0.9.6", "lxml_html_clean==0.4.6"),
    "news-please": ("news-please==1.6.16",),
}


@dataclass
class System:
    """What is measured."""

    name: str
    ask: Callable[[str], dict]
    seconds: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    found: list = field(default_factory=list)

    def turn(self) -> None:
        """Run over all items once."""
        self.seconds.append(self.ask("go")["seconds"])

    def end(self) -> None:
        """Let it say what it found, and go."""
        last = self.ask("")
        self.peak_mb, self.found = last["peak_mb"], last["found"]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench.e2e.peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--articles", type=int, default=1_000, help="of the run of the whole")
    parser.add_argument("--plot", type=Path)
    wanted = parser.parse_args()
    with Progress(console=Console(stderr=True), transient=True) as bar:
        systems = _take_turns(wanted.pages, wanted.rounds, bar)
        task = bar.add_task("the whole, end to end")
        whole = measure(
            Plan(wanted.articles, 2, 5), lambda _, done, total: bar.update(task, completed=done, total=total)
        )
    rows = _rows(systems, whole, wanted.pages)
    Console().print(_table(rows, wanted.pages))
    if wanted.plot:
        wanted.plot.write_text(svg([Bar(row[0], 1e3 / row[1], row[0].startswith("onrecord")) for row in rows]), "utf-8")
        print(f"wrote {wanted.plot}")


def _take_turns(pages: int, rounds: int, bar: Progress) -> dict[str, System]:
    """Run every system over the pages, textacy over the texts that trafilatura finds in them."""
    wire = Wire(hosts=HOSTS)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        items = _write(
            Path(name) / "pages", ({"url": wire.url(n), "html": wire.page(n).decode()} for n in range(pages))
        )

        def start(system: str, python: str, given: Path) -> System:
            return System(system, stack.enter_context(running(python, "tools.bench.e2e.peer", system, given)))

        pythons = {system: python_with(system, pins) for system, pins in _EXTRACTORS.items()}
        with running(pythons["trafilatura"], "tools.bench.e2e.peer", "trafilatura", items) as ask:
            texts = _write(Path(name) / "texts", ({"text": text} for text in ask("")["found"]))
        systems = [start("onrecord", sys.executable, items)]
        systems += [start(system, python, items) for system, python in pythons.items()]
        systems.append(start("textacy", python_with("spacy", PINS), texts))
        for _ in bar.track(range(rounds), description="page to statements"):
            for system in systems:
                system.turn()
        for system in systems:
            system.end()
        return {system.name: system for system in systems}


def _write(path: Path, items: Iterator[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    return path


def _rows(systems: dict[str, System], whole: Result, pages: int) -> list[tuple[str, float, float, float]]:
    """Return name, CPU ms an article, statements an article and peak MB of each pipeline."""
    cost = {name: median(system.seconds) / pages * 1e3 for name, system in systems.items()}
    ours, quotes = systems["onrecord"], systems["textacy"]
    full = whole.full
    spent = sum(full.cpu[role] for role in ("worker: children", "worker: parent", "Redis")) / full.published * 1e3
    memory = whole.memory_mb["worker: children"]
    return [
        ("onrecord, clean + statements", cost["onrecord"], sum(ours.found) / pages, ours.peak_mb),
        ("onrecord, the whole with Redis", spent, whole.statements, memory),
        *(
            (
                f"{name} + textacy",
                cost[name] + cost["textacy"],
                sum(quotes.found) / pages,
                systems[name].peak_mb + quotes.peak_mb,
            )
            for name in _EXTRACTORS
        ),
    ]


def _table(rows: Sequence[tuple[str, float, float, float]], pages: int) -> Table:
    best = min(row[1] for row in rows if not row[0].startswith("onrecord"))
    table = Table(title=f"From page to statements, {pages} pages of the bench", title_justify="left", box=None)
    table.add_column("", no_wrap=True)
    for heading in ("CPU ms an article", "articles a CPU second", "times the best peer", "statements", "peak MB"):
        table.add_column(heading, justify="right")
    for name, cost, found, memory in sorted(rows, key=lambda row: row[1]):
        table.add_row(name, f"{cost:.1f}", f"{1e3 / cost:.1f}", f"{best / cost:.1f}", f"{found:.1f}", f"{memory:.0f}")
    return table


if __name__ == "__main__":
    main()

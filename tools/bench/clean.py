"""Compare the cleaner with its peers: `make bench-clean DATA=path`, one table a set.

Every system is a process of its own, all of them clean the same pages in turns, and CPU time is counted: load on the
machine falls on all alike. Peers live in a virtual environment of their own, made once.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tools.bench.cleaners import CLEANERS
from tools.bench.environment import python_with

PEERS = ("trafilatura==2.3.1", "readability-lxml==0.9", "newspaper4k==0.9.6", "resiliparse", "lxml_html_clean")
_WORKER = Path(__file__).with_name("cleaners.py")
_REFERENCE = "trafilatura with metadata"
_TOKEN = re.compile(r"\w+")
#: Pages that a system cleans in a turn: a process that has waited for eight others finds its caches full of theirs,
#: which costs ours three milliseconds on its first page.
_TURN = 30


@dataclass
class System:
    """A cleaner at work and what it has shown so far."""

    name: str
    process: subprocess.Popen[str]
    precisions: list[float] = field(default_factory=list)
    recalls: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    empty: int = 0
    peak_mib: float = 0.0

    def clean(self, page: dict[str, Any]) -> None:
        """Clean one page and score its text."""
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps({"file": page["file"], "url": page["url"]}), file=self.process.stdin, flush=True)
        found = json.loads(self.process.stdout.readline())
        self.seconds.append(found["seconds"])
        self.peak_mib = found["peak_mib"]
        got, wanted = _shingles(found["text"]), _shingles(page["gold"]["text"])
        common = (got & wanted).total()
        self.recalls.append(common / max(1, wanted.total()))
        if got:
            self.precisions.append(common / got.total())
        else:
            self.empty += 1

    @property
    def f1(self) -> float:
        """F1 of the mean precision and mean recall, as scrapinghub's article-extraction-benchmark has it."""
        precision, recall = fmean(self.precisions or [0.0]), fmean(self.recalls)
        return 2 * precision * recall / max(1e-9, precision + recall)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _TOKEN.findall(text)
    return Counter(tuple(words[start : start + 4]) for start in range(max(1, len(words) - 3)) if words)


def _start(name: str) -> System:
    command = (
        [sys.executable, "-m", "tools.bench.cleaners"]
        if name == "onrecord"
        else [python_with("clean", PEERS), str(_WORKER)]
    )
    process = subprocess.Popen(
        [*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    return System(name, process)


def _pages(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [record | {"file": str(folder / record["html_file"])} for record in map(json.loads, lines)]


def _measure(folder: Path, names: list[str]) -> Table:
    systems = [_start(name) for name in names]
    pages = _pages(folder)
    try:
        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task(folder.name, total=len(pages) * len(systems))
            for number, start in enumerate(range(0, len(pages), _TURN)):
                # The order turns, so that no system always finds the pages' bytes cold.
                for place in range(len(systems)):
                    for page in pages[start : start + _TURN]:
                        systems[(number + place) % len(systems)].clean(page)
                        progress.advance(task)
    finally:
        for system in systems:
            system.process.terminate()
    return _table(f"{folder.name}: {len(pages)} pages", systems)


def _table(title: str, systems: list[System]) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold", box=None)
    for name in ("", "F1", "precision", "recall", "empty", "pages/s", "ratio", "p99 ms", "peak MiB"):
        table.add_column(name, justify="right" if name else "left", no_wrap=bool(name))
    reference = next((fmean(system.seconds[1:]) for system in systems if system.name == _REFERENCE), None)
    for system in sorted(systems, key=lambda one: -one.f1):
        warm = system.seconds[1:]  # the first page also pays for what is loaded lazily
        table.add_row(
            system.name,
            f"{system.f1:.3f}",
            f"{fmean(system.precisions or [0.0]):.3f}",
            f"{fmean(system.recalls):.3f}",
            str(system.empty),
            f"{1 / fmean(warm):.0f}",
            f"{reference / fmean(warm):.1f}" if reference else "",
            f"{quantiles(warm, n=100)[-1] * 1e3:.0f}",
            f"{system.peak_mib:.0f}",
        )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a folder of sets, each with gold.jsonl")
    parser.add_argument("--only", nargs="*", default=list(CLEANERS), choices=list(CLEANERS), metavar="SYSTEM")
    options = parser.parse_args()
    for gold in sorted(options.data.glob("*/gold.jsonl")):
        Console(soft_wrap=True).print(_measure(gold.parent, options.only))


if __name__ == "__main__":
    main()

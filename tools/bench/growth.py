"""Print the time that an engine takes for texts of growing length, ordinary and hostile: it must grow in proportion.

    python -m tools.bench.growth --engine rules [--megabytes 0.1 0.5 1 5]

Times are CPU seconds; the last column is the exponent of the growth, 1 for linear time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from math import log

from rich.console import Console
from rich.table import Table

from worker.statements import engine_for, extract
from worker.statements.engines import ENGINES


def _repeated(unit: str) -> Callable[[int], str]:
    return lambda length: (unit * (length // len(unit) + 1))[:length]


SHAPES: dict[str, Callable[[int], str]] = {
    "news": _repeated('Ann Marsh said that it was late. "We go home," she added.\nMr Lind denied it on Friday.\n'),
    "one line": _repeated('Ann Marsh said that it was late. "We go home," she added. Mr Lind denied it on Friday. '),
    "quotations": _repeated('"It is as it was before." '),
    "quotation marks": _repeated('"'),
    "unclosed marks": _repeated("“a\n"),
    "single marks": _repeated("'so it goes' "),
    "no spaces": _repeated("a"),
    "right to left": _repeated('قالت آن: "نعم نذهب". '),
    "emoji": _repeated("😀👨‍👩‍👧 "),
    "labels": _repeated("VANCE: We go.\n"),
    "labels, one line": _repeated("VANCE: "),
    "signatures": _repeated("“We go now and never.” — Ann Marsh\n"),
    "paragraphs of one quotation": _repeated("“We go and we will not come back.\n"),
    "capitals": _repeated("Marsh Lind Vance "),
    "initials": _repeated("A."),
    "insertions": _repeated("Ann Marsh said that the pier, which was old, would — if need be — be the, "),
    "headlines": _repeated("- Kestria rejects plan of its neighbours, says talks go on\n"),
    "hyphens": _repeated("-"),
    "dots": lambda length: "." * length + "a",
    "spaces": lambda length: "Hi." + " " * length + "a",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=ENGINES, default="fast")
    parser.add_argument("--megabytes", type=float, nargs="+", default=[0.1, 0.5, 1.0, 5.0])
    parser.add_argument("--shape", nargs="+", choices=SHAPES, default=list(SHAPES))
    options = parser.parse_args()
    engine = engine_for("en", options.engine)
    table = Table(title=f"{options.engine}: CPU seconds by length of text", title_justify="left")
    table.add_column("text")
    for megabytes in options.megabytes:
        table.add_column(f"{megabytes:g} MB", justify="right")
    table.add_column("growth", justify="right")
    for shape in options.shape:
        texts = (SHAPES[shape](int(1e6 * megabytes)) for megabytes in options.megabytes)
        seconds = [_seconds(text, engine) for text in texts]
        growth = log(seconds[-1] / seconds[0]) / log(options.megabytes[-1] / options.megabytes[0])
        table.add_row(shape, *(f"{spent:.2f}" for spent in seconds), f"{growth:.2f}")
    Console().print(table)


def _seconds(text: str, engine) -> float:
    started = time.process_time()
    extract(text, engine=engine)
    return time.process_time() - started


if __name__ == "__main__":
    main()

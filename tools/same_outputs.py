"""Tell whether two checkouts find the same: `python -m tools.same_outputs BEFORE AFTER --data DATA`.

Each reads 200 texts with every engine, cleans 200 pages, and takes in the newsroom of `make demo`. Compared are the
JSON lines, and the events without what differs from run to run: the moments of the run itself, and which of two copies
of a story came first. Both run in the environment that runs this.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from worker.adapters import embedded
from worker.adapters.redis.store import connect

MOST = 200
ENGINES = ("rules", "fast", "accurate")
_COMMAND = "from worker.cli import main; main()"
#: The seed article stands beside a checkout, not in it, so one of two may have none.
_DEMO = "from pathlib import Path; from tests.newsroom import demo; demo.SEED = Path('/none'); demo.main()"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_OF_THE_RUN = {"cluster"}


def main() -> int:
    """Compare, print `identical` or the first difference of each kind; the exit code is 1 when there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--most", type=int, default=MOST)
    options = parser.parse_args()
    checkouts = [options.before.resolve(), options.after.resolve()]
    same = True
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        texts, pages = _texts(options.data, folder, options.most), _pages(options.data, folder, options.most)
        for engine in ENGINES:
            arguments = ["extract", "--jsonl", "--engine", engine, str(texts)]
            same &= _told(f"extract --engine {engine}", [_lines(each, arguments) for each in checkouts])
        same &= _told("clean", [_lines(each, ["clean", "--jsonl", str(pages)]) for each in checkouts])
        port = _free_port()
        events = [_events(each, folder / str(number), port) for number, each in enumerate(checkouts)]
        same &= _told("events of the newsroom", events)
    return 0 if same else 1


def _texts(data: Path, folder: Path, most: int) -> Path:
    """Write `most` texts, taken evenly from both halves of the corpus."""
    halves = [data / "polnear" / name for name in ("dev.jsonl", "train.jsonl")]
    lines = [line for half in halves for line in half.read_text("utf-8").splitlines()]
    rows = [json.loads(line) for line in lines[:: max(1, len(lines) // most)][:most]]
    path = folder / "texts.jsonl"
    path.write_text("".join(json.dumps({"id": row["id"], "text": row["text"]}) + "\n" for row in rows), "utf-8")
    return path


def _pages(data: Path, folder: Path, most: int) -> Path:
    """Write `most` pages, as many of each set, and a list of them."""
    sets = sorted(path.parent for path in (data / "cleaning").glob("*/gold.jsonl"))
    path = folder / "pages.jsonl"
    with path.open("w", encoding="utf-8") as listed:
        for each in sets:
            for row in islice(_rows(each / "gold.jsonl"), most // len(sets)):
                page = folder / f"{each.name}-{len(list(folder.iterdir()))}.html"
                page.write_bytes(gzip.decompress((each / row["html_file"]).read_bytes()))
                listed.write(json.dumps({"id": row["id"], "url": row["url"], "html_file": page.name}) + "\n")
    return path


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _lines(checkout: Path, arguments: list[str]) -> list[str]:
    return _python(checkout, _COMMAND, arguments, {}).splitlines()


def _python(checkout: Path, code: str, arguments: list[str], more: dict[str, str]) -> str:
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=checkout, env=os.environ | more, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{checkout}: {' '.join(arguments) or 'the demo'} ended with {done.returncode}")
    return done.stdout


def _events(checkout: Path, folder: Path, port: int) -> list[str]:
    """Run the demo in `folder`, with its site at `port`, and return its events in an order of their own."""
    (folder / "demo").mkdir(parents=True)
    (folder / "demo" / "port").write_text(str(port))
    _python(checkout, _DEMO, [], {"ONRECORD_STATE_DIR": str(folder)})
    redis = folder / "demo" / "redis"
    client = connect(embedded.ensure(redis))
    try:
        keys = sorted(key for key in client.scan_iter("*", _type="stream"))
        entries = [(_text(key), _words(fields)) for key in keys for _, fields in client.xrange(key)]
        return sorted(_canonical(key, words) for key, words in entries if "event" in words)
    finally:
        embedded.stop(redis)


def _words(fields: dict[Any, Any]) -> dict[str, str]:
    return {_text(name): _text(value) for name, value in fields.items()}


def _canonical(key: str, words: dict[str, str]) -> str:
    event = {name: _without(_loaded(value)) for name, value in words.items()}
    return _without_moments(json.dumps([key, event], sort_keys=True, ensure_ascii=False))


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _loaded(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(inner) for name, inner in value.items() if name not in _OF_THE_RUN}
    return [_without(inner) for inner in value] if isinstance(value, list) else value


def _without_moments(text: str) -> str:
    """Replace the moments of the last and next two days, which are those of the run, by a word."""
    now = datetime.now(UTC)

    def shown(match: re.Match[str]) -> str:
        return "now" if abs(now - datetime.fromisoformat(match[0])) < timedelta(days=2) else match[0]

    return _MOMENT.sub(shown, text)


def _told(what: str, found: list[Iterable[str]] | list[list[str]]) -> bool:
    """Print whether two lists of lines are the same, or the first lines that differ."""
    before, after = map(list, found)
    pair = next(((a, b) for a, b in zip_longest(before, after, fillvalue="") if a != b), None)
    if not before:
        print(f"{what}: nothing found")
        return False
    if pair is None:
        print(f"{what}: identical, {len(before)} lines")
        return True
    at = next((n for n, (a, b) in enumerate(zip(*pair, strict=False)) if a != b), min(map(len, pair)))
    print(f"{what}: {len(before)} and {len(after)} lines; the first difference, from character {at}:")
    print(*(f"  {line[max(0, at - 80) : at + 120]}" for line in pair), sep="\n")
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())

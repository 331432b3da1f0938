"""One system in one process: warm up, then run over the articles whenever the parent says so.

    python -m tools.bench.peers.measure SYSTEM articles.jsonl

Standard library only, as it runs in the environment of the system. Writes a line {"ready": true} after the
warm-up; for every line on standard input a line {"seconds"} of CPU time; at its end {"peak_mb", "found"}.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path

WARM_UP = 3  # articles


def main() -> None:
    module, _, name = sys.argv[1].partition(":")
    lines = Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
    texts = {article["id"]: article["text"] for article in map(json.loads, lines)}
    system = import_module(f"tools.bench.peers.{module}").load(name)
    for text in list(texts.values())[:WARM_UP]:
        system(text)
    _say(ready=True)
    found = {}
    for _ in sys.stdin:
        started = time.process_time()
        found = {article: system(text) for article, text in texts.items()}
        _say(seconds=time.process_time() - started)
    _say(peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found=found)


def _say(**answer) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

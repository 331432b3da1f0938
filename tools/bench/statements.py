"""Print how well and how fast an engine finds statements.

    python -m tools.bench.statements --data articles.jsonl --engine rules > predictions.jsonl

`--data` has a line {"id", "text", ...} an article; what is found goes to standard output in the same
format that `onrecord extract --jsonl` writes, the rate (articles per CPU second) to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from worker.statements import engine_for, extract
from worker.versions.lines import to_json


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--engine", default="rules")
    parser.add_argument("--language", default="en")
    options = parser.parse_args()
    articles = [json.loads(line) for line in options.data.read_text(encoding="utf-8").splitlines()]
    engine = engine_for(options.language, options.engine)
    started = time.process_time()
    found = [extract(a["text"], engine=engine, language=options.language) for a in articles]
    spent = time.process_time() - started
    for article, statements in zip(articles, found, strict=True):
        line = {"id": article["id"], "statements": [to_json(statement) for statement in statements]}
        print(json.dumps(line, ensure_ascii=False))
    print(f"{len(articles)} articles, {len(articles) / spent:.1f} articles per CPU second", file=sys.stderr)


if __name__ == "__main__":
    main()

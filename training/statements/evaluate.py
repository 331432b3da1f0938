"""Print quality, speed and memory of the engines on a gold file, by an external scorer.

python -m training.statements.evaluate --data DATA --scorer score_statements.py [--engine fast ...]
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import subprocess
import sys
import time
from pathlib import Path


def predict(engine_name: str, gold: Path) -> dict:
    """RoleSpan an engine over a gold file in this process; return predictions, speed and memory."""
    from worker.statements import engine_for
    from worker.statements.document import Document

    engine = engine_for("en", engine_name)
    articles = [json.loads(line) for line in gold.open(encoding="utf-8")]
    engine.attributions(Document(articles[0]["text"]))
    started = time.process_time()
    found = {article["id"]: engine.attributions(Document(article["text"])) for article in articles}
    seconds = time.process_time() - started
    return {
        "articles_per_cpu_second": len(articles) / seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "found": {name: [_plain(a) for a in several] for name, several in found.items()},
    }


def _plain(attribution) -> dict:
    roles = ("content", "cue", "source")
    spans = {role: [[s.start, s.end] for s in getattr(attribution, role)] for role in roles}
    return spans | {"cue_class": attribution.cue_class, "confidence": attribution.confidence}


def _scores(scorer, gold: Path, found: dict, *, speech: bool) -> dict:
    predictions = {
        name: {"statements": [s for s in several if not speech or s["cue_class"] == "speech"]}
        for name, several in found.items()
    }
    return scorer.evaluate(scorer.load(gold), predictions)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument("--engine", nargs="*", default=["fast", "accurate", "rules"])
    parser.add_argument("--predict", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    dev = arguments.data / "polnear" / "dev.jsonl"
    if arguments.predict:
        print(json.dumps(predict(arguments.predict, dev)))
        return
    spec = importlib.util.spec_from_file_location("scorer", arguments.scorer)
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    print("engine     all: iou50    e2e | speech: e2e | direct: tok    e2e | articles/CPU s  peak MB")
    for name in arguments.engine:  # a process each, so that the memory is the engine's own
        run = subprocess.run(
            [sys.executable, "-m", __spec__.name, *sys.argv[1:], "--predict", name],
            capture_output=True, check=True, text=True,
        )  # fmt: skip
        result = json.loads(run.stdout)
        every = _scores(scorer, dev, result["found"], speech=False)
        speech = _scores(scorer, dev.with_name("dev-speech.jsonl"), result["found"], speech=True)
        figures = [
            every["all"]["iou50"][2], every["all"]["e2e"][2], speech["all"]["e2e"][2],
            every["direct"]["tok"][2], every["direct"]["e2e"][2],
        ]  # fmt: skip
        a, b, c, d, e = (100 * figure for figure in figures)
        print(
            f"{name:9s} {a:10.1f} {b:6.1f} | {c:11.1f} | {d:11.1f} {e:6.1f} |"
            f" {result['articles_per_cpu_second']:14.1f} {result['peak_mb']:8.0f}"
        )


if __name__ == "__main__":
    main()

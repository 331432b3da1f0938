"""One system in one process: over all pages, or the texts of pages, whenever the parent says so.

    python -m tools.bench.e2e.peer SYSTEM items.jsonl

Imports nothing but the standard library and the system, in whose environment it runs. Writes a line {"ready": true}
after a first round that warms up; for every line on standard input, a turn, {"seconds"} of CPU time that a pass over
all takes; at its end {"peak_mb", "found"}: the text of each page, or how many statements are in it.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: A page has a `url`, its `html` and, as it comes from the network, its `body`; a text is `text`.
Item = dict[str, Any]
#: CPU seconds of a turn, at least: in one short pass a fast system would mostly be measured with the caches of another.
_TURN = 3.0
System = Callable[[Item], str | int]


def onrecord() -> System:
    from worker.clean import clean
    from worker.core.records import Article, Page
    from worker.statements import engine_for, extract

    engine = engine_for("en", "fast")

    def run(item: Item) -> int:
        article = clean(Page(item["url"], item["url"], item["body"]))
        assert isinstance(article, Article)
        return len(extract(article.text, engine=engine, blocks=article.blocks))

    return run


def trafilatura() -> System:
    from trafilatura import bare_extraction

    def run(item: Item) -> str:
        found = bare_extraction(item["html"], url=item["url"], with_metadata=True, include_comments=False)
        return (found.text or "") if found else ""

    return run


def newspaper() -> System:
    from newspaper import Article

    def run(item: Item) -> str:
        article = Article(item["url"], fetch_images=False)
        article.download(input_html=item["html"])
        article.parse()
        return str(article.text)

    return run


def news_please() -> System:
    from newsplease import NewsPlease

    return lambda item: NewsPlease.from_html(item["html"], url=item["url"], fetch_images=False).maintext or ""


def textacy() -> System:
    from tools.bench.peers.textacy_quotations import load

    find = load("")
    return lambda item: len(find(item["text"]))


SYSTEMS = {
    "onrecord": onrecord,
    "trafilatura": trafilatura,
    "newspaper4k": newspaper,
    "news-please": news_please,
    "textacy": textacy,
}


def _seconds(run: System, items: list[Item]) -> float:
    """Return the CPU time of a pass over the items, the mean of a turn's passes."""
    started, passes = time.process_time(), 0
    while (spent := time.process_time() - started) < _TURN:
        for item in items:
            run(item)
        passes += 1
    return spent / passes


def main() -> None:
    run = SYSTEMS[sys.argv[1]]()
    items = [json.loads(line) for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()]
    for item in items:
        item["body"] = item.get("html", "").encode()
    found = [run(item) for item in items]
    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        print(json.dumps({"seconds": _seconds(run, items)}), flush=True)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"peak_mb": peak_mb, "found": found}), flush=True)


if __name__ == "__main__":
    main()

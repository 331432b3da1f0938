"""The ledger: CPU an article from admission to publication, beside the bare XADD of the same events; and memory.

    python tools/bench/ledger.py [ARTICLES]

Both publish the same events in the same run, in alternating rounds. CPU is this process's (client) plus the server's
own (`INFO cpu`), so that neither the machine's other work nor waiting counts. "bare" is one pipeline of XADD an
article: no dedup, no lease, no retry, no accounting, and whatever dies in between is lost or doubled.
"""

import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from config import limits
from config.settings import ROOT, Settings
from worker.adapters import embedded
from worker.adapters.redis.footprint import footprint
from worker.adapters.redis.store import Scripts, connect
from worker.contract import Event, decode, encode
from worker.core.outcomes import Outcome
from worker.core.records import FeedEntry, Page
from worker.services import Services
from worker.versions.revisions import content_of

EXAMPLES = ROOT / "worker/contract/schema/examples"
ROUND, FEED, STATEMENTS, HOSTS = 250, 25, 10, 50
ZERO = timedelta(0)
LEDGER = (
    "admit",
    "take",
    "claim",
    "fetched",
    "finish",
    "sweep",
)  # the rest keeps pages and what was published, for replay
BARE = "bare XADD"


class Meter:
    """CPU microseconds by label, client and server apart."""

    def __init__(self, client) -> None:
        self._client = client
        self.client: defaultdict[str, float] = defaultdict(float)
        self.server: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, label: str) -> Iterator[None]:
        server, client = self._server(), time.process_time()
        yield
        self.client[label] += (time.process_time() - client) * 1e6
        self.server[label] += (self._server() - server) * 1e6

    def _server(self) -> float:
        cpu = self._client.info("cpu")
        return cpu["used_cpu_user"] + cpu["used_cpu_sys"]


def example(name: str) -> Event:
    return decode({"event": json.dumps(json.loads((EXAMPLES / name).read_text("utf-8")))})


def events() -> list[Event]:
    said = example("statement.created.direct.json")
    return [
        example("article.created.json"),
        *(Event(**{**vars(said), "subject": f"{n:032x}"}) for n in range(STATEMENTS)),
    ]


def go(services: Services, meter: Meter, start: int, found: list[Event], prefix: str) -> None:
    """Take one round of articles all the way."""
    entries = [
        FeedEntry(f"https://h{n % HOSTS}.example/2026/{n}", title="A title of some length")
        for n in range(start, start + ROUND)
    ]
    page = Page("", "", (EXAMPLES / "article.created.json").read_bytes() * 20)
    with meter("admit"):
        for at in range(0, ROUND, FEED):
            services.articles.admit(entries[at : at + FEED])
    with meter("take"):
        taken = services.articles.take()
    assert len(taken) == ROUND
    with meter("claim"):
        jobs = [services.articles.claim(item.id, item.token, "fetch") for item in taken]
    with meter("store page"):
        refs = [services.pages.put(Page(job.url, job.url, page.body)) for job in jobs]
    with meter("fetched"):
        tokens = [services.articles.fetched(job, ref, {}) for job, ref in zip(jobs, refs, strict=True)]
    with meter("claim"):
        jobs = [services.articles.claim(job.id, token, "process") for job, token in zip(jobs, tokens, strict=True)]
    streams = [(f"{prefix}:{event.noun}s", encode(event)) for event in found]
    with meter("snapshot"):
        contents = [content_of(found) for _ in jobs]
    with meter("finish"):
        for job, content in zip(jobs, contents, strict=True):
            services.articles.finish(job, Outcome.PUBLISHED, None, canonical_id=job.id, content=content, events=streams)
    with meter("sweep"):
        services.articles.sweep()
        services.pages.remove(services.snapshots.evict(10**9))


def bare(client, meter: Meter, found: list[Event]) -> None:
    streams = [(f"bare:{event.noun}s", encode(event)) for event in found]
    with meter(BARE):
        for _ in range(ROUND):
            pipe = client.pipeline(transaction=False)
            for stream, fields in streams:
                pipe.xadd(stream, fields)
            pipe.execute()


def main(count: int) -> None:
    folder = Path(tempfile.mkdtemp())
    url = embedded.ensure(folder)
    try:
        measure(url, count)
    finally:
        embedded.stop(folder)


def measure(url: str, count: int) -> None:
    client, prefix, found = connect(url), "bench", events()
    settings = Settings(key_prefix=prefix, max_in_flight=10**6, host_spacing=ZERO, host_concurrency=ROUND)
    services, meter = Services(settings, url), Meter(client)
    go(services, Meter(client), 10**6, found, prefix)  # scripts loaded, memory touched
    for start in range(0, count, ROUND):
        go(services, meter, start, found, prefix)
        bare(client, meter, found)
    done = max(count // ROUND, 1) * ROUND
    size = sum(len(value) for event in found for value in encode(event).values())
    print(f"{done} articles of {len(found)} events, {size / 1000:.0f} kB; CPU us an article")
    table(meter, done)
    memory(url, client)


def table(meter: Meter, count: int) -> None:
    """Print each step, and what the ledger costs: all steps but those of the page store, less the publishing itself."""
    print(f"{'':20}{'client':>8}{'server':>8}{'both':>8}")
    costs = {label: (meter.client[label] / count, meter.server[label] / count) for label in meter.client}
    for label, cost in costs.items():
        row(label, *cost)
    client, server = (sum(side) for side in zip(*(costs[label] for label in LEDGER), strict=True))
    row("ledger", client - costs[BARE][0], server - costs[BARE][1])


def row(label: str, client: float, server: float) -> None:
    print(f"{label:20}{client:8.0f}{server:8.0f}{client + server:8.0f}")


def memory(url: str, client) -> None:
    """Print what records take when there are as many as 1.5 million articles a day leave in a bucket."""
    bucket_ms = int(limits.SEEN_BUCKET.total_seconds() * 1000)
    entry = json.dumps(
        {"guid": "https://paper.example/?p=1234567", "title": "A title of forty characters, as they are"}
    )
    about = {"url": "https://paper.example/2026/11/23/a-slug-of-some-length", "host": "paper.example", "entry": entry}
    per_hash = int(1.5e6 * limits.SEEN_BUCKET.days / 65_536)
    rows = [json.dumps({"id": f"0000{n:016x}{0:012x}", "aliases": [], "feed": "", **about}) for n in range(per_hash)]
    named: dict[str, str | int] = {
        "feed": "",
        "token": 0,
        "length": bucket_ms,
        "concurrency": 2,
        "fields": "{}",
        "wait": 0,
    }
    Scripts(client, "dense")("admit", *rows, **named, complete=0, events="[]")
    found = footprint(url, "dense")
    days = 30 * 1.5e6 * (found.seen_article_bytes or 0) / 1e9
    print(f"memory: {found.seen_article_bytes} bytes a seen article ({per_hash} a hash),", end=" ")
    print(f"30 days at 1.5 million a day: {days:.2f} GB; {found.article_in_flight_bytes} bytes an article in flight")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)

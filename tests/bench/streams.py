"""Streams: events a second through one consumer group, beside redis-py doing the same bare.

    python tests/bench/streams.py [EVENTS]

"raw" is XADD in pipelines of 100, and XREADGROUP of 100 with an XACK for each entry before the next one: the same
promise that `Consumer` makes. "raw, batch XACK" promises less: a death repeats up to 100 entries. Neither decodes.
"""

import json
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import redis

from config.settings import ROOT
from worker.adapters import embedded
from worker.contract import Consumer, Event, check, decode, encode, payload_of

BATCH = 100
EXAMPLE = ROOT / "worker/contract/schema/examples/statement.created.direct.json"


def main(count: int) -> None:
    folder = Path(tempfile.mkdtemp())
    url = embedded.ensure(folder)
    try:
        measure(url, count)
    finally:
        embedded.stop(folder)


def measure(url: str, count: int) -> None:
    client = redis.Redis.from_url(url, decode_responses=True, protocol=2)
    example = decode({"event": json.dumps(json.loads(EXAMPLE.read_text("utf-8")))})
    events = [Event(**{**vars(example), "id": f"{n:032x}"}) for n in range(count)]
    ready = [encode(event) for event in events]
    print(f"{count} events of {len(ready[0]['event'].encode())} bytes of JSON")

    raw_publish = rate("publish: raw", count, lambda: publish(client, "raw", ready))
    ours_publish = rate(
        "publish: check + encode", count, lambda: publish(client, "onrecord:statements", encoded(events))
    )
    print(f"{'':26}{ours_publish / raw_publish:8.0%} of raw")
    print(f"{'memory':26}{client.memory_usage('onrecord:statements', samples=0) / count:8.0f} bytes an event")

    raw = rate("consume: raw", count, lambda: consume_raw(client, "each", every=1))
    rate("consume: raw, batch XACK", count, lambda: consume_raw(client, "batch", every=BATCH))
    ours = rate("consume: Consumer", count, lambda: consume_ours(url, count))
    print(f"{'':26}{ours / raw:8.0%} of raw")
    per_event(example)


def encoded(events: list[Event]):
    for event in events:
        check(event)
        yield encode(event)


def publish(client: redis.Redis, stream: str, entries) -> None:
    pipe = client.pipeline(transaction=False)
    for fields in entries:
        pipe.xadd(stream, fields)
        if len(pipe) == BATCH:
            pipe.execute()
    pipe.execute()


def consume_raw(client: redis.Redis, group: str, every: int) -> None:
    client.xgroup_create("raw", group, id="0")
    while reply := client.xreadgroup(group, "one", {"raw": ">"}, count=BATCH):
        ids = [entry_id for entry_id, _ in reply[0][1]]
        for start in range(0, len(ids), every):
            client.xack("raw", group, *ids[start : start + every])


def consume_ours(url: str, count: int) -> None:
    consumer, left = Consumer("statements", group="desk", url=url), iter(range(count - 1, -1, -1))
    consumer.run(lambda _: next(left) or consumer.stop())


def per_event(event: Event, rounds: int = 5000) -> None:
    fields = encode(event)
    for name, call in (
        ("check", lambda: check(event)),
        ("encode", lambda: encode(event)),
        ("decode", lambda: decode(fields)),
        ("payload_of", lambda: payload_of(event)),
    ):
        with timed() as took:
            for _ in range(rounds):
                call()
        print(f"{name:26}{took[0] / rounds * 1e6:8.1f} µs an event")


def rate(name: str, count: int, call) -> float:
    with timed() as took:
        call()
    print(f"{name:26}{count / took[0]:8.0f} events/s")
    return count / took[0]


@contextmanager
def timed():
    took = [0.0]
    start = time.perf_counter()
    yield took
    took[0] = time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)

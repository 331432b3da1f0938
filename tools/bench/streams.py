"""Streams: events a second through one consumer group, beside redis-py doing the same bare.

    python -m tools.bench.streams [EVENTS]

"raw" is XADD in pipelines of 100, and XREADGROUP of 100 with an XACK for each entry before the next one: the same
promise that `Consumer` makes, over one connection of its own too. "raw, batch XACK" promises less: a death repeats up
to 100. None decodes.
Rounds alternate, so that a busy machine is busy for both; the share is the median over the rounds.
"""

import json
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, cast

import redis

from config.settings import ROOT
from worker.adapters import embedded
from worker.contract import Consumer, Event, check, decode, encode, payload_of

BATCH = 100
ROUNDS = 50
EXAMPLE = ROOT / "worker/contract/schema/examples/statement.created.direct.json"


def main(count: int) -> None:
    folder = Path(tempfile.mkdtemp())
    url = embedded.ensure(folder)
    try:
        measure(url, count)
    finally:
        embedded.stop(folder)


def measure(url: str, count: int) -> None:
    client = redis.Redis.from_url(url, decode_responses=True, protocol=2, single_connection_client=True)
    example = decode({"event": json.dumps(json.loads(EXAMPLE.read_text("utf-8")))})
    events = [Event(**{**vars(example), "id": f"{n:032x}"}) for n in range(count)]
    ready = [encode(event) for event in events]
    print(f"{count} events of {len(ready[0]['event'].encode())} bytes of JSON")

    size = count // ROUNDS
    shares, rates = paired(
        lambda n: publish(client, "raw", ready[n * size : (n + 1) * size]),
        lambda n: publish(client, "onrecord:statements", encoded(events[n * size : (n + 1) * size])),
        size,
    )
    show("publish", shares, rates)
    used = client.memory_usage("onrecord:statements", samples=0)
    print(f"{'memory':26}{used / client.xlen('onrecord:statements'):8.0f} bytes an event")
    client.xgroup_create("raw", "each", id="0")
    shares, rates = paired(lambda _: consume_raw(client, "each", 1, size), lambda _: consume_ours(url, size), size)
    show("consume", shares, rates)
    client.xgroup_create("raw", "batch", id="0")
    with timed() as took:
        consume_raw(client, "batch", BATCH, size)
    print(f"{'consume: raw, batch XACK':26}{size / took[0]:8.0f} events/s")
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


def consume_raw(client: redis.Redis, group: str, every: int, count: int) -> None:
    while count > 0:
        reply = client.xreadgroup(group, "one", {"raw": ">"}, count=BATCH)
        ids = [entry_id for entry_id, _ in cast("Any", reply)[0][1]]
        count -= len(ids)
        for start in range(0, len(ids), every):
            client.xack("raw", group, *ids[start : start + every])


def consume_ours(url: str, count: int) -> None:
    consumer = Consumer("statements", group="desk", url=url, consumer="one")
    left = iter(range(count - 1, -1, -1))

    def count_down(_: Event) -> None:
        if not next(left):
            consumer.stop()

    consumer.run(count_down)


def paired(raw, ours, size: int) -> tuple[list[float], list[tuple[float, float]]]:
    """Return our share of the raw rate in each round, and both rates in events a second."""
    rates = []
    for number in range(ROUNDS):
        both = []
        for call in (raw, ours):
            with timed() as took:
                call(number)
            both.append(size / took[0])
        rates.append((both[0], both[1]))
    return [one[1] / one[0] for one in rates], rates


def show(what: str, shares: list[float], rates: list[tuple[float, float]]) -> None:
    raw, ours = (median(column) for column in zip(*rates, strict=True))
    print(f"{what + ': raw':26}{raw:8.0f} events/s")
    print(f"{what + ': ours':26}{ours:8.0f} events/s")
    print(f"{'':26}{median(shares):8.0%} of raw ({min(shares):.0%} to {max(shares):.0%} over {ROUNDS} rounds)")


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


@contextmanager
def timed():
    took = [0.0]
    start = time.perf_counter()
    yield took
    took[0] = time.perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)

"""Feeds: polls a second and CPU time of a poll, beside plain feedparser; CPU time of a fetched page beside a bare GET.

    python tools/bench/feeds.py [POLLS]

The server is another process on a real socket, so CPU time is the client's alone. A poll is all of it: claim, GET,
digest, parse, admission in a real Redis. "feedparser" is a GET with the same library and `feedparser.parse`, no more.
The feed has 30 entries and 24 KB, the page has 100 KB; both are sent gzipped, as sites do.
"""

import io
import multiprocessing
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import feedparser
import urllib3

from config import limits
from config.settings import Settings
from tests.newsroom.feeds import Entry, atom, rss
from tests.newsroom.server import Reply, Site
from worker.adapters import embedded
from worker.adapters.http.client import HttpClient
from worker.core.messages import PollFeed
from worker.core.outcomes import Outcome
from worker.feeds.parse import parse
from worker.fetch.response import check_page, check_status
from worker.pipeline.articles import poll_feed
from worker.services import Services

NOW = datetime(2026, 11, 20, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"),)
TEXT = "The council voted on the bridge over the river. " * 8
FEED = [
    Entry(f"Council votes on bridge {n}", f"https://paper.example/news/{n}?utm_source=rss", f"<p>{TEXT}", NOW)
    for n in range(30)
]
PAGE = f"<!doctype html><html><title>Bridge</title><body>{f'<p class=text>{TEXT}' * 250}</html>".encode()


def main(polls: int) -> None:
    folder = Path(tempfile.mkdtemp())
    theirs, ours = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    url = ours.recv()
    redis_url = embedded.ensure(folder)
    settings = Settings(
        state_dir=folder,
        feeds=folder / "feeds.toml",
        allow_networks=LOOPBACK,
        engine="rules",
        host_spacing=timedelta(0),
        host_concurrency=100_000,
        max_in_flight=100_000,
    )
    services = Services(settings, redis_url)
    try:
        bare_parse(polls)
        plain = measure("GET + feedparser", polls, lambda n: plain_poll(f"{url}/new/{n}"))
        for name, path in (("changed", "new"), ("equal bytes", "same"), ("304", "same")):
            rate = poll_all(services, name, [f"{url}/{path}/{n}" for n in range(polls)])
            print(f"{'':26}{rate / plain:8.1f} times feedparser")
        page(url, polls)
    finally:
        server.terminate()
        embedded.stop(folder)


def serve(pipe) -> None:
    document = rss("The Courier", "https://paper.example/", FEED)
    renewed = iter(range(10**9))

    def answer(_host: str, path: str) -> Reply:
        if path == "/page":
            return Reply(PAGE)
        title = f"Courier {next(renewed)}" if path.startswith("/new/") else "Courier"
        return Reply(document.replace("The Courier", title).encode(), "application/rss+xml")

    with Site(answer) as site:
        pipe.send(site.url)
        pipe.recv()


def bare_parse(rounds: int) -> None:
    for name, document in (("RSS", rss), ("Atom", atom)):
        body = document("The Courier", "https://paper.example/", FEED).encode()
        slow = measure(f"feedparser, {name}", rounds // 4, lambda _, body=body: feedparser.parse(io.BytesIO(body)))
        fast = measure(
            f"parse, {name}", rounds, lambda _, body=body: parse(body, url="https://paper.example/f", content_type=None)
        )
        print(f"{'':26}{fast / slow:8.1f} times feedparser")


def plain_poll(url: str) -> None:
    with urllib3.PoolManager() as pool:
        answer = pool.request("GET", url, headers={"Accept-Encoding": "gzip", "Connection": "close"})
    assert feedparser.parse(io.BytesIO(answer.data)).entries


def poll_all(services: Services, name: str, urls: list[str]) -> float:
    expected = Outcome.POLLED if name == "changed" else Outcome.NOT_MODIFIED
    services.jitter = lambda: 0.0 if name == "equal bytes" else 0.5  # a small one asks without conditions
    for url in urls:
        services.registry.add(url)
    if name == "equal bytes":
        first = polling(services, urls, Outcome.POLLED)
        for n in range(len(urls)):
            first(n)
    return measure(f"poll, {name}", len(urls), polling(services, urls, expected))


def polling(services: Services, urls: list[str], expected: Outcome):
    for url in urls:
        services.registry.poll_now(url)
    items = [item for item in services.articles.take() if item.is_feed]
    assert len(items) == len(urls)

    def poll(n: int) -> None:
        step = poll_feed(PollFeed(feed_id=items[n].id, token=items[n].token), services)
        assert step.outcome is expected, step

    return poll


def page(url: str, rounds: int) -> None:
    client = HttpClient(user_agent="onrecord-bench", allow=LOOPBACK)

    def ours(_: int) -> None:
        response = client.get(f"{url}/page", limits=limits.PAGE)
        check_status(response, now=NOW)
        check_page(response)

    def bare(_: int) -> None:
        with urllib3.PoolManager() as pool:
            pool.request("GET", f"{url}/page", headers={"Accept-Encoding": "gzip", "Connection": "close"})

    measure("page, bare GET", rounds, bare)
    measure("page, onrecord", rounds, ours)


def measure(name: str, rounds: int, call) -> float:
    """Print the rate by the clock and the CPU time; return rounds a CPU second."""
    call(0)
    wall, cpu = time.perf_counter(), time.process_time()
    for n in range(1, rounds):
        call(n)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name:26}{(rounds - 1) / wall:8.0f} a second {cpu / (rounds - 1) * 1000:8.2f} ms of CPU each", flush=True)
    return (rounds - 1) / cpu


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)

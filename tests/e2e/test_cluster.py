"""A real Redis Cluster of three nodes: the ledger in one slot, pages on all of them."""

from __future__ import annotations

import socket
import subprocess
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import redis
from redis.crc import key_slot

from tests.integration.receiver import Answer, Receiver
from tests.integration.sinks import webhook_sink
from tools.wait import wait_for
from worker.adapters.embedded import find_server
from worker.adapters.redis.deferred import DeferredDeliveries, SinkDelivery
from worker.adapters.redis.store import connect, single
from worker.contract import Consumer, Event, Match, encode
from worker.core.errors import Reason, TransientError
from worker.core.outcomes import Outcome
from worker.core.records import FeedEntry, Page
from worker.core.urls import article_id
from worker.delivery.dispatcher import Dispatcher
from worker.monitoring.collector import exposition
from worker.pipeline.retention import retain
from worker.services import Services
from worker.versions.events import dead_event
from worker.views.export import events_between

NODES, SLOTS = 3, 16384
ZERO, HOUR = timedelta(0), timedelta(hours=1)


class Cluster:
    """Three servers on loopback, each with a third of the slots."""

    def __init__(self, folder, ports):
        self.nodes = [redis.Redis(port=port, decode_responses=True) for port in ports]
        self.url = f"redis+cluster://127.0.0.1:{ports[0]}"
        self._servers = [self._start(folder / str(port), port) for port in ports]
        wait_for(lambda: all(map(answers, self.nodes)))
        for number, node in enumerate(self.nodes):
            node.execute_command("CLUSTER ADDSLOTSRANGE", SLOTS * number // NODES, SLOTS * (number + 1) // NODES - 1)
            node.execute_command("CLUSTER MEET", "127.0.0.1", ports[0])
        wait_for(lambda: all(map(is_whole, self.nodes)))

    def stop(self):
        for server in self._servers:
            server.terminate()
        for server in self._servers:
            server.wait(10)

    @staticmethod
    def _start(folder, port):
        folder.mkdir()
        options = {"bind": "127.0.0.1", "port": port, "dir": folder, "save": "", "logfile": folder / "log"}
        options |= {"cluster-enabled": "yes", "cluster-node-timeout": 2000, "maxmemory-policy": "noeviction"}
        flat = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
        return subprocess.Popen([find_server(), *flat])


def answers(node):
    with suppress(redis.RedisError):
        return node.ping()
    return False


def is_whole(node):
    state = node.execute_command("CLUSTER INFO")
    state = state if isinstance(state, dict) else dict(line.split(":") for line in state.split())
    return state["cluster_state"] == "ok" and int(state["cluster_known_nodes"]) == NODES


@pytest.fixture(scope="module")
def cluster(tmp_path_factory, free_cluster_ports):
    running = Cluster(tmp_path_factory.mktemp("cluster"), free_cluster_ports(NODES))
    yield running
    running.stop()


@pytest.fixture
def services(cluster, settings, redis_url):
    settings.feeds.write_text("")
    settings = replace(settings, key_prefix=f"{{{settings.key_prefix}}}", broker_url=redis_url, concurrency=1)
    return Services(settings, cluster.url)


@pytest.fixture(scope="module")
def free_cluster_ports():
    """Ports that are free, and whose cluster bus (the port 10,000 above) is too."""

    def is_free(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) != 0

    def find(count):
        found = (port for port in range(21_000, 32_000, 7) if is_free(port) and is_free(port + 10_000))
        return [next(found) for _ in range(count)]

    return find


def page(number):
    return Page(f"https://paper.example/{number}", f"https://paper.example/{number}", b"<p>text</p>" * 50)


def test_an_article_goes_all_the_way_on_a_cluster(services):
    stream = f"{services.settings.key_prefix}:statements"
    services.registry.add("https://paper.example/feed")
    (item,) = services.articles.take()
    feed = services.feeds.claim(item.id, item.token)
    admission = services.feeds.polled(feed, [FeedEntry(f"https://paper.example/{n}") for n in range(3)], HOUR)
    assert len(admission.admitted) == 3

    first, _ = services.articles.take()
    job = services.articles.claim(first.id, first.token, "fetch")
    token = services.articles.fetched(job, services.pages.put(page(0)), {})
    job = services.articles.claim(job.id, token, "process")
    assert services.pages.get(job.page_ref).body == page(0).body
    assert services.articles.finish(job, Outcome.PUBLISHED, None, events=[(stream, {"event": "{}"})]) == "published"

    assert services.status.outcome(job.id) == "published"
    assert services.articles.admit([job.entry]).overlap == 1
    services.articles.expire_leases()
    assert services.articles.sweep().put_back == 1
    again = services.articles.take()[0]
    late = services.articles.claim(again.id, again.token, "fetch")
    assert services.articles.put_back(late, ZERO, Reason.SERVER_ERROR, counts=True) == "BACK"
    counts = services.status.counts()
    assert counts["discovered"] == 3 == counts["published"] + counts["in_flight"]
    assert services.registry.rows()[0].status == "not polled yet"


def test_a_cluster_is_scraped(services):
    services.articles.admit([FeedEntry("https://paper.example/1")])
    services.measures.note("feeds.poll", Outcome.POLLED, "", ZERO)
    services.measures.flush()

    shown = exposition(services).decode()

    assert 'onrecord_attempts_total{outcome="polled",reason="",task="feeds.poll"} 1.0' in shown
    assert "onrecord_articles_in_flight 1.0" in shown
    assert services.intervals.take("check", HOUR)


def test_a_published_article_is_looked_at_again_on_a_cluster(services):
    ref = services.pages.put(page(0))
    entry = FeedEntry("https://paper.example/0")
    services.articles.admit([entry])
    (first,) = services.articles.take()
    token = services.articles.fetched(services.articles.claim(first.id, first.token, "fetch"), ref, {"etag": '"1"'})
    services.articles.finish(
        services.articles.claim(first.id, token, "process"), Outcome.PUBLISHED, None, content="x", recheck=HOUR
    )

    assert services.snapshots.recheck(first.id)
    (again,) = services.articles.take()
    job = services.articles.claim(again.id, again.token, "fetch")
    assert job.recheck.conditions == {"If-None-Match": '"1"'}
    assert services.snapshots.rechecked(job, Outcome.UNCHANGED, HOUR) == ""
    assert services.status.rechecks() == {"unchanged": 1, "waiting": 1}


@pytest.mark.timeout(120)
def test_a_worker_works_on_a_cluster_with_a_single_redis_for_celery(services, site, start, events):
    url = site.url + site.path(site.stories[0].slug)
    services.articles.admit([FeedEntry(url)])
    start()
    wait_for(lambda: services.status.outcome(article_id(url)) != "", 60)

    assert [event.data["fetched_url"] for event in events("articles")] == [url]
    assert events("statements")


def test_the_ledger_lies_in_one_slot_and_pages_on_every_node(services, cluster):
    services.articles.admit([FeedEntry(f"https://paper.example/{n}") for n in range(20)])
    for number in range(60):
        services.pages.put(page(number))
    keys = [key for node in cluster.nodes for key in node.keys("*") if services.settings.key_prefix.strip("{}") in key]
    of_pages = {key for key in keys if ":page:" in key}

    assert len({key_slot(key.encode()) for key in set(keys) - of_pages}) == 1
    assert all(any(":page:" in key for key in node.keys("*")) for node in cluster.nodes)


def test_a_consumer_group_reads_from_a_cluster(services):
    services.articles.admit([FeedEntry("https://paper.example/1")])
    (item,) = services.articles.take()
    job = services.articles.claim(item.id, item.token, "fetch")
    error = TransientError(Reason.TIMED_OUT, "x")
    event = dead_event(job, "fetch", error, time=services.clock.now(), source="urn:test")
    stream = f"{services.settings.key_prefix}:dead"
    services.articles.finish(job, Outcome.DEAD, Reason.TIMED_OUT, events=[(stream, encode(event))])
    seen = []

    def handle(one):
        seen.append(one.id)
        consumer.stop()

    consumer = Consumer("dead", group="desk", url=single(services.redis_url), prefix=services.settings.key_prefix)
    thread = threading.Thread(target=consumer.run, args=(handle,))
    thread.start()
    thread.join(20)

    assert seen == [event.id]


def test_streams_are_trimmed_and_groups_counted_on_a_cluster(services):
    client, key = connect(services.redis_url), f"{services.settings.key_prefix}:statements"
    for number in range(1, 301):
        client.xadd(key, {"event": "{}"}, id=f"{number}-0")  # in 1970
    client.xgroup_create(key, "desk", "200-0")

    assert retain(services) == 200
    (group,) = services.streams.groups()
    assert (group.lag, group.idle) == (100, None)
    assert group.warned is not None
    assert services.streams.pressure() == ""


def test_a_cluster_that_cannot_be_reached_is_a_store_that_is_gone():
    with pytest.raises(TransientError, match="store_unavailable"):
        connect("redis+cluster://127.0.0.1:1")


def test_a_sink_gets_the_events_of_a_cluster_also_those_that_it_refused_at_first(services):
    client, prefix = connect(services.redis_url), services.settings.key_prefix
    for n in range(5):
        event = Event(f"e{n}", "urn:test", "io.onrecord.feed.gap.v1", "f1", "2026-11-23T09:00:00Z", {})
        client.xadd(f"{prefix}:feeds", encode(event))
    deferred = DeferredDeliveries(services.redis_url, prefix, "desk")

    with Receiver() as receiver:
        receiver.answers.append(Answer(500))
        sink = webhook_sink(receiver.url, streams=("feeds",))
        dispatcher = Dispatcher(sink, services)
        dispatcher.start()
        wait_for(lambda: len(receiver.taken) == 5 and not deferred.counts(sink.streams)["aside"])
        dispatcher.ask_to_stop()
        dispatcher.join()
    deferred.bury(SinkDelivery("feeds", event, 16), "answered 500")

    assert receiver.taken[-1] == "e0"
    assert deferred.revive(sink.streams, services.clock.now()) == 1
    deferred.drop(sink.streams)
    assert deferred.counts(sink.streams) == {"aside": 0, "dead": 0}
    assert [event.id for _, event in events_between(client, f"{prefix}:feeds", "-", "+", Match())] == [
        f"e{n}" for n in range(5)
    ]

"""What Prometheus sees, on a real Redis: as its own parser reads it, after real work by real processes."""

import json
import re
import threading
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from config.settings import ROOT
from tests.newsroom.site import Newsroom
from tools.driver import drain
from worker.adapters.observability import metrics
from worker.adapters.redis.measures import Measures
from worker.adapters.redis.store import connect
from worker.core.errors import TransientError
from worker.core.messages import Sweep, Tick
from worker.core.outcomes import Delays, Outcome
from worker.monitoring.collector import exposition
from worker.monitoring.routes import is_moving
from worker.pipeline.articles import sweep, tick
from worker.services import Services
from worker.web.app import application

LATE = timedelta(minutes=3)


@pytest.fixture
def scrape(services):
    """Return all samples: (name, labels as a frozenset) -> value."""

    def read():
        families = text_string_to_metric_families(exposition(services).decode())
        return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}

    return read


def at(samples, name, **labels):
    return samples[name, frozenset(labels.items())]


def test_what_is_scraped_is_what_the_registry_names(services, scrape):
    text = exposition(services).decode()

    families = {family.name: family for family in text_string_to_metric_families(text)}
    names = {metric.name.removesuffix("_total"): metric for metric in metrics.ALL}
    assert set(families) <= set(names)
    assert set(names) - set(families) <= {"onrecord_tick_silence_seconds"}  # nobody ticked yet
    for name, family in families.items():
        assert family.type == names[name].kind
        assert {label for sample in family.samples for label in sample.labels} <= {*names[name].labels, "le"}


def test_the_articles_of_a_news_site_are_counted_by_outcome_and_add_up(services, scrape):
    with Newsroom() as site:
        for url in site.feeds:
            services.registry.add(url)
        drain(services)

        seen = scrape()

    assert at(seen, "onrecord_articles", outcome="published", reason="") > 20
    assert at(seen, "onrecord_articles", outcome="dropped", reason="not_an_article") == 1
    assert at(seen, "onrecord_articles_unaccounted") == 0
    assert at(seen, "onrecord_articles_in_flight") <= 1  # what answered 500 is tried again later
    assert at(seen, "onrecord_feeds", status="ok") == 2
    assert at(seen, "onrecord_stream_entries", stream="statements") > 100
    assert at(seen, "onrecord_stream_bytes", stream="statements") > 10_000
    assert at(seen, "onrecord_redis_memory_bytes") > 10_000
    assert at(seen, "onrecord_tick_silence_seconds") < 60
    labels = {value for _, found in seen for name, value in found if name != "le"}
    assert not [value for value in labels if "/" in value or "127.0.0.1" in value]


def test_attempts_of_many_processes_come_to_one_histogram(services, scrape):
    def work():
        mine = Services(services.settings, services.redis_url).measures
        for _ in range(50):
            mine.note("articles.fetch", Outcome.FETCHED, "", timedelta(milliseconds=30))
            mine.flush()
        mine.note("articles.fetch", Outcome.RETRYING, "timed_out", timedelta(seconds=60))
        mine.flush(every=timedelta(0))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    seen = scrape()
    assert at(seen, "onrecord_attempts_total", task="articles.fetch", outcome="fetched", reason="") == 200
    assert at(seen, "onrecord_attempts_total", task="articles.fetch", outcome="retrying", reason="timed_out") == 4
    bucket = {"name": "onrecord_attempt_seconds_bucket", "task": "articles.fetch"}
    assert [at(seen, **bucket, le=le) for le in ("0.025", "0.05", "40.0", "+Inf")] == [0, 200, 200, 204]
    assert at(seen, "onrecord_attempt_seconds_count", task="articles.fetch") == 204
    assert at(seen, "onrecord_attempt_seconds_sum", task="articles.fetch") == pytest.approx(246)


def test_the_way_from_publication_to_event_is_measured(services, scrape):
    known = Delays(timedelta(seconds=20), LATE)
    services.measures.note("articles.process", Outcome.PUBLISHED, "", timedelta(0), known)
    unknown = Delays(timedelta(seconds=70), None)
    services.measures.note("articles.process", Outcome.PUBLISHED, "", timedelta(0), unknown)
    services.measures.flush()

    seen = scrape()
    assert at(seen, "onrecord_publication_to_event_seconds_count") == 1
    assert at(seen, "onrecord_publication_to_event_seconds_bucket", le="120.0") == 0
    assert at(seen, "onrecord_publication_to_event_seconds_bucket", le="300.0") == 1
    assert at(seen, "onrecord_found_to_event_seconds_sum") == 90


def test_a_message_tells_how_long_it_has_waited(services, scrape):
    key = f"{services.settings.key_prefix}:celery:network"
    sent = services.clock.now().timestamp() - 42
    connect(services.redis_url).lpush(key, json.dumps({"headers": {"sent": sent}}), json.dumps({"headers": {}}))

    seen = scrape()

    assert at(seen, "onrecord_queue_messages", queue="network") == 2
    assert 42 <= at(seen, "onrecord_queue_oldest_seconds", queue="network") < 90
    assert at(seen, "onrecord_queue_oldest_seconds", queue="cpu") == 0


def test_a_group_that_lags_is_seen(services, scrape):
    client, key = connect(services.redis_url), f"{services.settings.key_prefix}:statements"
    client.xgroup_create(key, "desk", id="0", mkstream=True)
    for _ in range(3):
        client.xadd(key, {"event": "{}"})
    client.xreadgroup("desk", "one", {key: ">"}, count=1)

    seen = scrape()

    assert at(seen, "onrecord_group_lag_entries", stream="statements", group="desk") == 3
    assert at(seen, "onrecord_group_pending_entries", stream="statements", group="desk") == 1


def test_liveness_is_progress_and_readiness_is_redis(services):
    with TestClient(application(services), base_url="http://127.0.0.1:8000") as client:
        assert client.get("/readyz").status_code == 200
        idle = client.get("/healthz")
        assert (idle.status_code, idle.json()["progress"]) == (503, False)

        tick(Tick(), services)
        sweep(Sweep(), services)
        assert client.get("/healthz").json()["progress"] is True
        assert client.get("/metrics").headers["content-type"].startswith("text/plain; version=0.0.4")

        for _ in range(20):
            services.articles.count_failure()
        paused = client.get("/healthz")
        assert paused.status_code == 503
        assert paused.json()["paused_s"] > 0
    assert not is_moving(services.status.health())


def test_without_redis_nothing_half_is_shown(settings):
    gone = Services(settings, "redis://127.0.0.1:1/0")
    with TestClient(application(gone), base_url="http://127.0.0.1:8000") as client:
        answers = {path: client.get(path) for path in ("/metrics", "/healthz", "/readyz")}

    assert {answer.status_code for answer in answers.values()} == {503}
    assert all(answer.text.startswith("Redis cannot be used") for answer in answers.values())


def test_the_documented_metrics_are_those_of_the_registry():
    rows = re.findall(
        r"^\| `(onrecord_\w+)` \| (\w+) \| ([\w`, ]*) \|", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE
    )

    documented = {(name, kind, tuple(re.findall(r"\w+", labels))) for name, kind, labels in rows}
    assert documented == {(metric.name, metric.kind, metric.labels) for metric in metrics.ALL}


def test_the_dashboard_asks_for_metrics_and_labels_that_exist():
    board = json.loads((ROOT / "deploy/grafana/onrecord.json").read_text())
    asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    labels = {metric.name: {*metric.labels, "le"} for metric in metrics.ALL}
    labels |= {f"{m.name}_{part}": labels[m.name] for m in metrics.ALL if m.kind == "histogram" for part in
               ("bucket", "sum", "count")}  # fmt: skip

    assert len(asked) > 15
    for expression in asked:
        names = re.findall(r"\bonrecord_\w+", expression)
        assert names
        assert set(names) <= set(labels), expression
        by = {label for group in re.findall(r"\bby ?\(([^)]*)\)", expression) for label in re.findall(r"\w+", group)}
        assert by <= set.union(*(labels[name] for name in names)), expression


def test_what_was_noted_while_redis_was_away_is_counted_later(services, scrape):
    mine = Measures("redis://127.0.0.1:1/0", services.settings.key_prefix)
    mine.note("feeds.poll", Outcome.POLLED, "", timedelta(seconds=1))
    with pytest.raises(TransientError):
        mine.flush()
    mine._client = connect(services.redis_url)
    mine.flush(every=timedelta(0))

    assert at(scrape(), "onrecord_attempts_total", task="feeds.poll", outcome="polled", reason="") == 1


def test_a_reading_of_an_empty_hash_is_empty(services):
    read = Measures(services.redis_url, services.settings.key_prefix).read()

    assert read.attempts() == {}
    assert sum(read.found_to_event().buckets) == 0

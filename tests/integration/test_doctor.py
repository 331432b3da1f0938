"""`onrecord doctor` on a real Redis: in health, and with one fault after the other."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from celery import Celery

from config import limits
from worker.adapters import embedded
from worker.adapters.clock import SystemClock
from worker.adapters.redis.store import connect
from worker.cli.doctor import doctor, examine
from worker.services import Services
from worker.statements import engines
from worker.statements.network import engine as network
from worker.views.status import facts, strays


@pytest.fixture(scope="module")
def own_redis(tmp_path_factory):
    """A server whose configuration may be spoilt."""
    folder = tmp_path_factory.mktemp("redis")
    yield embedded.ensure(folder)
    embedded.stop(folder)


@pytest.fixture
def healthy(settings, own_redis):
    settings.feeds.write_text('[[feed]]\nurl = "http://localhost/feed"\n')
    services = Services(replace(settings, pages_mb=1, engine="fast"), own_redis)
    services.registry.sync(settings.feeds)
    services.articles.take()
    yield services
    for name, value in HEALTHY.items():
        connect(own_redis).config_set(name, value)


HEALTHY = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory": "0", "maxmemory-policy": "noeviction"}


def faults(services):
    return [finding for finding in examine(services) if finding.level != "ok"]


def configured(name, value):
    return lambda services, *_: connect(services.redis_url).config_set(name, value)


def a_slow_clock(services, monkeypatch, _):
    late = SystemClock().now() - timedelta(hours=1)
    monkeypatch.setattr(services.clock, "now", lambda: late, raising=False)


def no_authorities(_, monkeypatch, folder):
    (folder / "none.pem").touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))


def a_host_of_no_name(services, *_):
    services.registry.remove("http://localhost/feed")
    services.registry.add("http://paper.invalid/feed", "")


def a_short_visibility(_, monkeypatch, __):
    monkeypatch.setattr(limits, "VISIBILITY_TIMEOUT", timedelta(seconds=30))


def an_event_of_tomorrow(services, *_):
    event = json.dumps({"type": "io.onrecord.article.created.v2"})
    connect(services.redis_url).xadd(f"{services.settings.key_prefix}:articles", {"event": event})


def torn_weights(_, monkeypatch, folder):
    shutil.copytree(network._MODELS, folder / "model")
    weights = folder / "model" / "fast" / "model.onnx"
    weights.write_bytes(weights.read_bytes()[:1_000])
    monkeypatch.setattr(network, "_MODELS", folder / "model")
    engines._loaded.cache_clear()


def nobody_asking(services, *_):
    connect(services.redis_url).delete(f"{services.settings.key_prefix}:ticked")


def no_feeds(services, *_):
    services.registry.remove("http://localhost/feed")


def test_nothing_is_wrong_with_what_is_healthy(healthy, capsys):
    assert faults(healthy) == []
    assert doctor(healthy, as_json=False)
    assert "✓" in capsys.readouterr().out


@pytest.fixture(autouse=True)
def _no_foreign_queue_is_left(healthy):
    url = healthy.redis_url
    yield
    connect(url).delete("celery", "network")


def a_client_without_our_prefix(healthy, *_):
    Celery(broker=healthy.broker_url).send_task("articles.fetch", kwargs={"url": "https://paper.example/a"})


@pytest.mark.parametrize(
    ("check", "plant", "level"),
    [
        ("persistence", configured("appendonly", "no"), "error"),
        ("persistence", configured("appendfsync", "no"), "warning"),
        ("eviction", configured("maxmemory-policy", "allkeys-lru"), "warning"),
        ("memory", configured("maxmemory", "2mb"), "warning"),
        ("clock", a_slow_clock, "error"),
        ("DNS", a_host_of_no_name, "error"),
        ("TLS trust store", no_authorities, "error"),
        ("broker", a_short_visibility, "error"),
        ("stream articles", an_event_of_tomorrow, "error"),
        ("engine", torn_weights, "error"),
        ("progress", nobody_asking, "warning"),
        ("feeds", no_feeds, "warning"),
        ("foreign queues", a_client_without_our_prefix, "warning"),
    ],
)
def test_a_fault_is_found_with_its_cure(healthy, monkeypatch, tmp_path, capsys, check, plant, level):
    plant(healthy, monkeypatch, tmp_path)

    is_well = doctor(healthy, as_json=True)

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (found,) = [finding for finding in told if finding["level"] != "ok"]
    assert (found["check"], found["level"]) == (check, level)
    assert found["cure"]
    assert is_well is (level != "error")


def test_pages_that_the_disk_has_no_room_for_are_a_warning(healthy):
    greedy = replace(healthy, settings=replace(healthy.settings, pages_mb=1_000_000))

    (found,) = faults(greedy)

    assert (found.check, found.level) == ("disk of Redis", "warning")


def test_without_redis_the_rest_is_checked_all_the_same(healthy):
    healthy.settings.feeds.unlink()
    findings = list(examine(replace(healthy, redis_url="redis://127.0.0.1:1/0")))

    assert [finding.check for finding in findings if finding.level != "ok"] == ["Redis"]
    assert len(findings) > 1


def test_the_queue_of_another_application_is_no_concern(healthy):
    Celery(broker=healthy.broker_url).send_task("newsletter.send")
    connect(healthy.broker_url).set("network", "10.0.0.0/8")

    assert strays(healthy) == {}
    assert not faults(healthy)


def test_status_tells_of_a_client_without_our_prefix(healthy):
    a_client_without_our_prefix(healthy)

    assert [one for one in facts(healthy)["warnings"] if one.startswith("1 messages wait in 'celery'")]

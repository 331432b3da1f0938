"""WebSub from end to end, on real sockets: a site, its hub, the web application, and polls."""

import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
import uvicorn

from config.settings import ROOT
from tests.newsroom.hub import Hub, deliver, get
from tests.newsroom.server import Reply
from tools.driver import drain
from tools.wait import wait_for
from worker.adapters.clock import SystemClock
from worker.adapters.redis.registry import feed_id
from worker.cli.processes import end_with_parent
from worker.cli.why import why
from worker.core.outcomes import Outcome
from worker.core.urls import article_id, host_of
from worker.fetch.pace import HostPace
from worker.fetch.robots import ABSENT
from worker.services import Services
from worker.web import hubs
from worker.web.app import application

POLLS = {Outcome.POLLED, Outcome.NOT_MODIFIED}


class Later:
    """The system's clock, some time on."""

    def __init__(self):
        self.ahead = timedelta(0)

    def now(self):
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def hub():
    with Hub() as running:
        yield running


@pytest.fixture
def services(services, redis_url):
    """Services with an application of their own, which serves until the test ends."""
    listening = socket.create_server(("127.0.0.1", 0))
    public_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    services = Services(
        replace(services.settings, public_url=public_url),
        redis_url,
        clock=cast("SystemClock", Later()),
        jitter=lambda: 0.5,
    )
    config = uvicorn.Config(application(services), log_level="warning", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    running.start()
    wait_for(lambda: server.started)
    yield services
    server.should_exit = True
    running.join()
    listening.close()


@pytest.fixture
def url(site, services):
    services.registry.add(f"{site.url}/feed")
    return f"{site.url}/feed"


@pytest.fixture
def show(site, pages, hub):
    """Let the feed list these articles, and name its hub."""

    def names(*listed):
        items = "".join(f"<item><title>{n}</title><link>{site.url}/news/{n}</link></item>" for n in listed)
        atom = f"<a:link xmlns:a='http://www.w3.org/2005/Atom' rel='hub' href='{hub.url}'/>"
        text = f"<rss version='2.0'><channel><title>Paper</title>{atom}{items}</channel></rss>"
        pages["/feed"] = Reply(text.encode(), "application/rss+xml")

    return names


def polls(services, url):
    """Poll the feed if it is due; return what came of that."""
    return [step for step in drain(services) if step.subject == url and step.outcome in POLLS]


def poll(services, url):
    services.registry.poll_now(url)
    wait_for(lambda: polls(services, url))


def subscription(services, url):
    return services.subscriptions.get(feed_id(url))


def is_active(services, url):
    return subscription(services, url).is_active(services.clock.now())


def wait(services, url):
    row = services.registry.row(feed_id(url))
    return row.due - row.polled


@pytest.fixture
def subscribed(services, url, show, hub):
    """A feed with one article and a verified subscription; the URL of its callback."""
    show("a", "b")
    poll(services, url)
    wait_for(lambda: hub.secrets)
    return next(iter(hub.secrets))


def told(services, url, capsys):
    why(services, url, as_json=True)
    return json.loads(capsys.readouterr().out)


def test_a_push_makes_the_feed_due_and_its_entries_come_by_the_poll(services, site, url, show, hub, subscribed):
    assert hub.asked[0]["hub.topic"] == url
    poll(services, url)  # it relies on the hub now
    assert polls(services, url) == []
    show("a", "b", "c")

    assert hub.publish(b"<rss/>") == [202]
    wait_for(lambda: polls(services, url))
    assert services.status.outcome(article_id(f"{site.url}/news/c")) is not None


def test_a_delivery_that_the_hub_did_not_sign_is_answered_and_ignored(services, url, show, hub, subscribed):
    poll(services, url)
    show("a", "b", "c")

    assert hub.publish(b"<rss/>", secret="not the secret") == [202]
    assert polls(services, url) == []
    assert subscription(services, url).pushed is None


def test_what_nobody_subscribed_to_is_not_found(services, url, hub, subscribed):
    query = f"hub.mode=subscribe&hub.topic={url}&hub.challenge=c"

    assert get(f"{subscribed}?{query}") == (200, "c")
    assert get(f"{subscribed}x?{query}")[0] == 404
    assert get(f"{subscribed}?{query}2")[1] == "c2"
    assert get(f"{subscribed}?{query.replace('/feed', '/other')}")[0] == 404
    assert get(f"{subscribed}?{query.replace('subscribe', 'unsubscribe')}")[0] == 404
    assert deliver(f"{subscribed}x", b"", "s") == 404
    assert deliver(f"{services.settings.public_url}/websub/0123456789abcdef/x", b"", "s") == 404


def test_a_delivery_without_an_end_is_refused(services, url, hub, subscribed, monkeypatch):
    monkeypatch.setattr(hubs, "MAX_PUSH_BYTES", 1000)

    assert hub.publish(b"x" * 1000) == [202]
    assert hub.publish(b"x" * 1001) == [413]


def test_a_hub_may_forget_a_feed_that_was_removed(services, url, hub, subscribed):
    services.registry.remove(url)

    assert hub.publish(b"<rss/>") == [410]
    assert services.registry.row(feed_id(url)).due is None


def test_a_feed_with_a_hub_at_work_is_polled_seldom(services, url, show, hub, subscribed, capsys):
    poll(services, url)

    usual = services.settings.poll_min
    assert wait(services, url) > 5 * usual
    shown = told(services, url, capsys)
    assert "its hub pushes: a tenth as often, but daily" in shown["why then"]
    assert shown["hub"].startswith(f"{hub.url}: pushes, the last time never; ends in 239 h")


def test_a_hub_that_misses_entries_twice_is_not_relied_on_until_the_next_lease(
    services, url, show, hub, subscribed, capsys
):
    poll(services, url)
    for listed in ("abc", "abcd"):
        show(*listed)
        poll(services, url)

    assert "missed entries" in told(services, url, capsys)["hub"]
    assert "its hub pushes" not in told(services, url, capsys)["why then"]
    get(f"{subscribed}?hub.mode=subscribe&hub.topic={url}&hub.challenge=c")
    assert not subscription(services, url).is_demoted


def test_a_lease_is_renewed_by_the_polls_before_it_ends(services, url, show, hub, subscribed):
    secret, until = hub.secrets[subscribed], subscription(services, url).until
    services.clock.ahead = timedelta(days=4)
    poll(services, url)
    assert len(hub.asked) == 1

    services.clock.ahead = timedelta(days=6)
    poll(services, url)
    wait_for(lambda: subscription(services, url).until > until)
    assert hub.secrets == {subscribed: secret}


def test_a_hub_that_denies_is_asked_again_after_hours(services, url, show, hub, subscribed, capsys):
    assert get(f"{subscribed}?hub.mode=denied&hub.topic={url}&hub.reason=no+more")[0] == 200
    poll(services, url)

    assert "denied it: no more" in told(services, url, capsys)["hub"]
    assert len(hub.asked) == 1
    services.clock.ahead = timedelta(hours=7)
    poll(services, url)
    wait_for(lambda: is_active(services, url))


def test_a_hub_that_refuses_is_no_failure_of_the_feed(services, url, show, hub, capsys):
    hub.status = 500
    show("a")
    poll(services, url)

    assert told(services, url, capsys)["status"] == "ok"
    assert told(services, url, capsys)["hub"].endswith("the hub answered 500")


def test_another_hub_gets_another_secret(services, url, show, hub, subscribed, pages):
    with Hub() as other:
        text = pages["/feed"].body.decode().replace(hub.url, other.url)
        pages["/feed"] = Reply(text.encode(), "application/rss+xml")
        poll(services, url)
        wait_for(lambda: other.secrets)

    assert set(other.secrets.values()).isdisjoint(hub.secrets.values())
    assert get(f"{subscribed}?hub.mode=subscribe&hub.topic={url}&hub.challenge=c")[0] == 404


def test_a_hub_on_the_host_of_the_feed_is_asked_with_the_permit_of_a_poll(services, site, url, show, hub, pages):
    show("a")
    pages["/feed"] = Reply(pages["/feed"].body.replace(hub.url.encode(), f"{site.url}/hub".encode()), "text/xml")
    services.robots.put(host_of(site.url), ABSENT)
    poll(services, url)
    assert subscription(services, url) is None

    services.registry.poll_now(url)
    steps = []

    def polled_twice():
        steps.extend(polls(services, url))
        return len(steps) == 2

    wait_for(polled_twice)
    assert [step.detail for step in steps] == ["its hub first", "unchanged"]
    assert "501" in subscription(services, url).problem  # the site is no hub


def test_a_hub_on_another_host_needs_the_permit_of_that(services, url, show, hub):
    minute = timedelta(minutes=1)
    services.hosts.heard(host_of(hub.url), HostPace(minute, had_success=True), age=timedelta(0), hold=minute)
    show("a")
    poll(services, url)
    poll(services, url)

    assert hub.asked == []


def test_an_interval_that_a_person_set_outranks_a_hub(services, url, show, hub, subscribed):
    services.registry.add(url, every="10m")
    poll(services, url)

    assert wait(services, url) < timedelta(minutes=12)


def test_without_a_public_url_no_hub_is_asked(services, redis_url, url, show, hub):
    services = Services(replace(services.settings, public_url=None), redis_url)
    show("a")
    poll(services, url)

    assert hub.asked == []


def test_the_command_serves_the_callback_where_it_is_told_to(services, url, subscribed):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from worker.cli import main; main()", "web", "--port", str(port)]
    environment = {
        **os.environ,
        "REDIS_URL": services.redis_url,
        "ONRECORD_KEY_PREFIX": services.settings.key_prefix,
        "ONRECORD_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, preexec_fn=end_with_parent)
    moved = subscribed.replace(services.settings.public_url, f"http://127.0.0.1:{port}")

    def answers():
        try:
            return get(f"{moved}?hub.mode=subscribe&hub.topic={url}&hub.challenge=c") == (200, "c")
        except OSError:
            return False

    try:
        wait_for(answers)
    finally:
        process.terminate()
        process.communicate(timeout=20)

"""`onrecord why`: what became of an article, and why a feed is polled when it is."""

import json
from datetime import UTC, datetime

import pytest
import typer

from tests.newsroom.feeds import Entry, rss
from tests.newsroom.server import Reply, Site
from tools.wait import wait_for
from worker.adapters.redis.registry import feed_id
from worker.cli.why import why
from worker.core.errors import Reason, RejectedError
from worker.core.messages import Tick, to_fields
from worker.core.records import FeedEntry
from worker.core.urls import article_id


@pytest.fixture
def tasks(services, monkeypatch):
    """Run the tasks of a worker in this process, on the test's services, as long as any may start."""
    from tasks import base

    waiting = []
    monkeypatch.setattr(base, "services", lambda: services)
    monkeypatch.setattr(base, "send_all", waiting.extend)

    def run_due():
        waiting.append(Tick())
        while waiting:
            message = waiting.pop(0)
            base.run(type(message), to_fields(message))

    return run_due


@pytest.fixture
def site():
    replies = {"/robots.txt": Reply(b"User-agent: *\nDisallow: /private\n", "text/plain")}
    with Site(lambda _host, path: replies.get(path)) as running:
        listed = [Entry("A", f"{running.url}/private/a", "A", datetime(2026, 11, 1, tzinfo=UTC))]
        replies["/feed.xml"] = Reply(rss("Paper", running.url, listed).encode(), "application/rss+xml")
        yield running


def facts(capsys):
    return json.loads(capsys.readouterr().out)


def test_why_an_article_was_dropped(services, site, tasks, capsys):
    url = f"{site.url}/private/a"
    services.articles.admit([FeedEntry(url)])

    def settled():
        tasks()
        return services.status.outcome(article_id(url))

    wait_for(settled)
    capsys.readouterr()  # the log
    why(services, url, as_json=True)

    told = facts(capsys)
    assert told["outcome"] == "dropped: robots denied"
    assert told["attempts"][0]["detail"] == "robots.txt first"
    assert told["attempts"][-1]["reason"] == "robots_denied"


def test_why_an_article_waits(services, capsys):
    services.articles.admit([FeedEntry("https://paper.example/a"), FeedEntry("https://paper.example/b")])

    why(services, article_id("https://paper.example/a"), as_json=True)

    told = facts(capsys)
    assert told["stage"] == "fetch, 0 attempts"
    assert told["host"].startswith("paper.example: next start now")
    assert told["host"].endswith("0 at work, 2 waiting")


def test_why_a_feed_is_polled_when_it_is(services, site, tasks, capsys):
    url = f"{site.url}/feed.xml"
    services.registry.add(url, every="5m-1h")
    tasks()
    capsys.readouterr()  # the log

    why(services, url, as_json=False)
    why(services, feed_id(url), as_json=False)

    shown = capsys.readouterr().out
    assert shown.count("entries a day") == 2
    assert shown.count("1 new of 1") == 2
    assert shown.count("5 min to 60 min, as set for it") == 2
    assert shown.count(f"{site.url}/feed.xml") >= 2


def test_why_a_removed_feed_is_not_polled(services, capsys):
    services.registry.add("https://paper.example/feed")
    services.registry.remove("https://paper.example/feed")

    why(services, "https://paper.example/feed", as_json=True)

    told = facts(capsys)
    assert (told["status"], told["due"]) == ("removed", "-")
    assert "feeds add" in told["why then"]


@pytest.mark.parametrize("subject", ["https://paper.example/never", "0123456789abcdef"])
def test_what_is_unknown_is_said_to_be(services, subject):
    with pytest.raises(RejectedError) as caught:
        why(services, subject, as_json=False)

    assert caught.value.reason is Reason.UNKNOWN
    assert "no feed and no article" in str(caught.value)


def test_what_can_be_no_id_is_said_to_be_none(services):
    with pytest.raises(typer.BadParameter, match="neither a URL nor an id"):
        why(services, "nope", as_json=False)

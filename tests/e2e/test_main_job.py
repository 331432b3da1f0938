"""From a feed to statements on a stream: real sockets, a real Redis, real prefork workers."""

import os
import signal
from collections import Counter

import psutil
import pytest

from tests.newsroom.site import COPIED, FLAKY
from tools.wait import wait_for
from worker.contract import verify
from worker.core.urls import article_id
from worker.views.status import identity_holds


def listed(site):
    return {article_id(site.url + site.path(story.slug)) for story in site.stories if story.feeds}


def all_done(services, site):
    """Say whether all is done; a feed may count as polled before its last articles are handed out."""
    counts = services.status.counts()
    polled = [row for row in services.registry.rows() if row.status == "ok"]
    return len(polled) >= 2 and counts.get("discovered", 0) >= len(listed(site)) and counts["in_flight"] == 0


def nothing_lost_or_doubled(services, site, events):
    articles, statements = events("articles"), events("statements")
    doubled = [key for key, n in Counter(event.id for event in articles + statements).items() if n > 1]
    assert doubled == []
    assert listed(site) - {event.subject for event in articles} == set()
    assert identity_holds(services.status.counts())


@pytest.mark.timeout(150)
def test_every_article_of_the_feeds_is_published_once(services, site, start, events):
    start()
    wait_for(lambda: all_done(services, site), 90)

    nothing_lost_or_doubled(services, site, events)
    texts = {event.subject: event.data["text"] for event in events("articles")}
    for statement in events("statements"):
        verify(statement.data, texts[statement.partitionkey])
    reasons = {name.split(":")[0] for name in services.status.counts()}
    assert {"published", "dead"} <= reasons  # the retracted story is dead, and says why
    assert any(event.data["reason"] == "not_found" for event in events("dead"))


@pytest.mark.timeout(240)
def test_killing_everything_half_way_loses_and_doubles_nothing(services, site, start, events):
    first = start()
    wait_for(lambda: services.status.counts().get("published", 0) >= 5, 60)
    for process in first.running.values():
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        os.kill(process.pid, signal.SIGKILL)
    services.articles.expire_leases()

    start()
    wait_for(lambda: all_done(services, site), 120)

    nothing_lost_or_doubled(services, site, events)


@pytest.mark.timeout(120)
def test_any_celery_client_can_ask_for_an_article(services, site, start, events):
    from celery import Celery

    from config.broker import celery_config

    services.settings.feeds.write_text("")
    start()
    url = site.url + site.path(site.stories[0].slug)
    client = Celery(config_source=celery_config(services.settings, services.redis_url))
    with client.connection_for_write() as connection:
        client.send_task("articles.fetch", kwargs={"url": url}, queue="network", connection=connection)

    wait_for(lambda: services.status.outcome(article_id(url)) == "published", 60)

    assert [event.data["fetched_url"] for event in events("articles")] == [url]


@pytest.mark.timeout(120)
def test_a_message_that_cannot_be_read_harms_nothing(services, site, start, events):
    from celery import Celery

    from config.broker import celery_config

    start()
    client = Celery(config_source=celery_config(services.settings, services.redis_url))
    with client.connection_for_write() as connection:
        for fields in ({"wrong": 1}, {"article_id": "unknown", "token": 9}, {"url": "no url"}):
            client.send_task("articles.fetch", kwargs=fields, queue="network", connection=connection)

    wait_for(lambda: all_done(services, site), 90)

    nothing_lost_or_doubled(services, site, events)


@pytest.mark.timeout(120)
def test_an_article_by_hand_and_what_the_commands_say_of_it(services, site, start, tmp_path, capsys):
    from worker.cli.ingest import ingest
    from worker.cli.status import status

    services.settings.feeds.write_text("")
    page = tmp_path / "page.html"
    page.write_text(site.page(site.path(site.stories[0].slug)))
    start()

    ingest(services, site.url + site.path(site.stories[1].slug), 60, as_json=False)
    ingest(services, str(page), 60, as_json=False)
    ingest(services, str(page), 60, as_json=False)
    with pytest.raises(SystemExit):
        ingest(services, site.url + "/no/such/story", 60, as_json=True)
    status(services, as_json=False)

    shown = capsys.readouterr().out
    assert shown.count("published: ") == 3
    assert "already published: " in shown
    assert '"outcome": "dead:not_found"' in shown
    assert "✓" in shown


@pytest.mark.timeout(120)
def test_a_publisher_who_edits_one_quotation_and_removes_another_is_told_on(services, site, start, events, capsys):
    from worker.cli.ingest import ingest, recheck

    services.settings.feeds.write_text("")
    start()
    story = next(story for story in site.stories if story.language == "en" and story.slug not in (COPIED, FLAKY))
    path = site.path(story.slug)
    ingest(services, site.url + path, 60, as_json=False)
    html, (article,) = site.page(path), events("articles")
    edited, removed = [event for event in events("statements") if len(quoted(event)) > 12 and quoted(event) in html][:2]
    new = " ".join([*quoted(edited).split()[:-2], "after all"])
    site.edit(path, html.replace(quoted(edited), new).replace(quoted(removed), ""))

    recheck(services, site.url + path)
    wait_for(lambda: len(events("articles")) == 2, 60)

    told = {event.subject: event for event in events("statements") if "created" not in event.type}
    amended, retracted = told[edited.subject], told[removed.subject]
    assert amended.type.endswith("statement.amended.v1")
    assert amended.data["previous_text"] == edited.data["text"]
    assert new in amended.data["text"]
    assert retracted.type.endswith("statement.retracted.v1")
    assert retracted.data["text"] == removed.data["text"]
    assert {event.data["reason"] for event in (amended, retracted)} == {"edited"}
    assert events("articles")[1].data["previous_sha256"] == article.data["text_sha256"]
    assert identity_holds(services.status.counts())


def quoted(event):
    """Return the words of a direct quotation in one piece, as they stand in the markup."""
    is_whole = event.data["kind"] == "direct" and len(event.data["segments"]) == 1
    return event.data["text"].strip("“”,.") if is_whole else ""

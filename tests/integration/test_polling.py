"""Polls against a real server: what they remember, announce and survive."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tests.newsroom.feeds import Entry, rss
from tests.newsroom.server import Reply
from tools.driver import drain
from tools.wait import wait_for
from worker.adapters.redis.registry import feed_id
from worker.adapters.redis.store import connect
from worker.contract import decode
from worker.core.outcomes import Outcome
from worker.pipeline.probe import sync_feeds

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
HOME = (
    b'<html><head><link rel="alternate" type="application/rss+xml" href="/new.xml"></head><body>Welcome</body></html>'
)


@pytest.fixture
def pages():
    """What the site answers, by path."""
    return {"/robots.txt": Reply(b"", status=404)}


@pytest.fixture
def services(services):
    services.jitter = lambda: 0.5
    return services


@pytest.fixture
def url(site, services):
    url = f"{site.url}/feed.xml"
    services.registry.add(url)
    return url


def listing(site, *names):
    entries = [Entry(name, f"{site.url}/{name}", name, MOMENT) for name in names]
    return Reply(rss("Paper", site.url, entries).encode(), "application/rss+xml")


def poll(services, url):
    """Poll the feed as soon as its host is ready; return the step."""
    subject = state(services, url)["url"]  # it may have moved
    services.registry.poll_now(url)
    polls = []

    def polled():
        polls.extend(step for step in drain(services) if step.outcome in POLLS and step.subject == subject)
        return polls

    wait_for(polled)
    return polls[0]


POLLS = {Outcome.POLLED, Outcome.NOT_MODIFIED, Outcome.FEED_FAILED}


def events(services, kind):
    entries = connect(services.redis_url).xrange(f"{services.settings.key_prefix}:feeds")
    decoded = [decode(fields) for _, fields in entries]
    return [event.data for event in decoded if event.type == f"io.onrecord.feed.{kind}.v1"]


def state(services, url):
    return services.feeds.get(services.registry.key(url)).fields


def wait(services, url):
    row = services.registry.row(feed_id(url))
    return row.due - row.polled


def test_a_listing_without_overlap_is_a_gap_and_polled_again_as_soon_as_may_be(site, pages, services, url):
    pages["/feed.xml"] = listing(site, "a", "b", "c")
    poll(services, url)
    pages["/feed.xml"] = listing(site, "x", "y")

    step = poll(services, url)

    assert step.detail == "2 new of 2, a gap before them"
    (gap,) = events(services, "gap")
    assert (gap["url"], gap["entries"]) == (url, 2)
    assert wait(services, url) <= services.settings.poll_min * 1.1
    assert "none of its 2 entries was there before" in state(services, url)["why"]


def test_a_listing_with_overlap_is_none(site, pages, services, url):
    pages["/feed.xml"] = listing(site, "a", "b", "c")
    poll(services, url)
    pages["/feed.xml"] = listing(site, "b", "c", "d")

    assert poll(services, url).detail == "1 new of 3"
    assert events(services, "gap") == []


def test_what_did_not_change_is_not_sent_again(site, pages, services, url):
    pages["/feed.xml"] = listing(site, "a")
    poll(services, url)

    assert poll(services, url).outcome is Outcome.NOT_MODIFIED
    assert [request.status for request in site.requests if request.path == "/feed.xml"] == [200, 304]


def test_one_poll_in_a_hundred_asks_for_all_of_it(site, pages, services, url):
    pages["/feed.xml"] = listing(site, "a")
    poll(services, url)
    services.jitter = lambda: 0.0

    assert poll(services, url).outcome is Outcome.NOT_MODIFIED  # by its digest
    assert [request.status for request in site.requests if request.path == "/feed.xml"] == [200, 200]


def test_410_ends_a_feed_until_somebody_adds_it_again(site, pages, services, url):
    pages["/feed.xml"] = Reply(b"", status=410)
    poll(services, url)
    services.settings.feeds.write_text(f'[[feed]]\nurl = "{url}"\n')
    sync_feeds(services)

    assert services.registry.row(feed_id(url)).due is None
    assert [(event["state"], event["reason"], event["next_due"]) for event in events(services, "status")] == [
        ("gone", "gone", None)
    ]

    pages["/feed.xml"] = listing(site, "a")
    services.registry.add(url)
    assert poll(services, url).outcome is Outcome.POLLED


def test_a_permanent_redirect_moves_a_feed_for_good(site, pages, services, url):
    pages["/feed.xml"] = Reply(b"", status=301, location="/new.xml")
    pages["/new.xml"] = listing(site, "a")
    poll(services, url)
    services.settings.feeds.write_text(f'[[feed]]\nurl = "{url}"\n')
    sync_feeds(services)
    pages["/feed.xml"] = Reply(b"", status=500)

    assert poll(services, url).outcome is Outcome.NOT_MODIFIED
    assert state(services, url)["url"] == f"{site.url}/new.xml"
    assert events(services, "status")[0]["reason"] == "moved"


@pytest.fixture
def moved(site, pages, services, url):
    """A feed that moved; its new URL."""
    pages |= {"/feed.xml": Reply(b"", status=301, location="/new.xml"), "/new.xml": listing(site, "a")}
    poll(services, url)
    return f"{site.url}/new.xml"


def test_a_feed_that_moved_is_known_by_both_its_urls(services, url, moved):
    assert services.registry.key(moved) == services.registry.key(url) == feed_id(url)
    assert not services.registry.add(moved)
    for known_as in (url, moved):
        assert poll(services, known_as).outcome is Outcome.NOT_MODIFIED
    assert [row.url for row in services.registry.rows()] == [moved]
    assert services.registry.remove(moved)
    assert services.registry.rows() == []


def test_the_configuration_may_name_a_feed_where_it_moved_to(services, moved):
    services.settings.feeds.write_text(f'[[feed]]\nurl = "{moved}"\n')
    sync_feeds(services)

    assert len(services.registry.rows()) == 1


def test_a_removed_feed_that_is_added_by_its_old_url_is_no_longer_where_it_moved(services, url, moved):
    services.registry.remove(moved)

    assert services.registry.add(url)
    assert services.registry.add(moved)
    assert {row.url for row in services.registry.rows()} == {url, moved}


def test_a_removed_feed_that_is_added_by_its_new_url_is_the_same_feed(services, url, moved):
    services.registry.remove(url)

    assert services.registry.add(moved)
    assert [(row.id, row.url) for row in services.registry.rows()] == [(feed_id(url), moved)]


@pytest.mark.parametrize("chance", [0.0, 0.5], ids=["equal bytes", "304"])
def test_a_permanent_redirect_to_what_did_not_change_moves_a_feed_too(site, pages, services, url, chance):
    pages["/feed.xml"] = pages["/new.xml"] = listing(site, "a")
    poll(services, url)
    pages["/feed.xml"] = Reply(b"", status=308, location="/new.xml")
    services.jitter = lambda: chance  # a small one asks without conditions

    assert poll(services, url).outcome is Outcome.NOT_MODIFIED
    assert site.requests[-1].status == (200 if chance == 0.0 else 304)
    assert state(services, url)["url"] == f"{site.url}/new.xml"
    assert services.registry.key(f"{site.url}/new.xml") == feed_id(url)


def test_a_temporary_redirect_does_not_move_it(site, pages, services, url):
    pages["/feed.xml"] = Reply(b"", status=302, location="/new.xml")
    pages["/new.xml"] = listing(site, "a")

    assert poll(services, url).outcome is Outcome.POLLED
    assert state(services, url)["url"] == url


def test_a_feed_that_moved_onto_one_that_is_polled_ends(site, pages, services, url):
    pages["/new.xml"] = listing(site, "a")
    services.registry.add(f"{site.url}/new.xml")
    poll(services, f"{site.url}/new.xml")
    pages["/feed.xml"] = Reply(b"", status=301, location="/new.xml")

    assert "polled already" in poll(services, url).detail
    assert services.registry.row(feed_id(url)).due is None


MAINTENANCE = Reply(b"<html><body>Back in an hour</body></html>")
GONE_ASTRAY = pytest.mark.parametrize("now_there", [MAINTENANCE, Reply(b"", status=404)])


@GONE_ASTRAY
def test_a_lost_feed_is_found_again_by_its_title_and_entries(site, pages, services, url, now_there):
    pages["/feed.xml"] = listing(site, "a")
    poll(services, url)
    pages |= {"/feed.xml": now_there, "/": Reply(HOME), "/new.xml": listing(site, "a", "b")}

    outcomes = [poll(services, url) for _ in range(5)]

    assert [step.reason for step in outcomes[:4]] == [outcomes[0].reason] * 4
    assert "/new.xml, which is looked at next" in outcomes[3].detail
    assert outcomes[4].detail == "1 new of 2"
    assert events(services, "status")[-2]["reason"] == "moved"
    assert state(services, url)["url"] == f"{site.url}/new.xml"


@GONE_ASTRAY
def test_a_feed_is_not_exchanged_for_another_and_comes_back(site, pages, services, url, now_there):
    pages["/feed.xml"] = listing(site, "a")
    poll(services, url)
    remarks = rss("Remarks", site.url, [Entry("r", f"{site.url}/r", "r", MOMENT)]).encode()
    pages |= {"/feed.xml": now_there, "/": Reply(HOME), "/new.xml": Reply(remarks, "application/rss+xml")}

    for _ in range(9):
        poll(services, url)

    (row,) = services.registry.rows()
    assert (row.url, row.proposal) == (url, f"{site.url}/new.xml")
    assert [event["proposal"] for event in events(services, "status")][-1] == f"{site.url}/new.xml"
    assert "/r" not in [request.path for request in site.requests]

    pages["/feed.xml"] = listing(site, "a", "b")
    polls = [poll(services, url) for _ in range(3)]
    assert "1 new of 2" in [step.detail for step in polls]
    assert services.registry.row(row.id).proposal == ""


def test_a_person_may_accept_what_is_proposed(site, pages, services, url):
    pages["/feed.xml"] = listing(site, "a")
    poll(services, url)
    assert services.registry.accept(url) == ""
    other = rss("The New Paper", site.url, [Entry("n", f"{site.url}/n", "n", MOMENT)]).encode()
    pages |= {
        "/feed.xml": Reply(b"", status=404),
        "/": Reply(HOME),
        "/new.xml": Reply(other, "application/rss+xml"),
    }
    for _ in range(5):
        poll(services, url)

    assert services.registry.accept(url) == f"{site.url}/new.xml"
    assert "1 new of 1" in poll(services, url).detail

    (row,) = services.registry.rows()
    assert (row.id, row.url, row.proposal) == (feed_id(url), f"{site.url}/new.xml", "")
    assert events(services, "status")[-1]["state"] == "ok"


@pytest.mark.parametrize(
    ("reply", "reason", "said"),
    [
        (Reply(b"", status=403), "http_error", "403"),
        (Reply(b"<html><title>Just a moment...</title></html>"), "interstitial", "a bot challenge"),
        (MAINTENANCE, "not_a_feed", "an HTML page"),
    ],
)
def test_what_stands_in_place_of_a_feed_is_said_for_what_it_is(site, pages, services, url, reply, reason, said):
    pages |= {"/feed.xml": reply, "/": Reply(HOME), "/new.xml": listing(site, "a")}

    step = poll(services, url)

    assert (step.reason, said in step.detail) == (reason, True)


def test_a_home_page_may_not_send_a_feed_to_another_site(site, pages, services, url):
    elsewhere = HOME.replace(b"/new.xml", b"https://other.example/feed.xml")
    pages |= {"/feed.xml": Reply(b"", status=404), "/": Reply(elsewhere)}

    for _ in range(4):
        poll(services, url)

    assert state(services, url)["url"] == url
    assert state(services, url)["detail"] == "its site's home page names no other feed"


def test_three_failures_in_a_row_are_news_and_so_is_the_recovery(site, pages, services, url):
    pages["/feed.xml"] = Reply(b"", status=500)
    for _ in range(4):
        poll(services, url)
    pages["/feed.xml"] = listing(site, "a")
    poll(services, url)

    assert [(event["state"], event["failures"]) for event in events(services, "status")] == [("failing", 3), ("ok", 0)]


def test_a_feed_with_an_interval_of_its_own_is_polled_by_that(site, pages, services, url):
    services.registry.add(url, every="2m")
    pages["/feed.xml"] = listing(site, "a")
    poll(services, url)

    assert timedelta(minutes=2) <= wait(services, url) <= timedelta(minutes=2.2)
    assert "polls are 2 min apart" in state(services, url)["why"]
    pages["/feed.xml"] = Reply(b"", status=500)
    poll(services, url)
    assert timedelta(minutes=2) <= wait(services, url) <= timedelta(minutes=2.2)


def test_failures_are_tried_again_ever_later(site, pages, services, url):
    pages["/feed.xml"] = Reply(b"", status=500)
    waits = []
    for _ in range(4):
        poll(services, url)
        waits.append(wait(services, url))

    assert [round(later / earlier) for earlier, later in pairwise(waits)] == [2, 2, 2]


def test_a_feed_that_throttles_is_left_alone_and_its_host_too(site, pages, services, url):
    pages["/feed.xml"] = listing(site, "a")
    site.misbehave("/feed.xml", status=429, retry_after=3600)
    poll(services, url)

    assert wait(services, url) >= timedelta(hours=1)
    assert services.hosts.state(services.feeds.get(feed_id(url)).host).wait > timedelta(minutes=59)
    assert "Retry-After" in state(services, url)["why"]


def test_the_reasons_of_an_interval_are_kept(site, pages, services, url):
    pages["/feed.xml"] = listing(site, "a", "b")
    poll(services, url)

    reasons = json.loads(state(services, url)["why"])

    assert "entries a day" in reasons[0]
    assert "after the first poll at a random moment" in reasons[-1]

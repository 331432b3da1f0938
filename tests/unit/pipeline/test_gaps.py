"""A gap filled from the archive of a feed, without Redis: one request for each hand-out, within a budget."""

from datetime import timedelta

import pytest

from tests.unit.pipeline.conftest import ROBOTS
from worker.core.errors import Reason, RejectedError, TransientError
from worker.core.outcomes import Outcome
from worker.feeds.archive import Progress
from worker.feeds.gaps import Gap
from worker.fetch.robots import ABSENT
from worker.pipeline import gaps

SITE = "https://paper.example"
URL = f"{SITE}/feed"
PAGE = f"{SITE}/archive/1"


def rss(*slugs):
    items = "".join(
        f"<item><title>{s}</title><link>{SITE}/{s}</link><pubDate>Sun, 01 Mar 2026 12:00:00 GMT</pubDate></item>"
        for s in slugs
    )
    return f"<rss version='2.0'><channel><title>Paper</title>{items}</channel></rss>"


@pytest.fixture
def feed(ports):
    ports.registry.add(URL)
    ports.robots.put("paper.example", ABSENT)
    return ports


def gap(ports):
    now = ports.clock.now()
    return Gap(Progress((PAGE,)), now - timedelta(days=2), now + timedelta(hours=1))


def fill(ports, found=None):
    return gaps.fill(ports.feeds.get(ports.registry.key(URL)), found or gap(ports), ports)


def test_a_page_of_the_archive_is_admitted(feed):
    feed.http.answer(PAGE, rss("one", "two"), content_type="application/rss+xml")

    decision = fill(feed)

    assert decision.outcome is Outcome.POLLED
    assert "2 new and 0 known" in decision.detail
    assert feed.status.counts()["discovered"] == 2


def test_robots_txt_comes_first_and_is_the_only_request(feed):
    feed.robots._rules.clear()
    feed.http.answer(ROBOTS, status=404)

    decision = fill(feed)

    assert "robots.txt first" in decision.detail
    assert [url for url, _ in feed.http.asked] == [ROBOTS]
    assert decision.state.gap.page == PAGE


def test_a_page_that_fails_for_now_is_asked_for_again(feed):
    feed.http.fail(PAGE, TransientError(Reason.TIMED_OUT, PAGE, "no answer"))

    decision = fill(feed)

    assert decision.state.gap.page == PAGE
    assert decision.wait >= timedelta(minutes=5)


def test_a_page_that_fails_for_good_ends_the_gap(feed):
    feed.http.fail(PAGE, RejectedError(Reason.NOT_FOUND, PAGE, "404"))

    decision = fill(feed)

    assert not decision.state.gap.is_open
    assert decision.wait == timedelta(hours=1)

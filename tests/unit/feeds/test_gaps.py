"""How far the archive of a feed is looked into for what its polls may have missed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker.core.records import FeedEntry
from worker.feeds import gaps
from worker.feeds.archive import Progress
from worker.feeds.feed import FeedDocument
from worker.feeds.gaps import Gap, begin

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SITE = "https://paper.example"
GAP = Gap(Progress((f"{SITE}/2",)), NOW - HOUR, NOW + HOUR)


def entry(name, hours=None):
    return FeedEntry(f"{SITE}/{name}", published=None if hours is None else NOW - hours * HOUR)


def page(*entries, older=f"{SITE}/3"):
    return FeedDocument("atom", entries, prev_archive=older)


def test_a_gap_begins_before_the_feed_and_a_day_before_its_last_poll():
    gap = begin(page(entry("a"), older=f"{SITE}/2"), f"{SITE}/feed", since=NOW - HOUR, now=NOW)

    assert (gap.page, gap.since, gap.resume, gap.left) == (f"{SITE}/2", NOW - 25 * HOUR, NOW, 20)
    assert begin(page(entry("a"), older=None), f"{SITE}/feed", since=NOW, now=NOW) is None
    assert begin(page(entry("a"), older=f"{SITE}/feed"), f"{SITE}/feed", since=NOW, now=NOW) is None


def test_a_page_of_news_leads_on():
    parsed = page(entry("a", 0.5), entry("b"))
    after = GAP.after(GAP.page, parsed, GAP.young(parsed), new=2, known=0)

    assert after.walk.waiting == (f"{SITE}/3",)
    assert (after.walk.new, after.walk.known, after.is_open) == (2, 0, True)


def test_a_page_with_an_old_entry_is_the_last():
    parsed = page(entry("a", 0.5), entry("b", 2))
    young = GAP.young(parsed)

    assert [one.url for one in young] == [f"{SITE}/a"]
    assert not GAP.after(GAP.page, parsed, young, new=1, known=0).is_open


def test_a_page_with_a_known_entry_is_the_last():
    parsed = page(entry("a"), entry("b"))
    after = GAP.after(GAP.page, parsed, parsed.entries, new=1, known=1)

    assert (after.walk.new, after.walk.known, after.is_open) == (1, 1, False)
    assert after.field() == ""


def test_a_page_that_cannot_be_had_leads_nowhere():
    two = replace(GAP, walk=Progress((f"{SITE}/2", f"{SITE}/3")))

    assert two.without(f"{SITE}/2").page == f"{SITE}/3"
    assert not GAP.without(GAP.page).is_open


@pytest.mark.parametrize(("new", "is_open"), [(gaps._ARTICLES - 1, True), (gaps._ARTICLES, False)])
def test_the_articles_of_a_gap_have_a_budget(new, is_open):
    assert replace(GAP, walk=replace(GAP.walk, new=new)).is_open is is_open


def test_the_requests_for_a_gap_have_a_budget():
    gap, requests = GAP, 0
    while gap.is_open:
        gap, requests = gap.requested(), requests + 1

    assert requests == 20

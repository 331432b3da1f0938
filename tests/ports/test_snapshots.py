"""What is kept of articles, for replays and re-checks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.ports.memory import Memory
from tests.ports.steps import entries, fetched, published, taken
from worker.core.errors import Reason
from worker.core.outcomes import Outcome
from worker.core.records import FeedEntry
from worker.services import Services

EVER = datetime(2020, 1, 1, tzinfo=UTC)
ZERO, HOUR = timedelta(0), timedelta(hours=1)


@pytest.fixture
def eager(ports, settings):
    """The same ports, with re-checks as often as one wants."""
    settings = replace(settings, rechecks_an_hour=3_600_000)
    return Memory(settings, ports.clock) if isinstance(ports, Memory) else Services(settings, ports.redis_url)


def dropped(ports):
    ports.articles.admit(entries(1))
    job = fetched(ports)
    ports.articles.finish(job, Outcome.DROPPED, Reason.NO_TEXT)
    return job


def test_an_article_that_had_a_page_is_kept(ports):
    job = published(ports, content="{}")
    snapshot = ports.snapshots.get(job.id)

    assert (snapshot.outcome, snapshot.article_id, snapshot.version, snapshot.content) == ("published", job.id, 1, "{}")
    assert (snapshot.job.url, snapshot.job.page_ref, snapshot.job.token) == (job.url, "page-10", 0)
    assert ports.snapshots.kept(EVER) == [job.id]
    assert ports.snapshots.published_at(job.id)[0] == 1
    assert ports.snapshots.get("0" * 32) is None
    assert ports.snapshots.published_at("0" * 32) == (0, None)


def test_an_article_without_a_page_or_another_url_of_it_is_not_kept(ports):
    ports.articles.admit(entries(1))
    ports.articles.finish(taken(ports), Outcome.DEAD, Reason.NOT_FOUND)
    key = published(ports, 2).id
    ports.articles.admit([FeedEntry("https://paper.example/copy")])
    ports.articles.finish(fetched(ports), Outcome.PUBLISHED, None, canonical_id=key)

    assert ports.snapshots.kept(EVER) == [key]


def test_a_new_version_is_published_once(ports, settings):
    job = published(ports)
    snapshot = ports.snapshots.get(job.id)
    events = [(f"{settings.key_prefix}:articles", {"event": "{}"})]
    said = [ports.snapshots.republish(snapshot, job.id, "new", events) for _ in range(2)]

    assert said == ["PUBLISHED", "STALE"]
    assert ports.snapshots.get(job.id).version == 2
    assert ports.snapshots.get(job.id).content == "new"
    assert ports.streams.lengths()["articles"] == 1


def test_a_dropped_article_may_be_published_later(ports):
    job = dropped(ports)
    snapshot = ports.snapshots.get(job.id)

    assert (snapshot.version, snapshot.outcome) == (0, "dropped:no_text")
    assert not ports.snapshots.recheck(job.id)
    assert ports.snapshots.republish(snapshot, job.id, "content", []) == "PUBLISHED"
    assert ports.status.counts() == {"discovered": 1, "dropped:no_text": 0, "published": 1, "in_flight": 0}
    assert ports.status.outcome(job.id) == "published"


def test_a_dropped_article_that_another_url_published_stays_dropped(ports):
    snapshot = ports.snapshots.get(dropped(ports).id)
    other = published(ports, 2).id

    assert ports.snapshots.republish(snapshot, other, "content", []) == "DUPLICATE"


def test_the_oldest_go_beyond_the_budget_and_their_pages_are_named(ports):
    first, second = published(ports, 1, page_ref="a-100"), published(ports, 2, page_ref="b-100")

    assert ports.snapshots.evict(1_000) == []
    assert ports.snapshots.evict(150) == ["a-100"]
    assert ports.snapshots.evict(150) == []
    assert ports.snapshots.kept(EVER) == [second.id]
    assert ports.snapshots.get(first.id) is None


def test_a_feed_beyond_its_share_loses_its_own_first(ports):
    old = published(ports, 1, page_ref="old-60", feed="small")
    many = [published(ports, number, page_ref=f"flood{number}-60", feed="flood") for number in range(2, 8)]
    late = published(ports, 8, page_ref="late-60", feed="small")

    assert sorted(ports.snapshots.evict(320)) == ["flood2-60", "flood3-60", "flood4-60"]
    assert ports.snapshots.evict(250) == ["flood5-60"]
    assert ports.snapshots.kept(EVER) == [old.id, many[-2].id, many[-1].id, late.id]


def test_a_feed_within_its_share_is_as_good_as_the_others(ports):
    first, *_ = [published(ports, number, page_ref=f"p{number}-60", feed=f"feed{number}") for number in range(1, 7)]

    assert ports.snapshots.evict(330) == ["p1-60"]
    assert ports.snapshots.get(first.id) is None


def test_a_recheck_asks_for_a_page_only_if_it_differs(eager):
    job = published(eager, validators={"etag": '"1"', "modified": "Mon"}, recheck=HOUR)

    assert eager.articles.take() == []
    assert eager.snapshots.next_recheck(job.id) is not None
    assert eager.snapshots.recheck(job.id)
    again = taken(eager)
    assert again.id == job.id
    assert dict(again.recheck.conditions) == {"If-None-Match": '"1"', "If-Modified-Since": "Mon"}
    assert (again.recheck.version, again.recheck.page_ref, again.recheck.content) == (1, "page-10", "{}")


def test_a_recheck_that_found_nothing_new_is_due_again(eager):
    job = published(eager)
    eager.snapshots.recheck(job.id)
    again = taken(eager)

    assert eager.snapshots.rechecked(again, Outcome.UNCHANGED, HOUR) == ""
    assert eager.snapshots.rechecked(again, Outcome.UNCHANGED, HOUR) is None
    assert eager.snapshots.get(job.id).version == 1
    assert eager.snapshots.next_recheck(job.id) > datetime.now(UTC) - HOUR
    assert eager.status.rechecks() == {"unchanged": 1, "waiting": 1}
    assert eager.status.counts()["published"] == 1


def test_a_recheck_publishes_a_version_and_names_the_page_before(eager, settings):
    job = published(eager)
    eager.snapshots.recheck(job.id)
    again = fetched(eager, "new-20")
    events = [(f"{settings.key_prefix}:articles", {"event": "{}"})]
    spare = eager.snapshots.rechecked(
        again, Outcome.UPDATED, None, content="second", page_ref=again.page_ref, events=events
    )
    snapshot = eager.snapshots.get(job.id)

    assert spare == "page-10"
    assert (snapshot.version, snapshot.content, snapshot.job.page_ref) == (2, "second", "new-20")
    assert eager.streams.lengths()["articles"] == 1
    assert eager.snapshots.next_recheck(job.id) is None


def test_a_replay_meanwhile_outranks_a_recheck(eager):
    job = published(eager)
    eager.snapshots.recheck(job.id)
    again = fetched(eager, "new-20")
    eager.snapshots.republish(eager.snapshots.get(job.id), job.id, "replayed", [])

    assert eager.snapshots.rechecked(again, Outcome.UPDATED, HOUR, content="mine", page_ref="new-20") == "new-20"
    assert eager.snapshots.get(job.id).content == "replayed"
    assert eager.status.rechecks() == {"overtaken": 1, "waiting": 1}


def test_pages_that_are_missing_in_a_row_are_counted(eager):
    job = published(eager)
    found = []
    for is_missing in (True, True, False, True):
        eager.snapshots.recheck(job.id)
        again = taken(eager)
        found.append(again.recheck.missing)
        eager.snapshots.rechecked(again, Outcome.RECHECK_FAILED, None, is_missing=is_missing)

    assert found == [0, 1, 2, 0]


def test_any_page_is_news_of_a_withdrawn_article(eager):
    job = published(eager, validators={"etag": '"1"', "modified": ""})
    eager.snapshots.recheck(job.id)
    eager.snapshots.rechecked(taken(eager), Outcome.WITHDRAWN, None, content="gone")
    eager.snapshots.recheck(job.id)
    again = taken(eager).recheck

    assert (again.is_withdrawn, again.page_ref, dict(again.conditions), again.version) == (True, "", {}, 2)


def test_an_article_that_its_feed_titles_anew_is_looked_at_again(eager):
    eager.articles.admit([FeedEntry("https://paper.example/a", title="One")], archive_of="feed")
    job = fetched(eager)
    eager.articles.finish(job, Outcome.PUBLISHED, None, content="{}")
    eager.articles.admit([FeedEntry("https://paper.example/a", title="One")], archive_of="feed")

    assert eager.snapshots.next_recheck(job.id) is None
    eager.articles.admit([FeedEntry("https://paper.example/a", title="Two")], archive_of="feed")
    assert eager.snapshots.next_recheck(job.id) is not None

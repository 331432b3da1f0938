"""Replay on a real Redis: stored pages, no network, and only what changed is published."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.newsroom.render import BASE
from tests.newsroom.site import COPIED, Newsroom
from worker.adapters.redis.store import connect
from worker.clean import clean
from worker.cli.replay import moment
from worker.cli.replay import replay as replay_command
from worker.contract import decode
from worker.core.errors import Reason
from worker.core.messages import ProcessArticle, Sweep
from worker.core.records import Article, FeedEntry, NotArticle, Page
from worker.pipeline import articles as pipeline
from worker.pipeline import extraction
from worker.pipeline.replay import Found, replay
from worker.services import Services
from worker.versions.revisions import verbs

EVER = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def pages():
    with Newsroom() as site:
        slugs = [COPIED, *[story.slug for story in site.stories if story.slug != COPIED][:2]]
        shown = [(BASE + site.path(slug), site.page(site.path(slug))) for slug in slugs]
    return [Page(url, url, html.encode(), "text/html", 200, EVER) for url, html in shown]


@pytest.fixture
def process(services):
    """Process pages as the worker does, their fetch apart; return the steps."""

    def one(page):
        services.articles.admit_page(FeedEntry(page.url), services.pages.put(page))
        services.articles.expire_leases()
        (again,) = services.articles.sweep().again
        return pipeline.process_article(ProcessArticle(article_id=again.id, token=again.token), services)

    return lambda pages: [one(page) for page in pages]


@pytest.fixture
def events(services):
    def read():
        client, prefix = connect(services.redis_url), services.settings.key_prefix
        streams = (client.xrange(f"{prefix}:{stream}") for stream in ("articles", "statements"))
        return [decode(fields) for stream in streams for _, fields in stream]

    return read


def all_of(services, *, publish=True):
    return [replay(key, services, publish=publish) for key in services.snapshots.kept(EVER)]


def with_engine(services, engine):
    return Services(replace(services.settings, engine=engine), services.redis_url)


def applied(events):
    """Return what a consumer holds that applies events in order."""
    state = {}
    for event in sorted(events, key=lambda one: "retracted" in one.type):
        if event.type.endswith("retracted.v1"):
            del state[event.subject]
        else:
            about = {"version", "changed", "previous_sha256", "cluster_id"}
            state[event.subject] = {name: value for name, value in event.data.items() if name not in about}
    return state


def said(state):
    """Return what a consumer holds, whatever ids statements go by; the context around them is not compared."""
    articles = {key: {**data, "statement_ids": None} for key, data in state.items() if "statement_ids" in data}
    statements = Counter(
        (data["article"]["id"], data["text"], data["kind"], data["speaker"]["name"], str(data["cue"]), data["negated"])
        for data in state.values()
        if "speaker" in data
    )
    return articles, statements


def test_the_same_extractor_changes_nothing(services, process, pages, events):
    process(pages)
    before = events()

    assert [look.found for look in all_of(services)] == [Found.SAME] * 3
    assert events() == before


def test_a_replay_obeys_what_the_pipeline_obeyed(services, process, pages, events):
    obeying = Services(replace(services.settings, obey=("noai",)), services.redis_url)
    process([replace(pages[0], signals=("x-robots-tag: noai",)), pages[1]])
    before = events()

    assert sorted(look.found for look in all_of(obeying)) == sorted([Found.NOT_ANY_MORE, Found.SAME])
    assert events() == before


def test_an_article_that_was_dropped_for_its_signal_stays_dropped(services, pages, events):
    obeying = Services(replace(services.settings, obey=("noai",)), services.redis_url)
    page = replace(pages[0], signals=("x-robots-tag: noai",))
    obeying.articles.admit_page(FeedEntry(page.url), obeying.pages.put(page))
    obeying.articles.expire_leases()
    (again,) = obeying.articles.sweep().again
    step = pipeline.process_article(ProcessArticle(article_id=again.id, token=again.token), obeying)

    assert step.reason is Reason.OPTED_OUT
    assert [look.found for look in all_of(obeying)] == [Found.NOT_ARTICLE]
    assert events() == []


def test_a_dry_run_says_what_a_run_then_publishes_once(services, process, pages, events):
    process(pages)
    before, other = events(), with_engine(services, "fast")
    planned = [event.id for look in all_of(other, publish=False) for event in look.events]
    assert events() == before

    published = [event.id for look in all_of(other) for event in look.events]

    assert planned == published != []
    assert Counter(event.id for event in events()) == Counter([*(event.id for event in before), *published])
    assert {look.found for look in all_of(other)} == {Found.SAME}
    assert "http" not in vars(other)


def test_whoever_applied_the_events_has_what_the_new_extractor_says(services, process, pages, events):
    process(pages)
    all_of(with_engine(services, "fast"))
    replayed = applied(events())
    fresh = Services(replace(services.settings, engine="fast", key_prefix=services.settings.key_prefix + "b"), "")
    fresh.redis_url = services.redis_url

    today = {}
    for key in services.snapshots.kept(EVER):
        edition = services.snapshots.get(key)
        page = services.pages.get(edition.job.page_ref)
        article = clean(page)
        assert isinstance(article, Article)
        found = extraction.statements_of(article, fresh)
        built = extraction.build_events(article, found, edition.job, page, edition.article_id, fresh)
        today |= applied(built)

    assert said(replayed) == said(today)


def test_a_replay_that_was_interrupted_does_nothing_twice(services, process, pages, events):
    process(pages)
    other = with_engine(services, "fast")
    replay(services.snapshots.kept(EVER)[0], other, publish=True)

    all_of(other)

    ids = [event.id for event in events()]
    assert len(ids) == len(set(ids))
    assert {event.data["version"] for event in events() if "article" in event.type} == {1, 2}


def test_two_replays_at_once_publish_once(services, process, pages):
    process(pages[:1])
    edition = services.snapshots.get(services.snapshots.kept(EVER)[0])
    event = (f"{services.settings.key_prefix}:articles", {"event": "{}"})

    outcomes = [services.snapshots.republish(edition, edition.article_id, "", [event]) for _ in range(2)]

    assert outcomes == ["PUBLISHED", "STALE"]
    assert services.snapshots.get(edition.job.id).version == 2


def test_a_dropped_page_that_is_an_article_now_is_published(services, process, pages, events, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(extraction, "clean", lambda _: NotArticle(Reason.NO_TEXT))
        process(pages[:1])
    assert services.status.counts()["dropped:no_text"] == 1

    (look,) = all_of(services)

    assert look.found is Found.RECOVERED
    assert verbs(look.events)[:2] == ["article.created", "statement.created"]
    assert [event.id for event in events()] == [event.id for event in look.events]
    counts = services.status.counts()
    assert (counts["published"], counts["dropped:no_text"], counts["discovered"]) == (1, 0, 1)
    assert [again.found for again in all_of(services)] == [Found.SAME]


def test_a_dropped_page_whose_article_came_by_another_url_stays_dropped(services, process, pages, events, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(extraction, "clean", lambda _: NotArticle(Reason.NO_TEXT))
        process([replace(pages[0], url=pages[0].url + "/copy")])
    process(pages[:1])
    before = events()

    found = [look.found for look in all_of(services)]

    assert sorted(found) == sorted([Found.DUPLICATE, Found.SAME])
    assert events() == before


def test_what_is_no_article_any_more_stays_published(services, process, pages, events, monkeypatch):
    process(pages[:1])
    monkeypatch.setattr("worker.pipeline.extraction.clean", lambda _: NotArticle(Reason.NO_TEXT))

    assert [look.found for look in all_of(services)] == [Found.NOT_ANY_MORE]


def test_a_bug_in_a_new_extractor_ends_one_article_not_the_replay(services, process, pages, monkeypatch):
    process(pages[:2])
    monkeypatch.setattr("worker.pipeline.extraction.clean", lambda _: 1 / 0)

    assert [look.found for look in all_of(services)] == [Found.FAILED] * 2


def test_a_dead_letter_is_left_to_its_own_command(services, pages):
    services.articles.admit_page(FeedEntry(pages[0].url), services.pages.put(pages[0]))
    services.articles.expire_leases()
    (item,) = services.articles.sweep().again
    job = services.articles.claim(item.id, item.token, "process")
    services.articles.finish(job, "dead", Reason.BUG)

    assert [look.found for look in all_of(services)] == [Found.DEAD]
    assert services.pages.get(job.page_ref) == pages[0]


def test_pages_beyond_the_budget_go_the_oldest_first(services, process, pages):
    process(pages)
    keys = services.snapshots.kept(EVER)
    refs = [services.snapshots.get(key).job.page_ref for key in keys]
    used = int(connect(services.redis_url).get(f"{services.settings.key_prefix}:kept:bytes"))

    assert services.snapshots.evict(used) == []
    assert services.snapshots.evict(used - 1) == refs[:1]
    assert services.snapshots.kept(EVER) == keys[1:]


def test_the_sweep_removes_what_has_no_room(services, process, pages):
    process(pages)
    refs = [services.snapshots.get(key).job.page_ref for key in services.snapshots.kept(EVER)]
    client, prefix = connect(services.redis_url), services.settings.key_prefix

    pipeline.sweep(Sweep(), Services(replace(services.settings, pages_mb=0), services.redis_url))

    assert services.snapshots.kept(EVER) == []
    assert client.exists(*(f"{prefix}:page:{ref}" for ref in refs)) == 0
    assert client.get(f"{prefix}:kept:bytes") == "0"
    assert client.keys(f"{prefix}:edition:*") == []


def test_a_page_that_is_gone_is_said(services, process, pages):
    process(pages[:1])
    (key,) = services.snapshots.kept(EVER)
    services.pages.remove([services.snapshots.get(key).job.page_ref])

    assert [look.found for look in all_of(services)] == [Found.GONE]


def test_a_duplicate_keeps_no_page(services, process, pages):
    process(pages[:1])
    copy = replace(pages[0], url=pages[0].url + "/copy")

    (step,) = process([copy])

    assert step.outcome == "duplicate"
    client = connect(services.redis_url)
    assert len(client.keys(f"{services.settings.key_prefix}:page:*")) == 1
    assert len(services.snapshots.kept(EVER)) == 1


def test_the_command_says_what_came_of_it(services, process, pages, capsys):
    process(pages)

    replay_command(services, "1h", "fast", dry_run=True, as_json=True)
    replay_command(services, "1h", "", dry_run=False, as_json=False)
    replay_command(services, "2026-11-24", "", dry_run=False, as_json=True)

    first, *shown, last = capsys.readouterr().out.strip().splitlines()
    assert json.loads(first)["articles"] == {"updated": 3}
    assert json.loads(first)["events"]["article.updated"] == 3
    assert any("unchanged" in line for line in shown)
    assert json.loads(last)["published"] is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90m", datetime(2026, 11, 23, 10, 30, tzinfo=UTC)),
        ("2d", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20T08:00+02:00", datetime(2026, 11, 20, 6, tzinfo=UTC)),
    ],
)
def test_a_time_is_named_from_now_or_by_itself(text, expected):
    assert moment(text, datetime(2026, 11, 23, 12, tzinfo=UTC)) - expected == timedelta(0)

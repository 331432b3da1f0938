"""The ledger on a real Redis: nothing lost, nothing doubled, whoever dies when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config import limits
from worker.adapters.redis.store import connect
from worker.core.errors import Reason, TransientError
from worker.core.outcomes import Outcome
from worker.core.records import FeedEntry
from worker.core.urls import article_id
from worker.fetch.pace import HostPace
from worker.pipeline import polling
from worker.services import Services

ZERO = timedelta(0)


@pytest.fixture
def ledger(services):
    return services


@pytest.fixture
def client(redis_url):
    return connect(redis_url)


def entries(count, host="paper.example"):
    return [FeedEntry(f"https://{host}/{n}", title=f"Story {n}") for n in range(count)]


def take_job(ledger, stage="fetch"):
    (item,) = ledger.articles.take()
    return ledger.articles.claim(item.id, item.token, stage)


def take_feed(services):
    services.registry.add("https://paper.example/feed")
    (item,) = (item for item in services.articles.take() if item.is_feed)
    return services.feeds.claim(item.id, item.token)


def expire_leases(client, settings):
    for item in client.zrange(f"{settings.key_prefix}:running", 0, -1):
        client.zadd(f"{settings.key_prefix}:running", {item: 0})


def balanced(ledger):
    counts = ledger.status.counts()
    return counts.pop("discovered", 0) == sum(counts.values())


def test_an_article_is_admitted_once(ledger):
    first, second = ledger.articles.admit(entries(3)), ledger.articles.admit(entries(4))

    assert len(first.admitted) == 3
    assert (len(second.admitted), second.overlap) == (1, 3)


def test_a_host_is_asked_by_no_more_at_once_than_its_concurrency(ledger):
    ledger.articles.admit(entries(5))

    assert len(ledger.articles.take()) == 2
    assert ledger.articles.take() == []


def test_a_host_rests_between_two_starts(settings, redis_url):
    ledger = Services(replace(settings, host_spacing=timedelta(seconds=60)), redis_url)
    ledger.articles.admit(entries(5))

    assert len(ledger.articles.take()) == 1
    assert ledger.articles.take() == []


def test_one_large_host_does_not_hold_up_the_others(ledger):
    ledger.articles.admit(entries(50, "large.example"))
    ledger.articles.admit(entries(1, "small.example"))

    assert article_id("https://small.example/0") in {item.id for item in ledger.articles.take()}


def test_no_more_is_handed_out_than_may_be_in_flight(settings, redis_url):
    ledger = Services(replace(settings, max_in_flight=3, host_concurrency=1), redis_url)
    ledger.articles.admit([FeedEntry(f"https://h{n}.example/") for n in range(10)])

    assert len(ledger.articles.take()) == 3
    assert ledger.articles.take() == []


def test_a_hand_out_is_claimed_once(ledger):
    ledger.articles.admit(entries(1))
    (item,) = ledger.articles.take()

    assert ledger.articles.claim(item.id, item.token, "fetch").url == "https://paper.example/0"
    assert ledger.articles.claim(item.id, item.token, "fetch") is None


def test_an_older_token_has_no_claim(ledger, client, settings):
    ledger.articles.admit(entries(1))
    (old,) = ledger.articles.take()
    expire_leases(client, settings)
    ledger.articles.sweep()
    (new,) = ledger.articles.take()

    assert ledger.articles.claim(old.id, old.token, "fetch") is None
    assert ledger.articles.claim(new.id, new.token, "fetch") is not None


def test_an_article_is_published_once_and_its_events_with_it(ledger, client, settings):
    ledger.articles.admit(entries(1))
    job = take_job(ledger)
    stream = f"{settings.key_prefix}:articles"

    outcomes = [
        ledger.articles.finish(job, Outcome.PUBLISHED, None, events=[(stream, {"event": "{}"})]) for _ in range(3)
    ]

    assert outcomes == ["published", "STALE", "STALE"]
    assert client.xlen(stream) == 1
    assert ledger.status.outcome(job.id) == "published"
    assert balanced(ledger)


def test_a_second_url_of_a_published_article_is_a_duplicate(ledger, client, settings):
    ledger.articles.admit(entries(2))
    stream = f"{settings.key_prefix}:articles"
    jobs = [ledger.articles.claim(item.id, item.token, "fetch") for item in ledger.articles.take()]

    outcomes = [
        ledger.articles.finish(
            job,
            Outcome.PUBLISHED,
            None,
            canonical_id=article_id("https://paper.example/same"),
            events=[(stream, {"event": "{}"})],
        )
        for job in jobs
    ]

    assert outcomes == ["published", "duplicate"]
    assert client.xlen(stream) == 1
    assert balanced(ledger)


def test_what_a_dead_worker_held_in_the_fetch_stage_comes_back(ledger, client, settings):
    ledger.articles.admit(entries(1))
    ledger.articles.take()
    expire_leases(client, settings)

    assert ledger.articles.sweep().put_back == 1
    assert len(ledger.articles.take()) == 1


def test_what_a_dead_worker_held_in_the_process_stage_is_processed_again(ledger, client, settings):
    ledger.articles.admit(entries(1))
    job = take_job(ledger)
    token = ledger.articles.fetched(job, "ref", {})
    assert ledger.articles.claim(job.id, token, "process").page_ref == "ref"
    expire_leases(client, settings)

    (again,) = ledger.articles.sweep().again

    assert ledger.articles.claim(again.id, again.token, "process").page_ref == "ref"


def test_a_worker_that_came_back_late_changes_nothing(ledger, client, settings):
    ledger.articles.admit(entries(1))
    late = take_job(ledger)
    expire_leases(client, settings)
    ledger.articles.sweep()
    now = take_job(ledger)

    assert ledger.articles.fetched(late, "old", {}) is None
    assert ledger.articles.finish(late, Outcome.DEAD, Reason.BUG) == "STALE"
    assert ledger.articles.put_back(late, ZERO, Reason.TIMED_OUT, counts=True) == "STALE"
    assert ledger.articles.fetched(now, "new", {}) is not None


def test_an_article_that_kills_its_worker_each_time_runs_out_of_attempts(ledger, client, settings):
    ledger.articles.admit(entries(1))
    for _ in range(settings.max_attempts):
        take_job(ledger)
        expire_leases(client, settings)
        swept = ledger.articles.sweep()

    assert len(swept.spent) == 1
    job = ledger.articles.job(swept.spent[0].id, swept.spent[0].token)
    assert ledger.articles.finish(job, Outcome.DEAD, Reason.TOO_MANY_ATTEMPTS) == "dead"
    assert balanced(ledger)


def fail(ledger):
    return ledger.articles.put_back(take_job(ledger), ZERO, Reason.SERVER_ERROR, counts=True)


def pass_time(client, settings, age):
    """Shift the times at which the only article was found and first tried back by `age`."""
    (key,) = client.keys(f"{settings.key_prefix}:job:*")
    for field in client.hkeys(key):
        if field in ("found", "tried"):
            client.hincrby(key, field, -int(age.total_seconds() * 1000))


def test_a_source_that_is_down_keeps_its_articles_until_patience_ends(ledger, client, settings):
    ledger.articles.admit(entries(1))
    assert [fail(ledger) for _ in range(10)] == ["BACK"] * 10

    pass_time(client, settings, limits.PATIENCE)

    assert fail(ledger) == "EXHAUSTED"


def test_attempts_that_are_left_are_made_even_when_patience_ended(ledger, client, settings):
    ledger.articles.admit(entries(1))
    fail(ledger)
    pass_time(client, settings, limits.PATIENCE)

    assert [fail(ledger) for _ in range(4)] == ["BACK"] * 3 + ["EXHAUSTED"]


def test_no_article_is_tried_for_ever(ledger, client, settings):
    ledger.articles.admit(entries(1))
    ledger.articles.put_back(take_job(ledger), ZERO, Reason.HOST_BUSY, counts=False)
    pass_time(client, settings, limits.MAX_AGE)

    job = take_job(ledger)

    assert ledger.articles.put_back(job, ZERO, Reason.HOST_BUSY, counts=False) == "EXHAUSTED"


def test_time_in_which_nobody_worked_is_not_held_against_an_article(ledger, client, settings):
    ledger.articles.admit(entries(1))
    pass_time(client, settings, 2 * limits.MAX_AGE)

    assert fail(ledger) == "BACK"


def test_an_outage_while_a_worker_had_it_buries_no_article(ledger, client, settings):
    ledger.articles.admit(entries(1))
    take_job(ledger)
    pass_time(client, settings, 2 * limits.MAX_AGE)
    expire_leases(client, settings)

    assert ledger.articles.sweep().spent == ()


def test_a_page_that_cannot_be_processed_gets_its_attempts_and_no_more(ledger):
    ledger.articles.admit(entries(1))
    job = take_job(ledger)
    token = ledger.articles.fetched(job, "ref", {})
    outcomes = []
    for _ in range(5):
        job = ledger.articles.claim(job.id, token, "process")
        outcomes.append(ledger.articles.put_back(job, ZERO, Reason.TIMED_OUT, counts=True))
        (token,) = [item.token for item in ledger.articles.sweep().again] or [None]

    assert outcomes == ["BACK"] * 4 + ["EXHAUSTED"]


def test_failures_of_a_host_and_a_crash_are_counted_apart(ledger, client, settings):
    ledger.articles.admit(entries(1))
    for _ in range(10):
        fail(ledger)
    take_job(ledger)
    expire_leases(client, settings)

    assert ledger.articles.sweep().spent == ()


def test_waiting_for_a_host_is_no_failed_attempt(ledger):
    ledger.articles.admit(entries(1))
    for _ in range(20):
        job = take_job(ledger)
        assert ledger.articles.put_back(job, ZERO, Reason.HOST_BUSY, counts=False) == "BACK"


def test_a_hand_out_whose_claim_failed_is_put_back_as_no_attempt(ledger):
    ledger.articles.admit(entries(1))
    (item,) = ledger.articles.take()
    job = ledger.articles.job(item.id, item.token)

    assert ledger.articles.put_back(job, ZERO, Reason.STORE_UNAVAILABLE, counts=False) == "BACK"
    assert take_job(ledger).attempts == 1


def test_a_throttled_host_is_left_alone(ledger):
    ledger.articles.admit(entries(2))
    first, second = ledger.articles.take()
    ledger.articles.claim(second.id, second.token, "fetch")
    job = ledger.articles.claim(first.id, first.token, "fetch")
    ledger.hosts.heard(job.host, HostPace(ZERO, had_success=False), age=ZERO, hold=timedelta(seconds=60))
    ledger.articles.put_back(job, ZERO, Reason.THROTTLED, counts=True)

    assert ledger.articles.take() == []
    assert ledger.hosts.permit("paper.example") > timedelta(seconds=50)


def test_a_page_that_is_gone_is_fetched_again(ledger):
    ledger.articles.admit(entries(1))
    job = take_job(ledger)
    token = ledger.articles.fetched(job, "ref", {})
    job = ledger.articles.claim(job.id, token, "process")

    ledger.articles.put_back(job, ZERO, Reason.PAGE_EXPIRED, counts=True)

    assert take_job(ledger).url == job.url


def test_a_poll_admits_and_remembers_in_one_step(services, client, settings):
    feed = take_feed(services)

    admission = services.feeds.polled(replace(feed, digest="d", etag='"1"'), entries(3), timedelta(seconds=60))

    assert len(admission.admitted) == 3
    assert client.hget(f"{settings.key_prefix}:feed:{feed.id}", "etag") == '"1"'


def test_a_poll_is_recorded_once(services, client, settings):
    feed = take_feed(services)
    stream = f"{settings.key_prefix}:feeds"
    polls = [services.feeds.polled(feed, entries(1), ZERO, [(stream, {"event": "{}"})]) for _ in range(2)]

    assert [poll is not None for poll in polls] == [True, False]
    assert client.xlen(stream) == 1


def test_what_fails_after_a_poll_is_no_failure_of_its_feed(services):
    feed = take_feed(services)
    services.feeds.polled(replace(feed, status="ok"), entries(1), ZERO)

    polling.failed(feed.id, feed.token, TransientError(Reason.STORE_UNAVAILABLE, "take"), services)

    assert services.feeds.get(feed.id).fields["status"] == "ok"


def test_a_late_poll_changes_nothing(services, client, settings):
    feed = take_feed(services)
    expire_leases(client, settings)
    services.articles.sweep()

    assert services.feeds.polled(replace(feed, digest="d", etag="late"), entries(3), ZERO) is None
    assert services.status.counts().get("discovered", 0) == 0


def test_an_entry_that_stays_in_its_feed_never_comes_again(services, client, settings):
    services.feeds.polled(take_feed(services), entries(2), ZERO)
    for key in client.keys(f"{settings.key_prefix}:seen:*"):
        client.delete(key)  # as if a month had passed without a change of the feed

    admission = services.feeds.polled(take_feed(services), entries(3), ZERO)

    assert (len(admission.admitted), admission.overlap) == (1, 2)


def test_an_article_that_is_open_for_months_is_admitted_once(ledger, client, settings):
    ledger.articles.admit(entries(1))
    job = take_job(ledger)
    for key in client.keys(f"{settings.key_prefix}:seen:*"):
        client.delete(key)  # as after two months

    assert ledger.articles.admit(entries(1)).overlap == 1
    assert ledger.status.outcome(job.id) == ""
    assert ledger.articles.finish(job, Outcome.PUBLISHED, None) == "published"
    assert balanced(ledger)


def test_a_file_that_is_admitted_holds_up_nothing_else(ledger):
    other = FeedEntry("https://file.invalid/other")  # whose command was killed before its page was named
    ledger.articles.admit([other])
    ledger.articles.admit_page(FeedEntry("https://file.invalid/page"), "ref-10")

    assert [item.id for item in ledger.articles.take()] == [article_id(other.url)]


def test_two_ticks_at_once_share_the_work(services, settings, redis_url):
    from concurrent.futures import ThreadPoolExecutor

    services.articles.admit([FeedEntry(f"https://h{n}.example/") for n in range(200)])
    ledgers = [Services(replace(settings, max_in_flight=1000), redis_url) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        taken = [item for items in pool.map(lambda one: one.articles.take(), ledgers) for item in items]

    assert len({item.id for item in taken}) == len(taken) == 200


def test_a_full_redis_refuses_without_losing_the_article(ledger, client, settings):
    ledger.articles.admit(entries(1))
    job = take_job(ledger)
    event = (f"{settings.key_prefix}:articles", {"event": "x" * 1000})
    client.config_set("maxmemory", 1)
    try:
        with pytest.raises(TransientError, match="maxmemory"):
            ledger.articles.finish(job, Outcome.PUBLISHED, None, events=[event])
    finally:
        client.config_set("maxmemory", 0)

    assert ledger.articles.finish(job, Outcome.PUBLISHED, None, events=[event]) == "published"
    assert client.xlen(f"{settings.key_prefix}:articles") == 1


def test_a_full_redis_hands_out_nothing_and_drops_nothing(ledger, client):
    ledger.articles.admit(entries(2))
    client.config_set("maxmemory", 1)
    try:
        with pytest.raises(TransientError, match="maxmemory"):
            ledger.articles.take()
    finally:
        client.config_set("maxmemory", 0)

    assert len(ledger.articles.take()) == 2


def test_when_everything_fails_nothing_more_is_handed_out(ledger, client, settings):
    ledger.articles.admit(entries(2))
    (first, _) = ledger.articles.take()
    opened = [ledger.articles.count_failure() for _ in range(limits.BREAKER_FAILURES + 2)]

    assert opened.index(True) == limits.BREAKER_FAILURES - 1
    assert opened.count(True) == 1  # said once
    assert ledger.status.health().pause > ZERO
    assert ledger.articles.claim(first.id, first.token, "fetch") is None

    client.hset(f"{settings.key_prefix}:breaker", "until", 0)  # the pause is over
    job = ledger.articles.claim(first.id, first.token, "fetch")
    assert ledger.articles.count_failure()  # one more failure begins it anew,
    ledger.articles.finish(job, Outcome.PUBLISHED, None)
    assert ledger.status.health().pause == ZERO  # one success ends it


def test_a_tick_is_remembered(ledger):
    assert ledger.status.health().silence is None

    ledger.articles.take()

    assert ledger.status.health().silence < timedelta(minutes=1)


def test_an_alias_never_publishes_what_its_original_made_a_duplicate(settings, redis_url, client):
    ledger = Services(replace(settings, host_concurrency=3), redis_url)
    ledger.articles.admit(entries(3))
    jobs = {
        job.url[-1]: job
        for job in (ledger.articles.claim(item.id, item.token, "fetch") for item in ledger.articles.take())
    }
    original = jobs["1"].id
    stream = f"{settings.key_prefix}:articles"

    outcomes = [
        ledger.articles.finish(
            jobs[name], Outcome.PUBLISHED, None, canonical_id=original, events=[(stream, {"event": "{}"})]
        )
        for name in ("0", "1", "2")  # an alias, the original, another alias
    ]

    assert outcomes == ["published", "duplicate", "duplicate"]
    assert client.xlen(stream) == 1
    assert ledger.status.outcome(original) == "published"


def test_a_permit_beside_the_queue_keeps_the_host_waiting(settings, redis_url):
    ledger = Services(replace(settings, host_spacing=timedelta(seconds=60)), redis_url)
    ledger.articles.admit(entries(1))

    assert ledger.hosts.permit("paper.example") == ZERO
    assert ledger.articles.take() == []


def test_what_an_alias_published_outlives_the_drop_of_the_article_itself(ledger, services):
    ledger.articles.admit([FeedEntry("https://paper.example/a"), FeedEntry("https://paper.example/a-copy")])
    jobs = {}
    for item in ledger.articles.take() + ledger.articles.take():
        job = ledger.articles.claim(item.id, item.token, "fetch")
        token = ledger.articles.fetched(job, f"page{len(jobs)}-10", {})
        jobs[job.url] = ledger.articles.claim(item.id, token, "process")
    own, alias = jobs["https://paper.example/a"], jobs["https://paper.example/a-copy"]

    ledger.articles.finish(alias, "published", None, canonical_id=own.id, content="what was said")
    ledger.articles.finish(own, "dropped", Reason.NO_TEXT)

    assert ledger.snapshots.get(own.id).content == "what was said"
    assert ledger.snapshots.evict(10**9) == [own.page_ref]


def test_the_page_of_a_dead_article_that_is_given_up_is_named_for_removal(ledger):
    ledger.articles.admit([FeedEntry("https://paper.example/a")])
    (item,) = ledger.articles.take()
    job = ledger.articles.claim(item.id, item.token, "fetch")
    job = ledger.articles.claim(item.id, ledger.articles.fetched(job, "page-10", {}), "process")
    ledger.articles.finish(job, "dead", Reason.BUG)

    assert ledger.dead_letters.give_up(item.id)
    assert ledger.snapshots.evict(10**9) == ["page-10"]

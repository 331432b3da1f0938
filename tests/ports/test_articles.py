"""Articles on their way: what each transition promises, on the ledger and on its twin."""

from datetime import timedelta

import pytest

from config import limits
from tests.ports.steps import PAPER, entries, fetched, published, taken
from worker.core.errors import Reason
from worker.core.outcomes import Outcome
from worker.core.records import FeedEntry

ZERO = timedelta(0)


def test_an_article_is_admitted_once(ports):
    first, second = ports.articles.admit(entries(3)), ports.articles.admit(entries(4))

    assert (len(first.admitted), first.overlap) == (3, 0)
    assert (len(second.admitted), second.overlap) == (1, 3)


def test_an_entry_is_known_by_its_guid_in_the_same_archive(ports):
    here = FeedEntry(f"{PAPER}/a", guid="1", title="Bridge")
    ports.articles.admit([here], archive_of="feed")

    assert ports.articles.admit([FeedEntry(f"{PAPER}/b", guid="1", title="Bridge")], archive_of="feed").overlap == 1
    assert ports.articles.admit([FeedEntry(f"{PAPER}/c", guid="1", title="Bridge")], archive_of="other").overlap == 0


def test_a_host_is_asked_by_no_more_at_once_than_its_concurrency(ports):
    ports.articles.admit(entries(5))

    assert len(ports.articles.take()) == 2
    assert ports.articles.take() == []


def test_a_hand_out_is_claimed_once_and_for_its_stage(ports):
    ports.articles.admit(entries(1))
    (item,) = ports.articles.take()

    assert not item.is_feed
    assert ports.articles.claim(item.id, item.token, "process") is None
    assert ports.articles.claim(item.id, item.token + 1, "fetch") is None
    job = ports.articles.claim(item.id, item.token, "fetch")
    assert (job.url, job.host, job.attempts, job.page_ref) == (f"{PAPER}/0", "paper.example", 1, "")
    assert ports.articles.claim(item.id, item.token, "fetch") is None


def test_a_job_is_known_to_the_one_who_holds_it(ports):
    ports.articles.admit(entries(1))
    job = taken(ports)

    assert ports.articles.job(job.id, job.token) == job
    assert ports.articles.job(job.id, job.token - 1) is None
    assert ports.articles.job("0" * 32, 1) is None


def test_a_fetched_article_goes_on_with_another_token_and_all_its_attempts(ports):
    ports.articles.admit(entries(1))
    job = taken(ports)
    token = ports.articles.fetched(job, "page-10", {})

    assert ports.articles.fetched(job, "page-10", {}) is None
    again = ports.articles.claim(job.id, token, "process")
    assert (again.page_ref, again.attempts) == ("page-10", 1)


def test_the_first_outcome_counts_and_events_come_with_it(ports, settings):
    ports.articles.admit(entries(1))
    job = taken(ports)
    events = [(f"{settings.key_prefix}:articles", {"event": "{}"})]

    assert [ports.articles.finish(job, Outcome.PUBLISHED, None, events=events) for _ in range(2)] == [
        "published",
        "STALE",
    ]
    assert ports.streams.lengths()["articles"] == 1


def test_another_url_of_a_published_article_is_a_duplicate_without_events(ports, settings):
    key = published(ports).id
    ports.articles.admit([FeedEntry(f"{PAPER}/copy")])
    events = [(f"{settings.key_prefix}:articles", {"event": "{}"})]

    assert ports.articles.finish(taken(ports), Outcome.PUBLISHED, None, canonical_id=key, events=events) == "duplicate"
    assert ports.streams.lengths()["articles"] == 0


def test_an_article_may_be_finished_only_if_its_canonical_one_was_not_published(ports):
    key = published(ports).id
    ports.articles.admit([FeedEntry(f"{PAPER}/copy")])
    job = taken(ports)

    def finish(canonical_id):
        return ports.articles.finish(job, Outcome.PUBLISHED, None, canonical_id=canonical_id, unless_taken=True)

    assert [finish(key), finish(""), finish("")] == ["TAKEN", "published", "STALE"]


def test_what_is_put_back_comes_back_with_what_it_had_left(ports):
    ports.articles.admit(entries(1))
    job = taken(ports)

    assert ports.articles.put_back(job, ZERO, Reason.SERVER_ERROR, counts=True) == "BACK"
    assert ports.articles.put_back(job, ZERO, Reason.SERVER_ERROR, counts=True) == "STALE"
    again = taken(ports)
    assert again.attempts == 2
    assert ports.articles.put_back(again, ZERO, Reason.HOST_BUSY, counts=False) == "BACK"
    assert taken(ports).attempts == 2


def test_what_is_put_back_for_later_is_not_handed_out_now(ports):
    ports.articles.admit(entries(1))
    ports.articles.put_back(taken(ports), timedelta(hours=1), Reason.SERVER_ERROR, counts=True)

    assert ports.articles.take() == []


def test_a_page_that_cannot_be_processed_runs_out_of_attempts(ports):
    ports.articles.admit(entries(1))
    job = fetched(ports)
    said = []
    for _ in range(5):
        said.append(ports.articles.put_back(job, ZERO, Reason.STORE_UNAVAILABLE, counts=True))
        ports.articles.expire_leases()
        again = ports.articles.sweep().again
        job = ports.articles.claim(again[0].id, again[0].token, "process") if again else job

    assert said == ["BACK"] * 4 + ["EXHAUSTED"]


def test_a_page_that_is_gone_is_fetched_again(ports):
    ports.articles.admit(entries(1))
    job = fetched(ports)

    assert ports.articles.put_back(job, ZERO, Reason.PAGE_EXPIRED, counts=True) == "BACK"
    assert taken(ports).url == job.url


def test_an_article_waits_in_the_queue_of_the_host_that_it_was_redirected_to(ports):
    ports.articles.admit(entries(1))
    for _ in range(limits.PAGE.redirects):
        job = taken(ports)
        assert ports.articles.rehost(job, "https://other.example/0") == "BACK"
        assert ports.articles.rehost(job, "https://other.example/0") == "STALE"
    job = taken(ports)

    assert (job.target, job.host, job.attempts) == ("https://other.example/0", "other.example", 1)
    assert ports.articles.rehost(job, "https://third.example/0") == "EXHAUSTED"


def test_what_dead_workers_held_comes_back_in_its_stage(ports):
    ports.articles.admit(entries(1))
    fetched(ports)
    ports.articles.admit(entries(1, "other.example"))
    held = taken(ports)

    assert ports.articles.sweep().put_back == 0
    assert ports.articles.expire_leases() == 2
    swept = ports.articles.sweep()
    assert (swept.put_back, len(swept.again), swept.spent) == (1, 1, ())
    assert ports.articles.job(held.id, held.token) is None
    assert taken(ports).id == held.id


def test_an_article_whose_workers_all_die_is_out_of_attempts(ports):
    ports.articles.admit(entries(1))
    spent = ()
    while not spent:
        taken(ports)
        ports.articles.expire_leases()
        swept = ports.articles.sweep()
        spent = swept.spent

    assert swept.put_back == 0
    assert ports.articles.job(spent[0].id, spent[0].token).attempts == 5


def test_an_article_whose_page_is_there_is_processed_after_a_sweep(ports):
    assert ports.articles.admit_page(FeedEntry(f"{PAPER}/file"), "page-10")
    assert not ports.articles.admit_page(FeedEntry(f"{PAPER}/file"), "page-10")
    assert ports.articles.take() == []

    ports.articles.expire_leases()
    (item,) = ports.articles.sweep().again
    assert ports.articles.claim(item.id, item.token, "process").page_ref == "page-10"


def test_failures_by_our_own_fault_in_a_row_pause_everything_until_one_is_published(ports):
    ports.articles.admit(entries(1))
    (item,) = ports.articles.take()
    said = [ports.articles.count_failure() for _ in range(limits.BREAKER_FAILURES + 1)]

    assert said == [False] * (limits.BREAKER_FAILURES - 1) + [True, False]
    assert ports.articles.claim(item.id, item.token, "fetch") is None
    ports.articles.admit(entries(1, "other.example"))
    assert ports.articles.take() == []


def test_a_published_article_ends_a_row_of_failures(ports):
    for _ in range(limits.BREAKER_FAILURES - 1):
        ports.articles.count_failure()
    published(ports)

    assert not ports.articles.count_failure()


@pytest.mark.parametrize("is_pressed", [True, False])
def test_feeds_that_are_due_are_handed_out_unless_consumers_lag(ports, is_pressed):
    ports.registry.add(f"{PAPER}/feed")
    if is_pressed:
        ports.streams.raise_pressure("a group lags")

    assert [item.is_feed for item in ports.articles.take()] == [True] * (not is_pressed)

"""Questions to the ledger."""

from datetime import timedelta

from config import limits
from tests.ports.steps import PAPER, entries, fetched, published, taken
from worker.core.errors import Reason
from worker.core.outcomes import Outcome

ZERO = timedelta(0)


def test_the_sum_of_outcomes_is_what_was_discovered(ports):
    published(ports, 1)
    ports.articles.admit(entries(2)[-1:])
    dropped = taken(ports)
    ports.articles.finish(dropped, Outcome.DROPPED, Reason.ROBOTS_DENIED)
    ports.articles.admit(entries(3)[-1:])

    assert ports.status.counts() == {"discovered": 3, "published": 1, "dropped:robots_denied": 1, "in_flight": 1}
    assert ports.status.outcome(dropped.id) == "dropped:robots_denied"
    assert ports.status.outcome("0" * 32) is None


def test_an_article_without_an_outcome_is_told_where_it_is(ports):
    ports.articles.admit(entries(1))
    job = taken(ports)
    held = ports.status.open_job(job.id)
    ports.articles.put_back(job, timedelta(hours=1), Reason.SERVER_ERROR, counts=True)
    waits = ports.status.open_job(job.id)

    assert (held.url, held.host, held.stage, held.attempts) == (f"{PAPER}/0", "paper.example", "fetch", 1)
    assert (held.due, held.reason, held.rechecks, held.feed_id, held.hop) == (None, "", 0, "", "")
    assert waits.reason == "server_error"
    assert waits.due > ports.clock.now()
    assert ports.status.open_job("0" * 32) is None


def test_health_is_the_last_tick_and_the_breaker(ports):
    assert ports.status.health().silence is None
    ports.articles.take()
    assert ports.status.health().silence < timedelta(minutes=1)
    assert ports.status.health().pause == ZERO
    for _ in range(limits.BREAKER_FAILURES):
        ports.articles.count_failure()

    assert ZERO < ports.status.health().pause <= limits.BREAKER_PAUSE


def test_what_waits_is_counted(ports):
    published(ports)
    ports.articles.admit(entries(4, "large.example"))
    ports.articles.take()
    ports.registry.add(f"{PAPER}/feed")
    found = ports.status.waiting()

    assert (found.running, found.hosts, found.feeds_due, found.snapshots) == (2, 0, 1, 1)
    assert found.snapshots_bytes == 10 + len("{}")
    assert found.feed_late >= ZERO


def test_a_recheck_of_a_published_article_is_an_open_job_of_its_version(ports):
    job = published(ports)

    assert ports.status.open_job(job.id) is None
    assert ports.status.rechecks() == {"waiting": 0}
    ports.snapshots.recheck(job.id)
    assert ports.status.rechecks() == {"waiting": 1}


def test_what_was_fetched_is_in_the_process_stage(ports):
    ports.articles.admit(entries(1))
    job = fetched(ports)

    assert ports.status.open_job(job.id).stage == "process"

"""Articles that are dead: tried again, or given up."""

from datetime import UTC, datetime

import pytest

from tests.ports.steps import PAPER, entries, fetched, taken
from worker.core.errors import Reason
from worker.core.outcomes import Outcome

EVER = datetime(2020, 1, 1, tzinfo=UTC)


def buried(ports, settings, *, has_page):
    ports.articles.admit(entries(1))
    job = fetched(ports) if has_page else taken(ports)
    letter = [(f"{settings.key_prefix}:dead", {"subject": job.id})]
    ports.articles.finish(job, Outcome.DEAD, Reason.BUG, events=letter)
    return job


@pytest.mark.parametrize("has_page", [True, False])
def test_a_dead_article_is_tried_again_once_with_all_its_attempts(ports, settings, has_page):
    job = buried(ports, settings, has_page=has_page)

    assert ports.dead_letters.retry(job.id, job.url, "")
    assert not ports.dead_letters.retry(job.id, job.url, "")
    assert ports.status.outcome(job.id) == ""
    assert ports.status.counts() == {"discovered": 1, "dead:bug": 0, "in_flight": 1}
    ports.articles.expire_leases()
    waiting = ports.articles.sweep().again if has_page else ports.articles.take()
    again = ports.articles.claim(waiting[0].id, waiting[0].token, "process" if has_page else "fetch")
    assert (again.url, again.attempts, again.page_ref) == (f"{PAPER}/0", 1, "page-10" if has_page else "")
    assert ports.articles.finish(again, Outcome.PUBLISHED, None) == "published"


@pytest.mark.parametrize("has_page", [True, False])
def test_a_dead_article_that_is_given_up_counts_as_dropped(ports, settings, has_page):
    job = buried(ports, settings, has_page=has_page)

    assert ports.dead_letters.give_up(job.id)
    assert not ports.dead_letters.give_up(job.id)
    assert not ports.dead_letters.retry(job.id, job.url, "")
    assert ports.status.outcome(job.id) == "dropped:given_up"
    assert ports.status.counts() == {"discovered": 1, "dead:bug": 0, "dropped:given_up": 1, "in_flight": 0}
    assert ports.snapshots.kept(EVER) == []
    assert ports.snapshots.evict(10**6) == (["page-10"] if has_page else [])


def test_letters_come_the_newest_first(ports, settings):
    first = buried(ports, settings, has_page=False)
    ports.articles.admit(entries(2)[-1:])
    second = taken(ports)
    letter = [(f"{settings.key_prefix}:dead", {"subject": second.id})]
    ports.articles.finish(second, Outcome.DEAD, Reason.BUG, events=letter)

    assert [one["subject"] for one in ports.dead_letters.all()] == [second.id, first.id]


def test_an_article_that_is_not_dead_cannot_be_tried_again(ports):
    ports.articles.admit(entries(1))
    job = taken(ports)

    assert not ports.dead_letters.retry(job.id, job.url, "")
    assert not ports.dead_letters.give_up("0" * 32)

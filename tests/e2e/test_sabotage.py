"""A page that kills its worker, a release that fails everything, a worker that stopped consuming."""

from dataclasses import replace

import pytest

from config import limits
from config.broker import QUEUES, celery_config
from tests.newsroom.bulk import BulkSite, Wire
from tools.chaos.check import announced, check
from tools.chaos.system import System, settings_for
from tools.wait import wait_for
from worker.contract import decode
from worker.core.urls import article_id

ARTICLES = 50


@pytest.fixture
def site():
    with BulkSite(Wire(hosts=5, articles=ARTICLES)) as running:
        yield running


@pytest.fixture
def system(tmp_path, site):
    settings = replace(settings_for(site, tmp_path), max_attempts=2)
    with System(settings, tmp_path, "tests.e2e.sabotaged", sets=1) as running:
        yield running


def finished(system):
    system.tend()
    counts = system.counts()
    return counts.get("discovered") == ARTICLES and counts["in_flight"] == 0


@pytest.mark.timeout(150)
def test_a_poisoned_page_is_dead_lettered_and_its_neighbours_are_unharmed(system, site):
    (system.settings.state_dir / "poison").touch()

    wait_for(lambda: finished(system), 120)

    (dead,) = [decode(fields) for _, fields in system.entries("dead")]
    assert dead.subject == article_id(site.wire.url(7))
    assert (dead.data["reason"], dead.data["attempts"]) == ("too_many_attempts", 2)
    published = {fields["ce-subject"] for _, fields in system.entries("articles")}
    assert published == set(announced(site)) - {dead.subject}
    assert check(system, site).identity


@pytest.mark.timeout(150)
def test_when_everything_fails_consumption_pauses_says_so_and_resumes(system):
    invalid = system.settings.state_dir / "invalid"
    invalid.touch()

    wait_for(lambda: "paused" in system.logged, 60)
    invalid.unlink()
    wait_for(lambda: finished(system), 90)

    counts = system.counts()
    assert limits.BREAKER_FAILURES <= counts["dead:invalid_event"] < ARTICLES
    assert counts["published"] == ARTICLES - counts["dead:invalid_event"]


@pytest.mark.timeout(150)
def test_a_worker_that_stopped_consuming_ends_and_is_started_again(system):
    from celery import Celery

    wait_for(lambda: system.published() >= 1, 60)
    first = system.workers
    client = Celery(config_source=celery_config(system.settings, system.settings.redis_url))
    for queue in QUEUES:
        client.control.cancel_consumer(queue)
    client.close()

    wait_for(lambda: finished(system), 120)

    assert "stuck" in system.logged
    assert system.workers != first

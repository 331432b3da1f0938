"""RabbitMQ as Celery's broker: the same pipeline, and a node that is killed costs nothing that counts."""

from dataclasses import replace

import pytest

from tests.integration.rabbit import Rabbit, find_server
from tools.wait import wait_for
from worker.cli.processes import Processes
from worker.monitoring.collector import exposition
from worker.services import Services
from worker.views.status import facts, identity_holds

pytestmark = [
    pytest.mark.skipif(find_server() is None, reason="no rabbitmq-server is installed (Debian: rabbitmq-server)"),
    pytest.mark.timeout(300),
]


@pytest.fixture
def rabbit(tmp_path):
    (tmp_path / "rabbit").mkdir()
    with Rabbit(tmp_path / "rabbit") as running:
        yield running


def all_done(services):
    counts = services.status.counts()
    polled = [row for row in services.registry.rows() if row.status == "ok"]
    return len(polled) >= 2 and counts.get("published", 0) > 20 and counts["in_flight"] == 0


def test_articles_are_published_once_over_rabbitmq_even_when_it_is_killed(services, rabbit, events):
    settings = replace(services.settings, broker_url=rabbit.url)
    services = Services(settings, services.redis_url)
    processes = Processes(services.redis_url, settings, settings.state_dir / "worker.log")
    processes.start()
    try:
        wait_for(lambda: len(events("articles")) > 3, 60)
        rabbit.kill()
        rabbit.start()
        wait_for(lambda: all_done(services), 180)
    finally:
        processes.stop()

    ids = [event.id for stream in ("articles", "statements") for event in events(stream)]
    assert len(ids) == len(set(ids))
    known = facts(services)
    assert identity_holds(known["articles"])
    assert known["queues"] == {}
    assert b"onrecord_queue_messages{" not in exposition(services)
    assert (settings.state_dir / "worker.alive").exists()
    assert (settings.state_dir / "beat.alive").exists()
